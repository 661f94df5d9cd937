package main

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The file of counters that Go writes (internal/coverage/defs.go): a header, a
// segment header, two tables, then for each function that ran the number of
// its counters, its package, its index, and the counters.
const (
	fileHeader    = 32 // magic 4, version 4, hash 16, flavour 1, order 1, padding
	segmentHeader = 16 // functions 8, strings 4, arguments 4
	flavourAt     = 24
	uleb          = 2 // flavour: all values in ULEB128
	version       = 1
)

var errShort = errors.New("counters end early")

// sum adds up all counters of a file.
func sum(file []byte) (uint64, error) {
	if len(file) < fileHeader+segmentHeader {
		return 0, errShort
	}
	order := binary.LittleEndian
	if v := order.Uint32(file[4:]); v != version {
		return 0, fmt.Errorf("version of counters: got %d, want %d: package steps must learn it", v, version)
	}
	segment := file[fileHeader:]
	functions := order.Uint64(segment)
	tables := int(order.Uint32(segment[8:])) + int(order.Uint32(segment[12:]))
	at := fileHeader + segmentHeader + (tables+3)&^3
	if at > len(file) {
		return 0, errShort
	}
	r := reader{b: file[at:], uleb: file[flavourAt] == uleb}
	var total uint64
	for range functions {
		counters := r.next()
		r.next() // package
		r.next() // function
		for range counters {
			total += r.next()
		}
	}
	return total, r.err
}

// reader reads the values of a payload.
type reader struct {
	b    []byte
	uleb bool
	err  error
}

func (r *reader) next() uint64 {
	n, v := 4, uint64(0)
	switch {
	case r.uleb:
		v, n = binary.Uvarint(r.b)
	case len(r.b) >= 4:
		v = uint64(binary.LittleEndian.Uint32(r.b))
	}
	if n <= 0 || n > len(r.b) {
		r.b, r.err = nil, errShort
		return 0
	}
	r.b = r.b[n:]
	return v
}
