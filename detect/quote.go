package detect

import (
	"strings"
	"unicode/utf8"
)

// maxQuote is the longest quotation, in bytes; a mark that is not closed by
// then, or in its line, quotes nothing.
const maxQuote = 900

// closing returns the mark that ends what r begins to quote, 0 if r begins
// nothing.
func closing(r rune) rune {
	switch r {
	case '“':
		return '”'
	case '‘':
		return '’'
	case '「':
		return '」'
	case '『':
		return '』'
	case '«':
		return '»'
	case '"':
		return '"'
	}
	return 0
}

// quotes reports whether a text holds a mark that begins a quotation.
func quotes(s string) bool {
	for _, mark := range [...]string{"\"", "“", "‘", "「", "『", "«"} {
		if strings.Contains(s, mark) {
			return true
		}
	}
	return false
}

// quotationsOf returns what stands between quotation marks, by start.
func quotationsOf(s string) spans {
	var out spans
	var end rune
	from := 0
	for i, r := range s {
		switch {
		case end == 0:
			if end = closing(r); end != 0 {
				from = i + utf8.RuneLen(r)
			}
		case r == end:
			out = append(out, span{from, i})
			end = 0
		case r == '\n' || i-from > maxQuote:
			end = 0
		}
	}
	return out
}

// quote sets apart the prices and contacts that someone quotes: a seller states
// them, a report quotes the seller.
func (j *judge) quote() {
	var quotations spans
	if len(j.offers.Offers)+len(j.contacts) > 0 && quotes(j.doc.original()) {
		quotations = quotationsOf(j.doc.original())
	}
	quoted := 0
	holds := func(at span) bool {
		i := quotations.after(at.start + 1)
		return i > 0 && quotations[i-1].end >= at.end
	}
	for _, o := range j.offers.Offers {
		if at := (span{o.Start, o.End}); holds(at) {
			quoted++
		} else {
			j.prices = append(j.prices, at)
		}
	}
	for _, c := range j.contacts {
		if holds(span{c.Start, c.End}) {
			quoted++
			continue
		}
		j.v.reached = true
		j.v.chat = j.v.chat || isChat(c)
	}
	if quoted > 0 {
		j.v.quoted = float64(quoted) / float64(len(j.offers.Offers)+len(j.contacts))
	}
	sortSpans(j.prices)
}
