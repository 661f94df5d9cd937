package text

import (
	"unicode"
	"unicode/utf8"
)

// undressed appends edits that make an English word of the trade of the one
// that holds offset i, if it is one but for accents, marks and signs written
// for letters: passpört, ©ard. It returns the end of the word.
func (x *lexis) undressed(edits []edit, s string, i int) ([]edit, int) {
	start, end := x.dressedWord(s, i, edits)
	var plain [maxLeet]byte
	word := plain[:0]
	for _, r := range s[start:end] {
		switch letter := x.dressed[r]; {
		case unicode.Is(unicode.Mn, r):
			continue
		case len(word) == maxLeet:
			return edits, end
		case letter != 0:
			word = append(word, letter)
		default:
			word = append(word, byte(r))
		}
	}
	if len(word) < minUndressed || x.unleet(string(word)) == "" || joinedBefore(s, start) || joinedAfter(s, end) {
		return edits, end
	}
	for k, r := range s[start:end] {
		at, n := start+k, utf8.RuneLen(r)
		switch letter := x.dressed[r]; {
		case letter != 0:
			edits = append(edits, edit{start: at, end: at + n, to: string(letter), step: stepLookalike})
		case unicode.Is(unicode.Mn, r):
			edits = append(edits, edit{start: at, end: at + n, step: stepSeparator})
		}
	}
	return edits, end
}

// minUndressed keeps syllables of pinyin with their tones.
const minUndressed = 4

// dressedWord returns the word that holds offset i, at most about maxLeet
// characters on either side and not before what was edited last.
func (x *lexis) dressedWord(s string, i int, edits []edit) (start, end int) {
	low := 0
	if len(edits) > 0 {
		low = edits[len(edits)-1].end
	}
	start, end = i, i
	for n := 0; n < maxLeet && start > low; n++ {
		r, size := before(s, start)
		if !x.dresses(r) {
			break
		}
		start -= size
	}
	for n := 0; n < maxLeet && end < len(s); n++ {
		r, size := after(s, end)
		if !x.dresses(r) {
			break
		}
		end += size
	}
	return start, end
}

// dresses reports whether r may be part of a word with accents and signs.
func (x *lexis) dresses(r rune) bool {
	return isAlnum(r) || x.flags.of(r)&(isDressed|isMark) != 0
}
