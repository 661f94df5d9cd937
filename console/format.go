package console

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/leak"
)

// functions are what templates call to write values for people.
func (s *Server) functions() template.FuncMap {
	return template.FuncMap{
		"ago":      func(t time.Time) string { return since(s.o.Now(), t) },
		"utc":      func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") },
		"iso":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"offer":    offerText,
		"unit":     unitText,
		"words":    words,
		"percent":  func(f float64) int { return int(f*100 + 0.5) },
		"list":     func(all []leak.Category) string { return joinText(all) },
		"join":     func(all []string) string { return strings.Join(all, ", ") },
		"spark":    sparkline,
		"weighed":  weighed,
		"thousand": thousand,
		"short":    func(id string) string { return id[:min(len(id), 8)] },
		"asset":    func(name string) string { return "/static/" + name + "?v=" + s.assets },

		"contact": func(c leak.Contact) string { return "contact." + string(c.Kind) + ":" + strconv.Quote(c.Value) },
	}
}

// words writes an id as words: face_photo → face photo.
func words(id any) string {
	switch x := id.(type) {
	case string:
		return strings.ReplaceAll(x, "_", " ")
	case leak.Category:
		return strings.ReplaceAll(string(x), "_", " ")
	case leak.Verdict:
		return strings.ReplaceAll(string(x), "_", " ")
	case leak.ContactKind:
		return strings.ReplaceAll(string(x), "_", " ")
	case leak.IdentifierKind:
		return strings.ReplaceAll(string(x), "_", " ")
	case leak.AlertState:
		return string(x)
	}
	return ""
}

func joinText(all []leak.Category) string {
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = words(c)
	}
	return strings.Join(out, ", ")
}

func number(f float64) string {
	if f >= 1_000 && f < 1e15 && f == float64(int64(f)) {
		return thousand(int64(f))
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func thousand(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// offerText writes an offer for people: "5,000 张 for 10 CNY", "3 CNY per 张".
func offerText(o leak.Offer) string {
	var b strings.Builder
	if o.Quantity != nil && *o.Quantity != 1 {
		b.WriteString(number(*o.Quantity))
		if o.Unit != nil {
			b.WriteString(" " + *o.Unit)
		}
		b.WriteString(" for ")
	}
	if o.Price == nil {
		return strings.TrimSuffix(b.String(), " for ")
	}
	b.WriteString(number(*o.Price))
	if o.PriceMax != nil {
		b.WriteString("–" + number(*o.PriceMax))
	}
	if o.Currency != nil {
		b.WriteString(" " + *o.Currency)
		if o.AssumedCurrency {
			b.WriteString("?")
		}
	}
	if o.Unit != nil && (o.Quantity == nil || *o.Quantity == 1) {
		b.WriteString(" per " + *o.Unit)
	}
	if o.Per != nil {
		b.WriteString(" a " + *o.Per)
	}
	if o.Minimum != nil {
		b.WriteString(" from " + number(*o.Minimum))
	}
	return b.String()
}

// unitText writes the price per item.
func unitText(o leak.Offer) string {
	if o.UnitPrice == nil {
		return ""
	}
	s := number(*o.UnitPrice)
	if o.Currency != nil {
		s += " " + *o.Currency
	}
	if o.UnitPriceUSD != nil && (o.Currency == nil || *o.Currency != "USD") {
		s += " (" + strconv.FormatFloat(*o.UnitPriceUSD, 'g', 3, 64) + " USD)"
	}
	return s
}

// sparkline draws small bars of counts.
func sparkline(counts []int) template.HTML {
	if len(counts) == 0 {
		return ""
	}
	top := 1
	for _, c := range counts {
		top = max(top, c)
	}
	var b strings.Builder
	b.WriteString(`<svg class="spark" viewBox="0 0 ` + strconv.Itoa(len(counts)*5) + ` 20" role="img" aria-label="listings of the last crawls">`)
	for i, c := range counts {
		h := 20 * c / top
		b.WriteString(`<rect class="bar" x="` + strconv.Itoa(i*5) + `" y="` + strconv.Itoa(20-max(h, 1)) + `" width="4" height="` + strconv.Itoa(max(h, 1)) + `"/>`)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // numbers of ours only
}
