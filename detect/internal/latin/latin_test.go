package latin

import "testing"

func TestOnlyTheWordsOfADictionaryMeanSomething(t *testing.T) {
	w := New(map[string]int{"usd": 1, "u": 2, "a word much longer than thirty-two bytes": 3})
	for word, want := range map[string]int{"usd": 1, "u": 2, "a word much longer than thirty-two bytes": 3, "": 0, "us": 0, "usdt": 0, "uxd": 0, "a word": 0} {
		got, ok := w.Of(word)
		if got != want || ok != (want > 0) || w.Value(word) != want {
			t.Errorf("%q means %d, %v; want %d", word, got, ok, want)
		}
		if want > 0 && !w.May(word) {
			t.Errorf("%q may not be there", word)
		}
	}
}

func TestAMergedDictionaryHoldsTheWordsOfAll(t *testing.T) {
	w := Merge(New(map[string]int{"ten": 10}), New(map[string]int{"half": 2}))
	if w.Value("ten") != 10 || w.Value("half") != 2 || w.Value("two") != 0 {
		t.Errorf("ten is %d, half %d, two %d", w.Value("ten"), w.Value("half"), w.Value("two"))
	}
}

func TestASetHoldsTheWordsOfItsList(t *testing.T) {
	s := Set("pcs piece\n\tset")
	if words := New(map[string]int{"ten": 10}).Set(); !words.Value("ten") || words.Value("two") {
		t.Error("the words of a dictionary are no set")
	}
	for word, want := range map[string]bool{"pcs": true, "piece": true, "set": true, "pc": false, "": false} {
		if s.Value(word) != want {
			t.Errorf("%q: %v", word, !want)
		}
	}
}
