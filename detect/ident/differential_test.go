package ident

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/internal/oracle"
	"github.com/leakwatch/leakwatch/leak"
)

// generator makes values of a kind that are right by our own checks. A third
// of the questions are such values, a third differ in one character from one,
// and a third are random.
type generator struct{ *rand.Rand }

func (g generator) digits(n int) string { return g.of("0123456789", n) }

func (g generator) of(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[g.IntN(len(alphabet))]
	}
	return string(b)
}

func (g generator) one(of ...string) string { return of[g.IntN(len(of))] }

func (g generator) date(from, to int) string {
	return fmt.Sprintf("%04d%02d%02d", from+g.IntN(to-from), g.IntN(12)+1, g.IntN(28)+1)
}

// last returns s with the last character from alphabet that makes it right,
// or as it is if there is none.
func last(s, alphabet string, right func(string) bool) string {
	for _, c := range alphabet {
		if try := s[:len(s)-1] + string(c); right(try) {
			return try
		}
	}
	return s
}

func (g generator) prc(right bool) string {
	area := g.one("110101", "110105", "120101", "130102", "310101", "310104", "320102", "330106", "370102", "440103", "440304", "510104", "610102", "650102",
		"810000", "820000", "830000", "990101", "911101", "469999")
	if !right {
		return area + g.digits(11) + g.of("0123456789X", 1)
	}
	return last(area+g.date(1930, 2024)+g.digits(4), "0123456789X", func(s string) bool { return prcCheck(values(s)) })
}

func (g generator) rrn(century string, right bool) string {
	from := 1900
	if century >= "3" && century <= "4" || century >= "7" && century <= "8" {
		from = 2000
	}
	if !right {
		return g.digits(6) + "-" + century + g.digits(6)
	}
	s := last(g.date(from, from+25)[2:]+century+g.digits(6), "0123456789", func(s string) bool { return rrnCheck(values(s)) })
	return s[:6] + "-" + s[6:]
}

func (g generator) card(right bool) string {
	prefix := g.one("622848", "621700", "411111", "545454", "601100", "356600", "955880", "222300", "630400")
	s := prefix + g.digits(10+g.IntN(4))
	if !right {
		return s
	}
	return last(s, "0123456789", func(s string) bool { return luhn(values(s)) })
}

func (g generator) uscc(right bool) string {
	s := "91" + g.digits(6) + g.of(strings.ToUpper(usccAlphabet), 9) + "0"
	s = s[:9] + g.of("ABCDEFGH", 1) + s[10:] // all digits would be taken for a PRC ID
	if !right {
		return s[:17] + g.of(strings.ToUpper(usccAlphabet), 1)
	}
	return last(s, strings.ToUpper(usccAlphabet), func(s string) bool { return usccCheck(strings.ToLower(s)) })
}

func (g generator) ssn(bool) string { return g.digits(3) + "-" + g.digits(2) + "-" + g.digits(4) }

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

func (g generator) hk(right bool) string {
	s := g.of(capitals, 1+g.IntN(2)) + g.digits(6)
	check := g.of("0123456789A", 1)
	if right {
		whole := last(s+"0", "0123456789A", func(s string) bool { return hkCheck(strings.ToLower(s)) })
		check = whole[len(whole)-1:]
	}
	return s + "(" + check + ")"
}

func (g generator) tw(right bool) string {
	s := g.of(capitals, 1) + g.one("1", "2", "8", "9", "A", "B", "C", "D") + g.digits(8)
	if !right {
		return s
	}
	return last(s, "0123456789", func(s string) bool { return twCheck(strings.ToLower(s)) })
}

// field returns a field of a zone and its check digit.
func (g generator) field(s string, right bool) string {
	check := g.digits(1)
	if right {
		check = last(s+"0", "0123456789", func(t string) bool { return mrzCheck(strings.ToLower(s), t[len(t)-1]) })[len(s):]
	}
	return s + check
}

