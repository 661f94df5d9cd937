package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// A case collects the listings that belong to one leak. A listing that
// satisfies a watch joins the case of a listing with the same text, else one
// with a similar text, else one with a contact and a category in common; else
// it opens a case of its own, whose id follows from its own.
//
// Cases are found by keys, never by a search:
//
//	bucket "casekeys"
//	  text/<fingerprint of the text>        → caseKey
//	  near/<band>/<values of the sketch>    → caseKey with the whole sketch
//	  contact/<kind>/<fingerprint of value> → caseKey with cases by category
const caseKeyBucket = "casekeys"

// What is kept of one case and looked up for one listing, at most.
const (
	maxSightings   = 500
	maxSellers     = 64
	maxKeyContacts = 4
	maxKeyCases    = 16 // of one contact
)

// caseKey is the value of one key.
type caseKey struct {
	Case   string            `json:"case,omitempty"`
	Sketch *sketch           `json:"sketch,omitempty"`
	By     map[string]string `json:"by,omitempty"` // category → case
}

// lookup is one key of a listing, with what the listing would store there.
type lookup struct {
	key    string
	signal string
	value  caseKey
}

// lookups returns the keys of a listing, the strongest first.
func lookups(l *leak.Listing) []lookup {
	var out []lookup
	if id := sameText(l); id != "" {
		out = append(out, lookup{key: "text/" + id, signal: "same_text"})
	}
	if sk, ok := sketchOf(l); ok {
		for i := range sketchBands {
			key := fmt.Sprintf("near/%d/%08x", i, sk.band(i))
			out = append(out, lookup{key: key, signal: "similar_text", value: caseKey{Sketch: &sk}})
		}
	}
	for i, c := range l.Contacts {
		if i == maxKeyContacts {
			break
		}
		key := "contact/" + string(c.Kind) + "/" + leak.Fingerprint("contact", strings.ToLower(c.Value))
		by := map[string]string{}
		for _, cat := range l.Categories {
			by[string(cat)] = ""
		}
		out = append(out, lookup{key: key, signal: "same_contact", value: caseKey{By: by}})
	}
	return out
}

// find returns the case that a stored key gives to a lookup, or "".
func (lk *lookup) find(k caseKey) string {
	switch {
	case lk.value.Sketch != nil:
		if k.Sketch == nil || !lk.value.Sketch.like(*k.Sketch) {
			return ""
		}
		return k.Case
	case lk.value.By != nil:
		for _, cat := range leak.Categories() {
			if _, ours := lk.value.By[string(cat)]; ours && k.By[string(cat)] != "" {
				return k.By[string(cat)]
			}
		}
		return ""
	default:
		return k.Case
	}
}

// caseBook is what one work knows of keys and cases: as stored, with its own
// additions on top, so that two listings of one transaction find each other.
type caseBook struct {
	keys  map[string]*keyEntry
	cases map[string]*caseEntry
}

type keyEntry struct {
	caseKey
	version indexer.Version
	changed bool
}

type caseEntry struct {
	leak.Case
	version indexer.Version
	changed bool
}

// joinCases gives every matched item a case and stores the cases, then their
// keys.
func (w *work) joinCases(ctx context.Context) error {
	items := w.matched()
	if len(items) == 0 {
		return nil
	}
	w.s.at(pointCases)
	for range casRounds {
		book, err := w.openBook(ctx, items)
		if err != nil {
			return err
		}
		for _, it := range items {
			if err := w.join(ctx, book, it); err != nil {
				return err
			}
		}
		lost, err := w.putCases(ctx, book)
		if err != nil {
			return err
		}
		if !lost {
			return w.putKeys(ctx, book)
		}
	}
	return fmt.Errorf("store cases: %w", indexer.ErrUnavailable) // others keep changing them: the group is repeated
}

