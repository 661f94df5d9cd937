package canary

import (
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
)

// canary is one planted value.
type canary struct {
	value
	class   string // how it is hidden
	field   string // where it is planted
	planted string // as planted
}

// listing is one planted listing: a canary in each of its fields, all of one
// kind and one hiding class.
type listing struct {
	marker string // stands in the title; not secret
	story  string // text of its own, so that no two listings are one case
	fields map[string]*canary
	sample [3][3]*canary // rows of name, value, phone
}

// fields are the places of a listing that hold a canary. An address keeps
// neither lines nor cells.
var fields = []string{"title", "body", "cell", "label", "seller", "path", "query", "file", "picture"}

// field is a planted field as a seller writes it.
func (l *listing) field(name string) string {
	c := l.fields[name]
	if c == nil {
		return ""
	}
	return strings.TrimSpace(c.cue + " " + c.planted)
}

// plant draws a listing for every kind and hiding class.
func plant(r *rand.Rand) ([]listing, []*canary) {
	var out []listing
	var all []*canary
	draw := func(k kind, class, field string) *canary {
		text, planted := k.hidden(r, class)
		c := &canary{value{k.name, k.cue, text}, class, field, planted}
		all = append(all, c)
		return c
	}
	of := map[string]kind{}
	for _, k := range kinds() {
		of[k.name] = k
	}
	for _, k := range kinds() {
		for _, class := range k.hidings {
			l := listing{marker: "批次" + letters(len(out)) + "现货", story: story(r), fields: map[string]*canary{}}
			for _, f := range fields {
				oneLine := f == "path" || f == "query" || f == "seller" || f == "file"
				if k.name == "name" || oneLine && (strings.Contains(hide(class, k.draw(r)), "\n") || class == "cells") {
					continue // a name is one in a row of a sample only
				}
				l.fields[f] = draw(k, class, f)
			}
			for i := range l.sample {
				l.sample[i] = [3]*canary{draw(of["name"], "plain", "sample"), draw(k, "plain", "sample"), draw(of["phone"], "plain", "sample")}
			}
			out = append(out, l)
		}
	}
	return out, all
}

// story draws a text without digits and names.
func story(r *rand.Rand) string {
	words := []rune("湖海风雨雪花草树鸟鱼虫春夏秋冬晴阴东西红绿蓝紫桥窗灯桌椅杯碗茶饭衣帽鞋笔墨纸琴棋画诗歌舞晨昏远近深浅轻重快慢")
	out := make([]rune, 300)
	for i := range out {
		out[i] = words[r.IntN(len(words))]
	}
	return string(out)
}

// letters writes a number without digits, so that every digit of a planted
// field is of a canary.
func letters(n int) string {
	return string([]byte{byte('A' + n/26%26), byte('A' + n%26)})
}

func (l *listing) path(n int) string {
	p := fmt.Sprintf("/t/%d", n)
	if c := l.fields["path"]; c != nil {
		p += "-" + url.PathEscape(c.planted)
	}
	if c := l.fields["query"]; c != nil {
		p += "?ref=" + url.QueryEscape(c.planted)
	}
	return p
}

// pitch is what makes the text an offer, with a handle of its own.
func (l *listing) pitch() string {
	return "长期出售手持身份证照片和人脸照片,一手资料,五毛一套,量大从优,飞机 @shop" + strings.Trim(l.marker, "批次现货") + " 。"
}

// importTitle and importBody are the listing as a line of an import has it.
func (l *listing) importTitle() string { return "出售资料 " + l.marker + " " + l.field("title") }

func (l *listing) importBody() string {
	return l.pitch() + "\n" + l.story + "\n" + l.field("body") + "\n资料\t" + l.field("cell") + "\n样本:\n" + l.rows()
}

func (l *listing) rows() string {
	var b strings.Builder
	for _, row := range l.sample {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", row[0].planted, strings.ReplaceAll(row[1].planted, "\n", " "), row[2].planted)
	}
	return b.String()
}

// forum serves the listings as a forum of list and detail pages and as a feed.
type forum struct {
	listings []listing
	base     string
}

