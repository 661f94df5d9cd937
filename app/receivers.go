package app

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/alerts/dingtalk"
	"github.com/leakwatch/leakwatch/alerts/email"
	"github.com/leakwatch/leakwatch/alerts/feishu"
	"github.com/leakwatch/leakwatch/alerts/file"
	"github.com/leakwatch/leakwatch/alerts/pagerduty"
	"github.com/leakwatch/leakwatch/alerts/shoutrrr"
	"github.com/leakwatch/leakwatch/alerts/slack"
	"github.com/leakwatch/leakwatch/alerts/syslog"
	"github.com/leakwatch/leakwatch/alerts/telegram"
	"github.com/leakwatch/leakwatch/alerts/webhook"
	"github.com/leakwatch/leakwatch/alerts/wecom"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/internal/safehttp"
)

// channel is one type of receiver.
type channel struct {
	check func(config.Receiver) map[string]error
	build func(config.Receiver, alerts.Deps) (alerts.Notifier, error)
}

func channels() map[string]channel {
	return map[string]channel{
		"webhook":   {webhook.Validate, webhook.New},
		"email":     {email.Validate, email.New},
		"slack":     {slack.Validate, slack.New},
		"telegram":  {telegram.Validate, telegram.New},
		"dingtalk":  {dingtalk.Validate, dingtalk.New},
		"feishu":    {feishu.Validate, feishu.New},
		"wecom":     {wecom.Validate, wecom.New},
		"pagerduty": {pagerduty.Validate, pagerduty.New},
		"syslog":    {syslog.Validate, syslog.New},
		"shoutrrr":  {shoutrrr.Validate, shoutrrr.New},
		"file":      {file.Validate, file.New},
	}
}

func receiverTypes() []string { return slices.Sorted(maps.Keys(channels())) }

func checkReceiver(r config.Receiver) map[string]error { return channels()[r.Type].check(r) }

// alertSettings builds the parts of a config that alerts obeys.
func (a *App) alertSettings(cfg *config.Config) (alerts.Settings, error) {
	set := alerts.Settings{Watches: cfg.Watches, Routes: cfg.Routes, Silences: cfg.Silences, Console: cfg.Console.PublicURL, Receivers: slices.Clone(a.opt.extra)}
	all := channels()
	for _, r := range cfg.Receivers {
		policy := safehttp.Policy{AllowPrivate: r.AllowPrivate}
		transport, err := safehttp.NewTransport(policy)
		if err != nil {
			return set, fmt.Errorf("receiver %s: %w", r.Name, err)
		}
		n, err := all[r.Type].build(r, alerts.Deps{Transport: http.RoundTripper(transport), Dial: safehttp.Policy{AllowPrivate: r.AllowPrivate, AnyPort: true}.DialContext})
		if err != nil {
			return set, fmt.Errorf("receiver %s: %w", r.Name, err)
		}
		set.Receivers = append(set.Receivers, alerts.Receiver{Config: r, Notifier: n})
	}
	return set, nil
}
