// Package querytest makes random queries and documents that have something to
// say to each other, for tests that compare a way of answering queries with
// the matcher of package query.
package querytest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
	"pgregory.net/rapid"
)

// Now is the instant around which the times of documents lie.
func Now() time.Time { return time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC) }

// Env is what the queries of this package parse in.
func Env() query.Env {
	return query.Env{
		Collection: "listings",
		Lists:      []string{"wanted_handles", "our_customers"},
		Rates:      map[string]float64{"CNY": 0.14, "KRW": 0.0007, "USD": 1},
		Code: func(kind leak.IdentifierKind, typed string) ([]string, error) {
			if len(typed) < 15 || strings.ContainsAny(typed, " ,-") {
				return nil, errors.New("too short for an identifier")
			}
			return []string{"k1:" + hexOf(typed, 1), "k2:" + hexOf(typed, 2)}, nil
		},
	}
}

func hexOf(s string, salt byte) string {
	h := uint64(salt) * 1099511628211
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return fmt.Sprintf("%016x%016x", h, h*31)
}

// Query returns a random query over listings.
func Query(t *rapid.T) *query.Query {
	src := Source(t)
	q, err := query.Parse(src, Env())
	if err != nil {
		t.Fatalf("parse %q: %v", src, err)
	}
	return q
}

// Source returns a random query over listings as it may be typed.
func Source(t *rapid.T) string { return expression(t, 3) }

func pick(t *rapid.T, label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(t, label)
}

func expression(t *rapid.T, depth int) string {
	if depth == 0 {
		return leaf(t)
	}
	sub := func() string { return expression(t, depth-1) }
	switch rapid.IntRange(0, 9).Draw(t, "form") {
	case 0, 1:
		return "(" + sub() + pick(t, "and", " AND ", " ", " && ", " +") + sub() + ")"
	case 2, 3:
		return "(" + sub() + pick(t, "or", " OR ", " || ") + sub() + ")"
	case 4:
		return pick(t, "not", "NOT ", "-", "!") + sub()
	case 5:
		return "（" + sub() + "）"
	case 6:
		return "offer:(" + offer(t, 2) + ")"
	}
	return leaf(t)
}

func leaf(t *rapid.T) string {
	switch rapid.IntRange(0, 7).Draw(t, "leaf") {
	case 0, 1, 2:
		return prose(t)
	case 3:
		return ranged(t)
	case 4:
		return offerLeaf(t)
	}
	return keyword(t)
}

// fragments are what texts are made of and queries ask for.
func fragments() []string {
	return []string{"出售", "身份证", "身份证照片", "人脸", "银行卡", "四件套", "招商银行", "手持", "過人臉", "身.份.证", "照",
		"신분증", "신분증을", "판매", "통장", "face", "Photo", "ID", "fullz", "kyc", "alipay", "5000", "10元", "rlz_shop",
		"ｆｕｌｌｚ", "の", "カード", "x", "é", "⟦prc_id 11…⟧", "sfz", "shen fen zheng", "微 信", "0.8", "😀", "-", "，", "\u200b"}
}

func fragment(t *rapid.T) string { return pick(t, "fragment", fragments()...) }

func texts(t *rapid.T, max int) string {
	parts := rapid.SliceOfN(rapid.Custom(fragment), 0, max).Draw(t, "fragments")
	return strings.Join(parts, pick(t, "glue", "", " ", " ", "\n"))
}

// word is something that a query can search for in them.
func word(t *rapid.T) string {
	return pick(t, "word", "出售", "身份证", "身份", "份证照", "人脸", "证", "银行卡", "四件套", "招商银行", "过人脸", "신분증", "분증", "통장",
		"face", "FACE", "photo", "id", "fullz", "kyc", "alipay", "5000", "10元", "カード", "é", "sfz", "微信", "rlz", "shop")
}

func prose(t *rapid.T) string {
	field := pick(t, "field", "", "", "", "title:", "body:", "text:", "files:")
	switch rapid.IntRange(0, 6).Draw(t, "prose") {
	case 0:
		return field + `"` + word(t) + pick(t, "between", " ", "", ", ") + word(t) + `"`
	case 1:
		n := rapid.IntRange(0, 6).Draw(t, "distance")
		return field + fmt.Sprintf(`"%s %s"~%d`, word(t), word(t), n)
	case 2:
		return field + pick(t, "begin", "fa", "身", "身份", "신분", "al", "50", "f", "photo", "rlz") + "*"
	case 3:
		return field + "/" + pick(t, "regex", "招(商|行)", "(?i)face|photo", `\d{4}`, "身.份", "신분증을?", "卡$", "[出购]售", `\/|x`, "full[sz]") + "/"
	case 4:
		return pick(t, "exists", "title:*", "body:*", "text:*", "files:*")
	}
	return field + word(t)
}

