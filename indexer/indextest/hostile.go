package indextest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// hostileTexts are values that break programs. None may break an engine.
func hostileTexts() []string {
	return []string{
		"nul\x00inside", "\x00", "not utf-8 \xff\xfe\x80", "\xed\xa0\x80 surrogate", "cut \xe4\xb8",
		"😀👨‍👩‍👧‍👦🏳️‍🌈", "مرحبا \u202e right to left", "zero\u200bwidth\ufeff", "a\u0301\u0302\u0303" + strings.Repeat("\u0308", 300),
		`"quoted" \ back 'single' -- ; DROP TABLE docs; * ( ) NEAR NOT`, "line\nbreak\r\n\ttab\u2028\u2029",
		strings.Repeat("k", leak.MaxKeyword), strings.Repeat("长", leak.MaxKeyword/3), "\U0010ffff\ufffe\uffff", "{{.}} ${jndi} %s%n <script>", " ",
	}
}

// Hostile puts documents to the engine that are as bad as a source can make
// them. The engine takes each or answers ErrInvalid, finds what it took, and
// is none the worse.
func Hostile(t *testing.T, new New) {
	runAll(t, new(t), []check{
		{"hostile texts are stored and found", hostileListings},
		{"hostile texts go through the state", hostileEntries},
		{"extreme numbers are stored and found", extremeNumbers},
		{"numbers that are none do not harm their neighbours", notNumbers},
		{"the largest listing is stored and found", largestListing},
		{"a large batch with bad items stores the good ones", largeBatch},
		{"numbers in a source are not rounded", sourceVerbatim},
	})
}

func hostileListings(t *testing.T, e indexer.Engine) {
	for i, s := range hostileTexts() {
		l := sample(i)
		l.ID = fmt.Sprint("hostile-", i)
		l.Title, l.Seller, l.URL, l.Files = s, s, "https://x.example/"+s, []string{s, s}
		l.Body = strings.Join(hostileTexts(), " ") + s
		l.Contacts = []leak.Contact{{Kind: leak.Telegram, Value: s}}
		w := listingWrite(t, l, indexer.Version{})
		_, err := putOne(t, e, w)
		if errors.Is(err, indexer.ErrInvalid) {
			continue
		}
		want(t, fmt.Sprintf("put of %.40q", s), err, nil)
		refresh(t, e)
		if d := get(t, e, indexer.Listings, l.ID); string(d.Source) != string(w.Document.Source) {
			t.Errorf("%.40q: the source came back changed", s)
		}
		for _, field := range []string{"seller", "contact", "url"} {
			for _, value := range w.Document.Fields.Keywords[field] {
				find := indexer.Search{Query: term(field, value), Limit: 100}
				if ids := searchAll(t, e, indexer.Listings, find); !slices.Contains(ids, l.ID) {
					t.Errorf("%s %.40q does not find its listing", field, value)
				}
			}
		}
		everyToken(t, e, w)
	}
}

// everyToken wants each token of the title to find the document.
func everyToken(t *testing.T, e indexer.Engine, w indexer.Write) {
	t.Helper()
	for _, text := range w.Document.Fields.Texts {
		for i, token := range text.Plain {
			if text.Field != "title" || i > 20 {
				break
			}
			q := &query.Query{Root: &query.Phrase{Fields: []string{"title"}, Terms: []query.TextTerm{{Value: token.Value}}}}
			if ids := searchAll(t, e, indexer.Listings, indexer.Search{Query: q, Limit: 100}); !slices.Contains(ids, w.Document.ID) {
				t.Errorf("token %.40q does not find %s", token.Value, w.Document.ID)
			}
		}
	}
}

func hostileEntries(t *testing.T, e indexer.Engine) {
	for _, s := range hostileTexts() {
		value, err := json.Marshal(s)
		want(t, "encode", err, nil)
		key, _ := leak.CutBytes(strings.ToValidUTF8(s, "\ufffd"), indexer.MaxID)
		create(t, e, "hostile", indexer.Entry{Key: key, Value: value})
		if got := load(t, e, "hostile", key); got.Key != key || string(got.Value) != string(value) {
			t.Errorf("%.40q came back as %.40q: %.40q", key, got.Key, got.Value)
		}
	}
	big, err := json.Marshal(strings.Repeat("大", 1<<20/3))
	want(t, "encode", err, nil)
	create(t, e, "hostile", indexer.Entry{Key: "big", Value: big})
	if got := load(t, e, "hostile", "big"); string(got.Value) != string(big) {
		t.Errorf("a value of 1 MB came back as %d bytes", len(got.Value))
	}
}

