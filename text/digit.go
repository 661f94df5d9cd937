package text

import (
	"strings"
	"unicode/utf8"
)

// undoDigits undoes digits hidden as letters within digits (4oo to 400), and
// numbers as long as a phone's that are written in Chinese or read out in
// Korean.
func undoDigits(x *lexis, s string) []edit {
	var edits []edit
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		if !x.telling.may(r) && !isLatin(r) {
			i += n
			continue
		}
		spoken := x.flags.of(r)&isSpoken != 0
		if isAlnum(r) {
			n = alnumLength(s[i:])
		}
		if isDigit(r) && i+n < len(s) && s[i+n] >= utf8.RuneSelf {
			next, _ := after(s, i+n)
			spoken = x.flags.of(next)&isSpoken != 0
		}
		if spoken {
			end, digits := x.spokenRun(s, i)
			if digits >= minSpoken {
				edits = x.appendDigits(edits, s, i, end)
			}
			n = max(end-i, n)
		} else if isAlnum(r) && looksNumeric(s[i:i+n], s[i+n:]) && !joinedBefore(s, i) && !joinedAfter(s, i+n) {
			edits = x.appendDigits(edits, s, i, i+n)
		}
		i += n
	}
	return edits
}

func alnumLength(s string) int {
	for i := range len(s) {
		if !isAlnum(rune(s[i])) {
			return i
		}
	}
	return len(s)
}

// looksNumeric reports whether a word of digits and letters is a number in
// disguise: nothing but digits and o, l, i. It begins with a digit, or is long
// and mostly digits. One litre (1l) stays.
func looksNumeric(word, rest string) bool {
	digits := 0
	for i := range len(word) {
		switch c := word[i]; {
		case isDigit(rune(c)):
			digits++
		case c != 'o' && c != 'l' && c != 'i':
			return false
		}
	}
	switch {
	case digits == len(word) || digits == 0:
		return false
	case !isDigit(rune(word[0])):
		return len(word) >= 7 && digits >= 4
	case digits == len(word)-1 && (word[digits] == 'l' || word[digits] == 'i'):
		return false
	}
	return len(word) > 2 || counts(firstRune(rest))
}

// counts reports whether r may follow a number as its unit.
func counts(r rune) bool {
	return strings.ContainsRune("万千百元块张条套份个만천원장건개", r)
}

// spokenDigits lists Chinese and Korean digit characters, ten to a set.
var spokenDigits = []rune("〇一二三四五六七八九" + "零壹贰叁肆伍陆柒捌玖" + "공일이삼사오육칠팔구" + "영幺两")

// minSpoken is how many digits make a spoken number one that is dialled. Eight
// keeps dates (二〇二四年) and counting apart.
const minSpoken = 8

// spokenRun returns the end of the run of digits at offset i, of which some
// may be plain, in groups with single hyphens or spaces, and their number.
func (x *lexis) spokenRun(s string, i int) (end, digits int) {
	end = i
	for i < len(s) {
		r, n := after(s, i)
		switch {
		case isDigit(r), x.flags.of(r)&isSpoken != 0:
			digits++
			end = i + n
		case (r == '-' || r == ' ') && end == i:
		default:
			return end, digits
		}
		i += n
	}
	return end, digits
}

// appendDigits appends edits that make [start, end) digits.
func (x *lexis) appendDigits(edits []edit, s string, start, end int) []edit {
	for i, r := range s[start:end] {
		var to byte
		switch r {
		case 'o':
			to = '0'
		case 'l', 'i':
			to = '1'
		default:
			to = x.spoken[r]
		}
		if to != 0 {
			edits = append(edits, edit{start: start + i, end: start + i + utf8.RuneLen(r), to: string(to), step: stepDigit})
		}
	}
	return edits
}
