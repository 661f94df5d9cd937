package text

import (
	_ "embed" // the tables of text/data
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

//go:embed data/simplified.tsv
var simplifiedTSV string

//go:embed data/radicals.tsv
var radicalsTSV string

//go:embed data/forms.tsv
var formsTSV string

// A class says how a code point folds: to itself (0), to another code point
// (its number), or in a way told by a flag.
type class uint32

const (
	ignorable class = 1 << (24 + iota) // dropped
	joining                            // may combine with what stands before it
	expanding                          // folds to several code points
)

// contextual is set where a code point cannot be folded by itself.
const contextual = ignorable | joining | expanding

// classes is a two-stage table of the class of every code point.
type classes struct {
	pages [(unicode.MaxRune + 1) >> 8]*[256]class
	empty *[256]class // stands where nothing was set
}

func newClasses() (c classes) {
	c.empty = new([256]class)
	for p := range c.pages {
		c.pages[p] = c.empty
	}
	return c
}

func (c *classes) of(r rune) class { return c.pages[uint32(r)>>8][r&0xff] }

func (c *classes) set(r rune, k class) {
	p := &c.pages[r>>8]
	if *p == c.empty {
		*p = new([256]class)
	}
	(*p)[r&0xff] = k
}

// fill adds flags to all code points of whole pages; those that had none
// share a page.
func (c *classes) fill(first, last rune, f class) {
	shared := new([256]class)
	for i := range shared {
		shared[i] = f
	}
	for p := first >> 8; p <= last>>8; p++ {
		if c.pages[p] == c.empty {
			c.pages[p] = shared
			continue
		}
		for i := range c.pages[p] {
			c.pages[p][i] |= f
		}
	}
}

// tables holds what folding needs, built once from the embedded tables.
type tables struct {
	classes
	forms      map[rune]string // forms that NFKC leaves, and case
	simplified map[rune]rune   // Traditional characters
	expanded   map[rune]string // what expanding code points fold to
}

// foldTables builds the tables at first use, in a few milliseconds.
var foldTables = sync.OnceValue(newTables)

func newTables() *tables {
	t := &tables{classes: newClasses(), forms: map[rune]string{}, simplified: map[rune]rune{}, expanded: map[rune]string{}}
	caser := cases.Fold()
	eachGroup(simplifiedTSV, func(to string, from rune) { t.simplified[from] = firstRune(to) })
	eachGroup(radicalsTSV, func(to string, from rune) { t.forms[from] = to })
	eachGroup(formsTSV, func(to string, from rune) {
		if r := firstRune(to); unicode.Is(unicode.Han, from) {
			t.simplified[from] = r
		} else {
			t.forms[from] = to
		}
	})
	t.close()
	t.eachFolding(func(r rune) { t.classifyAlone(r, caser.String) })
	t.eachFolding(t.classifyFolded)
	return t
}

// eachFolding calls f for every code point that may fold to something else.
func (t *tables) eachFolding(f func(r rune)) {
	for _, span := range [][2]rune{
		{0, 0x33FF},        // up to the ideographs
		{0xA4D0, 0xABFF},   // up to the Hangul syllables
		{0xF900, 0x11FFF},  // compatibility forms, supplementary alphabets
		{0x16800, 0x16FFF}, // more of them
		{0x1BC00, 0x1FBFF}, // mathematical letters, enclosed forms, emoji
		{0x2F800, 0x2FA1F}, // compatibility ideographs
		{0xE0000, 0xE0FFF}, // tags and variation selectors
	} {
		for r := span[0]; r <= span[1]; r++ {
			f(r)
		}
	}
	for r := range t.simplified {
		f(r)
	}
}

// close follows chains of simplification to their ends, so that folding twice
// changes nothing.
func (t *tables) close() {
	for from, to := range t.simplified {
		for n := 0; n < 4; n++ {
			next, ok := t.simplified[to]
			if !ok || next == from {
				break
			}
			to = next
		}
		t.simplified[from] = to
	}
}

// classifyAlone sets the class of what cannot be folded by itself, and the
// case folding of the rest.
func (t *tables) classifyAlone(r rune, fold func(string) string) {
	s := string(r)
	switch {
	case isIgnorable(r):
		t.set(r, ignorable)
		return
	case !isJamo(r) && !norm.NFKC.PropertiesString(s).BoundaryBefore():
		t.set(r, joining)
	}
	if unicode.In(r, unicode.Upper, unicode.Lower, unicode.Title, unicode.M) && t.forms[r] == "" {
		if to := fold(s); to != s {
			t.forms[r] = to
		}
	}
}

// classifyFolded sets the class of what folds by itself.
func (t *tables) classifyFolded(r rune) {
	s := string(r)
	if t.of(r) != 0 || t.forms[r] == "" && t.simplified[r] == 0 && !isJamo(r) &&
		compatJamo(r) == r && norm.NFKC.IsNormalString(s) {
		return
	}
	out := t.foldCluster(s)
	switch to := firstRune(out); {
	case out == s:
	case len(out) == utf8.RuneLen(to):
		t.set(r, class(to))
	default:
		t.set(r, expanding)
		t.expanded[r] = out
	}
}

// eachGroup calls f for each character of the second column of a table.
func eachGroup(tsv string, f func(to string, from rune)) {
	for line := range strings.Lines(tsv) {
		to, from, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok || strings.HasPrefix(line, "# ") {
			continue
		}
		if to == `\n` {
			to = "\n"
		}
		for _, r := range from {
			f(to, r)
		}
	}
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// isIgnorable reports whether r is dropped: default-ignorable code points,
// controls that are neither tab nor line break, and enclosing marks, which
// hide a digit in a keycap.
func isIgnorable(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r', r == 0x85:
		return false
	case r >= 0xE0000 && r <= 0xE0FFF, r >= 0xFFF0 && r <= 0xFFF8:
		return true
	case r >= 0xFFF9 && r <= 0xFFFB, unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return false // visible
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Me,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// isJamo reports whether r is a compatibility jamo, full or half width. They
// stand for letters by themselves and are composed only by Unhide.
func isJamo(r rune) bool {
	return r >= 0x3131 && r <= 0x318E || r >= 0xFFA1 && r <= 0xFFDC
}

// maxMarks is how many combining marks a character keeps. Living scripts need
// four; more only serve to hide the character.
const maxMarks = 8

// foldCluster folds one cluster: a character with all that combines with it.
func (t *tables) foldCluster(s string) string {
	if r, n := utf8.DecodeRuneInString(s); n == len(s) && isJamo(r) {
		return string(fullJamo(r))
	}
	if r, n := utf8.DecodeRuneInString(s); n == len(s) && isNumbered(r) {
		s = t.forms[r]
	}
	cur := t.cutMarks(s)
	for range 4 { // twice settles all but the most contrived
		next := t.cutMarks(t.foldOnce(cur))
		if next == cur {
			break
		}
		cur = next
	}
	var b []byte
	for _, r := range cur {
		if to, ok := t.simplified[r]; ok {
			r = to
		}
		b = utf8.AppendRune(b, compatJamo(r))
	}
	return string(b)
}

// isNumbered reports whether r is a Chinese digit in brackets, which serves as
// the digit. NFKC would keep the brackets.
func isNumbered(r rune) bool { return r >= '㈠' && r <= '㈩' }

// foldOnce applies NFKC and the rune by rune folds once.
func (t *tables) foldOnce(s string) string {
	var b []byte
	if r, n := utf8.DecodeRuneInString(s); isSpacingMark(r) {
		b = t.form(b, r) // NFKC would make it a space and a mark
		s = s[n:]
	}
	for _, r := range norm.NFKC.String(s) {
		b = t.form(b, r)
	}
	return string(b)
}

// form appends the form of r, which NFKC has been through.
func (t *tables) form(b []byte, r rune) []byte {
	if s, ok := t.forms[r]; ok {
		return append(b, s...)
	}
	return utf8.AppendRune(b, r)
}

// cutMarks drops what is ignorable in a cluster, and the marks on a character
// beyond the eighth.
func (t *tables) cutMarks(s string) string {
	var b []byte
	marks := 0
	for _, r := range s {
		if t.of(r) == ignorable {
			continue
		}
		if norm.NFKC.PropertiesString(string(r)).CCC() == 0 {
			marks = 0
		} else if marks++; marks > maxMarks {
			continue
		}
		b = utf8.AppendRune(b, r)
	}
	return string(b)
}

// isSpacingMark reports whether r is a mark standing by itself, such as ´,
// which NFKC would tear into a space and a combining mark.
func isSpacingMark(r rune) bool {
	if r < 0xA0 {
		return false
	}
	d := norm.NFKD.PropertiesString(string(r)).Decomposition()
	if len(d) < 2 || d[0] != ' ' {
		return false
	}
	second, _ := utf8.DecodeRune(d[1:])
	return unicode.Is(unicode.M, second)
}
