package text

import (
	"strings"
	"unicode/utf8"
)

// undoWords undoes what hides whole words: aliases, and terms spelled in
// pinyin or with homophones.
func undoWords(v *survey, places []int32) []edit {
	return v.editWords(places, func(i, _ int) edit { return v.wordAt(i) })
}

// editWords returns the edits of the words that wordAt finds at places: the
// edit of the word that begins at offset i, where done is the end of the word
// before. It has no step for a word that is written as it should be, and ends
// at 0 where there is none.
func (v *survey) editWords(places []int32, wordAt func(i, done int) edit) []edit {
	edits := v.edits[:0]
	done := 0
	for _, at := range places {
		i := int(at)
		if i < done {
			continue
		}
		e := wordAt(i, done)
		if e.step != 0 {
			edits = append(edits, e)
		}
		done = max(done, e.end)
	}
	return edits
}

// wordAt returns the edit of the disguised word that begins at offset i, as
// editWords wants it.
func (v *survey) wordAt(i int) edit {
	s, x := v.s, v.lexis
	r, n := after(s, i)
	k := x.flags.of(r)
	if k&beginsAlias != 0 {
		next, _ := after(s, i+n)
		if a := x.aliasOf(s, i, r, next); a != nil {
			return edit{start: i, end: i + len(a.from), to: a.to, step: a.step}
		}
	}
	if k&(soundsLikeTerm|isSpelling) != 0 {
		e := x.trade.at(x, s, i, r, v.traits&isRare != 0)
		switch {
		case e.term == nil:
		case e.steps == 0:
			return edit{start: i, end: e.end}
		default:
			return edit{start: i, end: e.end, to: e.term.text, step: e.steps}
		}
	}
	return edit{}
}

// aliasOf returns the alias that stands at offset i of s and begins with r and
// next, nil if there is none.
func (x *lexis) aliasOf(s string, i int, r, next rune) *alias {
	if x.flags.of(r)&opensAlone == 0 && !x.openings.may(pair{r, next}) {
		return nil
	}
	list := x.aliases[x.aliasAt.of(r)]
	for n := range list {
		a := &list[n]
		if strings.HasPrefix(s[i:], a.from) && a.counts(s, i, i+len(a.from)) {
			return a
		}
	}
	return nil
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
