package text

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
