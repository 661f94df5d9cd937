package site

import (
	"encoding/hex"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/leakwatch/leakwatch/leak"
)

// maxRawText is how much text of one element is read: what a listing may
// hold, with room for what masking makes of it.
const maxRawText = leak.MaxText

// writer collects the text of a page as a reader sees it: one line per block,
// a tab between the cells of a row, no script, no hidden element.
type writer struct {
	b    strings.Builder
	skip func(*html.Node) bool // elements to leave out; may be nil
	gap  byte                  // what is due before the next text: 0, ' ', '\t' or '\n'
	max  int                   // bytes
	work *int                  // nodes that may still be visited
	date bool                  // write dates as the page holds them for machines
	full bool
}

// Caps on short texts: of a link, a heading, a row. What is longer is none.
const (
	maxLine     = 4 << 10 // bytes
	maxLineWork = 1000    // nodes
	maxWork     = 3 * maxNodes
)

// Text returns the visible text of n: a line per block and br, tabs between
// the cells of a row, runs of space as one space, obfuscated mail addresses
// as a browser shows them. It is cut at leak.MaxText bytes.
func Text(n *html.Node) string {
	work := maxWork
	s, _ := textOf(n, nil, &work)
	return s
}

// textOf is Text without the elements that skip names, counting the nodes
// that it visits; it also reports whether the text was cut.
func textOf(n *html.Node, skip func(*html.Node) bool, work *int) (string, bool) {
	w := writer{skip: skip, max: maxRawText, work: work}
	w.node(n, false)
	return w.b.String(), w.full
}

// short returns the text of a small element, without what skip names.
func short(n *html.Node, skip func(*html.Node) bool) string {
	work := maxLineWork
	w := writer{skip: skip, max: maxLine, work: &work}
	w.node(n, false)
	return w.b.String()
}

// line returns the text of a small element in one line.
func line(n *html.Node) string { return oneLine(short(n, nil)) }

func oneLine(s string) string {
	return strings.Join(strings.Fields(s), " ")
}

// node recurses: the tree is never deeper than maxDepth.
func (w *writer) node(n *html.Node, pre bool) {
	if *w.work--; *w.work < 0 {
		w.full = true
	}
	if w.full {
		return
	}
	switch n.Type {
	case html.TextNode:
		w.text(n.Data, pre)
		return
	case html.ElementNode:
		if hidden(n) || (w.skip != nil && w.skip(n)) {
			return
		}
		if w.replaced(n) {
			return
		}
	}
	before, after := gaps(n.DataAtom)
	w.due(before)
	pre = pre || n.DataAtom == atom.Pre || n.DataAtom == atom.Textarea || n.DataAtom == atom.Listing
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c, pre)
	}
	w.due(after)
}

// gaps returns what separates an element from the text before and after it.
func gaps(a atom.Atom) (before, after byte) {
	switch {
	case a == atom.Br:
		return '\n', 0
	case a == atom.Td || a == atom.Th:
		return 0, '\t'
	case special(a) || a == atom.Option || a == atom.Legend:
		return '\n', '\n'
	}
	return 0, 0
}

// due notes a separator; a stronger one replaces a weaker.
func (w *writer) due(gap byte) {
	if rank(gap) > rank(w.gap) {
		w.gap = gap
	}
}

func rank(gap byte) int { return strings.IndexByte("\x00 \t\n", gap) }

// replaced writes elements that show something other than their content.
func (w *writer) replaced(n *html.Node) bool {
	if w.date {
		if s := exactDate(n); s != "" {
			w.text(s, false)
			return true
		}
	}
	if code := attr(n, "data-cfemail"); code != "" {
		w.text(cfEmail(code), false)
		return true
	}
	switch n.DataAtom {
	case atom.Img:
		if alt := attr(n, "alt"); inlineImage(n, alt) {
			w.text(alt, false)
		}
		return true
	case atom.Input:
		if hasKey(n, "readonly") && attr(n, "type") != "hidden" {
			w.text(" "+attr(n, "value")+" ", false)
		}
		return true
	}
	return false
}

// exactDate returns the date that an element holds beside the one it shows,
// which may be relative.
func exactDate(n *html.Node) string {
	if s := attr(n, "datetime"); s != "" {
		return s
	}
	if s := longTitle(n); s != "" && len(s) < 40 && s[0] >= '0' && s[0] <= '9' {
		return s
	}
	return ""
}

// inlineImage reports whether an image stands for a character of the text, as
// an emoji does.
func inlineImage(n *html.Node, alt string) bool {
	if alt == "" || utf8.RuneCountInString(alt) > 8 {
		return false
	}
	if c := attr(n, "class"); strings.Contains(c, "emoji") || strings.Contains(c, "smil") {
		return true
	}
	for _, r := range alt {
		if unicode.IsLetter(r) || r < 0x2000 {
			return false
		}
	}
	return true
}

