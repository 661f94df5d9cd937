package detect

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	bobusumisu "github.com/BobuSumisu/aho-corasick"
	petar "github.com/petar-dambovaliev/aho-corasick"
)

// A tongue writes made-up text: Han characters and Latin words, some of them
// far more often than others.
type tongue struct {
	*rand.Rand
	han, words *rand.Zipf
}

func newTongue(seed uint64) *tongue {
	r := rand.New(rand.NewPCG(seed, 1))
	return &tongue{r, rand.NewZipf(r, 1.05, 20, 2499), rand.NewZipf(r, 1.05, 20, 4999)}
}

func (g *tongue) hanWord(n int) string {
	var b strings.Builder
	for range n {
		b.WriteRune('一' + rune(g.han.Uint64()*7%2503))
	}
	return b.String()
}

// latinWord returns one of 5,000 words.
func (g *tongue) latinWord() string {
	word := rand.New(rand.NewPCG(g.words.Uint64(), 2))
	var b strings.Builder
	for range 2 + word.IntN(4) {
		b.WriteByte("bcdfghklmnprstvwz"[word.IntN(17)])
		b.WriteByte("aeiou"[word.IntN(5)])
	}
	return b.String()
}

// text returns about n bytes of lines in which no space stands beside a Han
// character.
func (g *tongue) text(n int) string {
	var b strings.Builder
	for b.Len() < n {
		if g.IntN(3) > 0 {
			b.WriteString(g.hanWord(2+g.IntN(20)) + "，" + g.hanWord(1+g.IntN(9)) + fmt.Sprintf("%d元\n", g.IntN(1e4)))
		} else {
			b.WriteString(g.latinWord() + " " + g.latinWord() + fmt.Sprintf(" %d\n", g.IntN(1e4)))
		}
	}
	return b.String()
}

