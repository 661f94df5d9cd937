// Package safehttp is the one way from leakwatch to addresses that somebody
// else chose: pages, redirects, robots.txt, webhooks.
//
// Its guard stands at the dial, on the resolved address, so neither a name
// that resolves to a private address, nor one that resolves differently the
// second time, nor an odd spelling of an address gets past it. Environment
// proxies are never used. With a configured proxy the check is done here and
// the proxy is handed the checked address; only socks5h, which exists to
// resolve names elsewhere (Tor), sends names, and then literal and local
// names are refused.
//
// A Transport also bounds what an answer may cost: bytes on the wire, bytes
// after decompression, their ratio, headers, total time and minimum speed.
// What was cut off is told (Body.Cut), never silent. Only media types that
// the policy accepts are downloaded; others are refused by their headers.
//
// Errors never hold a query, a user, a password or a path (see Clean).
package safehttp

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// Policy says what one client may reach and how much it may read. The zero
// Policy reaches the public internet only and has the default limits.
type Policy struct {
	AllowPrivate bool                        // loopback and private ranges too; never metadata or link-local
	AnyPort      bool                        // not only the ports of the web, and datagrams too: for mail and syslog
	Proxy        string                      // http://, socks5:// or socks5h:// with optional user:password; "" for none
	Accept       func(mediaType string) bool // media types whose body is read; nil for all. "" is asked for a missing type
	Limits       Limits

	resolver *net.Resolver // nil for the system's
	dial     dialFunc      // replaces the network in tests, below the guard
}

// Limits bound one answer. A zero field has the default named beside it.
type Limits struct {
	Wire    int64         // bytes read from the network; 4 MiB
	Plain   int64         // bytes after decompression; 4 MiB
	Ratio   int64         // Plain to Wire, once more than 1 MiB is plain; 100
	Headers int64         // bytes of response headers; 128 KiB
	Total   time.Duration // from the dial to the last byte; 30 s
	Rate    int64         // least bytes per second, measured over RateWindow; 256
}

// RateWindow is the time over which the minimum speed is measured.
const RateWindow = 5 * time.Second

const freePlain = 1 << 20 // plain bytes below which no ratio is a bomb

func (l Limits) withDefaults() Limits {
	def := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&l.Wire, 4<<20)
	def(&l.Plain, 4<<20)
	def(&l.Ratio, 100)
	def(&l.Headers, 128<<10)
	def(&l.Rate, 256)
	if l.Total <= 0 {
		l.Total = 30 * time.Second
	}
	return l
}

type dialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// dialTimeout bounds one connection attempt.
const dialTimeout = 10 * time.Second

// DialContext connects to addr ("host:port") if the policy allows it. It is
// the guard: every address that the name resolves to is checked at the moment
// it is dialled. It ignores Policy.Proxy. Errors wrap ErrRefused where the
// guard spoke.
func (p Policy) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	if err := checkHost(addr); err != nil {
		return nil, err
	}
	if p.dial != nil {
		return p.dial(ctx, network, addr)
	}
	d := &net.Dialer{Timeout: dialTimeout, Resolver: p.resolver, ControlContext: p.control}
	return d.DialContext(ctx, network, addr)
}

// control runs for each connection attempt, with the resolved address.
func (p Policy) control(_ context.Context, network, addr string, _ syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") && !(p.AnyPort && strings.HasPrefix(network, "udp")) {
		return refuse("a " + network + " socket")
	}
	ap, err := netip.ParseAddrPort(addr)
	if err != nil {
		return refuse("an unreadable address")
	}
	return p.check(ap)
}

func (p Policy) check(ap netip.AddrPort) error {
	if err := CheckAddr(ap.Addr(), p.AllowPrivate); err != nil {
		return err
	}
	if p.AnyPort {
		return nil
	}
	return checkPort(ap.Port())
}

// checkHost refuses names that say before any look-up that they are wrong.
func checkHost(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return refuse("an address without a port")
	}
	if strings.HasSuffix(strings.TrimSuffix(strings.ToLower(host), "."), ".onion") {
		return fmt.Errorf("connect to an onion address without a socks5h proxy: %w", ErrRefused)
	}
	return nil
}

// resolve returns the addresses of a host that may be dialled, for hops that
// dial in our place.
func (p Policy) resolve(ctx context.Context, host string, port uint16) ([]netip.AddrPort, error) {
	addrs, err := p.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	var out []netip.AddrPort
	for _, a := range addrs {
		ap := netip.AddrPortFrom(a.Unmap(), port)
		if err = p.check(ap); err == nil {
			out = append(out, ap)
		}
	}
	if len(out) == 0 {
		return nil, err
	}
	return out, nil
}

func (p Policy) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	r := p.resolver
	if r == nil {
		r = net.DefaultResolver
	}
	addrs, err := r.LookupNetIP(ctx, "ip", host)
	if err == nil && len(addrs) == 0 {
		err = refuse("a name without an address")
	}
	return addrs, err
}

// NewClient returns a client over a new Transport. It follows no redirect:
// whoever wants the next hop must check it first.
func NewClient(p Policy) (*http.Client, error) {
	t, err := NewTransport(p)
	if err != nil {
		return nil, err
	}
	return &http.Client{
		Transport:     t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}
