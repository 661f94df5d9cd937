package query_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/leakwatch/leakwatch/query"
	"github.com/leakwatch/leakwatch/query/querytest"
	"pgregory.net/rapid"
)

var sameTree = cmp.Options{cmpopts.IgnoreUnexported(query.Regex{})}

func parse(t *testing.T, src string) *query.Query {
	t.Helper()
	q, err := query.Parse(src, querytest.Env())
	if err != nil {
		t.Fatalf("parse %q: %v", src, err)
	}
	return q
}

func TestTheCanonicalFormSaysWhatWasTyped(t *testing.T) {
	for src, want := range map[string]string{
		``:                `*`,
		`*`:               `*`,
		`*:*`:             `*`,
		`  身份证  `:         `"身份证"`,
		`a b`:             `"a" AND "b"`,
		`a AND b && c`:    `"a" AND "b" AND "c"`,
		`a b OR c d`:      `("a" AND "b") OR ("c" AND "d")`,
		`a || b`:          `"a" OR "b"`,
		`(a OR b) OR c`:   `"a" OR "b" OR "c"`,
		`NOT a -b !c +d`:  `NOT "a" AND NOT "b" AND NOT "c" AND "d"`,
		`NOT NOT a`:       `NOT NOT "a"`,
		`-(a b)`:          `NOT ("a" AND "b")`,
		`a-b`:             `"a-b"`,
		`"AND"`:           `"AND"`,
		`\AND`:            `"AND"`,
		`"say \"hi\" \\"`: `"say \"hi\" \\"`,
		"\"a\n\t b\x07\"": `"a b"`,
		`“a b”`:           `"a b"`,
		`"他说“好”"`:         `"他说“好”"`,
		`（人脸　OR　“身份证”） －出售`: `("人脸" OR "身份证") AND NOT "出售"`,
		`真的吗？`:                                 `"真的吗？"`,
		`Seller：老王`:                            `seller:老王`,
		`seller: KnownScam`:                    `seller:knownscam`,
		`seller:"Deep Seller"`:                 `seller:"deep seller"`,
		`seller:Deep\ S*`:                      `seller:deep\ s*`,
		`seller:*`:                             `seller:*`,
		`url:http://a.test/x?y=1*`:             `url:http\:\/\/a.test\/x\?y\=1*`,
		`abc*`:                                 `abc*`,
		`"abc*"`:                               `"abc*"`,
		`证*`:                                   `证*`,
		`title:(a -b)`:                         `title:"a" AND NOT title:"b"`,
		`text:a`:                               `"a"`,
		`text:*`:                               `title:* OR body:*`,
		`"招商银行 身份证"~5`:                         `"招商银行 身份证"~5`,
		`title:"a b"~0`:                        `title:"a b"~0`,
		`/a\/b\d/`:                             `/a\/b\d/`,
		`category:(face_photo OR Bank_Card)`:   `category:face_photo OR category:bank_card`,
		`severity:>=high`:                      `severity:high OR severity:critical`,
		`severity:[medium TO critical}`:        `severity:medium OR severity:high`,
		`hit:any`:                              `hit:any`,
		`score:0.50`:                           `score:0.5`,
		`score:>=.5 OR score:1`:                ``,
		`revision:-1`:                          `revision:-1`,
		`available:[1 TO 5}`:                   `available:[1 TO 5}`,
		`available:{1 TO *]`:                   `available:>1`,
		`available:[* TO *]`:                   `available:*`,
		`available:≥１００`:                       `available:>=100`,
		`available:(>1 AND <5)`:                `available:>1 AND available:<5`,
		`quantity:>=1000`:                      `offer:(quantity:>=1000)`,
		`offer.quantity:>=1000`:                `offer:(quantity:>=1000)`,
		`quantity:(>1 AND <5)`:                 `offer:(quantity:>1 AND quantity:<5)`,
		`-quantity:5`:                          `NOT offer:(quantity:5)`,
		`offer:*`:                              `offer:*`,
		`offer:(category:bank_card -unit:张)`:   `offer:(category:bank_card AND NOT unit:张)`,
		`unit_price:<2CNY`:                     `offer:(unit_price:<2CNY)`,
		`price:[10usd TO $50]`:                 `offer:(price:[10USD TO 50USD])`,
		`price:5元`:                             `offer:(price:5CNY)`,
		`offer:(currency:cny AND price:>5CNY)`: `offer:(currency:CNY AND price:>5CNY)`,
		`offer:(price:>5CNY OR -price:<1KRW)`:  `offer:(price:>5CNY OR NOT price:<1KRW)`,
		`unit_price_usd:<0.5`:                  `offer:(unit_price_usd:<0.5)`,
		`unit_price_usd:<10CNY`:                `offer:(unit_price_usd:<1.4000000000000001)`,
		`first_seen:>now-7d`:                   `first_seen:>now-7d`,
		`first_seen:>=now-1d-12h`:              `first_seen:>=now-36h`,
		`first_seen:now/d`:                     `first_seen:[now/d TO now+1d/d}`,
		`first_seen:<=now/d-2d`:                `first_seen:<now-1d/d`,
		`first_seen:2026-11`:                   `first_seen:[2026-11-01T00:00:00Z TO 2026-12-01T00:00:00Z}`,
		`first_seen:>2026-11-01`:               `first_seen:>=2026-11-02T00:00:00Z`,
		`first_seen:2026-11-01T08:00:00+08:00`: `first_seen:2026-11-01T00:00:00Z`,
		`contact:@wanted_handles`:              `list:wanted_handles`,
		`contact:"@RLZ_shop"`:                  `contact:rlz_shop`,
		`contact.phone:"+86 138-0013-8000"`:    `contact.phone:8613800138000`,
		`identifier:k1:00ff`:                   `identifier:k1:00ff`,
		`identifier.prc_id:"k1:00ff"`:          `identifier.prc_id:k1:00ff`,
	} {
		q, err := query.Parse(src, querytest.Env())
		if err != nil {
			if want != "" {
				t.Errorf("%s: %v", src, err)
			}
			continue
		}
		if q.String() != want {
			t.Errorf("%s: got %s, want %s", src, q, want)
		}
		if again := parse(t, q.String()); !cmp.Equal(again.Root, q.Root, sameTree) {
			t.Errorf("%s: canonical form reads back as another tree:\n%s", src, cmp.Diff(q.Root, again.Root, sameTree))
		}
	}
}

