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
		latin := isLatin(r) || r > 'z' && r <= lastToned && toneless(r) != 0
		if latin && !word || x.starting.may(r) {
			if e, ok := x.wordAt(s, i, r, word); ok {
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

// wordAt returns the edit of the disguised word that begins at offset i; word
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
	next, _ := after(s, i+utf8.RuneLen(r))
	switch {
	case k&soundsLikeTerm != 0:
		return x.soundsAt(s, i, r, next)
	case word:
	case toneless(r) != 0 && isAlnum(next) || toneless(next) != 0:
		return x.lettersAt(s, i)
	case toneless(r) != 0:
		return x.firstOf(x.byInitial[initial{toneless(r), next}], s, i)
	}
	return edit{}, false
}

// soundsAt returns the edit of a disguised term that begins at offset i with
// the Han character r, which next follows.
func (x *lexis) soundsAt(s string, i int, r, next rune) (edit, bool) {
	for _, first := range x.sounds.of(r) {
		if !isHan(next) {
			if toneless(next) == 0 {
				return edit{}, false
			}
			if e, ok := x.firstOf(x.bySound[first], s, i); ok {
				return e, true
			}
			continue
		}
		for _, second := range x.sounds.of(next) {
			pair := soundPair{first, second}
			if x.pairBits[pair.bit()/64]&(1<<(pair.bit()%64)) == 0 {
				continue
			}
			if e, ok := x.firstOf(x.byPair[pair], s, i); ok {
				return e, true
			}
		}
	}
	return edit{}, false
}

// lettersAt returns the edit of a term that begins at offset i with its first
// syllable in letters.
func (x *lexis) lettersAt(s string, i int) (edit, bool) {
	var syllable [maxSyllable]byte
	n := 0
	for _, r := range s[i:] {
		letter := toneless(r)
		if letter == 0 || n == maxSyllable {
			break
		}
		syllable[n] = letter
		n++
	}
	for ; n > 0; n-- {
		first, known := x.sounds.numbers[string(syllable[:n])]
		if !known {
			continue
		}
		if e, ok := x.firstOf(x.bySound[first], s, i); ok {
			return e, true
		}
	}
	return edit{}, false
}

// firstOf returns the edit of the first of the terms that stands at offset i in
// disguise.
func (x *lexis) firstOf(terms []*term, s string, i int) (edit, bool) {
	for _, t := range terms {
		if e, ok := x.disguised(t, s, i); ok {
			return e, true
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
	if how.same == len(t.runes) || x.words[s[i:at]] || !t.accepts(how, s[i:at]) || !standsAlone(s, i, at, latin) {
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
		return long && t.homophones && how.same > 0 && how.initial == 0 && !(t.one && (how.sound+how.pinyin > 1 || t.inEveryday(as))) && !t.isOrdinary(as)
	case how.initial > 0:
		return long && how.initial == 1 && how.same == len(t.runes)-1
	case how.same == 0:
		return long
	}
	return true
}

// everyday are the 400 most frequent characters of ordinary text: a homophone
// written with one of them is more likely ordinary text than a disguise.
const everyday = "的是不一了有我在人这很大个中国到上和好本还来就要以为也时书会间没年看房多说们店可出都地对能点小发家过用作酒后得下生务比他经行实子方自服电理感天住工面开业么日前现去但于新成里价动当部全觉而高错心进次然学分事者机外同定民所其市主如之道太度重想内最那月样问长员较些入着常文只给关体合买设总意系建性装起力加水情政等公法果明真位种从无知第美提产与因两话通区题非展东品差记场程己统格已让三元台结应化读平更正客什特门社安便华西再制打报十手才车强解别相活此济单几做量完网你收喜热早餐金改接将欢又各表把星并少海送回利京老费口使且代级该物二快女观北调孩资质望原受交名盘气管基标万近爱施直她目容难置件晚及候带先世议教向期信干论路值放由评像被张风处头保今认企农导每算推求整任计儿深音反选见持四商节友科决象办达货光南联委立般色楼党界写显卡配字精五领满军省式视司取思图拉走边确身周运术共增步际指馆清至山技条环准它包流广义声需局空"

// inEveryday reports whether a character that is not the term's own is an
// everyday one.
func (t *term) inEveryday(as string) bool {
	k := 0
	for _, r := range as {
		if k < len(t.runes) && r != t.runes[k] && isHan(r) && strings.ContainsRune(everyday, r) {
			return true
		}
		k++
	}
	return false
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
