package query

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/text"
)

// An amount is what one literal of a number or time field means: a point, or
// all from lo up to but without hi, such as a whole day.
type amount struct {
	lo, hi Bound
	whole  bool // from lo to hi
}

func point(v float64) amount { return amount{lo: Bound{Value: v}} }

// least is the bound of a range that begins at the amount.
func (a amount) least(exclusive bool) *Bound {
	b := a.lo
	if a.whole && exclusive {
		b = a.hi
	} else {
		b.Exclusive = exclusive
	}
	return &b
}

// most is the bound of a range that ends at the amount.
func (a amount) most(exclusive bool) *Bound {
	b := a.lo
	b.Exclusive = exclusive
	if a.whole {
		if !exclusive {
			b = a.hi
		}
		b.Exclusive = true
	}
	return &b
}

// bounded compiles a value of a number or time field.
func (p *parser) bounded(f Field, v value) Node {
	read, currency := p.reader(f)
	r := &Range{Field: f.Name}
	ok := true
	switch v.shape {
	case exists:
		return &Exists{f.Name}
	case between:
		if v.lo.open && v.hi.open {
			return &Exists{f.Name}
		}
		r.Min, ok = bound(v.lo, read, amount.least)
		max, hiOK := bound(v.hi, read, amount.most)
		r.Max, ok = max, ok && hiOK
	case single, quoted:
		var a amount
		a, ok = read(v.text, v.span)
		r.Min, r.Max = a.least(false), a.most(false)
	default:
		p.fault(v.span, p.shown(v.text, v.span), "a "+string(f.Kind), fmt.Sprintf("write %s:[1 TO 5] or %s:>1", f.Name, f.Name))
		ok = false
	}
	if !ok {
		return nil
	}
	if nothing(r) {
		p.emptyRange(v)
		return nil
	}
	if f.form == money {
		return &And{[]Node{&Term{"currency", *currency}, r}}
	}
	return r
}

func bound(e endpoint, read func(string, span) (amount, bool), end func(amount, bool) *Bound) (*Bound, bool) {
	if e.open {
		return nil, true
	}
	a, ok := read(e.text, e.span)
	return end(a, e.exclusive), ok
}

// nothing reports whether no value can lie in the range.
func nothing(r *Range) bool {
	if r.Min == nil || r.Max == nil || r.Min.Now != nil || r.Max.Now != nil {
		return false
	}
	return r.Min.Value > r.Max.Value || r.Min.Value == r.Max.Value && (r.Min.Exclusive || r.Max.Exclusive)
}

// reader returns how literals of f are read. The currency is set once a price
// was read.
func (p *parser) reader(f Field) (read func(string, span) (amount, bool), currency *string) {
	currency = new(string)
	switch {
	case f.Kind == Time:
		return p.instant, nil
	case f.form == money:
		return func(s string, at span) (amount, bool) { return p.price(f, s, at, currency) }, currency
	case f.form == dollars:
		return func(s string, at span) (amount, bool) { return p.dollars(f, s, at) }, nil
	}
	return func(s string, at span) (amount, bool) {
		n, ok := decimal(s)
		if !ok {
			p.fault(at, p.shown(s, at), "a number", "write 5000 or 0.5, without separators or units")
		}
		return point(n), ok
	}, nil
}

