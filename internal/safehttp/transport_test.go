package safehttp

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// fetch makes one request to a handler through a guarded transport.
func fetch(t *testing.T, p Policy, h http.HandlerFunc) ([]byte, string, error) {
	t.Helper()
	srv := httptest.NewServer(h)
	defer srv.Close()
	p.AllowPrivate = true
	tr, err := NewTransport(p)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.CloseIdleConnections()
	req, err := http.NewRequest("GET", srv.URL+"/path?secret=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := tr.RoundTrip(req)
	if err != nil {
		return nil, "", err
	}
	return ReadPage(resp)
}

// squeezed compresses a page of n bytes whose first line is a listing.
func squeezed(t *testing.T, encoding string, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch encoding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw deflate":
		w, _ = flate.NewWriter(&b, 6)
	}
	io.WriteString(w, listing)
	chunk := bytes.Repeat([]byte("A"), 1<<16)
	for n > 0 {
		m := min(n, len(chunk))
		w.Write(chunk[:m])
		n -= m
	}
	w.Close()
	return b.Bytes()
}

const listing = "<html><p>5,000 face photos for 10 yuan</p>"

func TestBombsAreBoundedAndFlaggedAndTheirBeginningIsRead(t *testing.T) {
	for _, enc := range []string{"gzip", "deflate", "raw deflate"} {
		for _, size := range []int{2 << 20, 5 << 20, 40 << 20} {
			data := squeezed(t, enc, size)
			body, cut, err := fetch(t, Policy{Accept: Pages}, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				w.Header().Set("Content-Encoding", strings.TrimPrefix(enc, "raw "))
				w.Write(data)
			})
			if err != nil || cut != CutRatio || len(body) > 4<<20 || !bytes.HasPrefix(body, []byte(listing)) {
				t.Errorf("%s of %d bytes (%d on the wire): %d bytes, cut %q, %v", enc, size, len(data), len(body), cut, err)
			}
		}
	}
}

func TestAnHonestCompressedPageIsWhole(t *testing.T) {
	for _, enc := range []string{"gzip", "deflate", "raw deflate"} {
		data := squeezed(t, enc, 900<<10)
		body, cut, err := fetch(t, Policy{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", strings.TrimPrefix(enc, "raw "))
			w.Write(data)
		})
		if err != nil || cut != "" || len(body) != 900<<10+len(listing) {
			t.Errorf("%s: %d bytes, cut %q, %v", enc, len(body), cut, err)
		}
	}
}

func TestEncodingsThatCannotBeBoundedAreNotRead(t *testing.T) {
	for _, enc := range []string{"br", "zstd", "gzip, gzip", "gzip,deflate", "compress", "x-evil", "gzip;q=1"} {
		_, _, err := fetch(t, Policy{}, func(w http.ResponseWriter, r *http.Request) {
			if got := r.Header.Get("Accept-Encoding"); got != "gzip, deflate" {
				t.Errorf("offered %q", got)
			}
			w.Header().Set("Content-Encoding", enc)
			w.Write([]byte(listing))
		})
		if !errors.Is(err, ErrEncoding) {
			t.Errorf("%s: %v", enc, err)
		}
	}
}

func TestABombWithinABombIsRefused(t *testing.T) {
	var outer bytes.Buffer
	w := gzip.NewWriter(&outer)
	w.Write(squeezed(t, "gzip", 10<<20))
	w.Close()
	_, _, err := fetch(t, Policy{Accept: Pages}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(outer.Bytes())
	})
	if !errors.Is(err, ErrMediaType) {
		t.Errorf("got %v, want refused by its first bytes", err)
	}
}

