package offer

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// sound fails unless every offer is well formed and points into s.
func sound(t interface{ Fatalf(string, ...any) }, s string, r Result) {
	if len(r.Offers) > leak.MaxOffers || len(r.Quantities) > leak.MaxOffers {
		t.Fatalf("%d offers, %d quantities", len(r.Offers), len(r.Quantities))
	}
	for _, o := range r.Offers {
		if o.Start < 0 || o.End <= o.Start || o.End > len(s) {
			t.Fatalf("span [%d,%d) of %q", o.Start, o.End, s)
		}
		if o.Price == nil || *o.Price <= 0 || math.IsInf(*o.Price, 0) || o.Currency == nil || *o.Currency == "" {
			t.Fatalf("offer without price or currency in %q", s)
		}
		if o.PriceMax != nil && *o.PriceMax <= *o.Price || o.Quantity != nil && (*o.Quantity <= 0 || o.UnitPrice == nil) {
			t.Fatalf("offer %s in %q", show(r), s)
		}
	}
	if r.Available != nil && *r.Available <= 0 {
		t.Fatalf("stock of %d in %q", *r.Available, s)
	}
}

func TestOffersAreSound(t *testing.T) {
	parts := rapid.SampledFrom([]string{"5000", "10", "0.5", "1,500", "0", "张", "套", "条", "元", "块", "毛", "万", "w", "k", "u", "USDT", "$", "€", "¥", "원", "천", "만", "개", "건당", "/", "每",
		"一", "五", "百", "亿", "起", "最低", "现货", " ", "\n", ",", "-", "~", "per", "each", "for", "pcs", "photos", "天", "月", "%", ":", ".", "３", "①", "\xff", "两", "半", "min", "单价", "打包"})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(parts, 0, 24).Draw(t, "parts"), "")
		sound(t, s, find(s, rapid.SampledFrom([]string{"zh", "ko", "en", "und"}).Draw(t, "lang")))
	})
}

func TestAmountsThatRunIntoEachOtherAreSound(t *testing.T) {
	for _, s := range []string{
		"五通道闸机+售票系统,$1$8$.$6$万$元$起$,含安装。可存20万张人脸、身份证直刷",
		"将2₩.₩6₩万₩名₩用₩户的身份证照片打包,以3300泰达币卖",
		"확정기변 가능.₩ ₩2₩4₩만₩원₩, 케이스 2개 서비스.",
		"£4 each, fifty 9f9o9r9 9£919590. Track 24 delivery, 300+ feedbacks",
	} {
		f := text.Fold(s)
		for _, lang := range []string{"zh", "ko", "en"} {
			sound(t, s, Find(f, text.Unhide(f), lang))
		}
	}
}

func TestAnyQuantityForAnyPriceIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := rapid.IntRange(2, 9_999_999).Draw(t, "quantity")
		cents := rapid.IntRange(1, 9_999_999).Draw(t, "cents")
		p := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%02d", cents/100, cents%100), "0"), ".")
		price, _ := strconv.ParseFloat(p, 64)
		for _, s := range []string{
			fmt.Sprintf("人脸 %d张 %s元", q, p), fmt.Sprintf("%s元%d张", p, q), fmt.Sprintf("얼굴 %d장 %s원", q, p), fmt.Sprintf("%d photos for $%s", q, p), fmt.Sprintf("%d套%sU", q, p),
			fmt.Sprintf("$%s for %d pcs", p, q),
		} {
			r := find(s, "zh")
			if len(r.Offers) != 1 || *r.Offers[0].Quantity != float64(q) || *r.Offers[0].Price != price {
				t.Fatalf("%q: %s", s, show(r))
			}
			if got, want := *r.Offers[0].UnitPrice, price/float64(q); math.Abs(got-want) > want*1e-9 {
				t.Fatalf("%q: unit price %v, want %v", s, got, want)
			}
		}
	})
}

