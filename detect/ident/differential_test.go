package ident

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/leak"
)

// A question is a value that both sides are asked about.
type question struct {
	kind   leak.IdentifierKind
	region string // of a phone written without country
	value  string
}

// ask puts the questions to python-stdnum and phonenumbers and returns their
// answers: "ok CANONICAL" or the name of a refusal.
func ask(t *testing.T, questions []question) []string {
	t.Helper()
	python := os.Getenv("LEAKWATCH_TEST_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import stdnum.cn.ric, phonenumbers").Run(); err != nil {
		t.Skip("needs python-stdnum and phonenumbers: python3 -m venv v && v/bin/pip install python-stdnum phonenumbers, then LEAKWATCH_TEST_PYTHON=v/bin/python")
	}
	var in strings.Builder
	for _, q := range questions {
		kind := string(q.kind)
		if q.kind == leak.Phone {
			kind += ":" + q.region
		}
		fmt.Fprintf(&in, "%s\t%s\n", kind, q.value)
	}
	cmd := exec.Command(python, "testdata/oracle.py")
	cmd.Stdin, cmd.Stderr = strings.NewReader(in.String()), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("run oracle: %v", err)
	}
	var answers []string
	for sc := bufio.NewScanner(strings.NewReader(string(out))); sc.Scan(); {
		answers = append(answers, sc.Text())
	}
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(answers), len(questions))
	}
	return answers
}

// generator makes values of a kind, about half of them right.
type generator struct{ *rand.Rand }

func (g generator) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + g.IntN(10))
	}
	return string(b)
}

func (g generator) date(from, to int) string {
	day := g.IntN(28) + 1
	if g.IntN(4) == 0 {
		day = g.IntN(34) // some impossible
	}
	return fmt.Sprintf("%04d%02d%02d", from+g.IntN(to-from), g.IntN(13), day)
}

var areas = []string{"110101", "110105", "120101", "130102", "310101", "310104", "320102", "330106", "370102", "440103", "440304", "510104", "610102", "650102",
	"810000", "820000", "830000", "990101", "911101", "469999"}

func (g generator) prc() string {
	d := values(areas[g.IntN(len(areas))] + g.date(1930, 2024) + g.digits(4))
	if g.IntN(2) == 0 {
		for d[17] = 0; d[17] <= digitX && !prcCheck(d); d[17]++ {
		}
	}
	return digitString(d)
}

func (g generator) rrn() string {
	d := values(g.date(1900, 2000)[2:] + "12349"[g.IntN(5):][:1] + g.digits(6))
	if g.IntN(2) == 0 {
		for d[12] = 0; d[12] < 9 && !rrnCheck(d); d[12]++ {
		}
	}
	return digitString(d[:6]) + "-" + digitString(d[6:])
}

func (g generator) card() string {
	prefix := []string{"622848", "621700", "411111", "545454", "601100", "356600", "955880"}[g.IntN(7)]
	d := values(prefix + g.digits(10+g.IntN(4)))
	if g.IntN(2) == 0 {
		last := len(d) - 1
		for d[last] = 0; d[last] < 9 && !luhn(d); d[last]++ {
		}
	}
	return digitString(d)
}

func (g generator) uscc() string {
	b := []byte("9" + "1"[:1] + g.digits(6))
	for len(b) < 17 {
		b = append(b, usccAlphabet[g.IntN(len(usccAlphabet))])
	}
	b = append(b, usccAlphabet[g.IntN(31)])
	if g.IntN(2) == 0 {
		for i := 0; i < 31 && !usccCheck(string(b)); i++ {
			b[17] = usccAlphabet[i]
		}
	}
	b[9] = "abcdefgh"[g.IntN(8)]
	return strings.ToUpper(string(b))
}

func (g generator) ssn() string { return g.digits(3) + "-" + g.digits(2) + "-" + g.digits(4) }

