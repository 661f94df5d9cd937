package detect

import (
	_ "embed"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Those who sell write otherwise than those who report, ask, warn or teach,
// whatever they name. The wording of a text is what its common words tell of
// that: each Chinese, Japanese or Korean character, each pair of them and each
// Latin word that occurs in the development set often enough has a weight, and
// the sum of those that a text holds, each counted once, over the square root
// of how many they are and twenty more, is the log odds that its author offers
// something: a logistic regression over rows of about the same length. The
// judge takes it as one kind of evidence among others, and asks only for texts
// that name something traded. The weights come from the command that makes
// model.json.

//go:embed wording.tsv
var wordingFile string

const (
	wordingCap = 6  // bounds what the wording tells, in log odds
	fewWords   = 20 // words that tell half of what they would among many
)

// wording is the table of weights. It is safe for concurrent use.
type wording struct {
	words   []string
	weights []float32
	filter  [filterBits / 64]uint64 // bits of the words there are: small enough to stay at hand
	slots   []wordSlot              // open addressing; a power of two, at most half full
	shift   uint                    // of a hash to the index of its slot
}

const filterBits = 1 << 16

type wordSlot struct {
	print uint32 // of the hash
	word  int32  // index of the word + 1, 0 for an empty slot
}

// readWording reads lines of a word, a tab and its weight.
func readWording(file string) (*wording, error) {
	var words []string
	var weights []float32
	for n, line := range strings.Split(strings.TrimSuffix(file, "\n"), "\n") {
		word, weight, _ := strings.Cut(line, "\t")
		x, err := strconv.ParseFloat(weight, 32)
		if err != nil {
			return nil, fmt.Errorf("read wording: line %d: %w", n+1, err)
		}
		words, weights = append(words, word), append(weights, float32(x))
	}
	return newWording(words, weights), nil
}

func newWording(words []string, weights []float32) *wording {
	size := bits.Len(uint(2*len(words) - 1))
	w := &wording{words: words, weights: weights, slots: make([]wordSlot, 1<<size), shift: uint(64 - size)}
	for i, word := range words {
		eachWord(word, func(key uint64, at, n int) {
			if n == len(word) {
				h := hashWord(key)
				*w.slot(h) = wordSlot{uint32(h >> 8), int32(i + 1)}
				w.filter[h%filterBits/64] |= 1 << (h % 64)
			}
		})
	}
	return w
}

// hashWord spreads a key over all bits (the first half of the finalizer of
// MurmurHash3, by Austin Appleby, public domain).
func hashWord(key uint64) uint64 {
	key ^= key >> 33
	key *= 0xff51afd7ed558ccd
	key ^= key >> 33
	return key
}

// slot returns the slot of a word, or the empty one where it would stand.
func (w *wording) slot(hash uint64) *wordSlot {
	for i := hash >> w.shift; ; i++ {
		if s := &w.slots[i&uint64(len(w.slots)-1)]; s.word == 0 || s.print == uint32(hash>>8) {
			return s
		}
	}
}

// wordSet holds the distinct words of one text.
type wordSet struct {
	list []int32
	has  []uint64 // bits, by word
}

func (s *wordSet) clear(words int) {
	if s.has == nil {
		s.has = make([]uint64, words/64+1)
	}
	for _, i := range s.list {
		s.has[i/64] = 0
	}
	s.list = s.list[:0]
}

// find puts the known words of a folded text into set.
func (w *wording) find(s string, set *wordSet) {
	set.clear(len(w.words))
	eachWord(s, func(key uint64, _, _ int) {
		h := hashWord(key)
		if w.filter[h%filterBits/64]>>(h%64)&1 == 0 {
			return
		}
		i := w.slot(h).word - 1
		if i >= 0 && set.has[i/64]>>(i%64)&1 == 0 {
			set.has[i/64] |= 1 << (i % 64)
			set.list = append(set.list, i)
		}
	})
}

// odds returns the log odds of a text that holds the words of set.
func (w *wording) odds(set *wordSet) float64 {
	if len(set.list) == 0 {
		return 0
	}
	sum := float32(0)
	for _, i := range set.list {
		sum += w.weights[i]
	}
	return max(-wordingCap, min(float64(sum)*shareOf(set), wordingCap))
}

// shareOf returns what each word of a text counts. A few words tell little.
func shareOf(set *wordSet) float64 { return 1 / math.Sqrt(float64(len(set.list)+fewWords)) }

// eachWord calls use with the key and the place, in bytes, of each word of a
// folded text: CJK characters, pairs of them that follow each other directly,
// and runs of the letters a to z. A run that a digit or an underscore touches
// is no word: numbers and handles are told otherwise.
func eachWord(s string, use func(key uint64, at, n int)) {
	before := uint64(0) // the ideograph that ends at i
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= 0xe3 && c < 0xee && i+2 < len(s): // three bytes: nearly all ideographs
			r := rune(c&0xf)<<12 | rune(s[i+1]&0x3f)<<6 | rune(s[i+2]&0x3f)
			if !isIdeograph(r) {
				before = 0
				i += 3
				continue
			}
			use(uint64(r), i, 3)
			if before != 0 {
				use(before<<21|uint64(r), i-3, 6)
			}
			before = uint64(r)
			i += 3
		case c-'a' < 26 || c-'0' < 10 || c == '_':
			n := latinRun(s[i:])
			if key, ok := latinKey(s[i : i+n]); ok {
				use(key, i, n)
			}
			before = 0
			i += n
		default:
			before = 0
			i++
		}
	}
}

// latinRun returns the length of the run of letters, digits and underscores at
// the begin of s.
func latinRun(s string) int {
	n := 0
	for n < len(s) && (s[n]-'a' < 26 || s[n]-'0' < 10 || s[n] == '_') {
		n++
	}
	return n
}

// latinKey returns the key of a word, FNV-1a with the highest bit set; false if
// it is none.
func latinKey(word string) (uint64, bool) {
	h := uint64(14695981039346656037)
	for i := range len(word) {
		if word[i] < 'a' {
			return 0, false
		}
		h = (h ^ uint64(word[i])) * 1099511628211
	}
	return h | 1<<63, len(word) > 0
}

// isIdeograph reports whether r, of three bytes in UTF-8, is a character that is written without spaces
// between words, or a syllable of Hangul.
func isIdeograph(r rune) bool {
	return r >= 0x3040 && r < 0xa000 || r >= 0xac00 && r < 0xd7b0
}
