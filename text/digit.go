package text

import (
	"strings"
	"unicode/utf8"
)

// undoDigits undoes digits hidden as letters within digits (4oo to 400), and
// numbers as long as a phone's that are written in Chinese or read out in
// Korean.
func undoDigits(v *survey, places []int32) []edit {
	edits := v.edits[:0]
	done := 0
	for _, at := range places {
		if int(at) < done {
			continue
		}
		done = v.numberStart(v.s, int(at), done)
		for n := 0; done <= int(at); done += n {
			edits, n = v.undoNumber(edits, v.s, done)
		}
	}
	return edits
}

// numberStart returns where the number may begin that holds offset i, not
// before low: with a word, and never within a spoken number.
func (x *lexis) numberStart(s string, i, low int) int {
	for i > low {
		r, n := before(s, i)
		if r != ' ' && r != '-' && x.flags.of(r)&isDialled == 0 {
			break
		}
		i -= n
	}
	for i > low && isAlnum(rune(s[i-1])) {
		i--
	}
	return i
}

// undoNumber appends the edits of the number that begins at offset i, if one
// does, and returns its length, or that of the word or character.
func (x *lexis) undoNumber(edits []edit, s string, i int) ([]edit, int) {
	if s[i] >= utf8.RuneSelf {
		r, n := wideRune(s, i)
		if x.flags.of(r)&isSpoken == 0 {
			return edits, n
		}
		return x.undoSpoken(edits, s, i, n)
	}
	n := alnumLength(s[i:])
	switch next, _ := after(s, i+n); {
	case n == 0:
		n = 1
	case isDigit(rune(s[i])) && next >= utf8.RuneSelf && x.flags.of(next)&isSpoken != 0:
		return x.undoSpoken(edits, s, i, n)
	case looksNumeric(s[i:i+n], next) && !joinedBefore(s, i) && !joinedAfter(s, i+n):
		edits = x.appendDigits(edits, s, i, i+n)
	}
	return edits, n
}

// undoSpoken appends the edits of the spoken number that begins at offset i
// with a word of n bytes, and returns the length of both.
func (x *lexis) undoSpoken(edits []edit, s string, i, n int) ([]edit, int) {
	end, digits := x.spokenRun(s, i)
	if digits >= minSpoken || isMixed(s, i, end) {
		edits = x.appendDigits(edits, s, i, end)
	}
	return edits, max(end-i, n)
}

// isMixed reports whether [i, end) is a number of Chinese and plain digits
// beside each other, which nobody writes to be read: 四5. Elsewhere a word may
// end where a number begins (周三5点).
func isMixed(s string, i, end int) bool {
	plain, chinese := 0, 0
	for _, r := range s[i:end] {
		switch {
		case isDigit(r):
			plain++
		case isHan(r) && r != '一': // a dash, in 3一5
			chinese++
		default:
			return false
		}
	}
	left, _ := before(s, i)
	right, _ := after(s, end)
	return plain > 0 && chinese > 0 && plain+chinese < minSpoken && !isHan(left) && !isAlnum(left) && !strings.ContainsRune("十百千点时:.%", right)
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
// and mostly digits. One litre (1l) stays. next stands behind it.
func looksNumeric(word string, next rune) bool {
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
	return len(word) > 2 || word[1] == 'o' || counts(next)
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
