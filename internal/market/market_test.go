package market

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func fixed() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func get(t *testing.T, m *Market, path string, header http.Header) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header = header
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s: %d", path, w.Code)
	}
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestTheSameSeedGivesTheSameMarket(t *testing.T) {
	a, b := New(7, fixed), New(7, fixed)
	for range 20 {
		a.Step()
		b.Step()
	}
	if !reflect.DeepEqual(a.Truth(), b.Truth()) {
		t.Error("two markets of one seed differ")
	}
	if reflect.DeepEqual(a.Truth(), New(8, fixed).Truth()) {
		t.Error("two seeds give one market")
	}
}

func TestAMarketHasFourHundredListingsHalfOfThemHits(t *testing.T) {
	for seed := range uint64(5) {
		truth := New(seed, fixed).Truth()
		hits, languages := 0, map[string]int{}
		for _, it := range truth {
			languages[it.Language]++
			if it.Hit {
				hits++
			}
		}
		if len(truth) < 400 || hits < len(truth)/3 || hits > len(truth)*4/5 || len(languages) != 3 {
			t.Errorf("seed %d: %d listings, %d hits, %v", seed, len(truth), hits, languages)
		}
	}
}

func TestStepsChangePricesSellOutAndRepost(t *testing.T) {
	m := New(3, fixed)
	for range 200 {
		m.Step()
	}
	var changed, sold, reposts int
	for _, it := range m.Truth() {
		if it.Changes > 0 {
			changed++
		}
		if it.SoldOut {
			sold++
		}
		if it.RepostOf > 0 {
			reposts++
		}
		if strings.Contains(it.Body+it.Title, "{") {
			t.Errorf("an unfilled placeholder: %s %s", it.Title, it.Body)
		}
	}
	if changed == 0 || sold == 0 || reposts == 0 {
		t.Errorf("%d changed, %d sold out, %d reposts", changed, sold, reposts)
	}
}

func TestEverySectionListsAllItsItemsOverItsPages(t *testing.T) {
	m := New(1, fixed)
	for _, s := range Sections() {
		header := http.Header{"Cookie": {Cookie}}
		var all strings.Builder
		for _, page := range []string{"1", "2", "3", "4", "5"} {
			body := get(t, m, "/"+s.Name+"/?page="+page, header)
			if s.GBK {
				decoded, err := simplifiedchinese.GBK.NewDecoder().String(body)
				if err != nil {
					t.Fatal(err)
				}
				body = decoded
			}
			all.WriteString(body)
		}
		for _, it := range m.Truth() {
			if it.Section == s.Name && strings.Count(all.String(), `"`+it.Path+`"`) != 1 {
				t.Errorf("%s is not listed once", it.Path)
			}
		}
	}
}

func TestLoginAndBreak(t *testing.T) {
	m := New(1, fixed)
	if body := get(t, m, "/vip/", nil); !strings.Contains(body, "password") {
		t.Error("the login section shows itself without the cookie")
	}
	if body := get(t, m, "/vip/", http.Header{"Cookie": {Cookie}}); !strings.Contains(body, "item/") {
		t.Error("the login section hides itself with the cookie")
	}
	m.Break()
	if body := get(t, m, "/zh/", nil); strings.Contains(body, "item/") {
		t.Error("a broken section shows listings")
	}
}
