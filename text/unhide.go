package text

import (
	"slices"
	"sort"
	"strings"
)

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
//
// It is careful, not exact: where ordinary text has the form of a trick (a
// listed emoji, letters with spaces between) it is undone as well, so the
// stream is for matching beside the plain one, never in its place. Where
// nothing was undone Changed reports false and Text is f.Text.
//
// The tricks are undone in the order in which they hide each other: single
// characters first, then what stands between them, then what they spell. What
// depends on the neighbourhood looks at a bounded part of it.
func Unhide(f *Folded) *Folded {
	v := surveys.Get().(*survey)
	defer surveys.Put(v)
	v.lexis = lexicon()
	v.begin(f.Text)
	u := f
	for t, undo := range tricks {
		if len(v.places[t]) == 0 {
			continue
		}
		if edits := undo(v, v.places[t]); len(edits) > 0 {
			v.edits = edits
			u = apply(u, slices.Clone(edits))
			v.edited(u.Text, u.edits, trick(t+1))
		}
	}
	v.s = ""
	if u == f {
		return apply(f, nil)
	}
	return u
}

// trick is one of the things undone, in order.
type trick int

const (
	glyphTrick     trick = iota // what hides by itself
	separatorTrick              // what stands behind a word
	jamoTrick
	leetTrick   // a digit or sign beside a letter
	wordTrick   // where disguised words may begin
	hangulTrick // where disguised Korean words may begin
	digitTrick  // a digit beside a letter, or beside one that is spoken
	trickCount
)

// tricks undoes each of them at the places of a survey, which are in order.
var tricks = [trickCount]func(v *survey, places []int32) []edit{
	undoGlyphs, undoSeparators, undoJamo, undoLeet, undoWords, undoHangul, undoDigits,
}

// apply makes the stream that edits make of f. They are in order and do not
// overlap.
func apply(f *Folded, edits []edit) *Folded {
	u := &Folded{Original: f.Original, Text: f.Text, under: f, edits: edits}
	if len(edits) == 0 {
		return u
	}
	size := len(f.Text)
	for i := range edits {
		size += len(edits[i].to) - (edits[i].end - edits[i].start)
	}
	var out strings.Builder
	out.Grow(size)
	u.moved = make(mapping, 0, len(edits))
	done := 0
	for i := range edits {
		e := &edits[i]
		out.WriteString(f.Text[done:e.start])
		e.at = out.Len()
		out.WriteString(e.to)
		u.moved.add(e.at, e.start, len(e.to), e.end-e.start)
		done = e.end
	}
	out.WriteString(f.Text[done:])
	u.Text = out.String()
	return u
}

// editSteps returns the steps of the edits that touch [start, end) of f.Text.
// What was dropped touches it only from within.
func (f *Folded) editSteps(start, end int) step {
	var steps step
	first := sort.Search(len(f.edits), func(i int) bool {
		e := &f.edits[i]
		return e.at+len(e.to) > start
	})
	for k := first; k < len(f.edits) && f.edits[k].at < end; k++ {
		if e := &f.edits[k]; e.to != "" || e.at > start {
			steps |= e.step
		}
	}
	return steps
}
