package site

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// outline is a page as the generic kind sees it: its visible elements in the
// order of the page, each with how much it says and how much of that is
// links, and its links. An element's descendants follow it without a gap, so
// every question about a subtree is one about a range.
type outline struct {
	p      *Page
	blocks []block
	links  []link
	total  int               // weight of the text of the page
	hashes map[look]uint64   // of signatures
	frames map[string]int    // what classes say of being a frame
	shapes map[string]string // of addresses that end with a number, by what stands before it
}

// look is what the signature of an element without numbers in its id is made
// of. Few pages have more than some dozens.
type look struct{ tag, class string }

// block is one visible element.
type block struct {
	node   *html.Node
	path   uint64 // hash of the signatures from the root to here
	end    int    // index after its last descendant
	text   int    // weight of its text
	linked int    // weight of the text of its links within the site
	first  int    // index of its first link
	last   int    // index after its last link
	depth  int
	heads  int  // headings in it
	inside bool // of an article, or of the main part
	chrome bool // part of the site's frame: menus, side bars, footers
}

// link is one anchor that leads to another page of the site.
type link struct {
	node  *html.Node
	block int
	url   string
	shape string // the address without what tells one listing from the next
	head  int    // block of the heading around it or in it; -1 if there is none
	frag  string // fragment of the address as written
	text  int    // weight of its text
}

// sketch makes the outline of a page. Signatures are hashed with a seed of
// the process, so no page can prepare collisions.
func sketch(p *Page) *outline {
	t := p.parsed()
	o, _ := outlines.Get().(*outline)
	if o == nil {
		o = &outline{hashes: map[look]uint64{}, frames: map[string]int{}, shapes: map[string]string{}}
	}
	o.p = p
	o.blocks = slices.Grow(o.blocks, t.elements)
	o.add(t.body, seeded("body"), 0, false)
	o.total = o.blocks[0].text
	o.markChrome()
	return o
}

// outlines keeps the memory of outlines from page to page; nothing that a
// page said stays in it.
var outlines sync.Pool

// poolElements bounds the pages whose memory is kept.
const poolElements = 20_000

// release ends the use of the outline.
func (o *outline) release() {
	if len(o.blocks) > poolElements || len(o.links) > poolElements {
		return
	}
	clear(o.blocks)
	clear(o.links)
	clear(o.hashes)
	clear(o.frames)
	clear(o.shapes)
	*o = outline{blocks: o.blocks[:0], links: o.links[:0], hashes: o.hashes, frames: o.frames, shapes: o.shapes}
	outlines.Put(o)
}

// add appends n and its descendants; it recurses at most maxDepth deep.
// inside says whether n is in an article or the main part.
func (o *outline) add(n *html.Node, path uint64, depth int, inside bool) {
	i := len(o.blocks)
	o.blocks = append(o.blocks, block{node: n, path: path, first: len(o.links), depth: depth, inside: inside})
	isLink := n.DataAtom == atom.A && o.addLink(n, i)
	inside = inside || n.DataAtom == atom.Article || n.DataAtom == atom.Main
	text, linked, heads := 0, 0, 0
	if heading(n.DataAtom) {
		heads = 1
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			text += weight(c.Data)
		case c.Type == html.ElementNode && !hidden(c):
			j := len(o.blocks)
			o.add(c, under(path, o.signed(c)), depth+1, inside)
			text += o.blocks[j].text
			linked += o.blocks[j].linked
			heads += o.blocks[j].heads
		}
	}
	b := &o.blocks[i]
	b.text, b.linked, b.heads, b.end, b.last = text, linked, heads, len(o.blocks), len(o.links)
	if isLink {
		b.linked = text
	}
	if n.DataAtom == atom.A && b.links() > 0 && o.links[b.first].block == i {
		o.links[b.first].text = text
		if heads > 0 {
			o.links[b.first].head = i
		}
	}
	if heading(n.DataAtom) {
		for k := b.first; k < b.last && k < b.first+maxRowLinks; k++ {
			o.links[k].head = max(o.links[k].head, i)
		}
	}
}

// addLink notes an anchor and reports whether its text counts as linked: it
// leads to another page of the site and is no hashtag.
func (o *outline) addLink(n *html.Node, i int) bool {
	href := strings.TrimSpace(attr(n, "href"))
	if href == "" || href[0] == '#' || foreignScheme(href) {
		return false
	}
	u := o.p.Resolve(href)
	if u == "" || !o.p.sameSite(u) {
		return false
	}
	_, frag, _ := strings.Cut(href, "#")
	o.links = append(o.links, link{node: n, block: i, url: u, shape: o.shape(u), frag: frag, head: -1})
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			return !strings.HasPrefix(strings.TrimSpace(c.Data), "#")
		}
	}
	return true
}

