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

//go:embed data/dressed.tsv
var dressedTSV string

//go:embed data/glyphs.tsv
var glyphsTSV string

//go:embed data/emoji.tsv
var emojiTSV string

//go:embed data/aliases.tsv
var aliasesTSV string

//go:embed data/terms.tsv
var termsTSV string

//go:embed data/vocabulary.tsv
var vocabularyTSV string

//go:embed data/shapes.tsv
var shapesTSV string

//go:embed data/parts.tsv
var partsTSV string

//go:embed data/readings.tsv
var readingsTSV string

//go:embed data/rare.tsv
var rareTSV string

// lexis holds what unhiding needs, built once from the embedded tables.
type lexis struct {
	letters   map[rune]byte      // look-alikes of Latin letters
	dressed   map[rune]byte      // letters with accents, and signs for letters
	glyphs    map[rune]rune      // rare spellings of characters
	emoji     map[rune][3]string // words by zh, ko, en
	spoken    map[rune]byte      // digits written as characters
	aliases   [][]alias          // by first rune, the longest first; none at 0
	aliasAt   classes            // where the aliases of a first rune stand
	parts     map[rune][]alias   // characters taken apart, by their first part
	partPairs pairSet            // the first two parts
	trade     vocabulary
	words     map[string]cohesion // all terms
	english   map[string]string   // words recognised with digits for letters, by what they look like
	leet      *leet
	hangul    *hangul
	longest   int               // of the terms, in runes
	pairs     map[pair]struct{} // neighbours within a term
	pairSlots pairSet           // the same, for a first look
	sounds    sounds
	flags     classes // what a rune may begin or be
	openings  pairSet // with which aliases begin
	latin     triples // with which disguised words in letters begin
}

// The flags of a rune.
const (
	isLetterLike class = 1 << iota // in letters
	isGlyph
	isEmoji
	beginsAlias
	soundsLikeTerm // its reading or form begins a term
	isMark         // combining
	isLetterJamo   // of a split syllable
	opensBracket
	isWord  // a letter or digit
	isPart  // begins a character taken apart
	isShape // written for another character within a word
	isRare  // a Han character that ordinary text does not use
	isPlainDigit
	isLeetSign // for a letter; a plus is one only beside others
	isSpelling // a letter of pinyin, with its tone or without
	opensAlone // begins a disguised word whatever follows
)

// Two more flags.
const (
	isDressed      class = 1 << (22 + iota) // a letter with an accent, or a sign written for one
	isHangulLetter                          // a Hangul syllable, or a Han character written for one
)

// Further bits of a flag word hold what separates: the kind of a letter or
// digit, and the strength of anything else, 0 for a symbol.
const (
	kindShift     = 16
	strengthShift = 19
)

// Two flags, the second of which follows the first, tell of a character what
// it may stand beside: they meet there.
const (
	isLetter      class = 1 << (24 + iota)
	signByLetter        // a digit or sign that may stand for a letter
	isDialled           // a digit, also one written as a character
	letterByDigit       // a letter that may stand for one
	isSpoken            // a digit written as a character
	joinsDigits         // what may stand between two
	isHangulSyllable

	meeting = signByLetter | letterByDigit
)

func (k class) kind() kindOf { return kindOf(k >> kindShift & 7) }

func (k class) strength() strength { return strength(k>>strengthShift&7) ^ symbol }

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

// lexicon builds the tables at first use.
var lexicon = sync.OnceValue(newLexicon)

