package site

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/leakwatch/leakwatch/leak"
)

// The main text of a detail page is what is left when the frame of the site
// is taken away: menus, side bars, forms, lists that lead to other details.
// Taking away can leave too much, but it cannot miss the one line with the
// seller's contact, as picking the densest block would.

// readDetail reads the page as one listing. skip names blocks that are read
// apart, such as comments.
func (r *reader) readDetail(o *outline, apart map[*html.Node]bool) {
	d := detail{reader: r, o: o, drop: map[*html.Node]bool{}}
	for n := range apart {
		d.drop[n] = true
	}
	d.markDropped()
	root := d.content()
	title := d.title(root)
	raw := leak.Raw{}
	if title >= 0 {
		n := o.blocks[title].node
		raw.Title = line(n)
		root = d.around(root, title)
		d.drop[n] = true
	} else {
		raw.Title = r.pageTitle()
	}
	f := r.readFields(o, root, d.skip)
	r.body(&raw, o.blocks[root].node, func(n *html.Node) bool {
		return d.skip(n) || f.shown[n] || heading(n.DataAtom) && raw.Title != "" && line(n) == raw.Title
	})
	raw.Body = tidy(raw.Body)
	if raw.Body == "" && title < 0 && r.h.Link == nil {
		return
	}
	f.complete(&raw)
	if main := mainThing(r.p.things()); main != nil {
		main.describe(r, &raw)
	}
	r.images(&raw, o.blocks[root].node)
	r.listing(raw)
}

// mainThing returns the item that the page is about, nil if there is none or
// more than one.
func mainThing(things []*thing) *thing {
	var main *thing
	for _, t := range things {
		if !t.is(productKinds) && !t.is(postKinds) {
			continue
		}
		if main != nil {
			return nil
		}
		main = t
	}
	return main
}

// images gives the alternative texts of images to detection: a picture of
// prices often says in its alt what it shows.
func (r *reader) images(raw *leak.Raw, n *html.Node) {
	var alts []string
	size := 0
	for img := range elements(n, atom.Img) {
		if alt := oneLine(attr(img, "alt")); weight(alt) > 8 && alt != raw.Title && size < 4096 && !slices.Contains(alts, alt) {
			alts = append(alts, alt)
			size += len(alt)
		}
	}
	if len(alts) > 0 {
		raw.Extra = map[string]string{"images": strings.Join(alts, "\n")}
	}
}

type detail struct {
	*reader
	o      *outline
	drop   map[*html.Node]bool
	at     map[*html.Node]int // blocks by their nodes; of posts only
	weight int                // of the title of the row, once it was needed
}

func (d *detail) skip(n *html.Node) bool { return d.drop[n] }

// markDropped marks the frame, forms, lists of links and what leads to the
// neighbours of the page.
func (d *detail) markDropped() {
	o := d.o
	for i := 1; i < len(o.blocks); i++ {
		b := &o.blocks[i]
		if b.chrome || d.dropped(b) {
			d.drop[b.node] = true
			i = b.end - 1
		}
	}
	own := shape(d.p.URL.String())
	for _, l := range o.lists() {
		if l.shape != own && !(len(l.rows) >= fewRows && d.linkedRows(l)) {
			continue
		}
		for _, w := range l.rows {
			if b := &o.blocks[w.block]; b.text*2 <= o.total {
				d.drop[b.node] = true
			}
		}
	}
}

// linkedRows reports whether the rows of a list are mostly links.
func (d *detail) linkedRows(l list) bool {
	linked := 0
	for _, w := range l.rows {
		linked += d.o.blocks[w.block].linked
	}
	return linked*2 >= l.text
}

// dropped reports whether a block is no part of a listing's text.
func (d *detail) dropped(b *block) bool {
	n := b.node
	switch n.DataAtom {
	case atom.Form:
		return b.text*2 <= d.o.total && (hasControl(n) || b.text == 0)
	case atom.Button, atom.Label:
		return b.text < 40
	case atom.A:
		return hasWord(attr(n, "rel"), neighbourWords)
	}
	if attr(n, "id") == "respond" {
		return true
	}
	if b.links() >= 2 && b.linked*10 >= b.text*8 && b.linked <= 15*b.links() && !heading(n.DataAtom) && b.text*2 <= d.o.total {
		return true // a row of short links: where one is, and where to go
	}
	return b.links() > 0 && b.links() <= 3 && b.text <= 2*maxField && leadsOn(n)
}

var neighbourWords = words("next prev previous start up tag category")

// hasControl reports whether a form has a field to fill in.
func hasControl(n *html.Node) bool {
	for c := range elements(n, 0) {
		if c.DataAtom == atom.Textarea || c.DataAtom == atom.Select || c.DataAtom == atom.Button ||
			c.DataAtom == atom.Input && attr(c, "type") != "hidden" {
			return true
		}
	}
	return false
}

