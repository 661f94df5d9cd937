package text

// An edit is one thing undone in the stream below.
type edit struct {
	start, end int // span of the stream below
	to         string
	step       step
	at         int // where to begins in the stream above
}

// Unhide returns the second stream: f with the tricks undone by which sellers
// hide words: separators between single characters, homophones and aliases,
// emoji words, look-alikes, split jamo, pinyin, digits hidden as letters. Its
// map leads to the same original.
func Unhide(f *Folded) *Folded {
	return apply(f, nil)
}

// apply makes the stream that edits make of f. They are in order and do not
// overlap.
func apply(f *Folded, edits []edit) *Folded {
	u := &Folded{Original: f.Original, Text: f.Text, under: f, edits: edits}
	if len(edits) == 0 {
		return u
	}
	out := make([]byte, 0, len(f.Text)+len(f.Text)/8)
	done := 0
	for i := range edits {
		e := &edits[i]
		out = append(out, f.Text[done:e.start]...)
		e.at = len(out)
		out = append(out, e.to...)
		u.moved.add(e.at, e.start, len(e.to), e.end-e.start)
		done = e.end
	}
	u.Text = string(append(out, f.Text[done:]...))
	return u
}

// editSteps returns the steps of the edits that touch [start, end) of f.Text.
func (f *Folded) editSteps(start, end int) step {
	var steps step
	for k := firstEdit(f.edits, start); k < len(f.edits) && f.edits[k].at < end; k++ {
		if e := f.edits[k]; e.at+len(e.to) > start && (e.to != "" || e.at > start) {
			steps |= e.step
		}
	}
	return steps
}

// firstEdit returns the index of the last edit that begins at or before at,
// or of the first one.
func firstEdit(edits []edit, at int) int {
	low, high := 0, len(edits)
	for low < high {
		if mid := (low + high) / 2; edits[mid].at < at {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return max(low-1, 0)
}
