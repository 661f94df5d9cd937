package detect

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// spelled returns the words that a walk along w passes the ends of.
func (t *trie) spelled(w []uint16) (out []int32) {
	node := int32(0)
	for _, code := range w {
		if node = t.step(node, code); node == 0 {
			return out
		}
		if t.cells[node].hasWords() {
			out = append(out, t.words(node)...)
		}
	}
	return out
}

func TestATrieHoldsItsWordsAndNoOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]uint16{2, 5, 300}).Draw(t, "codes")
		word := rapid.SliceOfN(rapid.Uint16Range(1, most), 1, 5)
		words := rapid.SliceOfN(word, 1, 300).Draw(t, "words")
		tr := newTrie(words)
		for _, w := range append(rapid.SliceOfN(word, 1, 20).Draw(t, "others"), words...) {
			want := []int32{}
			for i, other := range words {
				if len(other) <= len(w) && slices.Equal(other, w[:len(other)]) {
					want = append(want, int32(i))
				}
			}
			slices.SortStableFunc(want, func(a, b int32) int { return len(words[a]) - len(words[b]) })
			if got := tr.spelled(w); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("along %v stand %v, want %v of %v", w, got, want, words)
			}
		}
	})
}

func TestATrieIsDense(t *testing.T) {
	tr := builtinRules(t).match.trie
	nodes := 0
	for _, c := range tr.cells {
		if c.parent != noNode {
			nodes++
		}
	}
	if len(tr.cells) > nodes+nodes/4 {
		t.Errorf("%d cells for %d nodes", len(tr.cells), nodes)
	}
}
