package contact

import (
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"strings"

	"golang.org/x/crypto/sha3"

	"github.com/leakwatch/leakwatch/leak"
)

// minWallet is the length of the shortest token that can be a wallet, an
// onion name or a Session id.
const minWallet = 16

// longToken reads the token [i, end) as a wallet or a Session id. Only the
// original case of it can be right.
func (r *reader) longToken(i, end int) {
	n := end - i
	if n < 25 || n > 106 || !r.wordStart(i) {
		return
	}
	v := r.original(i, end)
	if kind := walletKind(v); kind != "" {
		r.addValue(kind, i, end, v)
	}
}

// walletKind returns the kind of wallet that v is by its form and checksum, ""
// if it is none. It also knows the id of a Session account, whose prefix 05
// and length are all it has.
func walletKind(v string) leak.ContactKind {
	switch {
	case len(v) == 42 && strings.HasPrefix(v, "0x") && isETH(v[2:]):
		return leak.ETH
	case len(v) == 66 && strings.HasPrefix(v, "05") && isHex(v):
		return leak.Session
	case len(v) == 34 && v[0] == 'T' && isBase58Check(v, 0x41):
		return leak.TRON
	case len(v) <= 35 && (v[0] == '1' && isBase58Check(v, 0x00) || v[0] == '3' && isBase58Check(v, 0x05)):
		return leak.BTC
	case len(v) <= 90 && len(v) >= 14 && isSegwit(v):
		return leak.BTC
	case (len(v) == 95 || len(v) == 106) && (v[0] == '4' || v[0] == '8') && isMonero(v):
		return leak.XMR
	}
	return ""
}

func isHex(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil
}

// isETH reports whether h, 40 hex digits, is an address: in mixed case by the
// checksum of EIP-55, in one case as it stands.
func isETH(h string) bool {
	if !isHex(h) {
		return false
	}
	lower := strings.ToLower(h)
	if h == lower || h == strings.ToUpper(h) {
		return true
	}
	k := sha3.NewLegacyKeccak256()
	k.Write([]byte(lower))
	sum := k.Sum(nil)
	for i := 0; i < len(h); i++ {
		nibble := sum[i/2] >> 4
		if i%2 == 1 {
			nibble = sum[i/2] & 15
		}
		if isLetter(h[i]) && (nibble >= 8) != (h[i] < 'a') {
			return false
		}
	}
	return true
}

const base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// isBase58Check reports whether v is a version byte, 20 bytes and the first
// four of their double SHA-256, in base 58: addresses of Bitcoin and TRON.
func isBase58Check(v string, version byte) bool {
	n := new(big.Int)
	radix := big.NewInt(58)
	for i := 0; i < len(v); i++ {
		d := strings.IndexByte(base58Alphabet, v[i])
		if d < 0 {
			return false
		}
		n.Add(n.Mul(n, radix), big.NewInt(int64(d)))
	}
	if n.BitLen() > 25*8 {
		return false
	}
	var b [25]byte
	n.FillBytes(b[:])
	zeros := 0
	for zeros < len(v) && v[zeros] == '1' {
		zeros++
	}
	lead := 0
	for lead < len(b) && b[lead] == 0 {
		lead++
	}
	if zeros != lead || b[0] != version {
		return false
	}
	first := sha256.Sum256(b[:21])
	second := sha256.Sum256(first[:])
	return string(second[:4]) == string(b[21:])
}

const bech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// isSegwit reports whether v is a native segwit address of Bitcoin: bech32
// for witness version 0 (BIP 173), bech32m for later ones (BIP 350).
func isSegwit(v string) bool {
	if v != strings.ToLower(v) && v != strings.ToUpper(v) {
		return false
	}
	v = strings.ToLower(v)
	if !strings.HasPrefix(v, "bc1") || len(v) < 14 {
		return false
	}
	sum := polymod(polymod(polymod(polymod(polymod(1, 'b'>>5), 'c'>>5), 0), 'b'&31), 'c'&31)
	for i := 3; i < len(v); i++ {
		d := strings.IndexByte(bech32Alphabet, v[i])
		if d < 0 {
			return false
		}
		sum = polymod(sum, uint32(d))
	}
	if v[3] == 'q' {
		return sum == 1 && (len(v) == 42 || len(v) == 62)
	}
	return sum == 0x2bc830a3
}

// polymod adds one value to a bech32 checksum.
func polymod(c, v uint32) uint32 {
	top := c >> 25
	c = c&0x1ffffff<<5 ^ v
	for i, g := range [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
		if top>>i&1 == 1 {
			c ^= g
		}
	}
	return c
}

// isMonero reports whether v is an address of Monero: blocks of eight bytes in
// eleven characters of base 58, the last four bytes a Keccak-256 checksum.
// Network bytes: 18 standard, 19 integrated, 42 subaddress.
func isMonero(v string) bool {
	var raw []byte
	for len(v) > 0 {
		n := min(11, len(v))
		block, ok := moneroBlock(v[:n])
		if !ok {
			return false
		}
		raw, v = append(raw, block...), v[n:]
	}
	if len(raw) < 69 || raw[0] != 18 && raw[0] != 19 && raw[0] != 42 {
		return false
	}
	k := sha3.NewLegacyKeccak256()
	k.Write(raw[:len(raw)-4])
	return string(k.Sum(nil)[:4]) == string(raw[len(raw)-4:])
}

// moneroBlock decodes one block; its length in bytes follows from its length
// in characters.
func moneroBlock(s string) ([]byte, bool) {
	size := [12]int{0, 0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 8}[len(s)]
	if size == 0 {
		return nil, false
	}
	n := new(big.Int)
	for i := 0; i < len(s); i++ {
		d := strings.IndexByte(base58Alphabet, s[i])
		if d < 0 {
			return nil, false
		}
		n.Add(n.Mul(n, big.NewInt(58)), big.NewInt(int64(d)))
	}
	if n.BitLen() > 8*size {
		return nil, false
	}
	return n.FillBytes(make([]byte, size)), true
}
