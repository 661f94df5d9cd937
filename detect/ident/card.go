package ident

import (
	"slices"

	"github.com/leakwatch/leakwatch/leak"
)

// judgeCard judges 13 to 19 digits as a bank card.
func (r *reader) judgeCard(w *window, j int) verdict {
	n := len(w.d)
	if !wholly(w.d) {
		return verdict{}
	}
	cue := r.cued(w.start, cardCues)
	issuer, check := cardIssuer(w.d), luhn(w.d)
	v := verdict{kind: leak.BankCardNo, canonical: digitString(w.d), keep: issuerOf(w.d, issuer), valid: issuer && check}
	switch {
	case r.goesOn(j, w.shape) && !(issuer && check && slices.Equal(w.shape, []int{4, 4, 4, 4}) && (w.d[0] == 4 || w.d[0] == 5)):
	case cue && (issuer && check || len(w.shape) == 1 && n >= 15 || cardShape(w.shape)):
		v.strength = shaped
	case n < 15 || !issuer || r.ordered(w, check):
	case len(w.shape) == 1 && check:
		v.strength = shaped
	case !cardShape(w.shape) || allRound(w):
	case check || w.d[0] == 6 && w.d[1] == 2:
		v.strength = shaped
	}
	if v.strength > none && issuer && check && cardShape(w.shape) {
		v.strength = checked
	}
	return v
}

// ordered reports whether the words before a number call it that of an order or
// the like. In a link, where any name may stand before a value, they say
// nothing of the number of a great scheme.
func (r *reader) ordered(w *window, check bool) bool {
	return r.cued(w.start, orderCues) && !(r.inLink(w.start) && scheme(w.d) && (check || len(w.shape) > 1))
}

// issuerOf is what a mask shows of a card: where the number has an issuer and
// is long enough, its first six and last two digits.
func issuerOf(d []byte, issuer bool) string {
	if !issuer {
		return ""
	}
	if len(d) < 15 {
		return digitString(d[:6]) + "…"
	}
	return digitString(d[:6]) + "…" + digitString(d[len(d)-2:])
}

// cardShape reports whether groups split a card number as it is embossed:
// fours, 6-12, 6-13, 4-6-5, or evenly in short groups.
func cardShape(shape []int) bool {
	if len(shape) == 1 || evenShape(shape) {
		return true
	}
	if len(shape) >= 4 {
		for i, n := range shape {
			if n != 4 && (i < len(shape)-1 || n > 4) {
				return false
			}
		}
		return true
	}
	return slices.Equal(shape, []int{4, 6, 5}) || len(shape) == 2 && (shape[0] == 6 || shape[0] == 8)
}

// goesOn reports whether the groups behind group j look like more of the same
// row of groups, so that the window is only a part of it.
func (r *reader) goesOn(j int, shape []int) bool {
	c := &r.chain
	if j+1 >= len(c.groups) || len(shape) < 2 {
		return false
	}
	next := c.groups[j+1]
	return next.gap == c.groups[j].gap && next.len() <= 4 && shape[len(shape)-1] == shape[0]
}

// allRound reports whether all groups are round numbers, as prices are.
func allRound(w *window) bool {
	at, long := 0, false
	for _, n := range w.shape {
		at += n
		if n > 2 && (w.d[at-1] != 0 || w.d[at-2] != 0) {
			return false
		}
		long = long || n > 3
	}
	return long && len(w.shape) > 1
}
