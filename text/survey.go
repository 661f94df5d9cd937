package text

import (
	"sync"
	"unicode/utf8"
)

// A survey is what one pass over a text tells of it: the places where each
// trick may stand, so that each is looked for there only. What follows an edit
// is surveyed again, but only around it.
type survey struct {
	*lexis
	s      string
	traits class // flags of all characters, after edits some too many
	places [trickCount][]int32
	old    [trickCount][]int32 // places before the edits
	lo, hi int                 // the part that is being surveyed

	// Room that is used again.
	edits    []edit
	squeezer squeezer
}

var surveys = sync.Pool{New: func() any { return new(survey) }}

// glyphFlags are the flags of what may hide by itself.
const glyphFlags = isGlyph | isEmoji | isLetterLike | isMark | isPart | opensBracket | isDressed

// opening are the flags of what a disguised word may begin with, but for Latin
// letters.
const opening = beginsAlias | soundsLikeTerm

// begin surveys s, which is valid UTF-8.
func (v *survey) begin(s string) {
	v.s, v.traits = s, 0
	for t := range v.places {
		v.places[t] = v.places[t][:0]
	}
	v.read(0, len(s))
}

// read surveys the part [lo, hi) of the text: what stands there depends on two
// characters before it and on some behind it.
func (v *survey) read(lo, hi int) {
	s, ascii := v.s, v.flags.pages[0]
	v.lo, v.hi = lo, hi
	before2, last := v.flagsBefore(lo)
	r, size := after(s, lo)
	k := v.flags.of(r)
	var all class
	for i := lo; i < hi; {
		at := i + size
		next, length, l := rune(0), 0, class(0) // the character behind
		if at < len(s) {
			switch next, length = rune(s[at]), 1; {
			case next < utf8.RuneSelf:
				l = ascii[next]
			case next>>4 == 0xE: // Han and Hangul
				next, length = threeBytes(s[at:at+3]), 3
				l = v.flags.of(next)
			default:
				next, length = utf8.DecodeRuneInString(s[at:])
				l = v.flags.of(next)
			}
		}
		switch {
		case k&isSpelling != 0:
			if last&(isSpelling|isPlainDigit) == 0 && v.maySpell(i, r, next) {
				v.note(wordTrick, i)
			}
		case k&opening != 0 && v.mayBegin(r, next, k, l):
			v.note(wordTrick, i)
		}
		if last&^k&isWord != 0 && (l&isWord == 0 || v.mayHide(i, at, next, before2, last, k, l)) {
			v.note(separatorTrick, i)
		}
		if k&isHangulLetter != 0 && (l&isHangulLetter != 0 || k&isHangulSyllable != 0) && v.hangul.opens(r, next, l, isStroke(s, at+length)) {
			v.note(hangulTrick, i)
		}
		if k&noted != 0 {
			v.noteFew(i, before2, last, k)
		}
		if met := k<<1&last | last<<1&k; met&meeting != 0 {
			v.noteMeeting(i, met)
		}
		all |= k
		before2, last = last, k
		if k&l&isLetter != 0 { // within a Latin word nothing begins
			for at+1 < hi && isLatin(rune(s[at+1])) {
				at++
			}
			if before2 = ascii[s[at-1]]; at+1 < hi && s[at+1] < utf8.RuneSelf { // nor with its last letter
				last = ascii[s[at]]
				i, r, size = at+1, rune(s[at+1]), 1
				k = ascii[r]
				continue
			}
			last, next = ascii[s[at-1]], rune(s[at])
			l = ascii[next]
		}
		i, r, size, k = at, next, length, l
	}
	v.traits |= all
	v.readAhead()
}

// mayHide reports whether the separator [i, end), which has the flags k and is
// one character between two words, may hide anything. The word before it ends
// with characters that have the flags before2 and last, the word behind it begins
// with next, which has the flags l.
func (v *survey) mayHide(i, end int, next rune, before2, last, k, l class) bool {
	a, b := last.kind(), l.kind()
	if a == noKind || b == noKind {
		return false
	}
	if a == b && (a >= digitKind || k.strength() != listing) {
		second, _ := after(v.s, end+utf8.RuneLen(next))
		switch {
		case k.strength() == hard || before2.kind() != a || v.flags.of(second).kind() != a:
			return true
		case a == digitKind:
			return false
		case a == latinKind:
			return splitsWords(v.s[i])
		}
	}
	left, _ := before(v.s, i)
	return v.pairSlots.may(pair{left, next})
}

