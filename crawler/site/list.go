package site

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A row is one member of a list: a block and the link that leads to its
// detail page.
type row struct {
	block int
	link  int
}

// list is the blocks of a page that look alike and lead to one page each.
type list struct {
	rows  []row
	shape string
	score int
	text  int // weight of the text of its rows
}

const (
	maxRowLinks = 60  // links of one row; what holds more is no row
	capWeight   = 60  // beyond it, more text makes a row no better
	minTitle    = 4   // weight under which a link text is no title, as in a menu
	fewRows     = 3   // rows that make a list without further signs
	maxGroups   = 400 // groups of alike blocks that are weighed
)

// lists returns the lists of the page, the best first, each address in one of
// them only.
func (o *outline) lists() []list {
	groups := map[uint64][]int{}
	var order []uint64
	for i := 1; i < len(o.blocks); i++ {
		b := &o.blocks[i]
		if b.chrome || b.links() == 0 || b.links() > maxRowLinks {
			continue
		}
		if groups[b.path] == nil {
			order = append(order, b.path)
		}
		groups[b.path] = append(groups[b.path], i)
	}
	slices.SortStableFunc(order, func(x, y uint64) int { return cmp.Compare(len(groups[y]), len(groups[x])) })
	var found []list
	for _, path := range order[:min(len(order), maxGroups)] {
		if l, ok := o.list(groups[path]); ok {
			found = append(found, l)
		}
	}
	slices.SortStableFunc(found, func(x, y list) int { return cmp.Compare(y.score, x.score) })
	return found
}

// list weighs one group of alike blocks.
func (o *outline) list(members []int) (list, bool) {
	l := list{shape: o.commonShape(members)}
	if l.shape == "" {
		return l, false
	}
	urls := map[string]bool{}
	points, titles := 0, 0
	for _, m := range members {
		k := o.titleLink(m, l.shape)
		if k < 0 || urls[o.links[k].url] {
			continue
		}
		urls[o.links[k].url] = true
		l.rows = append(l.rows, row{m, k})
		b := &o.blocks[m]
		titles += min(o.links[k].text, capWeight)
		points += min(o.links[k].text, capWeight) + min(b.text-o.links[k].text, capWeight)/2 + rowBonus(b)
		l.text += b.text
	}
	if len(l.rows) == 0 {
		return l, false
	}
	if titles < minTitle*len(l.rows) || (len(l.rows) < fewRows && rowBonus(&o.blocks[l.rows[0].block]) == 0) {
		return l, false
	}
	l.score = points
	if titles < 2*minTitle*len(l.rows) && l.text < 3*minTitle*len(l.rows) {
		l.score /= 4
	}
	if peripheral(l.shape) {
		l.score /= 4
	}
	return l, true
}

// commonShape returns the shape of address that most members link to; among
// equals the one with the longest texts.
func (o *outline) commonShape(members []int) string {
	type tally struct{ members, text, last int }
	tallies := map[string]*tally{}
	var order []string
	for _, m := range members {
		for k := o.blocks[m].first; k < o.blocks[m].last; k++ {
			l := &o.links[k]
			if l.frag != "" && l.url == o.p.URL.String() {
				continue
			}
			t := tallies[l.shape]
			if t == nil {
				t = &tally{last: -1}
				tallies[l.shape] = t
				order = append(order, l.shape)
			}
			if t.last != m {
				t.members, t.last = t.members+1, m
			}
			t.text += min(l.text, capWeight)
		}
	}
	best, value := "", -1
	for _, s := range order {
		t := tallies[s]
		v := t.members*capWeight + 4*t.text
		if peripheral(s) {
			v /= 4
		}
		if v > value {
			best, value = s, v
		}
	}
	return best
}

// titleLink returns the link of a member that leads to its detail page: of
// the given shape, in a heading, or else with the longest text; -1 if there
// is none.
func (o *outline) titleLink(m int, shape string) int {
	best, value := -1, -1
	for k := o.blocks[m].first; k < o.blocks[m].last; k++ {
		l := &o.links[k]
		if !sameKind(l.shape, shape) || l.url == o.p.URL.String() {
			continue
		}
		v := l.text
		if l.head >= m && v > 0 {
			v += 10 * capWeight
		}
		if v > value {
			best, value = k, v
		}
	}
	return best
}

// sameKind reports whether two shapes are alike but for their queries, where
// the path alone tells one listing from the next.
func sameKind(x, y string) bool {
	if x == y {
		return true
	}
	x, _, _ = strings.Cut(x, "?")
	y, _, _ = strings.Cut(y, "?")
	return x == y && (strings.HasSuffix(x, "#") || strings.HasSuffix(x, "*"))
}

