package text

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A survey after edits knows the same places as one of the edited text.
func TestASurveyIsTheSameAfterEditsAsAnew(t *testing.T) {
	runes := []rune("身份证人脸照片微薇掱卍囧一五八신분증통장사ㄴㅏoli4580abszfhen @$+|(*- .,，。✈é\n")
	pieces := rapid.StringOfN(rapid.SampledFrom(runes), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		var s string
		var edits []edit
		for range rapid.IntRange(1, 4).Draw(t, "edits") {
			s += pieces.Draw(t, "kept")
			cut := rapid.StringOfN(rapid.SampledFrom(runes), 0, 3, -1).Draw(t, "cut")
			edits = append(edits, edit{start: len(s), end: len(s) + len(cut), to: rapid.StringOfN(rapid.SampledFrom(runes), 0, 3, -1).Draw(t, "to")})
			s += cut
		}
		s += pieces.Draw(t, "end")
		after, anew := &survey{lexis: lexicon()}, &survey{lexis: lexicon()}
		after.begin(s)
		u := apply(&Folded{Original: s, Text: s}, edits)
		after.edited(u.Text, edits, separatorTrick)
		anew.begin(u.Text)
		for k := separatorTrick; k < trickCount; k++ {
			if !slices.Equal(after.places[k], anew.places[k]) {
				t.Fatalf("%q to %q, trick %d: places %s, want %s", s, u.Text, k, fmt.Sprint(after.places[k]), fmt.Sprint(anew.places[k]))
			}
		}
	})
}
