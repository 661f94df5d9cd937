package leak

import "unicode/utf8"

// Caps on what one listing may hold, the same for both engines. A cap that is
// hit is recorded in Listing.Cut under the name given here.
const (
	MaxOffers      = 64        // "offers"
	MaxContacts    = 64        // "contacts"
	MaxIdentifiers = 2000      // "identifiers"
	MaxFindings    = 256       // "findings"
	MaxFiles       = 64        // "files"
	MaxKeyword     = 512       // bytes of a keyword field; "keyword"
	MaxText        = 256 << 10 // bytes of title and body together; "text"
)

// CutBytes returns s cut to at most n bytes without splitting a code point,
// and whether anything was cut.
func CutBytes(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n], true
}