func number(t *rapid.T) string {
	return pick(t, "number", "0", "0.5", "1", "2", "10", "1000", "5000", "1e6")
}

func span(t *rapid.T, field string, value func(*rapid.T) string) string {
	switch rapid.IntRange(0, 6).Draw(t, "range") {
	case 0:
		return field + ":" + pick(t, "sign", ">", ">=", "<", "<=") + value(t)
	case 1:
		return field + ":[" + value(t) + " TO *]"
	case 2:
		return field + ":{* TO " + value(t) + "}"
	case 3:
		return field + ":*"
	case 4:
		return field + ":(" + value(t) + " OR >" + value(t) + ")"
	}
	return field + ":" + value(t)
}

func instant(t *rapid.T) string {
	return pick(t, "instant", "now", "now-1d", "now-7d", "now/d", "now-2d/d", "now-36h", "2026-11-20", "2026-11", "2026-11-21T09:30:00Z", "2026-11-20T17:30:00+08:00")
}

func ranged(t *rapid.T) string {
	switch rapid.IntRange(0, 2).Draw(t, "ranged") {
	case 0:
		return span(t, pick(t, "time", "first_seen", "last_seen", "posted_at", "changed_at", "gone_at"), instant)
	case 1:
		return "severity:" + pick(t, "severity", ">=high", "<medium", "[low TO high}", ">low", "critical")
	}
	return span(t, pick(t, "number field", "score", "available", "revision"), number)
}

func offerLeaf(t *rapid.T) string {
	price := func(t *rapid.T) string { return number(t) + pick(t, "currency", "CNY", "元", "USD", "KRW") }
	switch rapid.IntRange(0, 5).Draw(t, "offer leaf") {
	case 0:
		return span(t, pick(t, "amount", "quantity", "minimum", "unit_price_usd"), number)
	case 1:
		return span(t, pick(t, "price", "price", "price_max", "unit_price"), price)
	case 2:
		return "unit:" + pick(t, "unit", "张", "套", "張", "set", "*")
	case 3:
		return "currency:" + pick(t, "currency", "CNY", "usd", "*")
	case 4:
		return pick(t, "flag", "per:day", "per:month", "assumed_currency:true", "per:*")
	}
	return "offer.category:" + category(t)
}

func offer(t *rapid.T, depth int) string {
	if depth == 0 {
		return pick(t, "inner", offerLeaf(t), "category:"+category(t))
	}
	switch rapid.IntRange(0, 4).Draw(t, "offer") {
	case 0:
		return offer(t, depth-1) + " AND " + offer(t, depth-1)
	case 1:
		return "(" + offer(t, depth-1) + " OR " + offer(t, depth-1) + ")"
	case 2:
		return "NOT " + offer(t, 0)
	}
	return offer(t, 0)
}

func category(t *rapid.T) string {
	return pick(t, "category", "face_photo", "identity_bundle", "bank_card", "id_card_photo")
}

func keyword(t *rapid.T) string {
	return pick(t, "keyword",
		"category:"+category(t), "category:("+category(t)+" OR "+category(t)+")",
		"seller:"+pick(t, "seller", "KnownScam", "老王", `"deep seller"`, "deep*", "老*", "*"),
		"source:"+pick(t, "source", "forum", "shop", "sh*"),
		"url:"+pick(t, "url", `"http://forum.test/t/1"`, "http://forum.test/*", "*"), "host:forum.test",
		"contact:"+pick(t, "contact", "rlz_shop", `"@RLZ_shop"`, "+13800138000", "rlz*", "@wanted_handles", "*"),
		"contact.telegram:"+pick(t, "telegram", "rlz_shop", "*"), "contact_kind:telegram",
		"identifier:"+pick(t, "identifier", "11010119900307123X", "@our_customers", "*"),
		"identifier.prc_id:11010119900307123X", "identifier_kind:prc_id",
		"intent:"+pick(t, "intent", "sell", "mention"), "language:zh",
		"hit:"+pick(t, "hit", "true", "false", "any"), "list:wanted_handles",
		"sold_out:true", "gone:false", "pending:true", "rule:zh_face", "step:separator", "case:c1", "site_id:7", "*", "offer:*")
}

