package ends

import "testing"

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func TestTheFirstWordInTheOrderGivenEndsAText(t *testing.T) {
	e := New(isLetter, "只要", "要", "at", ">=", ">")
	for text, want := range map[string]int{
		"只要": len("只要"), "还要": len("要"), "at": 2, "price at": 2, "5at": 2, "flat": 0, "看at": 2,
		"5>=": 2, "5>": 1, "a>": 0, "要价": 0, "\xe8": 0, "": 0,
	} {
		if got := e.Of(text); got != want {
			t.Errorf("Of(%q) = %d, want %d", text, got, want)
		}
		if e.In(text) != (want > 0) {
			t.Errorf("In(%q) = %v", text, want <= 0)
		}
	}
}

func TestWordsMayStandBehindAnything(t *testing.T) {
	if e := New(nil, "at"); e.Of("flat") != 2 || e.Of("at") != 2 {
		t.Error("a word behind a letter is not found")
	}
}
