package leak

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
)

// Identity makes the identities of what was read: of pages and listings, whose
// addresses and texts may hold values of victims. They are fingerprints under a
// secret, so nobody who has an index can test guesses with them. The secret is
// drawn once per index and never changes; the index holds it sealed with each
// key (see Keyring.Seal), so keys may come and go and identities stay.
//
// The nil *Identity makes fingerprints under no secret: for tests.
type Identity struct{ secret []byte }

// NewIdentity returns one with a fresh secret.
func NewIdentity() (*Identity, error) {
	i := &Identity{secret: make([]byte, KeySize)}
	if _, err := rand.Read(i.secret); err != nil {
		return nil, fmt.Errorf("make identity: %w", err)
	}
	return i, nil
}

// String hides the secret.
func (i *Identity) String() string { return "identity" }

// GoString hides the secret.
func (i *Identity) GoString() string { return i.String() }

// Of is Fingerprint under the secret.
func (i *Identity) Of(parts ...string) string {
	var secret []byte
	if i != nil {
		secret = i.secret
	}
	return digest(hmac.New(sha256.New, secret), parts)
}

// Listing identifies a listing for ever: by the site's own id where the kind
// knows it, else by its canonical address (path and query without host and
// session parameters, so that a source keeps its listings when it moves).
func (i *Identity) Listing(source, siteID, canonicalURL string) string {
	if siteID != "" {
		return i.Of("listing", source, "id", siteID)
	}
	return i.Of("listing", source, "url", canonicalURL)
}

// errSealed: no key at hand opens it, or it was changed.
var errSealed = errors.New("no key opens it")

// Seal encrypts the secret of an identity with every active key, by key id.
func (kr *Keyring) Seal(i *Identity) (map[string][]byte, error) {
	out := make(map[string][]byte, len(kr.keys))
	for _, k := range kr.keys {
		box, err := k.box()
		if err != nil {
			return nil, fmt.Errorf("seal identity: %w", err)
		}
		nonce := make([]byte, box.NonceSize(), box.NonceSize()+KeySize+box.Overhead())
		if _, err := rand.Read(nonce); err != nil {
			return nil, fmt.Errorf("seal identity: %w", err)
		}
		out[k.ID] = box.Seal(nonce, nonce, i.secret, []byte(k.ID))
	}
	return out, nil
}

// Unseal returns the identity that Seal wrote, opened with any of the keys. The
// error holds nothing secret.
func (kr *Keyring) Unseal(sealed map[string][]byte) (*Identity, error) {
	for _, k := range kr.keys {
		box, err := k.box()
		if err != nil {
			return nil, fmt.Errorf("open identity: %w", err)
		}
		b := sealed[k.ID]
		if len(b) < box.NonceSize() {
			continue
		}
		secret, err := box.Open(nil, b[:box.NonceSize()], b[box.NonceSize():], []byte(k.ID))
		if err == nil && len(secret) == KeySize {
			return &Identity{secret: secret}, nil
		}
	}
	return nil, fmt.Errorf("open identity: %w", errSealed)
}

// box returns the cipher of a key: AES-256-GCM under a key derived for this
// purpose alone.
func (k Key) box() (cipher.AEAD, error) {
	m := hmac.New(sha256.New, k.secret)
	m.Write([]byte("leakwatch seal identity"))
	b, err := aes.NewCipher(m.Sum(nil))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(b)
}
