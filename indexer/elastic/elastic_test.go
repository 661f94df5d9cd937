package elastic

import (
	"testing"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/indexer/indextest"
	"github.com/leakwatch/leakwatch/internal/estest"
)

func open(t *testing.T) indexer.Engine {
	t.Helper()
	e, err := Open(t.Context(), estest.Config(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func TestElasticsearchObeysTheContract(t *testing.T) { indextest.Engine(t, open) }
