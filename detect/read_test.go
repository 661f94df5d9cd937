package detect

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/leakwatch/leakwatch/leak"
)

// canary is a value that no listing may hold, with the ways in which sources
// write it.
type canary struct {
	name, value string
	cue         string // words without which it is no identifier
}

// canaries have valid check digits where their kind has them.
func canaries() []canary {
	return []canary{
		{"prc id", "11010519491231002X", ""},
		{"prc id digits", "440308199901010012", ""},
		{"cn mobile", "13812345678", "张三"},
		{"rrn", "900101-1234568", ""},
		{"bank card", "6222020200112233446", "卡号"},
		{"ssn", "219-09-9999", "SSN"},
	}
}

// hidings are ways to write a value so that a careless reader overlooks it.
func hidings() map[string]func(string) string {
	chinese := strings.NewReplacer("0", "零", "1", "一", "2", "二", "3", "三", "4", "四", "5", "五", "6", "六", "7", "七", "8", "八", "9", "九")
	join := func(sep string, every int) func(string) string {
		return func(s string) string {
			var b strings.Builder
			for i, r := range []rune(s) {
				if i > 0 && i%every == 0 {
					b.WriteString(sep)
				}
				b.WriteRune(r)
			}
			return b.String()
		}
	}
	return map[string]func(string) string{
		"plain":      func(s string) string { return s },
		"full width": fullWidth,
		"spaced":     join(" ", 1),
		"groups":     join(" ", 4),
		"hyphens":    join("-", 4),
		"dots":       join(".", 3),
		"zero width": join("\u200b", 1),
		"joiners":    join("\u2060", 2),
		"tabs":       cells("\t"),
		"lines":      cells("\n"),
		"chinese":    chinese.Replace,
		"circled":    circled,
	}
}

// cells splits a value where tables do: a phone after 3 and 7 digits, all else
// every 6.
func cells(sep string) func(string) string {
	return func(s string) string {
		if len(s) == 11 && s[0] == '1' {
			return s[:3] + sep + s[3:7] + sep + s[7:]
		}
		var parts []string
		for len(s) > 6 {
			parts, s = append(parts, s[:6]), s[6:]
		}
		return strings.Join(append(parts, s), sep)
	}
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xFEE0
		}
		return r
	}, s)
}

func circled(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '0':
			return '⓪'
		case r >= '1' && r <= '9':
			return '①' + r - '1'
		}
		return r
	}, s)
}

// digits keeps what is left of a text when all tricks are undone by the
// simplest means: every digit in any spelling, and X.
func digits(s string) string {
	back := strings.NewReplacer("零", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - 0xFEE0
		case r >= '①' && r <= '⑨':
			return r - '①' + '1'
		case r == '⓪':
			return '0'
		case unicode.IsDigit(r):
			return r
		}
		return -1
	}, back.Replace(s))
}

// survives reports whether the value can still be read in a listing.
func survives(t *testing.T, l leak.Listing, value string) bool {
	t.Helper()
	l.Fetched, l.PostedAt = time.Time{}, nil
	for i := range l.Identifiers {
		l.Identifiers[i].Code = "" // a keyed code is hexadecimal and says nothing
	}
	l.Content, l.RulesVersion = "", ""
	data, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	want := digits(value)
	return strings.Contains(string(data), value) || strings.Contains(digits(string(data)), want)
}

func TestNoIdentifierSurvivesInAnyFieldInAnyHiding(t *testing.T) {
	e := testEngine(t)
	for _, c := range canaries() {
		for hiding, hide := range hidings() {
			s := strings.TrimSpace(c.cue + " " + hide(c.value))
			for field, raw := range map[string]leak.Raw{
				"title":  {Title: "出售身份证照片 " + s},
				"body":   {Title: "出售身份证照片 5元一张", Body: "样本：\n" + s + "\n要的来"},
				"seller": {Title: "出售身份证照片", Seller: s},
				"files":  {Title: "出售身份证照片", Files: []string{s + ".jpg"}},
				"price":  {Title: "出售身份证照片", Price: s},
				"extra":  {Title: "出售身份证照片", Extra: map[string]string{"note": s}},
			} {
				l := e.Read(raw)
				if survives(t, l, c.value) {
					t.Errorf("%s, %s, in %s: survives in %q %q %q %q", c.name, hiding, field, l.Title, l.Body, l.Seller, l.Files)
				}
			}
		}
	}
}

func TestNoIdentifierSurvivesInAnAddress(t *testing.T) {
	e := testEngine(t)
	for _, address := range []string{
		"https://m.example/id/11010519491231002X",
		"https://m.example/?q=%31%31%30%31%30%35194912310%302X",
		"https://m.example/?q=1101%2005%2019491231%20002X",
	} {
		if l := e.Read(leak.Raw{URL: address, Title: "x"}); survives(t, l, "11010519491231002X") {
			t.Errorf("%s became %s", address, l.URL)
		}
	}
}

