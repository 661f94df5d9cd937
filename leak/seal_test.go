package leak

import (
	"fmt"
	"strings"
	"testing"
)

func keyring(t *testing.T, lines ...string) *Keyring {
	t.Helper()
	kr, err := ParseKeyring([]byte(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return kr
}

func keyLineOf(t *testing.T) string {
	t.Helper()
	line, err := NewKeyLine()
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func TestIdentitiesStayWhileKeysComeAndGo(t *testing.T) {
	old, fresh, other := keyLineOf(t), keyLineOf(t), keyLineOf(t)
	i, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	want := i.Listing("s", "", "/t/5-13812345678")
	sealed, err := keyring(t, old).Seal(i)
	if err != nil {
		t.Fatal(err)
	}
	both, err := keyring(t, fresh, old).Unseal(sealed)
	if err != nil {
		t.Fatal(err)
	}
	if sealed, err = keyring(t, fresh, old).Seal(both); err != nil {
		t.Fatal(err)
	}
	rotated, err := keyring(t, fresh).Unseal(sealed)
	if err != nil || rotated.Listing("s", "", "/t/5-13812345678") != want {
		t.Errorf("the identity changed with its key: %v", err)
	}
	if _, err := keyring(t, other).Unseal(sealed); err == nil {
		t.Error("another key opens it")
	}
	for _, b := range sealed {
		b[len(b)-1] ^= 1
	}
	if _, err := keyring(t, fresh, old).Unseal(sealed); err == nil {
		t.Error("a changed one opens")
	}
}

func TestAnIdentityCannotBeGuessedOrPrinted(t *testing.T) {
	a, _ := NewIdentity()
	b, _ := NewIdentity()
	var none *Identity
	if a.Of("x") == b.Of("x") || a.Of("x") == none.Of("x") {
		t.Error("the secret does not decide")
	}
	if a.Of("a", "bc") == a.Of("ab", "c") {
		t.Error("different parts have one identity")
	}
	if s := fmt.Sprintf("%v %+v %#v %s", a, a, a, a); strings.Contains(s, fmt.Sprint(a.secret[0], " ", a.secret[1])) || len(s) > 60 {
		t.Errorf("printed %s", s)
	}
}
