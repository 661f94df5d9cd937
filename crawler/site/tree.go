package site

import (
	"iter"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The tree of a page is built here, of the tokens of lexer.go, and not by
// html.Parse, for three reasons that all hold against hostile pages:
// html.Parse refuses a page that nests deeper than 512 elements; a page of
// one megabyte makes it clone formatting elements until the memory is gone;
// and it compares the attributes of formatting elements pair by pair. The
// tree differs from a browser's in that misnested formatting is closed and
// not cloned, and that what stands between the rows of a table stays there.
// End tags that HTML lets authors omit are understood, and html, head, body,
// tbody and tr exist as in a browser, so selectors copied from one work.

// Caps of a tree. Each is far above what pages need.
const (
	maxDepth = 480     // physical depth of the tree; "depth"
	foldTo   = 240     // depth at which deeper elements are attached instead
	maxNodes = 300_000 // elements and texts; "nodes"
	maxAttrs = 128     // attributes of one element; "attributes"
	maxScan  = 512     // open elements that an end tag may look back over
)

type tree struct {
	root *html.Node
	head *html.Node
	body *html.Node
	cut  []string

	elements int // how many there are
	memory   *memory
}

// memory is what trees are made of. It is kept from page to page; nothing
// that a page said stays in it.
type memory struct {
	nodes [][]html.Node
	attrs [][]html.Attribute
	n, a  int // chunks in use
}

var memories sync.Pool

// Sizes of the chunks of a memory, and how many nodes it may have to be kept.
const (
	nodeChunk = 128
	attrChunk = 256
	poolNodes = 50_000
)

func newMemory() *memory {
	if m, ok := memories.Get().(*memory); ok {
		return m
	}
	return &memory{}
}

func (m *memory) moreNodes() []html.Node {
	if m.n == len(m.nodes) {
		m.nodes = append(m.nodes, make([]html.Node, nodeChunk))
	}
	m.n++
	return m.nodes[m.n-1]
}

func (m *memory) moreAttrs() []html.Attribute {
	if m.a == len(m.attrs) {
		m.attrs = append(m.attrs, make([]html.Attribute, attrChunk))
	}
	m.a++
	return m.attrs[m.a-1]
}

// release gives the memory of the tree to another.
func (t *tree) release() {
	m := t.memory
	if t.memory = nil; len(m.nodes)*nodeChunk > poolNodes || len(m.attrs)*attrChunk > poolNodes {
		return
	}
	for _, chunk := range m.nodes[:m.n] {
		clear(chunk)
	}
	for _, chunk := range m.attrs[:m.a] {
		clear(chunk)
	}
	m.n, m.a = 0, 0
	memories.Put(m)
}

// open is an element that has not ended. Elements at maxDepth get their
// children attached to anchor, their ancestor at foldTo: what is nested
// deeper keeps its own structure, only its distance from the root is lost.
type open struct {
	node   *html.Node
	tag    *tag
	anchor *html.Node
	depth  int
}

type builder struct {
	tree
	lex   *lexer
	stack []open // body first
	p     *tag   // of paragraphs
	nodes int
	attrs []html.Attribute // of the memory, as are
	pool  []html.Node
	seen  map[string]bool // of cut
}

// parse builds the tree of body. It never fails.
func parse(body []byte) *tree {
	b := &builder{lex: newLexer(body), seen: map[string]bool{}}
	b.p = b.lex.tagOf([]byte("p"))
	b.memory = newMemory()
	b.root = &html.Node{Type: html.DocumentNode}
	root := b.element(b.tag(atom.Html), nil)
	b.head, b.body = b.element(b.tag(atom.Head), nil), b.element(b.tag(atom.Body), nil)
	b.root.AppendChild(root)
	root.AppendChild(b.head)
	root.AppendChild(b.body)
	b.stack = append(b.stack, open{node: b.body, tag: b.tag(atom.Body), depth: 3})
	for b.nodes < maxNodes {
		switch b.lex.next() {
		case html.ErrorToken:
			return &b.tree
		case html.TextToken:
			b.text(b.lex.text)
		case html.StartTagToken:
			b.start(false)
		case html.SelfClosingTagToken:
			b.start(true)
		case html.EndTagToken:
			b.end(b.lex.tag)
		}
	}
	b.hit("nodes")
	return &b.tree
}

func (b *builder) hit(cut string) {
	if !b.seen[cut] {
		b.seen[cut] = true
		b.cut = append(b.cut, cut)
	}
}

// node takes a node from the pool, which saves an allocation for each.
func (b *builder) node() *html.Node {
	if len(b.pool) == 0 {
		b.pool = b.memory.moreNodes()
	}
	n := &b.pool[0]
	b.pool = b.pool[1:]
	b.nodes++
	return n
}

// tag returns the tag of a known name.
func (b *builder) tag(a atom.Atom) *tag { return b.lex.tagOf([]byte(a.String())) }

func (b *builder) element(t *tag, attrs []html.Attribute) *html.Node {
	n := b.node()
	b.elements++
	n.Type, n.Data, n.DataAtom, n.Attr = html.ElementNode, t.name, t.atom, attrs
	return n
}

func (b *builder) top() open { return b.stack[len(b.stack)-1] }

func (b *builder) append(n *html.Node) {
	t := b.top()
	if t.depth >= maxDepth {
		b.hit("depth")
		t.anchor.AppendChild(n)
		return
	}
	t.node.AppendChild(n)
}

func (b *builder) push(n *html.Node, tag *tag) {
	t := b.top()
	o := open{node: n, tag: tag, anchor: t.anchor, depth: t.depth + 1}
	if t.depth >= maxDepth {
		o.depth = foldTo + 1
	}
	if o.depth == foldTo {
		o.anchor = n
	}
	b.stack = append(b.stack, o)
	tag.open++
}

// popTo closes open elements until i are left; body always is.
func (b *builder) popTo(i int) {
	for _, o := range b.stack[i:] {
		o.tag.open--
	}
	b.stack = b.stack[:i]
}

func (b *builder) text(s string) {
	if len(b.stack) == 1 && strings.TrimLeft(s, " \t\r\n\f") == "" && b.body.FirstChild == nil {
		return
	}
	n := b.node()
	n.Type, n.Data = html.TextNode, s
	b.append(n)
}

// start handles a start tag.
func (b *builder) start(selfClosing bool) {
	t := b.lex.tag
	attrs := b.keepAttrs()
	switch t.atom {
	case atom.Html, atom.Body:
		b.merge(t.atom, attrs)
		return
	case atom.Head:
		return
	case atom.Image:
		t = b.tag(atom.Img)
	}
	n := b.element(t, attrs)
	if b.inHead(n.DataAtom) {
		b.head.AppendChild(n)
		if !void(n.DataAtom) {
			b.rawText(n)
		}
		return
	}
	b.imply(n.DataAtom)
	b.append(n)
	if void(n.DataAtom) || (selfClosing && (n.DataAtom == 0 || b.tag(atom.Svg).open+b.tag(atom.Math).open > 0)) {
		return
	}
	b.push(n, t)
}

// inHead reports whether an element belongs to the head: metadata before
// anything else of the body.
func (b *builder) inHead(a atom.Atom) bool {
	switch a {
	case atom.Title, atom.Meta, atom.Link, atom.Base, atom.Script, atom.Style:
		return b.body.FirstChild == nil
	}
	return false
}

// rawText reads the text of a title, script or style in the head.
func (b *builder) rawText(n *html.Node) {
	for {
		switch b.lex.next() {
		case html.TextToken:
			t := b.node()
			t.Type, t.Data = html.TextNode, b.lex.text
			n.AppendChild(t)
		default:
			return
		}
	}
}

// merge gives the attributes of a html or body tag to the one element.
func (b *builder) merge(a atom.Atom, attrs []html.Attribute) {
	n := b.body
	if a == atom.Html {
		n = b.body.Parent
	}
	if len(n.Attr) == 0 {
		n.Attr = attrs
	}
}

// tagName returns the tag name as a string, without allocating for known
// ones.
func tagName(raw []byte) string {
	if a := atom.Lookup(raw); a != 0 {
		return a.String()
	}
	return string(raw)
}

// keepAttrs returns the attributes of the tag at hand, from the pool.
func (b *builder) keepAttrs() []html.Attribute {
	if b.lex.cut {
		b.hit("attributes")
	}
	n := len(b.lex.attrs)
	if n == 0 {
		return nil
	}
	if n > len(b.attrs) {
		b.attrs = b.memory.moreAttrs() // at least maxAttrs
	}
	kept := b.attrs[:n:n]
	b.attrs = b.attrs[n:]
	copy(kept, b.lex.attrs)
	return kept
}

func hasAttr(attrs []html.Attribute, key []byte) bool {
	for i := range attrs {
		if attrs[i].Key == string(key) {
			return true
		}
	}
	return false
}

// imply closes the elements that a start tag ends by itself, and opens those
// that a row or cell needs.
func (b *builder) imply(a atom.Atom) {
	switch a {
	case atom.Li:
		b.closeNear(atom.Li, atom.Li)
	case atom.Dd, atom.Dt:
		b.closeNear(atom.Dd, atom.Dt)
	case atom.Option, atom.Optgroup:
		if t := b.top().node.DataAtom; t == atom.Option || t == atom.Optgroup && a == atom.Optgroup {
			b.popTo(len(b.stack) - 1)
		}
	case atom.A, atom.Button, atom.Nobr:
		b.end(b.tag(a))
	case atom.Td, atom.Th:
		b.implyCell()
	case atom.Tr:
		b.implyRow()
	case atom.Tbody, atom.Thead, atom.Tfoot, atom.Caption, atom.Colgroup:
		b.backTo(atom.Table)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if heading(b.top().node.DataAtom) {
			b.popTo(len(b.stack) - 1)
		}
	}
	if closesP(a) && b.p.open > 0 {
		b.closeIn(atom.P)
	}
}

// closeNear closes an open x or y unless another block stands between.
func (b *builder) closeNear(x, y atom.Atom) {
	if b.tag(x).open+b.tag(y).open == 0 {
		return
	}
	for i := len(b.stack) - 1; i > 0 && i > len(b.stack)-maxScan; i-- {
		switch a := b.stack[i].node.DataAtom; {
		case a == x || a == y:
			b.popTo(i)
			return
		case special(a) && a != atom.Address && a != atom.Div && a != atom.P:
			return
		}
	}
}

// closeIn closes an open x of this cell, button or object.
func (b *builder) closeIn(x atom.Atom) {
	for i := len(b.stack) - 1; i > 0 && i > len(b.stack)-maxScan; i-- {
		switch a := b.stack[i].node.DataAtom; {
		case a == x:
			b.popTo(i)
			return
		case scope(a) || a == atom.Button:
			return
		}
	}
}

// backTo closes everything above the nearest of the given elements, within
// the table, and reports which it is; 0 if there is none.
func (b *builder) backTo(any ...atom.Atom) atom.Atom {
	if b.tag(atom.Table).open == 0 {
		return 0
	}
	for i := len(b.stack) - 1; i > 0 && i > len(b.stack)-maxScan; i-- {
		a := b.stack[i].node.DataAtom
		for _, x := range any {
			if a == x {
				b.popTo(i + 1)
				return a
			}
		}
		if a == atom.Table {
			return 0
		}
	}
	return 0
}

func (b *builder) implyRow() {
	if b.backTo(atom.Tbody, atom.Thead, atom.Tfoot, atom.Table) == atom.Table {
		b.insert(atom.Tbody)
	}
}

func (b *builder) implyCell() {
	switch b.backTo(atom.Tr, atom.Tbody, atom.Thead, atom.Tfoot, atom.Table) {
	case atom.Table:
		b.insert(atom.Tbody)
		b.insert(atom.Tr)
	case atom.Tbody, atom.Thead, atom.Tfoot:
		b.insert(atom.Tr)
	}
}

func (b *builder) insert(a atom.Atom) {
	n := b.element(b.tag(a), nil)
	b.append(n)
	b.push(n, b.tag(a))
}

// end handles an end tag: it closes the nearest such element of the same
// cell or table and what is open above it. Formatting that was opened outside
// of a block that is still open is forgotten, and the block stays.
func (b *builder) end(t *tag) {
	if t.open == 0 && !heading(t.atom) {
		return
	}
	a := t.atom
	blocks := false
	for i := len(b.stack) - 1; i > 0 && i > len(b.stack)-maxScan; i-- {
		o := b.stack[i].node
		switch {
		case b.stack[i].tag == t || heading(a) && heading(o.DataAtom):
			if formatting(a) && blocks {
				t.open--
				b.stack = append(b.stack[:i], b.stack[i+1:]...)
				return
			}
			b.popTo(i)
			return
		case scope(o.DataAtom) && !tablePart(a), o.DataAtom == atom.Table:
			return
		case (o.DataAtom == atom.Ul || o.DataAtom == atom.Ol) && a == atom.Li:
			return
		}
		blocks = blocks || special(o.DataAtom)
	}
}

func void(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link,
		atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr, atom.Keygen, atom.Frame:
		return true
	}
	return false
}

