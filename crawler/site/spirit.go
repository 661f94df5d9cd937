package site

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/leakwatch/leakwatch/leak"
)

// spirit reads forums that run django-spirit. The start page lists the topics
// of all categories, the last active first, so categories are not followed.
// Each comment of a topic is a listing; its id is the comment's key, which
// stays when a moderator moves it to another topic.
type spirit struct{}

func (spirit) Name() string { return "spirit" }

func (spirit) claims(p *Page) bool {
	return bytes.Contains(p.Body, []byte("spirit_wrapper")) && bytes.Contains(p.Body, []byte("stModules"))
}

func (spirit) Read(p *Page, h Hints) Result {
	r := reader{p: p, h: h}
	if list := first(p.Root(), "comments_list"); list != nil {
		r.spiritTopic(list)
	} else {
		r.res.List = true
		for n := range withClass(p.Root(), "layout__topics__topic") {
			r.spiritRow(n)
		}
	}
	for n := range withClass(p.Root(), "paginator__button") {
		if first(n, "fa-chevron-right") != nil {
			r.next(linkIn(n))
			break
		}
	}
	return r.result()
}

// spiritRow reads one topic of a list. The date it shows is relative; the
// exact one is in its title.
func (r *reader) spiritRow(n *html.Node) {
	a, date, comments := first(n, "topic__link"), first(n, "topic__date"), first(n, "topic__comments")
	if a == nil {
		return
	}
	l := Link{URL: r.p.Resolve(attr(a, "href")), Title: line(a)}
	l.SiteID = spiritID(l.URL)
	row := []string{l.Title}
	if comments != nil {
		row = append(row, line(comments))
	}
	if date != nil {
		row = append(row, attr(date, "title"))
		l.Posted = r.date(attr(date, "title"))
	}
	l.Row = hashText(strings.Join(row, "\n"))
	r.detail(l)
}

// spiritID returns the key of a topic from its address, /topic/12/title/.
func spiritID(u string) string {
	_, rest, ok := strings.Cut(u, "/topic/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	if number(id) < 0 {
		return ""
	}
	return "topic " + id
}

func (r *reader) spiritTopic(list *html.Node) {
	title := ""
	if n := first(r.p.Root(), "headline"); n != nil {
		title = oneLine(short(n, func(c *html.Node) bool { return hasWord(attr(c, "class"), spiritEdit) }))
	}
	for n := range withClass(list, "comments_list__comment") {
		text := first(n, "comment__text")
		if text == nil {
			continue
		}
		raw := leak.Raw{Title: title, SiteID: "comment " + attr(n, "data-pk"), URL: r.p.URL.String() + "#" + attr(n, "id")}
		r.body(&raw, text, nil)
		if u := first(n, "comment__info__username__link"); u != nil {
			raw.Seller = line(u)
		}
		if d := first(n, "comment__info__date"); d != nil {
			for li := range elements(d, atom.Li) {
				if t := r.date(attr(li, "title")); !t.IsZero() {
					raw.PostedAt = t
				}
			}
		}
		r.listing(raw)
	}
}

var spiritEdit = words("topic_edit_link")

// withClass yields the elements under n that have a class.
func withClass(n *html.Node, class string) func(func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		for c := range elements(n, 0) {
			if hasClass(c, class) && !yield(c) {
				return
			}
		}
	}
}

// first returns the first element under n that has a class.
func first(n *html.Node, class string) *html.Node {
	for c := range withClass(n, class) {
		return c
	}
	return nil
}

func hasClass(n *html.Node, class string) bool {
	v := attr(n, "class")
	if !strings.Contains(v, class) {
		return false
	}
	for w := range strings.FieldsSeq(v) {
		if w == class {
			return true
		}
	}
	return false
}
