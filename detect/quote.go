package detect

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/contact"
	"github.com/leakwatch/leakwatch/leak"
)

// maxQuote is the longest quotation, in bytes; a mark that is not closed by
// then, or in its line, quotes nothing.
const maxQuote = 900

// quotationsOf appends what stands between quotation marks of s that begin
// before a place, by start.
func quotationsOf(out spans, s string, before int) spans {
	for i := nextMark(s, 0); i < before; i = nextMark(s, i) {
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

// nextMark returns the first place from i on with one of the bytes with which
// the marks begin that opening knows, len(s) if there is none.
func nextMark(s string, i int) int {
	for ; i+8 <= len(s); i += 8 {
		x := eightBytes(s, i)
		if found := bytesThatAre('"', x) | bytesThatAre(0xC2, x) | bytesThatAre(0xE2, x&^eachByte); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c == '"' || c == 0xC2 || c&^1 == 0xE2 {
			return i
		}
	}
	return i
}

// opening returns what closes a quotation that the mark at s[i] begins, and the
// length of that mark, 0 if there is none.
func opening(s string, i int) (closing rune, n int) {
	switch c := s[i]; {
	case c == '"':
		return '"', 1
	case strings.HasPrefix(s[i:], "«"):
		return '»', len("«")
	case i+2 >= len(s):
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
	last := 0
	for i := range j.offers.Offers {
		last = max(last, j.offers.Offers[i].Start)
	}
	for i := range j.contacts {
		last = max(last, j.contacts[i].Start)
	}
	j.quotations = quotationsOf(j.quotations[:0], j.doc.original(), last)
}

func (j *judge) isQuoted(at span) bool {
	i := j.quotations.after(at.start + 1)
	return i > 0 && j.quotations[i-1].end >= at.end
}

func isChat(c *contact.Found) bool {
	return c.Kind != leak.PhoneContact && c.Kind != leak.EmailContact
}
