package realsite

import (
	"io"
	"net/http"
	"os"
	"testing"
)

func TestDebug(t *testing.T) {
	for _, start := range []func(testing.TB, uint64) *Site{StartSpirit, StartOscar} {
		s := start(t, Seed(t))
		resp, err := http.Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		os.WriteFile("/tmp/lw/site/"+s.Kind+".html", b, 0o600)
		t.Log(resp.StatusCode, s.Requests(), s.Truth()[:3])
	}
}
