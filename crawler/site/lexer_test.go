package site

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// tokensOf returns the tokens that the lexer reads, one a line.
func tokensOf(l *lexer) []string {
	var out []string
	for {
		switch kind := l.next(); kind {
		case html.ErrorToken:
			return out
		case html.TextToken:
			out = append(out, fmt.Sprintf("%s %q", kind, l.text))
		case html.StartTagToken, html.SelfClosingTagToken:
			out = append(out, fmt.Sprintf("%s %q %v %q", kind, l.tag.name, l.tag.atom, l.attrs))
		case html.EndTagToken:
			out = append(out, fmt.Sprintf("%s %q %v", kind, l.tag.name, l.tag.atom))
		}
	}
}

func sameTokens(t interface{ Fatalf(string, ...any) }, src []byte) {
	plain := newLexer(src)
	plain.z, plain.falls = html.NewTokenizer(bytes.NewReader(src)), maxFalls+1
	want := tokensOf(plain)
	l := newLexer(src)
	got := tokensOf(l)
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i] != got[i] {
			t.Fatalf("token %d of %q:\n got %v\nwant %v", i, src, got[min(i, len(got)):min(i+1, len(got))], want[min(i, len(want)):min(i+1, len(want))])
		}
	}
	if l.cut != plain.cut {
		t.Fatalf("cut is %v in %q, want %v", l.cut, src, plain.cut)
	}
}

var oddMarkup = []string{
	"", "<", "</", "<a", "<a ", "<a b", "<a b=", "<a b='", "a<b", "a < b <3 >", "</>", "</ a>", "</a b>", "</a/>", "<a/>", "<a / >", "<a b/>",
	"<a b=c/>", "<a b=c />", "<a b='c'/>", "<a b=c/ d>", "<a =b=c>", "<a b=c b=d/>", "<a B=1 b=2>", "<A HREF=x>Y</A>", "<a/b/c=d>", "<a b = c>",
	"<a b='1'c=\"2\">", "<a b=\"1&amp;2\" c='&lt;' d='&x=1' e='&copy=1' f='&copy' g='& &1' h='&#65;' i='&ampx' j='&amp;lt;'>", "a&amp;b&lt;c\r\nd\re",
	"<a b='1\r\n2'>", "<a b='\x00'>x\x00y</a\x00><\x00>", "<!doctype html><p>", "<!-->x-->", "<!--->x-->", "<!---->x", "<!--a--!>x-->", "<!--a--b-->x",
	"<!-- > -->x", "<!--a--->x", "<![CDATA[a]]>x", "<?xml a?>x", "<!>x", "<!x", "<script>a<b></script>c", "<SCRIPT>a</scripT >c", "<title>a&amp;<b></title>c",
	"<noscript><p a=1></noscript>", "<textarea><a></textarea><a>", "<style/>a</style>", "<plaintext><a>", "<svg><title/>x</title></svg>", "<日 本=語>",
	"<iframe><a></iframe><xmp><a></xmp>b",
}

func TestTheLexerReadsWhatTheTokenizerReads(t *testing.T) {
	for _, src := range oddMarkup {
		sameTokens(t, []byte(src))
	}
	pages, err := filepath.Glob("testdata/sites/*")
	if err != nil || len(pages) == 0 {
		t.Fatal("no pages", err)
	}
	for _, name := range pages {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sameTokens(t, src)
	}
	sameTokens(t, []byte(strings.Repeat("<a b='&lt;'>", 2*maxFalls)))
	var many strings.Builder
	for i := range 2 * maxAttrs {
		fmt.Fprintf(&many, " a%d=1", i)
	}
	sameTokens(t, []byte("<p"+many.String()+">x"))
}

func TestTheLexerReadsAnyMixOfMarkupAsTheTokenizer(t *testing.T) {
	pieces := append([]string{"<", ">", "/", "=", "'", "\"", " ", "&", ";", "-", "!", "a", "b", "\n", "amp;", "<a ", "</a>", "<!--", "-->", "<script>", "</script>"}, oddMarkup...)
	rapid.Check(t, func(rt *rapid.T) {
		sameTokens(rt, []byte(strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(rt, "pieces"), "")))
	})
}

func FuzzLexer(f *testing.F) {
	for _, src := range oddMarkup {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) { sameTokens(t, src) })
}

func TestTheTokenizerIsStartedABoundedNumberOfTimes(t *testing.T) {
	for _, piece := range []string{"<a b='&lt;'>", "<a ", "<!-- ", "<!--", "<", "</", "<a b='", "<a\x00>", "<script>", "<title></title>", "<!-->", "&", "<?>"} {
		l := newLexer([]byte(strings.Repeat(piece, 1<<18/len(piece))))
		for l.next() != html.ErrorToken {
		}
		if l.falls > maxFalls+1 {
			t.Errorf("a page of %q started it %d times", piece, l.falls)
		}
	}
}
