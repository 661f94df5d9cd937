package indextest

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// epoch is the instant from which the times of the samples are counted.
var epoch = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// sample returns listing i of an endless series in which sellers, sources,
// categories, prices and times repeat, so that there is always something to
// count and to tie.
func sample(i int) *leak.Listing {
	titles := []string{"出售身份证照片人脸", "신분증 사진 판매합니다", "selling 5,000 face photos", "四件套 床品 全棉", "招商银行 四件套 出售", "KYC bypass 过人脸 代实名"}
	bodies := []string{"一手货源 5000张 10元", "실명 인증 얼굴 영상", "with names and phone numbers, escrow accepted", "new arrival, cotton", "身份证 银行卡 手机卡 U盾", "包过 银行 人脸识别"}
	seen := epoch.Add(time.Duration(i/3) * 7 * time.Minute)
	l := &leak.Listing{
		ID: fmt.Sprintf("sample-%04d", i), Source: fmt.Sprint("market_", i%3), URL: fmt.Sprintf("https://market%d.example/item/%d", i%3, i),
		Title: titles[i%len(titles)], Body: bodies[(i/2)%len(bodies)] + fmt.Sprintf(" 编号%d", i), Seller: fmt.Sprint("seller_", i%7),
		Fetched: seen, FirstSeen: seen, LastSeen: seen.Add(time.Duration(i%50) * time.Hour), Changed: seen, Revision: 1 + i%4,
		Reading: leak.Reading{
			Hit: i%5 != 0, Intent: leak.Intents()[i%5], Score: float64(i%11) / 10, Severity: leak.Severities()[i%4],
			Language:   []string{"zh", "en", "ko", "mixed", "und"}[i%5],
			Categories: leak.Categories()[i%14 : i%14+1+i%3],
		},
	}
	if i%4 != 0 {
		posted := seen.Add(-time.Duration(i) * time.Hour)
		l.PostedAt = &posted
	}
	for n := range i % 3 {
		l.Offers = append(l.Offers, sampleOffer(i+n))
	}
	if i%6 == 1 {
		l.Contacts = []leak.Contact{{Kind: leak.Telegram, Value: fmt.Sprint("Handle", i%4)}}
	}
	return l
}

func sampleOffer(i int) leak.Offer {
	price, quantity, currency := float64(1+i%9)*2.5, float64(1+i%4*1000), []string{"CNY", "USD", "USDT"}[i%3]
	unit := price / quantity
	return leak.Offer{
		Categories: leak.Categories()[i%16 : i%16+1],
		Price:      &price, Quantity: &quantity, Currency: &currency, UnitPrice: &unit,
	}
}

// listingWrite creates the listing, or replaces version v of it.
func listingWrite(t testing.TB, l *leak.Listing, v indexer.Version) indexer.Write {
	t.Helper()
	source, err := json.Marshal(l)
	if err != nil {
		t.Fatalf("encode listing: %v", err)
	}
	return indexer.Write{
		Collection: indexer.Listings, Create: v == indexer.Version{},
		Document: indexer.Document{ID: l.ID, Version: v, Source: source, Fields: query.ListingDocument(l)},
	}
}

func term(field, value string) *query.Query {
	return &query.Query{Root: &query.Term{Field: field, Value: value}}
}
