package query_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
	"github.com/leakwatch/leakwatch/query/querytest"
	"github.com/leakwatch/leakwatch/text"
	"pgregory.net/rapid"
)

func ptr[T any](v T) *T { return &v }

func sample() *leak.Listing {
	now := querytest.Now()
	return &leak.Listing{
		ID: "l1", Source: "forum", URL: "https://Forum.test/t/9?x=1", Title: "出售身份证照片人脸 FULLZ pack",
		Body: "招商银行 四件套\n신분증을 팝니다, contact telegram rlz_shop. 身.份.证 now", Seller: "Deep Seller",
		Files: []string{"sample-face.zip"}, FirstSeen: now.Add(-48 * time.Hour), LastSeen: now, Changed: now, Revision: 2, MatchedRevision: 1,
		Reading: leak.Reading{
			Hit: true, Intent: leak.Sell, Score: 0.9, Severity: leak.High, Language: "mixed",
			Categories: []leak.Category{leak.IdentityBundle, leak.FacePhoto},
			Offers: []leak.Offer{
				{Categories: []leak.Category{leak.IdentityBundle}, Quantity: ptr(1.0), Unit: ptr("套"), Price: ptr(8.0), Currency: ptr("CNY"), UnitPrice: ptr(8.0), UnitPriceUSD: ptr(1.12)},
				{Categories: []leak.Category{leak.FacePhoto}, Quantity: ptr(5000.0), Unit: ptr("張"), Price: ptr(10.0), Currency: ptr("CNY"), UnitPrice: ptr(0.002)},
			},
			Contacts:    []leak.Contact{{Kind: leak.Telegram, Value: "RLZ_shop"}, {Kind: leak.PhoneContact, Value: "+86 138-0013-8000"}},
			Identifiers: []leak.Identifier{{Kind: leak.PRCID, Masked: "⟦prc_id 11…⟧", Code: "k1:00ff"}, {Kind: leak.Email}},
			Findings:    []leak.Finding{{Rule: "zh_id", Steps: []string{"separator"}}},
		},
		Lists: []string{"wanted_handles"},
	}
}

func TestAQueryMatchesWhatItSays(t *testing.T) {
	d := query.ListingDocument(sample())
	for src, want := range map[string]bool{
		`身份证`: true, `证照`: true, `证`: true, `照片人`: true, `人脸照片`: false, `신분증`: true, `分`: false,
		`fullz`: true, `ＦＵＬＬＺ`: true, `full`: false, `full*`: true, `ull*`: false, `fullz*`: true,
		`"fullz pack"`: true, `"pack fullz"`: false, `"招商银行 四件套"`: true, `招商银行四件套`: false,
		`title:四件套`: false, `body:四件套`: true, `text:四件套`: true, `files:sample`: true, `sample`: false,
		`"人脸 pack"~0`: false, `"人脸 pack"~1`: true, `"pack 人脸"~1`: true, `"身份证 人脸"~2`: true, `"身份证 人脸"~1`: false,
		`"身份证 份证照"~50`: false, `"出售 四件套"~50`: false,
		`/招(商|行)/`: true, `/fullz/`: false, `/(?i)fullz/`: true, `title:/^出/`: true, `body:/^出/`: false,
		`"身份证 now"`:            true, // as unhidden
		`seller:"deep seller"`: true, `seller:deep`: false, `seller:deep*`: true, `-seller:deep*`: false,
		`url:https\:\/\/Forum*`: true, `host:forum.test`: true, `source:forum`: true, `site_id:*`: false,
		`category:face_photo category:identity_bundle`: true, `category:bank_card`: false,
		`offer:(category:identity_bundle AND unit_price:<2CNY)`: false, `offer:(category:face_photo AND unit_price:<2CNY)`: true,
		`category:identity_bundle unit_price:<2CNY`: true,
		`unit_price:<2USD`:                          false, `unit_price:<=8CNY`: true, `price:[10CNY TO *]`: true, `price:{10CNY TO *]`: false,
		`unit_price_usd:<2`: true, `unit_price_usd:<1`: false, `quantity:5000`: true, `-quantity:5000`: false, `offer:(-quantity:5000)`: true,
		`unit:张`: true, `currency:cny`: true, `currency:usd`: false, `price_max:*`: false, `minimum:*`: false, `offer:*`: true,
		`severity:>=high`: true, `severity:<high`: false, `score:>0.5`: true, `hit:any`: true, `hit:false`: false,
		`contact:@RLZ_SHOP`: false, `contact:rlz_shop`: true, `contact.telegram:RLZ_shop`: true, `contact.qq:*`: false,
		`contact:+8613800138000`: true, `contact_kind:phone`: true, `contact:@wanted_handles`: true, `contact:@our_customers`: false,
		`identifier:k1:00ff`: true, `identifier.prc_id:k1:00ff`: true, `identifier.email:*`: false, `identifier_kind:email`: true,
		`first_seen:>now-3d`: true, `first_seen:>now-1d`: false, `first_seen:2026-11-20`: true, `first_seen:>2026-11-20`: false,
		`first_seen:<=2026-11-20`: true, `first_seen:[now-2d/d TO now-1d/d}`: true, `last_seen:now`: true, `posted_at:*`: false,
		`pending:true`: true, `gone:true`: false, `rule:zh_id step:separator`: true, `revision:>1`: true, `available:*`: false,
		`*`: true, `NOT *`: false, `a OR 身份证`: true, `身份证 -四件套`: false,
	} {
		q, err := query.Parse(src, querytest.Env())
		if err != nil {
			if !strings.HasPrefix(src, "contact:@RLZ") {
				t.Errorf("%s: %v", src, err)
			}
			continue
		}
		if got := q.Match(d, querytest.Now()); got != want {
			t.Errorf("%s: got %v", src, got)
		}
	}
}

