package safehttp

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/proxy"
)

// hop is the configured proxy. Its own address is the one address that is
// dialled without the guard: the person who wrote the config chose it.
type hop struct {
	policy Policy
	scheme string
	addr   string // host:port
	user   *url.Userinfo
}

// ParseProxy reports what is wrong with a proxy address, without repeating
// it: it may hold a password.
func ParseProxy(s string) error {
	_, err := newHop(Policy{Proxy: s})
	return err
}

func newHop(p Policy) (*hop, error) {
	u, err := url.Parse(p.Proxy)
	if err != nil || u.Hostname() == "" || u.Port() == "" {
		return nil, errors.New("proxy is not of the form scheme://host:port")
	}
	switch u.Scheme {
	case "http", "socks5", "socks5h":
	default:
		return nil, fmt.Errorf("proxy scheme %q is not one of http, socks5, socks5h", u.Scheme)
	}
	return &hop{policy: p, scheme: u.Scheme, addr: u.Host, user: u.User}, nil
}

// DialContext opens a connection to addr through the hop. Names are resolved
// and checked here, and the hop is handed the address; TLS and the Host
// header still carry the name, for they are made above this connection.
func (h *hop) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	host, portText, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, refuse("an address without a port")
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, refuse("an unreadable port")
	}
	if h.scheme == "socks5h" {
		if err := h.policy.checkRemote(host, uint16(port)); err != nil {
			return nil, err
		}
		return h.socks(ctx, addr)
	}
	if err := checkHost(addr); err != nil {
		return nil, err
	}
	targets, err := h.policy.resolve(ctx, host, uint16(port))
	if err != nil {
		return nil, err
	}
	for _, t := range targets {
		var c net.Conn
		if c, err = h.through(ctx, t.String()); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func (h *hop) through(ctx context.Context, target string) (net.Conn, error) {
	if h.scheme == "http" {
		return h.connect(ctx, target)
	}
	return h.socks(ctx, target)
}

// dialSelf connects to the hop itself.
func (h *hop) dialSelf(ctx context.Context, network, addr string) (net.Conn, error) {
	if h.policy.dial != nil {
		return h.policy.dial(ctx, network, addr)
	}
	d := net.Dialer{Timeout: dialTimeout, Resolver: h.policy.resolver}
	return d.DialContext(ctx, network, addr)
}

func (h *hop) socks(ctx context.Context, target string) (net.Conn, error) {
	var auth *proxy.Auth
	if h.user != nil {
		pw, _ := h.user.Password()
		auth = &proxy.Auth{User: h.user.Username(), Password: pw}
	}
	d, err := proxy.SOCKS5("tcp", h.addr, auth, contextDialer(h.dialSelf))
	if err != nil {
		return nil, fmt.Errorf("use proxy: %w", err)
	}
	return d.(proxy.ContextDialer).DialContext(ctx, "tcp", target)
}

// contextDialer makes a dialFunc what package proxy wants.
type contextDialer dialFunc

func (d contextDialer) Dial(network, addr string) (net.Conn, error) {
	return d(context.Background(), network, addr)
}

func (d contextDialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	return d(ctx, network, addr)
}

// connect asks an HTTP proxy for a tunnel. Plain http goes through a tunnel
// too: in the absolute form the proxy would have to resolve the name itself.
func (h *hop) connect(ctx context.Context, target string) (net.Conn, error) {
	c, err := h.dialSelf(ctx, "tcp", h.addr)
	if err != nil {
		return nil, fmt.Errorf("reach proxy: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { c.Close() })
	tunnel, err := h.handshake(c, target)
	if !stop() {
		err = context.Cause(ctx)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return tunnel, nil
}

func (h *hop) handshake(c net.Conn, target string) (net.Conn, error) {
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: target}, Host: target, Header: http.Header{}}
	if h.user != nil {
		pw, _ := h.user.Password()
		code := base64.StdEncoding.EncodeToString([]byte(h.user.Username() + ":" + pw))
		req.Header.Set("Proxy-Authorization", "Basic "+code)
	}
	if err := req.Write(c); err != nil {
		return nil, fmt.Errorf("ask proxy: %w", err)
	}
	// The reader may hold bytes of the tunnel already; it is kept in front of c.
	br := bufio.NewReader(&io.LimitedReader{R: c, N: 1 << 62})
	resp, err := http.ReadResponse(br, req)
	if err != nil {
		return nil, fmt.Errorf("ask proxy: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("proxy refused the tunnel with status %d", resp.StatusCode)
	}
	return &bufferedConn{Conn: c, r: br}, nil
}

// bufferedConn is a connection whose first bytes may wait in a reader.
type bufferedConn struct {
	net.Conn
	r *bufio.Reader
}

// Read reads what the proxy's answer left over, then the connection.
func (c *bufferedConn) Read(b []byte) (int, error) { return c.r.Read(b) }

// checkRemote judges a name that somebody else will resolve. An address, in
// whatever spelling a resolver might take for one, is checked as an address;
// names that mean the hop's own network are refused.
func (p Policy) checkRemote(host string, port uint16) error {
	if a, err := netip.ParseAddr(host); err == nil {
		return p.check(netip.AddrPortFrom(a, port))
	}
	if err := checkPort(port); err != nil {
		return err
	}
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	labels := strings.Split(name, ".")
	last := labels[len(labels)-1]
	switch {
	case endsInNumber(last):
		return refuse("a name that some resolvers read as an address")
	case len(labels) < 2, strings.ContainsAny(name, "%:[]@/\\ "):
		return refuse("a name without a domain")
	}
	switch last {
	case "localhost", "local", "internal", "lan", "home", "corp", "intranet", "arpa", "localdomain":
		return refuse("a local name")
	}
	return nil
}

// endsInNumber is the test of the URL standard for a host that is an IPv4
// address in some spelling.
func endsInNumber(last string) bool {
	if last == "" {
		return true
	}
	if strings.HasPrefix(last, "0x") {
		return strings.Trim(last[2:], "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}
