package offer

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// unleet undoes letters written for digits in numbers and digits written for
// letters in the words of offers ("l0k r0ws", "25o u$dt 3ach"), where the
// result is a number with a unit or currency, or such a word. The answer has
// the length of s, so offsets stay.
func unleet(s string) string {
	var out []byte
	next := 0 // where the token read last ends
	for base := 0; base < len(s); base += 8 {
		for m := leetMarks(s[base:]); m != 0; m &= m - 1 {
			i := base + bits.TrailingZeros64(m)/8
			if i < next || !leetAt(s, i) {
				continue
			}
			start, end := leetToken(s, i)
			if t := leetReading(s, start, end); t != "" {
				if out == nil {
					out = []byte(s)
				}
				copy(out[start:end], t)
			}
			next = end
		}
	}
	if out == nil {
		return s
	}
	return string(out)
}

// One bit of each byte of a word: the lowest, and the highest.
const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// leetMarks returns the highest bit of those of the first eight bytes of s, the
// first in the lowest byte, that lie from $ to @, as digits do: a token in
// disguise shows at one of them.
func leetMarks(s string) uint64 {
	var w uint64
	if len(s) >= 8 {
		s = s[:8]
		w = uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	} else {
		for k := range len(s) {
			w |= uint64(s[k]) << (8 * k)
		}
	}
	low := w &^ highs
	return (low + (0x80-'$')*ones) &^ (low + (0x7F-'@')*ones) &^ w & highs
}

// leetAt reports whether a token in disguise may hold the mark at i: a digit or
// sign beside a letter, or ",ooo".
func leetAt(s string, i int) bool {
	before, after := byte(0), byte(0)
	if i > 0 {
		before = s[i-1]
	}
	if i+1 < len(s) {
		after = s[i+1]
	}
	switch c := s[i]; {
	case isDigit(c):
		return isLetter(before) || isLetter(after) || after == '.' && i+2 < len(s) && isLetter(s[i+2])
	case c == '$' || c == '@':
		return isLetter(before) && isLetter(after)
	}
	return s[i] == ',' && after == 'o' && isLeetDigit(before) && i+2 < len(s) && s[i+2] == 'o'
}

// leetToken returns the span of the token around the mark at i.
func leetToken(s string, i int) (start, end int) {
	start = i
	for start > 0 && i-start < maxLeet && (isLetter(s[start-1]) || isDigit(s[start-1])) {
		start--
	}
	return start, leetEnd(s, start)
}

// leetEnd returns the end of the token at i, with the signs, commas and points
// that may be part of it.
func leetEnd(s string, i int) int {
	from := i
	for ; i < len(s) && i-from <= maxLeet; i++ {
		c := s[i]
		switch {
		case isDigit(c), isLetter(c):
		case (c == '$' || c == '@') && i > from && i+1 < len(s) && isLetter(s[i+1]):
		case c == ',' && i > from && i+3 < len(s) && strings.Trim(s[i-1:i+4], "0123456789oli,") == "": // l,ooo
		case c == '.' && i > from && i+1 < len(s) && isLeetDigit(s[i-1]) && isLeetDigit(s[i+1]): // 1.l
		default:
			return i
		}
	}
	return i
}

func isLeetDigit(c byte) bool { return isDigit(c) || c == 'o' || c == 'l' || c == 'i' }

// hanScale reports whether a Chinese or Korean scale stands at i.
func hanScale(s string, i int) bool {
	r := firstRune(s[i:])
	return r >= utf8.RuneSelf && scalePower(r) > 0
}

// maxLeet is longer than any word or number in disguise.
const maxLeet = 16

// leetReading returns what the token [i, end) means, "" if just what it says.
func leetReading(s string, i, end int) string {
	w := s[i:end]
	if len(w) > maxLeet || i > 0 && strings.IndexByte("@_/", s[i-1]) >= 0 || end < len(s) && (s[end] == '_' || s[end] == '@') {
		return "" // of a handle or an address
	}
	if n := leetNumber(w); n != "" && (w[len(w)-1] == 'u' || counted(s, i, end)) {
		return n
	}
	var buf [maxLeet]byte
	t := buf[:len(w)]
	for k := range t {
		t[k] = leetLetter(w[k])
	}
	if isOfferWord(t) {
		return string(t)
	}
	for k := range t {
		if t[k] == 'i' {
			t[k] = 'l'
		}
	}
	if isOfferWord(t) {
		return string(t)
	}
	return ""
}

// isOfferWord reports whether w is a word that the reading of offers turns on.
func isOfferWord(w []byte) bool {
	return nouns.Value(string(w)) || numberWords.Value(string(w)) > 0 || codes.Value(string(w)) != "" && len(w) > 2 || string(w) == "each" || string(w) == "per"
}

// leetNumber returns w with digits for its letters if it is a number in
// disguise, of which a k at the end is the scale; else "".
func leetNumber(w string) string {
	if len(w) < 3 && isLetter(w[0]) {
		return "" // L2 is a level
	}
	body := strings.TrimRight(w, "kwu")
	if len(body) < len(w)-1 || body == "" || strings.Trim(body, "0123456789oli,.") != "" {
		return ""
	}
	return lettersToDigits.Replace(body) + w[len(body):]
}

var lettersToDigits = strings.NewReplacer("o", "0", "l", "1", "i", "1")

// counted reports whether a number at [i, end) is money or counts something.
func counted(s string, i, end int) bool {
	for i > 0 && s[i-1] == ' ' {
		i--
	}
	if i > 0 && strings.IndexByte("$\xa3\xac\xa5", s[i-1]) >= 0 {
		return true // the last bytes of £ € ¥
	}
	k := spaceEnd(s, end)
	if k >= len(s) {
		return false
	}
	_, money := matchSuffix(s, k)
	return money || matchUnit(s, k) > 0 || nounAt(s, k)[1] > 0 || hanScale(s, k)
}

func leetLetter(c byte) byte {
	switch c {
	case '0':
		return 'o'
	case '1':
		return 'i'
	case '3':
		return 'e'
	case '4', '@':
		return 'a'
	case '5', '$':
		return 's'
	case '7':
		return 't'
	}
	return c
}
