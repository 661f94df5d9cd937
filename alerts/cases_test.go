package alerts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/leak"
)

// post returns a hit with a text and contacts of its own.
func post(id, title, body string, contacts ...leak.Contact) leak.Listing {
	l := selling(0)
	l.ID, l.Title, l.Body, l.Content, l.Seller, l.Contacts = id, title, body, id, "seller of "+id, contacts
	return l
}

const longText = "出售高清人脸照片五千张，包含正面侧面多角度，支持验货，先看样品后付款，长期供应，量大从优，可定制年龄性别地区，" +
	"所有数据均为今年采集，附带姓名和身份证照片，欢迎各位老板咨询合作，价格面议，诚信经营，非诚勿扰。"

func TestListingsOfOneLeakShareACase(t *testing.T) {
	tele := func(v string) leak.Contact { return leak.Contact{Kind: leak.Telegram, Value: v} }
	for _, c := range []struct {
		name   string
		a, b   leak.Listing
		signal string // "" for two cases
	}{
		{"the same text under another name and contact",
			post("a", "人脸照片", longText+" 联系 telegram @facedealer", tele("facedealer")),
			post("b", "人脸照片", longText+" 联系 telegram @other_name", tele("other_name")), "same_text"},
		{"the same text in other widths and case",
			post("a", "FACES for sale", longText), post("b", "ｆａｃｅｓ for SALE", strings.ToUpper(longText)), "same_text"},
		{"a text with another number and a few words more",
			post("a", "人脸照片 5000张 10元", longText), post("b", "人脸照片 3000张 8元", longText+"今日特价。"), "similar_text"},
		{"one contact, one category",
			post("a", "first", "something about faces", tele("FaceDealer")), post("b", "second", "quite another text", tele("facedealer")), "same_contact"},
		{"one contact, no category in common",
			post("a", "first", "something about faces", tele("facedealer")),
			func() leak.Listing {
				l := post("b", "second", "quite another text", tele("facedealer"))
				l.Categories = []leak.Category{leak.BankCard}
				return l
			}(), ""},
		{"nothing in common", post("a", "人脸", longText), post("b", "银行卡", strings.Repeat("四件套 银行卡 U盾 手机卡 身份证 全套出售 ", 4)), ""},
		{"short texts that are the same", post("a", "faces", "pm"), post("b", "faces", "pm"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := options()
			o.Watches[0].Query = "hit:true"
			s := mustNew(t, o)
			mustIngest(t, s, Batch{Listings: []leak.Listing{c.a}})
			mustIngest(t, s, Batch{Listings: []leak.Listing{c.b}})
			alerts := storedAlerts(t, s.engine)
			if len(alerts) != 2 {
				t.Fatalf("%d alerts; want 2", len(alerts))
			}
			if same := alerts[0].CaseID == alerts[1].CaseID; same != (c.signal != "") {
				t.Fatalf("one case: %v", same)
			}
			id := storedListing(t, s.engine, "b").CaseID
			got, err := s.Case(context.Background(), id)
			if err != nil {
				t.Fatal(err)
			}
			last := got.Sightings[len(got.Sightings)-1]
			want := c.signal
			if want == "" {
				want = "first"
			}
			if last.Listing != "b" || last.Signal != want {
				t.Errorf("sightings %+v; want signal %s", got.Sightings, want)
			}
			if c.signal != "" && (len(got.Sellers) != 2 || got.Sightings[0].Signal != "first") {
				t.Errorf("case %+v", got)
			}
		})
	}
}

func TestListingsOfOnePageFindEachOther(t *testing.T) {
	s := mustNew(t, options())
	mustIngest(t, s, Batch{Listings: []leak.Listing{post("a", "人脸照片", longText), post("b", "人脸照片", longText), post("c", "人脸照片", longText)}})
	a := storedAlerts(t, s.engine)
	if len(a) != 3 || a[0].CaseID != a[1].CaseID || a[1].CaseID != a[2].CaseID {
		t.Errorf("alerts %+v", a)
	}
}

func TestACaseStaysBounded(t *testing.T) {
	s := mustNew(t, options())
	for i := range maxSightings/50 + 2 {
		var page []leak.Listing
		for j := range 50 {
			page = append(page, post(fmt.Sprintf("p%d-%d", i, j), "人脸照片", longText))
		}
		mustIngest(t, s, Batch{Listings: page})
	}
	first := storedListing(t, s.engine, "p0-0")
	c, err := s.Case(context.Background(), first.CaseID)
	if err != nil || len(c.Sightings) != maxSightings || len(c.Sellers) != maxSellers {
		t.Fatalf("%d sightings, %d sellers, error %v", len(c.Sightings), len(c.Sellers), err)
	}
	if c.Sightings[0].Signal != "first" {
		t.Error("the sighting that opened the case was dropped")
	}
	if _, err := s.Case(context.Background(), "missing"); !errors.Is(err, ErrNoCase) {
		t.Errorf("a missing case: %v", err)
	}
}

func TestAListingKeepsItsCaseWhenItIsRewritten(t *testing.T) {
	o := options()
	o.Watches[0].Query = "title:*"
	s := mustNew(t, o)
	mustIngest(t, s, Batch{Listings: []leak.Listing{post("a", "人脸照片", longText)}})
	other := post("a", "银行卡", strings.Repeat("四件套 银行卡 U盾 手机卡 全套出售 ", 4))
	other.Content = "rewritten"
	if r := mustIngest(t, s, Batch{Listings: []leak.Listing{other}}); r.Alerts != 1 {
		t.Fatalf("%+v", r)
	}
	if a := storedAlerts(t, s.engine); a[0].CaseID != a[1].CaseID {
		t.Error("the rewritten listing opened another case")
	}
}
