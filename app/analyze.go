package app

import (
	"bytes"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler"
	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/leak"
)

// Analyzer reads texts without an index.
type Analyzer struct{ detect *detect.Engine }

// NewAnalyzer reads rules and rates from the config, if there is one, and
// codes with the keys of the data folder, if there are any; otherwise with a
// key that is made for this run and thrown away.
func NewAnalyzer(configPath, data string) (*Analyzer, error) {
	cfg, err := LoadConfig(configPath)
	if err != nil {
		if _, serr := os.Stat(configPath); !errors.Is(serr, fs.ErrNotExist) {
			return nil, err
		}
		cfg = &config.Config{}
	}
	keys, err := LoadKeys(KeyPath(cfg, data))
	if err != nil {
		if _, serr := os.Stat(KeyPath(cfg, data)); !errors.Is(serr, fs.ErrNotExist) {
			return nil, err
		}
		line, err := leak.NewKeyLine()
		if err != nil {
			return nil, err
		}
		if keys, err = leak.ParseKeyring([]byte(line)); err != nil {
			return nil, err
		}
	}
	e, err := detect.New(detect.Options{Keys: keys, Rules: cfg.Rules, Rates: cfg.Currencies.Rates})
	if err != nil {
		return nil, err
	}
	return &Analyzer{e}, nil
}

// Analyze says what a text offers.
func (a *Analyzer) Analyze(id, title, body string) leak.Reading {
	r := a.detect.Analyze(detect.Input{ID: id, Title: title, Body: body})
	if r.Reasons == nil {
		r.Reasons = []leak.Reason{} // the printed form has lists, never null
	}
	return r
}

// Explain says what a text offers and how it was read.
func (a *Analyzer) Explain(id, title, body string) detect.Explanation {
	return a.detect.Explain(detect.Input{ID: id, Title: title, Body: body})
}

// Engine returns the detection engine.
func (a *Analyzer) Engine() *detect.Engine { return a.detect }

// TextOf returns title and text of a file in any encoding: of an HTML page
// what it shows, of anything else all of it.
func TextOf(data []byte) (title, body string) {
	data = crawler.Decode(data)
	head := bytes.ToLower(data[:min(len(data), 4096)])
	if !bytes.Contains(head, []byte("<html")) && !bytes.Contains(head, []byte("<!doctype html")) && !bytes.Contains(head, []byte("<body")) {
		return "", string(data)
	}
	p := &site.Page{URL: &url.URL{Scheme: "file", Path: "/"}, Body: data, ContentType: "text/html", Fetched: time.Now()}
	var bodies []string
	kind := site.Detect(p)
	found := kind.Read(p, site.Hints{}).Listings
	if len(found) == 0 { // too little for a page that nothing led to: it is a listing all the same
		found = kind.Read(p, site.Hints{Link: &site.Link{}}).Listings
	}
	for _, l := range found {
		if title == "" {
			title = l.Title
		}
		bodies = append(bodies, l.Body)
	}
	return title, strings.Join(bodies, "\n\n")
}