func extremeNumbers(t *testing.T, e indexer.Engine) {
	values := []float64{0, math.Copysign(0, -1), 1e-300, -1e-300, 1e300, -1e300, 9007199254740993, math.SmallestNonzeroFloat64, math.MaxFloat64, -math.MaxFloat64, 0.1 + 0.2}
	for i, v := range values {
		l := sample(0)
		l.ID, l.Score = fmt.Sprint("number-", i), v
		l.Offers = []leak.Offer{{Price: &v, Quantity: &v}}
		put(t, e, listingWrite(t, l, indexer.Version{}))
	}
	refresh(t, e)
	for i, v := range values {
		at := &query.Bound{Value: v}
		for name, q := range map[string]query.Node{
			"score": &query.Range{Field: "score", Min: at, Max: at},
			"price": &query.Offer{Node: &query.Range{Field: "price", Min: at, Max: at}},
		} {
			q = &query.And{Nodes: []query.Node{&query.Prefix{Field: "id", Value: "number-"}, q}}
			ids := searchAll(t, e, indexer.Listings, indexer.Search{Query: &query.Query{Root: q}, Limit: 100})
			if !slices.Contains(ids, fmt.Sprint("number-", i)) || len(ids) > 2 {
				t.Errorf("%s %g finds %q", name, v, ids)
			}
		}
	}
	mine := &query.Query{Root: &query.Prefix{Field: "id", Value: "number-"}}
	ids := searchAll(t, e, indexer.Listings, indexer.Search{Query: mine, Sort: "score", Asc: true, Limit: 3})
	if ids[0] != "number-9" || ids[len(ids)-1] != "number-8" {
		t.Errorf("in order: %q", ids)
	}
}

func notNumbers(t *testing.T, e indexer.Engine) {
	for i, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		bad := listingWrite(t, sample(0), indexer.Version{})
		bad.Document.ID = fmt.Sprint("nan-", i)
		bad.Document.Fields.Numbers["score"] = []float64{v}
		good := listingWrite(t, sample(1), indexer.Version{})
		good.Document.ID = fmt.Sprint("beside-nan-", i)
		_, errs := e.Put(t.Context(), []indexer.Write{bad, good})
		want(t, "put of the neighbour", errs[1], nil)
		want(t, fmt.Sprint("put of ", v), errs[0], indexer.ErrInvalid)
	}
	refresh(t, e)
	searchAll(t, e, indexer.Listings, indexer.Search{Sort: "score", Limit: 3})
	_, err := e.Aggregate(t.Context(), indexer.Listings, nil, epoch, []indexer.Aggregation{{Kind: indexer.Percentiles, Field: "score", Percents: []float64{50}}})
	want(t, "percentiles", err, nil)
}

func largestListing(t *testing.T, e indexer.Engine) {
	l := sample(3)
	l.ID = "largest"
	l.Body, _ = leak.CutBytes(strings.Repeat("身份证照片人脸出售 word ", leak.MaxText/30), leak.MaxText-60)
	l.Body += " 最后的话"
	for i := range leak.MaxIdentifiers {
		l.Identifiers = append(l.Identifiers, leak.Identifier{Kind: leak.Phone, Masked: "⟦phone⟧", Code: fmt.Sprintf("k1:%032x", i)})
	}
	for i := range leak.MaxOffers {
		l.Offers = append(l.Offers, sampleOffer(i))
	}
	l.Offers = l.Offers[:leak.MaxOffers]
	put(t, e, listingWrite(t, l, indexer.Version{}))
	refresh(t, e)
	for _, root := range []query.Node{
		&query.Phrase{Fields: []string{"body"}, Terms: []query.TextTerm{{Value: "最后"}, {Value: "后的", Offset: 1}, {Value: "的话", Offset: 2}}},
		&query.Term{Field: "identifier", Value: fmt.Sprintf("k1:%032x", leak.MaxIdentifiers-1)},
	} {
		if ids := searchAll(t, e, indexer.Listings, indexer.Search{Query: &query.Query{Root: root}, Limit: 10}); !slices.Equal(ids, []string{"largest"}) {
			t.Errorf("%T finds %q", root, ids)
		}
	}
}

func largeBatch(t *testing.T, e indexer.Engine) {
	var writes []indexer.Write
	for i := range 1000 {
		w := listingWrite(t, sample(i), indexer.Version{})
		w.Document.ID = fmt.Sprint("batch-", i)
		if i%100 == 50 {
			w.Document.Source = []byte(`{"unfinished":`)
		}
		writes = append(writes, w)
	}
	results, errs := e.Put(t.Context(), writes)
	for i, err := range errs {
		if i%100 == 50 {
			want(t, fmt.Sprint("bad item ", i), err, indexer.ErrInvalid)
			continue
		}
		want(t, fmt.Sprint("item ", i), err, nil)
		if results[i] == (indexer.Version{}) {
			t.Fatalf("item %d has no version", i)
		}
	}
}

func sourceVerbatim(t *testing.T, e indexer.Engine) {
	source := `{"int":9007199254740993,"float":1.10,"exp":1E400,"esc":"\u0041\u0000\ud83d\ude00","dup":1,"dup":2,  "space" : [ ] }`
	put(t, e, indexer.Write{Collection: indexer.Cases, Create: true, Document: bare("verbatim", source)})
	if d := get(t, e, indexer.Cases, "verbatim"); string(d.Source) != source {
		t.Errorf("stored %s\n   got %s", source, d.Source)
	}
}
