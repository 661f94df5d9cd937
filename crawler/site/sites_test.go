package site_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/leak"
)

var update = flag.Bool("update", false, "write what is read into the fixtures of testdata/sites")

// fetched is when the pages of the fixtures were fetched.
var fetched = time.Date(2024, 5, 4, 12, 0, 0, 0, time.UTC)

// TestSitesAreReadByTheirAddressAlone walks each fixture, a whole small site,
// from its first page and compares the listings with the file "want" at its
// end.
func TestSitesAreReadByTheirAddressAlone(t *testing.T) {
	names, err := filepath.Glob("testdata/sites/*.txtar")
	if err != nil || len(names) < 12 {
		t.Fatalf("%d fixtures, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar := readArchive(t, name)
			want, pages := "", ar.files
			if last := ar.files[len(ar.files)-1]; last.name == "want" {
				want, pages = last.data, ar.files[:len(ar.files)-1]
			}
			got := dump(walkFixture(t, pages))
			if *update {
				ar.files = append(pages, file{"want", got})
				ar.write(t, name)
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("read otherwise than wanted (-want +got):\n%s", diff)
			}
		})
	}
}

func walkFixture(t *testing.T, pages []file) *walk {
	t.Helper()
	w := &walk{t: t, client: &http.Client{Transport: fixture(pages)}, fetched: fetched}
	w.run("http://site.test" + pages[0].name)
	return w
}

// fixture answers requests from the files of an archive, by path and query.
type fixture []file

func (f fixture) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	rec.Header().Set("Content-Type", "text/html; charset=utf-8")
	if strings.HasSuffix(r.URL.Path, ".xml") {
		rec.Header().Set("Content-Type", "application/rss+xml")
	}
	rec.Code = http.StatusNotFound
	for _, file := range f {
		if file.name == r.URL.RequestURI() {
			rec.Code = http.StatusOK
			rec.Body.WriteString(file.data)
		}
	}
	resp := rec.Result()
	resp.Request = r
	return resp, nil
}

// dump writes listings for people to check.
func dump(w *walk) string {
	var b strings.Builder
	fmt.Fprintf(&b, "kind %s, %d requests", w.kind.Name(), w.requests)
	if len(w.missing) > 0 {
		fmt.Fprintf(&b, ", not there: %s", strings.Join(w.missing, " "))
	}
	b.WriteString("\n")
	for _, l := range w.listings {
		b.WriteString("\n" + dumpListing(l))
	}
	return b.String()
}

func dumpListing(l leak.Raw) string {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, value)
		}
	}
	number := func(n *int64) string {
		if n == nil {
			return ""
		}
		return fmt.Sprint(*n)
	}
	line("url", l.URL)
	line("id", l.SiteID)
	line("title", l.Title)
	line("seller", l.Seller)
	line("price", strings.TrimSpace(l.Price+" "+l.Currency))
	line("sold", number(l.Sold))
	line("stock", number(l.Stock))
	if l.SoldOut {
		line("sold out", "yes")
	}
	if !l.PostedAt.IsZero() {
		line("posted", l.PostedAt.Format(time.RFC3339))
	}
	line("files", strings.Join(l.Files, " | "))
	line("images", l.Extra["images"])
	line("cut", strings.Join(l.Cut, " "))
	for s := range strings.SplitSeq(l.Body, "\n") {
		b.WriteString("| " + s + "\n")
	}
	return b.String()
}

// TestASecondReadingGivesTheSame reads the pages of all fixtures twice, with
// trees of their own: no answer may depend on the order of a map.
func TestASecondReadingGivesTheSame(t *testing.T) {
	names, err := filepath.Glob("testdata/sites/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		for _, f := range readArchive(t, name).files {
			read := func() (results []site.Result) {
				for _, kind := range site.Names()[2:] {
					k, err := site.ByName(kind)
					if err != nil {
						t.Fatal(err)
					}
					p := &site.Page{URL: mustURL(t, "http://site.test/"), Body: []byte(f.data), ContentType: "text/html", Fetched: fetched}
					results = append(results, k.Read(p, site.Hints{}), k.Read(p, site.Hints{Link: &site.Link{}}))
				}
				return results
			}
			if diff := cmp.Diff(read(), read()); diff != "" {
				t.Errorf("%s %s: %s", name, f.name, diff)
			}
		}
	}
}
