package safehttp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// forbidden are addresses that no policy without AllowPrivate may reach, in
// every spelling that a page might use in a URL.
var forbidden = strings.Fields(`
127.0.0.1 127.0.0.2 127.1.2.3 127.255.255.254 0.0.0.0 0.0.0.1 0.255.255.255
10.0.0.1 10.255.255.255 172.16.0.1 172.20.1.1 172.31.255.255 192.168.0.1 192.168.255.255
169.254.0.1 169.254.169.254 169.254.170.2 169.254.255.255
100.64.0.1 100.100.100.200 100.127.255.255 168.63.129.16 192.0.0.1 192.0.0.8 192.0.0.192
192.0.2.1 198.51.100.7 203.0.113.9 198.18.0.1 198.19.255.255 192.88.99.1
224.0.0.1 239.255.255.255 240.0.0.1 250.1.2.3 255.255.255.255
[::] [::1] [0:0:0:0:0:0:0:1] [::0001] [0000:0000:0000:0000:0000:0000:0000:0001] [::127.0.0.1] [::7f00:1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1] [::ffff:a9fe:a9fe] [::ffff:169.254.169.254] [::ffff:0:127.0.0.1]
[::ffff:192.168.1.1] [::ffff:100.100.100.200] [::ffff:168.63.129.16] [::ffff:0.0.0.0]
[64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::169.254.169.254] [64:ff9b::10.0.0.1] [64:ff9b:1::1] [64:ff9b:1:ffff::7f00:1]
[2002:7f00:1::] [2002:a00:1::1] [2002:a9fe:a9fe::1] [2002:c0a8:101::]
[2001::1] [2001:0:4136:e378:8000:63bf:3fff:fdd2] [2001:10::1] [2001:20::1] [2001:2::1] [2001:1::1] [2001:db8::1] [2001:db8:ffff::1]
[3ffe::1] [3fff::1] [3fff:fff::1] [5f00::1] [100::1] [100:0:0:1::1]
[fc00::1] [fd00::1] [fd00:ec2::254] [fd20:ce::254] [fdff:ffff::1]
[fe80::1] [fe80::1%25lo] [fe80::a9fe:a9fe] [febf::1] [fec0::1] [feff::1] [ff02::1] [ff0e::1]
[::2] [::ffff:ffff] [1::1] [1fff::1] [4000::1] [8000::1] [e000::1] [fe00::1] [fe80::1%25eth0]
[2600:1f00::5efe:7f00:1] [2a00::200:5efe:a00:1] [2a00:1450::5efe:169.254.169.254]
2130706433 0x7f000001 017700000001 0x7f.0.0.1 0177.0.0.1 127.1 127.0.1 0 00 0x0 1.1 10.1 192.168.257
3232235521 0xa9fea9fe 2852039166 025177524776 0xA9.0xFE.0xA9.0xFE 169.16689662 0251.0376.0251.0376
①②⑦.⓪.⓪.①  127。0。0。1 １２７.０.０.１ ⑯⑨。②⑤④。⑯⑨｡②⑤④
localhost LOCALHOST localhost. localhost.localdomain ip6-localhost
`)

// TestNoForbiddenAddressIsReached has listeners on the loopback as canaries:
// none may hear of it, whatever the spelling, scheme or port.
func TestNoForbiddenAddressIsReached(t *testing.T) {
	var hits atomic.Int32
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer canary.Close()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(canary.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	client, err := NewClient(Policy{resolver: noResolver(), Limits: Limits{Total: 2 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, host := range forbidden {
		for _, scheme := range []string{"http", "https"} {
			tried++
			resp, err := client.Get(scheme + "://" + host + ":" + port + "/")
			if err == nil {
				resp.Body.Close()
				t.Errorf("%s://%s was reached", scheme, host)
			}
		}
	}
	if hits.Load() > 0 {
		t.Errorf("the canary was hit %d times", hits.Load())
	}
	if tried < 250 {
		t.Errorf("only %d forms were tried", tried)
	}
}

// noResolver knows localhost's relatives only.
func noResolver() *net.Resolver {
	return fakeDNS(func(name string) []string {
		if strings.Contains(name, "localhost") {
			return []string{"127.0.0.1", "::1"}
		}
		return nil
	})
}

// fakeDNS answers look-ups in process.
func fakeDNS(answer func(name string) []string) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go serveDNS(there, answer)
		return here, nil
	}}
}

// serveDNS speaks DNS over a stream: each message after its length.
func serveDNS(c net.Conn, answer func(string) []string) {
	defer c.Close()
	for {
		var size [2]byte
		if _, err := readFull(c, size[:]); err != nil {
			return
		}
		msg := make([]byte, int(size[0])<<8|int(size[1]))
		if _, err := readFull(c, msg); err != nil {
			return
		}
		out := answerDNS(msg, answer)
		if _, err := c.Write(append([]byte{byte(len(out) >> 8), byte(len(out))}, out...)); err != nil {
			return
		}
	}
}

func readFull(c net.Conn, b []byte) (int, error) {
	n := 0
	for n < len(b) {
		m, err := c.Read(b[n:])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func answerDNS(msg []byte, answer func(string) []string) []byte {
	var m dnsmessage.Message
	if m.Unpack(msg) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	for _, s := range answer(strings.TrimSuffix(q.Name.String(), ".")) {
		a := netip.MustParseAddr(s)
		h := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 0}
		switch {
		case a.Is4() && q.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: a.As4()}})
		case a.Is6() && q.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
		}
	}
	out, err := m.Pack()
	if err != nil {
		return nil
	}
	return out
}