// foreignScheme spares an address that cannot be followed from parsing.
func foreignScheme(href string) bool {
	head := strings.ToLower(href[:min(len(href), 11)])
	return strings.HasPrefix(head, "javascript:") || strings.HasPrefix(head, "mailto:") ||
		strings.HasPrefix(head, "tel:") || strings.HasPrefix(head, "data:") || strings.HasPrefix(head, "tg:")
}

var seed = maphash.MakeSeed()

func seeded(sig string) uint64 { return maphash.String(seed, sig) }

// under is the hash of a path that goes on with an element of that hash.
func under(path, sig uint64) uint64 { return maphash.Comparable(seed, [2]uint64{path, sig}) }

// signed is the hash of an element's signature.
func (o *outline) signed(n *html.Node) uint64 {
	l := look{n.Data, attr(n, "class")}
	if l.class == "" && strings.ContainsAny(attr(n, "id"), "0123456789") {
		return seeded(signature(n))
	}
	h, ok := o.hashes[l]
	if !ok {
		h = seeded(signature(n))
		o.hashes[l] = h
	}
	return h
}

// signature names what an element is among its like: tag and classes, without
// the classes and numbers that vary from row to row.
func signature(n *html.Node) string {
	class := attr(n, "class")
	if class == "" {
		if id := attr(n, "id"); strings.ContainsAny(id, "0123456789") {
			return n.Data + "#" + strings.TrimRight(id, "0123456789")
		}
		return n.Data
	}
	kept := make([]string, 0, 4)
	for c := range strings.FieldsSeq(class) {
		if !strings.ContainsAny(c, "0123456789") && !variantClasses[c] && len(kept) < 8 {
			kept = append(kept, c)
		}
	}
	slices.Sort(kept)
	return n.Data + "." + strings.Join(kept, ".")
}

var variantClasses = words("odd even first last active current new hot alt sticky pinned unread read is-visited instock outofstock onsale sale sold soldout featured bo_notice notice locked online")

// weight is how much a text says: Han and hangul count twice, since they say
// in one character what other scripts say in several.
func weight(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r < 0x80:
			if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
				n++
			}
		case r >= 0x2e80 && (unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hangul, r)):
			n += 2
		case unicode.IsLetter(r):
			n++
		}
	}
	return n
}

// sameSite reports whether an absolute address is on the page's host; www
// and the port do not count.
func (p *Page) sameSite(u string) bool {
	_, rest, _ := strings.Cut(u, "://")
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, "?")
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host = host[:i]
	}
	return strings.EqualFold(strings.TrimPrefix(host, "www."), strings.TrimPrefix(p.URL.Hostname(), "www.")) ||
		strings.Trim(host, "[]") == p.URL.Hostname()
}

// shape returns the path and query of an address with numbers as #, so that
// the details of one list share it. The last part of the path is * unless it
// is a script.
func shape(u string) string {
	_, rest, _ := strings.Cut(u, "://")
	path, query, _ := strings.Cut(rest, "?")
	_, path, _ = strings.Cut(path, "/")
	path = strings.TrimSuffix(path, "/")
	var b strings.Builder
	for path != "" {
		var part string
		part, path, _ = strings.Cut(path, "/")
		b.WriteByte('/')
		switch {
		case strings.ContainsAny(part, "0123456789") && !script(part):
			b.WriteString(telling(part) + "#")
		case path == "" && !script(part):
			b.WriteByte('*')
		default:
			b.WriteString(part)
		}
	}
	if query != "" {
		b.WriteByte('?')
		b.WriteString(queryShape(query))
	}
	return b.String()
}

// shape is shape, computed once for the many addresses of a page that differ
// in their last number alone.
func (o *outline) shape(u string) string {
	head := strings.TrimRight(u, "0123456789")
	if len(head) == len(u) || !strings.HasSuffix(head, "/") {
		return shape(u)
	}
	s, ok := o.shapes[head]
	if !ok {
		s = shape(u)
		o.shapes[head] = s
	}
	return s
}

// telling returns what stands before the number in a part of a path if it
// names what the number counts, as in thread-12 and space-uid-7; a title in
// words is none of that.
func telling(part string) string {
	head := part[:strings.IndexAny(part, "0123456789")]
	n, known := 0, false
	for w := range wordsIn(head) {
		n++
		known = known || peripheralNames[w] || directoryNames[w] || detailNames[w]
	}
	if n > 2 || !known {
		return ""
	}
	return head
}

