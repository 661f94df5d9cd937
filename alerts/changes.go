package alerts

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/leak"
)

// maxChange is the length in bytes to which the two sides of a change are
// cut; the snapshots of the revisions hold the whole.
const maxChange = 2000

// changes returns what differs between two revisions of a listing, in the
// order of its fields.
func changes(before, after *leak.Listing) []leak.Change {
	out := []leak.Change{}
	for _, f := range changeFields {
		b, a := f.show(before), f.show(after)
		if a == b {
			continue
		}
		c := leak.Change{Field: f.name}
		c.Before, _ = leak.CutBytes(b, maxChange)
		c.After, _ = leak.CutBytes(a, maxChange)
		out = append(out, c)
	}
	return out
}

// changeFields are the fields whose history is kept, with how to show them.
var changeFields = []struct {
	name string
	show func(*leak.Listing) string
}{
	{"title", func(l *leak.Listing) string { return l.Title }},
	{"body", func(l *leak.Listing) string { return l.Body }},
	{"seller", func(l *leak.Listing) string { return l.Seller }},
	{"url", func(l *leak.Listing) string { return l.URL }},
	{"files", func(l *leak.Listing) string { return strings.Join(l.Files, "\n") }},
	{"sold_out", func(l *leak.Listing) string { return strconv.FormatBool(l.SoldOut) }},
	{"posted_at", func(l *leak.Listing) string { return showTime(l.PostedAt) }},
	{"intent", func(l *leak.Listing) string { return string(l.Intent) }},
	{"category", func(l *leak.Listing) string { return joined(l.Categories) }},
	{"offer", func(l *leak.Listing) string { return showOffers(l.Offers) }},
	{"available", func(l *leak.Listing) string { return showCount(l.Available) }},
	{"contact", func(l *leak.Listing) string { return showContacts(l.Contacts) }},
}

func joined[T ~string](values []T) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return strings.Join(words, " ")
}

func showTime(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func showCount(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func showContacts(contacts []leak.Contact) string {
	words := make([]string, len(contacts))
	for i, c := range contacts {
		words[i] = string(c.Kind) + ":" + c.Value
	}
	slices.Sort(words)
	return strings.Join(words, "\n")
}

// showOffers writes one offer a line, as JSON, so that it can be read again.
func showOffers(offers []leak.Offer) string {
	lines := make([]string, len(offers))
	for i := range offers {
		b, err := json.Marshal(&offers[i])
		if err != nil {
			return "" // unreachable: an offer holds no value that JSON lacks, caps refuse NaN and Inf
		}
		lines[i] = string(b)
	}
	return strings.Join(lines, "\n")
}
