package text

import (
	"unicode"
	"unicode/utf8"
)

// isHan, isHangul and isKana tell the characters that are positions of their
// own. isHangul includes jamo that stand for letters by themselves.
func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF ||
		r >= 0x20000 && r <= 0x3FFFF || r == '々' || r == '〇' || r == '〆' ||
		r >= 0xF900 && r <= 0xFAFF
}

func isHangul(r rune) bool {
	return isSyllable(r) || r >= 0x3131 && r <= 0x318E
}

func isKana(r rune) bool {
	return r >= 0x3041 && r <= 0x3096 || r >= 0x309D && r <= 0x309F ||
		r >= 0x30A1 && r <= 0x30FA || r >= 0x30FC && r <= 0x30FF ||
		r >= 0x31F0 && r <= 0x31FF || r >= 0x3105 && r <= 0x312F // and bopomofo
}

// isCJK reports whether r is a position of its own.
func isCJK(r rune) bool {
	return r >= 0x3005 && (isHan(r) || isHangul(r) || isKana(r))
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' }

func isAlnum(r rune) bool { return isDigit(r) || isLatin(r) }

// isWordRune reports whether r is a letter or digit of any script.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return isAlnum(r) || r >= 'A' && r <= 'Z'
	}
	return isCJK(r) || unicode.IsLetter(r) || unicode.IsNumber(r)
}

// wideRune returns the rune at offset i of s, which is valid UTF-8 and has no
// ASCII there, and its length. Nearly all that we read have three bytes.
func wideRune(s string, i int) (rune, int) {
	if s[i]>>4 == 0xE {
		return threeBytes(s[i : i+3]), 3
	}
	return utf8.DecodeRuneInString(s[i:])
}
