package console

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// auditBucket holds the audit by time; entries are only ever added.
const auditBucket = "audit"

// Entry is one line of the audit: who did or looked at what.
type Entry struct {
	At      time.Time `json:"at"`
	User    string    `json:"user"`
	Address string    `json:"address"`
	Action  string    `json:"action"` // login, view_listing, view_alert, search, export, close, …
	Target  string    `json:"target"` // id or canonical query: never a value that identifies a victim
	Detail  string    `json:"detail,omitempty"`
}

// audit writes one line. A failure is logged and does not stop the user: the
// reads of the same index have just worked.
func (s *Server) audit(r *request, action, target, detail string) {
	now := s.o.Now()
	address, _, _ := net.SplitHostPort(r.RemoteAddr)
	target, _ = leak.CutBytes(target, leak.MaxKeyword)
	e := Entry{At: now, User: r.user.Name, Address: address, Action: action, Target: target, Detail: detail}
	value, err := json.Marshal(e)
	if err == nil {
		key := fmt.Sprintf("%020d-%s", now.UnixNano(), leak.Fingerprint("audit", e.User, action, target, now.String())[:8])
		_, err = s.o.Engine.Create(context.WithoutCancel(r.Context()), auditBucket, indexer.Entry{Key: key, Value: value})
	}
	if err != nil {
		s.o.Log.Error("write audit", "action", action, "user", e.User, "error", err)
	}
}

type auditPage struct {
	page
	Entries []Entry
	Days    int
}

// auditShown is how many lines the page shows.
const auditShown = 500

// auditPage shows the last lines, the newest first.
func (s *Server) auditPage(w http.ResponseWriter, r *request) error {
	p := auditPage{page: s.page(r, "Audit")}
	// Keys are times, so the newest are found by going back in growing steps.
	var entries []indexer.Entry
	for p.Days = 1; p.Days <= 4096; p.Days *= 8 {
		from := fmt.Sprintf("%020d", s.o.Now().Add(-time.Duration(p.Days)*24*time.Hour).UnixNano())
		var err error
		if entries, err = s.o.Engine.Scan(r.Context(), auditBucket, indexer.Scan{From: from, Limit: 10_000}); err != nil {
			return fmt.Errorf("read audit: %w", err)
		}
		if len(entries) >= auditShown {
			break
		}
	}
	for i := len(entries) - 1; i >= max(0, len(entries)-auditShown); i-- {
		var e Entry
		if err := json.Unmarshal(entries[i].Value, &e); err != nil {
			return fmt.Errorf("read audit: %w", err)
		}
		p.Entries = append(p.Entries, e)
	}
	s.render(w, r, http.StatusOK, "audit.tmpl", p)
	return nil
}
