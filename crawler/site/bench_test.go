package site_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/leakwatch/leakwatch/crawler/site"
)

// listPage is a forum list of about 25 KB with 60 rows.
func listPage() []byte {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html><head><meta charset="utf-8"><title>交易区</title></head><body><div id="nav"><a href="/">首页</a> <a href="/help">帮助</a></div><h1>交易区</h1><table class="threads"><tbody>`)
	for i := range 60 {
		fmt.Fprintf(&b, `<tr class="thread row%d"><td class="icon"><img src="/static/icon_%d.png" alt="" width="16" height="16"></td><td class="subject"><a href="/thread/%d" class="topic" title="打开主题">出售高清人脸照片 %d张 男女都有 长期稳定供应</a> <span class="price">¥%d.50</span></td><td class="author">数据之家</td><td class="num"><span class="replies">%d</span> / <span class="views">%d</span></td><td class="date">2024-05-%02d 12:%02d</td></tr>`, i%2, i%3, 1000+i, 2000+i, i, i, i*17, 1+i%28, i)
	}
	b.WriteString(`</tbody></table><div class="pages"><strong>1</strong> <a href="?page=2">2</a> <a rel="next" href="?page=2">下一页</a></div><div id="footer">本站为演示</div></body></html>`)
	return []byte(b.String())
}

func detailPage() []byte {
	return []byte(`<!DOCTYPE html><html><head><title>出售人脸照片 - 交易区</title></head><body><div id="nav"><a href="/">首页</a></div><div class="post" id="post-1"><h1>出售人脸照片</h1><div class="meta">作者 <span class="author">老王</span> 发表于 <span class="date">2024-05-01 12:00</span></div><div class="message">` +
		strings.Repeat("高清人脸照片 5000张 10元 打包带走,不议价。<br>加微信 laowang88<br>\n", 200) + `</div></div></body></html>`)
}

// threadPage is a page of 25 KB of which little is the post: links to other
// threads and the slots of advertisements are most of it.
func threadPage() []byte {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html lang="zh"><head><title>出售人脸照片 - 论坛</title></head><body><div id="nav"><a href="/">首页</a></div><ul>`)
	for i := range 58 {
		fmt.Fprintf(&b, `<li class="side"><a href="/thread/%d" title="thread number %d">Related thread %d</a></li>`, i*97, i*97, i*97)
	}
	b.WriteString(`</ul><div class="post" id="post-1"><h1 class="subject">出售人脸照片</h1><p class="meta">作者 <span class="author">老王</span> 发表于 <span class="date">2024-05-01 12:00</span> 价格 <span class="price">10</span></p><div class="message">高清人脸照片 5000张 10元 打包带走。加微信 laowang88</div></div>`)
	for i := range 160 {
		fmt.Fprintf(&b, `<div class="ad" data-slot="%d"><span class="icon"></span><em>%d</em><i data-x="%032d"></i></div>`, i, i, i)
	}
	b.WriteString(`</body></html>`)
	return []byte(b.String())
}

// BenchmarkRead compares reading pages with merely parsing them, and with
// what goquery needs for the same fields.
func BenchmarkRead(b *testing.B) {
	k, err := site.ByName("generic")
	if err != nil {
		b.Fatal(err)
	}
	for name, body := range map[string][]byte{"list": listPage(), "detail": detailPage(), "thread": threadPage()} {
		u := mustURL(b, "http://site.test/list")
		link := &site.Link{Title: "出售人脸照片"}
		if name == "list" {
			link = nil
		}
		b.Run(name+"/generic", func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				p := &site.Page{URL: u, Body: body, ContentType: "text/html", Fetched: fetched}
				if res := k.Read(p, site.Hints{Link: link}); len(res.Details)+len(res.Listings) == 0 {
					b.Fatal("nothing read")
				}
				p.Release()
			}
		})
		b.Run(name+"/tree", func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				p := &site.Page{Body: body}
				p.Root()
				p.Release()
			}
		})
		b.Run(name+"/html.Parse", func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := html.Parse(bytes.NewReader(body)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	body := listPage()
	b.Run("list/goquery", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			doc.Find("tr.thread").Each(func(_ int, s *goquery.Selection) {
				for _, sel := range []string{"td.subject a", ".price", "td.author", ".replies", "td.date"} {
					n += len(s.Find(sel).Text())
				}
				href, _ := s.Find("td.subject a").Attr("href")
				n += len(href)
			})
			if n == 0 {
				b.Fatal("nothing read")
			}
		}
	})
}

func TestPagesThatShareMemoryReadAsIfAlone(t *testing.T) {
	k, err := site.ByName("generic")
	if err != nil {
		t.Fatal(err)
	}
	u := mustURL(t, "http://site.test/list")
	read := func(body []byte, release bool) site.Result {
		p := &site.Page{URL: u, Body: bytes.Clone(body), ContentType: "text/html", Fetched: fetched}
		res := k.Read(p, site.Hints{Source: "s"})
		if release {
			p.Release()
		}
		clear(p.Body)
		return res
	}
	pages := [][]byte{listPage(), threadPage(), detailPage(), []byte("<p>x"), nil}
	var want []site.Result
	for _, body := range pages {
		want = append(want, read(body, false))
	}
	var got []site.Result
	for range 20 {
		got = got[:0]
		for _, body := range pages {
			got = append(got, read(body, true))
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("results differ (-alone +shared):\n%s", d)
	}
}
