package query

import (
	"strings"
	"unicode/utf8"
)

// span is a part of the source in bytes.
type span struct{ start, end int }

func (s span) overlaps(o span) bool { return s.start < o.end && o.start < s.end }

// A scanner reads the source. What an input method types in place of ASCII
// punctuation is read as that, except in phrases and behind a backslash.
type scanner struct {
	src string
	pos int
}

// halfwidth returns the character for which r stands outside phrases: full
// width forms are their ASCII originals (but for ？, which ends many a Chinese
// sentence and would be taken for a wildcard), curly quotes are quotes, and
// control characters are space.
func halfwidth(r rune) rune {
	switch {
	case r > '！'-1 && r <= '～' && r != '？':
		return r - '！' + '!'
	case r == '“' || r == '”':
		return '"'
	case spaceOrControl(r):
		return ' '
	}
	return r
}

// peek returns the next character and its length, 0 and 0 at the end.
func (s *scanner) peek() (rune, int) {
	if s.pos >= len(s.src) {
		return 0, 0
	}
	r, n := utf8.DecodeRuneInString(s.src[s.pos:])
	return halfwidth(r), n
}

func (s *scanner) next() rune {
	r, n := s.peek()
	s.pos += n
	return r
}

// accept consumes r if it is next.
func (s *scanner) accept(r rune) bool {
	got, n := s.peek()
	if got != r || n == 0 {
		return false
	}
	s.pos += n
	return true
}

func (s *scanner) space() {
	for s.accept(' ') {
	}
}

// follows reports whether the next characters are those of ascii.
func (s *scanner) follows(ascii string) bool {
	ahead := *s
	for _, r := range ascii {
		if !ahead.accept(r) {
			return false
		}
	}
	return true
}

// A word is a run of characters as typed.
type word struct {
	span
	text    string // without escapes
	wild    bool   // it ended with a * that is not escaped
	stars   bool   // it holds another such *
	escaped bool   // it holds an escape, so it is no operator
}

// What ends a word: as an operand, as the value of a field, as the end of a
// range.
const (
	operandEnds = " ()\":"
	valueEnds   = " ()\""
	rangeEnds   = " ()\"]}"
)

func (s *scanner) word(ends string) word {
	w := word{span: span{s.pos, s.pos}}
	var b strings.Builder
	for {
		r, n := s.peek()
		if n == 0 || strings.ContainsRune(ends, r) {
			break
		}
		if w.wild {
			w.wild, w.stars = false, true
			b.WriteByte('*')
		}
		s.pos += n
		switch {
		case r == '\\' && s.pos < len(s.src):
			w.escaped = true
			b.WriteString(s.literal())
		case r == '*':
			w.wild = true
		default:
			b.WriteRune(r)
		}
	}
	w.end, w.text = s.pos, b.String()
	return w
}

// literal consumes one character as it stands.
func (s *scanner) literal() string {
	_, n := utf8.DecodeRuneInString(s.src[s.pos:])
	s.pos += n
	return s.src[s.pos-n : s.pos]
}

// ahead returns the operand word that is next without consuming it.
func (s *scanner) ahead() word {
	look := *s
	return look.word(operandEnds)
}

// phrase reads a quoted text from its opening quote. A phrase that opens with
// a straight quote ends with one, so that curly quotes can stand in it.
func (s *scanner) phrase() (string, bool) {
	opening := s.src[s.pos:]
	curly := strings.HasPrefix(opening, "“") || strings.HasPrefix(opening, "”")
	s.next()
	var b strings.Builder
	for s.pos < len(s.src) {
		c := s.literal()
		switch {
		case c == `"` || c == "＂" || curly && (c == "“" || c == "”"):
			return b.String(), true
		case c == `\` && s.pos < len(s.src):
			c = s.literal()
		}
		b.WriteString(c)
	}
	return b.String(), false
}

// regex reads an expression from its opening slash. Only \/ is an escape of
// ours; all others belong to the expression.
func (s *scanner) regex() (string, bool) {
	s.next()
	var b strings.Builder
	for s.pos < len(s.src) {
		c := s.literal()
		switch {
		case c == "/" || c == "／":
			return b.String(), true
		case c == `\` && s.pos < len(s.src):
			if c = s.literal(); c != "/" {
				c = `\` + c
			}
		}
		b.WriteString(c)
	}
	return b.String(), false
}

// quote returns s as a phrase.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "＂", `\＂`).Replace(s) + `"`
}
