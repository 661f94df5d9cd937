package config

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

func (v *validator) receiver(at string, r *Receiver, taken map[string]bool) {
	switch {
	case !v.required(at+".name", r.Name, "a name"):
	case taken[r.Name]:
		v.fault(at+".name", fmt.Sprintf("the name %q a second time", r.Name), "a name of its own", "console is built in")
	default:
		taken[r.Name] = true
	}
	if !v.required(at+".type", r.Type, "one of "+strings.Join(v.checks.ReceiverTypes, ", ")) {
		return
	}
	if len(v.checks.ReceiverTypes) > 0 {
		v.oneOf(at+".type", &r.Type, "", v.checks.ReceiverTypes...)
	}
	v.secretFile(at+".url", &r.URL, r.URLFile)
	v.secretFile(at+".secret", &r.Secret, r.SecretFile)
	v.secretFile(at+".token", &r.Token, r.TokenFile)
	v.secretFile(at+".password", &r.Password, r.PasswordFile)
	r.Path = v.path(at+".path", r.Path, false)
	if !v.stated(at+".group_interval") && !slices.Contains([]string{"webhook", "file", "syslog", "pagerduty"}, r.Type) {
		r.GroupEvery = 5 * time.Minute
	}
	v.headers(at+".headers", r.Headers)
	v.strayKeys(at, r.Type)
	if v.checks.Receiver != nil && slices.Contains(v.checks.ReceiverTypes, r.Type) {
		v.each(at, v.checks.Receiver(*r))
	}
}

// receiverKeys are the keys that count for each type of receiver, besides
// those of all.
func receiverKeys() map[string][]string {
	return map[string][]string{
		"webhook":   {"url", "url_file", "secret", "secret_file", "headers"},
		"email":     {"address", "from", "to", "username", "password", "password_file", "tls"},
		"slack":     {"url", "url_file"},
		"telegram":  {"token", "token_file", "chat", "url", "url_file"},
		"dingtalk":  {"url", "url_file", "secret", "secret_file"},
		"feishu":    {"url", "url_file", "secret", "secret_file"},
		"wecom":     {"url", "url_file"},
		"pagerduty": {"secret", "secret_file", "url", "url_file"},
		"syslog":    {"address", "network"},
		"shoutrrr":  {"url", "url_file"},
		"file":      {"path"},
	}
}

// strayKeys reports the keys that do not count for a type: whoever wrote them
// expects something of them.
func (v *validator) strayKeys(at, kind string) {
	own, ok := receiverKeys()[kind]
	if !ok {
		return
	}
	known := append([]string{"name", "type", "allow_private", "group_wait", "group_interval"}, own...)
	for _, key := range fieldNames(Receiver{}) {
		if v.stated(at+"."+key) && !slices.Contains(known, key) {
			v.fault(at+"."+key, "a key that "+kind+" does not use", "one of "+strings.Join(own, ", "), "")
		}
	}
}
