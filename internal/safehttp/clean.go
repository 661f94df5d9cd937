package safehttp

import (
	"errors"
	"net/url"
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
