package text

import (
	_ "embed" // the tables of text/data
	"math/bits"
	"strings"
)

//go:embed data/korean.tsv
var koreanTSV string

//go:embed data/hangul.tsv
var hangulTSV string

// hangul holds the Korean words that are recognised when their syllables are
// written with others that sound or look alike. They are found by how they
// sound, with what many write for each other taken as one: plain, tense and
// aspirated consonants, near vowels, and a final that moves to the next
// syllable.
type hangul struct {
	words   map[string]string          // by sound
	spelled map[string]bool            // the words as they should be written
	plain   map[string]map[string]bool // by word, spellings that are ordinary
	shapes  classes                    // what a character is written for
	begins  [1 << 9]uint64             // the sounds of the first two syllables, and some others
	rough   [1 << 9]uint64             // the same without what stands between their vowels
	lengths [1 << 9]uint32             // by those, some together: which lengths the words have, in syllables
	vowels  [1 << 8]uint64             // what the words sound like but for what tails change, some others too
	codes   []uint16                   // by syllable, its tail, the sounds of its lead and vowel, and shapedCode
	joints  [32][32]uint8              // by a tail and the lead behind it, the number of what they sound like
}

// The sounds of leads, vowels and tails, in the order of Unicode; what is
// taken as one has one letter.
const (
	leadSounds  = "ggnddlmbbss\x00jjjgdbh"
	vowelSounds = "aeaeveveoaeeouueiuuii"
	tailSounds  = "\x00GGGNNNDLGMLLLBLMBBDDODDGDBD"
	movedSounds = "\x00ggsnjndlgmbsdblmbsss\x00jjgdbh" // of a tail before a vowel
)

const softVowels = "ㅑㅕㅛㅠ" // before which an n is often added or dropped

// shapedCode is set in the code of a syllable that is written for another. The
// others tell what stands where in a code.
const (
	vowelCode  = 31
	leadShift  = 5
	openCode   = 1<<10 - 1 // lead and vowel
	tailShift  = 10
	shapedCode = 1 << 15
)

func newHangul() *hangul {
	h := &hangul{words: map[string]string{}, spelled: map[string]bool{}, plain: map[string]map[string]bool{}, shapes: newClasses()}
	eachGroup(hangulTSV, func(to string, from rune) { h.shapes.set(from, class(firstRune(to))) })
	h.fillCodes()
	h.fillJoints()
	eachRow(koreanTSV, func(c []string) {
		word := []rune(c[0])
		h.spelled[c[0]] = true
		var key [maxSounds]byte
		h.words[string(appendSounds(key[:0], word))] = c[0]
		p := h.pairOf(word[0], word[1])
		h.begins[p/64] |= 1 << (p % 64)
		h.lengths[p/64] |= 1 << len(word)
		open := h.openPairOf(word[0], word[1])
		h.rough[open/64] |= 1 << (open % 64)
		m := h.melodyOf(word)
		h.vowels[m.slot()/64] |= 1 << (m.slot() % 64)
		if len(c) > 1 {
			h.plain[c[0]] = map[string]bool{}
			for _, w := range strings.Fields(c[1]) {
				h.plain[c[0]][w] = true
			}
		}
	})
	return h
}

// maxSounds bounds the sounds of a word.
const maxSounds = 32

// leadSound returns the sound with which a syllable begins, 0 if with a vowel.
func leadSound(lead, vowel int) byte {
	c := leadSounds[lead]
	if c == 'n' && strings.ContainsRune(softVowels, vowels[vowel]) {
		return 0
	}
	return c
}

// fillCodes makes the codes of all syllables.
func (h *hangul) fillCodes() {
	h.codes = make([]uint16, lastSyllable-firstSyllable+1)
	for r := rune(firstSyllable); r <= lastSyllable; r++ {
		lead, vowel, tail := jamoOf(r)
		code := uint16(tail)<<tailShift | uint16(leadSound(lead, vowel)&31)<<leadShift | uint16(vowelSounds[vowel]&31)
		if h.shapeOf(r) != 0 {
			code |= shapedCode
		}
		h.codes[r-firstSyllable] = code
	}
}