// Listing returns a random listing, some of whose values queries of this
// package ask for.
func Listing(t *rapid.T) *leak.Listing {
	l := &leak.Listing{
		Source: pick(t, "source", "forum", "shop"),
		SiteID: pick(t, "site id", "", "7", "8"),
		URL:    pick(t, "address", "http://forum.test/t/1", "http://shop.test/p?id=2", "not an address", ""),
		Title:  texts(t, 4), Body: texts(t, 12),
		Seller:   pick(t, "seller", "", "KnownScam", "knownscam", "老王", "Deep Seller"),
		SoldOut:  rapid.Bool().Draw(t, "sold out"),
		Revision: rapid.IntRange(1, 3).Draw(t, "revision"), MatchedRevision: rapid.IntRange(0, 3).Draw(t, "matched"),
		Fetched: Now(), FirstSeen: *moment(t), LastSeen: *moment(t), Changed: *moment(t),
		CaseID: pick(t, "case", "", "c1"), TextVersion: 1, RulesVersion: "r1", RedactionVersion: 1,
	}
	l.ID = leak.Fingerprint("test", fmt.Sprint(rapid.Uint64().Draw(t, "id")))
	if rapid.Bool().Draw(t, "has files") {
		l.Files = []string{texts(t, 2) + ".zip"}
	}
	if rapid.Bool().Draw(t, "gone") {
		l.Gone = moment(t)
	}
	if rapid.Bool().Draw(t, "posted") {
		l.PostedAt = moment(t)
	}
	if rapid.Bool().Draw(t, "on lists") {
		l.Lists = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"wanted_handles", "our_customers"}), rapid.ID).Draw(t, "lists")
	}
	l.Reading = reading(t)
	return l
}

func moment(t *rapid.T) *time.Time {
	hours := rapid.SampledFrom([]int{0, -1, -9, -10, -24, -36, -48, -57, -168, -169, -500, 1}).Draw(t, "hours")
	at := Now().Add(time.Duration(hours) * time.Hour)
	return &at
}

func reading(t *rapid.T) leak.Reading {
	r := leak.Reading{
		Hit:      rapid.Bool().Draw(t, "hit"),
		Intent:   rapid.SampledFrom(leak.Intents()).Draw(t, "intent"),
		Score:    rapid.SampledFrom([]float64{0, 0.5, 0.75, 1}).Draw(t, "score"),
		Severity: rapid.SampledFrom(leak.Severities()).Draw(t, "severity"),
		Language: pick(t, "language", "zh", "en", "ko"),
	}
	r.Categories = categories(t)
	r.Offers = rapid.SliceOfN(rapid.Custom(offerOf), 0, 3).Draw(t, "offers")
	if rapid.Bool().Draw(t, "available") {
		n := rapid.SampledFrom([]int64{0, 2, 1000, 5000, 1000000}).Draw(t, "stock")
		r.Available = &n
	}
	if rapid.Bool().Draw(t, "has contact") {
		r.Contacts = []leak.Contact{{Kind: leak.Telegram, Value: "RLZ_shop"}, {Kind: leak.PhoneContact, Value: "138-0013-8000"}}
	}
	if rapid.Bool().Draw(t, "has identifier") {
		codes, _ := Env().Code("", "11010119900307123x")
		r.Identifiers = []leak.Identifier{{Kind: leak.PRCID, Masked: leak.Mask(leak.PRCID, "11…"), Code: codes[0]}, {Kind: leak.Phone}}
	}
	if rapid.Bool().Draw(t, "has finding") {
		r.Findings = []leak.Finding{{Rule: "zh_face", Field: "title", Steps: []string{"separator"}}}
	}
	return r
}

func categories(t *rapid.T) []leak.Category {
	all := []leak.Category{leak.FacePhoto, leak.IdentityBundle, leak.BankCard, leak.IDCardPhoto}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(all), 0, 3, rapid.ID).Draw(t, "categories")
}

func offerOf(t *rapid.T) leak.Offer {
	amount := func(label string) *float64 {
		if rapid.Bool().Draw(t, "no "+label) {
			return nil
		}
		n := rapid.SampledFrom([]float64{0, 0.002, 0.5, 1, 2, 10, 1000, 5000}).Draw(t, label)
		return &n
	}
	choice := func(label string, from ...string) *string {
		if s := pick(t, label, append(from, "")...); s != "" {
			return &s
		}
		return nil
	}
	return leak.Offer{
		Categories: categories(t), Quantity: amount("quantity"), Unit: choice("unit", "张", "套", "set"),
		Price: amount("price"), PriceMax: amount("price max"), Currency: choice("currency", "CNY", "USD", "KRW"),
		UnitPrice: amount("unit price"), UnitPriceUSD: amount("dollars"), Minimum: amount("minimum"),
		Per: choice("per", "day", "month"), AssumedCurrency: rapid.Bool().Draw(t, "assumed"),
	}
}