func TestTheCanonicalFormReadsBackAsTheSameTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := querytest.Query(t)
		again, err := query.Parse(q.String(), querytest.Env())
		if err != nil {
			t.Fatalf("parse %s: %v", q, err)
		}
		if diff := cmp.Diff(q.Root, again.Root, sameTree); diff != "" {
			t.Fatalf("%s: %s", q, diff)
		}
		if built := (&query.Query{Root: q.Root}).String(); built != q.String() {
			t.Fatalf("a query that was built prints %s, one that was parsed %s", built, q)
		}
	})
}

// faultOf parses src and returns each fault as the text it points at and what
// it says.
func faultsOf(t *testing.T, src string, env query.Env) (at, says []string) {
	t.Helper()
	_, err := query.Parse(src, env)
	var e *query.Error
	if !errors.As(err, &e) {
		t.Fatalf("parse %q: want faults, got %v", src, err)
	}
	for _, f := range e.Faults {
		at, says = append(at, src[f.Start:f.End]), append(says, f.String())
	}
	return at, says
}

func TestAFaultPointsAtItsPlaceAndTellsTheRepair(t *testing.T) {
	for _, c := range []struct{ src, at, says string }{
		{`catgory:face_photo`, `catgory`, `did you mean category?`},
		{`offer:(catgory:face_photo)`, `catgory`, `did you mean category?`},
		{`prc_id:*`, `prc_id`, `did you mean identifier.prc_id?`},
		{`微信:abc`, `微信`, `quote the text`},
		{`http://x.test`, `http`, `quote the text`},
		{`category：face_foto`, `face_foto`, `did you mean face_photo?`},
		{`category:zzz*`, `zzz*`, `wanted one of`},
		{`severity:>=hihg`, `hihg`, `did you mean high?`},
		{`severity:>critical`, `>critical`, `holds nothing`},
		{`seller:>a`, `>a`, `only numbers, times and severity have an order`},
		{`seller:"a b"~2`, `"a b"~2`, `text fields are`},
		{`hit:maybe`, `maybe`, `true, false`},
		{`price:<2`, `2`, `write 2CNY`},
		{`unit_price:[1 TO 5CNY]`, `1`, `write 1CNY`},
		{`price:<2CNX`, `2CNX`, `did you mean CNY?`},
		{`price:¥5`, `¥5`, `CNY or JPY`},
		{`price:[1CNY TO 5USD]`, `5USD`, `both ends in CNY`},
		{`unit_price_usd:<2XMR`, `2XMR`, `the config has no rate for XMR`},
		{`quantity:many`, `many`, `wanted a number`},
		{`quantity:1,000`, `1,000`, `without separators`},
		{`quantity:1*`, `1*`, `quantity:[1 TO 5]`},
		{`score:NaN`, `NaN`, `wanted a number`},
		{`score:1e999`, `1e999`, `wanted a number`},
		{`available:[5 TO 1]`, `[5 TO 1]`, `the lower end first`},
		{`available:[5 1]`, `[5 1]`, `[from TO to]`},
		{`available:[5 TO`, `[5 TO`, `[from TO to]`},
		{`available:>`, ``, `a value to compare with`},
		{`first_seen:>now-1M`, `now-1M`, `now-30d`},
		{`first_seen:now/d-3h`, `now/d-3h`, `now-3h/d`},
		{`first_seen:2026-13-01`, `2026-13-01`, `wanted a time`},
		{`first_seen:0001-01-01`, `0001-01-01`, `wanted a time`},
		{`contact:@wanted_handels`, `@wanted_handels`, `did you mean @wanted_handles?`},
		{`list:none`, `none`, `lists are named in the config`},
		{`identifier:1101*`, `1101*`, `a whole identifier`},
		{`identifier:abc`, `abc`, `too short`},
		{`a or b`, `or`, `write OR`},
		{`a OR`, ``, `found the end`},
		{`AND a`, `A`, `found "AND"`},
		{`a AND OR b`, `O`, `found "OR"`},
		{`()`, `)`, `found ")"`},
		{`(a`, `(`, `a ")" that closes it`},
		{`a)`, `)`, `no "(" before it`},
		{`NOT`, ``, `found the end`},
		{`a - b`, `-`, `quote the dash`},
		{`:a`, `:`, `a field before it`},
		{`seller:`, ``, `write seller:* for any value`},
		{`seller:""`, `""`, `a value of seller`},
		{`"a`, `"`, `a quote that closes it`},
		{`/a`, `/`, `closes the expression`},
		{`/a(/`, `/a(/`, `missing closing )`},
		{`/(a.{1000}){9}/`, `/(a.{1000}){9}/`, `invalid repeat count`},
		{`/.{1000}.{1000}/`, `/.{1000}.{1000}/`, `repeat less often`},
		{`/(?=a)/`, `/(?=a)/`, `RE2 has no look-around`},
		{`"a"~2`, `"a"~2`, `two words between the quotes`},
		{`"a b"~x`, `~x`, `a number from 0 to 1000`},
		{`"a …"~2`, `"a …"~2`, `a letter, digit or character`},
		{`"…"`, `"…"`, `a letter, digit or character`},
		{`*abc`, `*abc`, `at the end only`},
		{`a*c`, `a*c`, `at the end only`},
		{`fo?`, `fo?`, `there is no ?`},
		{`foo~`, `foo~`, `there is no ?`},
		{`title:>a`, `>a`, `text has no order`},
		{`offer:cheap`, `offer`, `offer:( … )`},
		{`offer:(cheap)`, `cheap`, `put words outside offer:( … )`},
		{`offer:(seller:x)`, `seller`, `a field of an offer`},
		{strings.Repeat("(", 100) + "a", `(`, `more than 64 levels`},
		{"a\xff", ``, `UTF-8`},
		{"/" + strings.Repeat("a", 1001) + "/", "/" + strings.Repeat("a", 1001) + "/", `at most 1000`},
	} {
		at, says := faultsOf(t, c.src, querytest.Env())
		if at[0] != c.at || !strings.Contains(says[0], c.says) {
			t.Errorf("%s: points at %q and says %q; want %q and %q", c.src, at[0], says[0], c.at, c.says)
		}
	}
}

