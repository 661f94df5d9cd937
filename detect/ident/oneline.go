package ident

import (
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
)

// rowsOnOneLine masks the names that stand right beside the marks of a line:
// next to one that identifies, or in a sample whose rows stand on one line, as
// a feed puts them, so that names stand in three or more of the places between.
func (r *reader) rowsOnOneLine(w *row) {
	if !w.strong && w.last-w.first < sampleRows {
		return
	}
	if names, places := r.namesOfLine(w); w.strong || places >= sampleRows {
		r.addNames(names)
	}
}

func (r *reader) addNames(names [][2]int) {
	for _, c := range names {
		r.add(mark{Found: Found{Kind: leak.NameRow, Canonical: r.s[c[0]:c[1]], Start: c[0], End: c[1]}})
	}
}

// namesOfLine returns the names right beside the marks of a row, and in how
// many of the places before, between and behind them there are some.
func (r *reader) namesOfLine(w *row) (names [][2]int, places int) {
	at := w.start
	for m := w.first; m <= w.last; m++ {
		end := w.end
		if m < w.last {
			end = r.marks[m].Start
		}
		known := len(names)
		names = r.namesBeside(names, at, end, m > w.first, m < w.last)
		if len(names) > known {
			places++
		}
		if m < w.last {
			at = max(at, r.marks[m].End)
		}
	}
	return names, places
}

// namesBeside appends the names in [at, end) that nothing but further names
// parts from the mark behind at, if there is one, and from that before end.
func (r *reader) namesBeside(names [][2]int, at, end int, behind, before bool) [][2]int {
	for behind && at < end {
		a, b := r.firstCell(at, end)
		if a == b || !isName(r.s[a:b], "") {
			break
		}
		names, at = append(names, [2]int{a, b}), b
	}
	for before && at < end {
		a, b := r.lastCell(at, end)
		if a == b || !isName(r.s[a:b], "") {
			break
		}
		names, end = append(names, [2]int{a, b}), a
	}
	return names
}

// maxNameCell is the length of the longest cell that can be a name, in bytes.
const maxNameCell = 32

// firstCell returns the first cell of [at, end) that is not empty, lastCell the
// last one; an empty span if it is too long for a name, or there is none.
func (r *reader) firstCell(at, end int) (int, int) {
	for i := at; i < end && i-at < maxNameCell; {
		c, w := utf8.DecodeRuneInString(r.s[i:end])
		if i += w; !isSeparator(c, false) {
			continue
		}
		if a, b := trimCell(r.s, at, i-w); b > a {
			return a, b
		}
		at = i
	}
	if end-at < maxNameCell {
		return trimCell(r.s, at, end)
	}
	return at, at
}

func (r *reader) lastCell(at, end int) (int, int) {
	for i := end; i > at && end-i < maxNameCell; {
		c, w := utf8.DecodeLastRuneInString(r.s[at:i])
		if i -= w; !isSeparator(c, false) {
			continue
		}
		if a, b := trimCell(r.s, i+w, end); b > a {
			return a, b
		}
		end = i
	}
	if end-at < maxNameCell {
		return trimCell(r.s, at, end)
	}
	return end, end
}
