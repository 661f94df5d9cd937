package ident

import (
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/text"
)

// A chain longer than is judged at once is consumed, not read again from each
// of its characters, and what stands behind it is found.
func TestAChainLongerThanAnyIsPassedOver(t *testing.T) {
	for _, unit := range []string{"*", "●", "1", "1 "} {
		s := strings.Repeat(unit, maxChain+1000) + "\n身份证 11010119900307771X 邮箱 someone@example.com"
		f := text.Fold(s)
		r := reader{f: f, s: f.Text}
		if unit == "*" {
			if end := r.chainAt(0); end < maxChain {
				t.Errorf("the chain of %d masks ends at %d", maxChain+1000, end)
			}
		}
		found := false
		for _, x := range Find(f, nil) {
			found = found || s[x.Start:x.End] == "someone@example.com"
		}
		if !found {
			t.Errorf("behind %d times %q the address is not found", maxChain+1000, unit)
		}
	}
}
