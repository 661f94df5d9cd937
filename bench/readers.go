package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/gocolly/colly/v2"
)

// reader is one way to read the site.
type reader struct {
	name  string
	says  string
	reads bool // gives fields
	read  func(site string, f flags, m *meter) (*outcome, error)
}

func readers() []reader {
	return []reader{
		{"fetch", "net/http, fetch only: a limit", false, readBare},
		{"colly", "colly, six OnHTML selectors, stores nothing: the peer", true, readWithColly},
		{"goquery", "net/http and goquery, links and fields, stores nothing", true, readWithGoquery},
		{"leakwatch", "leakwatch, the whole path to the embedded index", true, readWithLeakwatch},
	}
}

// readWithColly reads the site as colly's documentation shows: OnHTML with a
// selector per field, and links followed with Visit.
func readWithColly(site string, _ flags, m *meter) (*outcome, error) {
	if err := m.start(); err != nil {
		return nil, err
	}
	out := &outcome{Fields: map[string]fields{}}
	c := colly.NewCollector()
	current := map[string]*fields{}
	field := func(e *colly.HTMLElement) *fields {
		u := e.Request.URL.Path
		if current[u] == nil {
			current[u] = &fields{}
		}
		return current[u]
	}
	c.OnHTML("a[href]", func(e *colly.HTMLElement) { _ = e.Request.Visit(e.Attr("href")) })
	c.OnHTML("h1.subject", func(e *colly.HTMLElement) { field(e).Title = e.Text })
	c.OnHTML("span.author", func(e *colly.HTMLElement) { field(e).Seller = e.Text })
	c.OnHTML("span.price", func(e *colly.HTMLElement) { field(e).Price = e.Text })
	c.OnHTML("div.message", func(e *colly.HTMLElement) { field(e).Body = e.Text })
	c.OnHTML("span.date", func(e *colly.HTMLElement) { field(e).Date = e.Text })
	c.OnResponse(func(*colly.Response) { out.Cost.Requests++ })
	c.OnScraped(func(r *colly.Response) {
		if f := current[r.Request.URL.Path]; f != nil && strings.HasPrefix(r.Request.URL.Path, "/thread/") {
			out.Fields[r.Request.URL.Path] = *f
		}
	})
	if err := c.Visit(site + "/"); err != nil {
		return nil, fmt.Errorf("colly: %w", err)
	}
	m.stop()
	return out, nil
}

// readWithGoquery reads it with no framework: each page parsed once, links
// resolved when they are new.
func readWithGoquery(site string, _ flags, m *meter) (*outcome, error) {
	if err := m.start(); err != nil {
		return nil, err
	}
	out := &outcome{Fields: map[string]fields{}}
	err := walk(site, out, func(path string, body []byte) []string {
		doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
		if err != nil {
			return nil
		}
		if strings.HasPrefix(path, "/thread/") {
			text := func(selector string) string { return doc.Find(selector).First().Text() }
			out.Fields[path] = fields{text("h1.subject"), text("span.author"), text("span.price"), text("div.message"), text("span.date")}
		}
		return doc.Find("a[href]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") })
	})
	m.stop()
	return out, err
}

// readBare only fetches: the addresses are known beforehand.
func readBare(site string, f flags, m *meter) (*outcome, error) {
	if err := m.start(); err != nil {
		return nil, err
	}
	out := &outcome{}
	err := walk(site, out, func(path string, _ []byte) []string {
		if path != "/" {
			return nil
		}
		var all []string
		for n := 2; (n-1)*perPage < f.pages; n++ {
			all = append(all, fmt.Sprintf("/?page=%d", n))
		}
		for n := 1; n <= f.pages; n++ {
			all = append(all, fmt.Sprintf("/thread/%d", n))
		}
		return all
	})
	m.stop()
	return out, err
}

// walk fetches every page that links lead to, once.
func walk(site string, out *outcome, read func(path string, body []byte) []string) error {
	home, err := url.Parse(site + "/")
	if err != nil {
		return err
	}
	seen := map[string]bool{"/": true}
	var body bytes.Buffer
	for todo := []*url.URL{home}; len(todo) > 0; {
		u := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		resp, err := http.Get(u.String())
		if err != nil {
			return err
		}
		body.Reset()
		_, err = io.Copy(&body, resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			return err
		}
		out.Cost.Requests++
		for _, href := range read(u.Path, body.Bytes()) {
			if seen[href] {
				continue
			}
			seen[href] = true
			if next, err := u.Parse(href); err == nil {
				todo = append(todo, next)
			}
		}
	}
	return nil
}