func TestAlertsCasesAndRevisionsAnswerQueries(t *testing.T) {
	l, now := sample(), querytest.Now()
	docs := map[string]*query.Document{
		"alerts": query.AlertDocument(&leak.Alert{ID: "a1", Watch: "w1", WatchName: "Bank Sets", State: leak.Closed, Verdict: leak.FalsePositive,
			Owner: "Kim", Severity: leak.High, Listing: "l1", Source: "forum", URL: l.URL, Title: l.Title, Excerpt: "四件套 sale", Intent: leak.Sell,
			Offers: l.Offers, Categories: l.Categories, Contacts: l.Contacts, Times: leak.AlertTimes{Matched: now}}),
		"cases":     query.CaseDocument(&leak.Case{ID: "c1", Title: "四件套", Severity: leak.High, LastSeen: now, Sources: []string{"forum"}, Sightings: []leak.Sighting{{Listing: "l1", Source: "forum", Seller: "Deep", Signal: "first"}}}),
		"revisions": query.RevisionDocument(&leak.Revision{ID: "l1-2", Listing: "l1", Source: "forum", Number: 2, At: now, Changes: []leak.Change{{Field: "price"}}, Snapshot: *l}),
	}
	for _, c := range []struct{ collection, src string }{
		{"alerts", `watch:w1 watch_name:"bank sets" state:closed verdict:false_positive owner:kim severity:>low`},
		{"alerts", `四件套 title:人脸 category:face_photo unit_price:<2CNY contact:rlz_shop matched:now hit:true -silence:* -opened_at:*`},
		{"cases", `四件套 source:forum seller:deep listing:l1 signal:first sightings:1 last_seen:>now-1h`},
		{"revisions", `listing:l1 revision:2 change:price at:now category:face_photo severity:high host:forum.test`},
	} {
		q, err := query.Parse(c.src, query.Env{Collection: c.collection})
		if err != nil {
			t.Errorf("%s: %v", c.src, err)
			continue
		}
		for _, n := range q.Root.(*query.And).Nodes {
			if !(&query.Query{Root: n}).Match(docs[c.collection], now) {
				t.Errorf("%s: %s does not match", c.collection, &query.Query{Root: n})
			}
		}
	}
}

