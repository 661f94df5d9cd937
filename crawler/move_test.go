package crawler

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestASourceThatMovesToAnotherHostKeepsItsListings(t *testing.T) {
	s := newShop(60)
	w := newWorld(t, s, "/shop/")
	w.crawl()
	s.requests()
	other := httptest.NewServer(s)
	defer other.Close()
	w.src.URL = other.URL + "/shop/"
	rep := w.crawl()
	w.wantHealth(rep, OK)
	if rep.New != 0 || s.requests() != 2 { // robots.txt of the new host and the list
		t.Errorf("%d listings are new on the new host, in %d requests", rep.New, rep.Requests)
	}
}

func TestAStartAddressWithoutItsSlashUnderABasePath(t *testing.T) {
	s := newShop(30)
	mux := http.NewServeMux()
	mux.Handle("/base/", http.StripPrefix("/base", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, r)
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write([]byte(strings.ReplaceAll(rec.Body.String(), `"/shop/`, `"/base/shop/`)))
	})))
	w := newWorld(t, mux, "/base/shop")
	mux.Handle("/base/shop", http.RedirectHandler("/base/shop/", http.StatusMovedPermanently))
	w.src.Kind = "auto"
	w.wantHealth(w.crawl(), OK)
	if len(w.sink.listings) != 30 {
		t.Errorf("%d listings, want 30", len(w.sink.listings))
	}
}