func TestLimitsOfSize(t *testing.T) {
	l := Limits{Wire: 1000, Plain: 2000}
	for _, tc := range []struct {
		name string
		size int
		want string
		n    int
	}{{"below", 999, "", 999}, {"at the limit", 1000, "", 1000}, {"above", 1001, CutWire, 1000}, {"endless", 5 << 20, CutWire, 1000}} {
		body, cut, err := fetch(t, Policy{Limits: l}, func(w http.ResponseWriter, _ *http.Request) {
			w.Write(bytes.Repeat([]byte("x"), tc.size))
		})
		if err != nil || cut != tc.want || len(body) != tc.n {
			t.Errorf("%s: %d bytes, cut %q, %v", tc.name, len(body), cut, err)
		}
	}
	body, cut, err := fetch(t, Policy{Limits: Limits{Wire: 5000, Plain: 2000}}, func(w http.ResponseWriter, _ *http.Request) {
		w.Write(bytes.Repeat([]byte("x"), 2001))
	})
	if err != nil || cut != CutPlain || len(body) != 2000 {
		t.Errorf("plain: %d bytes, cut %q, %v", len(body), cut, err)
	}
}

func TestOnlyPagesAreDownloaded(t *testing.T) {
	for ct, want := range map[string]bool{
		"text/html": true, "text/html; charset=gbk": true, "TEXT/HTML;charset=\"x": true, "application/xhtml+xml": true, "text/xml": true,
		"application/rss+xml": true, "application/atom+xml": true, "application/json": true, "application/feed+json": true, "application/ld+json": true,
		"text/plain": false, "text/csv": false, "application/zip": false, "application/x-rar-compressed": false, "application/pdf": false,
		"application/octet-stream": false, "image/jpeg": false, "image/svg+xml": false, "video/mp4": false, "application/msword": false,
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": false, "multipart/mixed": false, "application/x-7z-compressed": false,
	} {
		sent := make(chan bool, 1)
		_, _, err := fetch(t, Policy{Accept: Pages}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", ct)
			w.Write([]byte(listing))
			sent <- true
		})
		if got := !errors.Is(err, ErrMediaType); got != want || want && err != nil {
			t.Errorf("%s: %v", ct, err)
		}
		<-sent
	}
}

func TestFilesUnderAFalseNameAreDropped(t *testing.T) {
	for name, head := range map[string]string{"zip": "PK\x03\x04", "rar": "Rar!\x1a\x07\x00", "7z": "7z\xbc\xaf\x27\x1c", "jpeg": "\xff\xd8\xff\xe0", "png": "\x89PNG\r\n\x1a\n",
		"pdf": "%PDF-1.7", "gzip": "\x1f\x8b\x08", "xz": "\xfd7zXZ\x00", "zstd": "\x28\xb5\x2f\xfd", "doc": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "webp": "RIFF\x00\x00\x00\x00WEBPVP8 ", "mp4": "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"} {
		_, _, err := fetch(t, Policy{Accept: Pages}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Write([]byte(head + strings.Repeat("\x01\x02", 600)))
		})
		if !errors.Is(err, ErrMediaType) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, _, err := fetch(t, Policy{Accept: Pages}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Disposition", `attachment; filename="dump.html"`)
		w.Write([]byte(listing))
	})
	if !errors.Is(err, ErrMediaType) {
		t.Errorf("attachment: %v", err)
	}
}

// raw answers every request with bytes as they are.
func raw(t *testing.T, answer func(c net.Conn)) string {
	t.Helper()
	return "http://" + answering(t, func(c net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			answer(c)
		}
	}) + "/path?secret=1"
}

