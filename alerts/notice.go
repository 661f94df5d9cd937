package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// StateOK is the state of a subject with which nothing is wrong.
const StateOK = "ok"

// Notice is a message of leakwatch about itself, such as a source that went
// blind. It is sent to every receiver once per change of State of Subject.
type Notice struct {
	Subject  string        `json:"subject"` // what it is about, such as source:forum
	State    string        `json:"state"`   // such as blind, or StateOK
	Severity leak.Severity `json:"severity"`
	Text     string        `json:"text"` // for people; redacted

	except string // a receiver that is not told
}

// The last state of each subject is kept, so that a state is told once:
//
//	bucket "notices" key <fingerprint of subject> → noticeState
const noticeBucket = "notices"

type noticeState struct {
	Subject string    `json:"subject"`
	State   string    `json:"state"`
	Since   time.Time `json:"since"`
	Count   int       `json:"count"` // changes of state so far; part of the notification's id
	Text    string    `json:"text"`
	Told    bool      `json:"told"` // the outbox entries of this state exist
}

// Notify stores the state of a subject and, if it differs from the stored
// one, queues a message to every receiver. The first state of a subject is
// sent unless it is StateOK.
func (s *Service) Notify(ctx context.Context, n Notice) error {
	if n.Subject == "" || n.State == "" {
		return fmt.Errorf("%w: a notice needs a subject and a state", ErrInvalid)
	}
	if n.Severity.Rank() < 0 {
		n.Severity = leak.High
	}
	var made []*entry
	err := s.commit(ctx, func(e indexer.Engine) (err error) {
		made, err = s.putNotice(ctx, e, n)
		return err
	})
	if err != nil {
		return fmt.Errorf("queue notice: %w", err)
	}
	s.handOver(made)
	return nil
}

// putNotice stores the state, then the entries, then that they exist: a crash
// in between is made good when the same state is reported again.
func (s *Service) putNotice(ctx context.Context, st indexer.State, n Notice) ([]*entry, error) {
	key := leak.Fingerprint("notice", n.Subject)
	var ns noticeState
	se, err := st.Load(ctx, noticeBucket, key)
	switch {
	case errors.Is(err, indexer.ErrNotFound):
		ns.State = StateOK
	case err != nil:
		return nil, err
	default:
		if err := json.Unmarshal(se.Value, &ns); err != nil {
			return nil, fmt.Errorf("read state of %s: %w", n.Subject, err)
		}
	}
	if ns.State == n.State && (ns.Told || ns.Count == 0) {
		return nil, nil
	}
	if ns.State != n.State {
		ns = noticeState{Subject: n.Subject, State: n.State, Since: s.instant(), Count: ns.Count + 1, Text: n.Text}
		if se.Version, err = storeNotice(ctx, st, key, se.Version, ns); err != nil {
			return nil, err
		}
	}
	var made []*entry
	for _, r := range s.rules.Load().Receivers {
		if r.Config.Name == n.except {
			continue
		}
		e := &entry{
			ID:       leak.NotificationID(r.Config.Name, "notice", n.Subject, n.State, fmt.Sprint(ns.Count)),
			Receiver: r.Config.Name, State: Queued, Rank: n.Severity.Rank(), Queued: ns.Since, Notice: &n, due: ns.Since,
		}
		created, err := e.create(ctx, st)
		if err != nil {
			return nil, err
		}
		if created {
			made = append(made, e)
		}
	}
	ns.Told = true
	_, err = storeNotice(ctx, st, key, se.Version, ns)
	return made, err
}

func storeNotice(ctx context.Context, st indexer.State, key string, v indexer.Version, ns noticeState) (indexer.Version, error) {
	value, err := json.Marshal(ns)
	if err != nil {
		return v, fmt.Errorf("encode state of notice: %w", err)
	}
	e := indexer.Entry{Key: key, Version: v, Value: value}
	if v == (indexer.Version{}) {
		return st.Create(ctx, noticeBucket, e)
	}
	return st.Swap(ctx, noticeBucket, e)
}
