package detect

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

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
		{"대여", "통장 대 여 합니다", "대 여"},
		{"대여", "20대 여 1명", ""},
		{"본보", "대본 보고 찍음", ""},
		{"본보", "이번본보", "본보"},
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

// stands returns the end of an occurrence of a term at s[at:], by the rules
// alone: one character after the other, -1 if there is none.
func stands(term, s string, at int) []int {
	if term == "" {
		return []int{at}
	}
	var ends []int
	if at < len(s) && term[0] == ' ' {
		for n := 1; n <= 3 && at+n <= len(s) && strings.Trim(s[at:at+n], separators) == ""; n++ {
			if n == 3 || at+n == len(s) || !strings.Contains(separators, s[at+n:at+n+1]) {
				ends = append(ends, stands(term[1:], s, at+n)...)
			}
		}
		return ends
	}
	if at > 0 && at+1 < len(s) && s[at] == ' ' && s[at+1] != ' ' && (s[at-1] >= utf8.RuneSelf || s[at+1] >= utf8.RuneSelf) {
		at++
	}
	r, n := utf8.DecodeRuneInString(term)
	if strings.HasPrefix(s[at:], string(r)) {
		return stands(term[n:], s, at+n)
	}
	return nil
}

func TestTheMatcherFindsWhatTheRulesSay(t *testing.T) {
	letters := []rune("人脸ab1 -_@얼")
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom(letters), 1, 4, -1), 1, 20).Draw(t, "terms")
		s := rapid.StringOfN(rapid.SampledFrom(append(letters, 's', '\n', '的')), 0, 40, -1).Draw(t, "text")
		var patterns []pattern
		want := map[string]bool{}
		for _, w := range words {
			p := newPattern(strings.Join(strings.Fields(w), " "))
			if p.text == "" {
				continue
			}
			patterns = append(patterns, p)
			for at, r := range s {
				if r == ' ' || r != []rune(p.text)[0] {
					continue
				}
				for _, end := range stands(p.text, s, at) {
					if end = p.fit(s, at, end); end >= 0 {
						want[fmt.Sprint(p.text, at, end)] = true
					}
				}
			}
		}
		if len(patterns) == 0 {
			return
		}
		got := map[string]bool{}
		last := span{}
		newMatcher(patterns).scan(s, func(term int32, at span) {
			if at.start < last.start {
				t.Fatalf("%v reported after %v", at, last)
			}
			last = at
			got[fmt.Sprint(patterns[term].text, at.start, at.end)] = true
		})
		if !maps.Equal(got, want) {
			t.Fatalf("%q in %q: found %v, want %v", words, s, got, want)
		}
	})
}

func TestALongTextIsMatchedAsAShortOne(t *testing.T) {
	m := newMatcher([]pattern{newPattern("人脸"), newPattern("脸"), newPattern("face photo")})
	for _, unit := range []string{"人脸", "人脸的", "face photo ", "的"} {
		found := 0
		n := 3 * pieceSize / utf8.RuneCountInString(unit)
		m.scan(strings.Repeat(unit, n), func(int32, span) { found++ })
		one := 0
		m.scan(unit, func(int32, span) { one++ })
		if found != n*one {
			t.Errorf("%q: found %d times in %d, want %d", unit, found, n, n*one)
		}
	}
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