// fillJoints numbers what tails and leads sound like.
func (h *hangul) fillJoints() {
	numbers := map[string]uint8{}
	for tail := range tails {
		for _, lead := range leadSounds {
			sound := string(join(nil, tail, byte(lead)))
			if _, ok := numbers[sound]; !ok {
				numbers[sound] = uint8(len(numbers))
			}
			h.joints[tail][lead&31] = numbers[sound]
		}
	}
}

// mayBegin reports whether a word may begin with what sounds like two
// syllables.
func (h *hangul) mayBegin(a, b rune) bool {
	p := h.pairOf(a, b)
	return h.begins[p/64]&(1<<(p%64)) != 0
}

// mayBeginOpen is mayBegin, more roughly, where a stroke may close b.
func (h *hangul) mayBeginOpen(a, b rune) bool {
	p := h.openPairOf(a, b)
	return h.rough[p/64]&(1<<(p%64)) != 0
}

func (h *hangul) openPairOf(a, b rune) uint32 {
	return uint32(h.codes[a-firstSyllable]&openCode)<<5 | uint32(h.codes[b-firstSyllable]&vowelCode)
}

// pairOf numbers, by a hash, the sounds by which words that begin with two
// syllables are found: all but the tail of the second.
func (h *hangul) pairOf(a, b rune) uint32 {
	first, second := h.codes[a-firstSyllable], h.codes[b-firstSyllable]
	joint := h.joints[first>>tailShift&31][second>>leadShift&31]
	return (uint32(first&openCode)<<13 | uint32(joint)<<5 | uint32(second&vowelCode)) * 0x9E3779B1 >> 17
}

// A melody is the first sound of a word and its vowels, which tails do not
// change, by a hash.
type melody uint32

// with returns the melody that goes on with a syllable or, if it is 0, begins
// with it.
func (m melody) with(code uint16) melody {
	if m == 0 {
		return melody(code&openCode) + 1
	}
	return m*0x01000193 ^ melody(code&vowelCode)
}

func (m melody) slot() uint32 { return uint32(m) * 0x9E3779B1 >> 18 }

func (h *hangul) melodyOf(word []rune) (m melody) {
	for _, r := range word {
		m = m.with(h.codes[r-firstSyllable])
	}
	return m
}

// mayBe reports whether a word may have that melody.
func (h *hangul) mayBe(m melody) bool { return h.vowels[m.slot()/64]&(1<<(m.slot()%64)) != 0 }

// appendSounds appends the sounds of a word of syllables.
func appendSounds(b []byte, word []rune) []byte {
	tail := 0
	for _, r := range word {
		lead, vowel, next := jamoOf(r)
		b = join(b, tail, leadSound(lead, vowel))
		b = append(b, vowelSounds[vowel])
		tail = next
	}
	if c := tailSounds[tail]; c != 0 {
		b = append(b, c)
	}
	return b
}

// join appends the sounds of a tail and of the lead behind it.
func join(b []byte, tail int, lead byte) []byte {
	end := tailSounds[tail]
	switch {
	case end == 0:
	case lead == 0 || lead == 'h': // the tail moves on
		if end == 'O' {
			return append(b, end)
		}
		if moved := movedSounds[tail]; moved != 'h' && moved != 0 {
			return append(b, moved)
		}
		return b
	case lead == 'n' && end == 'L', lead == 'l' && end == 'N':
		return append(b, 'L', 'l')
	case lead == 'l' && end != 'L':
		lead = 'n'
		fallthrough
	case lead == 'n' || lead == 'm':
		switch end {
		case 'G':
			end = 'O'
		case 'D':
			end = 'N'
		case 'B':
			end = 'M'
		}
		return append(b, end, lead)
	case end|0x20 == lead && end != 'L', end == 'D' && (lead == 's' || lead == 'j'):
	default:
		b = append(b, end)
	}
	if lead != 0 {
		b = append(b, lead)
	}
	return b
}