const perPage = 40

func (s *forum) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/":
		s.list(w, r)
	case r.URL.Path == "/feed.xml":
		s.feed(w)
	case strings.HasPrefix(r.URL.Path, "/t/"):
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/t/%d", &n); err == nil && n < len(s.listings) {
			s.detail(w, &s.listings[n])
			return
		}
		http.NotFound(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *forum) list(w http.ResponseWriter, r *http.Request) {
	var page int
	_, _ = fmt.Sscanf(r.URL.Query().Get("page"), "%d", &page) // 0 without one
	fmt.Fprint(w, `<!doctype html><html><head><meta charset="utf-8"><title>测试论坛</title></head><body><h1>测试论坛</h1><table class="threads">`)
	for i := page * perPage; i < min((page+1)*perPage, len(s.listings)); i++ {
		l := &s.listings[i]
		fmt.Fprintf(w, `<tr class="thread"><td><a href="%s">出售资料 %s %s</a></td><td>%s</td><td>2026-11-20 10:00</td></tr>`,
			html.EscapeString(l.path(i)), l.marker, html.EscapeString(l.field("title")), html.EscapeString(l.field("seller")))
	}
	fmt.Fprint(w, `</table><div class="pages">`)
	if (page+1)*perPage < len(s.listings) {
		fmt.Fprintf(w, `<a rel="next" href="/?page=%d">下一页</a>`, page+1)
	}
	fmt.Fprint(w, `</div></body></html>`)
}

func (s *forum) detail(w http.ResponseWriter, l *listing) {
	e := html.EscapeString
	title := e("出售资料 " + l.marker + " " + l.field("title"))
	fmt.Fprintf(w, `<!doctype html><html><head><meta charset="utf-8"><title>%s - 测试论坛</title></head><body><div class="post"><h1>%s</h1>
<p>作者 <span class="author">%s</span> 发表于 <span class="date">2026-11-20</span></p><div class="content"><p>%s</p><p>%s</p><p>%s</p>
<table><tr><td>%s</td><td>完整</td></tr></table><dl><dt>资料</dt><dd>%s</dd></dl>`,
		title, title, e(l.field("seller")), l.pitch(), l.story, lines(e(l.field("body"))), cells(e(l.field("cell"))), lines(e(l.field("label"))))
	fmt.Fprint(w, `<p>样本:</p><table>`)
	for row := range strings.Lines(l.rows()) {
		fmt.Fprintf(w, `<tr><td>%s</td></tr>`, cells(e(strings.TrimSpace(row))))
	}
	fmt.Fprint(w, `</table>`)
	if c := l.fields["picture"]; c != nil {
		file := ""
		if f := l.fields["file"]; f != nil {
			file = url.PathEscape(f.planted)
		}
		fmt.Fprintf(w, `<img src="/img/%s.jpg" alt="人脸照片 %s">`, e(file), e(l.field("picture")))
	}
	fmt.Fprint(w, `</div></div></body></html>`)
}

func cells(s string) string { return strings.ReplaceAll(s, "\t", "</td><td>") }
func lines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\t", " "), "\n", "<br>")
}

func (s *forum) feed(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
	e := html.EscapeString
	fmt.Fprint(w, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>测试</title><link>http://feed.example/</link><description>x</description>`)
	for i := range s.listings {
		l := &s.listings[i]
		fmt.Fprintf(w, `<item><guid isPermaLink="false">f%d</guid><title>%s</title><link>%s</link><author>%s</author><description>%s</description>`,
			i, e("出售资料 "+l.marker+" "+l.field("title")), e(s.base+"/f"+l.path(i)), e(l.field("seller")), e(e(l.pitch()+l.story+"。"+l.field("body")+"\n样本:\n"+l.rows())))
		if c := l.fields["file"]; c != nil {
			fmt.Fprintf(w, `<enclosure url="%s" type="image/jpeg" length="1"/>`, e(s.base+"/files/"+url.PathEscape(c.planted)+".jpg"))
		}
		fmt.Fprint(w, `</item>`)
	}
	fmt.Fprint(w, `</channel></rss>`)
}
