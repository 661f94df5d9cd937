package ident

import (
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// judgePRC judges 18 digits as a PRC ID.
func (r *reader) judgePRC(w *window) verdict {
	d := w.d
	v := verdict{kind: leak.PRCID, canonical: digitString(d), keep: provinceOf(d)}
	if !wholly(d[:17]) {
		return verdict{}
	}
	switch dated, check := prcDated(d), prcCheck(d); {
	case dated && check:
		v.strength, v.valid = proved, true
	case dated && prcArea(d) && (len(w.shape) == 1 || prcShape(w.shape) || r.cued(w.start, prcCues)):
		v.strength = shaped
	case d[17] == digitX && (len(w.shape) == 1 || r.cued(w.start, prcCues)):
		v.strength = shaped
	case r.cued(w.start, prcCues):
		v.strength = shaped
	}
	return v
}

// prcShape reports whether groups split a PRC ID as people do: 6-8-4, 6-4-4-4,
// 14-4, or evenly in short groups.
func prcShape(shape []int) bool {
	for _, want := range [][]int{{6, 8, 4}, {6, 4, 4, 4}, {14, 4}, {6, 12}, {6, 8, 3, 1}, {6, 4, 2, 2, 4}, {4, 4, 4, 4, 2}, {3, 3, 4, 4, 4}, {17, 1}} {
		if slices.Equal(shape, want) {
			return true
		}
	}
	return evenShape(shape)
}

// evenShape reports whether all groups are of one length up to three, the last
// maybe shorter.
func evenShape(shape []int) bool {
	for i, n := range shape {
		if n > 3 || n != shape[0] && (i < len(shape)-1 || n > shape[0]) {
			return false
		}
	}
	return len(shape) > 1
}

// judgeLegacy judges 15 digits as a PRC ID of the first generation.
func (r *reader) judgeLegacy(w *window) verdict {
	one := len(w.shape) == 1
	if !wholly(w.d) || !legacyDated(w.d) || !one && !slices.Equal(w.shape, []int{6, 6, 3}) && !evenShape(w.shape) && !r.cued(w.start, prcCues) {
		return verdict{}
	}
	return verdict{kind: leak.PRCID, canonical: digitString(modernPRC(w.d)), keep: provinceOf(w.d), strength: shaped, valid: true}
}

// provinceOf is what a mask shows of a PRC ID.
func provinceOf(d []byte) string {
	if !wholly(d[:2]) {
		return ""
	}
	return digitString(d[:2]) + "…"
}

// judgeRRN judges 13 digits as a Korean registration number. Without its check
// digit, which numbers since October 2020 do not have, it needs its hyphen or
// a cue.
func (r *reader) judgeRRN(w *window) verdict {
	cue := r.cued(w.start, rrnCues)
	if !rrnDated(w.d) {
		return verdict{}
	}
	check := rrnCheck(w.d)
	split := slices.Equal(w.shape, []int{6, 7}) || slices.Equal(w.shape, []int{2, 2, 2, 7}) && w.gap&gapDash != 0
	even := len(w.shape) == 1 || evenShape(w.shape)
	apart := w.gap&(gapComma|gapCell|gapLine) == 0 && r.parted(w, 6)
	if !cue && !split && !apart && !(even && check) && !(check && len(w.shape) > 1 && w.gap&gapComma == 0) {
		return verdict{}
	}
	if split && w.gap&(gapComma|gapOther|gapCell) != 0 && !check && !cue {
		return verdict{}
	}
	if len(w.shape) == 1 && !cue && r.cued(w.start, orderCues) {
		return verdict{}
	}
	v := verdict{kind: leak.RRN, canonical: digitString(w.d), strength: shaped, valid: check}
	if w.d[6] >= 5 && w.d[6] <= 8 {
		v.kind = leak.KRForeigner
	}
	if check && (split || apart) {
		v.strength = checked
	}
	return v
}

// judgeSSN judges nine digits as a US social security number.
func (r *reader) judgeSSN(w *window) verdict {
	if !ssnValid(w.d) {
		return verdict{}
	}
	dashed := slices.Equal(w.shape, []int{3, 2, 4}) && w.gap == gapDash || w.gap&gapDash != 0 && r.parted(w, 3, 5)
	if !dashed && !r.cued(w.start, ssnCues) {
		return verdict{}
	}
	return verdict{kind: leak.SSN, canonical: digitString(w.d), strength: shaped, valid: true}
}

// parted reports whether the digits of a window all stand alone behind the
// same separator, but behind another one where the parts of its form begin.
// Spaces around a separator make no other one of it.
func (r *reader) parted(w *window, begins ...int) bool {
	if len(w.shape) != len(w.d) {
		return false
	}
	first := r.separator(w.from + 1)
	for i := 2; i < len(w.d); i++ {
		if slices.Contains(begins, i) == (r.separator(w.from+i) == first) {
			return false
		}
	}
	return true
}

// separator returns what stands before a group of the chain, spaces aside.
func (r *reader) separator(group int) string {
	at := r.chain.groups[group].from
	return strings.Trim(r.s[r.chain.atoms[at-1].end:r.chain.atoms[at].start], " ")
}

// judgeMacau judges eight digits as a Macau resident identity card: 1, 5 or 7,
// six digits, and one in parentheses or behind a slash. Its check is not
// public, so it needs a cue.
func (r *reader) judgeMacau(w *window) verdict {
	first := w.d[0]
	if first != 1 && first != 5 && first != 7 || !r.cued(w.start, moCues) {
		return verdict{}
	}
	if len(w.shape) > 1 && !slices.Equal(w.shape, []int{7, 1}) && !slices.Equal(w.shape, []int{1, 6, 1}) {
		return verdict{}
	}
	v := verdict{kind: leak.MOID, canonical: digitString(w.d), strength: shaped}
	if w.gap&gapParen != 0 && hasAt(r.s, w.end, ")") {
		v.suffix = 1
	}
	return v
}