// leadsOn reports whether a block leads to the article before or after.
func leadsOn(n *html.Node) bool {
	s := line(n)
	for _, p := range leadingTexts {
		if len(s) >= len(p) && strings.EqualFold(s[:len(p)], p) {
			return true
		}
	}
	return false
}

var leadingTexts = []string{"上一篇", "下一篇", "上一主题", "下一主题", "上一个", "下一个", "上一帖", "下一帖", "前一篇", "后一篇", "이전글", "다음글", "이전 글", "다음 글",
	"previous post", "next post", "previous topic", "next topic", "previous:", "next:", "« previous", "newer post", "older post", "← ", "prev:"}

// content returns the block that holds the content: main or its like if it
// has a good part of the text, else the body.
func (d *detail) content() int {
	for i := range d.o.blocks {
		b := &d.o.blocks[i]
		n := b.node
		if (n.DataAtom == atom.Main || attr(n, "role") == "main") && b.text*5 >= d.o.total*2 {
			return i
		}
	}
	return 0
}

// title returns the block that shows the title of the listing; -1 if none
// does.
func (d *detail) title(root int) int {
	best, points := -1, 0
	page := d.reader.headTitle()
	o := d.o
	for i := root; i < o.blocks[root].end; i++ {
		b := &o.blocks[i]
		if b.chrome && !o.blocks[root].chrome || d.drop[b.node] {
			i = b.end - 1
			continue
		}
		if b.text < 1 || b.text > 4*maxField || b.end-i > 2*maxFieldParts {
			continue
		}
		if v := d.titlePoints(b, page); v > points {
			best, points = i, v
		}
	}
	return best
}

func (d *detail) titlePoints(b *block, page string) int {
	v := 0
	switch b.node.DataAtom {
	case atom.H1:
		v = 3
	case atom.H2:
		v = 2
	case atom.H3, atom.H4:
		v = 1
	}
	link := ""
	if d.h.Link != nil {
		link = d.h.Link.Title
	}
	named := isNamed(b.node, titleNames)
	if v == 0 && !named && (link == "" || b.text != d.linkWeight()) {
		return 0
	}
	if named {
		v++
	}
	s := line(b.node)
	if s != "" && strings.HasPrefix(page, s) {
		v += 4
	} else if s != "" && strings.Contains(page, s) {
		v += 2
	}
	switch {
	case link == "" || s == "":
	case s == link || strings.HasPrefix(s, strings.TrimRight(link, ".… ")):
		v += 4
	case strings.HasPrefix(link, s) && b.text*4 >= d.linkWeight()*3:
		v += 3
	}
	return v
}

// linkWeight returns the weight of the title that the row showed.
func (d *detail) linkWeight() int {
	if d.weight == 0 {
		d.weight = weight(d.h.Link.Title)
	}
	return d.weight
}

var titleNames = words("title subject headline name tit")

// around returns the smallest block around the title that holds most of what
// is left of the content.
func (d *detail) around(root, title int) int {
	left := make([]int, len(d.o.blocks))
	d.remaining(root, left)
	total := left[root]
	for i := title; i > root; i-- {
		if d.o.blocks[i].end <= title {
			continue // beside the title, not around it
		}
		if (left[i]-left[title])*10 >= (total-left[title])*9 {
			return i
		}
	}
	return root
}

// remaining computes the weight of the text of each block under i without
// what is dropped.
func (d *detail) remaining(i int, left []int) {
	b := &d.o.blocks[i]
	if d.drop[b.node] {
		return
	}
	left[i] = b.text
	for j := i + 1; j < b.end; j = d.o.blocks[j].end {
		d.remaining(j, left)
		left[i] -= d.o.blocks[j].text - left[j]
	}
}

// headTitle returns the title of the page as its head says it.
func (r *reader) headTitle() string {
	for n := range elements(r.p.Root(), atom.Title) {
		if n.FirstChild != nil {
			return oneLine(n.FirstChild.Data)
		}
	}
	return ""
}

// pageTitle returns the title of a page that shows none: og:title, the row
// that led here, or the head's title without the name of the site.
func (r *reader) pageTitle() string {
	if r.h.Link != nil && r.h.Link.Title != "" {
		return r.h.Link.Title
	}
	for n := range elements(r.p.parsed().head, atom.Meta) {
		if attr(n, "property") == "og:title" {
			return oneLine(attr(n, "content"))
		}
	}
	t := r.headTitle()
	for _, sep := range []string{" - ", " | ", " – ", " — ", " :: ", " · ", "_", "|"} {
		if head, _, ok := strings.Cut(t, sep); ok && weight(head) >= minTitle {
			return head
		}
	}
	return t
}