func TestAllFaultsAreReportedAtOnce(t *testing.T) {
	at, _ := faultsOf(t, `catgory:x AND price:<2 (category:face_foto OR first_seen:>yesterday)) "a"~1 fo?`, querytest.Env())
	want := []string{"catgory", "2", "face_foto", "yesterday", ")", `"a"~1`, "fo?"}
	if diff := cmp.Diff(want, at); diff != "" {
		t.Error(diff)
	}
}

func TestAnErrorMarksTheFaultBelowTheQuery(t *testing.T) {
	_, err := query.Parse(`身份证 catgory:face_photo`, querytest.Env())
	want := "1 fault in the query\n" +
		"  身份证 catgory:face_photo\n" +
		"         ^^^^^^^\n" +
		`  found field "catgory", wanted a field of listings; did you mean category?`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	_, err = query.Parse(strings.Repeat("长", 100)+" catgory:\x1b[31m"+strings.Repeat(" 长", 100), querytest.Env())
	if lines := strings.Split(err.Error(), "\n"); len([]rune(lines[1])) > 110 || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("a long query is not cut, or a control character shown: %q", lines[1])
	}
}

func TestLimitsOfAQuery(t *testing.T) {
	for src, says := range map[string]string{
		strings.Repeat("a ", 600):                               "at most 512",
		strings.Repeat("a", query.MaxSource+1):                  "at most 8192",
		strings.Repeat("NOT ", 65) + "a":                        "64 levels",
		strings.Repeat("-", 65) + "a":                           "64 levels",
		`"` + strings.Repeat(`\"x`, query.MaxSource/4) + `"`:    "",
		strings.Repeat(`identifier:11010119900307123X `, 120):   "canonical form",
		strings.Repeat(")", 4000):                               "",
		strings.Repeat("(", 64) + "a" + strings.Repeat(")", 64): "",
	} {
		_, err := query.Parse(src, querytest.Env())
		if says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("%.20s…: got %v, want %q", src, err, says)
		}
	}
}

