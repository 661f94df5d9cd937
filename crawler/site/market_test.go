package site_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/internal/market"
)

func TestX(t *testing.T) {
	s := httptest.NewServer(market.New(1, time.Now).Handler())
	defer s.Close()
	start := s.URL + "/en/"
	if v := os.Getenv("START"); v != "" {
		start = s.URL + v
	}
	w := &walk{t: t, client: s.Client()}
	w.run(start)
	for i, l := range w.listings {
		if i < 6 || testing.Verbose() && i < 20 {
			fmt.Printf("%d %s | %s | %q | %s | %s %v | %s %s\n", i, l.URL, l.Title, l.Body, l.Seller, l.Price, l.SoldOut, l.PostedAt, l.Files)
		}
	}
	fmt.Println(len(w.listings), w.requests, w.kind.Name())
	_ = site.Names()
}
