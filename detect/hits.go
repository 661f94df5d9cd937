package detect

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/text"
)

// hit is one occurrence of one term, in bytes of the original text.
type hit struct {
	span
	term   int32
	at, to int32 // where it stands in the stream it was read from
	role   int32 // of the term
	class  class // of the term
	mute   bool  // of the term
	hidden bool  // the stream is the unhidden one
	shades class // classes of the longer terms that it lies within
}

// streams are the two readings of one text.
type streams struct{ plain, hidden *text.Folded }

// find returns the occurrences of all terms in both streams of a text, by
// start, the longer first. An occurrence that both streams show is reported
// once, as the plain stream shows it.
func (l *Lexicon) find(s streams) []hit { return l.newCollector().find(s) }

// collector gathers the hits of a text. It can be used again; what it returned
// is void then.
type collector struct {
	lexicon *Lexicon
	scan    scan
	stream  *text.Folded
	hidden  bool
	hits    []hit
	first   int   // of the hits of this stream
	late    []hit // of the unhidden stream, while they are merged
}

func (l *Lexicon) newCollector() *collector {
	return &collector{lexicon: l, scan: scan{matcher: l.match}}
}

func (c *collector) find(s streams) []hit {
	c.hits, c.stream, c.hidden, c.first = c.hits[:0], s.plain, false, 0
	c.read(span{0, len(s.plain.Text)})
	if s.hidden.Changed() {
		c.stream, c.hidden, c.first = s.hidden, true, len(c.hits)
		changedLines(s.plain.Text, s.hidden.Text, c.read)
		c.merge(c.first)
	}
	shade(c.hits)
	return c.hits
}

// forget drops the text.
func (c *collector) forget() { c.stream, c.scan.text = nil, "" }

// merge sorts hits of which the first n and the others are sorted, and keeps
// one of those that are equal.
func (c *collector) merge(n int) {
	if n == len(c.hits) {
		return
	}
	c.late = append(c.late[:0], c.hits[n:]...)
	for at, k := len(c.hits), len(c.late); k > 0; {
		at--
		if n > 0 && compareHits(&c.hits[n-1], &c.late[k-1]) > 0 {
			n--
			c.hits[at] = c.hits[n]
		} else {
			k--
			c.hits[at] = c.late[k]
		}
	}
	c.hits = slices.CompactFunc(c.hits, func(a, b hit) bool { return compareHits(&a, &b) == 0 })
}

func compareHits(a, b *hit) int {
	if a.start != b.start {
		return a.start - b.start
	}
	if a.end != b.end {
		return b.end - a.end
	}
	return int(a.term - b.term)
}

// read finds the terms within a part of the stream that begins and ends with
// lines.
func (c *collector) read(part span) {
	s := c.stream.Text
	c.scan.read(s[part.start:part.end], func(t int32, at span) {
		at.start, at.end = at.start+part.start, at.end+part.start
		mark := &c.scan.marks[t]
		if mark.guarded {
			var ok bool
			if at, ok = c.lexicon.terms[t].stands(s, at); !ok {
				return
			}
		}
		start, end := c.stream.Source(at.start, at.end)
		c.hits = append(c.hits, hit{span: span{start, end}, term: t, at: int32(at.start), to: int32(at.end), hidden: c.hidden,
			role: mark.role, class: mark.class, mute: mark.mute})
		if n := len(c.hits) - 1; n > c.first && start <= c.hits[n-1].start {
			c.settle(n)
		}
	})
}

// settle moves the last hit, c.hits[n], to where it stands in order, or drops it
// if it is there already. Only a regex begins far before the hits that were
// found before.
func (c *collector) settle(n int) {
	h := c.hits[n]
	at := n
	for at > c.first && compareHits(&c.hits[at-1], &h) > 0 {
		at--
	}
	switch {
	case at > c.first && compareHits(&c.hits[at-1], &h) == 0:
		c.hits = c.hits[:n]
	case at < n:
		copy(c.hits[at+1:], c.hits[at:n])
		c.hits[at] = h
	}
}

// changedLines calls use with the lines of b that are not the same in a, so
// that a text with one hidden word is not read twice. No term crosses a line.
func changedLines(a, b string, use func(span)) {
	for at := 0; at < len(b); {
		n := sameLines(a, b[at:])
		a, at = a[n:], at+n
		if at == len(b) {
			return
		}
		end := lineEnd(b, at)
		line := b[at:end]
		if n := resync(a, line); n >= 0 {
			a = a[n+len(line):]
		} else {
			use(span{at, end})
			a = a[lineEnd(a, 0):]
		}
		at = end
	}
}

