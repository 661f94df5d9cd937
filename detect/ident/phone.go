package ident

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
)

// cnMobile reports whether 11 digits are a Chinese mobile number: 13 to 19,
// the ranges in use and those kept for them (Ministry of Industry and
// Information Technology, numbering plan).
func cnMobile(d []byte) bool { return d[0] == 1 && d[1] >= 3 && d[1] <= 9 && d[2] <= 9 }

// phoneVerdict is the verdict on a number of a known country.
func phoneVerdict(country string, national []byte) verdict {
	n := digitString(national)
	return verdict{kind: leak.Phone, canonical: "+" + country + n, strength: shaped, valid: true,
		keep: "+" + country + "…" + n[len(n)-2:]}
}

// judgePhone judges 7 to 15 digits as a phone number.
func (r *reader) judgePhone(w *window) verdict {
	if w.d[len(w.d)-1] > 9 || w.glued && len(w.d) != 11 {
		return verdict{}
	}
	if v := r.signed(w); v.strength > none {
		return v
	}
	if r.cued(w.start, handleCues) {
		return verdict{}
	}
	if v := r.mobile(w); v.strength > none {
		return v
	}
	if w.glued {
		return verdict{}
	}
	if v := r.dialled(w); v.strength > none {
		return v
	}
	return r.cuedPhone(w)
}

// signed judges a number with + or 00 and a country code before it.
func (r *reader) signed(w *window) verdict {
	prefix, d := 0, w.d
	switch {
	case w.start > 0 && r.s[w.start-1] == '+':
		prefix = 1
	case w.start > 1 && strings.HasSuffix(r.s[:w.start], "+("):
		prefix = 2
	case d[0] == 0 && d[1] == 0 && d[2] != 0 && len(d) > 10:
		d = d[2:]
	default:
		return verdict{}
	}
	if w.gap&(gapCell|gapLine|gapComma) != 0 {
		return verdict{}
	}
	code := countryCode(d)
	low, high := nationalLength(code)
	national := d[min(len(code), len(d)):]
	if code == "82" && len(national) > 0 && national[0] == 0 {
		national = national[1:] // +82 010-… is written, though not right
	}
	if len(national) < low || len(national) > high {
		return verdict{}
	}
	if low != high && len(w.shape) == 1 && len(d) < 8 {
		return verdict{}
	}
	v := phoneVerdict(code, national)
	v.prefix = prefix
	return v
}

// countryCode returns the calling code that d begins with (ITU-T E.164): 1 and
// 7 alone, the two-digit codes of the list, else three digits.
func countryCode(d []byte) string {
	if d[0] == 1 || d[0] == 7 {
		return digitString(d[:1])
	}
	const two = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "
	if c := digitString(d[:2]); strings.Contains(two, " "+c+" ") {
		return c
	}
	return digitString(d[:3])
}

// nationalLength returns how many digits follow a calling code.
func nationalLength(code string) (low, high int) {
	switch code {
	case "1":
		return 10, 10
	case "86":
		return 10, 11
	case "82":
		return 8, 10
	case "852", "853", "65":
		return 8, 8
	case "886":
		return 8, 9
	case "81":
		return 9, 10
	case "7", "91":
		return 10, 10
	}
	return 7, 12
}

