package crawler

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler/site"
)

// forum has threads of several pages.
type forum struct {
	threads [][]string // posts, by thread; the newest thread last
	order   []int      // as listed
	hits    []string
}

func (f *forum) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.hits = append(f.hits, r.URL.RequestURI())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	var id, page int
	switch {
	case r.URL.Path == "/f/":
		for _, n := range f.order {
			fmt.Fprintf(w, `<li class=item><a href="/t/%d/">thread %d</a> <b>%d posts</b></li>`, n, n, len(f.threads[n]))
		}
	case strings.HasPrefix(r.URL.Path, "/t/"):
		fmt.Sscanf(r.URL.Path, "/t/%d/", &id)
		page = 1
		fmt.Sscan(r.URL.Query().Get("page"), &page)
		posts := f.threads[id]
		from := (page - 1) * 5
		to := min(from+5, len(posts))
		fmt.Fprintf(w, "<h1 class=title>thread %d page %d</h1><div class=body>", id, page)
		for _, p := range posts[from:to] {
			fmt.Fprintf(w, "<p>%s</p>", p)
		}
		fmt.Fprint(w, "</div>")
		if to < len(posts) {
			fmt.Fprintf(w, `<a class=next href="/t/%d/?page=%d">next</a>`, id, page+1)
		}
	default:
		http.NotFound(w, r)
	}
}

// take returns the pages asked for since the last call, robots.txt left out.
func (f *forum) take() []string {
	out := slices.DeleteFunc(f.hits, func(s string) bool { return s == "/robots.txt" })
	f.hits = nil
	return out
}

func newForum(sizes ...int) *forum {
	f := &forum{}
	for n, size := range sizes {
		f.threads = append(f.threads, nil)
		f.order = append([]int{n}, f.order...)
		for range size {
			f.post(n)
		}
	}
	return f
}

func newForumWorld(t *testing.T, f *forum) *world {
	w := newWorld(t, f, "/f/")
	w.c.kindOf = func(src config.Source) (site.Kind, error) {
		k, err := kindOf(src)
		return threads{k}, err
	}
	return w
}

func (f *forum) post(n int) {
	f.threads[n] = append(f.threads[n], fmt.Sprintf("post %d of thread %d: faces for sale", len(f.threads[n])+1, n))
}

func TestAThreadIsReadToItsEnd(t *testing.T) {
	f := newForum(12, 3, 5)
	w := newForumWorld(t, f)
	w.wantHealth(w.crawl(), OK)
	want := []string{"/f/", "/t/2/", "/t/1/", "/t/0/", "/t/0/?page=2", "/t/0/?page=3"}
	if got := f.take(); !slices.Equal(got, want) {
		t.Errorf("fetched %v, want %v", got, want)
	}
	w.crawl()
	if got := f.take(); !slices.Equal(got, []string{"/f/"}) {
		t.Errorf("fetched %v in a pass without news, want the list only", got)
	}
}

func TestAThreadThatGrewIsTakenUpAtItsEnd(t *testing.T) {
	f := newForum(23)
	w := newForumWorld(t, f)
	w.crawl()
	f.take()
	for range 4 {
		f.post(0)
	}
	w.crawl()
	want := []string{"/f/", "/t/0/?page=5", "/t/0/?page=6", "/t/0/"}
	if got := f.take(); !slices.Equal(got, want) {
		t.Errorf("fetched %v, want %v", got, want)
	}
	f.post(0)
	w.crawl()
	want = []string{"/f/", "/t/0/?page=6", "/t/0/"}
	if got := f.take(); !slices.Equal(got, want) {
		t.Errorf("fetched %v, want %v", got, want)
	}
}

func TestAThreadCutShortByAnErrorIsReadAgain(t *testing.T) {
	for stop := range 5 {
		f := newForum(12)
		w := newForumWorld(t, f)
		n := 0
		w.sink.fail = func(Page) error {
			if n++; n > stop {
				return errPlanned
			}
			return nil
		}
		_, _ = w.c.Crawl(t.Context(), w.src, w.now)
		w.sink.fail = nil
		w.crawl()
		body := ""
		for _, l := range w.sink.listings {
			body += l.Body
		}
		for i := range 12 {
			if !strings.Contains(body, fmt.Sprintf("post %d of", i+1)) {
				t.Errorf("stopped after %d commits: post %d is missing", stop, i+1)
			}
		}
	}
}

func TestAThreadCutShortByTheCapIsFinishedLater(t *testing.T) {
	f := newForum(50)
	w := newForumWorld(t, f)
	w.src.MaxPages = 6
	for range 4 {
		w.crawl()
	}
	if got := len(w.sink.listings); got != 10 {
		t.Errorf("%d pages of the thread were read, want 10; fetched %v", got, f.take())
	}
}
