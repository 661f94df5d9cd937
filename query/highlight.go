package query

import (
	"slices"

	"github.com/leakwatch/leakwatch/text"
)

// Highlight returns the spans of a stored text that satisfy the query's
// words, phrases and regexes on the field, but for those under NOT: sorted,
// apart, from and to in Unicode code points like those of leak.Finding. It is
// recomputed for the page that is shown, never stored.
func Highlight(q *Query, field, redacted string) [][2]int {
	h := &highlighter{text: redacted}
	h.visit(q.Root, field)
	return codePoints(redacted, h.spans)
}

// A highlighter collects spans in bytes. Its streams are made at first need.
type highlighter struct {
	text    string
	streams []stream
	spans   []span
}

// A stream is what phrases are looked for in.
type stream struct {
	folded *text.Folded
	all    []text.Token // by position
	search []Token
}

func (h *highlighter) visit(n Node, field string) {
	if _, not := n.(*Not); not || n == nil {
		return
	}
	if slices.Contains(fieldsOf(n), field) {
		h.mark(n)
	}
	for _, c := range children(n) {
		h.visit(c, field)
	}
}

func (h *highlighter) mark(n Node) {
	switch n := n.(type) {
	case *Phrase:
		for _, s := range h.read() {
			h.add(s, occurrences(s.search, n.Terms, 0), Span(n.Terms))
		}
	case *Near:
		for _, s := range h.read() {
			h.markNear(s, n)
		}
	case *Regex:
		if re := n.expression(); re != nil {
			for _, at := range re.FindAllStringIndex(h.text, -1) {
				h.spans = append(h.spans, span{at[0], at[1]})
			}
		}
	}
}

// markNear marks those of A and B that stand near one of the other.
func (h *highlighter) markNear(s stream, n *Near) {
	a, b := occurrences(s.search, n.A, 0), occurrences(s.search, n.B, 0)
	aLength, bLength := Span(n.A), Span(n.B)
	alone := func(p, length int, others []int, otherLength int) bool {
		one := []int{p}
		return !follow(one, length, others, n.Distance) && !follow(others, otherLength, one, n.Distance)
	}
	h.add(s, slices.DeleteFunc(slices.Clone(a), func(p int) bool { return alone(p, aLength, b, bLength) }), aLength)
	h.add(s, slices.DeleteFunc(slices.Clone(b), func(p int) bool { return alone(p, bLength, a, aLength) }), bLength)
}

func (h *highlighter) read() []stream {
	if h.streams == nil {
		f := text.Fold(h.text)
		u := text.Unhide(f)
		h.streams = []stream{{f, text.Tokens(f), plainTokens(f)}, {u, text.Tokens(u), bare(text.UnhiddenTokens(u))}}
	}
	return h.streams
}

// add marks length positions of the stream from each of at.
func (h *highlighter) add(s stream, at []int, length int) {
	for _, p := range at {
		if p+length > len(s.all) {
			continue
		}
		start, end := s.folded.Source(s.all[p].Start, s.all[p+length-1].End)
		h.spans = append(h.spans, span{start, end})
	}
}

// codePoints merges spans of s in bytes and turns them into code points.
func codePoints(s string, spans []span) [][2]int {
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	var merged []span
	for _, sp := range spans {
		switch last := len(merged) - 1; {
		case sp.start == sp.end:
		case last >= 0 && sp.start <= merged[last].end:
			merged[last].end = max(merged[last].end, sp.end)
		default:
			merged = append(merged, sp)
		}
	}
	out := make([][2]int, len(merged))
	points, k := 0, 0
	for i := range s {
		for ; k < len(merged) && merged[k].end <= i; k++ {
			out[k][1] = points
		}
		if k < len(merged) && merged[k].start == i {
			out[k][0] = points
		}
		points++
	}
	if k < len(merged) {
		out[k][1] = points
	}
	return out
}
