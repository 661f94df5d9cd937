package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// spelling tells how the characters of a term are written. It is small, for
// it is copied at every branch.
type spelling struct {
	others                             [2]rune // the characters written for others
	places                             [2]uint8
	same, other, rare, pinyin, initial uint8 // how many are written so
	almost                             bool  // one of them only sounds nearly so
	wild                               bool  // a rare character may stand for any
	latin                              bool  // the last was spelled in letters
	steps                              step
}

// length returns how many characters there are so far.
func (h *spelling) length() uint8 { return h.same + h.other + h.rare + h.pinyin + h.initial }

// spent reports whether nothing but the characters themselves may follow in a
// term that goes on with b.
func (h *spelling) spent(b *branch) bool {
	return h.rare > 0 || h.initial > 0 || h.other > 0 && h.other+h.pinyin >= b.most
}

// spelt is a term that a text spells and where it ends there; steps is 0 where it
// is written as it should be.
type spelt struct {
	term  *term
	end   int
	steps step
}

// follow returns the longest term that goes on with one of the branches at
// offset at of s, after what how tells of s from offset i on.
func (x *lexis) follow(branches []*branch, s string, i, at int, how spelling) (e spelt) {
	if len(branches) == 0 {
		return e
	}
	return x.answer(x.ask(s, at, how.latin), branches, s, i, at, how)
}

// answer is follow for a question that was asked.
func (x *lexis) answer(q question, branches []*branch, s string, i, at int, how spelling) (e spelt) {
	for _, b := range branches {
		if !q.may(b) {
			continue
		}
		h := how
		n, ok := x.spelled(&h, s[at:], b)
		if !ok {
			continue
		}
		if e = x.through(b, s, i, at+n, h); e.term != nil {
			return e
		}
	}
	return e
}

// through returns the longest term that goes on with, or ends with, b, which is
// spelled up to offset at.
func (x *lexis) through(b *branch, s string, i, at int, how spelling) (e spelt) {
	if how.spent(b) {
		e = x.goOnExactly(b, s, i, at, how)
	} else {
		e = x.goOn(b, s, i, at, how)
	}
	if e.term == nil && b.term != nil {
		e = x.ends(b.term, s, i, at, &how)
	}
	return e
}

// goOn is follow for the branches of b.
func (x *lexis) goOn(b *branch, s string, i, at int, how spelling) (e spelt) {
	if len(b.next) == 0 {
		return e
	}
	q := x.ask(s, at, how.latin)
	if !q.mayAny(&b.ahead) {
		return e
	}
	if c := b.exactly(q.next); c != nil && c.sole && !how.latin {
		how.same++
		return x.through(c, s, i, at+utf8.RuneLen(c.is), how)
	}
	if b.bySound == nil || q.any || !isHan(q.next) {
		return x.answer(q, b.next, s, i, at, how)
	}
	for _, a := range x.sounds.nearOf(q.next) {
		if b.ahead.near&(1<<(a%64)) == 0 {
			continue
		}
		if e = x.answer(q, b.bySound[a], s, i, at, how); e.term != nil {
			return e
		}
	}
	return e
}

// goOnExactly is goOn where only the characters themselves may follow.
func (x *lexis) goOnExactly(b *branch, s string, i, at int, how spelling) (e spelt) {
	next, n := after(s, at)
	if b = b.exactly(next); b == nil {
		return e
	}
	how.same++
	how.latin = false
	return x.through(b, s, i, at+n, how)
}

// ends returns t, which is spelled from i to end of s, if that counts.
func (x *lexis) ends(t *term, s string, i, end int, how *spelling) spelt {
	if how.same == t.length {
		return spelt{term: t, end: end}
	}
	if !t.accepts(how) || !standsAlone(s, i, end, how.latin) {
		return spelt{}
	}
	return spelt{t, end, how.steps}
}

// question is what a text goes on with, to tell quickly which branches it
// cannot take.
type question struct {
	next    rune
	near    uint64
	letters uint32
	any     bool // what it stands for is not told by its sound
}

