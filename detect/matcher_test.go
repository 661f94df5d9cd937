package detect

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func occurrences(term, s string) []string {
	var out []string
	newMatcher([]pattern{newPattern(term)}).scan(s, func(_ int32, at span) { out = append(out, s[at.start:at.end]) })
	return out
}

func TestTermsMatchAsWordsAreWritten(t *testing.T) {
	for _, c := range []struct{ term, text, want string }{
		{"人脸照片", "出售人脸照片一批", "人脸照片"},
		{"人脸照片", "人脸 照片", "人脸 照片"},
		{"人脸照片", "人脸  照片", ""},
		{"얼굴 사진", "얼굴사진", "얼굴사진"},
		{"얼굴사진", "얼굴 사진", "얼굴 사진"},
		{"눈깜빡임", "눈 깜빡임", "눈 깜빡임"},
		{"face photo", "face photos", "face photos"},
		{"face photo", "face-photo", "face-photo"},
		{"face photo", "face - photo", "face - photo"},
		{"face photo", "facephoto", ""},
		{"face photo", "surface photo", ""},
		{"face photo", "face photograph", ""},
		{"fullz", "500fullz", "fullz"},
		{"fullz", "@fullz", ""},
		{"fullz", "fullz_shop", ""},
		{"nfc数据", "nfc 数据", "nfc 数据"},
		{"收", "收卡", "收"},
		{"🤳自拍", "🤳自拍", "🤳自拍"},
	} {
		if got := strings.Join(occurrences(c.term, c.text), ","); got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.term, c.text, got, c.want)
		}
	}
}

func TestTheMatcherFindsWhatAPlainSearchFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("人脸照片出售卡证")), 1, 4, -1)
		terms := rapid.SliceOfNDistinct(word, 1, 12, rapid.ID).Draw(t, "terms")
		s := rapid.StringOfN(rapid.SampledFrom([]rune("人脸照片出售卡证,a1")), 0, 60, -1).Draw(t, "text")
		patterns := make([]pattern, len(terms))
		for i, w := range terms {
			patterns[i] = newPattern(w)
		}
		found := map[string]int{}
		newMatcher(patterns).scan(s, func(term int32, at span) {
			if s[at.start:at.end] != terms[term] {
				t.Fatalf("%q reported at %q", terms[term], s[at.start:at.end])
			}
			found[terms[term]]++
		})
		for _, w := range terms {
			if want := overlapping(s, w); found[w] != want {
				t.Fatalf("%q: found %d times, stands %d times", w, found[w], want)
			}
		}
	})
}

func overlapping(s, w string) int {
	n := 0
	for i := range s {
		if strings.HasPrefix(s[i:], w) {
			n++
		}
	}
	return n
}

func TestOnlyChangedLinesAreReadAgain(t *testing.T) {
	for _, c := range []struct{ plain, hidden, want string }{
		{"a\nb\nc\n", "a\nb\nc\n", ""},
		{"a\nb\nc\n", "a\nB\nc\n", "B\n"},
		{"a\nx\ny\nb\n", "a\nxy\nb\n", "xy\n"},
		{"一。二。三", "一。贰。三", "贰。"},
		{"", "new", "new"},
	} {
		var got strings.Builder
		changedLines(c.plain, c.hidden, func(s span) { got.WriteString(c.hidden[s.start:s.end]) })
		if got.String() != c.want {
			t.Errorf("%q to %q: read %q again, want %q", c.plain, c.hidden, got.String(), c.want)
		}
	}
}
