package text

import (
	_ "embed" // the tables of text/data
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed data/lookalikes.tsv
var lookalikesTSV string

//go:embed data/glyphs.tsv
var glyphsTSV string

//go:embed data/emoji.tsv
var emojiTSV string

//go:embed data/aliases.tsv
var aliasesTSV string

//go:embed data/terms.tsv
var termsTSV string

//go:embed data/readings.tsv
var readingsTSV string

// lexis holds what unhiding needs, built once from the embedded tables.
type lexis struct {
	letters   map[rune]byte      // look-alikes of Latin letters
	glyphs    map[rune]rune      // rare spellings of characters
	emoji     map[rune][3]string // words by zh, ko, en
	spoken    map[rune]byte      // digits written as characters
	aliases   map[rune][]alias   // by first rune, the longest first
	terms     []term
	bySound   map[sound][]*term     // by their first syllable
	byPair    map[soundPair][]*term // by their first two
	byInitial map[initial][]*term   // by the first letter and the second character
	pairBits  []uint64              // one for each pair of sounds that begins a term
	words     map[string]bool       // all terms
	english   map[string]bool       // words that are recognised with digits for letters
	longest   int                   // of the terms, in runes
	pairs     map[[2]rune]struct{}  // neighbours within a term
	sounds    sounds
	flags     classes // what a rune may begin or be
}

// The flags of a rune.
const (
	isLetterLike class = 1 << iota // in letters
	isGlyph
	isEmoji
	beginsAlias
	soundsLikeTerm // its reading begins a term
	isMark         // combining
	isLetterJamo   // of a split syllable
	isSpoken       // a digit written as a character
	isPlainDigit
	opensBracket
	isLeetSign // for a letter
)

// An alias is another spelling of a word.
type alias struct {
	from, to string
	step     step
	where    place
}

// place says where an alias counts.
type place int

const (
	anywhere place = iota
	byContact
	asWord
)

// A term is a word that is recognised in disguise.
type term struct {
	runes      []rune
	syllables  []string // nil where it is not Chinese
	sounds     []sound  // the same
	homophones bool
	one        bool     // … of one character
	ordinary   []string // homophones that are no disguise
}

// soundPair is two syllables that follow each other.
type soundPair [2]sound

// maxSounds is more than there are syllables.
const maxSounds = 512

func (p soundPair) bit() uint { return uint(p[0])*maxSounds + uint(p[1]) }

// initial is a first syllable written as its first letter, before the second
// character.
type initial struct {
	letter byte
	next   rune
}

// lexicon builds the tables at first use.
var lexicon = sync.OnceValue(newLexicon)

func newLexicon() *lexis {
	x := &lexis{letters: map[rune]byte{}, glyphs: map[rune]rune{}, emoji: map[rune][3]string{}, spoken: map[rune]byte{},
		aliases: map[rune][]alias{}, bySound: map[sound][]*term{}, byPair: map[soundPair][]*term{}, byInitial: map[initial][]*term{}, words: map[string]bool{}, english: map[string]bool{},
		pairs: map[[2]rune]struct{}{}}
	x.flags.pages = make([][256]class, 1, 128)
	eachGroup(lookalikesTSV, func(to string, from rune) { x.letters[from] = to[0]; x.flag(from, isLetterLike) })
	eachGroup(glyphsTSV, func(to string, from rune) { x.glyphs[from] = firstRune(to); x.flag(from, isGlyph) })
	eachRow(emojiTSV, func(c []string) {
		x.emoji[firstRune(c[0])] = [3]string{c[1], c[2], c[3]}
		x.flag(firstRune(c[0]), isEmoji)
	})
	eachRow(aliasesTSV, x.addAlias)
	x.flag('(', opensBracket)
	for _, sign := range "@$!|" {
		x.flag(sign, isLeetSign)
	}
	for d := '0'; d <= '9'; d++ {
		x.flag(d, isPlainDigit)
	}
	for i, d := range spokenDigits {
		x.flag(d, isSpoken)
		x.spoken[d] = '0' + byte(i%10)
	}
	for r := 'ㄱ'; r <= 'ㅣ'; r++ {
		x.flag(r, isLetterJamo)
	}
	for r := rune(0x300); r < 0x3100; r++ {
		if unicode.Is(unicode.Mn, r) {
			x.flag(r, isMark)
		}
	}
	x.sounds.read(readingsTSV)
	eachRow(termsTSV, x.addTerm)
	eachRow(englishTXT, func(c []string) { x.english[c[0]] = true })
	x.index()
	return x
}

// traits returns the flags of all runes of s.
func (x *lexis) traits(s string) class {
	var all class
	for _, r := range s {
		all |= x.flags.of(r)
	}
	return all
}

func (x *lexis) flag(r rune, f class) { x.flags.set(r, x.flags.of(r)|f) }

func (x *lexis) addAlias(c []string) {
	a := alias{from: c[0], to: c[1], step: stepNamed(c[2])}
	switch c[3] {
	case "contact":
		a.where = byContact
	case "word":
		a.where = asWord
	}
	r := firstRune(a.from)
	x.aliases[r] = append(x.aliases[r], a)
	x.flag(r, beginsAlias)
}

func (x *lexis) addTerm(c []string) {
	t := term{runes: []rune(c[0]), homophones: c[2] == "h" || c[2] == "o", one: c[2] == "o"}
	if c[1] != "-" {
		t.syllables = strings.Fields(c[1])
		for _, syllable := range t.syllables {
			t.sounds = append(t.sounds, x.sounds.numbered(syllable))
		}
	}
	if len(c) > 3 {
		t.ordinary = strings.Fields(c[3])
	}
	x.words[c[0]] = true
	x.longest = max(x.longest, len(t.runes))
	for i, r := range t.runes[1:] {
		x.pairs[[2]rune{t.runes[i], r}] = struct{}{}
	}
	x.terms = append(x.terms, t)
}

// index sorts aliases and terms so that the longest is tried first, and finds
// terms by how they begin.
func (x *lexis) index() {
	for _, list := range x.aliases {
		slices.SortStableFunc(list, func(a, b alias) int { return len(b.from) - len(a.from) })
	}
	x.pairBits = make([]uint64, maxSounds*maxSounds/64)
	slices.SortStableFunc(x.terms, func(a, b term) int { return len(b.runes) - len(a.runes) })
	for i := range x.terms {
		t := &x.terms[i]
		if t.syllables == nil {
			continue
		}
		x.bySound[t.sounds[0]] = append(x.bySound[t.sounds[0]], t)
		pair, letter := soundPair(t.sounds[:2]), initial{t.syllables[0][0], t.runes[1]}
		x.byPair[pair] = append(x.byPair[pair], t)
		x.pairBits[pair.bit()/64] |= 1 << (pair.bit() % 64)
		x.byInitial[letter] = append(x.byInitial[letter], t)
	}
	for r := rune(firstIdeograph); r <= lastIdeograph; r++ {
		if slices.ContainsFunc(x.sounds.of(r), func(s sound) bool { return x.bySound[s] != nil }) {
			x.flag(r, soundsLikeTerm)
		}
	}
}

// eachRow calls f with the columns of each row of a table.
func eachRow(tsv string, f func(columns []string)) {
	for line := range strings.Lines(tsv) {
		line = strings.TrimSuffix(line, "\n")
		if line != "" && !strings.HasPrefix(line, "# ") {
			f(strings.Split(line, "\t"))
		}
	}
}

// before returns the rune that ends at offset i of s, 0 at the begin.
func before(s string, i int) (rune, int) {
	if i == 0 {
		return 0, 0
	}
	return utf8.DecodeLastRuneInString(s[:i])
}

// after returns the rune at offset i of s, 0 at the end.
func after(s string, i int) (rune, int) {
	if i >= len(s) {
		return 0, 0
	}
	return utf8.DecodeRuneInString(s[i:])
}
