package elastic

import (
	"strconv"
	"strings"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// object is a JSON object.
type object = map[string]any

// name writes a field of the query language as a field of the index: "."
// would make contact an object, which is a keyword already.
func name(field string) string { return strings.ReplaceAll(field, ".", "_") }

// Names of fields that the query language does not have.
const (
	docID  = "doc_id"   // the document's id, to break ties
	source = "document" // as given
	offers = "offers"   // nested
	plain  = "_plain"   // suffix: tokens of the plain stream
	hidden = "_hidden"  // suffix: tokens of the unhidden stream
)

func archiveMapping(c indexer.Collection) object {
	properties := object{
		docID:  object{"type": "keyword"},
		source: object{"type": "keyword", "index": false, "doc_values": false},
	}
	schema := query.SchemaOf(string(c))
	for _, f := range schema.Fields {
		switch {
		case f.Virtual:
		case f.Kind == query.Prose:
			tokens := object{"type": "text", "analyzer": "whitespace", "norms": false}
			properties[name(f.Name)+plain], properties[name(f.Name)+hidden] = tokens, tokens
			properties[name(f.Name)] = object{"type": "text"}
		default:
			properties[name(f.Name)] = fieldMapping(f.Kind)
		}
	}
	if len(schema.Offer) > 0 {
		nested := object{}
		for _, f := range schema.Offer {
			nested[name(f.Name)] = fieldMapping(f.Kind)
			properties["offer_"+name(f.Name)] = fieldMapping(f.Kind)
		}
		properties[offers] = object{"type": "nested", "dynamic": "strict", "properties": nested}
	}
	return object{"dynamic": "strict", "_source": object{"excludes": []string{"*" + plain, "*" + hidden}}, "properties": properties}
}

func fieldMapping(k query.FieldKind) object {
	switch k {
	case query.Number:
		return object{"type": "double"}
	case query.Time:
		return object{"type": "date", "format": "epoch_millis"}
	}
	return object{"type": "keyword"}
}

func stateMapping() object {
	return object{"dynamic": "strict", "properties": object{
		"bucket": object{"type": "keyword"},
		"key":    object{"type": "keyword"},
		"due":    object{"type": "date", "format": "epoch_millis"},
		"due_at": object{"type": "keyword", "index": false, "doc_values": false}, // to the nanosecond
		"value":  object{"type": "keyword", "index": false, "doc_values": false},
	}}
}

// document turns what a query sees into what is indexed.
func document(c indexer.Collection, id string, src []byte, d *query.Document) object {
	doc := object{docID: id, source: string(src)}
	schema := query.SchemaOf(string(c))
	values(doc, "", schema.Field, d.Keywords, d.Numbers)
	for _, t := range d.Texts {
		doc[name(t.Field)] = t.Redacted
		doc[name(t.Field)+plain] = joined(t.Plain)
		if len(t.Unhidden) > 0 {
			doc[name(t.Field)+hidden] = joined(t.Unhidden)
		}
	}
	var nested []object
	flatKeywords, flatNumbers := map[string][]string{}, map[string][]float64{}
	for _, o := range d.Offers {
		x := object{}
		values(x, "", schema.OfferField, o.Keywords, o.Numbers)
		nested = append(nested, x)
		for k, v := range o.Keywords {
			flatKeywords[k] = append(flatKeywords[k], v...)
		}
		for k, v := range o.Numbers {
			flatNumbers[k] = append(flatNumbers[k], v...)
		}
	}
	if nested != nil {
		doc[offers] = nested
		values(doc, "offer_", schema.OfferField, flatKeywords, flatNumbers)
	}
	return doc
}

func values(doc object, prefix string, known func(string) (query.Field, bool), keywords map[string][]string, numbers map[string][]float64) {
	for k, v := range keywords {
		if _, ok := known(k); ok && len(v) > 0 {
			doc[prefix+name(k)] = v
		}
	}
	for k, v := range numbers {
		f, ok := known(k)
		if !ok || len(v) == 0 {
			continue
		}
		if f.Kind != query.Time {
			doc[prefix+name(k)] = v
			continue
		}
		millis := make([]string, len(v))
		for i, x := range v {
			millis[i] = strconv.FormatFloat(x, 'f', 0, 64)
		}
		doc[prefix+name(k)] = millis
	}
}

// filler holds a position at which there is no token. No token is like it:
// tokens have no ASCII punctuation.
const filler = "|"

// maxGap is the widest gap between tokens that is kept; no phrase and no
// distance reaches over more.
const maxGap = 1100

// joined writes tokens so that the whitespace analyzer gives each its
// position back.
func joined(tokens []query.Token) string {
	var b strings.Builder
	next := 0
	for i, t := range tokens {
		gap := t.Pos - next
		if i == 0 {
			gap = 0
		}
		for range min(gap, maxGap) {
			b.WriteString(filler + " ")
		}
		b.WriteString(t.Value)
		b.WriteByte(' ')
		next = t.Pos + 1
	}
	return b.String()
}
