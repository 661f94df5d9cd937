package app

import (
	"bytes"
	"errors"
	"os"
	"sync"
	"testing"

	"github.com/leakwatch/leakwatch/leak"
)

func ringOf(t *testing.T, lines ...string) *leak.Keyring {
	t.Helper()
	var b bytes.Buffer
	for _, l := range lines {
		b.WriteString(l + "\n")
	}
	kr, err := leak.ParseKeyring(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return kr
}

func newLine(t *testing.T) string {
	t.Helper()
	line, err := leak.NewKeyLine()
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// Restarts, a new key and the end of the old one leave the ids of listings as
// they are; another key gets nothing.
func TestIdsOfListingsOutliveTheirKeys(t *testing.T) {
	a := open(t, "")
	want := a.identity.Listing("s", "", "/t/1")
	state, err := os.ReadFile(KeyPath(a.opt.Config, a.opt.Data))
	if err != nil {
		t.Fatal(err)
	}
	old, fresh := string(state), newLine(t)
	for _, lines := range [][]string{{old}, {fresh, old}, {fresh}} {
		id, err := loadIdentity(t.Context(), a.engine, ringOf(t, lines...))
		if err != nil || id.Listing("s", "", "/t/1") != want {
			t.Errorf("with %d keys: another identity, or %v", len(lines), err)
		}
	}
	if _, err := loadIdentity(t.Context(), a.engine, ringOf(t, newLine(t))); !errors.Is(err, ErrKey) {
		t.Errorf("another key: %v", err)
	}
}

func TestProcessesThatStartAtOnceShareOneIdentity(t *testing.T) {
	a := open(t, "")
	e, err := a.engine.Load(t.Context(), identityBucket, identityKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.engine.Remove(t.Context(), identityBucket, identityKey, e.Version); err != nil {
		t.Fatal(err)
	}
	var got [8]string
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			id, err := loadIdentity(t.Context(), a.engine, a.keys)
			if err != nil {
				t.Error(err)
				return
			}
			got[i] = id.Of("x")
		})
	}
	wg.Wait()
	for _, g := range got {
		if g != got[0] {
			t.Fatal("two identities")
		}
	}
}
