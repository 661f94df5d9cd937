package safehttp

import (
	"errors"
	"fmt"
	"net/netip"
)

// ErrRefused is wrapped by every refusal of the guard: an address, a port, a
// scheme or a host name that must not be reached.
var ErrRefused = errors.New("refused by the dial guard")

// special is one range that is not the public internet.
type special struct {
	prefix  netip.Prefix
	what    string
	private bool // reachable under Policy.AllowPrivate
}

// metadata are the addresses at which clouds hand out credentials. They are
// refused under every policy. Azure's lies in public space and is on no
// registry's list.
var metadata = []netip.Addr{
	netip.MustParseAddr("169.254.169.254"),
	netip.MustParseAddr("168.63.129.16"),
	netip.MustParseAddr("100.100.100.200"),
	netip.MustParseAddr("192.0.0.192"),
	netip.MustParseAddr("fd00:ec2::254"),
	netip.MustParseAddr("fd20:ce::254"),
}

// specials4 is the IANA special-purpose registry for IPv4.
var specials4 = []special{
	{netip.MustParsePrefix("0.0.0.0/8"), "this network", false},
	{netip.MustParsePrefix("10.0.0.0/8"), "private", true},
	{netip.MustParsePrefix("100.64.0.0/10"), "carrier-grade NAT", true},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback", true},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local", false},
	{netip.MustParsePrefix("172.16.0.0/12"), "private", true},
	{netip.MustParsePrefix("192.0.0.0/24"), "protocol assignments", false},
	{netip.MustParsePrefix("192.0.2.0/24"), "documentation", false},
	{netip.MustParsePrefix("192.88.99.0/24"), "6to4 relay", false},
	{netip.MustParsePrefix("192.168.0.0/16"), "private", true},
	{netip.MustParsePrefix("198.18.0.0/15"), "benchmarking", false},
	{netip.MustParsePrefix("198.51.100.0/24"), "documentation", false},
	{netip.MustParsePrefix("203.0.113.0/24"), "documentation", false},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast", false},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved", false},
}

// specials6 is what is refused inside 2000::/3, and what a policy may allow
// outside it; everything else outside is refused.
var specials6 = []special{
	{netip.MustParsePrefix("::1/128"), "loopback", true},
	{netip.MustParsePrefix("fc00::/7"), "private", true},
	{netip.MustParsePrefix("64:ff9b::/96"), "NAT64", false},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "NAT64", false},
	{netip.MustParsePrefix("fe80::/10"), "link-local", false},
	{netip.MustParsePrefix("2001::/23"), "protocol assignments (Teredo and others)", false},
	{netip.MustParsePrefix("2001:db8::/32"), "documentation", false},
	{netip.MustParsePrefix("2002::/16"), "6to4", false},
	{netip.MustParsePrefix("3ffe::/16"), "6bone", false},
	{netip.MustParsePrefix("3fff::/20"), "documentation", false},
}

var global6 = netip.MustParsePrefix("2000::/3")

// CheckAddr reports why an address must not be dialled: nil for the public
// internet, and for loopback and private addresses if allowPrivate is set.
// Metadata services, link-local, multicast, reserved and translated ranges
// are refused always.
func CheckAddr(a netip.Addr, allowPrivate bool) error {
	if a.Zone() != "" {
		return refuse("an address with a zone")
	}
	a = a.Unmap()
	for _, m := range metadata {
		if a == m {
			return refuse("a cloud metadata address")
		}
	}
	list := specials6
	if a.Is4() {
		list = specials4
	}
	for _, s := range list {
		if !s.prefix.Contains(a) {
			continue
		}
		if s.private && allowPrivate {
			return nil
		}
		if s.private {
			return refuse("a " + s.what + " address (allow_private: true permits it)")
		}
		return refuse("a " + s.what + " address")
	}
	return checkGlobal6(a)
}

// checkGlobal6 refuses IPv6 outside the global unicast range, and ISATAP,
// which hides an IPv4 address in the last half of a global one.
func checkGlobal6(a netip.Addr) error {
	if !a.IsValid() {
		return refuse("an invalid address")
	}
	if a.Is4() {
		return nil
	}
	if !global6.Contains(a) {
		return refuse("an address outside global unicast")
	}
	b := a.As16()
	if b[8]&^2 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe {
		return refuse("an ISATAP address")
	}
	return nil
}

// badPorts are ports above 1023 on which something other than a web server
// listens and would act on what an HTTP request makes it read.
var badPorts = map[uint16]bool{
	1719: true, 1720: true, 1723: true, 2049: true, 2375: true, 2376: true, 2379: true,
	3306: true, 3659: true, 4045: true, 4190: true, 5060: true, 5061: true, 5432: true,
	6000: true, 6379: true, 6566: true, 6665: true, 6666: true, 6667: true, 6668: true,
	6669: true, 6679: true, 6697: true, 10080: true, 10250: true, 11211: true, 27017: true,
}

// checkPort allows the web's ports and the high ones on which web servers
// are run.
func checkPort(port uint16) error {
	if port == 80 || port == 443 || port >= 1024 && !badPorts[port] {
		return nil
	}
	return refuse(fmt.Sprintf("port %d", port))
}

func refuse(what string) error { return fmt.Errorf("connect to %s: %w", what, ErrRefused) }
