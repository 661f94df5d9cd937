// Package latin keeps small dictionaries of Latin words for the readers of
// offers and contacts.
package latin

import (
	"maps"
	"strings"
)

// Words maps words to what they mean. By the first and the last letter of a word
// and its length it tells most of those that it does not hold. It is immutable
// and safe for concurrent use.
type Words[V any] struct {
	lengths [256]uint32 // of the words, a bit each, by shape
	values  map[string]V
}

// New makes a dictionary of values, which it keeps; no word is empty.
func New[V any](values map[string]V) *Words[V] {
	w := &Words[V]{values: values}
	for word := range values {
		w.lengths[shape(word)] |= 1 << (len(word) % 32)
	}
	return w
}

// Set makes a dictionary of the words of a list, which mean true.
func Set(list string) *Words[bool] {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return New(m)
}

// Set returns the words of w as they mean true.
func (w *Words[V]) Set() *Words[bool] {
	m := map[string]bool{}
	for word := range w.values {
		m[word] = true
	}
	return New(m)
}

// Merge makes a dictionary of all words of several.
func Merge[V any](all ...*Words[V]) *Words[V] {
	m := map[string]V{}
	for _, w := range all {
		maps.Copy(m, w.values)
	}
	return New(m)
}

// shape mixes the first and the last byte of a word.
func shape(word string) byte { return word[0]<<3 ^ word[len(word)-1] }

// May reports whether word may be in w; if not it is not.
func (w *Words[V]) May(word string) bool {
	return word != "" && w.lengths[shape(word)]>>(len(word)%32)&1 != 0
}

// Of returns what word means, and whether it is in w.
func (w *Words[V]) Of(word string) (value V, ok bool) {
	if w.May(word) {
		value, ok = w.values[word]
	}
	return value, ok
}

// Value returns what word means, the zero value if it is not in w.
func (w *Words[V]) Value(word string) V {
	value, _ := w.Of(word)
	return value
}
