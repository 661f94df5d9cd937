package detect

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The sides only spare the search for a regex where it cannot stand.
func TestTheSidesOfARegexAreInEveryMatch(t *testing.T) {
	exprs := []string{`\bread(s|ing)? (three|the) (digits|code)\b`, `\bgot \d[\d,.]*k?\b`, `\b(1|one) week [-–:=]`,
		`\b\d ?(k|m)? ?(\w{1,9} ){0,2}leads\b`, `(?i)leads\b`, `\b(reads?|got|(the){2}|week.?) (three|one) leads\b`, `^\d?leads`, `[^k]*\Bgot `, `(leads|wares)`, `leads`}
	words := []string{"read", "reads", "the", "three", "digits", "code", "got", "5", "12k", "1", "one", "week", "-", ":", "leads", "Leads", "k", "你", "\n"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 9).Draw(t, "words"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "gap"))
		for _, expr := range exprs {
			re := regexp.MustCompile(expr)
			for _, literal := range []string{"read", "got ", " week ", "leads", " leads"} {
				sides := sidesOf(expr, literal)
				if re.MatchString(s) && !sides.in(s) {
					t.Fatalf("%q is in %q, its sides %v are not", expr, s, sides)
				}
			}
		}
	})
}

func TestSidesTellWhatCannotMatch(t *testing.T) {
	sides := sidesOf(`\b(may|must not) read(s|ing)? (three|the) (digits|code)\b`, " read")
	for s, want := range map[string]bool{"may read the code": true, "may read the book": false, "may read the book, must not read the digits": true,
		"may reading": false, "i read the code": false, "dismay read the code": false} {
		if sides.in(s) != want {
			t.Errorf("%q: %v, want %v", s, !want, want)
		}
	}
}