func heading(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

func formatting(a atom.Atom) bool {
	switch a {
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small,
		atom.Strike, atom.Strong, atom.Tt, atom.U, atom.Span, atom.Label:
		return true
	}
	return false
}

// scope reports whether an element hides what is open outside of it.
func scope(a atom.Atom) bool {
	switch a {
	case atom.Table, atom.Td, atom.Th, atom.Caption, atom.Object, atom.Marquee, atom.Template:
		return true
	}
	return false
}

func tablePart(a atom.Atom) bool {
	switch a {
	case atom.Table, atom.Tbody, atom.Thead, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Caption, atom.Template:
		return true
	}
	return false
}

// closesP reports whether a start tag ends an open paragraph.
func closesP(a atom.Atom) bool {
	switch a {
	case atom.Select, atom.Iframe, atom.Caption, atom.Object, atom.Marquee, atom.Template,
		atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr:
		return false
	}
	return special(a)
}

// special reports whether an element is a block in the sense of the HTML
// standard's lists, as far as it matters here.
func special(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Center, atom.Dd, atom.Details, atom.Dir,
		atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup, atom.Hr, atom.Iframe,
		atom.Li, atom.Listing, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.P, atom.Plaintext, atom.Pre,
		atom.Section, atom.Select, atom.Summary, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th,
		atom.Thead, atom.Tr, atom.Ul, atom.Xmp, atom.Dialog, atom.Caption, atom.Template, atom.Object, atom.Marquee:
		return true
	}
	return false
}

// elements yields the elements of that name under n, in the order of the
// page; 0 yields all.
func elements(n *html.Node, a atom.Atom) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		for c := next(n, n, true); c != nil; c = next(c, n, true) {
			if c.Type == html.ElementNode && (a == 0 || c.DataAtom == a) && !yield(c) {
				return
			}
		}
	}
}

// next returns the node after n in the order of the page, within root; into
// says whether to enter n.
func next(n, root *html.Node, into bool) *html.Node {
	if into && n.FirstChild != nil {
		return n.FirstChild
	}
	for n != root {
		if n.NextSibling != nil {
			return n.NextSibling
		}
		n = n.Parent
	}
	return nil
}

// attr returns the value of an attribute, "" if it is absent.
func attr(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}

func hasKey(n *html.Node, key string) bool {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return true
		}
	}
	return false
}