// A cell is a character of a text that is read as a syllable.
type cell struct {
	is       rune // as written, or what is written there
	as       rune // what it is written for
	end      int
	disguise step
}

// sound returns the syllable that a cell sounds like.
func (c *cell) sound() rune {
	if c.disguise == stepTraditional {
		return c.as
	}
	return c.is
}

// cellAt returns the cell at offset i of s, ok false if there is none. A latin
// l behind an open syllable closes its vowel: 처l is 체.
func (h *hangul) cellAt(s string, i int) (c cell, ok bool) {
	r, n := after(s, i)
	c = cell{is: r, as: r, end: i + n}
	if !isSyllable(r) {
		c.as = h.shapeOf(r)
		c.disguise = stepTraditional
		return c, isHan(r) && c.as != 0
	}
	if full, ok := closedByStroke(s, c.end, r); ok {
		return cell{is: full, as: full, end: c.end + 1, disguise: stepLookalike}, true
	}
	if h.isShaped(r) {
		c.as = h.shapeOf(r)
	}
	return c, true
}

// byStroke lists vowels, each with the one that a stroke behind it makes.
const byStroke = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅚㅜㅟㅡㅢ"

// closedByStroke returns the open syllable r with the stroke at offset i of s,
// which is written as a Latin l or a bar.
func closedByStroke(s string, i int, r rune) (rune, bool) {
	if !isStroke(s, i) || !isOpenSyllable(r) {
		return 0, false
	}
	if next, _ := after(s, i+1); isAlnum(next) {
		return 0, false
	}
	lead, vowel, _ := jamoOf(r)
	list := []rune(byStroke)
	for k := 0; k < len(list); k += 2 {
		if list[k] == vowels[vowel] {
			return syllableOf(lead, list[k+1]), true
		}
	}
	return 0, false
}

// undoHangul undoes Korean words of the trade whose syllables are written with
// others.
func undoHangul(v *survey, places []int32) []edit {
	if v.traits&isHangulSyllable == 0 {
		return nil
	}
	return v.editWords(places, func(i, done int) edit {
		return v.hangul.wordAt(v.s, i, i == done || !followsWord(v.s, i))
	})
}

// followsWord reports whether a syllable or a Han character stands before offset
// i of s.
func followsWord(s string, i int) bool {
	r, _ := before(s, i)
	return isSyllable(r) || r >= 0x3000 && r <= lastHan && isHan(r)
}

// isStroke reports whether at offset i stands what may close a syllable.
func isStroke(s string, i int) bool { return i < len(s) && (s[i] == 'l' || s[i] == '|') }

// opens reports whether a word may begin with r, which is a letter of one, and
// next, which has the flags k. Where a stroke may close next it has another
// vowel.
func (h *hangul) opens(r, next rune, k class, closed bool) bool {
	switch {
	case k&isHangulLetter == 0:
		return (next == 'l' || next == '|') && isOpenSyllable(r)
	case !isSyllable(r) || !isSyllable(next):
		return h.isShaped(r) || h.isShaped(next) || h.mayBegin(h.syllable(r), h.syllable(next)) || closed && h.mayBeginOpen(h.syllable(r), h.syllable(next))
	}
	return h.mayBegin(r, next) || closed && h.mayBeginOpen(r, next) || (h.codes[r-firstSyllable]|h.codes[next-firstSyllable])&shapedCode != 0
}

// syllable returns r, or the syllable that the Han character r is written for.
func (h *hangul) syllable(r rune) rune {
	if isSyllable(r) {
		return r
	}
	return h.shapeOf(r)
}

// shapeOf returns the syllable that r is written for, 0 if none.
func (h *hangul) shapeOf(r rune) rune { return rune(h.shapes.of(r)) }

