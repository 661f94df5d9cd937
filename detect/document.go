package detect

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// document is the fields of one input as a single text, so that each stream
// is folded and scanned once.
type document struct {
	fields   []field
	titleEnd int // where the field after the title begins; 0 if the first field is no title
	language string
	room     [4]field // for the fields of most documents
	runes    int      // of the text
	even     bool     // it has as many as bytes that may begin one: all but broken texts do
	streams
}

// field is the place of one field in the joined text.
type field struct {
	name string
	span
}

// fieldGap stands between two fields; nothing is read across it.
const fieldGap = "\n\n\n\n"

type namedText struct{ name, text string }

// join makes d the document of fields, the brackets of masks in them escaped.
func (d *document) join(fields []namedText) {
	var b strings.Builder
	size := len(fieldGap) * len(fields)
	for _, f := range fields {
		size += len(f.text)
	}
	b.Grow(size)
	d.fields = d.room[:0]
	for i, f := range fields {
		if i > 0 {
			b.WriteString(fieldGap)
		}
		start := b.Len()
		b.WriteString(leak.EscapeMarks(f.text))
		d.fields = append(d.fields, field{f.name, span{start, b.Len()}})
	}
	switch {
	case d.fields[0].name != "title":
	case len(d.fields) > 1:
		d.titleEnd = d.fields[1].start
	default:
		d.titleEnd = b.Len()
	}
	d.language, d.runes = text.Language(b.String())
	d.even = d.runes == runeStarts(b.String(), 0, b.Len())
	d.plain = text.Fold(b.String())
	d.hidden = text.Unhide(d.plain)
}

func (d *document) original() string { return d.plain.Original }

// fieldAt returns the field that holds the byte offset.
func (d *document) fieldAt(offset int) *field {
	i := 1
	for i < len(d.fields) && d.fields[i].start <= offset {
		i++
	}
	return &d.fields[i-1]
}

// inTitle reports whether a span lies in the title, which is the first field.
func (d *document) inTitle(s span) bool { return s.start < d.titleEnd }

// untitled reports whether a document has no title, as messages have none.
func (d *document) untitled() bool {
	return d.fields[0].name != "title" || d.fields[0].start == d.fields[0].end
}

// count returns the number of code points between two bytes that begin one.
func (d *document) count(from, to int) int {
	if !d.even {
		return utf8.RuneCountInString(d.original()[from:to])
	}
	return runeStarts(d.original(), from, to)
}

// runeStarts counts the bytes of s[from:to] that do not go on a code point.
func runeStarts(s string, from, to int) int {
	n := to - from
	for ; from+8 <= to; from += 8 {
		n -= bits.OnesCount64(goingOn(eightBytes(s, from)))
	}
	if from+8 <= len(s) {
		return n - bits.OnesCount64(goingOn(eightBytes(s, from))<<(8*(8-(to-from))))
	}
	for ; from < to; from++ {
		if !utf8.RuneStart(s[from]) {
			n--
		}
	}
	return n
}

// goingOn returns the highest bits of those of eight bytes that go on a code
// point.
func goingOn(x uint64) uint64 { return x &^ (x << 1) & (eachByte << 7) }

// eachByte has the lowest bit of each of eight bytes.
const eachByte = 0x0101010101010101

// bytesThatAre returns the highest bits of those of eight bytes that are c, and
// perhaps of some above the lowest of them.
func bytesThatAre(c byte, x uint64) uint64 {
	x ^= eachByte * uint64(c)
	return (x - eachByte) &^ x & (eachByte << 7)
}

// eightBytes returns s[i:i+8], the first byte the lowest.
func eightBytes(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// findings turns matches into findings whose offsets count code points of
// their fields. Instances are sorted by start, so each field is counted
// through once.
func (d *document) findings(l *Lexicon, instances []instance) []leak.Finding {
	out := make([]leak.Finding, 0, len(instances))
	at, points := -1, 0
	for i := range instances {
		in := &instances[i]
		f := d.fieldAt(in.start)
		if at < f.start {
			at, points = f.start, 0
		}
		points += d.count(at, in.start)
		at = in.start
		end := min(in.end, f.end)
		out = append(out, leak.Finding{
			Rule: l.Rules[in.rule].ID, Field: f.name, Start: points,
			End:   points + d.count(in.start, end),
			Steps: d.steps(in.hit),
		})
	}
	return out
}