func newLexicon() *lexis {
	x := &lexis{letters: map[rune]byte{}, dressed: map[rune]byte{}, glyphs: map[rune]rune{}, emoji: map[rune][3]string{}, spoken: map[rune]byte{},
		aliases: make([][]alias, 1), parts: map[rune][]alias{}, words: map[string]cohesion{}, english: map[string]string{}, leet: newLeet(), hangul: newHangul(),
		pairs: map[pair]struct{}{}, flags: newClasses(), aliasAt: newClasses()}
	eachGroup(lookalikesTSV, func(to string, from rune) { x.letters[from] = to[0]; x.flag(from, isLetterLike) })
	eachGroup(dressedTSV, func(to string, from rune) { x.dressed[from] = to[0]; x.flag(from, isDressed) })
	eachGroup(glyphsTSV, func(to string, from rune) { x.glyphs[from] = firstRune(to); x.flag(from, isGlyph) })
	eachRow(emojiTSV, func(c []string) {
		x.emoji[firstRune(c[0])] = [3]string{c[1], c[2], c[3]}
		x.flag(firstRune(c[0]), isEmoji)
	})
	eachRow(aliasesTSV, x.addAlias)
	x.flag('(', opensBracket)
	for c, letter := range x.leet {
		switch {
		case isLatin(rune(c)):
			x.flag(rune(c), isLetter|isSpelling)
		case letter != 0:
			x.flag(rune(c), signByLetter)
		}
		if isDigit(rune(c)) {
			x.flag(rune(c), isPlainDigit|isDialled)
		}
	}
	for _, sign := range "@$!|" {
		x.flag(sign, isLeetSign)
	}
	for _, letter := range "oli" {
		x.flag(letter, letterByDigit)
	}
	for _, r := range "üāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ" {
		x.flag(r, isSpelling)
	}
	x.flag(' ', joinsDigits)
	x.flag('-', joinsDigits)
	for i, d := range spokenDigits {
		x.flag(d, isSpoken|isDialled)
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
	x.flagRare(x.sounds.read(readingsTSV, rareTSV))
	eachGroup(hangulTSV, func(_ string, from rune) { x.flag(from, isHangulLetter) })
	eachRow(partsTSV, x.addParts)
	eachRow(termsTSV, func(c []string) {
		if len(c) > 1 && c[1] == "firm" {
			x.addWord([]rune(c[0]), firm)
			return
		}
		x.addWord([]rune(c[0]), loose)
	})
	x.trade.read(x)
	eachRow(englishTXT, func(c []string) { x.addEnglish(c[0]) })
	for _, list := range x.aliases {
		slices.SortStableFunc(list, func(a, b alias) int { return len(b.from) - len(a.from) })
	}
	x.flagLetters()
	x.flagSeparators()
	x.fillLatin()
	return x
}

// cantonese lists characters that the table of readings lacks but that
// Cantonese is written with.
const cantonese = "㗎嘅咗啲嚟喺冇嗰嘢咁睇攞俾佢哋噉乜嘥嘞啱嗱噃咩唔嬲攰瞓揸掟踎冚餸氹嗌惗"

// flagRare flags the Han characters that have no common reading.
func (x *lexis) flagRare(isCommon []bool) {
	for _, r := range cantonese {
		isCommon[r-firstHan] = true
	}
	for i, common := range isCommon {
		if !common {
			x.flag(rune(firstHan+i), isRare)
		}
	}
}

// flagLetters sets the flag and the kind of all letters and digits.
func (x *lexis) flagLetters() {
	word := func(r rune) {
		if isWordRune(r) {
			x.flag(r, isWord|class(kind(r))<<kindShift)
			if isSyllable(r) {
				x.flag(r, isHangulLetter|isHangulSyllable)
			}
		}
	}
	eachOf(unicode.L, word)
	eachOf(unicode.N, word)
	for r := rune(0x3005); r <= 0xFAFF; r++ {
		if isCJK(r) {
			word(r)
		}
	}
	x.flags.fill(firstRareHan, lastRareHan, isWord|class(hanKind)<<kindShift)
}

// The rarer Han characters, far more than all others, share a page of flags.
const firstRareHan, lastRareHan = 0x20000, 0x3FFFF

// flagSeparators sets the strength of what is neither letter nor digit.
func (x *lexis) flagSeparators() {
	other := func(r rune) {
		if !isWordRune(r) {
			x.flag(r, class(strengthOf(r)^symbol)<<strengthShift)
		}
	}
	for r := rune(0); r < utf8.RuneSelf; r++ {
		other(r)
	}
	eachOf(unicode.P, other)
	eachOf(unicode.White_Space, other)
	for _, r := range symbolsThatSeparate {
		other(r)
	}
}

// fillLatin notes with which characters of ASCII disguised words begin. The
// tables are complete.
func (x *lexis) fillLatin() {
	x.latin = x.trade.spellings.begin
	for r := 'a'; r <= 'z'; r++ {
		alone := x.flags.of(r)&opensAlone != 0
		for next := range rune(utf8.RuneSelf) {
			if alone || x.openings.may(pair{r, next}) {
				x.latin.addPair(r, next)
			}
		}
	}
}

// eachOf calls f for the code points of a table that are no rare Han
// character.
func eachOf(t *unicode.RangeTable, f func(rune)) {
	for _, span := range t.R16 {
		for r := rune(span.Lo); r <= rune(span.Hi); r += rune(span.Stride) {
			f(r)
		}
	}
	for _, span := range t.R32 {
		for r := rune(span.Lo); r <= min(rune(span.Hi), firstRareHan-1); r += rune(span.Stride) {
			f(r)
		}
	}
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
	at := x.aliasAt.of(r)
	if at == 0 {
		at = class(len(x.aliases))
		x.aliases = append(x.aliases, nil)
		x.aliasAt.set(r, at)
	}
	x.aliases[at] = append(x.aliases[at], a)
	x.flag(r, beginsAlias)
	if next, n := after(a.from, utf8.RuneLen(r)); n > 0 {
		x.openings.add(pair{r, next})
	} else {
		x.flag(r, opensAlone)
	}
}

// addParts adds the ways in which a character is taken apart.
func (x *lexis) addParts(c []string) {
	for _, from := range strings.Fields(c[1]) {
		r := firstRune(from)
		x.parts[r] = append(x.parts[r], alias{from: from, to: c[0], step: stepLookalike})
		x.flag(r, isPart)
		next, _ := after(from, utf8.RuneLen(r))
		x.partPairs.add(pair{r, next})
	}
}

// addWord adds a word that is put together where something stands between its
// characters.
func (x *lexis) addWord(w []rune, how cohesion) {
	if x.words[string(w)] != loose {
		x.words[string(w)] = how
	}
	x.longest = max(x.longest, len(w))
	for i, r := range w[1:] {
		p := pair{w[i], r}
		x.pairs[p] = struct{}{}
		x.pairSlots.add(p)
	}
}

// A pair is two characters that stand together.
type pair [2]rune

func (p pair) slot() uint32 {
	return (uint32(p[0])*0x9E3779B1 ^ uint32(p[1])*0x85EBCA6B) >> 15
}

// A pairSet holds pairs, and takes some others for them.
type pairSet [1 << 11]uint64

func (s *pairSet) add(p pair) { s[p.slot()/64] |= 1 << (p.slot() % 64) }

func (s *pairSet) may(p pair) bool { return s[p.slot()/64]&(1<<(p.slot()%64)) != 0 }

// hasPair reports whether two characters stand together in a term.
func (x *lexis) hasPair(p pair) bool {
	if !x.pairSlots.may(p) {
		return false
	}
	_, ok := x.pairs[p]
	return ok
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

// before returns the rune that ends at offset i of s, which is valid UTF-8, and
// its length, 0 at the begin.
func before(s string, i int) (rune, int) {
	switch {
	case i == 0:
		return 0, 0
	case s[i-1] < utf8.RuneSelf:
		return rune(s[i-1]), 1
	case i > 2 && s[i-3]>>4 == 0xE:
		return threeBytes(s[i-3 : i]), 3
	}
	return utf8.DecodeLastRuneInString(s[:i])
}

// threeBytes returns the rune that the three bytes of s encode, as they do
// nearly all that we read.
func threeBytes(s string) rune {
	return rune(s[0]&0x0F)<<12 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F)
}

// runeLength returns the length of the rune at offset i of s.
func runeLength(s string, i int) int {
	_, n := after(s, i)
	return n
}

// after returns the rune at offset i of s, which is valid UTF-8, and its length,
// 0 at the end.
func after(s string, i int) (rune, int) {
	switch {
	case i >= len(s):
		return 0, 0
	case s[i] < utf8.RuneSelf:
		return rune(s[i]), 1
	case s[i]>>4 == 0xE && i+2 < len(s):
		return threeBytes(s[i : i+3]), 3
	}
	return utf8.DecodeRuneInString(s[i:])
}
