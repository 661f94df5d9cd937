package site

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/leakwatch/leakwatch/leak"
)

// fields are the labelled facts of one listing, with the elements that show
// them, which are left out of its body.
type fields struct {
	seller, price, currency string
	labelled                string // seller by a label in the text; used if no element names one
	posted                  time.Time
	soldOut                 bool
	sold, stock             *int64
	shown                   map[*html.Node]bool
}

// An element above these is no label or value.
const (
	maxField      = 120 // weight of its text
	maxFieldParts = 40  // elements in it
)

// The words of class, id, itemprop and rel that name a field.
var (
	sellerNames  = words("author username user nickname nick poster seller vendor writer member guest publisher owner postername byline authi")
	priceNames   = words("price amount cost")
	dateNames    = words("date time posted published datetime pubdate postdate wdate regdate created when datepublished dateposted")
	soldOutTexts = map[string]bool{"sold out": true, "soldout": true, "sold": true, "out of stock": true, "unavailable": true,
		"已售完": true, "已售": true, "已售罄": true, "售罄": true, "已卖完": true, "已出售": true, "缺货": true, "已下架": true, "无货": true, "已售出": true,
		"판매완료": true, "판매 완료": true, "품절": true, "거래완료": true, "거래 완료": true, "已完成交易": true}
)

var (
	reSellerLabel = regexp.MustCompile(`(?i)^(?:作者|楼主|发布者|发布人|卖家|发帖人|店铺|商家|글쓴이|작성자|판매자|등록자|author|seller|vendor|posted by|sold by|by|from)\s?[:：|]?\s?(.*)$`)
	rePriceLabel  = regexp.MustCompile(`(?i)^(?:价格|價格|售价|售價|单价|价钱|现价|가격|판매가|판매가격|금액|price|cost)\s?[:：]\s?(.+)$`)
	reNextLabel   = regexp.MustCompile(`(?i)\S{1,12}\s?[:：]|发表于|发布于`)
	reDateLabel   = regexp.MustCompile(`(?i)^(?:发表于|发布于|发表时间|发布时间|发布日期|更新时间|时间|日期|등록일|작성일|날짜|posted(?: on)?|date|listed on|published(?: on)?|created)\s?[:：]?\s?(.+)$`)
	reSold        = regexp.MustCompile(`(?i)(?:已售|销量|售出|판매량|판매|sold)\s?[:：]?\s?(\d{1,9})|(\d{1,9})\s?(?:sold|件已售|개 판매)`)
	reStock       = regexp.MustCompile(`(?i)(?:库存|存货|庫存|余量|재고|in stock|stock|available)\s?[:：(]?\s?\(?(\d{1,9})|(\d{1,9})\s?(?:in stock|available|개 남음)`)
)

// readFields finds the fields of the listing in block i, without the blocks
// that skip names.
func (r *reader) readFields(o *outline, i int, skip func(*html.Node) bool) fields {
	f := fields{shown: map[*html.Node]bool{}}
	for j := i; j < o.blocks[i].end; j++ {
		b := &o.blocks[j]
		if skip(b.node) {
			j = b.end - 1
			continue
		}
		if b.text <= maxField && b.end-j <= maxFieldParts && j != i {
			r.readField(&f, o, b)
		}
	}
	f.widen(o.blocks[i].node)
	return f
}

// widen leaves out the line around a shown field as well, if nothing but
// labels is left of it.
func (f *fields) widen(root *html.Node) {
	if f.seller == "" {
		f.seller = f.labelled
	}
	parents := map[*html.Node]bool{}
	for n := range f.shown {
		if n.Parent != root && n.Parent.Parent != nil {
			parents[n.Parent] = true
		}
	}
	for n := range parents {
		rest := short(n, func(c *html.Node) bool { return f.shown[c] })
		if len(rest) < 80 && strings.Trim(reLabels.ReplaceAllString(rest, ""), " \n\t|·•:：,/-—()[]") == "" {
			f.shown[n] = true
		}
	}
}

// reCounters is a line of counters, which change by themselves.
var reCounters = regexp.MustCompile(`(?i)^(?:(?:조회 ?수?|댓글|추천 ?수?|浏览|查看|点击|阅读|人气|回复|评论|点赞|views?|reads?|hits?|replies|comments?|likes?|downloads?)\s?[:：]?\s?[\d,.]+\s?[km万만]?\s?[회건개次人]?[\s|·,]*|[\d,.]+\s?[km]?\s?(?:views?|reads?|hits?|replies|comments?|likes?)[\s|·,]*)+$`)

// tidy drops the lines of a body that hold nothing but labels or counters:
// each would make another text of the same listing.
func tidy(body string) string {
	var b strings.Builder
	for l := range strings.SplitSeq(body, "\n") {
		if l == "" || idle(l) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l)
	}
	return b.String()
}

