package ident

import "strings"

func isDigit(c byte) bool  { return c-'0' <= 9 }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isAlnum(c byte) bool  { return isDigit(c) || isLetter(c) }

func hasAt(s string, i int, w string) bool { return i <= len(s) && strings.HasPrefix(s[i:], w) }

// maxToken bounds the look-ahead over one run of letters and digits; no
// identifier is as long.
const maxToken = 128

func alnumEnd(s string, i int) int {
	for n := 0; i < len(s) && isAlnum(s[i]) && n < maxToken; n++ {
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

// text of digits, X for ten.
func digitString(d []byte) string {
	b := make([]byte, len(d))
	for i, v := range d {
		switch v {
		case digitX:
			b[i] = 'X'
		case digitMask:
			b[i] = '*'
		default:
			b[i] = '0' + v
		}
	}
	return string(b)
}
