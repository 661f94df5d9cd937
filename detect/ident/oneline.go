package ident

import "github.com/leakwatch/leakwatch/leak"

// rowsOnOneLine masks the names in a sample whose rows stand on one line, as a
// feed puts them: three or more lesser marks, with names right beside them in
// at least as many of the places between.
func (r *reader) rowsOnOneLine(w *row) {
	if w.last-w.first < sampleRows {
		return
	}
	var names [][2]int
	places, at := 0, w.start
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
	if places < sampleRows {
		return
	}
	for _, c := range names {
		r.add(mark{Found: Found{Kind: leak.NameRow, Canonical: r.s[c[0]:c[1]], Start: c[0], End: c[1]}})
	}
}

// namesBeside appends the names in [at, end) that nothing but further names
// parts from the mark behind at, if there is one, and from that before end.
func (r *reader) namesBeside(names [][2]int, at, end int, behind, before bool) [][2]int {
	if end <= at {
		return names
	}
	cells := r.splitCells(nil, at, end, false)
	isName := func(c [2]int) bool { return isName(r.s[c[0]:c[1]], "") }
	for behind && len(cells) > 0 && isName(cells[0]) {
		names, cells = append(names, cells[0]), cells[1:]
	}
	for n := len(cells) - 1; before && n >= 0 && isName(cells[n]); n-- {
		names = append(names, cells[n])
	}
	return names
}
