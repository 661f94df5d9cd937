package contact

import (
	"crypto/sha256"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/crypto/sha3"

	"github.com/leakwatch/leakwatch/internal/oracle"
	"github.com/leakwatch/leakwatch/leak"
)

// purse makes addresses of wallets that are right by the published rules.
type purse struct{ *rand.Rand }

func (p purse) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(p.Uint32())
	}
	return b
}

// base58 returns 20 random bytes behind a version byte, with their checksum.
func (p purse) base58(version byte) string {
	b := append([]byte{version}, p.bytes(20)...)
	first := sha256.Sum256(b)
	second := sha256.Sum256(first[:])
	n := new(big.Int).SetBytes(append(b, second[:4]...))
	out, rest := "", new(big.Int)
	for n.Sign() > 0 {
		n.DivMod(n, big.NewInt(58), rest)
		out = string(base58Alphabet[rest.Int64()]) + out
	}
	for _, c := range b {
		if c != 0 {
			break
		}
		out = "1" + out
	}
	return out
}

// segwit returns a native address of a witness version, whose checksum ends in
// final.
func (p purse) segwit(version byte, size int, final uint32) string {
	data := []byte{version}
	acc, bits := uint32(0), 0
	for _, b := range p.bytes(size) {
		acc, bits = acc<<8|uint32(b), bits+8
		for bits >= 5 {
			bits -= 5
			data = append(data, byte(acc>>bits&31))
		}
	}
	if bits > 0 {
		data = append(data, byte(acc<<(5-bits)&31))
	}
	sum := uint32(1)
	for _, v := range append([]byte{'b' >> 5, 'c' >> 5, 0, 'b' & 31, 'c' & 31}, data...) {
		sum = polymod(sum, uint32(v))
	}
	for range 6 {
		sum = polymod(sum, 0)
	}
	for i := 5; i >= 0; i-- {
		data = append(data, byte((sum^final)>>(5*i)&31))
	}
	var s strings.Builder
	for _, v := range data {
		s.WriteByte(bech32Alphabet[v])
	}
	return "bc1" + s.String()
}

// ethereum returns an address in the case of EIP-55.
func (p purse) ethereum() string {
	h := make([]byte, 40)
	for i := range h {
		h[i] = "0123456789abcdef"[p.IntN(16)]
	}
	k := sha3.NewLegacyKeccak256()
	k.Write(h)
	for i, b := range k.Sum(nil)[:20] {
		if b >= 128 {
			h[2*i] = upper(h[2*i])
		}
		if b&15 >= 8 {
			h[2*i+1] = upper(h[2*i+1])
		}
	}
	return "0x" + string(h)
}

func upper(c byte) byte { return strings.ToUpper(string(c))[0] }

func (p purse) question(i int) oracle.Question {
	switch i % 6 {
	case 0:
		return oracle.Question{Kind: "btc", Value: p.base58(0)}
	case 1:
		return oracle.Question{Kind: "btc", Value: p.base58(5)}
	case 2:
		return oracle.Question{Kind: "btc", Value: p.segwit(0, []int{20, 32}[p.IntN(2)], 1)}
	case 3:
		return oracle.Question{Kind: "tron", Value: p.base58(0x41)}
	case 4:
		return oracle.Question{Kind: "eth", Value: p.ethereum()}
	}
	return oracle.Question{Kind: "btc", Value: p.segwit(1, 32, 0x2bc830a3)}
}

// spoil changes one character, the case of one, or swaps two neighbours.
func (p purse) spoil(v string) string {
	i := p.IntN(len(v)-3) + 2
	switch p.IntN(3) {
	case 0:
		return v[:i] + v[i+1:i+2] + v[i:i+1] + v[i+2:]
	case 1:
		if c := upper(v[i]); c != v[i] {
			return v[:i] + string(c) + v[i+1:]
		}
		return v[:i] + strings.ToLower(v[i:i+1]) + v[i+1:]
	}
	return v[:2] + oracle.Spoil(p.Rand, v[2:])
}

func TestWalletsAgreeWithWhatOthersSayOfThem(t *testing.T) {
	const n, seed = 60_000, 20260101
	p := purse{rand.New(rand.NewPCG(seed, seed))}
	questions := make([]oracle.Question, n)
	for i := range questions {
		questions[i] = p.question(i)
		if i/6%2 == 1 {
			questions[i].Value = p.spoil(questions[i].Value)
		}
	}
	answers := oracle.Ask(t, questions)
	right, wrong, known := map[string]int{}, map[string]int{}, map[string]int{}
	for i, q := range questions {
		valid := walletKind(q.Value) == leak.ContactKind(q.Kind)
		said := strings.HasPrefix(answers[i], "ok")
		reason := walletDisagreement(q, answers[i], valid)
		switch {
		case valid != said && reason != "":
			known[reason]++
		case valid != said:
			t.Errorf("%s %s: valid %v, the oracle says %s", q.Kind, q.Value, valid, answers[i])
		case valid:
			right[q.Kind]++
		default:
			wrong[q.Kind]++
		}
	}
	for _, kind := range []string{"btc", "eth", "tron"} {
		if right[kind] < 1_000 || wrong[kind] < 1_000 {
			t.Errorf("%s: only %d right and %d wrong addresses were compared", kind, right[kind], wrong[kind])
		}
	}
	t.Logf("%d addresses, right %v, wrong %v, known disagreements %v", n, right, wrong, known)
}

// walletDisagreement returns why we and stdnum say otherwise of an address, ""
// if nothing is known that justifies it.
func walletDisagreement(q oracle.Question, said string, valid bool) string {
	switch {
	case valid && q.Kind == "btc" && strings.HasPrefix(q.Value, "bc1p") && said == "InvalidChecksum":
		return "since BIP 350 addresses of version 1 have the checksum of bech32m, which stdnum does not know"
	case !valid && q.Kind == "btc" && strings.HasPrefix(q.Value, "bc1") && q.Value != strings.ToLower(q.Value):
		return "BIP 173 forbids mixed case, which stdnum folds"
	}
	return ""
}
