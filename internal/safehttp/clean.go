package safehttp

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"syscall"
)

// Clean returns err without the address that net/http writes into its
// errors: only the host stays. What err wraps can still be asked for. nil
// stays nil.
func Clean(err error) error {
	var ue *url.Error
	if !errors.As(err, &ue) {
		return err
	}
	host := ""
	if u, perr := url.Parse(ue.URL); perr == nil {
		host = u.Host
	}
	return &cleanError{host: host, err: Clean(ue.Err)}
}

type cleanError struct {
	host string
	err  error
}

// Error names the host and the cause.
func (e *cleanError) Error() string {
	if e.host == "" {
		return e.err.Error()
	}
	return e.host + ": " + e.err.Error()
}

// Unwrap returns the cause.
func (e *cleanError) Unwrap() error { return e.err }

// RedactURL returns an address as it may be shown and logged: scheme, host
// and path, without user, query and fragment; "…" marks that something was
// left out. An unreadable address is left out whole.
func RedactURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return "…"
	}
	rest := ""
	if u.RawQuery != "" || u.Fragment != "" || u.User != nil || u.Opaque != "" {
		rest = "…"
	}
	out := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return out.String() + rest
}

// Reason says in a few words why a request failed. Unlike the error's own
// text it holds nothing that a server, a page or a secret could have put
// there: at most the host or address that was dialled.
func Reason(err error) string {
	for _, known := range []struct {
		err  error
		text string
	}{
		{context.Canceled, "stopped"}, {context.DeadlineExceeded, "the time was up"}, {ErrTooSlow, "the answer came too slowly"},
		{syscall.ECONNRESET, "the connection was reset"}, {syscall.ECONNREFUSED, "the connection was refused"},
		{io.EOF, "the connection was closed without an answer"}, {io.ErrUnexpectedEOF, "the connection was closed in the middle of the answer"},
	} {
		if errors.Is(err, known.err) {
			return known.text
		}
	}
	// Of these the text is our own.
	for _, ours := range []error{ErrRefused, ErrMediaType, ErrEncoding} {
		if errors.Is(err, ours) {
			return innermost(err, ours)
		}
	}
	var cert *tls.CertificateVerificationError
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &cert):
		return "the certificate of the site is not valid"
	case errors.As(err, &dns) && dns.IsNotFound:
		return "the name of the host is not known"
	case errors.As(err, &dns):
		return "the name of the host could not be looked up"
	case errors.As(err, &op) && op.Timeout():
		return "the connection took too long"
	case errors.As(err, &op) && op.Op == "dial":
		return "the host could not be reached"
	}
	return "the answer could not be read as HTTP"
}

// innermost returns the text of the last error of the chain that still wraps
// target, which is the one that the guard made.
func innermost(err, target error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil || next == target || !errors.Is(next, target) {
			return err.Error()
		}
		err = next
	}
}