func TestAnAddressWithoutIdentifiersIsKept(t *testing.T) {
	const address = "https://m.example/t/%E4%BA%BA?id=42"
	if l := testEngine(t).Read(leak.Raw{URL: address, Title: "x"}); l.URL != address {
		t.Errorf("became %s", l.URL)
	}
}

func TestASellersPhoneIsKeptOnlyBesideItsCue(t *testing.T) {
	e := testEngine(t)
	seller := e.Read(leak.Raw{Title: "实名电话卡", Body: "三网实名电话卡 80一张 50张起 电话 17012345678"})
	if len(seller.Contacts) != 1 || !strings.Contains(seller.Body, "17012345678") {
		t.Errorf("the seller's phone: contacts %v, body %q", seller.Contacts, seller.Body)
	}
	victim := e.Read(leak.Raw{Title: "实名电话卡 80一张", Body: "张三 11010519491231002X 17012345678"})
	if survives(t, victim, "17012345678") {
		t.Errorf("a victim's phone is left in %q", victim.Body)
	}
}

func TestAPhoneInAMentionIsMasked(t *testing.T) {
	l := testEngine(t).Read(leak.Raw{Title: "寻物启事", Body: "本人遗失身份证,拾到者联系电话 13812345678"})
	if l.Hit || survives(t, l, "13812345678") {
		t.Errorf("hit %v, body %q", l.Hit, l.Body)
	}
}

func TestFindingsOfAListingPointIntoItsRedactedTexts(t *testing.T) {
	e := testEngine(t)
	l := e.Read(leak.Raw{Title: "出售 11010519491231002X 身份证照片", Body: "样本 440308199901010012\n身份证正反面 5元一张 飞机@abcde1", Seller: "老王"})
	if len(l.Findings) == 0 {
		t.Fatal("no findings")
	}
	for _, f := range l.Findings {
		source := l.Body
		if f.Field == "title" {
			source = l.Title
		}
		checkFinding(t, e, "listing", runes(source, f.Start, f.End), f)
	}
}

func TestContentChangesWithWhatMattersOnly(t *testing.T) {
	e := testEngine(t)
	base := leak.Raw{Title: "人脸照片", Body: "5000张 10元", Seller: "a", Price: "10"}
	same := base
	same.Fetched, same.Stock = time.Unix(5, 0), new(int64)
	if e.Read(base).Content != e.Read(same).Content {
		t.Error("the time of the fetch changes the content")
	}
	for name, change := range map[string]func(*leak.Raw){
		"title":    func(r *leak.Raw) { r.Title += "!" },
		"body":     func(r *leak.Raw) { r.Body += "!" },
		"seller":   func(r *leak.Raw) { r.Seller += "!" },
		"price":    func(r *leak.Raw) { r.Price += "0" },
		"sold out": func(r *leak.Raw) { r.SoldOut = true },
	} {
		r := base
		change(&r)
		if e.Read(base).Content == e.Read(r).Content {
			t.Errorf("%s does not change the content", name)
		}
	}
}

func TestCapsAreKeptAndRecorded(t *testing.T) {
	raw := leak.Raw{Title: "人脸照片", Body: strings.Repeat("人脸照片 5000张 10元\n", 20000), Files: make([]string, 100), Seller: strings.Repeat("卖", 400)}
	l := testEngine(t).Read(raw)
	if len(l.Title)+len(l.Body) > leak.MaxText || len(l.Files) > leak.MaxFiles || len(l.Findings) > leak.MaxFindings || len(l.Seller) > leak.MaxKeyword {
		t.Errorf("%d bytes of text, %d files, %d findings, %d bytes of seller", len(l.Title)+len(l.Body), len(l.Files), len(l.Findings), len(l.Seller))
	}
	for _, name := range []string{"text", "files", "findings", "keyword"} {
		if !slices.Contains(l.Cut, name) {
			t.Errorf("%s is not recorded in %v", name, l.Cut)
		}
	}
	if len(raw.Files) != 100 {
		t.Error("the caller's files were changed")
	}
}

func FuzzRead(f *testing.F) {
	for _, l := range labelled(f, "corpus.jsonl") {
		f.Add(l.Title, l.Body)
	}
	e := testEngine(f)
	const id = "11010519491231002X"
	f.Fuzz(func(t *testing.T, before, after string) {
		if digits(before+after) != "" || strings.ContainsAny(before+after, "xX") {
			return // digits beside the canary make another number of it
		}
		l := e.Read(leak.Raw{Title: before, Body: before + " " + id + " " + after, Seller: before, URL: "https://m.example/" + id})
		if strings.Contains(l.Body, id) || strings.Contains(l.URL, id) {
			t.Fatalf("the canary survives: %q %q", l.Body, l.URL)
		}
	})
}