// idle reports whether a line holds nothing but labels or counters. Its first
// rune spares most lines the regexes.
func idle(l string) bool {
	if len(l) > 60 || !strings.ContainsRune(labelRunes, firstRune(l)) {
		return false
	}
	return reCounters.MatchString(l) || strings.Trim(reLabels.ReplaceAllString(l, ""), " \t|·•:：/-—") == ""
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

const labelRunes = "作楼发卖时日글작판등날价售가浏查点阅人回评조댓추pPaAsSvVbBoOdDiIrRhHlLcC0123456789|·:：-"

var reLabels = regexp.MustCompile(`(?i)价格|售价|가격|\bprice\b|作者|楼主|发布者|发布人|卖家|发帖人|发表于|发表|发布于|发布时间|时间|日期|글쓴이|작성자|판매자|등록일|작성일|날짜|\bposted\b|\bauthor\b|\bseller\b|\bvendor\b|\bby\b|\bon\b|\bat\b|\bdate\b|\bin\b`)

// readField looks at one small element.
func (r *reader) readField(f *fields, o *outline, b *block) {
	n := b.node
	if n.DataAtom == atom.Time || n.DataAtom == atom.Abbr || isNamed(n, dateNames) {
		r.readDate(f, n)
	} else if f.posted.IsZero() && leaf(n) {
		r.readLabelledDate(f, n)
	}
	if f.price == "" && isNamed(n, priceNames) && hasDigit(n) {
		f.price, f.currency = priceOf(n)
		f.shown[n] = true
		return
	}
	if (namedWhole(n, sellerNames) || hasWord(attr(n, "rel"), relAuthor)) && b.text > 0 {
		s := sellerIn(n)
		if f.seller == "" {
			f.seller = s
		}
		if f.seller == s && b.text <= 2*weight(s)+20 {
			f.shown[n] = true
		}
		return
	}
	if !leaf(n) {
		return
	}
	f.readText(n, line(n))
}

var relAuthor = words("author")

// sellerIn returns the name that an element made for it shows: of the
// innermost such element, of its link, or its whole text without a label.
func sellerIn(n *html.Node) string {
	var found, link *html.Node
	for c := range elements(n, 0) {
		switch {
		case namedWhole(c, sellerNames) && weight(line(c)) > 0:
			found = c
		case c.DataAtom == atom.A && link == nil && weight(line(c)) > 0:
			link = c
		}
		if found != nil && !hasElements(found) {
			break
		}
	}
	switch {
	case found != nil:
		return cutLabel(line(found))
	case link != nil:
		return cutLabel(line(link))
	}
	return cutLabel(line(n))
}

// readText looks at the text of a leaf for a label and its value.
func (f *fields) readText(n *html.Node, s string) {
	if s == "" {
		return
	}
	if soldOutTexts[strings.ToLower(strings.Trim(s, " []()【】!！.。*"))] {
		f.soldOut = true
		return
	}
	numbers := len(s) < 40 && strings.ContainsAny(s, "0123456789")
	if numbers && f.sold == nil {
		if m := reSold.FindStringSubmatch(s); m != nil {
			f.sold = count(m)
		}
	}
	if numbers && f.stock == nil {
		if m := reStock.FindStringSubmatch(s); m != nil {
			f.stock = count(m)
		}
	}
	if f.labelled != "" || !strings.ContainsAny(s, ":：") {
		return
	}
	if m := reSellerLabel.FindStringSubmatch(s); m != nil && strings.ContainsAny(s[:len(s)-len(m[1])], ":：") {
		f.labelled = sellerAfter(n, m[1])
	}
}

// sellerAfter returns the name after a label: the rest of its text, or the
// element that follows.
func sellerAfter(n *html.Node, rest string) string {
	if rest == "" {
		for c := n.NextSibling; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				rest = line(c)
				break
			}
		}
	}
	rest, _, _ = strings.Cut(rest, "|")
	if at := reNextLabel.FindStringIndex(rest); at != nil {
		rest = rest[:at[0]]
	}
	if weight(rest) > 40 {
		return ""
	}
	return strings.TrimSpace(rest)
}

// count reads the first number that matched.
func count(m []string) *int64 {
	for _, s := range m[1:] {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return &n
		}
	}
	return nil
}

// readLabelledDate reads "发表于 2024-5-1 12:00" and its like, where no
// element is made for the date.
func (r *reader) readLabelledDate(f *fields, n *html.Node) {
	s := line(n)
	if len(s) > 80 {
		return
	}
	m := reDateLabel.FindStringSubmatch(s)
	if m == nil {
		return
	}
	for c := range elements(n, 0) {
		if t := r.date(longTitle(c)); !t.IsZero() {
			f.posted = t
			return
		}
	}
	f.posted = r.date(m[1])
}

