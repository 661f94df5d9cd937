package detect

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The tail only spares the search for a regex where it cannot stand.
func TestTheTailOfARegexIsInEveryMatch(t *testing.T) {
	exprs := []string{`\bread(s|ing)? (three|the) (digits|code)\b`, `\bgot \d[\d,.]*k?\b`, `\b(1|one) week [-–:=]`,
		`\b\d ?(k|m)? ?(\w{1,9} ){0,2}leads\b`, `(?i)leads\b`, `(leads|wares)`, `leads`}
	words := []string{"read", "reads", "the", "three", "digits", "code", "got", "5", "12k", "1", "one", "week", "-", ":", "leads", "Leads", "k", "你", "\n"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 9).Draw(t, "words"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "gap"))
		for _, expr := range exprs {
			re := regexp.MustCompile(expr)
			for _, literal := range []string{"read", "got ", " week ", "leads"} {
				tail := tailOf(expr, literal)
				if re.MatchString(s) && !tail.in(s) {
					t.Fatalf("%q is in %q, its tail %v is not", expr, s, tail.re)
				}
			}
		}
	})
}

func TestATailTellsWhatCannotMatch(t *testing.T) {
	tail := tailOf(`\bread(s|ing)? (three|the) (digits|code)\b`, "read")
	for s, want := range map[string]bool{"read the code": true, "read the book": false, "read the book or read the digits": true, "reading": false} {
		if tail.in(s) != want {
			t.Errorf("%q: %v, want %v", s, !want, want)
		}
	}
}
