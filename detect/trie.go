package detect

import (
	"cmp"
	"slices"
)

// trie holds words over small codes as a double array: the child of a node by
// code c stands at the node's base + c, if the cell there says that it is this
// node's. A step costs one look into an array, however many children a node
// has.
type trie struct {
	cells []cell
	lists []int32 // by cell: the word that ends there, or, of several, the place in ends, negative
	ends  []int32 // of nodes at which several words end: their number, then the words
}

// cell is a node, or free. Node 0 is the root. It is small, so that many fit
// into the cache.
type cell struct {
	parent int32 // noNode for a free cell and for the root
	packed int32 // twice the base, and 1 if words end here
}

const noNode = -1

func (c cell) base() int32 { return c.packed >> 1 }

// hasWords reports whether words end at the node.
func (c cell) hasWords() bool { return c.packed&1 != 0 }

// step returns the child of a node by a code, 0 if there is none.
func (t *trie) step(node int32, code uint16) int32 {
	i := t.cells[node].base() + int32(code)
	if uint(i) < uint(len(t.cells)) && t.cells[i].parent == node {
		return i
	}
	return 0
}

// words returns the words that end at a node, in order.
func (t *trie) words(node int32) []int32 {
	if i := t.lists[node]; i < 0 {
		return t.ends[1-i : 1-i+t.ends[-i]]
	}
	return t.lists[node : node+1]
}

// trieBuilder places the nodes of a trie, each after its parent and, if it can
// be, beside it.
type trieBuilder struct {
	trie
	source [][]uint16 // the words
	order  []int32    // the words, sorted
	next   []int32    // by cell: itself if it is free, else one from which to look on
}

// branch is a node yet to be placed with the words below it, order[from:to].
type branch struct {
	node, from, to int32
	depth          int
}

func newTrie(words [][]uint16) trie {
	b := &trieBuilder{source: words, order: make([]int32, len(words)), trie: trie{ends: []int32{0}}}
	for i := range b.order {
		b.order[i] = int32(i)
	}
	slices.SortFunc(b.order, func(x, y int32) int { return cmp.Or(slices.Compare(words[x], words[y]), int(x-y)) })
	b.take(0, noNode)
	for todo := []branch{{to: int32(len(words))}}; len(todo) > 0; {
		last := todo[len(todo)-1]
		todo = b.grow(todo[:len(todo)-1], last)
	}
	return b.trie
}

// grow places the children of a node and adds them to those whose children are
// yet to be placed.
func (b *trieBuilder) grow(todo []branch, n branch) []branch {
	first := n.from
	for n.from < n.to && len(b.source[b.order[n.from]]) == n.depth {
		n.from++
	}
	b.list(n.node, b.order[first:n.from])
	var codes []uint16
	children := len(todo)
	for i := n.from; i < n.to; i++ {
		code := b.source[b.order[i]][n.depth]
		if len(codes) == 0 || codes[len(codes)-1] != code {
			codes = append(codes, code)
			todo = append(todo, branch{from: i, depth: n.depth + 1})
		}
		todo[len(todo)-1].to = i + 1
	}
	if len(codes) == 0 {
		return todo
	}
	base := b.place(codes)
	b.cells[n.node].packed |= base << 1
	for i, code := range codes {
		todo[children+i].node = base + int32(code)
		b.take(base+int32(code), n.node)
	}
	return todo
}

// list notes the words that end at a node.
func (b *trieBuilder) list(node int32, words []int32) {
	if len(words) == 0 {
		return
	}
	b.cells[node].packed |= 1
	b.lists[node] = words[0]
	if len(words) > 1 {
		b.lists[node] = -int32(len(b.ends))
		b.ends = append(append(b.ends, int32(len(words))), words...)
	}
}

// maxPlaces is how many places are tried for the children of a node before
// they go to the end.
const maxPlaces = 1000

// place returns a base at which the cells of all codes, which are sorted, are
// free.
func (b *trieBuilder) place(codes []uint16) int32 {
	first := int32(codes[0])
	at := b.free(0)
	for range maxPlaces {
		if !slices.ContainsFunc(codes, func(c uint16) bool { return b.free(at-first+int32(c)) != at-first+int32(c) }) {
			return at - first
		}
		at = b.free(at + 1)
	}
	return int32(len(b.cells)) - first
}

// free returns the first free cell from i on, which may be behind the last.
func (b *trieBuilder) free(i int32) int32 {
	for int(i) < len(b.next) && b.next[i] != i {
		if n := b.next[i]; int(n) < len(b.next) {
			b.next[i] = b.next[n]
		}
		i = b.next[i]
	}
	return i
}

// take makes cell i a child of a node.
func (b *trieBuilder) take(i, parent int32) {
	for int(i) >= len(b.cells) {
		b.next = append(b.next, int32(len(b.cells)))
		b.cells = append(b.cells, cell{parent: noNode})
		b.lists = append(b.lists, 0)
	}
	b.cells[i].parent = parent
	b.next[i] = i + 1
}