// text writes a text node.
func (w *writer) text(s string, pre bool) {
	start := -1
	for i, r := range s {
		if !unicode.IsSpace(r) && (r >= ' ' || r == utf8.RuneError) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			w.word(s[start:i])
			start = -1
		}
		switch {
		case pre && (r == '\n' || r == '\t'):
			w.due(byte(r))
		case unicode.IsSpace(r):
			w.due(' ')
		}
	}
	if start >= 0 {
		w.word(s[start:])
	}
}

// word writes text without space in it, after what is due.
func (w *writer) word(s string) {
	if w.full {
		return
	}
	if w.b.Len()+len(s)+1 > w.max {
		s, _ = leak.CutBytes(s, max(0, w.max-w.b.Len()-1))
		w.full = true
	}
	if w.gap != 0 && w.b.Len() > 0 {
		w.b.WriteByte(w.gap)
	}
	w.gap = 0
	w.b.WriteString(strings.ToValidUTF8(s, "�"))
}

// hidden reports whether an element is not shown: by what it is, or by its
// own style. Style sheets are not read: text that one hides is kept.
func hidden(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Head, atom.Iframe, atom.Object,
		atom.Svg, atom.Math, atom.Select, atom.Datalist:
		return true
	}
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "hidden":
			return !strings.EqualFold(a.Val, "until-found")
		case "style":
			if hiddenStyle(a.Val) {
				return true
			}
		}
	}
	return false
}

func hiddenStyle(style string) bool {
	if !strings.Contains(style, "isplay") && !strings.Contains(style, "isibility") && !strings.Contains(style, "ISPLAY") {
		return false
	}
	s := strings.ToLower(strings.Map(dropSpace, style))
	return strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden")
}

func dropSpace(r rune) rune {
	if unicode.IsSpace(r) {
		return -1
	}
	return r
}

// cfEmail undoes the obfuscation of mail addresses by Cloudflare: the first
// byte is the key of the others.
func cfEmail(code string) string {
	b, err := hex.DecodeString(code)
	if err != nil || len(b) < 2 || len(b) > 512 {
		return ""
	}
	for i := range b[1:] {
		b[i+1] ^= b[0]
	}
	return string(b[1:])
}

// files returns the names of the images and attachments in n: file names,
// and what alt, title or the link says of them. skip is as in textOf.
func files(n *html.Node, skip func(*html.Node) bool, work *int) (names []string, cut bool) {
	seen := map[string]bool{}
	add := func(s string) {
		s, _ = leak.CutBytes(oneLine(s), leak.MaxKeyword)
		if s == "" || seen[s] {
			return
		}
		if len(names) == leak.MaxFiles {
			cut = true
			return
		}
		seen[s] = true
		names = append(names, s)
	}
	for c := next(n, n, true); c != nil && !cut && *work > 0; *work-- {
		into := c.Type == html.ElementNode && !hidden(c) && (skip == nil || !skip(c))
		if into {
			file(c, add)
		}
		c = next(c, n, into)
	}
	return names, cut
}

// file adds the names that one element holds.
func file(n *html.Node, add func(string)) {
	switch n.DataAtom {
	case atom.Img:
		alt := attr(n, "alt")
		if inlineImage(n, alt) {
			return
		}
		for _, key := range []string{"data-src", "data-original", "file", "src"} {
			if s := fileName(attr(n, key)); s != "" {
				add(s)
				break
			}
		}
		add(alt)
		add(attr(n, "title"))
	case atom.A:
		name, text := fileName(attr(n, "href")), line(n)
		switch {
		case attachment(name):
			add(name)
			add(text)
		case attachment(text) && len(text) < 120, hasKey(n, "download"):
			add(attr(n, "download"))
			add(text)
		}
	}
}

// fileName returns the last part of an address if it looks like a file's.
func fileName(href string) string {
	if len(href) > maxHref || strings.HasPrefix(href, "data:") {
		return ""
	}
	href, _, _ = strings.Cut(href, "?")
	href, _, _ = strings.Cut(href, "#")
	name := path.Base(href)
	if i := strings.LastIndexByte(name, '.'); i < 1 || len(name)-i > 6 {
		return ""
	}
	return unescape(name)
}

// attachment reports whether a file is a document, an archive or a medium,
// and not a page.
func attachment(name string) bool {
	switch strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")) {
	case "zip", "rar", "7z", "tar", "gz", "tgz", "txt", "csv", "tsv", "xls", "xlsx", "doc", "docx", "ppt",
		"pptx", "pdf", "sql", "json", "db", "apk", "mp4", "mov", "avi", "mkv", "jpg", "jpeg", "png", "gif", "webp", "torrent":
		return true
	}
	return false
}