func TestAnIdentifierIsSeenByNobodyButTheCoder(t *testing.T) {
	const id = "11010119900307123X"
	for _, src := range []string{
		"identifier:" + id, `identifier.prc_id:"` + id + `"`, "IDENTIFIER：" + id, "identifier:(" + id + " OR " + id + ")",
		"-identifier:" + id + " catgory:x", "identifer:" + id, "identifier.prcid:" + id, id, `"` + id, `"` + id + `"`, id + "*",
		id + ":x", "identifier:>" + id, "identifier:[" + id + " TO *]", "identifier:" + id + "*", "quantity:" + id,
		"price:>" + id, "first_seen:" + id, "category:" + id, "category:[" + id, "seller:/" + id + "/", "offer:" + id, "(" + id, "/" + id,
		"offer:(" + id + ")", "/" + id + "(/", `"a b"~` + id, "contact:@" + id, "hit:" + id, "nofield:(" + id + ")",
		"unit_price_usd:5" + id, "price:5" + id + " ((", "NOT " + id + " -", "a" + strings.Repeat(" ", 30) + "foo:" + id,
	} {
		for _, code := range []bool{true, false} {
			env := querytest.Env()
			if !code {
				env.Code = nil
			}
			q, err := query.Parse(src, env)
			var shown string
			var e *query.Error
			if errors.As(err, &e) {
				shown = err.Error()
				for _, f := range e.Faults {
					shown += f.String()
				}
			} else {
				shown = q.String()
			}
			if strings.Contains(strings.ToUpper(shown), id) || strings.Contains(shown, "0307123") {
				t.Errorf("%s: shows the identifier:\n%s", src, shown)
			}
		}
	}
}

func TestAnIdentifierBecomesItsCodesUnderEveryKey(t *testing.T) {
	q := parse(t, `identifier.prc_id:11010119900307123X`)
	codes, _ := querytest.Env().Code("", "11010119900307123x")
	want := &query.Or{Nodes: []query.Node{&query.Term{Field: "identifier.prc_id", Value: codes[0]}, &query.Term{Field: "identifier.prc_id", Value: codes[1]}}}
	if diff := cmp.Diff(query.Node(want), q.Root); diff != "" {
		t.Error(diff)
	}
}

func TestAWordThatIsAnIdentifierIsRefusedWithTheRepair(t *testing.T) {
	for src, refused := range map[string]bool{
		`人脸 11010119900307123X`: true, `"11010119900307123x 人脸"`: true, `１１０１０１１９９００３０７１２３Ｘ`: true, `"110101 19900307 123X"`: true,
		`"6222 0212 3456 7890 123"`: true, `13800138000`: true, `"+86 138 0013 8000"`: true, `010-1234-5678`: true, `900101-1234567`: true,
		`123-45-6789`: true, `a.b@mail.test`: true, `title:13800138000*`: true, `seller:13800138000`: true, `/13800138000/`: true, `E12345678`: true, `身份证11010119900307123X张三`: true,
		`"a b" AND "13800138000 张三"~2`: true,
		`123456789`:                    false, `"5000 10000 20000"`: false, `2026-11-01`: false, `contact:13800138000`: false, `5000张`: false,
		`site_id:13800138000`: false, `/\d{18}/`: false, `10000000`: false, `rlz_shop2024`: false,
	} {
		_, err := query.Parse(src, querytest.Env())
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "contact:…") {
			t.Errorf("%s: %v", src, err)
		}
	}
}

