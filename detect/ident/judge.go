package ident

import (
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// A window is one or more neighbouring groups of a chain, taken as one number.
type window struct {
	d          []byte // digits, with digitX and digitMask
	shape      []int  // lengths of the groups
	from       int    // the first of them
	gap        gaps   // all that stands between them
	masks      int
	start, end int // bytes of the folded text
	glued      bool
}

// A verdict says what a window is. A higher strength wins over a lower one,
// then the longer window.
type verdict struct {
	kind      leak.IdentifierKind
	canonical string
	keep      string
	strength  int
	valid     bool
	partial   bool
	prefix    int // bytes before the window that belong to it, such as +
	suffix    int // and behind it, such as )
}

// Strengths of a verdict.
const (
	none    = iota
	doubt   // nothing speaks against it
	shaped  // the form says it
	checked // the check digit says it
	proved  // date and check digit do
)

// shortest is the least digits that an identifier has.
const shortest = 7

// maxNumber is the most digits that one identifier has.
const maxNumber = 19

// judgeChain judges every window of the gathered chain.
func (r *reader) judgeChain() {
	c := &r.chain
	if len(c.atoms) < shortest {
		return
	}
	var buf [maxNumber + 5]byte
	var shape [maxNumber + 5]int
	for i := 0; i < len(c.groups); {
		if c.groups[i].len() > maxNumber {
			r.longRun(c.groups[i])
			i++
			continue
		}
		i += max(1, r.bestFrom(i, buf[:0], shape[:0]))
	}
}

// bestFrom judges the windows that begin with group i, keeps the best and
// returns how many groups it took, 0 for none.
func (r *reader) bestFrom(i int, d []byte, shape []int) int {
	c := &r.chain
	w := window{from: i, start: int(c.atoms[c.groups[i].from].start)}
	var best verdict
	taken, end := 0, 0
	for j := i; j < len(c.groups); j++ {
		g := c.groups[j]
		if len(d)+g.len() > maxNumber+1 || g.len() == 0 {
			break
		}
		if j > i {
			w.gap |= g.gap
		}
		for _, a := range c.atoms[g.from:g.to] {
			if a.value == digitMask {
				w.masks++
			}
			d = append(d, a.value)
		}
		shape = append(shape, g.len())
		w.d, w.shape, w.end = d, shape, int(c.atoms[g.to-1].end)
		w.glued = w.glued || g.gluedL
		if v := r.judge(&w, j); v.strength > best.strength || v.strength > none && v.strength == best.strength && (v.valid && !best.valid || v.partial) {
			best, taken, end = v, j-i+1, w.end
		}
	}
	if taken > 0 {
		r.addVerdict(best, w.start-best.prefix, end+best.suffix)
	}
	return taken
}

func (r *reader) addVerdict(v verdict, start, end int) {
	f := Found{Kind: v.kind, Canonical: v.canonical, Start: start, End: end, Keep: v.keep, Valid: v.valid, Partial: v.partial}
	r.add(mark{f, v.kind != leak.Phone && v.kind != leak.Email && v.kind != leak.USCC})
}

// judge says what a window, which ends with group j, is.
func (r *reader) judge(w *window, j int) verdict {
	n := len(w.d)
	if n < shortest {
		return verdict{}
	}
	if w.masks > 0 {
		return r.judgePartial(w)
	}
	var v verdict
	switch n {
	case 18:
		v = r.judgePRC(w)
	case 15:
		v = r.judgeLegacy(w)
	case 13:
		v = r.judgeRRN(w)
	case 9:
		v = r.judgeSSN(w)
	case 8:
		v = r.judgeMacau(w)
	}
	if v.strength >= checked {
		return v
	}
	if n <= 15 {
		if p := r.judgePhone(w); p.strength > v.strength {
			v = p
		}
	}
	if n >= 13 {
		if b := r.judgeCard(w, j); b.strength > v.strength {
			v = b
		}
	}
	if v.strength == none && n >= 7 && n <= 14 {
		v = r.judgeCued(w)
	}
	if v.strength == none && n >= 15 && len(w.shape) == 1 {
		v = r.judgeUnknown(w)
	}
	return v
}

// judgePRC judges 18 digits as a PRC ID.
func (r *reader) judgePRC(w *window) verdict {
	d := w.d
	v := verdict{kind: leak.PRCID, canonical: digitString(d), keep: provinceOf(d)}
	for _, c := range d[:17] {
		if c > 9 {
			return verdict{}
		}
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
		if equalShape(shape, want) {
			return true
		}
	}
	return evenShape(shape)
}

func equalShape(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
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
	for _, c := range w.d {
		if c > 9 {
			return verdict{}
		}
	}
	one := len(w.shape) == 1
	if !legacyDated(w.d) || !one && !equalShape(w.shape, []int{6, 6, 3}) && !evenShape(w.shape) && !r.cued(w.start, prcCues) {
		return verdict{}
	}
	return verdict{kind: leak.PRCID, canonical: digitString(modernPRC(w.d)), keep: provinceOf(w.d), strength: shaped, valid: true}
}

// provinceOf is what a mask shows of a PRC ID.
func provinceOf(d []byte) string {
	if d[0] > 9 || d[1] > 9 {
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
	split := equalShape(w.shape, []int{6, 7}) || equalShape(w.shape, []int{2, 2, 2, 7}) && w.gap&gapDash != 0
	even := len(w.shape) == 1 || evenShape(w.shape)
	if !cue && !split && !(even && check) && !(check && len(w.shape) > 1 && w.gap&gapComma == 0) {
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
	if check && split {
		v.strength = checked
	}
	return v
}

// judgeSSN judges nine digits as a US social security number.
func (r *reader) judgeSSN(w *window) verdict {
	if !ssnValid(w.d) {
		return verdict{}
	}
	dashed := equalShape(w.shape, []int{3, 2, 4}) && w.gap == gapDash || w.gap&gapDash != 0 && r.parted(w, 3, 5)
	if !dashed && !r.cued(w.start, ssnCues) {
		return verdict{}
	}
	return verdict{kind: leak.SSN, canonical: digitString(w.d), strength: shaped, valid: true}
}

// parted reports whether the digits of a window all stand alone behind the
// same separator, but behind another one where the parts of its form begin.
func (r *reader) parted(w *window, begins ...int) bool {
	if len(w.shape) != len(w.d) {
		return false
	}
	groups := r.chain.groups[w.from : w.from+len(w.d)]
	for i := 2; i < len(groups); i++ {
		if slices.Contains(begins, i) == (groups[i].gap == groups[1].gap) {
			return false
		}
	}
	return true
}

// judgeMacau judges eight digits as a Macau resident identity card: 1, 5 or 7,
// six digits, and one in parentheses or behind a slash. Its check is not
// public, so it needs a cue.
func (r *reader) judgeMacau(w *window) verdict {
	first := w.d[0]
	if first != 1 && first != 5 && first != 7 || !r.cued(w.start, moCues) {
		return verdict{}
	}
	if len(w.shape) > 1 && !equalShape(w.shape, []int{7, 1}) && !equalShape(w.shape, []int{1, 6, 1}) {
		return verdict{}
	}
	v := verdict{kind: leak.MOID, canonical: digitString(w.d), strength: shaped}
	if w.gap&gapParen != 0 && hasAt(r.s, w.end, ")") {
		v.suffix = 1
	}
	return v
}

// judgeCard judges 13 to 19 digits as a bank card.
func (r *reader) judgeCard(w *window, j int) verdict {
	n := len(w.d)
	for _, c := range w.d {
		if c > 9 {
			return verdict{}
		}
	}
	cue := r.cued(w.start, cardCues)
	issuer, check := cardIssuer(w.d), luhn(w.d)
	v := verdict{kind: leak.BankCardNo, canonical: digitString(w.d), keep: issuerOf(w.d, issuer), valid: issuer && check}
	switch {
	case r.goesOn(j, w.shape) && !(issuer && check && equalShape(w.shape, []int{4, 4, 4, 4}) && (w.d[0] == 4 || w.d[0] == 5)):
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

// judgeCued judges 7 to 14 digits that only the words before them call the
// number of a document or, with its hyphens, of an account.
func (r *reader) judgeCued(w *window) verdict {
	v := verdict{kind: leak.Passport, canonical: digitString(w.d), strength: shaped}
	switch n := len(w.d); {
	case w.glued || w.gap&^(gapSpace|gapDash) != 0 || isDay(w.d):
	case n <= 12 && r.cued(w.start, passportCues) && !r.counted(w.end):
		return v
	case n >= 10 && len(w.shape) > 1 && w.gap&gapDash != 0 && r.cued(w.start, accountCues):
		v.kind = leak.BankCardNo
		return v
	}
	return verdict{}
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
	return equalShape(shape, []int{4, 6, 5}) || len(shape) == 2 && (shape[0] == 6 || shape[0] == 8)
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

// judgeUnknown judges a run of 15 to 19 digits that fits no kind: it is masked
// unless its place says what it is.
func (r *reader) judgeUnknown(w *window) verdict {
	n := len(w.d)
	if w.glued || n < 16 || w.d[n-1]+w.d[n-2]+w.d[n-3]+w.d[n-4]+w.d[n-5]+w.d[n-6] == 0 || r.cued(w.start, orderCues) || r.inAddress(w.start, w.end) || r.decimal(w.start, w.end) {
		return verdict{}
	}
	v := verdict{kind: leak.BankCardNo, canonical: digitString(w.d), keep: issuerOf(w.d, cardIssuer(w.d)), strength: doubt}
	if n == 18 && !cardIssuer(w.d) {
		v.kind, v.keep = leak.PRCID, provinceOf(w.d)
		if usccCheck(strings.ToLower(v.canonical)) {
			v.kind, v.keep, v.valid = leak.USCC, "", true
		}
	}
	return v
}

// inLink reports whether i stands in an address, or in a link within a text.
func (r *reader) inLink(i int) bool {
	if r.link || i == 0 || strings.IndexByte("/=-._", r.s[i-1]) < 0 {
		return r.link
	}
	from := max(0, i-maxLink)
	token := r.s[from:i]
	token = token[strings.LastIndexAny(token, " \n\t<>\"")+1:]
	return strings.Contains(token, "://") || strings.HasPrefix(token, "www.")
}

// maxLink is how far before a number the begin of its link is looked for.
const maxLink = 256

// inAddress reports whether a number is part of the path or query of a link,
// where long numbers name things.
func (r *reader) inAddress(start, end int) bool {
	return start > 0 && (r.s[start-1] == '/' || r.s[start-1] == '=') || hasAt(r.s, end, ".htm") || hasAt(r.s, end, "/")
}

// decimal reports whether a run of digits is the fraction of a number.
func (r *reader) decimal(start, end int) bool {
	return start > 1 && r.s[start-1] == '.' && isDigit(r.s[start-2])
}

// longRun reads a run of more digits than any number has: several written
// without a break.
func (r *reader) longRun(g group) {
	d := make([]byte, 0, g.len())
	for _, a := range r.chain.atoms[g.from:g.to] {
		d = append(d, a.value)
	}
	done, found := 0, false
	for i := 0; i+18 <= len(d); {
		if !prcDated(d[i:i+18]) || !prcCheck(d[i:i+18]) {
			i++
			continue
		}
		r.leftover(g, d, done, i)
		v := verdict{kind: leak.PRCID, canonical: digitString(d[i : i+18]), keep: provinceOf(d[i:]), valid: true}
		r.addRun(v, g, i, i+18)
		i += 18
		done, found = i, true
	}
	if found {
		r.leftover(g, d, done, len(d))
		return
	}
	r.phonesInRun(g, d)
}

func (r *reader) addRun(v verdict, g group, i, j int) {
	a := r.chain.atoms[g.from:g.to]
	r.addVerdict(v, int(a[i].start), int(a[j-1].end))
}

// leftover masks what stands beside an ID in one run with it.
func (r *reader) leftover(g group, d []byte, i, j int) {
	switch n := j - i; {
	case n < 7:
	case n == 11 && cnMobile(d[i:j]):
		r.addRun(phoneVerdict("86", d[i:j]), g, i, j)
	case n >= 13:
		r.addRun(verdict{kind: leak.BankCardNo, canonical: digitString(d[i:j])}, g, i, j)
	default:
		r.addRun(verdict{kind: leak.Phone, canonical: digitString(d[i:j])}, g, i, j)
	}
}

// phonesInRun reads mobile numbers that follow each other without a break.
func (r *reader) phonesInRun(g group, d []byte) {
	if len(d)%11 != 0 {
		return
	}
	for i := 0; i < len(d); i += 11 {
		if !cnMobile(d[i : i+11]) {
			return
		}
	}
	for i := 0; i < len(d); i += 11 {
		r.addRun(phoneVerdict("86", d[i:i+11]), g, i, i+11)
	}
}
