package text

import (
	"strings"
	"unicode/utf8"
)

// undoWords undoes what hides whole words: aliases, and terms spelled in
// pinyin or with homophones.
func undoWords(x *lexis, s string) []edit {
	var edits []edit
	word := false // within a word of Latin letters or digits
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		latin := isLatin(r) || r > 'z' && r <= lastToned && toneless(r) != 0
		if latin && !word || x.starting.may(r) {
			if e, ok := x.wordAt(s, i, r, word); ok {
				if e.step != 0 {
					edits = append(edits, e)
				}
				i = e.end
				word = false
				continue
			}
		}
		word = latin || isDigit(r)
		i += n
	}
	return edits
}

// wordAt returns the edit of the disguised word that begins at offset i with
// r, or an edit without a step for a word that is written as it should be; word
// says that it stands within a word of Latin letters or digits.
func (x *lexis) wordAt(s string, i int, r rune, word bool) (edit, bool) {
	k := x.flags.of(r)
	if k&beginsAlias != 0 {
		list := x.aliases[x.aliasAt.of(r)]
		for n := range list {
			a := &list[n]
			if strings.HasPrefix(s[i:], a.from) && a.counts(s, i, i+len(a.from)) {
				return edit{start: i, end: i + len(a.from), to: a.to, step: a.step}, true
			}
		}
	}
	if k&soundsLikeTerm != 0 || !word && toneless(r) != 0 {
		return x.trade.at(x, s, i, r)
	}
	return edit{}, false
}

// counts reports whether a counts at [start, end) of s.
func (a *alias) counts(s string, start, end int) bool {
	switch {
	case a.where == byContact:
		return leadsToContact(s, end) || followsCue(s, start)
	case a.where == asWord || isAlnum(rune(a.from[0])):
		return !joinedBefore(s, start) && !joinedAfter(s, end)
	}
	last := rune(a.from[len(a.from)-1])
	if isAlnum(last) {
		return !joinedAfter(s, end)
	}
	return true
}

// joinedBefore reports whether what ends at offset i makes one word, handle
// or address with what begins there.
func joinedBefore(s string, i int) bool {
	r, n := before(s, i)
	switch {
	case r == 0:
		return false
	case isAlnum(r) || toneless(r) != 0 || r == '_' || r == '@':
		return true
	case r == '.' || r == '-':
		p, _ := before(s, i-n)
		return isAlnum(p)
	}
	return r == '/' && inAddress(s[max(0, i-64):i])
}

// inAddress reports whether the last word of s looks like the begin of an
// address.
func inAddress(s string) bool {
	for i := len(s) - 1; i >= 0 && s[i] > ' ' && s[i] < utf8.RuneSelf; i-- {
		if s[i] == '.' || s[i] == ':' {
			return true
		}
	}
	return false
}

// joinedAfter reports whether what begins at offset i makes one word, handle
// or address with what ends there.
func joinedAfter(s string, i int) bool {
	r, n := after(s, i)
	switch {
	case r == 0:
		return false
	case isAlnum(r) || toneless(r) != 0 || r == '_' || r == '@':
		return true
	case r == '.' || r == '-':
		next, _ := after(s, i+n)
		return isAlnum(next)
	}
	return false
}

// leadsToContact reports whether a handle or number follows offset i, after
// at most four runes that lead to one.
func leadsToContact(s string, i int) bool {
	for range 5 {
		r, n := after(s, i)
		if isAlnum(r) {
			return handleLength(s[i:]) >= 5
		}
		if r == 0 || !strings.ContainsRune(" :号同是为@=-】]>'\"+", r) {
			return false
		}
		i += n
	}
	return false
}

func handleLength(s string) int {
	for i := range min(len(s), 32) {
		if c := rune(s[i]); !isAlnum(c) && c != '_' && c != '-' {
			return i
		}
	}
	return min(len(s), 32)
}

// followsCue reports whether one of the two runes before offset i asks to be
// added.
func followsCue(s string, i int) bool {
	for range 2 {
		r, n := before(s, i)
		if r != 0 && strings.ContainsRune("加+添私", r) {
			return true
		}
		i -= n
	}
	return false
}
