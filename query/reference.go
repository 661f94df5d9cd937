package query

import (
	"fmt"
	"strings"
)

// Example is a query with what it asks for.
type Example struct{ Collection, Query, Asks string }

// Examples returns the queries of the reference. Those with @ suppose the
// lists wanted_handles and our_customers.
func Examples() []Example {
	return []Example{
		{"listings", `银行卡 四件套`, "both words, anywhere in title or body; Chinese, Japanese and Korean words also inside longer ones"},
		{"listings", `"招商银行 四件套"`, "the words one after the other"},
		{"listings", `身份证 OR 신분증 OR "id card"`, "any of them; AND binds more tightly than OR"},
		{"listings", `title:(face OR 人脸) -title:动漫`, "one field for several words; - , ! and NOT exclude"},
		{"listings", `"人脸 出售"~5`, "both in any order with at most 5 positions (characters or Latin words) between"},
		{"listings", `alipay* seller:deep*`, "words and values that begin so"},
		{"listings", `body:/招(商|行)/`, "a regular expression (RE2) on the text as it is stored"},
		{"listings", `category:identity_bundle severity:>=high`, "a kind of data, and two severities"},
		{"listings", `offer:(category:identity_bundle AND unit_price:<2CNY) AND "招商银行"`, "one single offer that is both a bundle and cheap"},
		{"listings", `quantity:[1000 TO *] price:{10USD TO 50USD}`, "square brackets include the ends, curly ones do not"},
		{"listings", `unit_price_usd:<0.5`, "prices in all currencies, by the rates of the config"},
		{"listings", `first_seen:>now-7d posted_at:2026-11-01`, "times: relative ones, and dates in UTC, which mean the whole day"},
		{"listings", `first_seen:[now-2d/d TO now/d}`, "the two days before today"},
		{"listings", `contact.telegram:rlz_shop OR contact:@wanted_handles`, "a way to reach the seller, or any on a list"},
		{"listings", `identifier:@our_customers -gone:true`, "a leaked value on a list"},
		{"listings", `identifier.prc_id:k1:0123456789abcdef0123456789abcdef`, "a leaked value by its code; one that is typed is coded at once"},
		{"listings", `hit:any seller:*`, "in a watch: mentions too, not only what is offered; and any seller"},
		{"alerts", `state:open severity:critical matched:>now-1d`, "alerts of a day that nobody has taken"},
		{"alerts", `watch:bank-sets verdict:false_positive`, "what a watch got wrong"},
		{"cases", `sightings:>3 last_seen:>now/d`, "leaks seen again today"},
		{"revisions", `change:price at:>now-30d`, "price changes of a month"},
	}
}

// Reference returns the reference of the language as Markdown, made from the
// schemas.
func Reference() string {
	var b strings.Builder
	b.WriteString(referenceHead)
	b.WriteString("| in | query | asks for |\n| --- | --- | --- |\n")
	for _, e := range Examples() {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", e.Collection, code(e.Query), e.Asks)
	}
	for _, s := range Schemas() {
		fmt.Fprintf(&b, "\n## Fields of %s\n\n", s.Name)
		if len(s.Default) > 0 {
			fmt.Fprintf(&b, "A bare word searches %s.\n\n", strings.Join(s.Default, " and "))
		}
		writeFields(&b, s.Fields)
	}
	b.WriteString("\n## Fields of an offer\n\nFor `offer:( … )`; outside it, all but `category` may stand alone " +
		"or behind `offer.`, and then each speaks of any one offer.\n\n")
	writeFields(&b, listings.Offer)
	return b.String()
}

func writeFields(b *strings.Builder, fields []Field) {
	b.WriteString("| field | kind | holds |\n| --- | --- | --- |\n")
	for _, f := range fields {
		doc := f.Doc
		if f.Values != nil && f.form != yesno {
			doc += ": " + strings.Join(f.Values, ", ")
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", f.Name, f.kindName(), doc)
	}
}

// kindName is the kind as the reference names it.
func (f Field) kindName() string {
	switch f.form {
	case money:
		return "price"
	case yesno:
		return "true or false"
	}
	return string(f.Kind)
}

// code returns s as code in a cell of a table.
func code(s string) string { return "`" + strings.ReplaceAll(s, "|", `\|`) + "`" }

const referenceHead = `# The query language

Search, watches, routes and silences are written in one language. It is close
to what Kibana users type as Lucene queries; where they differ, this page
says so.

- Terms stand side by side and all must match (in Lucene: any). AND, OR and
  NOT are upper case; &&, || and ! are the same, and so are + and - before a term.
- Parentheses group; field:( … ) gives one field to several values, and on a
  field of an offer they speak of one single offer.
- A word or "phrase" is compared without regard to case, width, Traditional or
  Simplified form and invisible characters, and also with the text in which
  sellers' tricks (separators, homophones, look-alikes, pinyin) are undone.
- \* stands at the end of a word: abc\*. field:\* asks for any value, \* for all.
- >, >=, <, <= and [a TO b], {a TO b} work on numbers, prices, times and severity.
- A price names its currency: 2CNY, 2元, $2. A bare number is refused, since
  it would compare yuan with dollars; unit_price_usd is converted.
- Times are UTC: 2026-11-01 and 2026-11 mean the whole day or month; now-7d,
  now-3h/d, now/d with s, m, h, d, w. In a watch, now is the moment at which
  the listing was stored.
- @name behind contact: or identifier: is a list of the config.
- An identifier is replaced by its code as it is typed. One typed as a plain
  word is refused: the texts hold none.
- \\ takes any meaning from the character behind it. Full-width punctuation
  outside phrases is read as ASCII.
- A query has at most 8 KB, 512 terms and operators, 64 levels; a regular
  expression 1,000 bytes.

`
