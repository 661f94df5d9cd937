package site

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/leakwatch/leakwatch/leak"
)

// thing is one item of structured data, from JSON-LD or microdata.
type thing struct {
	kinds []string         // lower case, without the address of the vocabulary
	props map[string][]any // string or *thing
	node  *html.Node       // microdata only
}

const (
	maxThings = 2000    // items of one page
	maxJSONLD = 1 << 20 // bytes of one script
)

// things returns the items of a page, outer ones first. Items that are values
// of others are reached through them.
func (p *Page) things() []*thing {
	var top []*thing
	c := &thingCounter{}
	for n := range elements(p.Root(), atom.Script) {
		if strings.EqualFold(strings.TrimSpace(attr(n, "type")), "application/ld+json") && n.FirstChild != nil {
			top = append(top, c.jsonLD(n.FirstChild.Data)...)
		}
	}
	for n := next(p.Root(), p.Root(), true); n != nil; {
		isItem := n.Type == html.ElementNode && hasKey(n, "itemscope")
		if isItem {
			if t := c.microdata(n); t != nil {
				top = append(top, t)
			}
		}
		n = next(n, p.Root(), !isItem)
	}
	return top
}

type thingCounter struct{ n int }

func (c *thingCounter) jsonLD(text string) []*thing {
	if len(text) > maxJSONLD {
		return nil
	}
	var v any
	if err := json.Unmarshal([]byte(strings.Trim(strings.TrimSpace(text), ";")), &v); err != nil {
		return nil
	}
	var top []*thing
	c.collect(v, &top, 0)
	return top
}

// collect finds the outermost typed objects.
func (c *thingCounter) collect(v any, top *[]*thing, depth int) {
	if depth > 16 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			c.collect(e, top, depth+1)
		}
	case map[string]any:
		if _, ok := v["@type"]; !ok {
			c.collect(v["@graph"], top, depth+1)
			c.collect(v["mainEntity"], top, depth+1)
			return
		}
		if t := c.object(v, depth); t != nil {
			*top = append(*top, t)
		}
	}
}

func (c *thingCounter) object(m map[string]any, depth int) *thing {
	if c.n++; c.n > maxThings || depth > 16 {
		return nil
	}
	t := &thing{props: map[string][]any{}}
	for key, v := range m {
		values, ok := v.([]any)
		if !ok {
			values = []any{v}
		}
		for _, e := range values {
			switch e := e.(type) {
			case string:
				t.props[key] = append(t.props[key], e)
			case float64:
				t.props[key] = append(t.props[key], strconv.FormatFloat(e, 'f', -1, 64))
			case bool:
				t.props[key] = append(t.props[key], fmt.Sprint(e))
			case map[string]any:
				if o := c.object(e, depth+1); o != nil {
					t.props[key] = append(t.props[key], o)
				}
			}
		}
	}
	for _, k := range t.props["@type"] {
		if s, ok := k.(string); ok {
			t.kinds = append(t.kinds, kindName(s))
		}
	}
	return t
}

// microdata reads the item of an element with itemscope.
func (c *thingCounter) microdata(n *html.Node) *thing {
	if c.n++; c.n > maxThings {
		return nil
	}
	t := &thing{props: map[string][]any{}, node: n}
	for k := range strings.FieldsSeq(attr(n, "itemtype")) {
		t.kinds = append(t.kinds, kindName(k))
	}
	for e := next(n, n, true); e != nil; {
		isItem := e.Type == html.ElementNode && hasKey(e, "itemscope")
		if e.Type == html.ElementNode && hasKey(e, "itemprop") {
			var v any = itemValue(e)
			if isItem {
				v = c.microdata(e)
			}
			if o, ok := v.(*thing); !ok || o != nil {
				for name := range strings.FieldsSeq(attr(e, "itemprop")) {
					t.props[name] = append(t.props[name], v)
				}
			}
		}
		e = next(e, n, !isItem)
	}
	return t
}