func script(part string) bool {
	for _, ext := range []string{".php", ".asp", ".aspx", ".jsp", ".do", ".cgi", ".pl"} {
		if strings.HasSuffix(part, ext) {
			return true
		}
	}
	return false
}

// queryShape returns a query with its numbers as #, page numbers and sessions
// left out.
func queryShape(query string) string {
	var parts []string
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if pageKeys[key] || sessionKeys[strings.ToLower(key)] || len(parts) > 16 {
			continue
		}
		if strings.ContainsAny(value, "0123456789") {
			value = "#"
		}
		parts = append(parts, key+"="+value)
	}
	slices.Sort(parts)
	return strings.Join(parts, "&")
}

var (
	pageKeys    = words("page p pg paged pageno pageNo page_no pageIndex page_num start offset cpage st")
	sessionKeys = words("sid phpsessid jsessionid s session sessionid extra highlight utm_source utm_medium utm_campaign ref from spm")
)

// markChrome marks the frame of the site. What holds most of the page's text
// is never taken for it.
func (o *outline) markChrome() {
	for i := 1; i < len(o.blocks); {
		b := &o.blocks[i]
		if b.text*2 <= o.total && o.frame(b) {
			for j := i; j < b.end; j++ {
				o.blocks[j].chrome = true
			}
			i = b.end
			continue
		}
		i++
	}
}

// frame reports whether a block is part of the site's frame by its element,
// its role or its name. A weak name needs most of the text to be links.
func (o *outline) frame(b *block) bool {
	mostlyLinks := b.linked*2 >= b.text
	switch b.node.DataAtom {
	case atom.Nav:
		return true
	case atom.Footer, atom.Aside:
		return b.depth <= 4 && !b.inside || mostlyLinks
	case atom.Header:
		return b.depth <= 4 && !b.inside && b.heads == 0 || mostlyLinks && b.links() > 2 && b.heads == 0
	case atom.Html, atom.Main, atom.A, atom.Td, atom.Tr, atom.Tbody:
		return false
	}
	switch attr(b.node, "role") {
	case "navigation", "contentinfo", "complementary", "search":
		return true
	case "main":
		return false
	}
	switch o.frameName(b.node) {
	case strongName:
		return b.depth <= 4 || mostlyLinks
	case weakName:
		return mostlyLinks && b.links() > 0 && !heading(b.node.DataAtom)
	case edgeName:
		return mostlyLinks && b.links() > 0 && b.heads == 0
	}
	return false
}

func (b *block) links() int { return b.last - b.first }

// The strength with which a name says that an element frames the page.
const (
	noName   = iota
	edgeName // the top or bottom of something: of the page, or of a listing
	weakName
	strongName
)

var (
	strongNames = words("nav navbar navigation gnb lnb snb tnb breadcrumb breadcrumbs crumbs crumb footer sidebar copyright pagination pager paging paginator cookie")
	edgeNames   = words("header head top foot bottom")
	weakNames   = words("menu topbar toolbar side aside banner ad ads advert share social login signin tags tagcloud widget related recommend recommended similar popular ranking hot latest recent links pg page pages actions buttons tabs tab filter sort upsell crosssell recently")
)

// frameName looks at the words of id and class.
func (o *outline) frameName(n *html.Node) int {
	best := noName
	if id := attr(n, "id"); id != "" {
		best = frameWords(id)
	}
	class := attr(n, "class")
	if class == "" {
		return best
	}
	found, known := o.frames[class]
	if !known {
		found = frameWords(class)
		o.frames[class] = found
	}
	return max(best, found)
}

// frameWords says how strongly the words of a name speak of a frame.
func frameWords(name string) int {
	best := noName
	for w := range wordsIn(name) {
		switch {
		case strongNames[w]:
			return strongName
		case weakNames[w]:
			best = weakName
		case edgeNames[w]:
			best = max(best, edgeName)
		}
	}
	return best
}

// wordsIn yields the words of a name: "site-footer" and "siteFooter" are site
// and footer. Long names are not looked at.
func wordsIn(name string) func(func(string) bool) {
	return func(yield func(string) bool) {
		if len(name) > 200 {
			return
		}
		start := 0
		for i := 0; i <= len(name); i++ {
			if i < len(name) && isAlnum(name[i]) && !(i > start && isUpper(name[i]) && !isUpper(name[i-1])) {
				continue
			}
			if i > start && !yield(strings.ToLower(name[start:i])) {
				return
			}
			start = i
			if i < len(name) && !isAlnum(name[i]) {
				start = i + 1
			}
		}
	}
}

func isAlnum(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || isUpper(c) || c >= 0x80
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
