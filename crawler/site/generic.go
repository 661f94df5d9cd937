package site

import "golang.org/x/net/html"

// generic finds out by itself how a site is built: which blocks of a page
// repeat and lead to details, which are the posts of a thread, which one is
// the main text, where the next page is.
type generic struct{}

func (generic) Name() string { return "generic" }

func (generic) Read(p *Page, h Hints) Result {
	r := reader{p: p, h: h}
	if !p.IsHTML() {
		return r.result()
	}
	o := sketch(p)
	found := o.lists()
	ps := o.posts()
	switch {
	case len(ps.blocks) > 0 && (h.Link != nil || len(found) == 0 || o.rules(ps, found[0])):
		r.readThread(o, ps)
	case len(found) > 0 && (h.Link == nil || o.isList(found[0])):
		r.readList(o, found)
	case h.Link != nil || o.speaks():
		r.readDetail(o, nil)
	default:
		r.res.List = true
	}
	if u := o.nextPage(); u != "" {
		r.next(u)
	}
	o.release()
	return r.result()
}

// rules reports whether the posts of a page say more than its best list.
func (o *outline) rules(ps posts, l list) bool {
	text := 0
	for _, i := range ps.blocks {
		text += o.blocks[i].text
	}
	return text > l.text
}

// isList reports whether a page that was taken for a detail is a list after
// all: most of it is rows that lead to pages of another shape than its own.
func (o *outline) isList(l list) bool {
	return len(l.rows) >= 5 && l.text*2 > o.total && l.shape != shape(o.p.URL.String())
}

// speaks reports whether a start page without rows says enough to be a
// listing itself.
func (o *outline) speaks() bool {
	text := 0
	for i := 0; i < len(o.blocks); i++ {
		if b := &o.blocks[i]; b.chrome {
			text += b.text - b.linked
			i = b.end - 1
		}
	}
	b := &o.blocks[0]
	return b.text-b.linked-text > 2*maxField
}

// readThread reads the posts of a page; what stands above comments is a
// listing of its own.
func (r *reader) readThread(o *outline, ps posts) {
	opening := r.h.Link != nil && relPrevious(r.p) == "" && o.currentPage() == 1
	if ps.replies && o.blocks[0].text > 0 {
		apart := map[*html.Node]bool{}
		for _, i := range ps.blocks {
			apart[o.blocks[i].node] = true
		}
		r.readDetail(o, apart)
		opening = false
	}
	r.res.List = r.h.Link == nil
	r.readPosts(o, ps, opening)
}

// threadTitle returns the title of the thread and the element that shows it:
// a heading, or else what the page is called and nil.
func (r *reader) threadTitle(o *outline) (string, *html.Node) {
	d := detail{reader: r, o: o}
	if t := d.title(0); t >= 0 {
		return line(o.blocks[t].node), o.blocks[t].node
	}
	return r.pageTitle(), nil
}

// relPrevious returns the address of the page before this one, "" on the
// first.
func relPrevious(p *Page) string {
	for n := range elements(p.Root(), 0) {
		if hasWord(attr(n, "rel"), relPrevWords) {
			if u := p.Resolve(attr(n, "href")); u != "" {
				return u
			}
		}
	}
	return ""
}

var relPrevWords = words("prev previous")