// itemValue returns the value of a property of microdata.
func itemValue(n *html.Node) string {
	if hasKey(n, "content") {
		return attr(n, "content")
	}
	for _, key := range []string{"href", "src", "datetime", "value"} {
		if v := attr(n, key); v != "" {
			return v
		}
	}
	return Text(n)
}

func kindName(s string) string {
	return strings.ToLower(s[strings.LastIndexAny(s, "/:#")+1:])
}

func (t *thing) is(kinds map[string]bool) bool {
	return slices.ContainsFunc(t.kinds, func(k string) bool { return kinds[k] })
}

// str returns the first text of a property: of an item its name.
func (t *thing) str(keys ...string) string {
	for _, key := range keys {
		for _, v := range t.props[key] {
			switch v := v.(type) {
			case string:
				if s := strings.TrimSpace(v); s != "" {
					return s
				}
			case *thing:
				if s := v.str("name", "url", "@id", "contentUrl", "@value"); s != "" {
					return s
				}
			}
		}
	}
	return ""
}

// items returns the items of a property.
func (t *thing) items(key string) []*thing {
	var out []*thing
	for _, v := range t.props[key] {
		if o, ok := v.(*thing); ok {
			out = append(out, o)
		}
	}
	return out
}

var (
	productKinds = words("product productgroup individualproduct productmodel someproducts vehicle service offer aggregateoffer classifiedad")
	postKinds    = words("discussionforumposting socialmediaposting article blogposting newsarticle question comment answer")
	listKinds    = words("itemlist offercatalog collectionpage")
)

// describe gives what an item says to a listing that lacks it.
func (t *thing) describe(r *reader, raw *leak.Raw) {
	f := fields{seller: fragmentText(t.str("seller", "author", "vendor", "offeredBy", "manufacturer")), posted: r.date(t.str("datePublished", "dateCreated", "releaseDate", "datePosted"))}
	offers := t.items("offers")
	if len(offers) == 0 {
		offers = []*thing{t}
	}
	for _, o := range offers {
		o.offer(&f)
	}
	if raw.Title == "" {
		raw.Title = fragmentText(t.str("name", "headline", "title"))
	}
	f.complete(raw)
	t.describeBody(raw)
	for _, v := range t.props["image"] {
		s, _ := v.(string)
		if name := fileName(s); name != "" && len(raw.Files) < leak.MaxFiles && !slices.Contains(raw.Files, name) {
			raw.Files = append(raw.Files, name)
		}
	}
}

// describeBody puts the description before the body unless it is part of it.
func (t *thing) describeBody(raw *leak.Raw) {
	s := t.str("articleBody", "text", "description")
	if strings.ContainsAny(s, "<&") && t.node == nil {
		s = Text(fragment(s))
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	if tight := squeeze(s); tight == "" || strings.Contains(squeeze(raw.Title+raw.Body), strings.TrimRight(tight, ".…")) {
		return
	}
	body, cut := leak.CutBytes(strings.TrimSpace(s+"\n"+raw.Body), leak.MaxText)
	raw.Body = body
	if cut {
		raw.Cut = append(raw.Cut, "text")
	}
}

// offer reads price, currency, availability and seller of an offer.
func (t *thing) offer(f *fields) {
	if f.price == "" {
		f.price = t.str("price", "lowPrice")
		for _, spec := range t.items("priceSpecification") {
			if f.price == "" {
				f.price = spec.str("price", "minPrice")
			}
			if f.currency == "" {
				f.currency = spec.str("priceCurrency")
			}
		}
	}
	if f.currency == "" {
		f.currency = strings.ToUpper(t.str("priceCurrency"))
	}
	if f.seller == "" {
		f.seller = fragmentText(t.str("seller", "offeredBy"))
	}
	switch kindName(t.str("availability")) {
	case "outofstock", "soldout", "discontinued":
		f.soldOut = true
	}
	if n, err := strconv.ParseInt(t.str("inventoryLevel"), 10, 64); err == nil && f.stock == nil {
		f.stock = &n
	}
	for _, level := range t.items("inventoryLevel") {
		if n, err := strconv.ParseInt(level.str("value"), 10, 64); err == nil && f.stock == nil {
			f.stock = &n
		}
	}
}
