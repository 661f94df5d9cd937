package text

import (
	"slices"
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
		k := x.flags.of(r)
		latin := toneless(r) != 0
		if k&(beginsAlias|soundsLikeTerm) != 0 || latin && !word {
			if e, ok := x.wordAt(s, i, r, k); ok {
				edits = append(edits, e)
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

// wordAt returns the edit of the disguised word that begins at offset i.
func (x *lexis) wordAt(s string, i int, r rune, k class) (edit, bool) {
	if k&beginsAlias != 0 {
		for _, a := range x.aliases[r] {
			if strings.HasPrefix(s[i:], a.from) && a.counts(s, i, i+len(a.from)) {
				return edit{start: i, end: i + len(a.from), to: a.to, step: a.step}, true
			}
		}
	}
	next, _ := after(s, i+utf8.RuneLen(r))
	if k&soundsLikeTerm != 0 {
		if !isHan(next) && toneless(next) == 0 {
			return edit{}, false
		}
		nextSounds := x.sounds.of(next)
		for _, sound := range x.sounds.of(r) {
			for _, t := range x.bySound[sound] {
				if nextSounds != nil && next != t.runes[1] && !slices.Contains(nextSounds, t.sounds[1]) {
					continue
				}
				if e, ok := x.disguised(t, s, i); ok {
					return e, true
				}
			}
		}
	} else if letter := toneless(r); letter != 0 {
		for _, t := range x.byLetter[letter-'a'] {
			if isLatin(next) && (len(t.syllables[0]) == 1 || rune(t.syllables[0][1]) != next) {
				continue
			}
			if e, ok := x.disguised(t, s, i); ok {
				return e, true
			}
		}
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

// spelling counts how the characters of a term are written.
type spelling struct{ same, sound, pinyin, initial int }

// disguised returns the edit for term t spelled at offset i otherwise than in
// its own characters.
func (x *lexis) disguised(t *term, s string, i int) (edit, bool) {
	var how spelling
	at, latin := i, false // latin: the character before was spelled in letters
	for k := range t.runes {
		n, l, ok := x.spelled(&how, s[at:], t, k, latin)
		if !ok {
			return edit{}, false
		}
		at, latin = at+n, l
	}
	if how.same == len(t.runes) || !t.accepts(how, s[i:at]) || !standsAlone(s, i, at, latin) {
		return edit{}, false
	}
	step := stepHomophone
	if how.pinyin+how.initial > 0 {
		step = stepPinyin
	}
	return edit{start: i, end: at, to: string(t.runes), step: step}, true
}

// spelled finds character k of a term at the begin of s and returns the
// length of it. One separator may stand between two syllables in letters.
func (x *lexis) spelled(how *spelling, s string, t *term, k int, latin bool) (n int, letters, ok bool) {
	first, size := after(s, 0)
	switch {
	case first == t.runes[k]:
		how.same++
		return size, false, true
	case isHan(first):
		how.sound++
		return size, false, slices.Contains(x.sounds.of(first), t.sounds[k])
	}
	syllable := t.syllables[k]
	if latin && first != 0 && strings.ContainsRune(" -'.", first) {
		n = size
	}
	if m, ok := hasSyllable(s[n:], syllable); ok {
		how.pinyin++
		return n + m, true, true
	}
	if first == rune(syllable[0]) && !latin {
		next, _ := after(s, size)
		how.initial++
		return size, true, !isAlnum(next)
	}
	return 0, false, false
}

// accepts reports whether a spelling is a disguise of t rather than ordinary
// text that happens to sound like it.
func (t *term) accepts(how spelling, as string) bool {
	long := len(t.runes) >= 3
	switch {
	case how.sound > 0:
		return long && t.homophones && how.same > 0 && how.initial == 0 && !t.isOrdinary(as)
	case how.initial > 0:
		return long && how.initial == 1 && how.same == len(t.runes)-1
	case how.same == 0:
		return long
	}
	return true
}

// isOrdinary reports whether as is, or begins as, an ordinary homophone.
func (t *term) isOrdinary(as string) bool {
	return slices.ContainsFunc(t.ordinary, func(o string) bool { return strings.HasPrefix(as, o) })
}

// standsAlone reports whether letters at the ends of [start, end) are not
// part of a longer word, handle or address.
func standsAlone(s string, start, end int, latinEnd bool) bool {
	if first, _ := after(s, start); toneless(first) != 0 && joinedBefore(s, start) {
		return false
	}
	return !latinEnd || !joinedAfter(s, end)
}
