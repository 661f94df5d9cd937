package crawler

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/leak"
)

type leakRaw = leak.Raw

// threads is a kind whose detail pages go on.
type threads struct{ site.Kind }

var nextPage = regexp.MustCompile(`<a class=next href="([^"]+)"`)

func (k threads) Read(p *site.Page, h site.Hints) site.Result {
	res := k.Kind.Read(p, h)
	if m := nextPage.FindSubmatch(p.Body); m != nil && h.Link != nil {
		res.Next = []string{p.Resolve(string(m[1]))}
	}
	return res
}

// panicky is a kind that fails on one page.
type panicky struct{ site.Kind }

func (k panicky) Read(p *site.Page, h site.Hints) site.Result {
	if strings.HasSuffix(p.URL.Path, "/item/7/") {
		panic("planned")
	}
	return k.Kind.Read(p, h)
}

func writeFile(t *testing.T, name, data string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}
