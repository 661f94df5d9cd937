package alerts

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"github.com/leakwatch/leakwatch/leak"
)

// Markup is how a channel writes text. Every text that comes from a source
// passes Inert and then Escape, so nothing in it is a link, a mention or
// markup.
type Markup struct {
	Escape func(s string) string            // makes text inert in the channel's markup
	Bold   func(escaped string) string      // nil for no bold
	Link   func(escaped, url string) string // nil for text followed by the address
	Size   func(s string) int               // what the limit counts; nil for bytes
	Limit  int                              // 0 for none
}

// Compose writes a notification as a message that fits the limit. It keeps
// what matters most: the head line, then every alert in short, then the
// details. Alerts that do not fit, or were not handed over, are counted at the
// end, with a link to all.
func Compose(n Notification, m Markup) string {
	if m.Size == nil {
		m.Size = func(s string) int { return len(s) }
	}
	if m.Limit <= 0 {
		m.Limit = math.MaxInt
	}
	if len(n.Alerts) == 0 {
		return m.clip(m.strong(m.Escape(Headline(n)))+"\n"+m.Escape(Inert(n.Notice)), m.Limit)
	}
	for _, full := range []bool{true, false} {
		if s, ok := m.fits(n, len(n.Alerts), full); ok {
			return s
		}
	}
	count := sort.Search(len(n.Alerts), func(i int) bool { // the least that does not fit
		_, ok := m.fits(n, i, false)
		return !ok
	}) - 1
	if count > 0 {
		s, _ := m.fits(n, count, false)
		return s
	}
	head, tail := m.strong(m.clip(m.Escape(Headline(n)), m.Limit/2)), m.rest(n, len(n.Alerts)+n.More)
	return m.clip(head+"\n"+tail, m.Limit)
}

// fits writes the first count alerts and reports whether the message fits.
func (m Markup) fits(n Notification, count int, full bool) (string, bool) {
	parts := []string{m.strong(m.Escape(Headline(n)))}
	for _, a := range n.Alerts[:count] {
		parts = append(parts, m.alert(n, a, full))
	}
	if left := len(n.Alerts) - count + n.More; left > 0 {
		parts = append(parts, m.rest(n, left))
	}
	s := strings.Join(parts, "\n\n")
	return s, m.Size(s) <= m.Limit
}

// alert writes one alert, with or without its details.
func (m Markup) alert(n Notification, a leak.Alert, full bool) string {
	title, _ := leak.CutBytes(Inert(a.Title), 300)
	lines := []string{m.strong(m.Escape(fmt.Sprintf("[%s] %s", strings.ToUpper(string(a.Severity)), orUntitled(title))))}
	if full {
		for _, f := range Facts(a) {
			lines = append(lines, m.Escape(Inert(f)))
		}
	}
	return strings.Join(append(lines, m.link("open the alert", AlertURL(n, a.ID))), "\n")
}

// rest says how many alerts are not shown and where they are.
func (m Markup) rest(n Notification, left int) string {
	return m.link(fmt.Sprintf("… %d more", left), AlertURL(n, ""))
}

func (m Markup) strong(escaped string) string {
	if m.Bold == nil || escaped == "" {
		return escaped
	}
	return m.Bold(escaped)
}

func (m Markup) link(text, url string) string {
	if m.Link == nil || url == "" {
		return strings.TrimSpace(m.Escape(text) + " " + url)
	}
	return m.Link(m.Escape(text), url)
}

// clip cuts a text to a size. It is the last resort: what it cuts may be
// markup, but nothing that a source wrote is active in it.
func (m Markup) clip(s string, limit int) string {
	if m.Size(s) <= limit {
		return s
	}
	runes := []rune(s)
	low, high := 0, len(runes)
	for low < high {
		mid := (low + high + 1) / 2
		if m.Size(string(runes[:mid])+"…") <= limit {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return string(runes[:low]) + "…"
}

// AlertURL is the console's page of an alert, or of all alerts if id is "".
// It is "" if the console has no address.
func AlertURL(n Notification, id string) string {
	switch {
	case n.Console == "":
		return ""
	case id == "":
		return n.Console + "/alerts"
	default:
		return n.Console + "/alerts/" + id
	}
}

// Headline is one line about a notification, for subjects and titles. It is
// inert plain text of at most 200 bytes.
func Headline(n Notification) string {
	var s string
	total := len(n.Alerts) + n.More
	switch {
	case n.Test:
		s = "leakwatch: test message"
	case total == 0:
		s = "leakwatch: notice"
	case total == 1:
		a := n.Alerts[0]
		s = fmt.Sprintf("leakwatch: %s: %s", a.Severity, orUntitled(Inert(a.Title)))
	default:
		s = fmt.Sprintf("leakwatch: %d alerts, up to %s: %s", total, n.Alerts[0].Severity, Inert(n.Alerts[0].WatchName))
	}
	s, _ = leak.CutBytes(s, 200)
	return s
}

func orUntitled(s string) string {
	if s == "" {
		return "(no title)"
	}
	return s
}

// Facts are the lines about an alert that a reader decides by, the most
// important first. They are as a source wrote them: pass each to Inert and to
// the channel's escaping.
func Facts(a leak.Alert) []string {
	about := []string{"watch " + a.WatchName, "source " + a.Source}
	if a.Seller != "" {
		about = append(about, "seller "+a.Seller)
	}
	lines := []string{strings.Join(about, " · ")}
	what := string(a.Intent)
	for _, c := range a.Categories {
		what += " " + string(c)
	}
	lines = append(lines, what)
	for i, o := range a.Offers {
		if i == 3 {
			lines = append(lines, fmt.Sprintf("… %d more offers", len(a.Offers)-i))
			break
		}
		if s := OfferText(o); s != "" {
			lines = append(lines, s)
		}
	}
	if a.Excerpt != "" {
		lines = append(lines, a.Excerpt)
	}
	return lines
}

// OfferText writes an offer in a few words, such as "5000 张 for 10 CNY
// (0.002 each)"; "" if it names neither quantity nor price.
func OfferText(o leak.Offer) string {
	var parts []string
	unit := ""
	if o.Unit != nil {
		unit = " " + *o.Unit
	}
	if o.Quantity != nil {
		parts = append(parts, number(*o.Quantity)+unit)
	}
	if o.Price != nil {
		p := number(*o.Price)
		if o.PriceMax != nil {
			p += "–" + number(*o.PriceMax)
		}
		if o.Currency != nil {
			p += " " + *o.Currency
		}
		if o.Per != nil {
			p += " per " + *o.Per
		}
		parts = append(parts, "for "+p)
	}
	if o.UnitPrice != nil && o.Quantity != nil && *o.Quantity != 1 {
		parts = append(parts, "("+number(*o.UnitPrice)+" each)")
	}
	return strings.Join(parts, " ")
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', 6, 64) }

// Inert returns a text from a source as one line without anything that acts
// by itself: no control, format or bidirectional characters, no mention and
// no address that a chat program would turn into a link or fetch.
func Inert(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t', r == '\u2028', r == '\u2029', r == '\u0085':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		case r == '@':
			return '＠'
		default:
			return r
		}
	}, s)
	s = strings.ReplaceAll(s, "://", "：//")
	return strings.Join(strings.Fields(s), " ")
}