// naive answers a query by brute force, one field and one position at a time.
func naive(n query.Node, d *query.Document, o *query.OfferDocument, now time.Time) bool {
	keywords, numbers := d.Keywords, d.Numbers
	if o != nil {
		keywords, numbers = o.Keywords, o.Numbers
	}
	switch n := n.(type) {
	case *query.All:
		return true
	case *query.And:
		for _, c := range n.Nodes {
			if !naive(c, d, o, now) {
				return false
			}
		}
		return true
	case *query.Or:
		for _, c := range n.Nodes {
			if naive(c, d, o, now) {
				return true
			}
		}
		return false
	case *query.Not:
		return !naive(n.Node, d, o, now)
	case *query.Offer:
		for i := range d.Offers {
			if naive(n.Node, d, &d.Offers[i], now) {
				return true
			}
		}
		return false
	case *query.Term:
		return slices.Contains(keywords[n.Field], n.Value)
	case *query.Prefix:
		for _, v := range keywords[n.Field] {
			if strings.HasPrefix(v, n.Value) {
				return true
			}
		}
		return false
	case *query.Exists:
		return len(keywords[n.Field])+len(numbers[n.Field]) > 0 || o == nil && slices.ContainsFunc(d.Texts, func(t query.Text) bool { return t.Field == n.Field })
	case *query.Range:
		for _, v := range numbers[n.Field] {
			low := n.Min == nil || v > n.Min.At(now) || v == n.Min.At(now) && !n.Min.Exclusive
			high := n.Max == nil || v < n.Max.At(now) || v == n.Max.At(now) && !n.Max.Exclusive
			if low && high {
				return true
			}
		}
		return false
	}
	return naiveText(n, d)
}

func naiveText(n query.Node, d *query.Document) bool {
	for _, t := range d.Texts {
		for _, stream := range [][]query.Token{t.Plain, t.Unhidden} {
			switch n := n.(type) {
			case *query.Phrase:
				if slices.Contains(n.Fields, t.Field) && len(naivePositions(stream, n.Terms)) > 0 {
					return true
				}
			case *query.Near:
				for _, a := range naivePositions(stream, n.A) {
					for _, b := range naivePositions(stream, n.B) {
						gap := max(b-a-query.Span(n.A), a-b-query.Span(n.B))
						if slices.Contains(n.Fields, t.Field) && gap >= 0 && gap <= n.Distance {
							return true
						}
					}
				}
			}
		}
		if n, ok := n.(*query.Regex); ok && slices.Contains(n.Fields, t.Field) && (&query.Query{Root: &query.Regex{Fields: n.Fields, Expr: n.Expr}}).Match(d, time.Time{}) {
			return true
		}
	}
	return false
}

func naivePositions(stream []query.Token, terms []query.TextTerm) []int {
	at := map[int]string{}
	for _, t := range stream {
		at[t.Pos] = t.Value
	}
	var out []int
	for pos := range at {
		all := true
		for _, term := range terms {
			v, ok := at[pos+term.Offset]
			all = all && ok && (v == term.Value || term.Prefix && strings.HasPrefix(v, term.Value))
		}
		if all {
			out = append(out, pos)
		}
	}
	return out
}

func TestTheMatcherAgreesWithBruteForce(t *testing.T) {
	matched, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d, q := query.ListingDocument(querytest.Listing(t)), querytest.Query(t)
		got := q.Match(d, querytest.Now())
		if want := naive(q.Root, d, nil, querytest.Now()); got != want {
			t.Fatalf("%s: matcher says %v, brute force %v, of\n%+v", q, got, want, d)
		}
		if all++; got {
			matched++
		}
	})
	if matched*10 < all || matched*10 > all*9 {
		t.Errorf("%d of %d random queries match: the generators prove little", matched, all)
	}
}

func TestTheLawsOfLogicHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := query.ListingDocument(querytest.Listing(t))
		a, b, c := querytest.Query(t), querytest.Query(t), querytest.Query(t)
		is := func(n query.Node) bool { return (&query.Query{Root: n}).Match(d, querytest.Now()) }
		and := func(n ...query.Node) query.Node { return &query.And{Nodes: n} }
		or := func(n ...query.Node) query.Node { return &query.Or{Nodes: n} }
		not := func(n query.Node) query.Node { return &query.Not{Node: n} }
		for law, pair := range map[string][2]query.Node{
			"De Morgan, and": {not(and(a.Root, b.Root)), or(not(a.Root), not(b.Root))},
			"De Morgan, or":  {not(or(a.Root, b.Root)), and(not(a.Root), not(b.Root))},
			"distribution":   {and(a.Root, or(b.Root, c.Root)), or(and(a.Root, b.Root), and(a.Root, c.Root))},
			"double not":     {not(not(a.Root)), a.Root},
			"excluded":       {or(a.Root, not(a.Root)), &query.All{}},
		} {
			if is(pair[0]) != is(pair[1]) {
				t.Fatalf("%s does not hold for %s, %s, %s", law, a, b, c)
			}
		}
		if is(a.And(b).Root) != (is(a.Root) && is(b.Root)) || is(a.Without(b, c).Root) != (is(a.Root) && !is(b.Root) && !is(c.Root)) {
			t.Fatalf("And or Without is wrong for %s, %s, %s", a, b, c)
		}
	})
}

func TestManyQueriesMatchAsEachDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		queries := rapid.SliceOfN(rapid.Custom(querytest.Query), 1, 30).Draw(t, "queries")
		m := query.NewMatcher(queries)
		for range 3 {
			d := query.ListingDocument(querytest.Listing(t))
			var want []int
			for i, q := range queries {
				if q.Match(d, querytest.Now()) {
					want = append(want, i)
				}
			}
			if got := m.Match(d, querytest.Now()); !slices.Equal(got, want) {
				t.Fatalf("got %v, want %v of %v", got, want, queries)
			}
		}
	})
}

func TestWhyNamesThePartsThatMatched(t *testing.T) {
	d := query.ListingDocument(sample())
	for src, want := range map[string][]string{
		`(身份证 OR 护照) category:face_photo -seller:known`:                 {`"身份证"`, `category:face_photo`},
		`offer:(category:face_photo AND unit_price:<2CNY) 四件套 hit:true`: {`offer:(category:face_photo AND unit_price:<2CNY)`, `"四件套"`},
		`-seller:known`: {`NOT seller:known`},
		`护照`:            nil,
		`contact:@wanted_handles first_seen:>now-7d`: {`list:wanted_handles`, `first_seen:>now-7d`},
	} {
		if diff := cmp.Diff(want, parse(t, src).Why(d, querytest.Now())); diff != "" {
			t.Errorf("%s: %s", src, diff)
		}
	}
}

func TestAWatchSeesHitsUnlessItSaysOtherwise(t *testing.T) {
	for src, want := range map[string]string{
		`身份证`: `"身份证" AND hit:true`, `*`: `hit:true`, `身份证 hit:any`: `"身份证" AND hit:any`, `a OR b`: `("a" OR "b") AND hit:true`,
		`-hit:true`: `NOT hit:true`,
	} {
		w := parse(t, src).Watch()
		if again := parse(t, w.String()); w.String() != want || !cmp.Equal(again.Root, w.Root, sameTree) {
			t.Errorf("%s: got %s, want %s", src, w, want)
		}
	}
	q := parse(t, `a`).Without(parse(t, `b OR c`), parse(t, `*`))
	if q.String() != `"a" AND NOT ("b" OR "c") AND NOT *` {
		t.Error(q)
	}
}

