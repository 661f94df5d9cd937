package canary

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// value is one made-up identifier: how it is usually written and the words
// that sellers put before it. Phones and addresses have none: next to a cue
// they may be the seller's own, which are kept.
type value struct {
	kind string
	cue  string
	text string
}

// kind is one kind of identifier and how to make one that passes its checks.
type kind struct {
	name    string
	cue     string
	hidings []string
	draw    func(*rand.Rand) string
}

// numbers are the hidings that fit everything made of digits.
var numbers = []string{"plain", "width", "spaced", "dashed", "zero", "cells", "lines", "han", "circled", "letters"}

// lettered are the hidings that fit numbers that begin with a letter.
var lettered = []string{"plain", "width", "zero", "spaced", "dashed", "starred", "han", "circled"}

func kinds() []kind {
	return []kind{
		{"prc_id", "身份证", numbers, prcID},
		{"phone", "", numbers, phone},
		{"bank_card", "银行卡", numbers, bankCard},
		{"rrn", "주민번호", numbers, rrn},
		{"email", "", []string{"plain", "width", "at", "zero"}, email},
		{"passport", "护照", lettered, passport},
		{"mrz", "", []string{"plain", "width"}, mrz},
		{"hk_id", "香港身份证", lettered, hkID},
		{"tw_id", "台湾身份证", lettered, twID},
		{"ssn", "SSN", []string{"plain", "width", "zero", "spaced", "han", "circled"}, ssn},
		{"name", "", []string{"plain"}, name},
	}
}

func pick(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }

// digits draws n digits from 1 to 9: none of them vanishes at an end.
func digits(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('1' + r.IntN(9))
	}
	return string(b)
}

func weigh(s string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		c := int(s[i] - '0')
		if s[i] >= 'A' {
			c = int(s[i]-'A') + 10
		}
		sum += c * w
	}
	return sum
}

func date(r *rand.Rand) (year, month, day int) {
	return 1960 + r.IntN(39), 1 + r.IntN(12), 1 + r.IntN(28)
}

func prcID(r *rand.Rand) string {
	y, m, d := date(r)
	s := fmt.Sprintf("%s%d%02d%02d%s", pick(r, "110101", "310104", "440305", "510107"), y, m, d, digits(r, 3))
	return s + string("10X98765432"[weigh(s, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11])
}

func phone(r *rand.Rand) string { return pick(r, "138", "159", "177", "186") + digits(r, 8) }

func bankCard(r *rand.Rand) string {
	s := pick(r, "621700", "622848", "622202") + digits(r, 12)
	sum := 0
	for i := range s {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return s + string(rune('0'+(10-sum%10)%10))
}

func rrn(r *rand.Rand) string {
	y, m, d := date(r)
	s := fmt.Sprintf("%02d%02d%02d%d%s", y%100, m, d, 1+r.IntN(2), digits(r, 5))
	check := (11 - weigh(s, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)%11) % 10
	return s[:6] + "-" + s[6:] + string(rune('0'+check))
}

func email(r *rand.Rand) string { return "zq" + digits(r, 7) + pick(r, "kv", "wx") + "@qq.com" }

func passport(r *rand.Rand) string { return "E" + digits(r, 8) }

func mrzCheck(s string) string {
	sum := 0
	for i := range len(s) {
		c := 0
		if s[i] != '<' {
			c = weigh(s[i:i+1], 1)
		}
		sum += c * []int{7, 3, 1}[i%3]
	}
	return string(rune('0' + sum%10))
}

func mrz(r *rand.Rand) string {
	first := "P<CHN" + pick(r, "OUYANG", "ZHUGE", "SHANGGUAN") + "<<" + pick(r, "QIYUE", "WENXIU", "LINGFEI")
	number, born, ends := "E"+digits(r, 8), fmt.Sprintf("8%s0%d1%d", digits(r, 1), 1+r.IntN(9), r.IntN(9)), "300101"
	number, born, ends = number+mrzCheck(number), born+mrzCheck(born), ends+mrzCheck(ends)
	personal := strings.Repeat("<", 14) + "0"
	second := number + "CHN" + born + "F" + ends + personal
	return first + strings.Repeat("<", 44-len(first)) + "\n" + second + mrzCheck(number+born+ends+personal)
}

func hkID(r *rand.Rand) string {
	s := pick(r, "A", "G", "K", "Z") + digits(r, 6)
	rest := (11 - (36*9+weigh(s, 8, 7, 6, 5, 4, 3, 2))%11) % 11
	return s + "(" + string("0123456789A"[rest]) + ")"
}

func twID(r *rand.Rand) string {
	letter := r.IntN(8) // A to H are 10 to 17
	s := fmt.Sprintf("%d", 1+r.IntN(2)) + digits(r, 7)
	sum := 1 + (letter)*9 + weigh(s, 8, 7, 6, 5, 4, 3, 2, 1)
	return string(rune('A'+letter)) + s + string(rune('0'+(10-sum%10)%10))
}

func ssn(r *rand.Rand) string {
	return fmt.Sprintf("%d-%d-%s", 200+r.IntN(400), 10+r.IntN(80), digits(r, 4))
}

// name draws a name whose characters stand nowhere else in the test.
func name(r *rand.Rand) string {
	rare := []rune("翀翯翾翊珩琬琰瑄璟瓒祎禛稷竑筠箫簌缦缱羲翙聿芃茜荔莳菡葳蓁蔚")
	return pick(r, "王", "李", "赵", "欧阳") + string(rare[r.IntN(len(rare))]) + string(rare[r.IntN(len(rare))])
}

// hidden draws a value and hides it; with more than half of it written as
// letters it would not be read as a number by anybody.
func (k kind) hidden(r *rand.Rand, class string) (text, planted string) {
	for {
		text = k.draw(r)
		if class != "letters" || strings.Count(text, "0")+strings.Count(text, "1") <= len(text)/2 {
			return text, hide(class, text)
		}
	}
}

// hide writes a value in the way of a hiding class.
func hide(class, s string) string {
	switch class {
	case "width":
		return strings.Map(func(r rune) rune {
			if r >= '!' && r <= '~' {
				return r - '!' + '！'
			}
			return r
		}, s)
	case "spaced":
		return strings.Join(strings.Split(s, ""), " ")
	case "dashed":
		return strings.Join(strings.Split(strings.ReplaceAll(s, "-", ""), ""), "-")
	case "starred":
		return strings.Join(strings.Split(s, ""), "★")
	case "zero":
		return strings.Join(strings.Split(s, ""), "\u200b")
	case "cells":
		return s[:3] + "\t" + s[3:7] + "\t" + s[7:]
	case "lines":
		return s[:3] + "\n" + s[3:7] + "\n" + s[7:]
	case "han":
		return mapDigits(s, "〇一二三四五六七八九")
	case "circled":
		return mapDigits(s, "⓪①②③④⑤⑥⑦⑧⑨")
	case "letters":
		return strings.NewReplacer("0", "O", "1", "l").Replace(s)
	case "at":
		return strings.NewReplacer("@", " # ", ".", " . ").Replace(s)
	}
	return s
}

func mapDigits(s, to string) string {
	d := []rune(to)
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return d[r-'0']
		}
		return r
	}, s)
}