// isShaped reports whether r is a syllable that is written for another.
func (h *hangul) isShaped(r rune) bool {
	return isSyllable(r) && h.codes[r-firstSyllable]&shapedCode != 0
}

// wordAt returns the edit of the word that begins at offset i of s, as editWords
// wants it. A word of two syllables must begin a word of the text, or follow
// another.
func (h *hangul) wordAt(s string, i int, begins bool) edit {
	var cells [maxSounds / 3]cell
	n := h.cells(cells[:2], s, i)
	if n < 2 {
		return edit{}
	}
	lengths := h.lengthsOf(cells[0].sound(), cells[1].sound()) | h.lengthsOf(cells[0].as, cells[1].as)
	if most := min(bits.Len32(lengths)-1, len(cells)); most > n {
		n += h.cells(cells[n:most], s, cells[n-1].end)
	}
	lengths &= h.lengthsBy(cells[:n])
	for length := n; length >= 2; length-- {
		if lengths&(1<<length) == 0 {
			continue
		}
		end := cells[length-1].end
		if word, steps := h.read(s[i:end], cells[:length], begins); word != "" && (steps&stepTraditional == 0 || isKorean(s, i, end)) {
			return edit{start: i, end: end, to: word, step: steps}
		}
	}
	return edit{}
}

// lengthsBy returns the lengths of which words may sound like the first cells,
// or look like them, as a set of bits.
func (h *hangul) lengthsBy(cells []cell) (lengths uint32) {
	var sounds, looks melody
	for k := range cells {
		c := &cells[k]
		sounds, looks = sounds.with(h.codes[c.sound()-firstSyllable]), looks.with(h.codes[c.as-firstSyllable])
		if h.mayBe(sounds) || h.mayBe(looks) {
			lengths |= 2 << k
		}
	}
	return lengths
}

// cells fills list with the cells at offset i of s and returns how many there
// are.
func (h *hangul) cells(list []cell, s string, i int) int {
	for n := range list {
		c, ok := h.cellAt(s, i)
		if !ok {
			return n
		}
		list[n] = c
		i = c.end
	}
	return len(list)
}

// lengthsOf returns the lengths of the words that begin with what sounds like
// two syllables, as a set of bits, and maybe some others.
func (h *hangul) lengthsOf(a, b rune) uint32 { return h.lengths[h.pairOf(a, b)/64] }

// isKorean reports whether Hangul stands in or near [start, end).
func isKorean(s string, start, end int) bool {
	for range nearby {
		_, n := before(s, start)
		_, m := after(s, end)
		start, end = start-n, end+m
	}
	return strings.ContainsFunc(s[start:end], isSyllable)
}

// read returns the word that cells are written for and what was done, "" if
// they are none.
func (h *hangul) read(text string, cells []cell, begins bool) (string, step) {
	var buf [maxSounds / 3]rune
	shaped := false
	steps := step(0)
	word := buf[:len(cells)]
	for k, c := range cells {
		word[k] = c.sound()
		steps |= c.disguise
		shaped = shaped || c.as != word[k]
	}
	switch mayBegin := h.mayBegin(word[0], word[1]); {
	case !mayBegin && !shaped:
		return "", 0
	case mayBegin && h.spelled[text]:
		return text, 0
	case len(cells) == 2 && !begins:
		return "", 0
	}
	if w := h.lookUp(word); w != "" && !h.plain[w][text] {
		if steps == 0 {
			steps = stepHomophone
		}
		return w, steps
	}
	if !shaped {
		return "", 0
	}
	for k, c := range cells {
		word[k] = c.as
	}
	if w := h.lookUp(word); w == string(word) && !h.plain[w][text] {
		return w, steps | stepLookalike
	}
	return "", 0
}

// lookUp returns the word that sounds like one.
func (h *hangul) lookUp(word []rune) string {
	if !h.mayBegin(word[0], word[1]) {
		return ""
	}
	var key [maxSounds]byte
	return h.words[string(appendSounds(key[:0], word))]
}