// sameLines returns the length of the lines with which both texts begin.
func sameLines(a, b string) int {
	const block = 64
	n := 0
	for n+block <= min(len(a), len(b)) && a[n:n+block] == b[n:n+block] {
		n += block
	}
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	if n == len(a) && n == len(b) {
		return n
	}
	for n > 0 && !endsLine(a[:n]) {
		n--
	}
	return n
}

// resync returns where among the next few lines of a the line stands, -1 if
// it does not.
func resync(a, line string) int {
	at := 0
	for range 4 {
		end := lineEnd(a, at)
		if a[at:end] == line {
			return at
		}
		at = end
	}
	return -1
}

// lineEnd returns the end of the line or sentence that begins at s[at],
// including the mark that ends it.
func lineEnd(s string, at int) int {
	for i := nextEnd(s, at); i < len(s); i = nextEnd(s, i+1) {
		switch {
		case s[i] == '\n':
			return i + 1
		case strings.HasPrefix(s[i:], "。"), strings.HasPrefix(s[i:], "，"):
			return i + wideBytes
		}
	}
	return len(s)
}

// nextEnd returns the first place from i on with a byte with which what ends a
// line or sentence begins, len(s) if there is none.
func nextEnd(s string, i int) int {
	for ; i+8 <= len(s); i += 8 {
		x := eightBytes(s, i)
		if found := bytesThatAre('\n', x) | bytesThatAre("。"[0], x) | bytesThatAre("，"[0], x); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c == '\n' || c == "。"[0] || c == "，"[0] {
			return i
		}
	}
	return i
}

// endsLine reports whether a line or sentence ends where s does.
func endsLine(s string) bool {
	return s[len(s)-1] == '\n' || strings.HasSuffix(s, "。") || strings.HasSuffix(s, "，")
}

// class says what kind of rule a term serves. A term that lies within a
// longer one is only part of another word: 人脸 in 人脸考勤机 is not a face for
// sale. But the 收 of 收卡 still buys, and the 考勤机 is still a device.
type class uint8

const (
	categoryClass class = 1 << iota
	wordClass           // intents and words of sale
	neutralClass        // neutral words, negations, purposes
	contextClass
	classCount = iota
)

// classify returns the class of a rule.
func (r *Rule) classify() class {
	switch {
	case len(r.names()) > 0:
		return categoryClass
	case strings.HasPrefix(r.Signal, "context:"):
		return contextClass
	case r.sense.signal == negationSignal && len(r.Damps) > 0:
		return 0 // it stands beside other words and hides none
	case strings.Contains(r.Signal, ":") && r.Signal != negationBehind:
		return wordClass
	}
	return neutralClass
}

// shadedBy returns the classes whose longer terms hide a term of c.
func (c class) shadedBy() class {
	switch c {
	case categoryClass:
		return categoryClass | neutralClass | contextClass
	case contextClass:
		return contextClass
	}
	return wordClass | neutralClass | contextClass
}

// shade sets for each hit the classes of the longer hits that it lies within.
// Hits are sorted by start, the longer first.
func shade(hits []hit) {
	var reach [classCount]span // of the hits so far, by class, the one that reaches furthest
	furthest := 0
	for i := range hits {
		h := &hits[i]
		if h.end <= furthest {
			for k := range reach {
				if h.end <= reach[k].end && h.span != reach[k] {
					h.shades |= 1 << k
				}
			}
		}
		for c := h.class; c != 0; c &= c - 1 {
			if k := bits.TrailingZeros8(uint8(c)); h.end > reach[k].end {
				reach[k] = h.span
			}
		}
		furthest = max(furthest, h.end)
	}
}

// steps names what was undone to read the primary term, in order.
func (s streams) steps(h *hit) []string {
	if s.asWritten(h) {
		return []string{}
	}
	stream := s.plain
	if h.hidden {
		stream = s.hidden
	}
	if steps := stream.Steps(int(h.at), int(h.to)); steps != nil {
		return steps
	}
	return []string{}
}

// asWritten reports whether a term stands in the text letter by letter, but for
// the case of ASCII.
func (s streams) asWritten(h *hit) bool {
	if h.hidden || h.end-h.start != int(h.to-h.at) {
		return false
	}
	written, term := s.plain.Original[h.start:h.end], s.plain.Text[h.at:h.to]
	for i := range len(term) {
		if c := written[i]; c != term[i] && (c-'A' > 'Z'-'A' || c|0x20 != term[i]) {
			return false
		}
	}
	return true
}
