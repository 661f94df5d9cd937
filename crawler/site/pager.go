package site

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// nextPage returns the address of the page of this list or thread that
// follows, as the page says it: by rel=next, by a link that is called so, or
// by the number after the current one. It is "" on the last page.
func (o *outline) nextPage() string {
	if u := relNext(o.p); u != "" {
		return u
	}
	for _, l := range o.links {
		if l.text > maxNextText {
			continue
		}
		if label := o.nextLabel(l.node); label != noName && o.samePlace(l.url, label == strongName) {
			return l.url
		}
	}
	if u := o.nextNumber(); u != "" {
		return u
	}
	return o.older()
}

// older returns the address of what came before this page, where a site
// counts backwards: the preview of a channel.
func (o *outline) older() string {
	for n := range elements(o.p.Root(), 0) {
		if n.DataAtom != atom.A && n.DataAtom != atom.Link {
			continue
		}
		_, query, ok := strings.Cut(attr(n, "href"), "?")
		if !ok {
			continue
		}
		if key, _, _ := strings.Cut(query, "="); cursorKeys[key] && o.samePlace(o.p.Resolve(attr(n, "href")), false) {
			return o.p.Resolve(attr(n, "href"))
		}
	}
	return ""
}

// relNext returns what rel=next of a link or anchor says.
func relNext(p *Page) string {
	for n := range elements(p.Root(), 0) {
		if (n.DataAtom == atom.Link || n.DataAtom == atom.A) && hasWord(attr(n, "rel"), relNextWords) {
			if u := p.Resolve(attr(n, "href")); u != "" && u != p.URL.String() && p.sameSite(u) && !disabled(n) {
				return u
			}
		}
	}
	return ""
}

var relNextWords = words("next")

// nextLabel says how clearly a link is called "next" in one of the
// languages, in its text, title, label, class or image. A clear one speaks of
// a page; the others may lead to the next article.
func (o *outline) nextLabel(n *html.Node) int {
	if disabled(n) {
		return noName
	}
	s := label(line(n))
	switch {
	case len(s) > 40:
		return noName
	case nextPageTexts[s]:
		return strongName
	case nextTexts[s] || nextArrows[s]:
		return weakName
	case s != "" && strings.Trim(s, arrows) != "":
		return noName
	}
	names := []string{attr(n, "aria-label"), attr(n, "title"), attr(n, "class")}
	for c := range elements(n, atom.Img) {
		names = append(names, attr(c, "alt"))
	}
	for _, name := range names {
		if nextPageTexts[label(name)] {
			return strongName
		}
		for w := range wordsIn(name) {
			if nextTexts[w] {
				return weakName
			}
		}
	}
	return noName
}

// label strips a text of what surrounds it in a page bar.
func label(s string) string {
	s = strings.ToLower(strings.Trim(oneLine(s), "\u00a0 []()（）"))
	if t := strings.Trim(s, arrows); t != "" {
		return t
	}
	return s
}

// maxNextText is more than what the texts below weigh.
const maxNextText = 12

const arrows = " >»›→▶"

var (
	nextPageTexts = map[string]bool{"next page": true, "older posts": true, "load more": true,
		"下一页": true, "下一頁": true, "下页": true, "下頁": true, "后一页": true, "後一頁": true, "后页": true, "加载更多": true,
		"다음페이지": true, "다음 페이지": true}
	nextTexts  = map[string]bool{"next": true, "older": true, "다음": true, "nxt": true}
	nextArrows = words("> » › → ▶ >>")
)

func disabled(n *html.Node) bool {
	for c, up := n, 0; c != nil && up < 2; c, up = c.Parent, up+1 {
		if hasWord(attr(c, "class"), disabledWords) || attr(c, "aria-disabled") == "true" {
			return true
		}
	}
	return false
}

var disabledWords = words("disabled is-disabled hidden inactive")

// samePlace reports whether an address differs from the page's only as pages
// of one list do: one that leads to the next article of a blog does not
// count. loose also takes a number at the end of the path for that of a page.
func (o *outline) samePlace(u string, loose bool) bool {
	return u != o.p.URL.String() && pageOf(u, loose) == pageOf(o.p.URL.String(), loose)
}