// longTitle returns the title of an element if it may hold a date, and not
// just a time of day.
func longTitle(n *html.Node) string {
	if s := attr(n, "title"); len(s) >= 10 {
		return s
	}
	return ""
}

func (r *reader) readDate(f *fields, n *html.Node) {
	if !f.posted.IsZero() {
		return
	}
	for c := range elements(n, 0) {
		if attr(c, "datetime") != "" {
			return // that one says it exactly
		}
	}
	s := line(n)
	for _, s := range []string{attr(n, "datetime"), attr(n, "content"), attr(n, "data-time"), attr(n, "data-timestamp"), longTitle(n), s} {
		if t := r.date(s); !t.IsZero() {
			f.posted = t
			f.shown[n] = weight(line(n)) <= 40
			return
		}
	}
}

// dateIn returns the first date that a row shows: in an element made for it,
// or in any short text.
func (r *reader) dateIn(row *html.Node) time.Time {
	f := fields{shown: map[*html.Node]bool{}}
	for n := range elements(row, 0) {
		if n.DataAtom == atom.Time || isNamed(n, dateNames) {
			r.readDate(&f, n)
		}
	}
	if f.posted.IsZero() {
		for n := range elements(row, 0) {
			if n.FirstChild != nil && n.FirstChild.Type == html.TextNode && len(n.FirstChild.Data) < 60 && n.DataAtom != atom.A && hasDigit(n) {
				r.readDate(&f, n)
			}
		}
	}
	return f.posted
}

// complete gives what was found to a listing that lacks it.
func (f *fields) complete(raw *leak.Raw) {
	for _, v := range []struct {
		to   *string
		from string
	}{{&raw.Seller, f.seller}, {&raw.Price, f.price}, {&raw.Currency, f.currency}} {
		if *v.to == "" {
			*v.to = v.from
		}
	}
	if raw.PostedAt.IsZero() {
		raw.PostedAt = f.posted
	}
	if raw.Sold == nil {
		raw.Sold = f.sold
	}
	if raw.Stock == nil {
		raw.Stock = f.stock
	}
	raw.SoldOut = raw.SoldOut || f.soldOut
}

// isNamed reports whether a word of the class, id or itemprop of an element is
// in the set.
func isNamed(n *html.Node, set map[string]bool) bool {
	for _, key := range []string{"class", "id", "itemprop"} {
		for w := range wordsIn(attr(n, key)) {
			if set[w] {
				return true
			}
		}
	}
	return false
}

// namedWhole is isNamed for sets of common words: it wants the word at the end
// of a class, so that user_menu is no user; name alone counts only beside
// another sign.
func namedWhole(n *html.Node, set map[string]bool) bool {
	for _, key := range []string{"class", "itemprop"} {
		for class := range strings.FieldsSeq(attr(n, key)) {
			last := ""
			for w := range wordsIn(class) {
				if number(w) < 0 {
					last = w
				}
			}
			if set[last] || (last == "name" || last == "link") && anyWord(class, set) || class == "name" {
				return true
			}
		}
	}
	return false
}

func anyWord(class string, set map[string]bool) bool {
	for w := range wordsIn(class) {
		if set[w] {
			return true
		}
	}
	return false
}

// priceOf returns the price that an element shows or holds for machines.
func priceOf(n *html.Node) (price, currency string) {
	for c := range elements(n, 0) {
		if attr(c, "itemprop") == "priceCurrency" {
			currency = strings.ToUpper(attr(c, "content"))
		}
		if c.DataAtom == atom.Ins { // the price now, beside the old one in del
			return line(c), currency
		}
	}
	if s := line(n); s != "" {
		return cutPriceLabel(s), currency
	}
	return attr(n, "content"), currency
}

func cutPriceLabel(s string) string {
	if m := rePriceLabel.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return s
}

// cutLabel returns a name without the label before it.
func cutLabel(s string) string {
	s = strings.TrimSuffix(strings.TrimSuffix(s, " says:"), ":")
	if m := reSellerLabel.FindStringSubmatch(s); m != nil && m[1] != "" && (strings.ContainsAny(s, ":： ") || s[0] >= 0x80) {
		return m[1]
	}
	return s
}

// leaf reports whether an element holds text and no block.
func leaf(n *html.Node) bool {
	text := false
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			text = text || strings.TrimSpace(c.Data) != ""
		case special(c.DataAtom):
			return false
		}
	}
	return text
}

func hasElements(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			return true
		}
	}
	return false
}

func hasDigit(n *html.Node) bool {
	return strings.ContainsAny(line(n), "0123456789") || strings.ContainsAny(attr(n, "content"), "0123456789")
}