func get(t *testing.T, p Policy, address string) (body []byte, cut string, err error) {
	t.Helper()
	p.AllowPrivate = true
	tr, err := NewTransport(p)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.CloseIdleConnections()
	req, err := http.NewRequest("GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := tr.RoundTrip(req)
	if err != nil {
		return nil, "", err
	}
	return ReadPage(resp)
}

func TestEndlessHeadersEnd(t *testing.T) {
	for name, line := range map[string]string{"headers": "X-A: " + strings.Repeat("b", 1000) + "\r\n", "one header": strings.Repeat("b", 1000),
		"informational": "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"} {
		address := raw(t, func(c net.Conn) {
			if name != "informational" {
				io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			}
			for {
				if _, err := io.WriteString(c, line); err != nil {
					return
				}
			}
		})
		if _, _, err := get(t, Policy{Limits: Limits{Total: 20 * time.Second}}, address); err == nil || errors.Is(err, ErrTooSlow) {
			t.Errorf("%s: %v, want an end by their size", name, err)
		}
	}
}

func TestContentLengthsThatLie(t *testing.T) {
	for _, tc := range []struct{ name, head, cut, body string }{
		{"too long", "Content-Length: 5000", CutShort, listing},
		{"too short", "Content-Length: 6", "", "<html>"},
		{"chunk cut", "Transfer-Encoding: chunked", CutShort, ""},
		{"none", "Connection: close", "", listing},
	} {
		address := raw(t, func(c net.Conn) {
			body := listing
			if strings.Contains(tc.head, "chunked") {
				body = "ff\r\n<html>"
			}
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\n%s\r\n\r\n%s", tc.head, body)
		})
		body, cut, err := get(t, Policy{}, address)
		if err != nil || cut != tc.cut || tc.body != "" && string(body) != tc.body {
			t.Errorf("%s: %q, cut %q, %v", tc.name, body, cut, err)
		}
	}
}

func TestTruncatedCompressionIsFlagged(t *testing.T) {
	data := squeezed(t, "gzip", 100_000)
	body, cut, err := fetch(t, Policy{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(data[:len(data)-30])
	})
	if err != nil || cut != CutShort || !bytes.HasPrefix(body, []byte(listing)) {
		t.Errorf("%d bytes, cut %q, %v", len(body), cut, err)
	}
	_, cut, err = fetch(t, Policy{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write([]byte(listing)) // not compressed at all
	})
	if err != nil || cut != CutShort {
		t.Errorf("false label: cut %q, %v", cut, err)
	}
}

// slowServer serves one connection over a pipe, under a fake clock.
func slowServer(answer func(c net.Conn)) dialFunc {
	return func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer there.Close()
			if _, err := http.ReadRequest(bufio.NewReader(there)); err == nil {
				answer(there)
			}
		}()
		return here, nil
	}
}

func TestDripFeedsEnd(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + listing
	for _, tc := range []struct {
		name   string
		answer func(c net.Conn)
		most   time.Duration
		cut    string
	}{
		{"a byte a second", func(c net.Conn) {
			io.WriteString(c, head)
			for {
				time.Sleep(time.Second)
				if _, err := io.WriteString(c, "x"); err != nil {
					return
				}
			}
		}, 2 * RateWindow, CutSlow},
		{"silence in the body", func(c net.Conn) { io.WriteString(c, head); io.Copy(io.Discard, c) }, 2 * RateWindow, CutSlow},
		{"fast enough, without end", func(c net.Conn) {
			io.WriteString(c, head)
			for {
				time.Sleep(100 * time.Millisecond)
				if _, err := io.WriteString(c, strings.Repeat("x", 100)); err != nil {
					return
				}
			}
		}, 30 * time.Second, CutSlow},
		{"silence before the headers", func(c net.Conn) { io.Copy(io.Discard, c) }, 30 * time.Second, ""},
		{"headers a byte a second", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nX: ")
			for {
				time.Sleep(time.Second)
				if _, err := io.WriteString(c, "x"); err != nil {
					return
				}
			}
		}, 30 * time.Second, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				body, cut, err := get(t, Policy{dial: slowServer(tc.answer)}, "http://a.example/?secret=1")
				if took := time.Since(began); took > tc.most+time.Second {
					t.Errorf("took %v, want at most %v", took, tc.most)
				}
				switch {
				case tc.cut == "" && !errors.Is(err, ErrTooSlow):
					t.Errorf("got %v, want too slow", err)
				case tc.cut != "" && (err != nil || cut != tc.cut || !bytes.HasPrefix(body, []byte(listing))):
					t.Errorf("%q, cut %q, %v", body, cut, err)
				}
				time.Sleep(2 * time.Second) // until the server sees the end
			})
		})
	}
}

func TestCancelEndsARequestAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, err := NewTransport(Policy{dial: slowServer(func(c net.Conn) { io.Copy(io.Discard, c) })})
		if err != nil {
			t.Fatal(err)
		}
		defer tr.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		req, _ := http.NewRequestWithContext(ctx, "GET", "http://a.example/", nil)
		began := time.Now()
		_, err = tr.RoundTrip(req)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 3*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestTheClientFollowsNoRedirect(t *testing.T) {
	hit := false
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hit = true }))
	defer canary.Close()
	srv := httptest.NewServer(http.RedirectHandler(canary.URL, http.StatusFound))
	defer srv.Close()
	client, err := NewClient(Policy{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Get(srv.URL)
	if err != nil || resp.StatusCode != http.StatusFound || hit {
		t.Errorf("%v, %v, followed %v", resp, err, hit)
	}
}

func TestErrorsHoldNoSecret(t *testing.T) {
	client, err := NewClient(Policy{Limits: Limits{Total: time.Second}, resolver: noResolver()})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"http://user:hunter2@nowhere.example/bot-hunter2/send?token=hunter2", "http://127.0.0.1:1/hunter2?a=hunter2", "http://[::1]:80/hunter2"} {
		_, err := client.Get(address)
		if err == nil {
			t.Fatal("reached")
		}
		err = fmt.Errorf("send: %w", err)
		if got := Clean(err).Error(); strings.Contains(got, "hunter2") {
			t.Errorf("%s", got)
		}
	}
	broken := strings.Replace("http://a.example/DEL?hunter2", "DEL", "\x7f", 1)
	_, perr := url.Parse(broken)
	if got := Clean(perr).Error(); strings.Contains(got, "hunter2") {
		t.Errorf("%s", got)
	}
	if Clean(nil) != nil {
		t.Error("nil became an error")
	}
	if !errors.Is(Clean(&url.Error{Op: "Get", URL: "http://a/", Err: fmt.Errorf("x: %w", ErrRefused)}), ErrRefused) {
		t.Error("the cause was lost")
	}
}

func TestRedactURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/p/q":                    "https://a.example/p/q",
		"https://u:p@a.example/p?token=x#y":        "https://a.example/p…",
		"http://a.example:8080/?q":                 "http://a.example:8080/…",
		"mailto:a@b.example":                       "mailto:…",
		"http://a.example/%zz":                     "…",
		"http://a.example/" + "%E5%87%BA%E5%94%AE": "http://a.example/%E5%87%BA%E5%94%AE",
	} {
		if got := RedactURL(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestReasonsHoldNothingThatAServerWrote(t *testing.T) {
	const canary = "110101199003078515"
	for name, answer := range map[string]string{
		"status line": canary + "\r\n\r\n", "header": "HTTP/1.1 200 OK\r\n" + canary + "\r\n\r\n", "version": "HTTP/" + canary + " 200 OK\r\n\r\n",
		"length": "HTTP/1.1 200 OK\r\nContent-Length: " + canary + "x\r\n\r\n", "type": "HTTP/1.1 200 OK\r\nContent-Type: application/" + canary + "\r\n\r\nx",
		"encoding": "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: " + canary + "\r\n\r\nx", "transfer": "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + canary + "\r\n\r\nx",
		"nothing": "",
	} {
		address := raw(t, func(c net.Conn) { io.WriteString(c, answer) })
		_, _, err := get(t, Policy{Accept: Pages}, address)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if got := Reason(err); strings.Contains(got, canary) || got == "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestReasonsOfTheNetwork(t *testing.T) {
	client, err := NewClient(Policy{Limits: Limits{Total: time.Second}, resolver: noResolver()})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{"http://nowhere.example/": "the name of the host is not known",
		"http://127.0.0.1:1234/": "connect to a loopback address (allow_private: true permits it): refused by the dial guard",
		"http://1.1.1.1:22/":     "connect to port 22: refused by the dial guard"} {
		_, err := client.Get(address)
		if got := Reason(err); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	open, err := NewClient(Policy{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	_, err = open.Get("http://" + address)
	if got := Reason(err); got != "the connection was refused" {
		t.Errorf("closed port: %s", got)
	}
	srv := httptest.NewTLSServer(http.NotFoundHandler())
	defer srv.Close()
	srv.Config.ErrorLog = nil
	_, err = open.Get(srv.URL)
	if got := Reason(err); got != "the certificate of the site is not valid" {
		t.Errorf("unknown certificate: %s", got)
	}
}
