package site

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/leakwatch/leakwatch/leak"
)

// posts are the blocks of a page that hold one post of a thread, one comment
// or one message of a channel each.
type posts struct {
	blocks  []int
	ids     []string
	replies bool // comments below something else
}

// postNames are the words before the number in the id of a post.
var (
	postNames  = words("p pid post posts message msg messages article_content entry reply comment comments comm cmt re c review answer div li")
	replyNames = words("comment comments comm cmt re c review reply answer")
)

// postID returns the kind and number of a post that an element names itself
// with: in data attributes or in its id.
func postID(n *html.Node) (key, id string) {
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "data-post", "data-post-id", "data-pk", "data-message-id", "data-comment-id", "data-pid", "data-reply-id":
			if a.Val != "" && len(a.Val) < 100 && strings.ContainsAny(a.Val, "0123456789") {
				return a.Key, a.Val
			}
		case "id":
			prefix := strings.TrimRight(a.Val, "0123456789")
			if len(prefix) == len(a.Val) || len(a.Val) > 64 {
				continue
			}
			last := ""
			for w := range wordsIn(prefix) {
				last = w
			}
			if postNames[last] {
				key, id = prefix, a.Val[len(prefix):]
			}
		}
	}
	return key, id
}

// posts finds the posts of the page: the most numerous group of blocks that
// name themselves so; among equals the outermost. A single one counts if its
// class also says what it is.
func (o *outline) posts() posts {
	groups := map[string]*posts{}
	var order []string
	for i := 1; i < len(o.blocks); i++ {
		b := &o.blocks[i]
		key, id := postID(b.node)
		if key == "" || b.chrome || b.text == 0 {
			continue
		}
		g := groups[key]
		if g == nil {
			g = &posts{replies: replyKey(key)}
			groups[key] = g
			order = append(order, key)
		}
		g.blocks, g.ids = append(g.blocks, i), append(g.ids, id)
	}
	var best posts
	for _, key := range order {
		g := groups[key]
		if o.plausible(g) && len(g.blocks) > len(best.blocks) {
			best = *g
		}
	}
	return best
}

func replyKey(key string) bool {
	last := ""
	for w := range wordsIn(key) {
		last = w
	}
	return replyNames[last] || strings.HasPrefix(key, "data-comment") || strings.HasPrefix(key, "data-reply")
}

// plausible reports whether the blocks of a group say something themselves,
// and are not the rows of a list: those have their title in a link.
func (o *outline) plausible(g *posts) bool {
	text, rows, named := 0, 0, 0
	for _, i := range g.blocks {
		b := &o.blocks[i]
		text += b.text - b.linked
		if o.titled(i) {
			rows++
		}
		if anyWord(attr(b.node, "class"), postClasses) || g.replies && (b.node.DataAtom == atom.Li || b.node.DataAtom == atom.Article) {
			named++
		}
	}
	n := len(g.blocks)
	return text > 0 && rows*2 < n && (n > 1 || named == n)
}

var postClasses = words("post message reply comment msg bubble plhin cmt review answer")

// titled reports whether a block has its heading in a link, or little besides
// its links.
func (o *outline) titled(i int) bool {
	b := &o.blocks[i]
	longest := 0
	for k := b.first; k < b.last; k++ {
		l := &o.links[k]
		if l.frag != "" || peripheral(l.shape) {
			continue
		}
		if l.text >= minTitle && l.head > i {
			return true
		}
		longest = max(longest, l.text)
	}
	return longest*2 > b.text
}

// readPosts reads each post as a listing under the title of the thread. The
// first post of a thread keeps the address of the thread, whatever its
// number; the others have their own.
func (r *reader) readPosts(o *outline, ps posts, opening bool) {
	title, shown := r.threadTitle(o)
	nested := map[*html.Node]bool{}
	for _, i := range ps.blocks {
		nested[o.blocks[i].node] = true
	}
	for k, i := range ps.blocks {
		n := o.blocks[i].node
		d := detail{reader: r, o: o, at: o.within(i, nested)}
		skip := func(c *html.Node) bool { return c != n && nested[c] || c == shown || d.dropFromPost(c, title) }
		f := r.readFields(o, i, skip)
		raw := leak.Raw{Title: title}
		r.body(&raw, o.postBody(i), func(c *html.Node) bool { return skip(c) || f.shown[c] })
		f.complete(&raw)
		if k > 0 || !opening {
			raw.SiteID, raw.URL = postSiteID(ps, k), o.permalink(i, ps.ids[k])
		}
		raw.Body = tidy(raw.Body)
		left := maxWork - r.work
		raw.Files, _ = files(n, skip, &left)
		r.work = maxWork - left
		if raw.Body != "" || len(raw.Files) > 0 {
			r.listing(raw)
		}
	}
}

// within returns block i and those in it by their nodes, without what is in
// the blocks that apart names.
func (o *outline) within(i int, apart map[*html.Node]bool) map[*html.Node]int {
	at := map[*html.Node]int{}
	for j := i; j < o.blocks[i].end; j++ {
		b := &o.blocks[j]
		if j > i && apart[b.node] {
			j = b.end - 1
			continue
		}
		at[b.node] = j
	}
	return at
}

// dropFromPost leaves out the buttons and the head of a post.
func (d *detail) dropFromPost(n *html.Node, title string) bool {
	i, ok := d.at[n]
	if !ok {
		return true
	}
	b := &d.o.blocks[i]
	if n.DataAtom == atom.Form || n.DataAtom == atom.Button || n.DataAtom == atom.Nav {
		return true
	}
	if heading(n.DataAtom) && strings.HasSuffix(line(n), title) && title != "" || n.DataAtom == atom.A && actionTexts[label(line(n))] {
		return true
	}
	return b.links() >= 1 && b.linked == b.text && b.linked <= 12*b.links() && anyWord(attr(n, "class")+" "+attr(n, "id"), actionNames)
}

var actionNames = words("buttons actions action menu toolbar tools footer foot links btn share profile signature po pob")

var actionTexts = map[string]bool{"reply": true, "quote": true, "report": true, "like": true, "share": true, "edit": true,
	"回复": true, "引用": true, "举报": true, "点赞": true, "답글": true, "신고": true, "추천": true, "인용": true}

// postBody returns the part of a post that holds its text, if one is named so
// and is alone; else the whole post.
func (o *outline) postBody(i int) *html.Node {
	var found *html.Node
	for j := i + 1; j < o.blocks[i].end; j++ {
		b := &o.blocks[j]
		if !hasWord(attr(b.node, "class"), bodyClasses) {
			continue
		}
		if found != nil {
			return o.blocks[i].node
		}
		found = b.node
		j = b.end - 1
	}
	if found == nil {
		return o.blocks[i].node
	}
	return found
}

var bodyClasses = words("t_f postbody post-content post_content post-body message-body message-content bbWrapper comment-content comment-body comment_text tgme_widget_message_text cooked cmt_contents xe_content")

func postSiteID(ps posts, k int) string {
	if ps.replies {
		return "comment " + ps.ids[k]
	}
	return "post " + ps.ids[k]
}

// permalink returns the address of a post: a link in it that ends with its
// id, or else its place on the page.
func (o *outline) permalink(i int, id string) string {
	b := &o.blocks[i]
	for _, l := range o.links[b.first:b.last] {
		rest, ok := strings.CutSuffix(l.url, id)
		if ok && rest != "" && strings.ContainsAny(rest[len(rest)-1:], "/=-") && !peripheral(l.shape) {
			return l.url
		}
	}
	if a := attr(b.node, "id"); a != "" {
		id = a
	}
	return o.p.URL.String() + "#" + id
}
