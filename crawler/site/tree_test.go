package site_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"pgregory.net/rapid"

	"github.com/leakwatch/leakwatch/crawler/site"
)

// outline writes a tree as nested tags, without attributes and blank texts.
func outline(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch n.Type {
		case html.TextNode:
			b.WriteString(strings.Join(strings.Fields(n.Data), " "))
		case html.ElementNode:
			b.WriteString("<" + n.Data + ">")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == html.ElementNode {
			b.WriteString("</>")
		}
	}
	walk(n)
	return b.String()
}

func body(t testing.TB, root *html.Node) *html.Node {
	t.Helper()
	for c := range root.Descendants() {
		if c.DataAtom == atom.Body {
			return c
		}
	}
	t.Fatal("no body")
	return nil
}

func parsed(t testing.TB, s string) *html.Node {
	t.Helper()
	root, err := html.ParseWithOptions(strings.NewReader(s), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	return body(t, root)
}

func TestTheTreeOfARealPageIsThatOfABrowser(t *testing.T) {
	names, err := filepath.Glob("testdata/sites/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		for _, f := range readArchive(t, name).files {
			if f.name == "want" || strings.HasSuffix(f.name, ".xml") {
				continue
			}
			got := outline(body(t, page(t, f.data).Root()))
			if diff := cmp.Diff(outline(parsed(t, f.data)), got); diff != "" {
				t.Errorf("%s %s: (-html.Parse +ours)\n%s", filepath.Base(name), f.name, diff)
			}
		}
	}
}

func TestOmittedEndTagsAreUnderstood(t *testing.T) {
	for _, s := range []string{
		"<p>a<p>b<div>c</div>d",
		"<ul><li>a<li>b<ul><li>c</ul><li>d</ul>",
		"<dl><dt>a<dd>b<dt>c<dd>d</dl>",
		"<table><tr><td>a<td>b<tr><td>c</table>d",
		"<table><thead><th>a<tbody><td>b<tr><td>c<tfoot><td>d</table>",
		"<table><td>a<table><td>b</table>c</table>d",
		"<select><option>a<option>b<optgroup label=x><option>c</select>",
		"<a href=1>a<a href=2>b</a>",
		"<h1>a</h2>b",
		"<div><p>a</div>b</p>",
		"<br/>a</br>b<img>c<hr>d<input>e",
		"<svg><path/><g/></svg>a",
		"<div></span>a</div>",
		"<table><tr><td><div>a</td><td>b</div></table>",
	} {
		want := outline(parsed(t, s))
		if s == "<div><p>a</div>b</p>" || s == "<br/>a</br>b<img>c<hr>d<input>e" {
			// A stray end tag makes an empty element in a browser; it says nothing.
			want = strings.Replace(want, "<p></>", "", 1)
			want = strings.Replace(want, "a<br></>b", "ab", 1)
		}
		if got := outline(body(t, page(t, s).Root())); got != want {
			t.Errorf("%s\n got %s\nwant %s", s, got, want)
		}
	}
}

// TestNoTextIsLost says that the tree holds every text that html.Parse finds,
// in whatever order the tags stand; only the order may differ, since a
// browser moves what stands between the rows of a table.
func TestNoTextIsLost(t *testing.T) {
	tags := []string{"div", "p", "b", "a", "table", "tr", "td", "ul", "li", "h2", "form", "span", "article", "dl", "dt", "font", "button"}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		words := 0
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 3*len(tags)-1), 0, 60).Draw(t, "tags") {
			tag := tags[n%len(tags)]
			switch n / len(tags) {
			case 0:
				b.WriteString("<" + tag + ">")
			case 1:
				b.WriteString("</" + tag + ">")
			case 2:
				words++
				b.WriteString(" w" + strings.Repeat("x", words) + " ")
			}
		}
		p := &site.Page{Body: []byte(b.String())}
		got := map[string]int{}
		for c := range p.Root().Descendants() {
			if c.Type == html.TextNode {
				for _, w := range strings.Fields(c.Data) {
					got[w]++
				}
			}
		}
		for i := range words {
			if w := "w" + strings.Repeat("x", i+1); got[w] != 1 {
				t.Fatalf("%s: %s stands there %d times", b.String(), w, got[w])
			}
		}
	})
}
