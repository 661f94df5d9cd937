package query

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Fault is one problem in a query. No field of it holds a value that may
// identify a victim.
type Fault struct {
	Start, End int    // the bytes of the source that it is about
	Found      string // what stands there
	Wanted     string // what could stand there
	Hint       string // how to repair it, may be empty
}

// String returns the fault on one line.
func (f Fault) String() string {
	s := fmt.Sprintf("found %s, wanted %s", f.Found, f.Wanted)
	if f.Hint != "" {
		s += "; " + f.Hint
	}
	return s
}

// Error says what is wrong with a query: every fault that was found, in the
// order of the source.
type Error struct {
	Faults []Fault
	text   string
	shown  string
}

// Error returns each fault below the part of the query it is about, marked by
// carets. Identifiers are shown as dots and control characters as ?.
func (e *Error) Error() string { return e.text }

// Shown returns the query as typed, for showing it again to be repaired:
// identifiers stand in it as dots, control characters as ?.
func (e *Error) Shown() string { return e.shown }

// lineBefore and lineAfter are how many characters of a long query are shown
// before and after the begin of a fault.
const (
	lineBefore = 40
	lineAfter  = 60
)

// newError renders the faults; secret are the parts of src that must not be
// shown.
func newError(src string, faults []Fault, secret []span) *Error {
	slices.SortStableFunc(faults, func(a, b Fault) int { return a.Start - b.Start })
	shown := printable(src, append(secret, personalRuns(src)...))
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s in the query", len(faults), plural(len(faults), "fault"))
	for _, f := range faults {
		line, marks := pointAt(src, shown, f.Start, f.End)
		fmt.Fprintf(&b, "\n  %s\n  %s\n  %s", line, marks, f)
	}
	return &Error{Faults: faults, text: b.String(), shown: string(shown)}
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// personalRuns returns the words of src that may identify a person, whatever
// the parser made of them.
func personalRuns(src string) []span {
	var out []span
	start := 0
	for i, r := range src + " " {
		if strings.ContainsRune(operandEnds, halfwidth(r)) && halfwidth(r) != ':' {
			if value := behindField(src[start:i]); personal(strings.TrimLeft(value, "<>=[{")) {
				out = append(out, span{i - len(value), i})
			}
			start = i + utf8.RuneLen(r)
		}
	}
	return out
}

// behindField returns s without a field and its colon.
func behindField(s string) string {
	i := strings.IndexFunc(s, func(r rune) bool { return halfwidth(r) == ':' })
	if i < 0 || strings.ContainsFunc(s[:i], unicode.IsDigit) {
		return s
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return s[i+n:]
}

// printable returns src rune by rune as it may be shown.
func printable(src string, secret []span) []rune {
	hidden := make([]bool, len(src))
	for _, s := range secret {
		for i := s.start; i < s.end; i++ {
			hidden[i] = true
		}
	}
	var out []rune
	for i, r := range src {
		switch {
		case hidden[i]:
			r = '•'
		case unicode.IsSpace(r):
			r = ' '
		case !unicode.IsPrint(r):
			r = '?'
		}
		out = append(out, r)
	}
	return out
}

// pointAt returns the part of the source around a span, and the line that
// marks the span below it.
func pointAt(src string, shown []rune, start, end int) (line, marks string) {
	first := utf8.RuneCountInString(src[:start])
	last := max(utf8.RuneCountInString(src[:end]), first)
	from, to := max(first-lineBefore, 0), min(first+lineAfter, len(shown))
	before, after := "", ""
	if from > 0 {
		before = "…"
	}
	if to < len(shown) {
		after = "…"
	}
	line = before + string(shown[from:to]) + after
	pad := columns(before) + columns(string(shown[from:first]))
	mark := columns(string(shown[first:max(min(last, to), first)]))
	return line, strings.Repeat(" ", pad) + strings.Repeat("^", max(mark, 1))
}

// columns returns how many columns of a terminal s takes up.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			if !unicode.Is(unicode.Mn, r) {
				n++
			}
		}
	}
	return n
}

// closest returns the one of names that is most like s, "" if none is.
func closest(s string, names []string) string {
	best, least := "", 1+max(1, min(3, len(s)/3))
	for _, n := range names {
		if d := distance(s, n); d < least {
			best, least = n, d
		}
	}
	if best != "" || len(s) < 3 {
		return best
	}
	for _, n := range names {
		if strings.HasPrefix(n, s) || strings.HasSuffix(n, s) {
			return n
		}
	}
	return ""
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b. Texts over 64 bytes are far from all.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	older, old, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range old {
		old[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
		older, old, row = old, row, older
	}
	return old[len(b)]
}