func (g generator) mrz(right bool) string {
	number := g.field(g.of(capitals+"0123456789", 9), right)
	birth, expiry := g.field(g.date(1950, 2010)[2:], right), g.field(g.date(2020, 2039)[2:], right)
	name := "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
	switch g.IntN(3) {
	case 0:
		return "I<UTO" + number + strings.Repeat("<", 15) + "\n" + birth + "F" + expiry + "UTO<<<<<<<<<<<6\n" + name[:30]
	case 1:
		return "I<UTO" + name[:31] + "\n" + number + "UTO" + birth + "F" + expiry + "<<<<<<<8"
	}
	return "P<UTO" + name + "\n" + number + "UTO" + birth + "F" + expiry + "<<<<<<<<<<<<<<06"
}

// phone returns the kind with a region, where the number is written without
// its country.
func (g generator) phone() (kind, value string) {
	switch g.IntN(10) {
	case 0, 1:
		return "phone:CN", "1" + g.digits(10)
	case 2:
		return "phone:KR", "010-" + g.digits(4) + "-" + g.digits(4)
	case 3:
		return "phone:TW", "09" + g.digits(8)
	case 4:
		return "phone:US", "(" + g.digits(3) + ") " + g.digits(3) + "-" + g.digits(4)
	case 5:
		return "phone:", "+86 1" + g.digits(2) + " " + g.digits(4) + " " + g.digits(4)
	case 6:
		return "phone:", "+1 " + g.digits(3) + "-" + g.digits(3) + "-" + g.digits(4)
	case 7:
		return "phone:", g.one("+886 9", "+82 10") + g.digits(8)
	}
	return "phone:", g.one("+852 ", "+853 ", "+65 ") + g.digits(4) + " " + g.digits(4)
}

// value draws a value of a kind.
func (g generator) value(kind leak.IdentifierKind, right bool) string {
	switch kind {
	case leak.RRN:
		return g.rrn(g.one("1", "2", "3", "4"), right)
	case leak.KRForeigner:
		return g.rrn(g.one("5", "6", "7", "8"), right)
	}
	return map[leak.IdentifierKind]func(bool) string{leak.PRCID: g.prc, leak.BankCardNo: g.card, leak.USCC: g.uscc, leak.SSN: g.ssn,
		leak.HKID: g.hk, leak.TWID: g.tw, leak.MRZ: g.mrz}[kind](right)
}

// compared are the kinds that have an oracle. Passports, Macau's cards and
// addresses have no check that anyone could disagree about.
var compared = [...]leak.IdentifierKind{leak.PRCID, leak.RRN, leak.KRForeigner, leak.BankCardNo, leak.USCC, leak.SSN, leak.HKID, leak.TWID, leak.MRZ, leak.Phone}

func (g generator) questions(n int) []oracle.Question {
	qs := make([]oracle.Question, n)
	for i := range qs {
		kind := compared[i%len(compared)]
		if kind == leak.Phone {
			qs[i].Kind, qs[i].Value = g.phone()
			continue
		}
		how := i / len(compared) % 3
		value := g.value(kind, how < 2)
		if how == 1 {
			value = oracle.Spoil(g.Rand, value)
		}
		qs[i] = oracle.Question{Kind: string(kind), Value: value}
	}
	return qs
}

