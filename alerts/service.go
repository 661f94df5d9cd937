package alerts

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// Errors that the methods of Service return, wrapped.
var (
	// ErrNoAlert: no alert has that id.
	ErrNoAlert = errors.New("no such alert")
	// ErrNoCase: no case has that id.
	ErrNoCase = errors.New("no such case")
	// ErrNoSilence: no silence has that id, or it stands in the config.
	ErrNoSilence = errors.New("no such silence")
	// ErrNoReceiver: no receiver has that name.
	ErrNoReceiver = errors.New("no such receiver")
	// ErrInvalid: the caller asked for something that makes no sense; the
	// text says what.
	ErrInvalid = errors.New("invalid request")
)

// Deps is what a notifier gets besides its part of the config.
type Deps struct {
	// Transport makes HTTP requests, guarded and without redirects; nil for
	// http.DefaultTransport, in tests.
	Transport http.RoundTripper
	// Dial opens other connections, guarded; nil for a plain net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Now is the clock; nil for time.Now.
	Now func() time.Time
}

// Receiver is a receiver of the config with the notifier built for it.
type Receiver struct {
	Config   config.Receiver
	Notifier Notifier
}

// Settings are the parts of the config that alerts obeys; Reload replaces
// them as one.
type Settings struct {
	Watches   []config.Watch
	Routes    []config.Route
	Silences  []config.Silence
	Receivers []Receiver
	Console   string // public address of the console, without a slash at the end
}

// Options are what a Service is made of.
type Options struct {
	Settings
	Engine indexer.Engine
	// Parse reads a query over the listings or the alerts.
	Parse func(c indexer.Collection, src string) (*query.Query, error)
	Now   func() time.Time // nil for time.Now
	Log   *slog.Logger     // nil for slog.Default
	// Exclusive says that no other process delivers from this engine, so that
	// a delivery that is found under way at the start belongs to a dead
	// process and is taken over at once.
	Exclusive bool
	// Crash is called at every named point of CrashPoints, for tests that
	// kill the process there; nil in production.
	Crash func(point string)
}