func TestFieldsAreThoseThatTheQueryReads(t *testing.T) {
	got := parse(t, `身份证 files:x offer:(price:>5CNY) -seller:a contact:@wanted_handles first_seen:>now-1d`).Fields()
	want := []string{"body", "files", "first_seen", "list", "offer", "offer.currency", "offer.price", "seller", "title"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheValuesHashChangesWithWhatTheQueryReadsAndNothingElse(t *testing.T) {
	q := parse(t, `身份证 offer:(price:>5CNY) seller:* contact:@wanted_handles`)
	before := q.ValuesHash(query.ListingDocument(sample()))
	for name, c := range map[string]struct {
		change func(*leak.Listing)
		same   bool
	}{
		"title":       {func(l *leak.Listing) { l.Title += "!" }, false},
		"seller":      {func(l *leak.Listing) { l.Seller = "x" }, false},
		"price":       {func(l *leak.Listing) { l.Offers[1].Price = ptr(11.0) }, false},
		"list":        {func(l *leak.Listing) { l.Lists = nil }, false},
		"other list":  {func(l *leak.Listing) { l.Lists = append(l.Lists, "our_customers") }, true},
		"offer order": {func(l *leak.Listing) { slices.Reverse(l.Offers) }, true},
		"quantity":    {func(l *leak.Listing) { l.Offers[1].Quantity = ptr(1.0) }, true},
		"seller case": {func(l *leak.Listing) { l.Seller = "DEEP SELLER" }, true},
		"last seen":   {func(l *leak.Listing) { l.LastSeen = time.Time{} }, true},
		"files":       {func(l *leak.Listing) { l.Files = nil }, true},
	} {
		l := sample()
		c.change(l)
		if same := q.ValuesHash(query.ListingDocument(l)) == before; same != c.same {
			t.Errorf("%s: same hash %v", name, same)
		}
	}
}

func TestTheSameValuesGiveTheSameAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := querytest.Query(t)
		a, b := querytest.Listing(t), querytest.Listing(t)
		mixed := *a
		mixed.Title, mixed.Seller, mixed.Contacts, mixed.Source, mixed.Lists = b.Title, b.Seller, b.Contacts, b.Source, b.Lists
		d, e := query.ListingDocument(a), query.ListingDocument(&mixed)
		if q.ValuesHash(d) == q.ValuesHash(e) && q.Match(d, querytest.Now()) != q.Match(e, querytest.Now()) {
			t.Fatalf("%s: same values, other answer", q)
		}
	})
}

func TestLiteralsOfARegex(t *testing.T) {
	for expr, want := range map[string][]string{
		`招(商|行)`: {"招商", "招行"}, `招商银行`: {"招商银行"}, `身.份`: nil, `\d{4}`: nil, `(?i)FaceID`: {"facei"}, `card`: {"car"},
		`(身份证|护照)\d+`: {"护照", "身份证"}, `(身份证|x)`: nil, `人脸?`: nil, `(人脸)+照片.*`: {"人脸"}, `[出购]售`: {"出售", "购售"},
		`過人臉`: {"过人脸"}, `신분증`: {"신분"}, `^出售$`: {"出售"}, `ab`: nil, `face photo`: {"phot"}, `[a-z]{3}银行`: {"银行"},
	} {
		q := parse(t, `/`+expr+`/`)
		got := q.Root.(*query.Regex).Literals
		if diff := cmp.Diff(want, got); diff != "" || q.NeedsHunt() != (want == nil) {
			t.Errorf("%s: %s", expr, diff)
		}
	}
}

func TestWhateverARegexMatchesHoldsOneOfItsLiterals(t *testing.T) {
	letters := []rune("招商行身份證证人臉aBeZ09ｋ①가힣각ᆨカかが゙\u0301\u200b\u3099ſKß …")
	rapid.Check(t, func(t *rapid.T) {
		chars := func(label string, max int) string {
			return rapid.StringOfN(rapid.SampledFrom(letters), 0, max, -1).Draw(t, label)
		}
		before, middle, inner, after := chars("before", 3), chars("middle", 5), chars("inner", 3), chars("after", 3)
		expr := rapid.SampledFrom([]string{"%s.*%s", "(?i)%s%s", "(%s|行a)%s", "%s(%s)+", "%s%s?"}).Draw(t, "form")
		re, err := regexp.Compile(fmt.Sprintf(expr, regexp.QuoteMeta(middle), regexp.QuoteMeta(inner)))
		if err != nil {
			t.Skip(err)
		}
		q, err := query.Parse("body:/"+re.String()+"/", querytest.Env())
		if err != nil {
			t.Skip(err)
		}
		s, r := before+middle+inner+after, q.Root.(*query.Regex)
		holds := func(l string) bool { return strings.Contains(text.Fold(s).Text, l) }
		if re.MatchString(s) && r.Literals != nil && !slices.ContainsFunc(r.Literals, holds) {
			t.Fatalf("%q matches %s and holds none of %q", s, re, r.Literals)
		}
	})
}