func TestUnitPricesAreExact(t *testing.T) {
	for in, want := range map[string]float64{"5000张10元": 0.002, "2000张 20元": 0.01, "3张1元": 0.3333333333, "0.7元/张": 0.7, "1000条 3毛": 0.0003} {
		if r := find(in, "zh"); len(r.Offers) != 1 || *r.Offers[0].UnitPrice != want {
			t.Errorf("%q: %s", in, show(r))
		}
	}
}

func FuzzOffer(f *testing.F) {
	for _, s := range []string{"5000张10元", "8元一套, 500套起3.5一套", "건당 4천원", "$25 each, 20 for $350", "一万一张一天", "1-2万元一套", "2w条 0.3一条"} {
		f.Add(s, "zh")
	}
	f.Fuzz(func(t *testing.T, s, lang string) { sound(t, s, find(s, lang)) })
}

const listing = "出售一手手持身份证正反面 三要素 20万条 800u @sys_data 正反面+手持 6元/套 1000套起3元 飞机@sfzpifa\n" +
	"신분증 앞뒤 사진 건당 4천원 텔레 @idfb1 선불유심 개당 10만원 텔레그램 @usim1\n" +
	"3,000 HQ face pictures, $8, telegram @facepics8. Fullz (SSN DOB DL scan) $25 each, 20 for $350, mail me at bob@example.com\n" +
	"警方提醒:出租出售银行卡电话卡违法。全棉床单被套四件套 159元 包邮 七天退换 电信企业办理入网须进行人像比对,一致后方可办理。\n"

func BenchmarkFind(b *testing.B) {
	b.Run("1KB", func(b *testing.B) { benchmark(b, strings.Repeat(listing, 2)) })
	b.Run("100KB", func(b *testing.B) { benchmark(b, strings.Repeat(listing, 150)) })
	b.Run("10MB", func(b *testing.B) { benchmark(b, strings.Repeat(listing, 15000)) })
	plain := strings.Repeat("警方提醒:出租出售银行卡电话卡违法。全棉床单被套四件套 包邮 七天退换 the court heard that he sold pictures. ", 1000)
	b.Run("plain", func(b *testing.B) { benchmark(b, plain) })
	b.Run("digits", func(b *testing.B) { benchmark(b, strings.Repeat("1", 100<<10)) })
	b.Run("numerals", func(b *testing.B) { benchmark(b, strings.Repeat("一", 30000)) })
	b.Run("prices", func(b *testing.B) { benchmark(b, strings.Repeat("5元", 30000)) })
}

func benchmark(b *testing.B, s string) {
	f := text.Fold(s)
	u := text.Unhide(f)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		Find(f, u, "zh")
	}
}

func TestAPriceBehindALongTableIsRead(t *testing.T) {
	s := strings.Repeat("1 2 3 4 5 6 7\n", 1000) + "人脸 5000张 10元"
	if r := find(s, "zh"); len(r.Offers) != 1 || *r.Offers[0].Quantity != 5000 || r.Cut {
		t.Errorf("%s", show(r))
	}
}

func TestScanStopsAtAllThatANumeralStartsWithAndAtNothingElse(t *testing.T) {
	native := map[rune]bool{}
	for w := range natives {
		native[firstRune(w)] = true
	}
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		want := native[r] || (isHan(r) || isHangul(r)) && (digitValue(r) >= 0 || scalePower(r) > 0)
		if numerals.May(r) != want && (want || r < 1<<16) { // of those above, all may be in the set
			t.Errorf("scan stops at %c: %v, want %v", r, !want, want)
		}
	}
}

func TestAQuotientHasTenDigitsAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) num {
			return num{rapid.Int64Range(1, maxMantissa).Draw(t, name), rapid.IntRange(-8, 8).Draw(t, name+" power")}
		}
		a, b := draw("a"), draw("b")
		want, _ := strconv.ParseFloat(strconv.FormatFloat(a.parsed()/b.parsed(), 'g', quotientDigits, 64), 64)
		if got := quotient(a, b); got != want {
			t.Errorf("%v / %v = %v, want %v", a, b, got, want)
		}
	})
}
