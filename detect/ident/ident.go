// Package ident finds the values in a listing that identify victims: numbers
// of identity documents and bank cards, phone numbers, e-mail addresses,
// machine readable zones, and the names in rows of a sample. What it finds is
// masked before anything is stored, so in doubt it finds.
//
// # Story
//
// One pass over the folded text gathers digits into chains: groups of digits,
// in whatever form they are written (full-width, circled, Chinese or Korean
// numerals, letters for digits), with what stands between them (spaces,
// hyphens, table cells, line breaks). Windows of a chain are then judged: by
// check digit and birth date, by the shape of the groups, by the words before
// them. Tokens of letters and digits, addresses and machine readable zones are
// read as they come. A last pass looks at the rows: next to a number that
// identifies, a lesser one does too, and three rows of one shape are a sample,
// of which all personal cells are masked.
//
// # Rules of doubt
//
// A number with a valid birth date, or with a check digit that leaves no
// doubt, is found wherever it stands. 16 to 19 digits in one run are found
// unless the words before them name an order, a parcel or the like. Shorter
// runs need a shape (010-1234-5678), a cue, or a row with other identifiers.
// Prices, dates, QQ numbers behind their cue and handles are left alone.
//
// Sources of the algorithms stand with each. The package stores nothing, never
// fails, is linear in the length of the text and safe for concurrent use.
package ident

import (
	"cmp"
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// Found is one identifying value and where it stands. It does not print its
// value.
type Found struct {
	Kind leak.IdentifierKind
	// Canonical is the value in the one spelling that is coded: see Canonical.
	// It is "" where the text holds only part of the value. It must not leave
	// memory.
	Canonical string
	Start     int    // byte span in the original text: the whole extent of the
	End       int    // value, with what was put between its characters
	Keep      string // what a mask may show, such as "11…"; see Mask
	Partial   bool   // the seller masked part of it
	Valid     bool   // every check that the kind has holds, and it has one
}

// String describes f without its value.
func (f Found) String() string { return Mask(f) }

// GoString describes f without its value.
func (f Found) GoString() string { return "ident.Found{" + Mask(f) + "}" }

// Mask is what is shown in place of f: the kind and at most the province of a
// PRC ID, country and last two digits of a phone, issuer and last two digits
// of a card, and the domain of an address.
func Mask(f Found) string { return leak.Mask(f.Kind, f.Keep) }

// Find returns the identifying values of a text, from its folded and its
// unhidden stream, in order and without overlap. Their spans lie on character
// boundaries of the original.
func Find(f, u *text.Folded) []Found {
	return read(f, u, false)
}

// FindInLink is Find for a text that is an address: its percent signs undone,
// since what they hide is not looked for. Long numbers and the names of things
// are left alone there unless they prove what they are; what stands before a
// value in a path or query says little of it.
func FindInLink(f, u *text.Folded) []Found { return read(f, u, true) }

func read(f, u *text.Folded, link bool) []Found {
	r := newReader(f, link)
	defer r.release()
	r.scan()
	if len(r.marks) > 0 {
		r.settle()
		r.rows()
		r.settle()
	}
	out := r.found(nil, func(Found) bool { return true })
	if u != nil && u.Changed() {
		out = unhidden(out, u, link)
	}
	return disjoint(out)
}

// unhidden adds what only the unhidden stream shows. It joins what stood
// apart, so only a value that proves itself is taken from it.
func unhidden(out []Found, u *text.Folded, link bool) []Found {
	r := newReader(u, link)
	defer r.release()
	r.scan()
	n := len(out)
	out = r.found(out, func(f Found) bool { return f.Valid && f.Kind != leak.Email && !r.counts(f) })
	if len(out) > n {
		slices.SortStableFunc(out, func(a, b Found) int {
			return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
		})
	}
	return out
}

// counts reports whether the digits of f stand apart in the original and count
// from one on, as the numbers of a list do: A 1 2 3 4 5 6 7 8 9.
func (r *reader) counts(f Found) bool {
	start, end := r.f.Source(f.Start, f.End)
	last, apart := int8(0), true
	for _, c := range r.f.Original[start:end] {
		v, _ := digitRune(c)
		if c < utf8.RuneSelf && isDigit(byte(c)) {
			v = int8(c - '0')
		}
		switch {
		case v < 0:
			apart = true
		case v != last+1 || !apart:
			return false
		default:
			last, apart = v, false
		}
	}
	return last > 0
}

// found appends the marks that keep accepts, with their spans in the original.
func (r *reader) found(out []Found, keep func(Found) bool) []Found {
	for _, m := range r.marks {
		if !keep(m.Found) {
			continue
		}
		start, end := r.f.Source(m.Start, m.End)
		m.Start, m.End = start, afterMarks(r.f.Original, end)
		out = append(out, m.Found)
	}
	return out
}

// afterMarks returns the offset after the characters at i that only modify the
// one before them: combining marks, keycaps, selectors, zero-width characters.
func afterMarks(s string, i int) int {
	for i < len(s) && s[i] >= utf8.RuneSelf {
		c, w := utf8.DecodeRuneInString(s[i:])
		if !unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf) {
			break
		}
		i += w
	}
	return i
}

// A mark is a Found whose span still counts bytes of the folded text.
type mark struct {
	Found
	strong bool // it identifies by itself: a row with it is a row of a person
}

// A reader reads one text.
type reader struct {
	f     *text.Folded
	s     string
	link  bool // all of it is an address
	chain chain
	marks []mark

	// What stands before the number that was asked for last, for cued.
	cueAt   int // its offset and one
	cue     string
	cueLess string // without a joint
}

// readers are those that are not in use. They keep the memory of their chain,
// wiped.
var readers = sync.Pool{New: func() any { return new(reader) }}

// maxKept is how many digits the memory may have room for that is kept.
const maxKept = 256

func newReader(f *text.Folded, link bool) *reader {
	r := readers.Get().(*reader)
	r.f, r.s, r.link = f, f.Text, link
	return r
}

// release gives r back. Nothing of the text stays in it.
func (r *reader) release() {
	c := chain{r.chain.atoms[:0], r.chain.groups[:0]}
	if cap(c.atoms) > maxKept {
		c = chain{}
	}
	clear(c.atoms[:cap(c.atoms)])
	*r = reader{chain: c}
	readers.Put(r)
}

// settle orders the marks and joins those that overlap.
func (r *reader) settle() {
	slices.SortStableFunc(r.marks, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	out := r.marks[:0]
	for _, m := range r.marks {
		if n := len(out); n > 0 && m.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, m.End)
			continue
		}
		out = append(out, m)
	}
	r.marks = out
}

// disjoint joins what overlaps in the original: what both streams show, and
// what one character folded to.
func disjoint(in []Found) []Found {
	out := in[:0]
	for _, f := range in {
		if n := len(out); n > 0 && f.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, f.End)
			continue
		}
		out = append(out, f)
	}
	return out
}

// add keeps a mark.
func (r *reader) add(m mark) { r.marks = append(r.marks, m) }
