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

// quotations returns what stands between quotation marks, by start.
func quotations(s string) spans {
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

// quoted returns the share of the prices and contacts that someone quotes: a
// seller states them, a report quotes the seller.
func (j *judge) quoted() float64 {
	all := len(j.prices) + len(j.handles)
	if all == 0 || !quotes(j.doc.original()) {
		return 0
	}
	quotes, within := quotations(j.doc.original()), 0
	for _, list := range []spans{j.prices, j.handles} {
		for _, at := range list {
			if i := quotes.after(at.start + 1); i > 0 && quotes[i-1].end >= at.end {
				within++
			}
		}
	}
	return float64(within) / float64(all)
}
