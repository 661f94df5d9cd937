package contact

import "strings"

func isDigit(c byte) bool      { return c-'0' <= 9 }
func isLetter(c byte) bool     { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isAlnum(c byte) bool      { return alnum[c] }
func isHandleByte(c byte) bool { return alnum[c] || c == '_' }

// alnum are the ASCII letters and digits.
var alnum = func() (t [256]bool) {
	for c := range t {
		t[c] = isDigit(byte(c)) || isLetter(byte(c))
	}
	return t
}()

func hasAt(s string, i int, w string) bool { return i <= len(s) && strings.HasPrefix(s[i:], w) }

// maxRun bounds the look-ahead over one run of letters and digits.
const maxRun = 512

func alnumEnd(s string, i int) int {
	for limit := min(len(s), i+maxRun); i < limit && alnum[s[i]]; i++ {
	}
	return i
}

func digitsEnd(s string, i int) int {
	for limit := min(len(s), i+maxRun); i < limit && isDigit(s[i]); i++ {
	}
	return i
}

func letterEnd(s string, i int) int {
	for limit := min(len(s), i+maxRun); i < limit && isLetter(s[i]); i++ {
	}
	return i
}

func skipSpaces(s string, i int) int {
	for n := 0; n < 3 && i < len(s) && s[i] == ' '; n++ {
		i++
	}
	return i
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}
