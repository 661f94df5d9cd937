package detect

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/ident"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// maxAddress is the longest address that is kept, in bytes.
const maxAddress = leak.MaxKeyword * 4

// maskAddress masks the identifiers in an address, also those behind percent
// signs and in the plus signs of a query. What is no identifier stays as it
// was written, so the address leads where it did.
func maskAddress(raw string) string {
	if raw == "" {
		return ""
	}
	plain, at := unescape(raw)
	f := text.Fold(plain)
	var masks []mask
	for _, x := range ident.FindInLink(f, text.Unhide(f)) {
		masks = append(masks, mask{span{at[x.Start], at[x.End]}, ident.Mask(x)})
	}
	return maskedText(raw, mergeMasks(masks))
}

// maskedText is s with masks, and with its own brackets escaped.
func maskedText(s string, masks []mask) string {
	var b strings.Builder
	at := 0
	for _, m := range masks {
		b.WriteString(leak.EscapeMarks(s[at:m.start]))
		b.WriteString(m.shown)
		at = m.end
	}
	b.WriteString(leak.EscapeMarks(s[at:]))
	return b.String()
}

// maxEscapes is how many times an address may be escaped over and over.
const maxEscapes = 4

// unescape undoes the escapes of an address, over and over, and returns with
// the result the offset in raw of each of its bytes and of its end.
func unescape(raw string) (string, []int) {
	at := make([]int, len(raw)+1)
	for i := range at {
		at[i] = i
	}
	b := []byte(raw)
	if query := strings.IndexByte(raw, '?'); query >= 0 {
		for i := query; i < len(b); i++ {
			if b[i] == '+' {
				b[i] = ' '
			}
		}
	}
	for range maxEscapes {
		n := unescapeOnce(b, at)
		if n == len(b) {
			break
		}
		at[n] = at[len(b)]
		b, at = b[:n], at[:n+1]
	}
	return string(b), at
}

// unescapeOnce undoes the escapes in b, in place, moves the offsets with them
// and returns the new length. A percent sign that escapes nothing stays.
func unescapeOnce(b []byte, at []int) int {
	n := 0
	for i := 0; i < len(b); n++ {
		c, w := b[i], 1
		if c == '%' && i+2 < len(b) && isHex(b[i+1]) && isHex(b[i+2]) {
			c, w = unhex(b[i+1])<<4|unhex(b[i+2]), 3
		}
		b[n], at[n] = c, at[i]
		i += w
	}
	return n
}

func isHex(c byte) bool { return c-'0' <= 9 || c|0x20 >= 'a' && c|0x20 <= 'f' }

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
