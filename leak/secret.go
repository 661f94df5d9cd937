package leak

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// The brackets of a mask. In texts from a source they are replaced (see
// EscapeMarks), so a mask of ours is never taken for a seller's own.
const (
	MarkOpen  = "⟦"
	MarkClose = "⟧"
)

var markEscaper = strings.NewReplacer(MarkOpen, "〚", MarkClose, "〛")

// EscapeMarks replaces the brackets of masks in a text from a source by
// look-alikes of the same length in code points and bytes, so offsets hold.
func EscapeMarks(s string) string {
	if !strings.Contains(s, MarkOpen[:2]) { // with which both begin
		return s
	}
	return markEscaper.Replace(s)
}

// Mask is what is shown in place of an identifier: the kind and at most the
// part that DESIGN.md allows, such as ⟦prc_id 11…⟧. keep may be empty.
func Mask(kind IdentifierKind, keep string) string {
	if keep == "" {
		return MarkOpen + string(kind) + MarkClose
	}
	return MarkOpen + string(kind) + " " + keep + MarkClose
}

// KeySize is the length of a code key in bytes.
const KeySize = 32

// Key codes identifiers. The zero Key is unusable. It cannot be printed.
type Key struct {
	ID     string
	secret []byte
}

// String hides the key.
func (k Key) String() string { return "key " + k.ID }

// GoString hides the key.
func (k Key) GoString() string { return k.String() }

// Keyring holds the active keys, the primary first. It is immutable and safe
// for concurrent use. Keys live outside the index and its backups.
type Keyring struct{ keys []Key }

var keyLine = regexp.MustCompile(`^([a-z0-9]{1,16}):([A-Za-z0-9+/]+=*)$`)

// NewKeyLine makes a fresh random key as a line of a key file.
func NewKeyLine() (string, error) {
	b := make([]byte, KeySize+4)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("make key: %w", err)
	}
	return "k" + hex.EncodeToString(b[:4]) + ":" + base64.StdEncoding.EncodeToString(b[4:]), nil
}

// ParseKeyring reads a key file: one "id:base64 of 32 bytes" a line, the
// primary first; empty lines and lines that begin with # are skipped. Errors
// name the line and never hold key material.
func ParseKeyring(data []byte) (*Keyring, error) {
	kr := &Keyring{}
	seen := map[string]bool{}
	for i, line := range bytes.Split(data, []byte("\n")) {
		s := strings.TrimSpace(string(line))
		if s == "" || strings.HasPrefix(s, "#") {
			continue
		}
		m := keyLine.FindStringSubmatch(s)
		if m == nil {
			return nil, fmt.Errorf("line %d: not a key; want \"id:base64\" with an id of 1 to 16 characters a-z 0-9", i+1)
		}
		secret, err := base64.StdEncoding.DecodeString(m[2])
		if err != nil || len(secret) != KeySize {
			return nil, fmt.Errorf("line %d: key %s is not base64 of %d bytes", i+1, m[1], KeySize)
		}
		if seen[m[1]] {
			return nil, fmt.Errorf("line %d: key id %s is used twice", i+1, m[1])
		}
		seen[m[1]] = true
		kr.keys = append(kr.keys, Key{ID: m[1], secret: secret})
	}
	if len(kr.keys) == 0 {
		return nil, errors.New("no key in the file; make one with `leakwatch keys init`")
	}
	return kr, nil
}

// IDs returns the ids of the active keys, the primary first.
func (kr *Keyring) IDs() []string {
	ids := make([]string, len(kr.keys))
	for i, k := range kr.keys {
		ids[i] = k.ID
	}
	return ids
}

// Code returns the code of a value under the primary key: "keyid:hex". The
// value must be in canonical form: see detect/ident. Equal values of equal
// kind give equal codes.
func (kr *Keyring) Code(kind IdentifierKind, canonical string) string {
	return kr.keys[0].code(kind, canonical)
}

// Codes returns the codes of a value under every active key, the primary
// first: what a query or a list must look for while old codes remain.
func (kr *Keyring) Codes(kind IdentifierKind, canonical string) []string {
	out := make([]string, len(kr.keys))
	for i, k := range kr.keys {
		out[i] = k.code(kind, canonical)
	}
	return out
}

// Check returns, for each key id, a value that proves which key it is without
// telling it. The store keeps it; a process whose key gives another value
// refuses to start.
func (kr *Keyring) Check() map[string]string {
	out := map[string]string{}
	for _, k := range kr.keys {
		out[k.ID] = k.code("check", "leakwatch key check")
	}
	return out
}

func (k Key) code(kind IdentifierKind, canonical string) string {
	m := hmac.New(sha256.New, k.secret)
	m.Write([]byte(kind))
	m.Write([]byte{0})
	m.Write([]byte(canonical))
	return k.ID + ":" + hex.EncodeToString(m.Sum(nil)[:16])
}
