package indexer

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"
	"unicode/utf8"
)

// Limits that every engine enforces, with ErrInvalid.
const (
	MaxID      = 512    // bytes of a document id or of a key
	MaxBucket  = 64     // characters of a bucket's name
	MaxPage    = 1000   // documents of a page
	MaxScan    = 10_000 // entries of a scan
	MaxBuckets = 10_000 // buckets of a Terms aggregation
)

// Known reports whether c is one of the collections.
func (c Collection) Known() bool { return slices.Contains(Collections(), c) }

// DefaultSort returns the field by which a collection is sorted if a search
// names none.
func (c Collection) DefaultSort() string {
	switch c {
	case Alerts:
		return "matched"
	case Cases:
		return "last_seen"
	case Revisions:
		return "at"
	default:
		return "first_seen"
	}
}

// Valid returns why no engine takes the write, an ErrInvalid, or nil.
func (w *Write) Valid() error {
	switch {
	case !w.Collection.Known():
		return fmt.Errorf("unknown collection %q: %w", w.Collection, ErrInvalid)
	case w.Document.Fields == nil:
		return fmt.Errorf("document without fields: %w", ErrInvalid)
	case !json.Valid(w.Document.Source):
		return fmt.Errorf("document is not JSON: %w", ErrInvalid)
	case !finite(w.Document.Fields.Numbers):
		return fmt.Errorf("document with a number that is none: %w", ErrInvalid)
	}
	for _, o := range w.Document.Fields.Offers {
		if !finite(o.Numbers) {
			return fmt.Errorf("offer with a number that is none: %w", ErrInvalid)
		}
	}
	return validID("document id", w.Document.ID)
}

func finite(fields map[string][]float64) bool {
	for _, values := range fields {
		for _, v := range values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return false
			}
		}
	}
	return true
}

// Valid returns why no engine takes the entry in that bucket, an ErrInvalid,
// or nil.
func (e *Entry) Valid(bucket string) error {
	if err := ValidKey(bucket, e.Key); err != nil {
		return err
	}
	if !json.Valid(e.Value) {
		return fmt.Errorf("value of %s is not JSON: %w", bucket, ErrInvalid)
	}
	return nil
}

// ValidKey returns why no engine has such a bucket or key, an ErrInvalid, or
// nil.
func ValidKey(bucket, key string) error {
	if err := validBucket(bucket); err != nil {
		return err
	}
	return validID("key", key)
}

func validBucket(bucket string) error {
	ok := len(bucket) > 0 && len(bucket) <= MaxBucket
	for _, b := range []byte(bucket) {
		ok = ok && (b == '_' || 'a' <= b && b <= 'z')
	}
	if !ok {
		return fmt.Errorf("bucket %.80q is not 1 to 64 characters a-z _: %w", bucket, ErrInvalid)
	}
	return nil
}

// validID does not print the id: it may be hostile.
func validID(what, id string) error {
	if len(id) == 0 || len(id) > MaxID || !utf8.ValidString(id) {
		return fmt.Errorf("%s of %d bytes is not 1 to 512 bytes of UTF-8: %w", what, len(id), ErrInvalid)
	}
	return nil
}

// Valid returns why no engine runs the search, an ErrInvalid, or nil.
func (s *Search) Valid(c Collection) error {
	if !c.Known() {
		return fmt.Errorf("unknown collection %q: %w", c, ErrInvalid)
	}
	if s.Limit < 1 || s.Limit > MaxPage {
		return fmt.Errorf("limit %d is not 1 to 1,000: %w", s.Limit, ErrInvalid)
	}
	return nil
}

// Valid returns why no engine runs the scan, an ErrInvalid, or nil.
func (s *Scan) Valid(bucket string) error {
	if s.Limit < 1 || s.Limit > MaxScan {
		return fmt.Errorf("limit %d is not 1 to 10,000: %w", s.Limit, ErrInvalid)
	}
	return validBucket(bucket)
}

// Valid returns why no engine runs the aggregation, an ErrInvalid, or nil.
func (a *Aggregation) Valid() error {
	ok := a.Field != ""
	switch a.Kind {
	case Terms:
		ok = ok && a.Size >= 1 && a.Size <= MaxBuckets
	case DateHistogram:
		ok = ok && a.Interval >= time.Hour && a.Interval%time.Hour == 0
	case Percentiles:
		for _, p := range a.Percents {
			ok = ok && p >= 0 && p <= 100
		}
	case Cardinality:
	default:
		ok = false
	}
	if !ok {
		return fmt.Errorf("aggregation %s of %q is not possible: %w", a.Kind, a.Field, ErrInvalid)
	}
	return nil
}
