package detect

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/text"
)

// holds reports whether a folded text holds a term.
func (l *Lexicon) holds(folded string, term int32) bool {
	found := false
	l.match.scan(folded, func(t int32, _ span) { found = found || t == term })
	return found
}

// checkFindings wants of every match of a text that what it points at folds
// to the matched term, and that it names a step if more than case had to be
// undone. What width, case, script and zero-width characters do is the same
// anywhere, so there the characters pointed at are folded alone. Whether a
// separator or a homophone hides something depends on what stands around, so
// there it is the text as a whole that is folded, and what became of the
// characters pointed at is compared; alone counts those that need no more
// than themselves.
func checkFindings(t *testing.T, e *Engine, s string) (alone, all int) {
	t.Helper()
	r := e.read([]namedText{{"title", ""}, {"body", s}}, "")
	d := r.doc
	for _, in := range r.verdict.instances {
		original, term := d.original()[in.start:in.end], e.lexicon.terms[in.hit.term]
		stream := d.plain
		if in.hit.hidden {
			stream = d.hidden
		}
		at := span{int(in.hit.at), int(in.hit.to)}
		if start, end := stream.Source(at.start, at.end); (span{start, end}) != in.span {
			t.Fatalf("%q: the match of %q points at %d to %d and comes from %d to %d", s, term.text, in.start, in.end, start, end)
		}
		if !e.lexicon.holds(stream.Text[at.start:at.end], in.hit.term) {
			t.Fatalf("%q: a match of %q (%v) points at %q, which became %q", s, term.text, d.steps(in.hit), original, stream.Text[at.start:at.end])
		}
		plain := text.Fold(original)
		switch all++; {
		case e.lexicon.holds(plain.Text, in.hit.term), e.lexicon.holds(text.Unhide(plain).Text, in.hit.term):
			alone++
		case !in.hit.hidden:
			t.Fatalf("%q: a match of %q points at %q, which folds to %q", s, term.text, original, plain.Text)
		}
		if len(d.steps(in.hit)) == 0 && !in.hit.hidden && term.re == nil && !strings.Contains(foldPlain(original), foldPlain(term.text)) {
			t.Fatalf("%q: a match of %q points at %q and names no step", s, term.text, original)
		}
	}
	return alone, all
}

// foldPlain drops what the matcher does not compare: case, and separators.
func foldPlain(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(separators+"–—‐・ ", r) {
			return -1
		}
		return r
	}, strings.ToLower(fold(s)))
}

// The tricks that compositions hide their words with.
var disguises = []func(*rand.Rand, string) string{
	func(_ *rand.Rand, s string) string { return s },
	func(_ *rand.Rand, s string) string { return between(s, "\u200b") },
	func(_ *rand.Rand, s string) string { return between(s, "-") },
	func(_ *rand.Rand, s string) string { return between(s, " ") },
	func(_ *rand.Rand, s string) string { return between(s, "*") },
	func(_ *rand.Rand, s string) string { return strings.ToUpper(s) },
	func(_ *rand.Rand, s string) string { return strings.Map(widen, s) },
	func(_ *rand.Rand, s string) string {
		return strings.NewReplacer("身份证", "sfz", "微信", "薇信", "照片", "照騙", "证", "證", "电", "電").Replace(s)
	},
	func(r *rand.Rand, s string) string {
		runes := []rune(s)
		if len(runes) < 2 {
			return s
		}
		i := r.IntN(len(runes))
		return string(runes[:i]) + []string{"\ufe0e", "👍", "\u200d", "."}[r.IntN(4)] + string(runes[i:])
	},
}

func widen(r rune) rune {
	if r > ' ' && r < 0x7f {
		return r + 0xfee0
	}
	return r
}

func between(s, sep string) string { return strings.Join(strings.Split(s, ""), sep) }

// fragments cuts the texts of the development sets into lines and words.
func fragments(t testing.TB) []string {
	var out []string
	for _, l := range developmentSet(t) {
		out = append(out, strings.FieldsFunc(l.Title+"\n"+l.Body, func(r rune) bool { return strings.ContainsRune("\n，。,", r) })...)
	}
	return slices.DeleteFunc(out, func(s string) bool { return len(s) > 200 })
}

// TestFoldingWhatAFindingPointsAtGivesItsTerm is a property of the offset
// maps, over the development sets and over random compositions of their
// parts, hidden at random.
func TestFoldingWhatAFindingPointsAtGivesItsTerm(t *testing.T) {
	e := testEngine(t)
	alone, all := 0, 0
	for _, l := range developmentSet(t) {
		x, n := checkFindings(t, e, l.Title+"\n"+l.Body)
		alone, all = alone+x, all+n
	}
	t.Logf("%d of %d findings of the sets need nothing beside them", alone, all)
	if alone < all*98/100 {
		t.Errorf("%d of %d findings fold to their term without what stands around", alone, all)
	}
	parts := fragments(t)
	r := rand.New(rand.NewPCG(4, 6))
	n := 3000
	if testing.Short() {
		n = 300
	}
	for range n {
		var b strings.Builder
		for range 1 + r.IntN(6) {
			b.WriteString(disguises[r.IntN(len(disguises))](r, parts[r.IntN(len(parts))]))
			b.WriteString([]string{"", " ", "\n", "，"}[r.IntN(4)])
		}
		checkFindings(t, e, b.String())
	}
}

func FuzzFindings(f *testing.F) {
	for _, l := range labelled(f, "corpus.jsonl") {
		f.Add(l.Title + "\n" + l.Body)
		f.Add(between(l.Title, "·"))
	}
	e := testEngine(f)
	f.Fuzz(func(t *testing.T, s string) { checkFindings(t, e, s) })
}
