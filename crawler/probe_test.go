package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/indexer"
)

func TestProbeTellsWhatASourceWouldGiveAndSavesNothing(t *testing.T) {
	s := newShop(100)
	s.robots = "user-agent: *\ndisallow: /admin/\n"
	w := newWorld(t, s, "/shop/")
	res, err := w.c.Probe(context.Background(), w.src.URL, w.src)
	if err != nil {
		t.Fatal(err)
	}
	if res.Kind != "selectors" || res.Health != OK || res.Robots != "allowed" || res.Charset != "utf-8" || res.Title != "Shop" || res.Status != 200 {
		t.Errorf("probe says %+v", res)
	}
	if len(res.Listings) != probeDetails || res.Details != 20 || !strings.HasSuffix(res.Next, "?page=2") || res.Requests != 2+probeDetails {
		t.Errorf("%d listings, %d details, next %q, %d requests", len(res.Listings), res.Details, res.Next, res.Requests)
	}
	for _, bucket := range []string{pagesBucket, sourcesBucket, ticksBucket, leasesBucket} {
		entries, err := w.state.Scan(context.Background(), bucket, indexer.Scan{Limit: 10})
		if err != nil || len(entries) > 0 {
			t.Errorf("bucket %s holds %v (%v)", bucket, entries, err)
		}
	}
	if len(w.sink.pages) != 0 {
		t.Error("something was committed")
	}
}

func TestProbeSaysWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		wrap func(http.ResponseWriter, *http.Request) bool
		want Health
	}{
		"robots": {func(w http.ResponseWriter, r *http.Request) bool {
			fmt.Fprint(w, "user-agent: leakwatch\ndisallow: /\n")
			return true
		}, Disallowed},
		"login":   {answering(200, "<input type=password>"), LoggedOut},
		"blocked": {answering(403, "no"), Blocked},
		"down":    {answering(500, "no"), Unreachable},
		"empty":   {answering(200, "<html></html>"), Blind},
	} {
		s := newShop(10)
		s.wrap = tc.wrap
		w := newWorld(t, s, "/shop/")
		res, err := w.c.Probe(context.Background(), w.src.URL, w.src)
		if err != nil || res.Health != tc.want || len(res.Problems) == 0 {
			t.Errorf("%s: %s, problems %q, %v", name, res.Health, res.Problems, err)
		}
	}
}

func TestProbeOfFaultyAddressesAndSettings(t *testing.T) {
	w := newWorld(t, newShop(1), "/shop/")
	for _, address := range []string{"", "shop", "http://", "://x", "http://a b/"} {
		if _, err := w.c.Probe(context.Background(), address, w.src); err == nil {
			t.Errorf("%q: no error", address)
		}
	}
	src := w.src
	src.Kind = "no such kind"
	if _, err := w.c.Probe(context.Background(), w.src.URL, src); err == nil {
		t.Error("an unknown kind: no error")
	}
	src = w.src
	src.CookieFile = "/nowhere/cookie"
	if _, err := w.c.Probe(context.Background(), w.src.URL, src); err == nil {
		t.Error("a missing cookie file: no error")
	}
	src = w.src
	src.AllowPrivate = false
	res, err := w.c.Probe(context.Background(), w.src.URL, src)
	if err != nil || res.Health == OK || !strings.Contains(strings.Join(res.Problems, " "), "allow_private") {
		t.Errorf("a private address: %s, %q, %v", res.Health, res.Problems, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := w.c.Probe(ctx, w.src.URL, w.src); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}