// rowBonus is what the element and name of a block say for its being a row.
func rowBonus(b *block) int {
	switch b.node.DataAtom {
	case atom.Tr, atom.Article:
		return 20
	}
	for _, key := range []string{"class", "id", "itemprop", "itemtype"} {
		for w := range wordsIn(attr(b.node, key)) {
			if rowNames[w] {
				return 20
			}
		}
	}
	if b.node.DataAtom == atom.Li || b.node.DataAtom == atom.Dl {
		return 5
	}
	return 0
}

var rowNames = words("item product goods thread topic post row card entry article listing offer discussion subject normalthread stickthread forumdisplay topictitle bg pod good gall list-item auction deal")

// peripheral reports whether addresses of that shape lead to people, boards
// or actions and not to listings.
func peripheral(shape string) bool {
	for w := range wordsIn(shape) {
		if peripheralNames[w] {
			return true
		}
	}
	return false
}

var peripheralNames = words("user users member members profile profiles author authors space uid memberlist login logout register signup signin search tag tags cart basket wishlist checkout account help about contact faq rss feed terms privacy report quote reply lastpost replytocom respond mode goto print share like edit delete seller sellers vendor")

// directory reports whether an address names a board, forum or category, and
// so another list. What it shares with the page's own address says nothing.
func (p *Page) directory(u string) bool {
	parsed, err := url.Parse(u)
	if err != nil {
		return false
	}
	q := parsed.Query()
	switch {
	case strings.HasSuffix(parsed.Path, "/board.php"):
		return q.Get("wr_id") == ""
	case strings.HasSuffix(parsed.Path, "viewforum.php"), q.Get("mod") == "forumdisplay":
		return true
	}
	own := p.URL.Path[:strings.LastIndexByte(p.URL.Path, '/')+1]
	if rest, ok := strings.CutPrefix(parsed.Path, p.URL.Path); ok && strings.HasPrefix(rest, "/") {
		own = p.URL.Path
	}
	found := false
	for w := range wordsIn(strings.TrimPrefix(parsed.Path, own)) {
		if detailNames[w] {
			return false
		}
		found = found || directoryNames[w]
	}
	return found
}

var (
	directoryNames = words("forum forums board boards category categories cat collections viewforum forumdisplay section sections node nodes channel channels")
	detailNames    = words("topic topics thread threads post posts item items product products goods article articles view read show viewtopic viewthread t p")
)

// readList puts the rows of the best list, and of the lists that lead to the
// same kind of page, into the result.
func (r *reader) readList(o *outline, found []list) {
	r.res.List = true
	best := found[0]
	for _, l := range found {
		if !sameKind(l.shape, best.shape) && (l.score*2 < best.score || peripheral(l.shape)) {
			continue
		}
		for _, row := range l.rows {
			r.readRow(o, row)
		}
	}
}

func (r *reader) readRow(o *outline, w row) {
	l := &o.links[w.link]
	if r.seen[l.url] {
		return
	}
	if r.p.directory(l.url) {
		r.list(l.url)
		return
	}
	n := o.blocks[w.block].node
	r.detail(Link{URL: r.unpaged(l.url), Row: rowHash(n), Title: titleText(l.node), Posted: r.dateIn(n)})
}

// unpaged returns the address of a detail page without the number of the list
// page that it stands on, which some boards hand on: a row that moves to the
// second page is the same listing.
func (r *reader) unpaged(u string) string {
	own := r.p.URL.Query()
	address, query, ok := strings.Cut(u, "?")
	if !ok {
		return u
	}
	kept := make([]string, 0, 4)
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if !pageKeys[key] || own.Get(key) != value {
			kept = append(kept, pair)
		}
	}
	if len(kept) == 0 {
		return u
	}
	return address + "?" + strings.Join(kept, "&")
}

// titleText returns the text of a link: of its heading if it has one, else
// the title attribute if the text is a shortened form of it.
func titleText(n *html.Node) string {
	for c := range elements(n, 0) {
		if heading(c.DataAtom) {
			return line(c)
		}
	}
	s := line(n)
	if full := oneLine(attr(n, "title")); cutForm(s, full) {
		return full
	}
	return s
}

// cutForm reports whether s is full with its end cut off.
func cutForm(s, full string) bool {
	s = strings.TrimRight(s, ".… ")
	return len(full) > len(s) && strings.HasPrefix(full, s)
}