// keywords returns n different words of 2 to 12 characters, most of them Han,
// as a text of the same tongue may hold them.
func (g *tongue) keywords(n int) []string {
	var out []string
	for seen := map[string]bool{}; len(out) < n; {
		w := g.hanWord(2 + g.IntN(1+g.IntN(11)))
		if g.IntN(4) == 0 {
			w = g.latinWord()
			w = w[:min(len(w), 12)]
			if g.IntN(2) == 0 {
				w += fmt.Sprint(g.IntN(100))
			}
		}
		if !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// A finder calls found for every occurrence of every keyword, overlapping ones
// too.
type finder func(s string, found func(keyword, start, end int))

func ours(words []string) finder {
	patterns := make([]pattern, len(words))
	for i, w := range words {
		patterns[i] = pattern{text: w} // anywhere, also within words
	}
	x := &scan{matcher: newMatcher(patterns)}
	return func(s string, found func(int, int, int)) {
		x.read(s, func(t int32, at span) { found(int(t), at.start, at.end) })
	}
}

func bobuSumisu(words []string) finder {
	trie := bobusumisu.NewTrieBuilder().AddStrings(words).Build()
	return func(s string, found func(int, int, int)) {
		trie.Walk([]byte(s), func(end, n, pattern int64) bool {
			found(int(pattern), int(end-n+1), int(end+1))
			return true
		})
	}
}

func petarDambovaliev(dfa bool) func([]string) finder {
	return func(words []string) finder {
		builder := petar.NewAhoCorasickBuilder(petar.Opts{MatchKind: petar.StandardMatch, DFA: dfa})
		ac := builder.Build(words)
		return func(s string, found func(int, int, int)) {
			iter := ac.IterOverlapping(s)
			for m := iter.Next(); m != nil; m = iter.Next() {
				found(m.Pattern(), m.Start(), m.End())
			}
		}
	}
}

// engines are those that are compared, and up to how many keywords: beyond
// that a machine of 8 GB does not hold them.
var engines = []struct {
	name string
	most int
	make func([]string) finder
}{
	{"leakwatch", 1e5, ours},
	{"BobuSumisu", 1e5, bobuSumisu},
	{"petar-dambovaliev NFA", 1e5, petarDambovaliev(false)},
	{"petar-dambovaliev DFA", 1e4, petarDambovaliev(true)},
}

// checksum adds up what a finder finds, in whatever order.
func (f finder) checksum(s string) (count int, sum uint64) {
	f(s, func(keyword, start, end int) {
		count++
		x := uint64(keyword)<<40 ^ uint64(start)<<8 ^ uint64(end-start)
		x *= 0x9E3779B97F4A7C15
		sum += x ^ x>>29
	})
	return count, sum
}

func TestKeywordEnginesFindTheSame(t *testing.T) {
	g := newTongue(1)
	words, s := g.keywords(3000), g.text(1<<16)
	count, sum := ours(words).checksum(s)
	if count < 300 {
		t.Fatalf("only %d occurrences", count)
	}
	for _, e := range engines[1:] {
		if n, x := e.make(words).checksum(s); n != count || x != sum {
			t.Errorf("%s finds %d, %x; want %d, %x", e.name, n, x, count, sum)
		}
	}
}

// BenchmarkKeywords finds keywords in a megabyte of text with each engine in
// turn, all of which must find the same, and reports what each keeps in memory.
func BenchmarkKeywords(b *testing.B) {
	for _, n := range []int{1e3, 1e4, 1e5} {
		g := newTongue(1)
		words, s := g.keywords(n), g.text(1<<20)
		count, sum := ours(words).checksum(s)
		for _, e := range engines {
			if n > e.most {
				continue
			}
			b.Run(fmt.Sprintf("%d/%s", n, e.name), func(b *testing.B) {
				before := heap()
				find := e.make(words)
				kept := heap() - before
				if c, x := find.checksum(s); c != count || x != sum {
					b.Fatalf("finds %d, %x; leakwatch %d, %x", c, x, count, sum)
				}
				b.SetBytes(int64(len(s)))
				for b.Loop() {
					find(s, func(int, int, int) {})
				}
				b.ReportMetric(kept/1e6, "MB-kept")
			})
		}
	}
}

// heap returns the bytes in use.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// regexes returns n expressions of the sort that rules use.
func (g *tongue) regexes(n int) []string {
	var out []string
	for _, w := range g.keywords(n) {
		if w[0] < 0x80 {
			out = append(out, `\b`+w+` ?\w{0,8} \d{2,4}\b`)
		} else {
			out = append(out, w+`[^\n]{0,8}?\d{1,3}(元|块)`)
		}
	}
	return out
}

// spotter calls found for every match of every regex.
type spotter func(s string, found func(regex int, at span))

// byLiteral tries regexes where their literals stand, as rules do.
func byLiteral(terms []compiledTerm) spotter {
	literals := make([]pattern, len(terms))
	for i := range terms {
		literals[i] = pattern{text: terms[i].text}
	}
	x := &scan{matcher: newMatcher(literals)}
	return func(s string, found func(int, span)) {
		x.read(s, func(t int32, at span) {
			if at, ok := terms[t].stands(s, at); ok {
				found(int(t), at)
			}
		})
	}
}

// byLoop tries each regex over the whole text.
func byLoop(terms []compiledTerm) spotter {
	return func(s string, found func(int, span)) {
		for i := range terms {
			for _, m := range terms[i].re.FindAllStringIndex(s, -1) {
				found(i, span{m[0], m[1]})
			}
		}
	}
}

func (f spotter) all(s string) map[string]bool {
	out := map[string]bool{}
	f(s, func(i int, at span) { out[fmt.Sprint(i, at)] = true })
	return out
}

// BenchmarkRegexes tries 500 regexes in both ways, which must find the same.
func BenchmarkRegexes(b *testing.B) {
	g := newTongue(1)
	exprs, s := g.regexes(500), g.text(1<<16)
	terms := make([]compiledTerm, len(exprs))
	for i, expr := range exprs {
		var err error
		if terms[i].re, terms[i].text, err = compileRegex(expr); err != nil {
			b.Fatal(err)
		}
	}
	ours, loop := byLiteral(terms), byLoop(terms)
	if got, want := ours.all(s), loop.all(s); len(want) < 20 || !maps.Equal(got, want) {
		b.Fatalf("by literals %d matches, by a loop %d", len(got), len(want))
	}
	run := func(name string, find spotter) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				find(s, func(int, span) {})
			}
		})
	}
	run("leakwatch", ours)
	run("loop", loop)
}
