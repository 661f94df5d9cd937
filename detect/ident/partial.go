package ident

import (
	"slices"

	"github.com/leakwatch/leakwatch/leak"
)

// judgePartial judges a number of which the seller masked a part.
func (r *reader) judgePartial(w *window) verdict {
	d := trimMasks(w.d)
	visible := 0
	for _, c := range d {
		if c != digitMask {
			visible++
		}
	}
	hidden := len(d) - visible
	if v := r.judgeBold(w); v.strength > none || visible < 4 || hidden < 2 {
		return v
	}
	head := 0
	for head < len(d) && d[head] != digitMask {
		head++
	}
	v := verdict{partial: true, strength: shaped}
	switch n := len(d); {
	case n == 18 || n == 15 && head >= 3:
		v.kind, v.keep = leak.PRCID, provinceOf(d)
		if head >= 2 && !prcArea(d) && d[0] != 9 {
			v.kind, v.keep = leak.BankCardNo, ""
		}
	case n == 13 && (slices.Equal(w.shape, []int{6, 7}) || r.cued(w.start, rrnCues)):
		v.kind = leak.RRN
	case n >= 16 && (r.cued(w.start, prcCues) || head >= 8 && prcArea(d) && (number(d[6:8]) == 19 || number(d[6:8]) == 20)):
		v.kind = leak.PRCID
	case n >= 16:
		v.kind = leak.BankCardNo
	case n >= 8 && n <= 12 && r.partialPhone(w, d, head):
		v.kind = leak.Phone
	default:
		return r.guessPartial(w, d, head, hidden)
	}
	return keepPartial(v, d)
}

// trimMasks removes one or two masks at the ends, which are emphasis.
func trimMasks(d []byte) []byte {
	if inner := trimAllMasks(d); len(d)-len(inner) <= 2 {
		return inner
	}
	return d
}

func trimAllMasks(d []byte) []byte {
	for len(d) > 0 && d[0] == digitMask {
		d = d[1:]
	}
	for len(d) > 0 && d[len(d)-1] == digitMask {
		d = d[:len(d)-1]
	}
	return d
}

// judgeBold judges a whole number between marks of emphasis: ***138…***.
func (r *reader) judgeBold(w *window) verdict {
	d := trimAllMasks(w.d)
	if len(d) < 11 || len(w.shape) > 1 {
		return verdict{}
	}
	for _, c := range d {
		if c == digitMask {
			return verdict{}
		}
	}
	return r.judge(&window{d: d, shape: []int{len(d)}, start: w.start, end: w.end}, len(r.chain.groups)-1)
}

// partialPhone reports whether a masked number of 8 to 12 digits begins as
// phone numbers do.
func (r *reader) partialPhone(w *window, d []byte, head int) bool {
	if head >= 2 && d[0] == 1 && d[1] >= 3 || head >= 2 && d[0] == 0 {
		return true
	}
	return r.cued(w.start, phoneCues) || head >= 3 && d[0] == 0
}

// guessPartial judges a masked number whose masks do not count the digits:
// 310***1234.
func (r *reader) guessPartial(w *window, d []byte, head, hidden int) verdict {
	v := verdict{partial: true, strength: shaped}
	switch {
	case hidden < 3 || head < 2:
		return verdict{}
	case r.cued(w.start, cardCues) || head >= 4 && d[0] == 6 && d[1] == 2:
		v.kind = leak.BankCardNo
	case r.cued(w.start, phoneCues) || head == 3 && d[0] == 1 && d[1] >= 3 && len(d) <= 11:
		v.kind = leak.Phone
	case r.cued(w.start, prcCues) || head >= 3 && prcArea(d):
		v.kind = leak.PRCID
	case r.cued(w.start, rrnCues) || head >= 6 && len(w.shape) > 1:
		v.kind = leak.RRN
	default:
		return verdict{}
	}
	v.strength = doubt
	return keepPartial(v, d)
}

// keepPartial sets what a mask shows of a number that shows only a part.
func keepPartial(v verdict, d []byte) verdict {
	last := d[len(d)-2:]
	tail := ""
	if last[0] <= 9 && last[1] <= 9 {
		tail = digitString(last)
	}
	switch v.kind {
	case leak.PRCID:
		v.keep = provinceOf(d)
	case leak.Phone:
		if tail != "" {
			v.keep = "…" + tail
		}
	case leak.BankCardNo:
		if number(d[:min(6, len(d))]) < 1<<20 && len(d) >= 15 && cardIssuer(d) {
			v.keep = digitString(d[:6]) + "…" + tail
		}
	}
	return v
}
