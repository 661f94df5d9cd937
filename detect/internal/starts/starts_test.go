package starts

import "testing"

func TestTheFirstWordInTheOrderGivenStandsAtAPlace(t *testing.T) {
	s := New("起批", "起", "min", "€")
	for _, c := range []struct {
		text string
		at   int
		want int
	}{
		{"起批", 0, len("起批")}, {"起飞", 0, len("起")}, {"50 min", 3, 3}, {"5€", 1, len("€")},
		{"min", 3, 0}, {"min", 9, 0}, {"飞", 0, 0}, {"\xe8", 0, 0}, {"", 0, 0},
	} {
		if got := s.At(c.text, c.at); got != c.want {
			t.Errorf("At(%q, %d) = %d, want %d", c.text, c.at, got, c.want)
		}
	}
}

func TestTheLastWordOfATextEndsFurthest(t *testing.T) {
	s := NewSearch("骗子", "骗子勿扰", "fake")
	for text, want := range map[string]int{"骗子勿扰": len("骗子勿扰"), "a fake, 骗子": len("a fake, 骗子"), "fake it": 4, "nothing": 0, "": 0} {
		if got := s.LastEnd(text); got != want {
			t.Errorf("LastEnd(%q) = %d, want %d", text, got, want)
		}
		if s.In(text) != (want > 0) {
			t.Errorf("In(%q) = %v", text, want <= 0)
		}
	}
}

func TestASearchPassesOverWhatBeginsNoWord(t *testing.T) {
	s := NewSearch("单位", "£50", "🐧", "in ")
	for _, c := range []struct {
		text string
		from int
		want int
	}{
		{"", 0, 0}, {"单", 0, 3}, {"单价单位", 0, 6}, {"单位单位", 3, 6}, {"a £50", 0, 2}, {"📞🐧", 0, 4},
		{"coin in ", 0, 2}, {"coin in ", 3, 5}, {"in", 0, 2}, {"\x8d单位", 0, 1}, {"\x90\x8din ", 0, 2}, {"in\xe5\x8d", 0, 4},
	} {
		if got := s.Next(c.text, c.from); got != c.want {
			t.Errorf("Next(%q, %d) = %d, want %d", c.text, c.from, got, c.want)
		}
	}
}

func TestAWordWithinAPartMayEndBehindIt(t *testing.T) {
	s := NewSearch("单位", "in ")
	for _, c := range []struct {
		text         string
		i, end, want int
	}{{"5单位", 0, 4, 1}, {"5单位", 0, 1, -1}, {"5单位", 2, 4, -1}, {"coin in ", 3, 9, 5}, {"coin in ", 3, 5, -1}, {"", 0, 1, -1}} {
		if got := s.Within(c.text, c.i, c.end); got != c.want {
			t.Errorf("Within(%q, %d, %d) = %d, want %d", c.text, c.i, c.end, got, c.want)
		}
	}
}
