package offer

import "strings"

// vocabulary maps Latin words to what they mean. By their first and last letter
// and their length it tells most words that it does not hold.
type vocabulary[V any] struct {
	shapes [256]uint32 // the lengths of words, a bit each, by shape
	words  map[string]V
}

func newVocabulary[V any](words map[string]V) *vocabulary[V] {
	v := &vocabulary[V]{words: words}
	for w := range words {
		v.shapes[shape(w)] |= 1 << (len(w) % 32)
	}
	return v
}

// shape mixes the first and the last byte of w.
func shape(w string) byte { return w[0]<<3 ^ w[len(w)-1] }

// may reports whether the word w, which is not empty, may be in v.
func (v *vocabulary[V]) may(w string) bool { return v.shapes[shape(w)]>>(len(w)%32)&1 != 0 }

// of returns what w means, and whether it is in v.
func (v *vocabulary[V]) of(w string) (value V, ok bool) {
	if w == "" || !v.may(w) {
		return value, false
	}
	value, ok = v.words[w]
	return value, ok
}

// value returns what w means, the zero value if it is not in v.
func (v *vocabulary[V]) value(w string) V {
	value, _ := v.of(w)
	return value
}

// set makes a vocabulary of words that are only in it or not.
func set(words string) *vocabulary[bool] {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return newVocabulary(m)
}
