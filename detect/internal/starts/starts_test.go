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
	s := New("骗子", "骗子勿扰", "fake")
	for text, want := range map[string]int{"骗子勿扰": len("骗子勿扰"), "a fake, 骗子": len("a fake, 骗子"), "fake it": 4, "nothing": 0, "": 0} {
		if got := s.LastEnd(text); got != want {
			t.Errorf("LastEnd(%q) = %d, want %d", text, got, want)
		}
	}
}
