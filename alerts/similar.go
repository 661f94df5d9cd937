package alerts

import (
	"hash/fnv"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// How alike two texts must be for their listings to share a case. A sketch
// holds the least values of sketchSize hash functions over the three-letter
// pieces of a text; the share of equal values estimates the share of pieces
// that two texts have in common. Two texts that share four fifths meet in at
// least one of four bands of four values with probability 0.88, two that
// share nine tenths with 0.99.
const (
	sketchSize  = 16
	sketchBands = 4
	sketchAlike = 13 // equal values of sketchSize

	minSame    = 16       // code points of a text that can be the same as another
	minSimilar = 40       // of a text that can be similar to another
	maxCompare = 16 << 10 // bytes of a text that are compared
)

// sketch is a text reduced to what similarity needs.
type sketch [sketchSize]uint32

// comparable returns the letters and digits of a listing's text in one form,
// without what a seller changes from one repost to the next: the contacts,
// and, where numbers is false, every number.
func comparable(l *leak.Listing, numbers bool) string {
	raw, _ := leak.CutBytes(l.Title+"\n"+l.Body, maxCompare)
	folded := withoutContacts(l.Contacts).Replace(text.Fold(raw).Text)
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsDigit(r) && !numbers:
			return -1
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		default:
			return -1
		}
	}, folded)
}

func withoutContacts(contacts []leak.Contact) *strings.Replacer {
	var pairs []string
	for _, c := range contacts {
		if v := text.Fold(c.Value).Text; len(v) >= 4 {
			pairs = append(pairs, v, " ")
		}
	}
	return strings.NewReplacer(pairs...)
}

// sameText returns the identity of a listing's text, or "" if it is too short
// to have one.
func sameText(l *leak.Listing) string {
	s := comparable(l, true)
	if utf8.RuneCountInString(s) < minSame {
		return ""
	}
	return leak.Fingerprint("text", s)
}

// sketchOf returns the sketch of a listing's text, or false if it is too
// short to have one.
func sketchOf(l *leak.Listing) (sketch, bool) {
	runes := []rune(comparable(l, false))
	if len(runes) < minSimilar {
		return sketch{}, false
	}
	var sk sketch
	for i := range sk {
		sk[i] = math.MaxUint32
	}
	for i := 0; i+3 <= len(runes); i++ {
		h := fnv.New64a()
		h.Write([]byte(string(runes[i : i+3])))
		piece := h.Sum64()
		for j := range sk {
			sk[j] = min(sk[j], scatter(piece, uint64(j)))
		}
	}
	return sk, true
}

// scatter is the j-th hash function: the finaliser of splitmix64.
func scatter(x, j uint64) uint32 {
	x += (j + 1) * 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return uint32((x ^ x>>31) >> 32)
}

// like reports whether two sketches are of similar texts.
func (a sketch) like(b sketch) bool {
	equal := 0
	for i := range a {
		if a[i] == b[i] {
			equal++
		}
	}
	return equal >= sketchAlike
}

// band returns the values of one band.
func (a sketch) band(i int) []uint32 {
	const n = sketchSize / sketchBands
	return a[i*n : (i+1)*n]
}