// mobile judges a mobile number of China, Korea or Japan by its first digits.
func (r *reader) mobile(w *window) verdict {
	d := w.d
	wide := w.gap&(gapCell|gapLine|gapComma) != 0
	switch n := len(d); {
	case n == 11 && cnMobile(d) && (mobileShape(w.shape, wide) && !r.straddles(w) || wide && r.splitMobile(w)):
		if w.glued && !r.cued(w.start, gluedCues) || allRound(w) {
			return verdict{}
		}
		return phoneVerdict("86", d)
	case n == 13 && d[0] == 8 && d[1] == 6 && cnMobile(d[2:]) && !wide:
		return phoneVerdict("86", d[2:])
	case n == 12 && d[0] == 8 && d[1] == 2 && d[2] == 1 && d[3] == 0 && !wide:
		return phoneVerdict("82", d[2:])
	case w.glued:
		return verdict{}
	case n == 11 && slices.Equal(w.shape, []int{3, 8}) && d[0] == 0 && d[1] == 1 && d[2] == 0 && r.hanBefore(w.start):
		return phoneVerdict("86", d[1:]) // Beijing
	case n == 11 && d[0] == 0 && d[1] == 1 && d[2] == 0 && mobileShape(w.shape, wide):
		return phoneVerdict("82", d[1:])
	case (n == 10 || n == 11) && d[0] == 0 && d[1] == 1 && d[2] >= 1 && d[2] != 2 && d[2] != 5 && mobileShape(w.shape, wide):
		return phoneVerdict("82", d[1:])
	case n == 10 && d[0] == 0 && d[1] == 9 && mobileShape(w.shape, wide):
		return phoneVerdict("886", d[1:])
	case n == 11 && d[0] == 0 && d[1] >= 7 && d[2] == 0 && mobileShape(w.shape, wide):
		if d[1] == 7 {
			return phoneVerdict("82", d[1:]) // 070 is VoIP in Korea
		}
		return phoneVerdict("81", d[1:])
	}
	return verdict{}
}

// hanBefore reports whether the word before i is Chinese.
func (r *reader) hanBefore(i int) bool {
	c, _ := utf8.DecodeLastRuneInString(cutJoint(r.s[max(0, i-cueReach):i]))
	return unicode.Is(unicode.Han, c)
}

// mobileShape reports whether groups split a mobile number as people do; over
// cells and lines only in the most usual ways.
func mobileShape(shape []int, wide bool) bool {
	if len(shape) == 1 || evenShape(shape) {
		return true
	}
	for _, want := range [][]int{{3, 4, 4}, {3, 8}, {7, 4}, {3, 3, 4}, {4, 3, 3}, {3, 7}} {
		if slices.Equal(shape, want) {
			return true
		}
	}
	if wide {
		return false
	}
	for _, n := range shape {
		if n > 6 {
			return false
		}
	}
	return len(shape) <= 4
}

// straddles reports whether a window reaches over cells and lines with other
// numbers beside it: the end of one row and the begin of the next.
func (r *reader) straddles(w *window) bool {
	if w.gap&gapCell == 0 || w.gap&gapLine == 0 {
		return false
	}
	next := w.from + len(w.shape)
	return w.from > 0 && r.chain.groups[w.from-1].len() < 11 || next < len(r.chain.groups) && r.chain.groups[next].len() < 11
}

// splitMobile reports whether the cells or lines of a window, which split a
// mobile number as people do not write it, are one all the same: behind a cue,
// or by themselves in their row, with rows around them that are split likewise.
// Three prices side by side are not: they are round, counted, or stand above
// others that are no number.
func (r *reader) splitMobile(w *window) bool {
	if len(w.shape) > 3 || w.gap != gapCell && w.gap != gapLine {
		return false
	}
	if r.cued(w.start, phoneCues) {
		return true
	}
	n := len(w.shape)
	for _, g := range r.chain.groups[w.from : w.from+n] {
		if r.counted(int(r.chain.atoms[g.to-1].end)) {
			return false
		}
	}
	return r.fitsRow(w, w.from-n, w.from-1, w.from) && r.fitsRow(w, w.from+n, w.from+n, w.from+n)
}

// fitsRow reports whether the group beside a window leaves its number alone: if
// there is none, if it is a long number, or if the row that begins with group i
// is a mobile number split alike. gap is the group before which both meet.
func (r *reader) fitsRow(w *window, i, beside, gap int) bool {
	groups := r.chain.groups
	if beside < 0 || beside >= len(groups) || groups[beside].len() >= 11 {
		return true
	}
	apart := groups[gap].gap != w.gap
	if i < 0 || i+len(w.shape) > len(groups) {
		return apart
	}
	for k, n := range w.shape {
		if groups[i+k].len() != n {
			return apart
		}
	}
	first := r.chain.atoms[groups[i].from:]
	return first[0].value == 1 && first[1].value >= 3
}

