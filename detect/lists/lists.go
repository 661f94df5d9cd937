// Package lists holds the watched lists that queries name with "@": files of
// handles or of identifiers. A file holds clear values, one a line; they are
// turned into handles without case or into codes as the file is read, and
// nothing else of it is kept. Membership is written on each listing as it is
// stored, so a query for a list is a query for one term.
package lists

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/detect/ident"
	"github.com/leakwatch/leakwatch/leak"
)

// entry is the code of an identifier, or the hash of a handle.
type entry [16]byte

// List is one watched list: sorted entries, 16 bytes each. It is immutable
// and safe for concurrent use.
type List struct {
	Name    string
	contact bool
	entries []entry
}

// Fault is one line of a list that cannot be used. It does not hold the
// value.
type Fault struct {
	File string
	Line int
	Why  string
}

// Error says where and why.
func (f Fault) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Why) }

// maxLine is the length of a line in bytes.
const maxLine = 1024

// Faults are the lines of a list that cannot be used, at most 20 of them.
type Faults []Fault

// Error writes one fault a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.Error()
	}
	return strings.Join(lines, "\n")
}

// Load reads the file of a list. keys is needed for identifiers. The error is
// a Faults where the file could be read.
func Load(c config.List, keys *leak.Keyring) (*List, error) {
	if c.Kind != "contact" && keys == nil {
		return nil, fmt.Errorf("read list %s: identifiers need a key", c.Name)
	}
	return open(c, keys)
}

// Check reads the file of a list without a key. The error is that of Load.
func Check(c config.List) error {
	_, err := open(c, nil)
	return err
}

func open(c config.List, keys *leak.Keyring) (*List, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, fmt.Errorf("read list %s: %w", c.Name, err)
	}
	defer f.Close()
	return read(f, c, keys)
}

func read(r io.Reader, c config.List, keys *leak.Keyring) (*List, error) {
	l := &List{Name: c.Name, contact: c.Kind == "contact"}
	var faults Faults
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, maxLine), maxLine)
	line := 0
	for s.Scan() && len(faults) < 20 {
		line++
		value := strings.TrimSpace(string(bytes.TrimPrefix(s.Bytes(), []byte("\ufeff"))))
		if value == "" || strings.HasPrefix(value, "#") {
			continue
		}
		if err := l.add(value, leak.IdentifierKind(c.Kind), keys); err != nil {
			faults = append(faults, Fault{File: c.File, Line: line, Why: err.Error()})
		}
	}
	if err := s.Err(); err != nil {
		faults = append(faults, Fault{File: c.File, Line: line + 1, Why: fmt.Sprintf("a line that cannot be read: %v", err)})
	}
	slices.SortFunc(l.entries, func(a, b entry) int { return bytes.Compare(a[:], b[:]) })
	l.entries = slices.Clip(slices.Compact(l.entries))
	if len(faults) > 0 {
		return nil, faults
	}
	return l, nil
}

func (l *List) add(value string, kind leak.IdentifierKind, keys *leak.Keyring) error {
	if l.contact {
		l.entries = append(l.entries, handleEntry(value))
		return nil
	}
	canonical, err := ident.Canonical(kind, value)
	if err != nil {
		return fmt.Errorf("no value of kind %s", kind) // err may quote it
	}
	if keys == nil {
		return nil // only checked
	}
	for _, code := range keys.Codes(kind, canonical) {
		e, ok := codeEntry(code)
		if !ok {
			return errors.New("a code that cannot be read")
		}
		l.entries = append(l.entries, e)
	}
	return nil
}

func handleEntry(handle string) entry {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimPrefix(strings.TrimSpace(handle), "@"))))
	return entry(sum[:16])
}

func codeEntry(code string) (entry, bool) {
	_, digits, ok := strings.Cut(code, ":")
	raw, err := hex.DecodeString(digits)
	if !ok || err != nil || len(raw) != len(entry{}) {
		return entry{}, false
	}
	return entry(raw), true
}

func (l *List) has(e entry) bool {
	_, ok := slices.BinarySearchFunc(l.entries, e, func(a, b entry) int { return bytes.Compare(a[:], b[:]) })
	return ok
}

// Len returns the number of entries.
func (l *List) Len() int { return len(l.entries) }

// Tag returns the names of the lists that a contact, the seller or an
// identifier of the listing is on, sorted.
func Tag(all []*List, x *leak.Listing) []string {
	var names []string
	for _, l := range all {
		if l.on(x) {
			names = append(names, l.Name)
		}
	}
	slices.Sort(names)
	return names
}

func (l *List) on(x *leak.Listing) bool {
	if l.contact {
		return slices.ContainsFunc(x.Contacts, func(c leak.Contact) bool { return l.has(handleEntry(c.Value)) }) ||
			x.Seller != "" && l.has(handleEntry(x.Seller))
	}
	return slices.ContainsFunc(x.Identifiers, func(i leak.Identifier) bool {
		e, ok := codeEntry(i.Code)
		return ok && l.has(e)
	})
}
