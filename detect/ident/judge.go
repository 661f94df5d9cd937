package ident

import (
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