func TestHighlightsMarkWhatMatched(t *testing.T) {
	for _, c := range []struct{ src, field, text, want string }{
		{`身份证`, "title", "出售身份证照片", "出售[身份证]照片"},
		{`证`, "title", "出售身份证照片", "出售身份[证]照片"},
		{`身份 份证`, "title", "出售身份证照片", "出售[身份证]照片"},
		{`face*`, "title", "Faces, face and surface", "[Faces], [face] and surface"},
		{`ｆａｃｅ`, "title", "a ＦＡＣＥ b", "a [ＦＡＣＥ] b"},
		{`过人脸`, "title", "代過人\u200b臉服务", "代[過人\u200b臉]服务"},
		{`身份证`, "title", "售身.份.证！", "售[身.份.证]！"},
		{`"人脸 pack"~1`, "title", "pack 人脸 FULLZ pack 人脸", "[pack] [人脸] FULLZ [pack] [人脸]"},
		{`"人脸 pack"~0`, "title", "人脸 x pack y, 人脸 pack", "人脸 x pack y, [人脸] [pack]"},
		{`/四.套/`, "title", "卖四件套", "卖[四件套]"},
		{`a -b`, "title", "a b", "[a] b"},
		{`body:a b`, "title", "a b", "a [b]"},
		{`seller:a`, "title", "a b", "a b"},
		{`offer:* x`, "title", "", ""},
	} {
		spans := query.Highlight(parse(t, c.src), c.field, c.text)
		if got := bracketed(c.text, spans); got != c.want {
			t.Errorf("%s: got %s, want %s", c.src, got, c.want)
		}
	}
}

func parsed(t *rapid.T, src string) *query.Query {
	q, err := query.Parse(src, querytest.Env())
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func bracketed(s string, spans [][2]int) string {
	r, out, at := []rune(s), "", 0
	for _, sp := range spans {
		out += string(r[at:sp[0]]) + "[" + string(r[sp[0]:sp[1]]) + "]"
		at = sp[1]
	}
	return out + string(r[at:])
}

func TestAPhraseIsHighlightedWhereItMatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, q := querytest.Listing(t), parsed(t, `"人脸 出售"~3`)
		query.Walk(querytest.Query(t).Root, func(n query.Node) {
			switch n.(type) {
			case *query.Phrase, *query.Near:
				q = &query.Query{Root: n}
			}
		})
		lit := len(query.Highlight(q, "title", l.Title))+len(query.Highlight(q, "body", l.Body))+len(query.Highlight(q, "files", strings.Join(l.Files, "\n"))) > 0
		if got := q.Match(query.ListingDocument(l), querytest.Now()); got != lit {
			t.Fatalf("%s matches %v, highlighted %v", q, got, lit)
		}
	})
}

// watches returns n watches of the kind that teams write.
func watches(b *testing.B, n int) []*query.Query {
	brands := []string{"招商银行", "工商银行", "支付宝", "kakaobank", "국민은행", "revolut"}
	out := make([]*query.Query, n)
	for i := range out {
		src := fmt.Sprintf(`"%s" AND (身份证 OR 四件套 OR fullz) AND brand%d category:identity_bundle`, brands[i%len(brands)], i)
		if i%3 == 0 {
			src = fmt.Sprintf(`contact:seller%d OR seller:seller%d*`, i, i)
		}
		q, err := query.Parse(src, querytest.Env())
		if err != nil {
			b.Fatal(err)
		}
		out[i] = q.Watch()
	}
	return out
}

func BenchmarkMatcher(b *testing.B) {
	l := sample()
	l.Body = strings.Repeat(l.Body+" 出售各种资料 长期有效 诚信经营 brand77 支付宝 \n", 8)
	d := query.ListingDocument(l)
	for _, n := range []int{100, 10_000} {
		m := query.NewMatcher(watches(b, n))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				m.Match(d, querytest.Now())
			}
		})
	}
}