// dialled judges a number with an area code by its hyphens or parentheses.
func (r *reader) dialled(w *window) verdict {
	d, dashed := w.d, w.gap&(gapDash|gapParen) != 0 && w.gap&(gapCell|gapLine|gapComma|gapSlash|gapOther) == 0
	if !dashed {
		return verdict{}
	}
	n, last := len(d), w.shape[len(w.shape)-1]
	switch {
	case d[0] == 0 && d[1] != 0 && n >= 10 && n <= 12 && len(w.shape) == 2 && (w.shape[0] == 3 || w.shape[0] == 4) && last >= 7:
		return phoneVerdict("86", d[1:])
	case d[0] == 0 && (d[1] == 2 || d[1] >= 3 && d[1] <= 6) && n >= 9 && n <= 12 && len(w.shape) == 3 && last == 4:
		return phoneVerdict("82", d[1:])
	case usShape(w.shape) && usPlan(d[n-10:]) && (n == 10 || d[0] == 1):
		return phoneVerdict("1", d[n-10:])
	}
	return verdict{}
}

func usShape(shape []int) bool {
	return slices.Equal(shape, []int{3, 3, 4}) || slices.Equal(shape, []int{1, 3, 3, 4})
}

// usPlan reports whether ten digits fit the North American plan: area and
// exchange begin with 2 to 9, and the area is no service code.
func usPlan(d []byte) bool {
	if d[0] == 4 && d[1] == 0 && d[2] == 0 || d[0] == 8 && d[1] == d[2] && d[1] != 1 && d[1] != 2 {
		return false // 400 is a hotline in China, 800, 833, 844 … are free calls
	}
	return d[0] >= 2 && d[3] >= 2 && !(d[1] == 1 && d[2] == 1)
}

// cuedPhone judges a number that only the words before it call a phone.
func (r *reader) cuedPhone(w *window) verdict {
	d, n := w.d, len(w.d)
	if n < 8 || n > 12 || w.gap&(gapCell|gapLine|gapComma|gapSlash|gapOther) != 0 || !r.cued(w.start, phoneCues) || isDay(d) {
		return verdict{}
	}
	if d[0] == 4 && d[1] == 0 && d[2] == 0 && n == 10 {
		return verdict{} // 400 is a shop's hotline
	}
	if w.shape[0] > 12 || r.counted(w.end) {
		return verdict{}
	}
	v := verdict{kind: leak.Phone, canonical: digitString(d), strength: shaped, keep: "…" + digitString(d[n-2:])}
	if (n == 11 || n == 10) && usPlan(d[n-10:]) && (n == 10 || d[0] == 1) && w.gap&gapSpace != 0 && usShape(w.shape) {
		return phoneVerdict("1", d[n-10:])
	}
	if n == 11 && d[0] == 8 && d[1] == 5 && (d[2] == 2 || d[2] == 3) {
		return phoneVerdict(digitString(d[:3]), d[3:])
	}
	return v
}

// isDay reports whether d is a date: yyyymmdd.
func isDay(d []byte) bool {
	return len(d) == 8 && (d[0] == 1 && d[1] == 9 || d[0] == 2 && d[1] == 0) && validDate(number(d[:4]), number(d[4:6]), number(d[6:8]))
}

// counted reports whether a counter or a currency follows at i.
func (r *reader) counted(i int) bool {
	for i < len(r.s) && r.s[i] == ' ' {
		i++
	}
	for _, w := range []string{"张", "条", "套", "份", "个", "元", "块", "万", "人", "usd", "원", "장", "건", "개", "명", "만"} {
		if hasAt(r.s, i, w) {
			return true
		}
	}
	return false
}
