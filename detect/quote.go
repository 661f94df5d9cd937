package detect

import (
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/contact"
	"github.com/leakwatch/leakwatch/leak"
)

// maxQuote is the longest quotation, in bytes; a mark that is not closed by
// then, or in its line, quotes nothing.
const maxQuote = 900

// quotationsOf appends what stands between quotation marks that begin within a
// part of s, by start. The part begins a line, as no quotation goes on there.
func quotationsOf(out spans, s string, part span) spans {
	for i := part.start; i < part.end; {
		closing, n := opening(s, i)
		i += max(n, 1)
		if n == 0 {
			continue
		}
		end, closed := quoteEnd(s, i, closing)
		if closed {
			out = append(out, span{i, end})
		}
		_, n = utf8.DecodeRuneInString(s[end:])
		i = end + n
	}
	return out
}

// opening returns what closes a quotation that the mark at s[i] begins, and the
// length of that mark, 0 if there is none.
func opening(s string, i int) (closing rune, n int) {
	switch c := s[i]; {
	case c == '"':
		return '"', 1
	case c == "«"[0] && strings.HasPrefix(s[i:], "«"):
		return '»', len("«")
	case c != "“"[0] && c != "「"[0] || i+2 >= len(s):
		return 0, 0
	}
	switch s[i : i+3] {
	case "“":
		return '”', 3
	case "‘":
		return '’', 3
	case "「":
		return '」', 3
	case "『":
		return '』', 3
	}
	return 0, 0
}

// quoteEnd returns where the quotation that begins at s[i] is closed, or where
// it is given up.
func quoteEnd(s string, i int, closing rune) (int, bool) {
	for k, r := range s[i:] {
		switch {
		case r == closing:
			return i + k, true
		case r == '\n' || k > maxQuote:
			return i + k, false
		}
	}
	return len(s), false
}

// quote sets apart the prices and contacts that someone quotes: a seller states
// them, a report quotes the seller.
func (j *judge) quote() {
	offers, contacts := j.offers.Offers, j.contacts
	if len(offers)+len(contacts) == 0 {
		return
	}
	j.findQuotations()
	quoted := 0
	for i := range offers {
		if at := (span{offers[i].Start, offers[i].End}); j.isQuoted(at) {
			quoted++
		} else {
			j.prices = append(j.prices, at)
		}
	}
	for i := range contacts {
		at := span{contacts[i].Start, contacts[i].End}
		j.handles = append(j.handles, at)
		if j.isQuoted(at) {
			quoted++
			continue
		}
		j.v.reached = true
		j.v.chat = j.v.chat || isChat(&contacts[i])
	}
	j.v.quoted = float64(quoted) / float64(len(offers)+len(contacts))
	sortSpans(j.prices)
	sortSpans(j.handles)
}

// findQuotations finds the quotations that may hold a price or a contact.
func (j *judge) findQuotations() {
	s := j.doc.original()
	part := span{len(s), 0}
	for i := range j.offers.Offers {
		o := &j.offers.Offers[i]
		part.start, part.end = min(part.start, o.Start), max(part.end, o.Start)
	}
	for i := range j.contacts {
		c := &j.contacts[i]
		part.start, part.end = min(part.start, c.Start), max(part.end, c.Start)
	}
	part.start = strings.LastIndexByte(s[:part.start], '\n') + 1
	j.quotations = quotationsOf(j.quotations[:0], s, part)
}

func (j *judge) isQuoted(at span) bool {
	i := j.quotations.after(at.start + 1)
	return i > 0 && j.quotations[i-1].end >= at.end
}

func isChat(c *contact.Found) bool {
	return c.Kind != leak.PhoneContact && c.Kind != leak.EmailContact
}
