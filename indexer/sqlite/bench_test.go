package sqlite

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// benchListings makes n writes of listings of about 1.4 KB and 400 tokens.
func benchListings(b *testing.B, from, n int) []indexer.Write {
	b.Helper()
	common := []rune("的一是不了人在有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴切存游轮证")
	r := rand.New(rand.NewPCG(uint64(from), 1))
	zipf := rand.NewZipf(r, 1.3, 8, uint64(len(common)-1))
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	writes := make([]indexer.Write, n)
	for i := range writes {
		var body strings.Builder
		for range 390 {
			body.WriteRune(common[zipf.Uint64()])
		}
		if r.IntN(200) == 0 {
			body.WriteString("脸证")
		}
		seen := start.Add(time.Duration(from+i) * time.Second)
		price, quantity, currency := float64(r.IntN(500)), float64(r.IntN(10000)), "CNY"
		l := &leak.Listing{
			ID: leak.Fingerprint(fmt.Sprint(from + i)), Source: fmt.Sprint("source", r.IntN(20)), URL: fmt.Sprint("https://a.example/", from+i),
			Title: "出售 " + string(common[r.IntN(300)]) + "照片 一手货源", Body: body.String(), Seller: fmt.Sprint("seller", r.IntN(3000)),
			FirstSeen: seen, LastSeen: seen, Changed: seen, Fetched: seen, Revision: 1,
			Reading: leak.Reading{Hit: r.IntN(2) == 0, Intent: leak.Sell, Score: r.Float64(), Severity: leak.High, Language: "zh",
				Categories: leak.Categories()[r.IntN(12):][:3],
				Offers:     []leak.Offer{{Price: &price, Quantity: &quantity, Currency: &currency, Categories: []leak.Category{leak.FacePhoto}}}},
		}
		source, err := json.Marshal(l)
		if err != nil {
			b.Fatal(err)
		}
		writes[i] = indexer.Write{Collection: indexer.Listings, Create: true,
			Document: indexer.Document{ID: l.ID, Source: source, Fields: query.ListingDocument(l)}}
	}
	return writes
}

func fill(b *testing.B, db *DB, n int) {
	b.Helper()
	for from := 0; from < n; from += 500 {
		putAll(b, db, benchListings(b, from, 500))
	}
}

func putAll(t testing.TB, db *DB, writes []indexer.Write) {
	t.Helper()
	_, errs := db.Put(t.Context(), writes)
	for i, err := range errs {
		if err != nil {
			t.Fatalf("put %d: %v", i, err)
		}
	}
}

// BenchmarkPut stores listings, so many in a call; ns/op is of one listing.
func BenchmarkPut(b *testing.B) {
	for _, size := range []int{1, 20, 500} {
		b.Run(fmt.Sprint("batch=", size), func(b *testing.B) {
			db := open(b, filepath.Join(b.TempDir(), "index.db"))
			from := 0
			for b.Loop() {
				if from%size == 0 {
					b.StopTimer()
					writes := benchListings(b, from, size)
					b.StartTimer()
					putAll(b, db, writes)
				}
				from++
			}
			bytes, err := db.Size()
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(bytes)/float64(from), "bytes/listing")
		})
	}
}

// BenchmarkSearch searches 30,000 listings.
func BenchmarkSearch(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "index.db"))
	fill(b, db, 30_000)
	if err := db.Maintain(b.Context()); err != nil {
		b.Fatal(err)
	}
	for _, typed := range []string{"脸证", "的一", "一手货源", "脸", `"大来 国个"~3`, "hit:true category:face_photo", "offer:(price:<50CNY)", "*"} {
		q, err := query.Parse(typed+" hit:any", query.Env{})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(typed, func(b *testing.B) {
			var total int64
			for b.Loop() {
				page, err := db.Search(b.Context(), indexer.Listings, indexer.Search{Query: q, Limit: 50, Count: true})
				if err != nil {
					b.Fatal(err)
				}
				total = page.Total
			}
			b.ReportMetric(float64(total), "found")
		})
	}
	b.Run("facets", func(b *testing.B) {
		aggs := []indexer.Aggregation{{Kind: indexer.Terms, Field: "seller", Size: 10}, {Kind: indexer.Terms, Field: "category", Size: 16},
			{Kind: indexer.DateHistogram, Field: "first_seen", Interval: time.Hour}}
		for b.Loop() {
			if _, err := db.Aggregate(b.Context(), indexer.Listings, nil, time.Time{}, aggs); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSwap claims and completes: two durable writes.
func BenchmarkSwap(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "index.db"))
	e := indexer.Entry{Key: "k", Value: []byte(`{"owner":"a"}`)}
	var err error
	if e.Version, err = db.Create(b.Context(), "claims", e); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for range 2 {
			if e.Version, err = db.Swap(b.Context(), "claims", e); err != nil {
				b.Fatal(err)
			}
		}
	}
}
