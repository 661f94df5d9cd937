package text

import (
	"sync"
	"unicode/utf8"
)

// A survey is what one pass over a text tells of it: which flags its
// characters have, and where tricks may begin, so that each looks there only.
type survey struct {
	*lexis
	s      string
	traits class   // flags of all characters, those of meeting only where they meet
	glyphs []int32 // what hides by itself
	seps   []int32 // what stands behind a word
	words  []int32 // where disguised words may begin
	stale  bool    // the text was edited since: the places are of another, the traits are some too many
}

var surveys = sync.Pool{New: func() any { return new(survey) }}

// glyphFlags are the flags of what may hide by itself.
const glyphFlags = isGlyph | isEmoji | isLetterLike | isMark | isPart | opensBracket | isDressed

// opening are the flags of what a disguised word may begin with, but for Latin
// letters.
const opening = beginsAlias | soundsLikeTerm

// read surveys s, which is valid UTF-8.
func (v *survey) read(s string) {
	v.s, v.stale = s, false
	v.glyphs, v.seps, v.words = v.glyphs[:0], v.seps[:0], v.words[:0]
	ascii := v.flags.pages[0]
	var all, met, last class
	var before rune
	dialled, size := class(0), 0
	for i := 0; i < len(s); i += size {
		at := i - size // of the character before
		r, k := rune(s[i]), class(0)
		if size = 1; r < utf8.RuneSelf {
			k = ascii[r]
		} else {
			r, size = wideRune(s, i)
			k = v.flags.of(r)
		}
		if last&opening != 0 && last&isSpelling == 0 && v.mayBegin(before, r, last, k) {
			v.words = append(v.words, int32(at))
		}
		if k&isSpelling != 0 && last&(isSpelling|isPlainDigit) == 0 {
			v.words = append(v.words, int32(i))
		}
		if last&^k&isWord != 0 {
			v.seps = append(v.seps, int32(i))
		}
		if k&(glyphFlags|isRare) != 0 {
			v.note(i, k)
		}
		all |= k
		met |= k<<1&last | last<<1&k
		dialled += k / isDialled & 1
		before, last = r, k
	}
	if last&opening != 0 && last&isSpelling == 0 && v.mayBegin(before, 0, last, 0) {
		v.words = append(v.words, int32(len(s)-size))
	}
	if dialled < minSpoken {
		met &^= besideSpoken
	}
	v.traits = all&^meeting | met&meeting
}

// edited takes note of edits that made s.
func (v *survey) edited(s string, edits []edit) {
	v.s, v.stale = s, true
	v.traits |= meeting
	for i := range edits {
		for _, r := range edits[i].to {
			v.traits |= v.flags.of(r)
		}
	}
}

// note keeps the place i of a character with flags k that are few.
func (v *survey) note(i int, k class) {
	if k&glyphFlags != 0 {
		v.glyphs = append(v.glyphs, int32(i))
	}
	if k&isRare != 0 {
		v.noteRare(i)
	}
}

// noteRare lets terms begin at all Han characters from which the rare one at
// offset i can be reached.
func (v *survey) noteRare(i int) {
	start := i
	for n := 1; n < v.longest; n++ {
		r, size := before(v.s, start)
		if !isHan(r) {
			break
		}
		start -= size
	}
	for n := len(v.words); n > 0 && int(v.words[n-1]) >= start; n-- {
		v.words = v.words[:n-1]
	}
	for ; start <= i; start += runeLength(v.s, start) {
		v.words = append(v.words, int32(start))
	}
}
