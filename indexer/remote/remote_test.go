package remote

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/indexer/indextest"
)

func open(t *testing.T) indexer.Engine {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "s")
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Listen(ctx, indextest.NewMemory(), socket) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	for {
		e, err := Dial(t.Context(), socket)
		if err == nil {
			t.Cleanup(func() { _ = e.Close() })
			return e
		}
		select {
		case err := <-ended:
			t.Fatal(err)
		default:
		}
	}
}

func TestAnEngineBehindASocketObeysTheContract(t *testing.T) { indextest.Engine(t, open) }
