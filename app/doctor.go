package app

import (
	"context"
	"fmt"

	"github.com/leakwatch/leakwatch/crawler"
)

// Diagnosis is what Diagnose says of one part.
type Diagnosis struct {
	Part string `json:"part"`
	OK   bool   `json:"ok"`
	Text string `json:"text"` // what is so, and what mends it
}

// Diagnose looks at index, keys, sources and receivers.
func (a *App) Diagnose(ctx context.Context) []Diagnosis {
	out := []Diagnosis{{"keys", true, "primary " + a.keys.IDs()[0]}}
	if err := a.engine.Check(ctx); err != nil {
		return append(out, Diagnosis{"index", false, err.Error()})
	}
	out = append(out, Diagnosis{"index", true, a.current.Load().config.Index.Engine})
	sources, err := a.Sources(ctx)
	if err != nil {
		return append(out, Diagnosis{"sources", false, err.Error()})
	}
	private := map[string]string{} // by ID, the flag that a probe of the source needs
	for _, s := range a.current.Load().config.Sources {
		if s.AllowPrivate {
			private[s.ID] = "--allow-private "
		}
	}
	for _, s := range sources {
		d := Diagnosis{"source", true, s.ID + " " + string(s.Health)}
		switch {
		case s.Disabled:
			d.Text = s.ID + " is disabled"
		case s.Health == "":
			d.Text = s.ID + " was not crawled yet"
		case s.Health != crawler.OK && s.Health != crawler.Partial:
			d.OK = false
			d.Text = fmt.Sprintf("%s is %s: %s; `leakwatch probe %s%s` shows what it answers", s.ID, s.Health, s.Problem, private[s.ID], s.URL)
		}
		out = append(out, d)
	}
	receivers, err := a.alerts.Receivers(ctx)
	if err != nil {
		return append(out, Diagnosis{"receivers", false, err.Error()})
	}
	for _, r := range receivers {
		d := Diagnosis{"receiver", true, fmt.Sprintf("%s, %d waiting", r.Name, r.Pending)}
		if !r.FailingSince.IsZero() || r.Dead > 0 || r.Disabled {
			d.OK = false
			d.Text = fmt.Sprintf("%s fails: %s; %d waiting, %d given up; `leakwatch receivers test %s` tries it", r.Name, r.LastError, r.Pending, r.Dead, r.Name)
		}
		out = append(out, d)
	}
	return out
}
