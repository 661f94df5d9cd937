package detect

import (
	"net/url"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/leak"
)

func TestAddressesAreMaskedAndLeadWhereTheyDid(t *testing.T) {
	e := testEngine(t)
	for raw, want := range map[string]string{
		"https://a.example/t/5-A123456%283%29":                              "https://a.example/t/5-⟦hk_id⟧",
		"https://a.example/t/5-A%20123456%2520%25283%2529/x?b=%E4%BA%BA#c":  "https://a.example/t/5-⟦hk_id⟧/x?b=%E4%BA%BA#c",
		"https://a.example/t?ref=6+2+1+7+0+0+1+2+3+4+5+6+7+8+9+0+1+2+2&p=2": "https://a.example/t?ref=⟦bank_card 621700…22⟧&p=2",
		"https://a.example/t?ref=abc+%23+qq+.+com":                          "https://a.example/t?ref=⟦email …@qq.com⟧",
		"https://a.example/100%/%zz/%EF%BC%91%EF%BC%93812345678":            "https://a.example/100%/%zz/⟦phone +86…78⟧",
		"https://a.example/%E8%BA%AB%E4%BB%BD%E8%AF%81/t/12345?page=3":      "https://a.example/%E8%BA%AB%E4%BB%BD%E8%AF%81/t/12345?page=3",
		"https://a.example/a+b?q=c+d&x=%2B":                                 "https://a.example/a+b?q=c+d&x=%2B",
		"":                                                                  "",
	} {
		if got := e.Read(leak.Raw{URL: raw, Title: "x"}).URL; got != want {
			t.Errorf("%s\n got  %s\n want %s", raw, got, want)
		}
	}
}

func TestASiteIDIsMaskedLikeAnAddress(t *testing.T) {
	e := testEngine(t)
	for raw, want := range map[string]string{"t%2F5-13812345678": "t%2F5-⟦phone +86…78⟧", "f12": "f12", "1234567": "1234567"} {
		if got := e.Read(leak.Raw{SiteID: raw, Title: "x"}).SiteID; got != want {
			t.Errorf("%s became %s, want %s", raw, got, want)
		}
	}
}

// FuzzUnescape: an address without identifiers stays as it is, whatever it
// escapes, and offsets lead into it.
func FuzzUnescape(f *testing.F) {
	for _, s := range []string{"/a%20b?c=d+e", "%25%32%30", "/%", "%e4%bd%a0%", "⟦x⟧"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		plain, at := unescape(s)
		if len(at) != len(plain)+1 || at[len(plain)] != len(s) {
			t.Fatalf("%d offsets for %d bytes, the last %d of %d", len(at), len(plain), at[len(at)-1], len(s))
		}
		for i := 1; i < len(at); i++ {
			if at[i] <= at[i-1] {
				t.Fatalf("offset %d behind %d", at[i], at[i-1])
			}
		}
		if masked := maskAddress(s); len(s) < 6 && !strings.ContainsAny(s, "⟦⟧<@#*") && masked != s {
			t.Fatalf("%q became %q", s, masked)
		}
		if once, err := url.QueryUnescape(s); err == nil && !strings.ContainsAny(once, "%") && !strings.Contains(s, "?") && strings.ReplaceAll(once, " ", "+") != strings.ReplaceAll(plain, " ", "+") {
			t.Fatalf("%q is %q, not %q", s, once, plain)
		}
	})
}