// flagsBefore returns the flags of the two characters before offset i.
func (v *survey) flagsBefore(i int) (first, second class) {
	if i == 0 {
		return 0, 0
	}
	r, n := before(v.s, i)
	if p, m := before(v.s, i-n); m > 0 {
		first = v.flags.of(p)
	}
	return first, v.flags.of(r)
}

func (v *survey) note(t trick, i int) { v.places[t] = append(v.places[t], int32(i)) }

// noted are the flags of characters that are few.
const noted = glyphFlags | isRare | isLetterJamo | isDialled

// noteFew notes the character at offset i that has the flags k and two others
// before it.
func (v *survey) noteFew(i int, before, last, k class) {
	if k&glyphFlags != 0 && (k&glyphFlags != isPart || v.mayBeParts(i)) {
		v.note(glyphTrick, i)
	}
	if k&isRare != 0 {
		v.noteRare(i)
	}
	if k&isLetterJamo != 0 {
		v.note(jamoTrick, i)
	}
	if last&joinsDigits != 0 {
		last = before
	}
	if k&last&isDialled != 0 && (k|last)&isSpoken != 0 {
		v.note(digitTrick, i)
	}
}

// mayBeParts reports whether the characters at offset i may be one taken apart.
func (v *survey) mayBeParts(i int) bool {
	r, n := after(v.s, i)
	next, _ := after(v.s, i+n)
	return v.partPairs.may(pair{r, next})
}

// noteMeeting notes that the character at offset i and the one before it have
// flags that meet.
func (v *survey) noteMeeting(i int, met class) {
	if met&signByLetter != 0 {
		v.note(leetTrick, i)
	}
	if met&letterByDigit != 0 {
		v.note(digitTrick, i)
	}
}

// noteRare lets terms begin at all Han characters of the part from which the
// rare one at offset i can be reached.
func (v *survey) noteRare(i int) {
	start := i
	for n := 1; n < v.longest && start > v.lo; n++ {
		r, size := before(v.s, start)
		if !isHan(r) {
			break
		}
		start -= size
	}
	words := v.places[wordTrick]
	for n := len(words); n > 0 && int(words[n-1]) >= start; n-- {
		words = words[:n-1]
	}
	for ; start <= i && start < v.hi; start += runeLength(v.s, start) {
		words = append(words, int32(start))
	}
	v.places[wordTrick] = words
}

// readAhead looks for rare characters behind the part that can be reached from
// within.
func (v *survey) readAhead() {
	for i, n := v.hi, 1; n < v.longest; n++ {
		r, size := after(v.s, i)
		if !isHan(r) {
			return
		}
		if v.flags.of(r)&isRare != 0 {
			v.noteRare(i)
		}
		i += size
	}
}

// edited takes note of edits that made s, for the tricks from t on.
func (v *survey) edited(s string, edits []edit, t trick) {
	v.s = s
	v.places, v.old = v.old, v.places
	for k := range v.places {
		v.places[k] = v.places[k][:0]
	}
	var kept [trickCount]int // of the old places
	done, moved := 0, 0      // surveyed so far; how far what follows has moved
	for i := range edits {
		e := &edits[i]
		lo := max(done, skipBack(s, e.at, v.longest))
		v.keep(t, &kept, lo, moved)
		moved = e.at + len(e.to) - e.end
		hi := skip(s, e.at+len(e.to), 2)
		if i+1 < len(edits) {
			hi = min(hi, edits[i+1].at)
		}
		if hi > lo {
			v.read(lo, hi)
			done = hi
		}
		v.drop(t, &kept, done-moved)
	}
	v.keep(t, &kept, len(s)+1, moved)
}

// keep keeps the old places that have moved to before offset end.
func (v *survey) keep(t trick, kept *[trickCount]int, end, moved int) {
	for ; t < trickCount; t++ {
		list := v.old[t][kept[t]:]
		n := 0
		for n < len(list) && int(list[n])+moved < end {
			v.places[t] = append(v.places[t], list[n]+int32(moved))
			n++
		}
		kept[t] += n
	}
}

// drop drops the old places before offset end.
func (v *survey) drop(t trick, kept *[trickCount]int, end int) {
	for ; t < trickCount; t++ {
		for kept[t] < len(v.old[t]) && int(v.old[t][kept[t]]) < end {
			kept[t]++
		}
	}
}

// skip returns the offset n runes after offset i of s.
func skip(s string, i, n int) int {
	for ; n > 0; n-- {
		i += runeLength(s, i)
	}
	return i
}

// skipBack returns the offset n runes before offset i of s.
func skipBack(s string, i, n int) int {
	for ; n > 0; n-- {
		_, size := before(s, i)
		i -= size
	}
	return i
}
