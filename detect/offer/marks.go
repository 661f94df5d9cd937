package offer

import (
	"slices"
	"unicode/utf8"
)

// marks is a small set of characters, made once for what is trimmed from many
// texts.
type marks struct {
	ascii [utf8.RuneSelf]bool
	wide  []rune
}

func newMarks(chars string) *marks {
	var m marks
	for _, r := range chars {
		if r < utf8.RuneSelf {
			m.ascii[r] = true
		} else {
			m.wide = append(m.wide, r)
		}
	}
	return &m
}

func (m *marks) has(r rune) bool {
	if r < utf8.RuneSelf {
		return m.ascii[r]
	}
	return slices.Contains(m.wide, r)
}

// trimRight returns s without the marks that end it.
func (m *marks) trimRight(s string) string {
	for s != "" {
		n := 1
		if c := s[len(s)-1]; c < utf8.RuneSelf {
			if !m.ascii[c] {
				break
			}
		} else if m.wide == nil {
			break
		} else {
			var r rune
			if r, n = utf8.DecodeLastRuneInString(s); !slices.Contains(m.wide, r) {
				break
			}
		}
		s = s[:len(s)-n]
	}
	return s
}

// trimLeft returns s without the marks that begin it.
func (m *marks) trimLeft(s string) string {
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if !m.has(r) {
			break
		}
		s = s[n:]
	}
	return s
}

// trim returns s without the marks around it.
func (m *marks) trim(s string) string { return m.trimLeft(m.trimRight(s)) }

// trimSpaces returns s without the spaces that end it.
func trimSpaces(s string) string {
	for s != "" && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}

// lastPart returns the part of s behind the last of the marks, or behind the
// last full stop 。 of it.
func (m *marks) lastPart(s string) string {
	for k := len(s) - 1; k >= 0; k-- {
		if c := s[k]; c < utf8.RuneSelf && m.ascii[c] || c == 0x82 && k >= 2 && s[k-2:k+1] == "。" {
			return s[k+1:]
		}
	}
	return s
}