// disagreement returns why we and an oracle say otherwise of a value, "" if
// nothing is known that justifies it. Each is a decision of ours, not a slip.
func disagreement(kind leak.IdentifierKind, value, said string, valid bool) string {
	component := valid && said == "InvalidComponent" // right in all but a list
	switch {
	case kind == leak.PRCID && component && value[0] == '8':
		return "81, 82 and 83 are residence permits, whose areas stdnum does not list"
	case kind == leak.PRCID && component && value[0] == '9':
		return "9 is a foreigner's permanent residence card of 2023"
	case kind == leak.PRCID && component:
		return "an area that was retired, or that stdnum does not list for the year, still is an ID"
	case kind == leak.PRCID && !valid && strings.HasPrefix(said, "ok") && (value[6:10] < "1890" || value[6:10] > "2050"):
		return "nobody lives who was born before 1890 or after 2050, and such digits are other numbers"
	case kind == leak.RRN && component:
		return "since October 2020 the digits of the place of birth are random"
	case kind == leak.BankCardNo && !valid && !cardIssuer(values(value)):
		return "Luhn's check holds for one random number in ten; a card also has an issuer and its length"
	case kind == leak.SSN && component && ssnAdvertised(value):
		return "stdnum refuses three numbers that became known; they are masked"
	case kind == leak.RRN && !valid && value[7] >= '5' && value[7] <= '8':
		return "5 to 8 are foreigners, whose check digit is two more; stdnum checks them as citizens"
	case kind == leak.Phone && valid && strings.HasPrefix(value, "(01"):
		return "011 to 019 are old mobile numbers of Korea; phonenumbers reads 011 as the way out of the USA"
	case kind == leak.Phone && component:
		return "a number of a range that is not in use is masked all the same"
	case kind == leak.Phone && !valid && strings.HasPrefix(value, "(8"):
		return "a free call is a shop's, not a person's"
	}
	return ""
}

func ssnAdvertised(v string) bool {
	return v == "078-05-1120" || v == "457-55-5462" || v == "219-09-9999"
}

// tally is what came of the values of one kind.
type tally struct{ right, wrong, disagreed int }

func TestIdentifiersAgreeWithWhatOthersSayOfThem(t *testing.T) {
	const n, seed = 200_000, 20260101
	questions := generator{rand.New(rand.NewPCG(seed, seed))}.questions(n)
	answers := oracle.Ask(t, questions)
	reasons, tallies := map[string]int{}, map[leak.IdentifierKind]tally{}
	for i, q := range questions {
		kind := compared[i%len(compared)]
		c := tallies[kind]
		valid, canonical := ours(kind, q.Value)
		theirs, ok := strings.CutPrefix(answers[i], "ok ")
		switch reason := disagreement(kind, q.Value, answers[i], valid); {
		case valid != ok && reason != "":
			reasons[reason]++
			c.disagreed++
		case valid != ok:
			t.Errorf("%s %s: valid %v, the oracle says %s", kind, q.Value, valid, answers[i])
		case valid:
			c.right++
			if want := strings.ReplaceAll(theirs, "-", ""); canonical != want {
				t.Errorf("%s %s: canonical %s, want %s", kind, q.Value, canonical, want)
			}
		default:
			c.wrong++
		}
		tallies[kind] = c
	}
	for _, k := range compared {
		if c := tallies[k]; c.right < 2_000 || c.wrong < 500 {
			t.Errorf("%s: only %d right and %d wrong values were compared", k, c.right, c.wrong)
		}
	}
	t.Logf("%d values; right, wrong and known disagreements by kind: %v; %v", n, tallies, reasons)
}

// ours is what Find says of a value that stands alone.
func ours(kind leak.IdentifierKind, value string) (valid bool, canonical string) {
	for _, f := range find(value) {
		if f.Kind == kind && f.Valid {
			return true, f.Canonical
		}
	}
	return false, ""
}

// Every Korean number of the form since October 2020 is found, though its
// check digit tells nothing, and is not said to be valid.
func TestRandomKoreanNumbersAreFound(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	for range 10_000 {
		v := "9503" + fmt.Sprintf("%02d", g.IntN(28)+1) + "-" + "1234"[g.IntN(2):][:1] + g.digits(6)
		found := find(v)
		if len(found) != 1 || found[0].Kind != leak.RRN || found[0].Valid != rrnCheck(values(strings.ReplaceAll(v, "-", ""))) {
			t.Fatalf("%s: %v", v, found)
		}
	}
}
