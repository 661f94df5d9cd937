package market

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

//go:embed pages/*.tmpl
var files embed.FS

// pageSize is the number of listings of one list page.
const pageSize = 20

// pages draws the sections: each has a list and a detail template, as
// different from each other as real site software is.
var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"lines": func(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") },
}).ParseFS(files, "pages/*.tmpl"))

// layout names the templates of a section.
func (s Section) layout() string {
	switch s.Language {
	case "en":
		return "shop"
	case "ko":
		return "board"
	}
	return "forum"
}

type listPage struct {
	Section    Section
	Items      []Item
	Page       int
	Prev, Next int // 0: none
	Pages      []int
}

type itemPage struct {
	Section Section
	Item    Item
}

// Handler serves the market.
func (m *Market) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("User-agent: *\nDisallow: /truth\nDisallow: /break\n"))
	})
	mux.HandleFunc("GET /truth", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(m.Truth())
	})
	mux.HandleFunc("POST /break", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]bool{"broken": m.Break()})
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		render(w, false, http.StatusOK, "home.tmpl", Sections())
	})
	mux.HandleFunc("GET /{section}/{$}", m.list)
	mux.HandleFunc("GET /{section}/item/{id}", m.item)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		m.requests[r.URL.RequestURI()]++
		m.mu.Unlock()
		mux.ServeHTTP(w, r)
	})
}

// section finds the section of a request and handles what makes it
// unreadable: an unknown name, a missing login, a broken layout.
func (m *Market) section(w http.ResponseWriter, r *http.Request) (Section, bool) {
	for _, s := range Sections() {
		if s.Name != r.PathValue("section") {
			continue
		}
		m.mu.Lock()
		broken := m.broken
		m.mu.Unlock()
		switch {
		case s.Login && !strings.Contains(r.Header.Get("Cookie"), Cookie):
			render(w, false, http.StatusOK, "login.tmpl", s)
			return s, false
		case broken:
			render(w, s.GBK, http.StatusOK, "broken.tmpl", s)
			return s, false
		}
		return s, true
	}
	http.NotFound(w, r)
	return Section{}, false
}

func (m *Market) list(w http.ResponseWriter, r *http.Request) {
	s, ok := m.section(w, r)
	if !ok {
		return
	}
	var items []Item
	truth := m.Truth()
	for i := len(truth) - 1; i >= 0; i-- {
		if truth[i].Section == s.Name {
			items = append(items, truth[i])
		}
	}
	last := (len(items) + pageSize - 1) / pageSize
	page, err := strconv.Atoi(r.FormValue("page"))
	if err != nil || page < 1 {
		page = 1
	}
	if page > last {
		http.NotFound(w, r)
		return
	}
	p := listPage{Section: s, Items: items[(page-1)*pageSize : min(page*pageSize, len(items))], Page: page, Prev: page - 1}
	if page < last {
		p.Next = page + 1
	}
	for n := range last {
		p.Pages = append(p.Pages, n+1)
	}
	render(w, s.GBK, http.StatusOK, s.layout()+"_list.tmpl", p)
}

func (m *Market) item(w http.ResponseWriter, r *http.Request) {
	s, ok := m.section(w, r)
	if !ok {
		return
	}
	for _, it := range m.Truth() {
		if it.Section == s.Name && strconv.Itoa(it.ID) == r.PathValue("id") {
			render(w, s.GBK, http.StatusOK, s.layout()+"_item.tmpl", itemPage{s, it})
			return
		}
	}
	http.NotFound(w, r)
}

// render writes a page, in GBK where the section wants it: without a charset
// in the header, as old software does, but with one in the page.
func render(w http.ResponseWriter, gbk bool, status int, name string, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "the page cannot be drawn", http.StatusInternalServerError)
		return
	}
	out := b.Bytes()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if gbk {
		encoded, err := simplifiedchinese.GBK.NewEncoder().Bytes(out)
		if err != nil {
			http.Error(w, "the page cannot be encoded", http.StatusInternalServerError)
			return
		}
		out = encoded
		w.Header().Set("Content-Type", "text/html")
	}
	w.WriteHeader(status)
	_, _ = w.Write(out)
}
