package stops

import (
	"slices"
	"testing"
)

func TestATableKnowsTheListsOfItsCharacters(t *testing.T) {
	lists := map[rune][]string{'微': {"微信", "微"}, '心': {"心"}, '信': {"信"}, '€': {"€"}, '🐧': {"🐧"}}
	table := NewTable(lists)
	for r, want := range lists {
		if got := table.Of(r); !slices.Equal(got, want) {
			t.Errorf("Of(%c) = %q, want %q", r, got, want)
		}
	}
	for _, r := range "徽位£📞a" {
		if got := table.Of(r); got != nil {
			t.Errorf("Of(%c) = %q", r, got)
		}
	}
	if !table.May('微') || table.May('位') {
		t.Error("the table is not the set of its characters")
	}
}
