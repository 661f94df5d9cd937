package leak

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"hash"
	"strconv"
	"strings"
)

var fingerprintEncoding = base32.HexEncoding.WithPadding(base32.NoPadding)

// Fingerprint returns the stable identity of parts: the same parts in the
// same order always give the same 26 characters [0-9a-v], and no two
// different lists of parts share an encoding before hashing. It serves as
// document id. It is not a secret code: never give it an identifier of a
// victim (see Keyring), nor what was read and not yet masked (see Identity).
func Fingerprint(parts ...string) string {
	return digest(sha256.New(), parts)
}

// digest names a list of parts by a hash: the length of each part stands
// before it, so that no two lists are written alike.
func digest(h hash.Hash, parts []string) string {
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return strings.ToLower(fingerprintEncoding.EncodeToString(h.Sum(nil)[:16]))
}

// RevisionID identifies revision n of a listing.
func RevisionID(listing string, n int) string { return listing + "-" + strconv.Itoa(n) }

// AlertID identifies the alert of a watch on a listing in the state whose
// fields, as far as the watch reads them, hash to values.
func AlertID(watch, listing, values string) string {
	return Fingerprint("alert", watch, listing, values)
}

// NotificationID identifies the message about an alert to a receiver; it is
// the same on every attempt.
func NotificationID(receiver string, alerts ...string) string {
	return Fingerprint(append([]string{"notification", receiver}, alerts...)...)
}
