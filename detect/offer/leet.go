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
	for at, m := nextLeetMarks(s, -1); m != 0; at, m = nextLeetMarks(s, at+6) {
		for ; m != 0; m &= m - 1 {
			i := at + bits.TrailingZeros64(m)/8
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

// nextLeetMarks looks at words of eight bytes of s, each six behind the one
// before, and returns the offset and the leetMarks of the first that has any.
func nextLeetMarks(s string, at int) (int, uint64) {
	for ; at+1 < len(s); at += 6 {
		var w uint64
		if at >= 0 && at+8 <= len(s) {
			t := s[at : at+8]
			w = uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 |
				uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
		} else {
			w = bytesAt(s, at)
		}
		if within(w, '$', '@') == 0 {
			continue // as for most
		}
		if m := leetMarks(w); m != 0 {
			return at, m
		}
	}
	return at, 0
}

// bytesAt returns the eight bytes of s from at on; there are zeros where it has none.
func bytesAt(s string, at int) (w uint64) {
	for k := max(at, 0); k < min(at+8, len(s)); k++ {
		w |= uint64(s[k]) << (8 * (k - at))
	}
	return w
}

// leetMarks returns the highest bit of those of the middle six bytes of w where
// leetAt may be true.
func leetMarks(w uint64) uint64 {
	digits, letters := within(w, '0', '9'), within(w|0x20*ones, 'a', 'z')
	signs := within(w, '$', '$') | within(w, '@', '@')
	before, after := letters<<8, letters>>8
	return (digits&(before|after|within(w, '.', '.')>>8) | signs&before&after | within(w, ',', ',')&after) & 0x00FFFFFFFFFFFF00
}

// within returns the highest bit of the bytes of w that lie from low to high, in
// ASCII.
func within(w, low, high uint64) uint64 {
	b := w &^ highs
	return (b + (0x80-low)*ones) &^ (b + (0x7F-high)*ones) &^ w & highs
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
	n, word := leetNumber(w), leetWord(w)
	if n != "" && (n != w || word != "") && (w[len(w)-1] == 'u' || counted(s, i, end)) {
		return n
	}
	return word
}

// leetWord returns the word of offers that w is with letters for its digits and
// signs, "" if it is none.
func leetWord(w string) string {
	var buf [maxLeet]byte
	t := buf[:len(w)]
	ones := 0
	for k := range t {
		if t[k] = leetLetter(w[k]); t[k] == 0 {
			return ""
		} else if t[k] == 'i' {
			ones++
		}
	}
	if isOfferWord(t) {
		return string(t)
	}
	if ones == 0 {
		return ""
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
	body := w
	if c := w[len(w)-1]; c == 'k' || c == 'w' || c == 'u' {
		body = w[:len(w)-1]
	}
	letters := 0
	for k := range len(body) {
		switch c := body[k]; {
		case c == 'o' || c == 'l' || c == 'i':
			letters++
		case !isDigit(c) && c != ',' && c != '.':
			return ""
		}
	}
	switch {
	case body == "":
		return ""
	case letters == 0:
		return w
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

// leetLetter returns the letter that c stands for in a word, 0 if there is none
// such.
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
	case '2', '6', '8', '9':
		return 0
	}
	return c
}
