package safehttp

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
)

// answering takes connections and lets talk do with them what it likes.
func answering(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				talk(conn)
			}()
		}
	}()
	return l.Addr().String()
}

// resets is a server that speaks HTTP/2 and resets, or floods, what it is
// asked.
func resets(config *tls.Config, answer func(*http2.Framer, uint32)) func(net.Conn) {
	return func(raw net.Conn) {
		conn := tls.Server(raw, config)
		preface := make([]byte, len(http2.ClientPreface))
		if _, err := io.ReadFull(conn, preface); err != nil {
			return
		}
		f := http2.NewFramer(conn, conn)
		_ = f.WriteSettings()
		for {
			frame, err := f.ReadFrame()
			if err != nil {
				return
			}
			if h, ok := frame.(*http2.HeadersFrame); ok {
				answer(f, h.StreamID)
			}
		}
	}
}

func TestJunkInTLSAndResetsInHTTP2AreErrors(t *testing.T) {
	web := httptest.NewUnstartedServer(http.NotFoundHandler())
	web.EnableHTTP2 = true
	web.StartTLS()
	t.Cleanup(web.Close)
	config := web.TLS.Clone()
	for name, talk := range map[string]func(net.Conn){
		"junk instead of TLS":              func(c net.Conn) { _, _ = c.Write([]byte(strings.Repeat("\x16\x03\xff\xff", 10_000))) },
		"text instead of TLS":              func(c net.Conn) { _, _ = c.Write([]byte("HTTP/1.1 200 OK\r\n\r\nhello")) },
		"an alert":                         func(c net.Conn) { _, _ = c.Write([]byte{21, 3, 3, 0, 2, 2, 40}) },
		"nothing after the handshake":      func(c net.Conn) { _ = tls.Server(c, config).Handshake() },
		"a stream reset":                   resets(config, func(f *http2.Framer, id uint32) { _ = f.WriteRSTStream(id, http2.ErrCodeEnhanceYourCalm) }),
		"a stream refused again and again": resets(config, func(f *http2.Framer, id uint32) { _ = f.WriteRSTStream(id, http2.ErrCodeRefusedStream) }),
		"a farewell":                       resets(config, func(f *http2.Framer, id uint32) { _ = f.WriteGoAway(0, http2.ErrCodeProtocol, nil) }),
		"rubbish headers": resets(config, func(f *http2.Framer, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: []byte(strings.Repeat("\xff", 1000)), EndHeaders: true})
		}),
		"headers without end": resets(config, func(f *http2.Framer, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: []byte{0x88}})
			for f.WriteContinuation(id, false, make([]byte, 16_000)) == nil {
			}
		}),
		"pings without end": resets(config, func(f *http2.Framer, id uint32) {
			for f.WritePing(false, [8]byte{}) == nil {
			}
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr, err := NewTransport(Policy{AllowPrivate: true, Limits: Limits{Total: 3 * time.Second}})
			if err != nil {
				t.Fatal(err)
			}
			tr.base.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
			r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://"+answering(t, talk)+"/", nil)
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			answer, err := tr.RoundTrip(r)
			if err == nil {
				_, err = io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
			}
			if took := time.Since(began); err == nil || took > 5*time.Second {
				t.Errorf("after %s: %v", took, err)
			}
		})
	}
}
