package safehttp

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// The caps that Body.Cut names.
const (
	CutWire  = "wire"  // more bytes on the network than Limits.Wire
	CutPlain = "plain" // more bytes after decompression than Limits.Plain
	CutRatio = "ratio" // a decompression bomb
	CutShort = "short" // the connection or the compressed stream ended early
	CutSlow  = "slow"  // the time was up, or the bytes came too slowly
)

// Body is a bounded, decompressed response body. Where a limit ends it, Read
// answers io.EOF, so that what was read can be used, and Cut names the limit.
// It must be closed.
type Body struct {
	ctx    context.Context
	end    func(error)
	closer io.Closer
	wire   *wireReader
	plain  io.Reader
	limits Limits
	n      int64 // plain bytes given out
	cut    string
	rate   *time.Timer
}

// Cut names the limit that ended the body, "" if it was read to its end or is
// not finished.
func (b *Body) Cut() string { return b.cut }

func newBody(ctx context.Context, end func(error), resp *http.Response, l Limits) (*Body, error) {
	b := &Body{ctx: ctx, end: end, closer: resp.Body, limits: l}
	b.wire = &wireReader{r: resp.Body, left: l.Wire}
	b.watch()
	plain, err := decoder(b.wire, resp.Header.Values("Content-Encoding"))
	if err != nil {
		b.rate.Stop()
		return nil, err
	}
	b.plain = plain
	return b, nil
}

// watch ends the request if a window passes in which too few bytes came.
func (b *Body) watch() {
	var before int64
	// Armed after the assignment, so that the function may read b.rate.
	b.rate = time.AfterFunc(time.Hour, func() {
		now := b.wire.n.Load()
		if now-before < b.limits.Rate*int64(RateWindow/time.Second) {
			b.end(ErrTooSlow)
			return
		}
		before = now
		b.rate.Reset(RateWindow)
	})
	b.rate.Reset(RateWindow)
}

// Read reads decompressed bytes up to the limits.
func (b *Body) Read(p []byte) (int, error) {
	if b.cut != "" {
		return 0, io.EOF
	}
	if left := b.limits.Plain - b.n; int64(len(p)) > left {
		if left == 0 {
			return 0, b.probe()
		}
		p = p[:left]
	}
	n, err := b.plain.Read(p)
	b.n += int64(n)
	if b.n > freePlain && b.n > b.wire.n.Load()*b.limits.Ratio {
		b.cut = CutRatio
		return n, io.EOF
	}
	if err != nil {
		b.cut = b.why(err)
		err = io.EOF
	}
	return n, err
}

// probe looks whether anything follows the last byte that is allowed.
func (b *Body) probe() error {
	var one [1]byte
	if n, err := io.ReadFull(b.plain, one[:]); n == 0 {
		b.cut = b.why(err)
		return io.EOF
	}
	b.cut = CutPlain
	return io.EOF
}

// why turns the error that ended the stream into the name of a cap.
func (b *Body) why(err error) string {
	switch {
	case b.wire.over:
		return CutWire
	case errors.Is(err, io.EOF):
		return ""
	case b.ctx.Err() != nil:
		return CutSlow
	default:
		return CutShort
	}
}

// Close ends the request.
func (b *Body) Close() error {
	b.rate.Stop()
	err := b.closer.Close()
	b.end(nil)
	return err
}

// wireReader counts and caps the bytes from the network.
type wireReader struct {
	r    io.Reader
	left int64
	n    atomic.Int64
	over bool
}

// Read reads from the network.
func (w *wireReader) Read(p []byte) (int, error) {
	if w.left <= 0 {
		var one [1]byte
		if n, err := io.ReadFull(w.r, one[:]); n == 0 {
			return 0, err
		}
		w.over = true
		return 0, io.ErrUnexpectedEOF
	}
	if int64(len(p)) > w.left {
		p = p[:w.left]
	}
	n, err := w.r.Read(p)
	w.left -= int64(n)
	w.n.Add(int64(n))
	return n, err
}

// decoder undoes at most one content encoding. Two layers are no use to an
// honest server.
func decoder(r io.Reader, values []string) (io.Reader, error) {
	enc := strings.ToLower(strings.TrimSpace(strings.Join(values, ",")))
	switch enc {
	case "", "identity":
		return r, nil
	case "gzip", "x-gzip":
		return &lazy{open: func() (io.Reader, error) { return gzip.NewReader(r) }}, nil
	case "deflate":
		return &lazy{open: func() (io.Reader, error) { return inflate(r) }}, nil
	}
	return nil, fmt.Errorf("%w: %s", ErrEncoding, wellKnown(enc))
}

// inflate reads "deflate" as the standard says (zlib) or as some servers
// send it (raw).
func inflate(r io.Reader) (io.Reader, error) {
	br := bufio.NewReader(r)
	head, err := br.Peek(2)
	if len(head) < 2 {
		return nil, err
	}
	if head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(br)
	}
	return flate.NewReader(br), nil
}

// lazy opens a decoder at the first Read: an answer without a body may still
// name an encoding.
type lazy struct {
	open func() (io.Reader, error)
	r    io.Reader
	err  error
}

// Read opens the decoder if need be and reads from it.
func (l *lazy) Read(p []byte) (int, error) {
	if l.r == nil && l.err == nil {
		l.r, l.err = l.open()
	}
	if l.err != nil {
		return 0, l.err
	}
	return l.r.Read(p)
}

// ReadPage reads the body of an answer of a Transport into memory. cut names
// the limit that ended it, "" if it is whole. Bytes that are in truth an
// image, archive or document, whatever the headers said, are dropped with
// ErrMediaType after the first 512.
func ReadPage(resp *http.Response) (data []byte, cut string, err error) {
	defer resp.Body.Close()
	b, ok := resp.Body.(*Body)
	if !ok {
		return nil, "", errors.New("read page: not an answer of a guarded transport")
	}
	buf := bytes.NewBuffer(make([]byte, 0, 32<<10))
	if _, err := io.CopyN(buf, b, 512); err != nil && !errors.Is(err, io.EOF) {
		return nil, "", err
	}
	if what := signature(buf.Bytes()); what != "" {
		return nil, "", fmt.Errorf("%w: the bytes are %s", ErrMediaType, what)
	}
	if _, err := buf.ReadFrom(b); err != nil {
		return nil, "", err
	}
	return buf.Bytes(), b.Cut(), nil
}

// signature names the kind of file that the first bytes give away, "" for
// text and for what cannot be told.
func signature(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("7z\xbc\xaf\x27\x1c")):
		return "application/x-7z-compressed"
	case bytes.HasPrefix(head, []byte("\xfd7zXZ\x00")):
		return "application/x-xz"
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return "application/zstd"
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "application/x-ole-storage"
	}
	mt := http.DetectContentType(head)
	if strings.HasPrefix(mt, "text/") || strings.HasPrefix(mt, "application/octet-stream") {
		return ""
	}
	return mt
}
