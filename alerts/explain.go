package alerts

import (
	"time"

	"github.com/leakwatch/leakwatch/query"
)

// seesMentions reports whether a watch with this query sees listings that
// are no hits.
func seesMentions(q *query.Query) bool { return false }

// valuesHash is the hash of the values that the query reads of a document.
func valuesHash(q *query.Query, d *query.Document) string { return q.ValuesHash(d) }

// why returns the parts of the query that the document satisfies.
func why(q *query.Query, d *query.Document, now time.Time) []string { return []string{q.String()} }