func TestANameThatResolvesToAPrivateAddressIsRefused(t *testing.T) {
	for _, to := range []string{"127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "64:ff9b::7f00:1", "168.63.129.16"} {
		p := Policy{resolver: fakeDNS(func(string) []string { return []string{to} })}
		_, err := p.DialContext(context.Background(), "tcp", "market.example:80")
		if !errors.Is(err, ErrRefused) {
			t.Errorf("a name of %s: %v, want refused", to, err)
		}
	}
}

func TestANameThatIsRebondBetweenLookUpsIsRefused(t *testing.T) {
	var hits atomic.Int32
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer canary.Close()
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(canary.URL, "http://"))
	var n atomic.Int32
	p := Policy{Limits: Limits{Total: time.Second}, resolver: fakeDNS(func(string) []string {
		if n.Add(1) <= 2 { // the A and AAAA questions of the first look-up
			return []string{"192.0.2.1"}
		}
		return []string{"127.0.0.1"}
	})}
	client, err := NewClient(p)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if resp, err := client.Get("http://rebind.example:" + port); err == nil {
			resp.Body.Close()
			t.Error("reached")
		}
	}
	if hits.Load() > 0 {
		t.Errorf("the canary was hit %d times", hits.Load())
	}
}

func TestAllowPrivateOpensPrivateRangesAndNothingElse(t *testing.T) {
	for addr, want := range map[string]bool{"127.0.0.1": true, "10.0.0.1": true, "192.168.1.1": true, "172.16.3.4": true, "100.64.0.9": true,
		"::1": true, "fd12::1": true, "::ffff:127.0.0.1": true, "1.1.1.1": true, "2606:4700::1111": true,
		"169.254.169.254": false, "169.254.1.1": false, "100.100.100.200": false, "168.63.129.16": false, "fd00:ec2::254": false,
		"fe80::1": false, "0.0.0.0": false, "::": false, "224.0.0.1": false, "255.255.255.255": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false} {
		if err := CheckAddr(netip.MustParseAddr(addr), true); (err == nil) != want {
			t.Errorf("%s: %v, want allowed %v", addr, err, want)
		}
	}
}

func TestPublicAddressesAreAllowed(t *testing.T) {
	for _, addr := range []string{"1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "11.0.0.1", "9.255.255.255",
		"126.255.255.255", "128.0.0.1", "169.253.1.1", "169.255.1.1", "192.169.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "168.63.129.17",
		"2606:4700:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "2001:200::1", "2400:cb00::1"} {
		if err := CheckAddr(netip.MustParseAddr(addr), false); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestPorts(t *testing.T) {
	for port, want := range map[uint16]bool{80: true, 443: true, 8080: true, 8443: true, 1024: true, 65535: true, 40000: true,
		0: false, 22: false, 25: false, 53: false, 110: false, 445: false, 1023: false, 2375: false, 3306: false, 5432: false, 6379: false, 11211: false, 27017: false} {
		if err := checkPort(port); (err == nil) != want {
			t.Errorf("port %d: %v", port, err)
		}
	}
}

func TestOtherSchemesAndSocketsAreRefused(t *testing.T) {
	tr, err := NewTransport(Policy{})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []string{"ftp://a.example/", "file:///etc/passwd", "gopher://a.example/", "unix:///var/run/docker.sock", "HTTPX://a/"} {
		req, err := http.NewRequest("GET", u, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tr.RoundTrip(req); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v, want refused", u, err)
		}
	}
	if err := (Policy{}).control(context.Background(), "udp4", "1.1.1.1:80", nil); !errors.Is(err, ErrRefused) {
		t.Errorf("udp: %v", err)
	}
	datagrams := Policy{AnyPort: true}
	if err := datagrams.control(context.Background(), "udp4", "1.1.1.1:514", nil); err != nil {
		t.Errorf("udp for syslog: %v", err)
	}
	if err := datagrams.control(context.Background(), "udp4", "169.254.169.254:514", nil); !errors.Is(err, ErrRefused) {
		t.Errorf("udp to a forbidden address: %v", err)
	}
	if _, err := (Policy{}).DialContext(context.Background(), "tcp", "abcdefgh.onion:80"); !errors.Is(err, ErrRefused) {
		t.Errorf("onion without a proxy: %v", err)
	}
}

func FuzzCheckAddr(f *testing.F) {
	f.Add([]byte{127, 0, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		a, ok := netip.AddrFromSlice(b)
		if !ok {
			return
		}
		err := CheckAddr(a, false)
		bad := a.Unmap().IsLoopback() || a.Unmap().IsPrivate() || a.Unmap().IsLinkLocalUnicast() || a.Unmap().IsMulticast() || a.Unmap().IsUnspecified()
		if bad && err == nil {
			t.Errorf("%s is allowed", a)
		}
		if err == nil && CheckAddr(a, true) != nil {
			t.Errorf("%s is allowed, but not with AllowPrivate", a)
		}
		_ = fmt.Sprint(err)
	})
}
