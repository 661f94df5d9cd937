package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// sample is a text with one value that identifies a person, or with none.
type sample struct {
	kind, hiding string
	text         string
	start, end   int // of the value, in code points; equal if there is none
}

// values make right values of a kind, by the published rules. Each is written
// as it is most often seen.
type values struct{ *rand.Rand }

func (v values) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + v.IntN(10))
	}
	return string(b)
}

func (v values) one(of ...string) string { return of[v.IntN(len(of))] }

func (v values) day() string { return fmt.Sprintf("%02d%02d", 1+v.IntN(12), 1+v.IntN(28)) }

func weighted(s string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return sum
}

func (v values) prc() string {
	s := v.one("110101", "310104", "330106", "440304", "510104") + fmt.Sprint(1950+v.IntN(55)) + v.day() + v.digits(3)
	return s + string("10X98765432"[weighted(s, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11])
}

func (v values) permit() string {
	s := v.one("810000", "820000", "830000") + fmt.Sprint(1950+v.IntN(55)) + v.day() + v.digits(3)
	return s + string("10X98765432"[weighted(s, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11])
}

func (v values) rrn() string {
	s := fmt.Sprintf("%02d", 40+v.IntN(60)) + v.day() + v.one("1", "2") + fmt.Sprintf("%02d", v.IntN(96)) + v.digits(3)
	check := (11 - weighted(s, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)%11) % 10
	return s[:6] + "-" + s[6:] + fmt.Sprint(check)
}

func (v values) newRRN() string { return "21" + v.day() + "-" + v.one("3", "4") + v.digits(6) }

func (v values) card(prefix string, length int) string {
	s := prefix + v.digits(length-1-len(prefix))
	sum := 0
	for i := range s {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 0 {
			d = d*2/10 + d*2%10
		}
		sum += d
	}
	return s + fmt.Sprint((10-sum%10)%10)
}

func (v values) hk() string {
	s := v.one("A", "K", "R", "Z") + v.digits(6)
	sum := 36*9 + (int(s[0]-'A')+10)*8 + weighted(s[1:], 7, 6, 5, 4, 3, 2)
	return s + "(" + string("0123456789A"[(11-sum%11)%11]) + ")"
}

func (v values) tw() string {
	s := v.one("1", "2") + v.digits(7)
	return "A" + s + fmt.Sprint((10-(1+weighted(s, 8, 7, 6, 5, 4, 3, 2, 1))%10)%10) // A counts as 10
}

var kinds = []struct {
	name string
	make func(values) string
}{
	{"PRC ID", values.prc},
	{"HK/MO/TW permit", values.permit},
	{"Korean RRN", values.rrn},
	{"Korean RRN since 2020", values.newRRN},
	{"card, UnionPay 19", func(v values) string { return v.card(v.one("621700", "622848"), 19) }},
	{"card, Visa 16", func(v values) string { return v.card("4", 16) }},
	{"mobile, China", func(v values) string { return "1" + v.one("38", "59", "86") + v.digits(8) }},
	{"mobile, Korea", func(v values) string { return "010-" + v.one("2", "3", "9") + v.digits(3) + "-" + v.digits(4) }},
	{"US SSN", func(v values) string {
		return fmt.Sprintf("%03d-%02d-%04d", 100+v.IntN(500), 10+v.IntN(80), 1+v.IntN(9998))
	}},
	{"HKID", values.hk},
	{"Taiwan ID", values.tw},
}

// hidings write a value as sellers do to pass filters.
var hidings = []struct {
	name string
	hide func(string) string
}{
	{"clear", func(s string) string { return s }},
	{"beside Han", func(s string) string { return s }}, // without a space around it
	{"full-width", func(s string) string {
		return strings.Map(func(r rune) rune { return r - '!' + '！' }, s)
	}},
	{"spaced", func(s string) string { return strings.Join(strings.Split(s, ""), " ") }},
	{"zero-width", func(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") }},
	{"circled", func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return []rune("⓪①②③④⑤⑥⑦⑧⑨")[r-'0']
			}
			return r
		}, s)
	}},
}

// decoys make numbers that identify nobody.
var decoys = []func(values) string{
	func(v values) string { return "订单号 " + v.digits(16) + " 已发货" },
	func(v values) string { return "快递单号 SF" + v.digits(13) },
	func(v values) string { return "价格 " + v.digits(4) + " 元, 库存 " + v.digits(5) + " 件" },
	func(v values) string {
		return fmt.Sprintf("2024-%02d-%02d 12:%02d 发布", 1+v.IntN(12), 1+v.IntN(28), v.IntN(60))
	},
	func(v values) string { return "版本 1." + v.digits(2) + "." + v.digits(4) + " 更新" },
	func(v values) string { return "5000张10元, " + v.digits(3) + "00套起3.5一套" },
	func(v values) string { return "order no. " + v.digits(12) + " shipped" },
	func(v values) string { return "주문번호 2024" + v.digits(10) },
}

// samples makes n texts of each kind and hiding, and as many decoys in all as
// a tenth of that.
func samples(seed uint64, n int) []sample {
	v := values{rand.New(rand.NewPCG(seed, seed))}
	var out []sample
	for _, k := range kinds {
		for _, h := range hidings {
			for range n {
				before, after := v.one("资料 ", "data: ", "고객 "), v.one(" 完整", " ok", " 전부")
				if h.name == "beside Han" {
					before, after = "号码为", "的资料"
				}
				value := h.hide(k.make(v))
				start := len([]rune(before))
				out = append(out, sample{kind: k.name, hiding: h.name, text: before + value + after, start: start, end: start + len([]rune(value))})
			}
		}
	}
	for range len(out) / 10 {
		out = append(out, sample{kind: "none", hiding: "clear", text: decoys[v.IntN(len(decoys))](v)})
	}
	return out
}
