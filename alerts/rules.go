package alerts

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// builtin is the receiver that every alert reaches without being sent: the
// archive, which the console shows.
const builtin = "console"

// rules are the compiled settings. They are never changed; a reload, or a
// change of silences and exceptions, makes new ones.
type rules struct {
	Settings
	watches   []*watch
	routes    []route
	fixed     []silence // of the config
	silences  []silence // fixed and stored
	receivers map[string]*Receiver
	extra     []Exception // stored exceptions
}

// watch is a compiled watch.
type watch struct {
	config.Watch
	query      *query.Query // as written
	seen       *query.Query // over what the watch sees: hits, unless the query says otherwise
	exceptions []exception
}

type exception struct {
	Exception
	query *query.Query
}

type route struct {
	config.Route
	query *query.Query // nil for all
}

type silence struct {
	Silence
	query *query.Query
}

// compile reads all queries of the settings. The error holds every fault.
func (s *Service) compile(set Settings) (*rules, error) {
	r := &rules{Settings: set, receivers: map[string]*Receiver{}}
	var faults []error
	parse := func(c indexer.Collection, src, what string) *query.Query {
		q, err := s.parse(c, src)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", what, err))
		}
		return q
	}
	for i := range set.Receivers {
		r.receivers[set.Receivers[i].Config.Name] = &set.Receivers[i]
	}
	for _, c := range set.Watches {
		w := &watch{Watch: c, query: parse(indexer.Listings, c.Query, "query of watch "+c.ID)}
		if w.query != nil {
			w.seen = w.query.Watch()
		}
		for _, x := range c.Exceptions {
			w.exceptions = append(w.exceptions, exception{
				Exception: Exception{ID: leak.Fingerprint("exception", c.ID, x.Query), Watch: c.ID, Query: x.Query,
					Reason: x.Reason, Author: x.Author, Config: true},
				query: parse(indexer.Listings, x.Query, "exception of watch "+c.ID),
			})
		}
		r.watches = append(r.watches, w)
	}
	for i, c := range set.Routes {
		rt := route{Route: c}
		if c.Match != "" {
			rt.query = parse(indexer.Alerts, c.Match, fmt.Sprintf("match of route %d", i+1))
		}
		r.routes = append(r.routes, rt)
	}
	for i, c := range set.Silences {
		r.fixed = append(r.fixed, silence{
			Silence: Silence{ID: leak.Fingerprint("silence", c.Match, c.From.String(), c.Until.String(), c.Author),
				Match: c.Match, From: c.From, Until: c.Until, Author: c.Author, Reason: c.Reason, Created: c.From, Config: true},
			query: parse(indexer.Alerts, c.Match, fmt.Sprintf("match of silence %d", i+1)),
		})
	}
	faults = append(faults, r.unknownReceivers()...)
	r.silences = r.fixed
	return r, errors.Join(faults...)
}

// unknownReceivers returns a fault for each name that no receiver has.
func (r *rules) unknownReceivers() []error {
	var faults []error
	check := func(names []string, what string) {
		for _, n := range names {
			if n != builtin && r.receivers[n] == nil {
				faults = append(faults, fmt.Errorf("%s: %w: %s", what, ErrNoReceiver, n))
			}
		}
	}
	for _, w := range r.watches {
		check(w.Receivers, "watch "+w.ID)
	}
	for i, rt := range r.routes {
		check(rt.Receivers, fmt.Sprintf("route %d", i+1))
	}
	return faults
}

// with returns rules that also obey what the state holds. A stored query that
// no longer parses is left out and reported.
func (r *rules) with(s *Service, stored []Silence, extra []Exception) *rules {
	n := *r
	n.silences = slices.Clone(r.fixed)
	for _, x := range stored {
		q, err := s.parse(indexer.Alerts, x.Match)
		if err != nil {
			s.log.Error("a stored silence is not obeyed: its query is no longer valid", "silence", x.ID, "error", err)
			continue
		}
		n.silences = append(n.silences, silence{x, q})
	}
	n.extra = extra
	n.watches = make([]*watch, len(r.watches))
	for i, w := range r.watches {
		c := *w
		c.exceptions = slices.DeleteFunc(slices.Clone(w.exceptions), func(x exception) bool { return !x.Config })
		for _, x := range extra {
			if x.Watch == w.ID {
				c.addException(s, x)
			}
		}
		n.watches[i] = &c
	}
	return &n
}

func (w *watch) addException(s *Service, x Exception) {
	q, err := s.parse(indexer.Listings, x.Query)
	if err != nil {
		s.log.Error("a stored exception is not obeyed: its query is no longer valid", "exception", x.ID, "error", err)
		return
	}
	w.exceptions = append(w.exceptions, exception{x, q})
}

// watch returns a watch by id, or nil.
func (r *rules) watch(id string) *watch {
	for _, w := range r.watches {
		if w.ID == id {
			return w
		}
	}
	return nil
}

// verdict is the named answer of a watch about a listing.
type verdict string

const (
	verdictMatch    verdict = "match"
	verdictMiss     verdict = "miss"     // the query is not satisfied
	verdictExcepted verdict = "excepted" // an exception excludes it
)

// judge is the one evaluator: live matching, recovery and preview ask it. seen
// is the query as a watch sees it; now is the commit time of the revision.
func judge(seen *query.Query, exceptions []exception, d *query.Document, now time.Time) verdict {
	if !seen.Match(d, now) {
		return verdictMiss
	}
	for _, x := range exceptions {
		if x.query.Match(d, now) {
			return verdictExcepted
		}
	}
	return verdictMatch
}

// match is a watch that a listing satisfies.
type match struct {
	watch   *watch
	id      string   // of the alert
	why     []string // the parts of the query that are satisfied
	created bool     // the alert did not exist
}

// match returns the watches that a listing satisfies, in config order.
func (r *rules) match(d *query.Document, l *leak.Listing) []match {
	var out []match
	for _, w := range r.watches {
		if w.Disabled || judge(w.seen, w.exceptions, d, l.Changed) != verdictMatch {
			continue
		}
		out = append(out, match{watch: w, id: alertID(w.ID, l.ID, w.query, d), why: w.query.Why(d, l.Changed)})
	}
	return out
}

// alertID identifies the alert of a watch on a listing with these values.
func alertID(watch, listing string, q *query.Query, d *query.Document) string {
	return leak.AlertID(watch, listing, q.ValuesHash(d))
}

// silencedBy returns the id of the silence that mutes an alert, or "".
func (r *rules) silencedBy(d *query.Document, now time.Time) string {
	for _, x := range r.silences {
		if !now.Before(x.From) && now.Before(x.Until) && x.query.Match(d, now) {
			return x.ID
		}
	}
	return ""
}

// receiversOf returns who is to be told of an alert: by the first route that
// matches, and the next ones while it says continue; else by the watch; and
// if the watch names nobody, everyone.
func (r *rules) receiversOf(w *watch, d *query.Document, now time.Time) []string {
	var names []string
	routed := false
	for _, rt := range r.routes {
		if rt.query != nil && !rt.query.Match(d, now) {
			continue
		}
		routed = true
		names = append(names, rt.Receivers...)
		if !rt.Continue {
			break
		}
	}
	switch {
	case routed:
	case len(w.Receivers) > 0:
		names = w.Receivers
	default:
		for _, rec := range r.Receivers {
			names = append(names, rec.Config.Name)
		}
	}
	out := []string{}
	for _, n := range names {
		if n != builtin && r.receivers[n] != nil && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}