// pageOf returns an address without the part that numbers its page.
func pageOf(u string, loose bool) string {
	parsed, err := url.Parse(u)
	if err != nil {
		return u
	}
	q := parsed.Query()
	for key := range q {
		if pageKeys[key] || cursorKeys[key] || sessionKeys[strings.ToLower(key)] {
			q.Del(key)
		}
	}
	path := strings.TrimSuffix(parsed.Path, "/")
	cuts := []string{"/page/", "/page-", "/page", "/p", "/index_", "/list_"}
	if loose {
		cuts = append(cuts, "/", "-", "_", ".")
	}
	for _, cut := range cuts {
		if i := strings.LastIndex(path, cut); i >= 0 && number(path[i+len(cut):]) >= 0 {
			path = path[:i]
			break
		}
	}
	if loose {
		// thread-12-2-1 is page 2 of thread 12, come from page 1 of its list.
		if i := strings.LastIndexByte(path, '-'); i >= 0 && number(path[i+1:]) >= 0 && strings.Count(path, "-") > 1 {
			path = path[:i]
		}
	}
	path = strings.TrimSuffix(strings.TrimSuffix(path, "/index"), "/list")
	return path + "?" + q.Encode()
}

// pageNumber returns the number that an element of a page bar shows; -1 if it
// shows none.
func pageNumber(n *html.Node) int {
	s := line(n)
	if len(s) > 40 {
		return -1
	}
	s = strings.TrimPrefix(strings.ToLower(strings.Trim(s, "[]() ")), "page ")
	s = strings.TrimPrefix(s, "第")
	for _, unit := range []string{"페이지", "页", "頁"} {
		s = strings.TrimSuffix(s, unit)
	}
	return number(strings.TrimSpace(s))
}

var cursorKeys = words("before max_id")

// number reads a page number, which may end in a file's suffix; -1 if s is
// none.
func number(s string) int {
	s = strings.TrimSuffix(strings.TrimSuffix(s, ".html"), ".htm")
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1_000_000 {
		return -1
	}
	return n
}

// nextNumber finds the links whose texts are page numbers and returns the
// address of the one after the current page.
func (o *outline) nextNumber() string {
	current := o.currentPage()
	for _, l := range o.links {
		if l.text > 9 {
			continue
		}
		if n := pageNumber(l.node); n == current+1 && o.samePlace(l.url, true) && numbered(l.url, n) {
			return l.url
		}
	}
	return ""
}

// currentPage returns the number of this page by its address; 1 if it says
// none.
func (o *outline) currentPage() int {
	q := o.p.URL.Query()
	for key := range q {
		if n := number(q.Get(key)); pageKeys[key] && n > 0 && !offsetKeys[key] {
			return n
		}
	}
	for _, l := range o.links {
		if l.text <= 9 && disabledOrCurrent(l.node) {
			if n := pageNumber(l.node); n > 0 {
				return n
			}
		}
	}
	return o.markedPage()
}

var offsetKeys = words("start offset st")

func disabledOrCurrent(n *html.Node) bool {
	for c, up := n, 0; c != nil && up < 2; c, up = c.Parent, up+1 {
		if hasWord(attr(c, "class"), currentWords) || attr(c, "aria-current") != "" {
			return true
		}
	}
	return false
}

var currentWords = words("current active on selected cur now pg_current is-active this")

// markedPage returns the number that stands among the page links without
// being one, or 1.
func (o *outline) markedPage() int {
	for _, l := range o.links {
		if l.text > 9 || pageNumber(l.node) < 0 || !o.samePlace(l.url, true) {
			continue
		}
		parent := l.node.Parent
		if parent.DataAtom == atom.Li {
			parent = parent.Parent
		}
		siblings := 0
		for c := parent.FirstChild; c != nil && siblings < 100; c, siblings = c.NextSibling, siblings+1 {
			if c.Type != html.ElementNode || c.DataAtom == atom.A || linkIn(c) != "" {
				continue
			}
			if n := pageNumber(c); n > 0 {
				return n
			}
		}
		return 1
	}
	return 1
}

// numbered reports whether an address holds the number of the page, or an
// offset, as opposed to being some link whose text is a number.
func numbered(u string, n int) bool {
	parsed, err := url.Parse(u)
	if err != nil {
		return false
	}
	q := parsed.Query()
	for key := range q {
		if pageKeys[key] && number(q.Get(key)) >= 0 {
			return true
		}
	}
	return strings.Contains(parsed.Path, strconv.Itoa(n))
}