var decimalForm = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$`)

func decimal(s string) (float64, bool) {
	s = text.Fold(strings.TrimSpace(s)).Text
	if len(s) > 64 || !decimalForm.MatchString(s) {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n + 0, err == nil && !math.IsInf(n, 0)
}

var moneyForm = regexp.MustCompile(`^([^0-9+\-.]*)([+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?)([^0-9+\-.]*)$`)

// splitMoney splits a price literal into its number and its currency, which
// may be empty.
func splitMoney(s string) (n float64, unit string, ok bool) {
	m := moneyForm.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil || len(s) > 64 || m[1] != "" && m[3] != "" {
		return 0, "", false
	}
	n, ok = decimal(m[2])
	return n, strings.TrimSpace(m[1] + m[3]), ok
}

// price reads a price literal, which carries its currency.
func (p *parser) price(f Field, s string, at span, currency *string) (amount, bool) {
	n, unit, ok := splitMoney(s)
	if !ok {
		p.fault(at, p.shown(s, at), "a price with its currency", "write 2CNY")
		return amount{}, false
	}
	if unit == "" {
		p.fault(at, "a number without a currency", "a price with its currency",
			fmt.Sprintf("write %sCNY, or ask for unit_price_usd", writeNumber(n)))
		return amount{}, false
	}
	code, ok := p.currency(unit, at)
	if ok && *currency != "" && *currency != code {
		p.fault(at, "a second currency", "both ends in "+*currency, "or ask for unit_price_usd")
		return amount{}, false
	}
	*currency = code
	return point(n), ok
}

// dollars reads an amount of US dollars, or converts one in another currency.
func (p *parser) dollars(f Field, s string, at span) (amount, bool) {
	n, unit, ok := splitMoney(s)
	if !ok {
		p.fault(at, p.shown(s, at), "a number of US dollars", "write 0.5")
		return amount{}, false
	}
	if unit == "" {
		return point(n), true
	}
	code, ok := p.currency(unit, at)
	if !ok || code == "USD" {
		return point(n), ok
	}
	rate, ok := p.env.Rates[code]
	if !ok || math.IsInf(n*rate, 0) || math.IsNaN(n*rate) {
		p.fault(at, "an amount in "+code, "a number of US dollars", "the config has no rate for "+code)
		return amount{}, false
	}
	return point(n * rate), true
}

// currency returns the code of a currency as typed: a code, or a sign that
// belongs to one currency alone.
func (p *parser) currency(unit string, at span) (string, bool) {
	signs := map[string]string{"元": "CNY", "块": "CNY", "塊": "CNY", "$": "USD", "₩": "KRW", "원": "KRW", "€": "EUR", "£": "GBP", "₽": "RUB"}
	if code, ok := signs[unit]; ok {
		return code, true
	}
	code := strings.ToUpper(text.Fold(unit).Text)
	known := append([]string{"CNY", "USD", "KRW", "HKD", "TWD", "MOP", "JPY", "EUR", "GBP", "RUB", "SGD", "MYR", "THB",
		"VND", "PHP", "IDR", "INR", "AUD", "CAD", "CHF", "USDT", "BTC", "ETH", "XMR"}, slices.Sorted(maps.Keys(p.env.Rates))...)
	if slices.Contains(known, code) {
		return code, true
	}
	hint := "such as CNY, USD, KRW or USDT"
	switch near := closest(code, known); {
	case code == "¥":
		hint = "¥ is CNY or JPY: write which"
	case near != "":
		hint = fmt.Sprintf("did you mean %s?", near)
	}
	p.fault(at, "currency "+quote(clip(tidy(unit))), "the code of a currency", hint)
	return "", false
}

var nowForm = regexp.MustCompile(`^now((?:[+-][0-9]{1,10}[a-zA-Z])*)(?:/([a-zA-Z]))?((?:[+-][0-9]{1,10}[a-zA-Z])*)$`)

var nowStep = regexp.MustCompile(`[+-][0-9]{1,10}[a-zA-Z]`)

// units are the lengths of time behind now. Months and years have no fixed
// length.
func unitOf(letter string) (time.Duration, bool) {
	d, ok := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour,
		"d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[letter]
	return d, ok
}

// instant reads a literal of a time field: a date, which means all of it, an
// instant, or one relative to now.
func (p *parser) instant(s string, at span) (amount, bool) {
	s = strings.TrimSpace(s)
	if m := nowForm.FindStringSubmatch(s); m != nil {
		return p.relative(m, at)
	}
	a, ok := calendar(s)
	if !ok {
		p.fault(at, p.shown(s, at), "a time", "write 2026-11-01, 2026-11-01T08:00:00Z, now-7d or now/d")
	}
	return a, ok
}

// calendar reads a date or an instant between 1970 and 9999.
func calendar(s string) (amount, bool) {
	whole := []struct {
		layout string
		next   func(time.Time) time.Time
	}{
		{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
		{"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
		{"2006-01-02", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
		{"2006-01-02T15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	}
	for _, w := range whole {
		if t, err := time.Parse(w.layout, s); err == nil {
			a := point(float64(t.UnixMilli()))
			a.hi, a.whole = Bound{Value: float64(w.next(t).UnixMilli())}, true
			return a, t.Year() >= 1970 && t.Year() < 9999
		}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			year := t.UTC().Year()
			return point(float64(t.UnixMilli())), year >= 1970 && year <= 9999
		}
	}
	return amount{}, false
}

// relative reads now with steps and a rounding, as matched by nowForm.
func (p *parser) relative(m []string, at span) (amount, bool) {
	before, ok1 := steps(m[1])
	after, ok2 := steps(m[3])
	floor, ok3 := time.Duration(0), true
	if m[2] != "" {
		floor, ok3 = unitOf(m[2])
		ok3 = ok3 && m[2] != "w"
	}
	if !ok1 || !ok2 || !ok3 {
		p.fault(at, quote(clip(m[0])), "steps of s, m, h, d, w, a rounding of m, h, d", "months have no fixed length: write now-30d")
		return amount{}, false
	}
	if floor > 0 && after%floor != 0 {
		p.fault(at, quote(clip(m[0])), "steps before the rounding", "write now-3h/d")
		return amount{}, false
	}
	lo := before + after
	a := amount{lo: Bound{Now: &lo, Floor: floor}}
	if floor > 0 {
		hi := lo + floor
		a.hi, a.whole = Bound{Now: &hi, Floor: floor}, true
	}
	return a, true
}

// maxStep is how far from now a time may lie.
const maxStep = 36500 * 24 * time.Hour

// steps sums up such as -7d+3h.
func steps(s string) (time.Duration, bool) {
	var sum time.Duration
	for _, step := range nowStep.FindAllString(s, -1) {
		n, _ := strconv.Atoi(step[:len(step)-1])
		unit, ok := unitOf(step[len(step)-1:])
		if !ok || float64(n)*float64(unit) > float64(maxStep) || float64(n)*float64(unit) < -float64(maxStep) {
			return 0, false
		}
		if sum += time.Duration(n) * unit; sum > maxStep || sum < -maxStep {
			return 0, false
		}
	}
	return sum, true
}
