package safehttp

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// tunnelProxy is an HTTP proxy that only notes what it is asked for and
// leads every tunnel to one server.
type tunnelProxy struct {
	to string

	mu    sync.Mutex // protects below
	asked []string
	auth  []string
}

func (p *tunnelProxy) tunnel(c net.Conn) {
	req, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return
	}
	p.mu.Lock()
	p.asked = append(p.asked, req.Method+" "+req.Host)
	p.auth = append(p.auth, req.Header.Get("Proxy-Authorization"))
	p.mu.Unlock()
	to, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer to.Close()
	io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
	go io.Copy(to, c)
	io.Copy(c, to)
}

func TestAnHTTPProxyIsHandedTheCheckedAddressAndTheServerTheName(t *testing.T) {
	var host string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { host = r.Host }))
	defer srv.Close()
	p := &tunnelProxy{to: srv.Listener.Addr().String()}
	// The guard refuses loopback, yet the configured proxy itself is reached.
	client, err := NewClient(Policy{Proxy: "http://user:pa55@" + answering(t, p.tunnel),
		resolver: fakeDNS(func(string) []string { return []string{"93.184.216.34"} })})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Get("http://market.example/x")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if host != "market.example" || len(p.asked) != 1 || p.asked[0] != "CONNECT 93.184.216.34:80" {
		t.Errorf("server saw %q, proxy was asked %q", host, p.asked)
	}
	if p.auth[0] != "Basic dXNlcjpwYTU1" {
		t.Errorf("proxy got %q", p.auth[0])
	}
}

func TestAProxyIsNeverAskedForAForbiddenAddress(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	defer srv.Close()
	for _, scheme := range []string{"http", "socks5", "socks5h"} {
		p := &tunnelProxy{to: srv.Listener.Addr().String()}
		addr := answering(t, p.tunnel)
		client, err := NewClient(Policy{Proxy: scheme + "://" + addr, Limits: Limits{Total: time.Second},
			resolver: fakeDNS(func(name string) []string {
				if strings.HasPrefix(name, "evil") {
					return []string{"169.254.169.254"}
				}
				if strings.Contains(name, "localhost") {
					return []string{"127.0.0.1"}
				}
				return nil
			})})
		if err != nil {
			t.Fatal(err)
		}
		hosts := append([]string{addr}, forbidden...)
		if scheme != "socks5h" {
			hosts = append(hosts, "evil.example")
		}
		for _, host := range append(hosts, "printer.local", "db.internal", "intranet", "a.lan", "x.corp", "1.0.0.127.in-addr.arpa") {
			if resp, err := client.Get("http://" + host + "/"); err == nil {
				resp.Body.Close()
				t.Errorf("%s: %s was reached", scheme, host)
			}
		}
		if len(p.asked) > 0 {
			t.Errorf("%s proxy was asked for %q", scheme, p.asked)
		}
	}
}

// socksServer answers one SOCKS5 request and tells what was asked for.
func socksServer(t *testing.T, asked chan<- string) string {
	t.Helper()
	return answering(t, func(c net.Conn) { serveSocks(c, asked) })
}

func serveSocks(c net.Conn, asked chan<- string) {
	br := bufio.NewReader(c)
	head := make([]byte, 2)
	if _, err := io.ReadFull(br, head); err != nil {
		return
	}
	io.ReadFull(br, make([]byte, head[1]))
	c.Write([]byte{5, 0})
	req := make([]byte, 4)
	if _, err := io.ReadFull(br, req); err != nil {
		return
	}
	switch req[3] {
	case 3:
		n, _ := br.ReadByte()
		name := make([]byte, n)
		io.ReadFull(br, name)
		asked <- string(name)
	default:
		b := make([]byte, map[byte]int{1: 4, 4: 16}[req[3]])
		io.ReadFull(br, b)
		a, _ := netip.AddrFromSlice(b)
		asked <- a.String()
	}
	io.ReadFull(br, make([]byte, 2))
	c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	if r, err := http.ReadRequest(br); err == nil {
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Host: "+r.Host+"\r\n\r\n")
	}
}

func TestSocksSendsAddressesAndSocks5hNames(t *testing.T) {
	for scheme, want := range map[string]string{"socks5": "93.184.216.34", "socks5h": "market.example"} {
		asked := make(chan string, 1)
		client, err := NewClient(Policy{Proxy: scheme + "://" + socksServer(t, asked),
			resolver: fakeDNS(func(string) []string { return []string{"93.184.216.34"} })})
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Get("http://market.example/")
		if err != nil {
			t.Fatalf("%s: %v", scheme, err)
		}
		resp.Body.Close()
		if got := <-asked; got != want || resp.Header.Get("X-Host") != "market.example" {
			t.Errorf("%s: asked for %q with host %q", scheme, got, resp.Header.Get("X-Host"))
		}
	}
}

func TestOnionsGoThroughSocks5h(t *testing.T) {
	asked := make(chan string, 1)
	const onion = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"
	client, err := NewClient(Policy{Proxy: "socks5h://" + socksServer(t, asked)})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Get("http://" + onion + "/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if got := <-asked; got != onion {
		t.Errorf("asked for %q", got)
	}
}

func TestEnvironmentProxiesAreIgnored(t *testing.T) {
	p := &tunnelProxy{to: "127.0.0.1:1"}
	addr := answering(t, p.tunnel)
	for _, k := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(k, "http://"+addr)
	}
	client, err := NewClient(Policy{Limits: Limits{Total: time.Second}, resolver: fakeDNS(func(string) []string { return []string{"192.168.0.1"} })})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Get("http://market.example/"); !errors.Is(err, ErrRefused) {
		t.Errorf("got %v, want refused", err)
	}
	if len(p.asked) > 0 {
		t.Errorf("the proxy of the environment was asked for %q", p.asked)
	}
}

func TestFaultyProxiesAreNamedWithoutTheirPassword(t *testing.T) {
	for _, s := range []string{"http://user:hunter2@", "ftp://user:hunter2@a.example:80", "user:hunter2", "http://user:hunter2@a.example", "://hunter2", "http://a:hunter2%zz@b:1"} {
		err := ParseProxy(s)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", s, err)
		}
	}
	if err := ParseProxy("socks5h://127.0.0.1:9050"); err != nil {
		t.Error(err)
	}
}

func TestAProxyThatHangsEndsWithTheContext(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	h, err := newHop(Policy{Proxy: "http://" + l.Addr().String(), resolver: fakeDNS(func(string) []string { return []string{"1.1.1.1"} })})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		c, err := l.Accept()
		if err == nil {
			defer c.Close()
			bufio.NewReader(c).ReadString('\n')
			cancel()
			<-ctx.Done()
		}
	}()
	if _, err := h.DialContext(ctx, "tcp", "a.example:80"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
}
