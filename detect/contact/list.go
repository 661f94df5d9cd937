package contact

import "strings"

// An endings finds whether a text ends with one of its words.
type endings [256][]string

func newEndings(words ...string) *endings {
	var e endings
	for _, w := range words {
		c := w[len(w)-1]
		e[c] = append(e[c], w)
	}
	return &e
}

// of returns the words that end as s does.
func (e *endings) of(s string) []string {
	if s == "" {
		return nil
	}
	return e[s[len(s)-1]]
}

// has reports whether s ends with one of the words.
func (e *endings) has(s string) bool {
	for _, w := range e.of(s) {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}
