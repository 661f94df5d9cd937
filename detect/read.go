package detect

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/leakwatch/leakwatch/detect/ident"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// Read detects and masks: it returns the redacted listing of a raw one. No
// field of it holds a value that identifies a victim. ID, FirstSeen, LastSeen,
// Changed and the revisions are left to the caller. Findings point into the
// redacted texts.
func (e *Engine) Read(raw leak.Raw) leak.Listing {
	l := leak.Listing{Source: raw.Source, SoldOut: raw.SoldOut, Fetched: raw.Fetched,
		Cut: slices.Clone(raw.Cut), TextVersion: text.Version, RulesVersion: e.Version(),
		RedactionVersion: RedactionVersion}
	if !raw.PostedAt.IsZero() {
		posted := raw.PostedAt
		l.PostedAt = &posted
	}
	capRaw(&raw, &l)
	r := e.read(rawFields(&raw), "")
	defer r.release()
	l.Reading = r.reading
	l.Cut = append(l.Cut, r.cut...)
	e.redact(&l, r)
	l.URL = e.address(raw.URL, &l)
	l.SiteID = maskAddress(raw.SiteID)
	l.Content = content(&l, maskPlain(raw.Price))
	slices.Sort(l.Cut)
	l.Cut = slices.Compact(l.Cut)
	return l
}

// extraPrefix names the document fields that are read but not kept.
const extraPrefix = "extra:"

// rawFields lists the texts of a raw listing in the order in which they are
// read.
func rawFields(raw *leak.Raw) []namedText {
	fields := []namedText{{"title", raw.Title}, {"body", raw.Body}}
	if raw.Price != "" {
		fields = append(fields, namedText{extraPrefix + "price", strings.TrimSpace(raw.Price + " " + raw.Currency)})
	}
	for _, k := range slices.Sorted(maps.Keys(raw.Extra)) {
		fields = append(fields, namedText{extraPrefix + k, k + ": " + raw.Extra[k]})
	}
	fields = append(fields, namedText{"seller", raw.Seller})
	for i, f := range raw.Files {
		fields = append(fields, namedText{"files:" + strconv.Itoa(i), f})
	}
	return fields
}

// capRaw cuts what is too long and records it.
func capRaw(raw *leak.Raw, l *leak.Listing) {
	cut := func(s *string, n int, name string) {
		short, was := leak.CutBytes(*s, n)
		if was {
			*s = short
			l.Cut = append(l.Cut, name)
		}
	}
	cut(&raw.Title, leak.MaxText, "text")
	cut(&raw.Body, leak.MaxText-len(raw.Title), "text")
	cut(&raw.Seller, leak.MaxKeyword, "keyword")
	cut(&raw.Price, leak.MaxKeyword, "keyword")
	if len(raw.Files) > leak.MaxFiles {
		raw.Files = raw.Files[:leak.MaxFiles]
		l.Cut = append(l.Cut, "files")
	}
	raw.Files = slices.Clone(raw.Files)
	for i := range raw.Files {
		cut(&raw.Files[i], leak.MaxKeyword, "keyword")
	}
	raw.Extra = capExtra(raw.Extra, cut)
}

const maxExtra = 32 // labelled fields of a page that are read

// capExtra returns a copy of the labelled fields, at most maxExtra of them.
func capExtra(extra map[string]string, cut func(*string, int, string)) map[string]string {
	out := map[string]string{}
	for _, k := range slices.Sorted(maps.Keys(extra)) {
		if len(out) == maxExtra {
			break
		}
		v := extra[k]
		cut(&v, leak.MaxKeyword, "keyword")
		out[k] = v
	}
	return out
}

// redact fills the text fields of a listing with what is left after masking
// and moves the findings to it.
func (e *Engine) redact(l *leak.Listing, r *result) {
	masks := masksOf(r)
	for i := range r.doc.fields {
		f := &r.doc.fields[i]
		redacted := applyMasks(r.doc.original(), f.span, masks)
		switch {
		case f.name == "title":
			l.Title = redacted
		case f.name == "body":
			l.Body = redacted
		case f.name == "seller":
			l.Seller = redacted
		case strings.HasPrefix(f.name, "files:"):
			l.Files = append(l.Files, redacted)
		}
	}
	l.Findings = r.doc.redactedFindings(e.lexicon, r.findings, masks)
}

// address returns the masked address of a listing.
func (e *Engine) address(raw string, l *leak.Listing) string {
	out, was := leak.CutBytes(maskAddress(raw), maxAddress)
	if was {
		l.Cut = append(l.Cut, "keyword")
	}
	return out
}

func findIn(s string) []ident.Found {
	f := text.Fold(s)
	return ident.Find(f, text.Unhide(f))
}

// maskPlain masks every identifier of a short text in which no contact of a
// seller is expected.
func maskPlain(s string) string {
	if s == "" {
		return ""
	}
	s = leak.EscapeMarks(s)
	var masks []mask
	for _, f := range findIn(s) {
		masks = append(masks, mask{span{f.Start, f.End}, ident.Mask(f)})
	}
	return applyMasks(s, span{0, len(s)}, mergeMasks(masks))
}

// content hashes the fields whose change makes a revision. It is made of
// redacted texts only, so it cannot be used to test a guess of a value.
func content(l *leak.Listing, price string) string {
	return leak.Fingerprint("content", l.Title, l.Body, l.Seller, price, strconv.FormatBool(l.SoldOut))
}