// What masking would hide is no word to search for, also where the parser sees
// several words in it; values that are coded or are a seller's own are asked
// for as ever.
func TestWhatMaskingWouldHideIsNotKeptAsTyped(t *testing.T) {
	const id = "A123456(3)"
	env := querytest.Env()
	env.Personal = func(s string) (out [][2]int) {
		for at := 0; ; {
			i := strings.Index(s[at:], id)
			if i < 0 {
				return out
			}
			out, at = append(out, [2]int{at + i, at + i + len(id)}), at+i+len(id)
		}
	}
	for src, refused := range map[string]bool{
		id: true, `"` + id + `"`: true, "title:" + id: true, "x OR " + id + " y": true, `seller:"` + id + `"`: true, `site_id:"` + id + `"`: true, `/x` + id + `/`: true,
		`body:("` + id + `" OR b)`: true, `contact.telegram:"` + id + `"`: false, "A123456(4)": false, "A123456 OR 3": false,
	} {
		_, err := query.Parse(src, env)
		if (err != nil) != refused || refused && (strings.Contains(err.Error(), "A123456") || strings.Count(err.Error(), "looks like an identifier") != 1) {
			t.Errorf("%s: %v", src, err)
		}
	}
}

func TestEachCollectionHasItsOwnFields(t *testing.T) {
	for _, c := range []struct {
		collection, src string
		ok              bool
	}{
		{"alerts", "watch:w1 excerpt:人脸 price:<2CNY", true},
		{"alerts", "body:x", false},
		{"cases", "title:x sightings:>2", true},
		{"cases", "offer:*", false},
		{"cases", "quantity:5", false},
		{"revisions", "change:price at:>now-1d", true},
		{"revisions", "word", false},
		{"listings", "at:>now", false},
		{"nowhere", "a", false},
		{"", "body:x", true},
	} {
		if _, err := query.Parse(c.src, query.Env{Collection: c.collection}); (err == nil) != c.ok {
			t.Errorf("%s: %s: %v", c.collection, c.src, err)
		}
	}
}

func TestEveryExampleOfTheReferenceParses(t *testing.T) {
	ref := query.Reference()
	for _, e := range query.Examples() {
		env := querytest.Env()
		env.Collection = e.Collection
		if _, err := query.Parse(e.Query, env); err != nil {
			t.Errorf("%s: %v", e.Query, err)
		}
	}
	for _, s := range query.Schemas() {
		for _, f := range append(s.Fields, s.Offer...) {
			if f.Doc == "" || !strings.Contains(ref, "`"+f.Name+"`") {
				t.Errorf("field %s of %s is not documented", f.Name, s.Name)
			}
		}
	}
}

func TestAFieldOfOneNameIsOfOneKind(t *testing.T) {
	kinds := map[string]query.FieldKind{}
	for _, s := range query.Schemas() {
		for _, f := range s.Fields {
			if k, ok := kinds[f.Name]; ok && k != f.Kind {
				t.Errorf("%s is %s and %s", f.Name, k, f.Kind)
			}
			kinds[f.Name] = f.Kind
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, e := range query.Examples() {
		f.Add(e.Query)
	}
	for _, s := range []string{`(`, `"`, `\`, `/[/`, `a:{`, `price:[1CNY TO`, `"a b"~`, `NOT`, `（）：“”`, `--`, `*:*`, `offer:(offer:(`, `first_seen:now-9999999999s`, `\*`, `"证*"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		q, err := query.Parse(src, querytest.Env())
		var e *query.Error
		if errors.As(err, &e) {
			for _, fault := range e.Faults {
				_ = src[fault.Start:fault.End]
			}
			return
		}
		again, err := query.Parse(q.String(), querytest.Env())
		if err != nil {
			t.Fatalf("%q: canonical form %q: %v", src, q, err)
		}
		if diff := cmp.Diff(q.Root, again.Root, sameTree); diff != "" {
			t.Fatalf("%q: %q: %s", src, q, diff)
		}
	})
}
