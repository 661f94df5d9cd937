package contact

import "strings"

func isDigit(c byte) bool      { return c-'0' <= 9 }
func isLetter(c byte) bool     { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isAlnum(c byte) bool      { return isDigit(c) || isLetter(c) }
func isHandleByte(c byte) bool { return isAlnum(c) || c == '_' }

func hasAt(s string, i int, w string) bool { return i <= len(s) && strings.HasPrefix(s[i:], w) }

// maxRun bounds the look-ahead over one run of letters and digits.
const maxRun = 512

func alnumEnd(s string, i int) int {
	for n := 0; i < len(s) && isAlnum(s[i]) && n < maxRun; n++ {
		i++
	}
	return i
}

func digitsEnd(s string, i int) int {
	for n := 0; i < len(s) && isDigit(s[i]) && n < maxRun; n++ {
		i++
	}
	return i
}

func letterEnd(s string, i int) int {
	for n := 0; i < len(s) && isLetter(s[i]) && n < maxRun; n++ {
		i++
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
