package contact

import (
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// dropPersonal removes phone numbers and addresses that may be a victim's: in
// a row with another identifier, on three lines of their own, or beyond the
// first MaxPersonal.
func (r *reader) dropPersonal() {
	kept := r.hits[:0]
	for i := range r.hits {
		if h := &r.hits[i]; !r.personal(h) || !r.besideIdentifier(h) {
			kept = append(kept, *h)
		}
	}
	r.hits = kept
	for _, kind := range []leak.ContactKind{leak.PhoneContact, leak.EmailContact} {
		r.dropSample(kind)
	}
}

// personal reports whether the value of h could identify a person who is not
// the seller: a phone number or an address, under whatever kind.
func (r *reader) personal(h *hit) bool {
	switch h.kind {
	case leak.PhoneContact, leak.EmailContact, leak.WhatsApp:
		return true
	case leak.WeChat, leak.QQ, leak.KakaoTalk, leak.Telegram:
		v := h.value
		if v == "" {
			v = r.s[h.start:h.end]
		}
		return len(v) >= 9 && allDigits(strings.TrimPrefix(v, "+"))
	}
	return false
}

// dropSample removes what is too much of one kind.
func (r *reader) dropSample(kind leak.ContactKind) {
	if r.count(kind) <= MaxPersonal {
		return
	}
	var seen []string
	lines := 0
	last := -1
	for i := range r.hits {
		h := &r.hits[i]
		if h.kind != kind {
			continue
		}
		if v := r.valueOf(h); !slices.Contains(seen, v) {
			seen = append(seen, v)
			if last < 0 || strings.Contains(r.s[last:h.start], "\n") {
				lines++
			}
			last = h.end
		}
	}
	if len(seen) <= MaxPersonal {
		return
	}
	keep := seen[:MaxPersonal]
	if lines > MaxPersonal {
		keep = nil
	}
	r.hits = slices.DeleteFunc(r.hits, func(h hit) bool {
		return h.kind == kind && !slices.Contains(keep, r.valueOf(&h))
	})
}

// count returns how many of the hits are of a kind.
func (r *reader) count(kind leak.ContactKind) int {
	n := 0
	for i := range r.hits {
		if r.hits[i].kind == kind {
			n++
		}
	}
	return n
}

func (r *reader) valueOf(h *hit) string {
	if h.value == "" {
		h.value = r.original(h.start, h.end)
	}
	return h.value
}

// Bounds of the row around a value: its line, and two lines to either side,
// since a record may take a line for each field.
const (
	rowLines = 2
	rowBytes = 240
)

// besideIdentifier reports whether the row of h holds a number that can only
// be an identifier of a person.
func (r *reader) besideIdentifier(h *hit) bool {
	start, end := h.start, h.end
	for n := 0; start > 0 && h.start-start < rowBytes; start-- {
		if r.s[start-1] == '\n' {
			if n++; n > rowLines {
				break
			}
		}
	}
	for n := 0; end < len(r.s) && end-h.end < rowBytes; end++ {
		if r.s[end] == '\n' {
			if n++; n > rowLines {
				break
			}
		}
	}
	return holdsIdentifier(r.s[start:h.start]) || holdsIdentifier(r.s[h.end:end])
}

// holdsIdentifier reports whether s has 15 to 19 digits in one run or in short
// groups, six and seven digits with a hyphen, or digits around a mask.
func holdsIdentifier(s string) bool {
	for i := 0; i < len(s); {
		if !isDigit(s[i]) {
			i++
			continue
		}
		total, first, longest, groups, stars := 0, 0, 0, 0, 0
		for i < len(s) {
			n := 0
			for i < len(s) && isDigit(s[i]) {
				i, n = i+1, n+1
			}
			if groups == 0 {
				first = n
			}
			total, longest, groups = total+n, max(longest, n), groups+1
			k := i
			for k < len(s) && s[k] == '*' {
				k++
			}
			stars += k - i
			if k == i && k < len(s) && (s[k] == ' ' || s[k] == '-' || s[k] == '.' || s[k] == '\t') {
				k++
			}
			if k >= len(s) || !isDigit(s[k]) {
				i = k
				break
			}
			i = k
		}
		if longest >= 15 || total >= 15 && total <= 19 && longest <= 8 && groups > 1 || groups == 2 && first == 6 && total == 13 || stars >= 3 && total >= 6 {
			return true
		}
	}
	return false
}