func (x *lexis) ask(s string, at int, latin bool) question {
	r, n := after(s, at)
	if latin && joins(r) {
		r, _ = after(s, at+n)
	}
	q := question{next: r, any: x.flags.of(r)&(isRare|isShape) != 0}
	if r >= firstHan && r <= lastHan {
		q.near = x.trade.gates[r-firstHan].sounds
	} else {
		q.letters = letterBit(toneless(r))
	}
	return q
}

func (q *question) may(b *branch) bool {
	return q.next == b.is || q.any || q.letters&b.letters != 0 || q.near&b.nearBits != 0
}

// mayAny reports whether it may be one of the branches ahead.
func (q *question) mayAny(l *lookahead) bool {
	return q.any || l.heads&(1<<(uint32(q.next)%64)) != 0 || q.letters&l.letters != 0 || q.near&l.near != 0
}

// joins reports whether r may stand between two syllables in letters.
func joins(r rune) bool { return r == ' ' || r == '-' || r == '\'' || r == '.' }

// spelled finds the character of b at the begin of s and returns the length
// of it. One separator may stand between two syllables in letters.
func (x *lexis) spelled(how *spelling, s string, b *branch) (int, bool) {
	first, size := after(s, 0)
	afterLetters := how.latin
	how.latin = false
	if first == b.is {
		how.same++
		return size, true
	}
	if flags := x.flags.of(first); isHan(first) || flags&isShape != 0 {
		return size, x.standsFor(how, flags, first, b)
	}
	n := 0
	if afterLetters && joins(first) {
		n = size
	}
	for _, a := range b.sounds {
		if m, ok := hasSyllable(s[n:], x.sounds.names[a]); ok {
			how.pinyin++
			how.latin = true
			how.steps |= stepPinyin
			return n + m, true
		}
	}
	if next, _ := after(s, size); !afterLetters && isLatin(first) && letterBit(byte(first))&b.letters != 0 && !isAlnum(next) {
		how.initial++
		how.latin = true
		how.steps |= stepPinyin
		return size, true
	}
	return 0, false
}

// standsFor reports whether r is written for the character of b.
func (x *lexis) standsFor(how *spelling, flags class, r rune, b *branch) bool {
	if int(how.other+how.rare) == len(how.others) {
		return false
	}
	switch {
	case x.sounds.alike(r, b.is):
		how.steps |= stepHomophone
	case x.sounds.almostAlike(r, b.is):
		how.steps |= stepHomophone
		how.almost = true
	case flags&isShape != 0 && slices.Contains(x.trade.shapes[r], b.is):
		if how.steps |= stepLookalike; !isHan(r) {
			how.steps ^= stepLookalike | stepEmoji
		}
	case how.wild && flags&isRare != 0:
		how.rare++
		how.steps |= stepLookalike
		return true
	default:
		return false
	}
	how.places[how.other], how.others[how.other] = how.length(), r
	how.other++
	return true
}

// accepts reports whether a spelling is a disguise of t rather than ordinary
// text that happens to sound like it.
func (t *term) accepts(how *spelling) bool {
	long := t.length > 2
	switch {
	case how.rare > 0:
		return long && how.rare == 1 && how.same == t.length-1
	case how.other > 0:
		others := uint8(1)
		if t.doubled {
			others = 2
		}
		return how.same > 0 && how.initial == 0 && how.other+how.pinyin <= others && (long || !how.almost) && !t.isOrdinary(how)
	case how.initial > 0:
		return (long || t.initials) && how.initial == 1 && how.same == t.length-1
	case how.same == 0:
		return long
	}
	return true
}

// isOrdinary reports whether a character that stands for another does not
// disguise it.
func (t *term) isOrdinary(how *spelling) bool {
	for k, r := range how.others[:how.other] {
		if strings.ContainsRune(t.ordinary[how.places[k]], r) {
			return true
		}
	}
	return false
}

// standsAlone reports whether letters at the ends of [start, end) are not
// part of a longer word, handle or address.
func standsAlone(s string, start, end int, latinEnd bool) bool {
	if first, _ := after(s, start); toneless(first) != 0 && joinedBefore(s, start) {
		return false
	}
	return !latinEnd || !joinedAfter(s, end)
}
