package alerts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/indexer/indextest"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// parse reads queries as the program does, without lists and identifiers.
func parse(c indexer.Collection, src string) (*query.Query, error) {
	return query.Parse(src, query.Env{Collection: string(c)})
}

// mailbox is a notifier that remembers what it was sent.
type mailbox struct {
	asking sync.Mutex // one answer at a time
	mu     sync.Mutex // protects sent
	sent   []Notification
	limits Limits
	answer func(n Notification) (Answer, error) // nil for success; asked before anything is remembered
	after  func(n Notification) error           // asked when the message is remembered
}

func (m *mailbox) Limits() Limits { return m.limits }

func (m *mailbox) Send(ctx context.Context, n Notification) (Answer, error) {
	if m.answer != nil {
		if a, err := m.ask(n); err != nil {
			return a, err
		}
	}
	m.mu.Lock()
	m.sent = append(m.sent, n)
	m.mu.Unlock()
	if m.after != nil {
		if err := m.after(n); err != nil {
			return Answer{}, err
		}
	}
	return Answer{Status: 200, Text: "ok"}, nil
}

func (m *mailbox) ask(n Notification) (Answer, error) {
	m.asking.Lock()
	defer m.asking.Unlock()
	return m.answer(n)
}

// all returns what was sent, the oldest first.
func (m *mailbox) all() []Notification {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.sent)
}

// messages returns, by alert, the distinct ids of the messages that held it.
func (m *mailbox) messages() map[string][]string {
	out := map[string][]string{}
	for _, n := range m.all() {
		for _, a := range n.Alerts {
			if !slices.Contains(out[a.ID], n.ID) {
				out[a.ID] = append(out[a.ID], n.ID)
			}
		}
	}
	return out
}

// receiver makes a receiver of the mailbox.
func (m *mailbox) receiver(name string) Receiver {
	return Receiver{Config: config.Receiver{Name: name, Type: "webhook"}, Notifier: m}
}

// grouped makes a chat receiver of the mailbox.
func (m *mailbox) grouped(name string, wait, every time.Duration) Receiver {
	return Receiver{Config: config.Receiver{Name: name, Type: "slack", GroupWait: wait, GroupEvery: every}, Notifier: m}
}

// quiet is a logger that writes nothing.
func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// options returns options with one watch over hits, on a fresh index.
func options(receivers ...Receiver) Options {
	return Options{
		Settings: Settings{
			Watches:   []config.Watch{{ID: "faces", Name: "Faces", Query: "category:face_photo"}},
			Receivers: receivers,
			Console:   "https://console.test",
		},
		Engine: indextest.NewMemory(), Parse: parse, Log: quiet(), Exclusive: true,
	}
}

func mustNew(t *testing.T, o Options) *Service {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustIngest(t *testing.T, s *Service, b Batch) Result {
	t.Helper()
	r, err := s.Ingest(context.Background(), b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// selling returns a listing that satisfies the watch of options. Its text is
// its own, so it opens a case of its own.
func selling(n int) leak.Listing {
	price, unit := float64(n+1), "张"
	return leak.Listing{
		ID: fmt.Sprintf("listing-%03d", n), Source: "forum", URL: fmt.Sprintf("https://forum.test/t/%d", n),
		Title: fmt.Sprintf("offer %c%c", 'a'+n%26, 'a'+n/26%26), Body: strings.Repeat(fmt.Sprintf("%c%c", 'a'+n%26, 'a'+n/26%26), 12),
		Seller: fmt.Sprintf("seller%d", n), Fetched: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Content: fmt.Sprintf("content-%d", n),
		Reading: leak.Reading{
			Hit: true, Intent: leak.Sell, Score: 0.9, Severity: leak.High, Language: "zh",
			Categories: []leak.Category{leak.FacePhoto},
			Offers:     []leak.Offer{{Categories: []leak.Category{leak.FacePhoto}, Price: &price, Unit: &unit}},
		},
		TextVersion: 1, RulesVersion: "r1", RedactionVersion: 1,
	}
}

// run runs the service until the returned function is called.
func run(t *testing.T, s *Service) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	return func() { cancel(); <-done }
}

// elapse lets time pass, on the clock of the test's bubble, and all that falls
// due in it happen.
func elapse(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// storedAlerts returns all alerts of an index.
func storedAlerts(t *testing.T, e indexer.Engine) []leak.Alert {
	t.Helper()
	s := &Service{engine: e}
	var out []leak.Alert
	search := indexer.Search{Limit: 1000, Now: time.Now()}
	for {
		p, err := s.Search(context.Background(), search)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p.Alerts...)
		if search.After = p.Next; p.Next == "" {
			return out
		}
	}
}

// errKilled is what a dead process gets from its engine.
var errKilled = errors.New("process was killed")

// life ends at a given write, or when it is told to.
type life struct {
	mu     sync.Mutex
	writes int  // done so far
	end    int  // the write at which life ends; 0 for never
	after  bool // that write still happens
	dead   bool
}

func (l *life) kill() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dead = true
}

func (l *life) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dead
}

