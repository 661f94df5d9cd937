// Package pagerduty triggers PagerDuty incidents through Events API v2. The
// alert's id is the key by which PagerDuty joins repeats into one incident.
package pagerduty

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/leak"
)

const (
	maxBytes   = 512 << 10
	maxSummary = 1024
	defaultAPI = "https://events.pagerduty.com"
)

// Notifier sends to one integration.
type Notifier struct {
	client  *alerts.Client
	address string
	key     string
}

var _ alerts.Notifier = (*Notifier)(nil)

var keyShape = regexp.MustCompile(`^[A-Za-z0-9]{32}$`)

// Validate returns what is wrong with the keys of the config, by key.
func Validate(c config.Receiver) map[string]error {
	faults := map[string]error{}
	if !keyShape.MatchString(c.Secret.Reveal()) {
		faults["secret"] = errors.New("want the integration key of an Events API v2 integration: 32 letters and digits")
	}
	if base := c.URL.Reveal(); base != "" {
		if err := alerts.CheckURL(base); err != nil {
			faults["url"] = err
		}
	}
	return faults
}

// New builds the notifier; the config must be valid.
func New(c config.Receiver, d alerts.Deps) (alerts.Notifier, error) {
	if err := alerts.JoinFaults(Validate(c)); err != nil {
		return nil, err
	}
	base := strings.TrimRight(cmp.Or(c.URL.Reveal(), defaultAPI), "/")
	key := c.Secret.Reveal()
	return &Notifier{alerts.NewClient(d, key), base + "/v2/enqueue", key}, nil
}

// Limits implements alerts.Notifier.
func (n *Notifier) Limits() alerts.Limits {
	return alerts.Limits{Bytes: maxBytes, Messages: 120, Interval: time.Minute}
}

// severities are PagerDuty's words for ours.
var severities = map[leak.Severity]string{
	leak.Critical: "critical", leak.High: "error", leak.Medium: "warning", leak.Low: "info",
}

// Send implements alerts.Notifier.
func (n *Notifier) Send(ctx context.Context, m alerts.Notification) (alerts.Answer, error) {
	event := map[string]any{
		"routing_key": n.key, "event_action": "trigger", "dedup_key": m.ID,
		"client": "leakwatch", "client_url": alerts.AlertURL(m, ""),
	}
	summary, _ := leak.CutBytes(alerts.Headline(m), maxSummary)
	payload := map[string]any{"summary": summary, "source": "leakwatch", "severity": "error", "timestamp": m.At.UTC().Format(time.RFC3339)}
	if len(m.Alerts) > 0 {
		a := m.Alerts[0]
		payload["severity"], payload["source"] = severities[a.Severity], a.Source
		payload["class"], payload["group"], payload["component"] = string(a.Intent), a.CaseID, a.Watch
		payload["custom_details"] = details(m)
		if len(m.Alerts) == 1 && m.More == 0 {
			event["dedup_key"], event["client_url"] = a.ID, alerts.AlertURL(m, a.ID)
		}
	} else {
		payload["custom_details"] = map[string]string{"notice": m.Notice}
	}
	event["payload"] = payload
	return n.client.PostJSON(ctx, n.address, event, nil)
}

// details are the facts of the alerts as inert lines.
func details(m alerts.Notification) map[string]any {
	var lines []string
	for _, a := range m.Alerts {
		lines = append(lines, alerts.Inert(a.Title))
		for _, f := range alerts.Facts(a) {
			lines = append(lines, "  "+alerts.Inert(f))
		}
	}
	return map[string]any{"alerts": lines, "more": m.More, "notification": m.ID}
}
