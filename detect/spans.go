package detect

import "slices"

// span is a byte range of a text.
type span struct{ start, end int }

// overlaps reports whether two spans share a byte.
func (s span) overlaps(o span) bool { return s.start < o.end && o.start < s.end }

// spans are ranges sorted by start. Looking one up costs the logarithm of
// their number, so that no text is read in more than linear time but for
// that.
type spans []span

// lookBack bounds how many spans that begin earlier are looked at.
const lookBack = 8

// beside reports whether a span lies at most limit characters from at, on
// either side or over it.
func (s spans) beside(at span, limit int) bool {
	i := s.after(at.end + limit*wideBytes + 1)
	for k := i - 1; k >= 0 && k >= i-lookBack; k-- {
		if s[k].end >= at.start-limit*wideBytes {
			return true
		}
	}
	return false
}

// endsBefore reports whether a span ends at most limit characters before at.
func (s spans) endsBefore(at, limit int) bool {
	i := s.after(at)
	for k := i - 1; k >= 0 && k >= i-lookBack; k-- {
		if s[k].end <= at && at-s[k].end <= limit*wideBytes {
			return true
		}
	}
	return false
}

// lastBefore returns the index of a span that ends at or before x, the last of
// those that begin before it, -1 if there is none near.
func (s spans) lastBefore(x int) int {
	i := s.after(x)
	for k := i - 1; k >= 0 && k >= i-lookBack; k-- {
		if s[k].end <= x {
			return k
		}
	}
	return -1
}

// after returns the index of the first span that begins at or after x.
func (s spans) after(x int) int {
	low, high := 0, len(s)
	for low < high {
		if mid := int(uint(low+high) >> 1); s[mid].start < x {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// has reports whether a span is one of s.
func (s spans) has(at span) bool {
	for i := s.after(at.start); i < len(s) && s[i].start == at.start; i++ {
		if s[i].end == at.end {
			return true
		}
	}
	return false
}

// distinct sorts spans and keeps one of those that are equal.
func distinct(s spans) spans {
	if len(s) < 2 {
		return s
	}
	slices.SortFunc(s, func(a, b span) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return a.end - b.end
	})
	return slices.Compact(s)
}

func sortSpans(s spans) spans {
	for i := 1; i < len(s); i++ {
		if s[i].start < s[i-1].start {
			slices.SortFunc(s, func(a, b span) int { return a.start - b.start })
			break
		}
	}
	return s
}

// spansByCategory are lists of ranges, one for each category.
type spansByCategory struct {
	lists  [categoryCount]spans
	filled categorySet // the lists that hold some
}

func (l *spansByCategory) add(to categorySet, at span) {
	l.filled |= to
	for c := range to.all {
		l.lists[c] = append(l.lists[c], at)
	}
}

func (l *spansByCategory) clear() {
	for c := range l.filled.all {
		l.lists[c] = l.lists[c][:0]
	}
	l.filled = 0
}