// write counts a write and says whether it happens and whether life goes on.
func (l *life) write() (happens bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead {
		return false
	}
	l.writes++
	if l.end > 0 && l.writes >= l.end {
		l.dead = true
		return l.after
	}
	return true
}

// mortal is an engine that a process sees until it is killed. As weak, it has
// no transactions and a Put can end anywhere; otherwise Together is all or
// nothing.
type mortal struct {
	indexer.Engine
	life *life
	weak bool
}

func (m *mortal) answer() error {
	if m.life.over() {
		return fmt.Errorf("%w: %w", indexer.ErrUnavailable, errKilled)
	}
	return nil
}

func (m *mortal) Put(ctx context.Context, writes []indexer.Write) ([]indexer.Version, []error) {
	vs, errs := make([]indexer.Version, len(writes)), make([]error, len(writes))
	for i := range writes {
		if !m.life.write() {
			errs[i] = m.answer()
			continue
		}
		v, e := m.Engine.Put(ctx, writes[i:i+1])
		vs[i], errs[i] = v[0], errors.Join(e[0], m.answer())
	}
	return vs, errs
}

func (m *mortal) Create(ctx context.Context, b string, e indexer.Entry) (indexer.Version, error) {
	if !m.life.write() {
		return indexer.Version{}, m.answer()
	}
	v, err := m.Engine.Create(ctx, b, e)
	return v, errors.Join(err, m.answer())
}

func (m *mortal) Swap(ctx context.Context, b string, e indexer.Entry) (indexer.Version, error) {
	if !m.life.write() {
		return indexer.Version{}, m.answer()
	}
	v, err := m.Engine.Swap(ctx, b, e)
	return v, errors.Join(err, m.answer())
}

func (m *mortal) Remove(ctx context.Context, b, k string, v indexer.Version) error {
	if !m.life.write() {
		return m.answer()
	}
	return errors.Join(m.Engine.Remove(ctx, b, k, v), m.answer())
}

func (m *mortal) Get(ctx context.Context, c indexer.Collection, ids ...string) (map[string]indexer.Document, error) {
	if err := m.answer(); err != nil {
		return nil, err
	}
	return m.Engine.Get(ctx, c, ids...)
}

func (m *mortal) Load(ctx context.Context, b, k string) (indexer.Entry, error) {
	if err := m.answer(); err != nil {
		return indexer.Entry{}, err
	}
	return m.Engine.Load(ctx, b, k)
}

func (m *mortal) LoadAll(ctx context.Context, b string, keys ...string) (map[string]indexer.Entry, error) {
	if err := m.answer(); err != nil {
		return nil, err
	}
	return m.Engine.LoadAll(ctx, b, keys...)
}

func (m *mortal) Scan(ctx context.Context, b string, s indexer.Scan) ([]indexer.Entry, error) {
	if err := m.answer(); err != nil {
		return nil, err
	}
	return m.Engine.Scan(ctx, b, s)
}

func (m *mortal) Together(ctx context.Context, fn func(indexer.Engine) error) error {
	if err := m.answer(); err != nil {
		return err
	}
	if m.weak {
		return fn(m)
	}
	return m.Engine.Together(ctx, func(e indexer.Engine) error {
		return errors.Join(fn(&mortal{e, m.life, false}), m.answer())
	})
}

// flaky makes about one in a hundred writes of an engine fail, at random; half
// of those happened all the same.
func flaky(m *indextest.Memory, seed uint64) (heal func()) {
	var mu sync.Mutex
	random, healed := rand.New(rand.NewPCG(seed, 0)), false
	m.Fail(func(op string) error {
		mu.Lock()
		defer mu.Unlock()
		switch strings.TrimPrefix(op, "after ") {
		case "put", "create", "swap", "remove", "together":
		default:
			return nil
		}
		if healed || random.IntN(200) != 0 {
			return nil
		}
		return fmt.Errorf("%s: %w", op, indexer.ErrUnavailable)
	})
	return func() {
		mu.Lock()
		defer mu.Unlock()
		healed = true
	}
}
