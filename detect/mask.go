package detect

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/ident"
	"github.com/leakwatch/leakwatch/leak"
)

// mask is a byte range of an original text and what is shown in its place.
type mask struct {
	span
	shown string
}

// masksOf returns the masks of a document: every identifier but those that
// are the seller's contacts, and every phone or e-mail that looked like a
// contact and is not the seller's. Where nothing is offered nobody is a
// seller, so all are masked.
func masksOf(r *result) []mask {
	var masks []mask
	for _, f := range r.victims {
		masks = append(masks, mask{span{f.Start, f.End}, ident.Mask(f)})
	}
	for _, c := range r.contacts {
		kind, personal := personalContact(c.Kind)
		if personal && !isSeller(r.sellers, c) {
			masks = append(masks, mask{span{c.Start, c.End}, leak.Mask(kind, "")})
		}
	}
	return mergeMasks(masks)
}

// mergeMasks sorts masks and joins those that overlap; the one that begins
// first, or is longest, says what is shown.
func mergeMasks(masks []mask) []mask {
	slices.SortStableFunc(masks, func(a, b mask) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	var out []mask
	for _, m := range masks {
		if n := len(out); n > 0 && m.start < out[n-1].end {
			out[n-1].end = max(out[n-1].end, m.end)
			continue
		}
		out = append(out, m)
	}
	return out
}

// masksWithin returns the masks that touch a range.
func masksWithin(masks []mask, in span) []mask {
	i, _ := slices.BinarySearchFunc(masks, in.start, func(m mask, x int) int { return cmp.Compare(m.end, x+1) })
	k := i
	for k < len(masks) && masks[k].start < in.end {
		k++
	}
	return masks[i:k]
}

// applyMasks returns the range of s with its masks in place of what they
// hide.
func applyMasks(s string, in span, masks []mask) string {
	touching := masksWithin(masks, in)
	if len(touching) == 0 {
		return s[in.start:in.end]
	}
	var b strings.Builder
	at := in.start
	for _, m := range touching {
		if m.start > at {
			b.WriteString(s[at:m.start])
		}
		b.WriteString(m.shown)
		at = min(m.end, in.end)
	}
	b.WriteString(s[at:in.end])
	return b.String()
}

// redactedFindings returns findings that point into the redacted fields. One
// that touches a mask is left out: what it saw is not there any more.
func (d *document) redactedFindings(l *Lexicon, instances []instance, masks []mask) []leak.Finding {
	out := make([]leak.Finding, 0, len(instances))
	c := cursor{doc: d, masks: masks}
	for i := range instances {
		in := &instances[i]
		f := d.fieldAt(in.start)
		name, kept := keptField(f.name)
		if !kept || len(masksWithin(masks, in.span)) > 0 {
			continue
		}
		start := c.point(f, in.start)
		end := start + d.count(in.start, min(in.end, f.end))
		out = append(out, leak.Finding{Rule: l.Rules[in.rule].ID, Field: name, Start: start, End: end,
			Steps: d.steps(in.hit)})
	}
	return out
}

// keptField returns the name under which findings of a field are stored. Of
// several files only the first has offsets that mean anything.
func keptField(name string) (string, bool) {
	if strings.HasPrefix(name, extraPrefix) {
		return "", false
	}
	if strings.HasPrefix(name, "files:") {
		return "files", name == "files:0"
	}
	return name, true
}

// cursor counts the code points of the redacted text as it moves forward
// through the original.
type cursor struct {
	doc    *document
	masks  []mask
	field  *field
	at     int // byte of the original reached
	points int // code points of the redacted field before it
	next   int // first mask not yet passed
}

// point returns the code point of the redacted field at which byte x of the
// original stands. Calls come by ascending x.
func (c *cursor) point(f *field, x int) int {
	if c.field != f {
		c.field, c.at, c.points = f, f.start, 0
	}
	for c.next < len(c.masks) && c.masks[c.next].end <= x {
		m := c.masks[c.next]
		c.next++
		if m.end <= c.at {
			continue
		}
		c.points += c.count(max(c.at, min(m.start, x))) + utf8.RuneCountInString(m.shown)
		c.at = m.end
	}
	c.points += c.count(x)
	c.at = max(c.at, x)
	return c.points
}

func (c *cursor) count(to int) int {
	if to <= c.at {
		return 0
	}
	return c.doc.count(c.at, to)
}