// openBook loads the keys of the items.
func (w *work) openBook(ctx context.Context, items []*item) (*caseBook, error) {
	var keys []string
	for _, it := range items {
		if it.lookups == nil {
			it.lookups = lookups(&it.listing)
		}
		for _, lk := range it.lookups {
			keys = append(keys, lk.key)
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	book := &caseBook{keys: map[string]*keyEntry{}, cases: map[string]*caseEntry{}}
	if len(keys) == 0 {
		return book, nil
	}
	entries, err := w.engine.LoadAll(ctx, caseKeyBucket, keys...)
	if err != nil {
		return nil, fmt.Errorf("load case keys: %w", err)
	}
	for key, e := range entries {
		k := &keyEntry{version: e.Version}
		if err := json.Unmarshal(e.Value, &k.caseKey); err != nil {
			return nil, fmt.Errorf("read case key: %w", err)
		}
		book.keys[key] = k
	}
	return book, nil
}

// join decides the case of an item and adds its sighting.
func (w *work) join(ctx context.Context, book *caseBook, it *item) error {
	id, signal := it.listing.CaseID, "first"
	for i := 0; i < len(it.lookups) && id == ""; i++ {
		if k := book.keys[it.lookups[i].key]; k != nil {
			id, signal = it.lookups[i].find(k.caseKey), it.lookups[i].signal
		}
	}
	if id == "" {
		id, signal = leak.Fingerprint("case", it.listing.ID), "first"
	}
	c, err := w.caseOf(ctx, book, id, it)
	if err != nil {
		return err
	}
	it.caseID = id
	c.see(it, signal)
	book.register(it, id)
	return nil
}

// caseOf returns a case, loaded or begun.
func (w *work) caseOf(ctx context.Context, book *caseBook, id string, it *item) (*caseEntry, error) {
	if c := book.cases[id]; c != nil {
		return c, nil
	}
	docs, err := w.engine.Get(ctx, indexer.Cases, id)
	if err != nil {
		return nil, fmt.Errorf("load case: %w", err)
	}
	c := &caseEntry{}
	if d, found := docs[id]; found {
		c.version = d.Version
		if err := json.Unmarshal(d.Source, &c.Case); err != nil {
			return nil, fmt.Errorf("read case %s: %w", id, err)
		}
	} else {
		l := &it.listing
		c.Case = leak.Case{ID: id, Title: l.Title, Severity: l.Severity, Opened: l.Changed, LastSeen: l.Changed}
		c.changed = true
	}
	book.cases[id] = c
	return c, nil
}

// see adds the sighting of an item, unless the case has it.
func (c *caseEntry) see(it *item, signal string) {
	l := &it.listing
	if l.Changed.After(c.LastSeen) {
		c.LastSeen, c.changed = l.Changed, true
	}
	if l.Severity.Rank() > c.Severity.Rank() {
		c.Severity, c.changed = l.Severity, true
	}
	for _, s := range c.Sightings {
		if s.Listing == l.ID {
			return
		}
	}
	c.changed = true
	if len(c.Sightings) >= maxSightings {
		c.Sightings = slices.Delete(c.Sightings, 1, 2) // the first one stays: it opened the case
	}
	c.Sightings = append(c.Sightings, leak.Sighting{
		Listing: l.ID, Source: l.Source, Seller: l.Seller, At: l.FirstSeen, Signal: signal,
	})
	c.Sources = addWord(c.Sources, l.Source)
	c.Sellers = addWord(c.Sellers, l.Seller)
}

func addWord(words []string, w string) []string {
	if w == "" || len(words) >= maxSellers || slices.Contains(words, w) {
		return words
	}
	return append(words, w)
}

// register adds the keys of an item for those who come later. A key keeps the
// first case it led to.
func (b *caseBook) register(it *item, id string) {
	for _, lk := range it.lookups {
		k := b.keys[lk.key]
		if k == nil {
			k = &keyEntry{}
			b.keys[lk.key] = k
		}
		if lk.value.By == nil {
			if k.Case == "" {
				k.Case, k.Sketch, k.changed = id, lk.value.Sketch, true
			}
			continue
		}
		for cat := range lk.value.By {
			if k.By == nil {
				k.By = map[string]string{}
			}
			if k.By[cat] == "" && len(k.By) < maxKeyCases {
				k.By[cat], k.changed = id, true
			}
		}
	}
}

// putCases stores the changed cases and reports whether another writer was
// faster with one.
func (w *work) putCases(ctx context.Context, book *caseBook) (lost bool, err error) {
	var writes []indexer.Write
	for _, c := range book.cases {
		if !c.changed {
			continue
		}
		source, err := json.Marshal(&c.Case)
		if err != nil {
			return false, fmt.Errorf("encode case: %w", err)
		}
		writes = append(writes, indexer.Write{
			Collection: indexer.Cases, Create: c.version == (indexer.Version{}),
			Document: indexer.Document{ID: c.ID, Version: c.version, Source: source, Fields: query.CaseDocument(&c.Case)},
		})
	}
	if len(writes) == 0 {
		return false, nil
	}
	_, errs := w.engine.Put(ctx, writes)
	for i, err := range errs {
		switch {
		case err == nil:
		case errors.Is(err, indexer.ErrExists), errors.Is(err, indexer.ErrConflict):
			lost = true
		case errors.Is(err, indexer.ErrInvalid):
			w.s.log.Error("the index refuses a case", "case", writes[i].Document.ID, "error", err)
		default:
			return false, fmt.Errorf("store case: %w", err)
		}
	}
	return lost, nil
}

// putKeys stores the changed keys. One that another writer was faster with is
// left to it: keys only say where to look.
func (w *work) putKeys(ctx context.Context, book *caseBook) error {
	var writes []indexer.StateWrite
	for key, k := range book.keys {
		if !k.changed {
			continue
		}
		value, err := json.Marshal(k.caseKey)
		if err != nil {
			return fmt.Errorf("encode case key: %w", err)
		}
		writes = append(writes, indexer.StateWrite{Bucket: caseKeyBucket, Entry: indexer.Entry{Key: key, Version: k.version, Value: value}})
	}
	w.s.at(pointCaseKeys)
	_, errs := writeAll(ctx, w.engine, writes)
	if err := firstHard(errs); err != nil {
		return fmt.Errorf("store case key: %w", err)
	}
	return nil
}

// Case returns one case, or ErrNoCase.
func (s *Service) Case(ctx context.Context, id string) (*leak.Case, error) {
	docs, err := s.engine.Get(ctx, indexer.Cases, id)
	if err != nil {
		return nil, fmt.Errorf("load case: %w", err)
	}
	d, found := docs[id]
	if !found {
		return nil, ErrNoCase
	}
	c := &leak.Case{}
	if err := json.Unmarshal(d.Source, c); err != nil {
		return nil, fmt.Errorf("read case %s: %w", id, err)
	}
	return c, nil
}

// millis is the present of a search.
func millis(t time.Time) float64 { return float64(t.UnixMilli()) }
