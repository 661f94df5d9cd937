package stops

import "testing"

func TestNextStopsAtAsciiAndMembers(t *testing.T) {
	s := Of("微信", "é")
	for _, c := range []struct {
		text string
		from int
		want int
	}{
		{"", 0, 0},
		{"身份", 0, 6},
		{"身份微", 0, 6},
		{"身a信", 0, 3},
		{"微信", 0, 0},
		{"微信", 3, 3},
		{"身üé", 0, 5},
		{"身😀", 0, 3}, // above 0xFFFF all may be members
		{"身\xe5", 0, 4},
	} {
		if got := s.Next(c.text, c.from); got != c.want {
			t.Errorf("Next(%q, %d) = %d, want %d", c.text, c.from, got, c.want)
		}
	}
}

func TestAUnionHoldsTheMembersOfAllSets(t *testing.T) {
	u := Union(Of("微"), Of("单", "é"))
	for r, want := range map[rune]bool{'微': true, '单': true, 'é': true, '价': false, 'è': false} {
		if u.May(r) != want {
			t.Errorf("May(%c) = %v", r, !want)
		}
	}
}
