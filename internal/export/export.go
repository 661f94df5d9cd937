// Package export writes archived listings and alerts as CSV or JSON lines,
// streaming: no matter how many there are, one page of them is in memory. The
// console and the command line share it, so that they cannot differ in what
// they escape.
package export

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// Formats are the names of the formats.
func Formats() []string { return []string{"jsonl", "csv"} }

// pageSize is how many documents are read at once.
const pageSize = 500

// Listings writes every listing that satisfies s, in its order, and returns
// how many. s.Limit and s.After are ignored. On an error the output ends
// early.
func Listings(ctx context.Context, a indexer.Archive, s indexer.Search, format string, w io.Writer) (int, error) {
	var write func(source []byte) error
	var flush func() error
	switch format {
	case "jsonl":
		write = func(source []byte) error { return line(w, source) }
		flush = func() error { return nil }
	case "csv":
		c := csv.NewWriter(w)
		if err := c.Write(header); err != nil {
			return 0, fmt.Errorf("write: %w", err)
		}
		write = func(source []byte) error { return row(c, source) }
		flush = func() error { c.Flush(); return c.Error() }
	default:
		return 0, fmt.Errorf("format %q; want one of %s", format, strings.Join(Formats(), ", "))
	}
	n, err := each(ctx, a, s, write)
	if ferr := flush(); err == nil {
		err = ferr
	}
	return n, err
}

func each(ctx context.Context, a indexer.Archive, s indexer.Search, write func([]byte) error) (int, error) {
	n := 0
	s.Limit, s.After = pageSize, ""
	for {
		page, err := a.Search(ctx, indexer.Listings, s)
		if err != nil {
			return n, fmt.Errorf("read listings: %w", err)
		}
		for _, d := range page.Documents {
			if err := write(d.Source); err != nil {
				return n, err
			}
			n++
		}
		if page.Next == "" {
			return n, nil
		}
		s.After = page.Next
	}
}

func line(w io.Writer, source []byte) error {
	if _, err := w.Write(append(Inert(source), '\n')); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

var header = []string{"id", "first_seen", "source", "url", "title", "seller", "intent", "severity", "score", "language",
	"categories", "quantity", "price", "currency", "unit_price", "contacts", "identifiers", "case", "body"}

func row(c *csv.Writer, source []byte) error {
	var l leak.Listing
	if err := json.Unmarshal(source, &l); err != nil {
		return fmt.Errorf("read a stored listing: %w", err)
	}
	var quantity, price, currency, unitPrice, contacts, categories []string
	for _, o := range l.Offers {
		quantity = append(quantity, number(o.Quantity))
		price = append(price, number(o.Price))
		unitPrice = append(unitPrice, number(o.UnitPrice))
		if o.Currency != nil {
			currency = append(currency, *o.Currency)
		}
	}
	for _, x := range l.Contacts {
		contacts = append(contacts, string(x.Kind)+":"+x.Value)
	}
	for _, x := range l.Categories {
		categories = append(categories, string(x))
	}
	record := []string{l.ID, l.FirstSeen.UTC().Format(time.RFC3339), l.Source, l.URL, l.Title, l.Seller, string(l.Intent),
		string(l.Severity), strconv.FormatFloat(l.Score, 'f', 3, 64), l.Language, strings.Join(categories, " "),
		strings.Join(quantity, " "), strings.Join(price, " "), strings.Join(currency, " "), strings.Join(unitPrice, " "),
		strings.Join(contacts, " "), strconv.Itoa(len(l.Identifiers)), l.CaseID, l.Body}
	for i := range record {
		record[i] = Cell(record[i])
	}
	if err := c.Write(record); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

func number(f *float64) string {
	if f == nil {
		return "-"
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

// Steers reports whether a terminal obeys a character instead of showing it:
// controls, and those that turn the direction of writing or break the line.
func Steers(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// Inert escapes the characters of a JSON text that a terminal obeys and
// encoding/json lets through; the value stays the same. Line breaks stay.
func Inert(json []byte) []byte {
	out := make([]byte, 0, len(json)+1)
	for len(json) > 0 {
		r, n := utf8.DecodeRune(json)
		if r != '\n' && Steers(r) {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = append(out, json[:n]...)
		}
		json = json[n:]
	}
	return out
}

// Cell makes a text safe as a cell of a spreadsheet and on a terminal: one
// that would be run as a formula gets an apostrophe before it, in its ASCII
// and its full-width spelling, also behind leading spaces. Characters that a
// terminal obeys, other than line breaks and tabs, are replaced.
func Cell(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && Steers(r) {
			return '\uFFFD'
		}
		return r
	}, s)
	first := strings.TrimLeft(s, " \u00a0\u3000\ufeff\n")
	for _, lead := range []string{"=", "+", "-", "@", "\t", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(first, lead) && s != "-" {
			return "'" + s
		}
	}
	return s
}
