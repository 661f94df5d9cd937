package stops

import (
	"maps"
	"math/bits"
	"slices"
)

// Table maps code points to lists. It is immutable and safe for
// concurrent use.
type Table[V any] struct {
	Set
	before [1 << 16 / 64]uint16 // how many members stand before each word of the set
	lists  [][]V                // of the members, in their order
	above  map[rune][]V         // of those above 0xFFFF
}

// NewTable makes a table of lists, which it keeps.
func NewTable[V any](lists map[rune][]V) *Table[V] {
	t := &Table[V]{above: map[rune][]V{}}
	for _, r := range slices.Sorted(maps.Keys(lists)) {
		if r >= 1<<16 {
			t.above[r] = lists[r]
			continue
		}
		t.Add(r)
		t.lists = append(t.lists, lists[r])
	}
	n := 0
	for k, word := range t.all {
		t.before[k] = uint16(n)
		n += bits.OnesCount64(word)
	}
	return t
}

// Of returns the list of r, nil if it has none.
func (t *Table[V]) Of(r rune) []V {
	if r >= 1<<16 {
		return t.above[r]
	}
	if !t.May(r) {
		return nil
	}
	word, bit := t.all[r/64], uint64(1)<<(r%64)
	return t.lists[int(t.before[r/64])+bits.OnesCount64(word&(bit-1))]
}
