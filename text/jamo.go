package text

import "slices"

// The conjoining jamo of a modern syllable, as compatibility jamo. Their
// order is that of Unicode's syllable arithmetic.
var (
	leads  = []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
	vowels = []rune("ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ")
	tails  = []rune("\x00ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
)

const (
	firstLead, firstVowel, firstTail = 0x1100, 0x1161, 0x11A7
	firstSyllable, lastSyllable      = 0xAC00, 0xD7A3
)

// compatJamo returns the compatibility jamo of a conjoining one that was left
// alone, so that one letter has one code point; other runes as they are.
func compatJamo(r rune) rune {
	for _, set := range []struct {
		first rune
		jamo  []rune
	}{{firstLead, leads}, {firstVowel, vowels}, {firstTail, tails}} {
		if i := int(r - set.first); i >= 0 && i < len(set.jamo) && set.jamo[i] != 0 {
			return set.jamo[i]
		}
	}
	return r
}

// fullJamo returns the full-width form of a half-width jamo.
func fullJamo(r rune) rune {
	switch {
	case r < 0xFFA1:
		return r
	case r <= 0xFFBE:
		return r - 0xFFA1 + 0x3131
	case r >= 0xFFC2 && r <= 0xFFC7:
		return r - 0xFFC2 + 0x314F
	case r >= 0xFFCA && r <= 0xFFCF:
		return r - 0xFFCA + 0x3155
	case r >= 0xFFD2 && r <= 0xFFD7:
		return r - 0xFFD2 + 0x315B
	case r >= 0xFFDA:
		return r - 0xFFDA + 0x3161
	}
	return r // not assigned
}

// undoJamo composes syllables that were split into letters, as a two-set
// keyboard would: ㅅㅣㄴ to 신, 토ㅇ장 to 통장. Laughter (ㅋㅋ ㅎㅎ) and
// crying (ㅠㅠ) after a syllable stay.
func undoJamo(v *survey, places []int32) []edit {
	s := v.s
	edits := v.edits[:0]
	done := 0
	for _, at := range places {
		start := int(at)
		if start < done {
			continue
		}
		var end int
		var to rune
		if r, n := before(s, start); isOpenSyllable(r) {
			if end, to = closed(s, start, r); end > 0 {
				start -= n
			}
		}
		if end == 0 {
			end, to = composed(s, start)
		}
		if end > 0 {
			edits = append(edits, edit{start: start, end: end, to: string(to), step: stepJamo})
			done = end
		}
	}
	return edits
}

func isJamoLetter(r rune) bool { return r >= 'ㄱ' && r <= 'ㅣ' }

func isVowel(r rune) bool { return r >= 'ㅏ' && r <= 'ㅣ' }

func isSyllable(r rune) bool { return r >= firstSyllable && r <= lastSyllable }

func isOpenSyllable(r rune) bool {
	return isSyllable(r) && (r-firstSyllable)%rune(len(tails)) == 0
}

// jamoOf returns the lead, vowel and tail of a syllable, by number.
func jamoOf(r rune) (lead, vowel, tail int) {
	n := int(r - firstSyllable)
	return n / (len(vowels) * len(tails)), n / len(tails) % len(vowels), n % len(tails)
}

// syllableOf returns the open syllable with a lead, by number, and a vowel.
func syllableOf(lead int, vowel rune) rune {
	return firstSyllable + rune((lead*len(vowels)+slices.Index(vowels, vowel))*len(tails))
}

// composed returns the syllable that the letters at offset i spell and where
// they end, or 0.
func composed(s string, i int) (end int, syllable rune) {
	lead, n := after(s, i)
	l := slices.Index(leads, lead)
	vowel, m := after(s, i+n)
	if l < 0 || !isVowel(vowel) {
		return 0, 0
	}
	end = i + n + m
	if next, size := after(s, end); isVowel(next) {
		if joined := joinJamo(vowel, next); joined != 0 {
			vowel = joined
			end += size
		}
	}
	syllable = syllableOf(l, vowel)
	if e, tail := tailAt(s, end); tail > 0 {
		return e, syllable + rune(tail)
	}
	return end, syllable
}

// tailAt returns the final consonant that stands at offset i, as its index,
// and where it ends, or 0: what a vowel follows begins the next syllable.
func tailAt(s string, i int) (end, tail int) {
	r, n := after(s, i)
	next, m := after(s, i+n)
	t := slices.Index(tails, r)
	if t <= 0 || isVowel(next) {
		return 0, 0
	}
	if last, _ := after(s, i+n+m); !isVowel(last) {
		if joined := joinJamo(r, next); joined != 0 {
			return i + n + m, slices.Index(tails, joined)
		}
	}
	return i + n, t
}

// closed returns open closed by the single consonant at offset i and where
// that ends, or 0. Another syllable must follow: what ends a word is more
// often an interjection.
func closed(s string, i int, open rune) (end int, syllable rune) {
	r, n := after(s, i)
	t := slices.Index(tails, r)
	if t <= 0 || r == 'ㅋ' || r == 'ㅎ' {
		return 0, 0
	}
	next, m := after(s, i+n)
	vowel, _ := after(s, i+n+m)
	if isSyllable(next) || isJamoLetter(next) && !isVowel(next) && isVowel(vowel) {
		return i + n, open + rune(t)
	}
	return 0, 0
}

// joinJamo returns the letter that two letters typed one after the other
// make, 0 if they make none.
func joinJamo(a, b rune) rune {
	for i := 0; i+2 < len(jamoPairs); i += 3 {
		if jamoPairs[i] == a && jamoPairs[i+1] == b {
			return jamoPairs[i+2]
		}
	}
	return 0
}

// jamoPairs lists two letters and what they make.
var jamoPairs = []rune("ㅗㅏㅘㅗㅐㅙㅗㅣㅚㅜㅓㅝㅜㅔㅞㅜㅣㅟㅡㅣㅢ" +
	"ㄱㅅㄳㄴㅈㄵㄴㅎㄶㄹㄱㄺㄹㅁㄻㄹㅂㄼㄹㅅㄽㄹㅌㄾㄹㅍㄿㄹㅎㅀㅂㅅㅄ")
