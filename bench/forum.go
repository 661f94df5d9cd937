package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// forum is a site of threads, each a page of 25 KB with 60 links.
type forum struct {
	filler string

	mu     sync.Mutex // protects all fields below
	n      int
	served map[int]time.Time // when a thread was first answered; nil to not note it
}

const perPage = 50

func newForum(n int) *forum {
	f := &forum{n: n}
	var filler strings.Builder
	for i := range 160 {
		fmt.Fprintf(&filler, `<div class="ad" data-slot="%d"><span class="icon"></span><em>%d</em><i data-x="%032d"></i></div>`, i, i, i)
	}
	f.filler = filler.String()
	return f
}

func (f *forum) plant() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
}

func (f *forum) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n
}

// related are links to other threads, as forums show beside each.
func related(n, total int) string {
	var b strings.Builder
	for i := range 58 {
		other := 1 + (n*31+i*97)%total
		fmt.Fprintf(&b, `<li class="side"><a href="/thread/%d" title="thread number %d">Related thread %d</a></li>`, other, other, other)
	}
	return b.String()
}

func threadTitle(n int) string { return fmt.Sprintf("出售人脸照片 第%06d批", n) }

func price(n int) int { return 10 + n%90 }

func (f *forum) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	total := f.count()
	if id, ok := strings.CutPrefix(r.URL.Path, "/thread/"); ok {
		n, err := strconv.Atoi(id)
		if err != nil || n < 1 || n > total {
			http.NotFound(w, r)
			return
		}
		f.mu.Lock()
		if f.served != nil {
			if _, twice := f.served[n]; !twice {
				f.served[n] = time.Now()
			}
		}
		f.mu.Unlock()
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="zh"><head><title>%s - 论坛</title></head><body><div id="nav"><a href="/">首页</a></div><ul>%s</ul>
<div class="post" id="post-%d"><h1 class="subject">%s</h1><p class="meta">作者 <span class="author">member%d</span> 发表于 <span class="date">2026-11-%02d 10:%02d</span> 价格 <span class="price">%d</span></p>
<div class="message">高清人脸照片 %d张 %d元 打包带走,编号%d。加微信 bench_%06d</div></div>%s</body></html>`,
			threadTitle(n), related(n, total), n, threadTitle(n), n%97, 1+n%20, n%60, price(n), 1000+n, price(n), n, n, f.filler)
		return
	}
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	page, _ := strconv.Atoi(r.FormValue("page"))
	page = max(page, 1)
	fmt.Fprintf(w, `<!DOCTYPE html><html lang="zh"><head><title>论坛</title></head><body><div id="nav"><a href="/">首页</a></div><table class="threads">`)
	for n := total - (page-1)*perPage; n > max(0, total-page*perPage); n-- {
		fmt.Fprintf(w, `<tr class="thread"><td class="subject"><a href="/thread/%d">%s</a></td><td class="by">member%d</td><td class="when">2026-11-%02d 10:%02d</td></tr>`, n, threadTitle(n), n%97, 1+n%20, n%60)
	}
	fmt.Fprint(w, `</table><div class="pages">`)
	if page*perPage < total {
		fmt.Fprintf(w, `<a rel="next" href="/?page=%d">下一页</a>`, page+1)
	}
	fmt.Fprint(w, `</div></body></html>`)
}
