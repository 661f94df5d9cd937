package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

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

// What the survey passes over is never looked at again.
func TestTheSurveyNotesEveryWordInPinyin(t *testing.T) {
	x := lexicon()
	eachRow(vocabularyTSV, func(c []string) {
		for _, joint := range []string{"", " ", "-"} {
			var syllables []string
			for _, r := range c[0] {
				if readings := x.sounds.of(r); len(readings) > 0 {
					syllables = append(syllables, x.sounds.names[readings[0]])
				}
			}
			if len(syllables) == utf8.RuneCountInString(c[0]) {
				if s := strings.Join(syllables, joint); !notesBegin(x, s, wordTrick) {
					t.Errorf("%s: nothing is looked for at %q", c[0], s)
				}
			}
		}
	})
}

func TestTheSurveyNotesEveryKoreanWord(t *testing.T) {
	x := lexicon()
	eachRow(koreanTSV, func(c []string) {
		if !notesBegin(x, c[0], hangulTrick) {
			t.Errorf("nothing is looked for at %s", c[0])
		}
	})
}

// notesBegin reports whether a survey of s notes its begin.
func notesBegin(x *lexis, s string, k trick) bool {
	v := survey{lexis: x}
	v.begin(s)
	return len(v.places[k]) > 0 && v.places[k][0] == 0
}

// A stroke gives the second syllable another vowel than the survey sees.
func TestAStrokeClosesTheSecondSyllable(t *testing.T) {
	if u := Unhide(Fold("안전 거라l 가능")); u.Text != "안전 거래 가능" {
		t.Errorf("got %q", u.Text)
	}
}
