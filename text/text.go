// Package text is the one normaliser and tokeniser of leakwatch. Detection,
// masking, the query language and both index engines read texts through it,
// so they cannot disagree about what a text says.
//
// A text has two streams. Fold gives the plain one, in which only the form of
// characters was settled; Unhide gives the second, in which the tricks are
// undone by which sellers hide words. Both are Folded values: the text, and a
// map that leads every span of it back to its span of the original and names
// what was done on the way. The map is kept as the pieces where lengths
// differ (see mapping), so a plain text costs nothing.
//
// What is folded and undone is data: the tables of text/data, embedded as
// they are and read at first use. Each names its source.
//
// It imports nothing of ours. All functions are pure and safe for concurrent
// use; all take any byte string (invalid UTF-8 is read as U+FFFD) and are
// linear in its length.
package text

import "unicode/utf8"

// Version changes whenever folding or tokenising changes its answer for any
// text; listings stored under another version are read again.
const Version = 3

// Folded is a text in one normal form, with the way back to the original. It
// is immutable.
type Folded struct {
	Original string // the text as given
	Text     string // its folded form

	under *Folded // the stream that this one was made from, nil under the plain one
	moved mapping // from Text to under.Text, or to Original under the plain stream
	edits []edit  // what was done to under.Text, in order; nil under the plain stream
}

// Changed reports whether the stream differs from the one it was made from:
// the plain stream from the original, the unhidden one from the plain one.
func (f *Folded) Changed() bool {
	if f.under == nil {
		return f.Text != f.Original
	}
	for ; f.under != nil; f = f.under {
		if len(f.edits) > 0 {
			return true
		}
	}
	return false
}

// Source returns the byte span of the original that the byte span
// [start, end) of f.Text was made from, widened to whole characters; bounds
// outside the text are cut to it. The span of the whole text is the whole
// original, also where what was dropped stands at its ends.
func (f *Folded) Source(start, end int) (int, int) {
	if start <= 0 && end >= len(f.Text) {
		return 0, len(f.Original)
	}
	for ; f.under != nil; f = f.under {
		start, end = f.below(start, end)
	}
	return f.below(start, end)
}

// below maps a span of f.Text one stream down.
func (f *Folded) below(start, end int) (int, int) {
	start, end = wholeRunes(f.Text, start, end)
	return f.moved.span(start, end)
}

// wholeRunes cuts a span to s and widens it to the code points it touches.
func wholeRunes(s string, start, end int) (int, int) {
	start = min(max(start, 0), len(s))
	end = min(max(end, start), len(s))
	for start > 0 && start < len(s) && !utf8.RuneStart(s[start]) {
		start--
	}
	for end < len(s) && !utf8.RuneStart(s[end]) {
		end++
	}
	return start, end
}