func (g generator) phone() question {
	q := question{kind: leak.Phone}
	switch g.IntN(6) {
	case 0, 1:
		q.region, q.value = "CN", "1"+g.digits(10)
	case 2:
		q.region, q.value = "KR", "010-"+g.digits(4)+"-"+g.digits(4)
	case 3:
		q.region, q.value = "TW", "09"+g.digits(8)
	case 4:
		q.value = "+852 " + g.digits(4) + " " + g.digits(4)
	case 5:
		q.region, q.value = "US", "("+g.digits(3)+") "+g.digits(3)+"-"+g.digits(4)
	}
	return q
}

func (g generator) questions(n int) []question {
	qs := make([]question, 0, n)
	for len(qs) < n {
		switch g.IntN(7) {
		case 0:
			qs = append(qs, question{leak.PRCID, "", g.prc()})
		case 1:
			qs = append(qs, question{leak.RRN, "", g.rrn()})
		case 2:
			qs = append(qs, question{leak.BankCardNo, "", g.card()})
		case 3:
			qs = append(qs, question{leak.USCC, "", g.uscc()})
		case 4:
			qs = append(qs, question{leak.SSN, "", g.ssn()})
		default:
			qs = append(qs, g.phone())
		}
	}
	return qs
}

// The known disagreements. Each is a decision of ours, not a slip.
func disagreement(q question, oracle string, valid bool) string {
	switch {
	case q.kind == leak.PRCID && valid && oracle == "InvalidComponent" && strings.HasPrefix(q.value, "8"):
		return "81, 82 and 83 are residence permits, whose areas stdnum does not list"
	case q.kind == leak.PRCID && valid && oracle == "InvalidComponent" && strings.HasPrefix(q.value, "9"):
		return "9 is a foreigner's permanent residence card of 2023"
	case q.kind == leak.PRCID && valid && oracle == "InvalidComponent":
		return "an area that was retired, or that stdnum does not list for the year, still is an ID"
	case q.kind == leak.RRN && valid && oracle == "InvalidComponent":
		return "since October 2020 the digits of the place of birth are random"
	case q.kind == leak.SSN && valid && oracle == "InvalidComponent" && ssnAdvertised(q.value):
		return "stdnum refuses three numbers that became known; they are masked"
	case q.kind == leak.Phone && valid && !strings.HasPrefix(oracle, "ok"):
		return "a number of a range that is not in use is masked all the same"
	case q.kind == leak.Phone && !valid && strings.HasPrefix(q.value, "(8"):
		return "a free call is a shop's, not a person's"
	}
	return ""
}

func ssnAdvertised(v string) bool {
	return v == "078-05-1120" || v == "457-55-5462" || v == "219-09-9999"
}

func TestIdentifiersAgreeWithStdnumAndPhonenumbers(t *testing.T) {
	const n, seed = 120_000, 20260101
	questions := generator{rand.New(rand.NewPCG(seed, seed))}.questions(n)
	answers := ask(t, questions)
	reasons, agreed := map[string]int{}, map[leak.IdentifierKind]int{}
	for i, q := range questions {
		valid, canonical := ours(q)
		theirs := strings.HasPrefix(answers[i], "ok")
		if reason := disagreement(q, answers[i], valid); valid != theirs && reason != "" {
			reasons[reason]++
			continue
		}
		if valid != theirs {
			t.Errorf("%s %s: valid %v, the oracle says %s", q.kind, q.value, valid, answers[i])
			continue
		}
		agreed[q.kind]++
		if want := strings.ReplaceAll(strings.TrimPrefix(answers[i], "ok "), "-", ""); valid && canonical != want {
			t.Errorf("%s %s: canonical %s, want %s", q.kind, q.value, canonical, want)
		}
	}
	for _, k := range []leak.IdentifierKind{leak.PRCID, leak.RRN, leak.BankCardNo, leak.USCC, leak.SSN, leak.Phone} {
		if agreed[k] < n/10 {
			t.Errorf("only %d values of %s compared", agreed[k], k)
		}
	}
	t.Logf("%d values, agreed %v, known disagreements %v", n, agreed, reasons)
}

// ours is what Find says of a value that stands alone.
func ours(q question) (valid bool, canonical string) {
	for _, f := range find(q.value) {
		if f.Kind == q.kind && f.Valid {
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
