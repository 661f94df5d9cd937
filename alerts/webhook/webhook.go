// Package webhook sends notifications to an HTTP address as Standard Webhooks
// 1.0 describes: a thin JSON payload with the headers webhook-id, the same on
// every attempt, webhook-timestamp, that of the attempt, and
// webhook-signature, an HMAC-SHA256 of both and the body under the secret that
// the receiver shares. Without a secret the message is not signed.
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
)

// maxBytes is the size that Standard Webhooks advises to stay below.
const maxBytes = 20_000

// Notifier sends to one address.
type Notifier struct {
	client  *alerts.Client
	address string
	key     []byte // nil if messages are not signed
	header  http.Header
	now     func() time.Time
}

var _ alerts.Notifier = (*Notifier)(nil)

// Validate returns what is wrong with the keys of the config, by key.
func Validate(c config.Receiver) map[string]error {
	faults := map[string]error{}
	if err := alerts.CheckURL(c.URL.Reveal()); err != nil {
		faults["url"] = err
	}
	if s := c.Secret.Reveal(); s != "" {
		if _, err := signingKey(s); err != nil {
			faults["secret"] = err
		}
	}
	return faults
}

// signingKey decodes a secret as Standard Webhooks writes it.
func signingKey(s string) ([]byte, error) {
	rest, ok := strings.CutPrefix(s, "whsec_")
	key, err := base64.StdEncoding.DecodeString(rest)
	if !ok || err != nil || len(key) < 24 || len(key) > 64 {
		return nil, errors.New("want whsec_ and base64 of 24 to 64 random bytes")
	}
	return key, nil
}

// New builds the notifier; the config must be valid.
func New(c config.Receiver, d alerts.Deps) (alerts.Notifier, error) {
	if err := alerts.JoinFaults(Validate(c)); err != nil {
		return nil, err
	}
	n := &Notifier{address: c.URL.Reveal(), header: http.Header{}, now: d.Now}
	if n.now == nil {
		n.now = time.Now
	}
	secrets := []string{n.address, c.Secret.Reveal()}
	for k, v := range c.Headers {
		n.header.Set(k, v.Reveal())
		secrets = append(secrets, v.Reveal())
	}
	if s := c.Secret.Reveal(); s != "" {
		n.key, _ = signingKey(s) // Validate has decoded it
	}
	n.client = alerts.NewClient(d, secrets...)
	return n, nil
}

// Limits implements alerts.Notifier.
func (n *Notifier) Limits() alerts.Limits { return alerts.Limits{Bytes: maxBytes} }

// Send implements alerts.Notifier. 410 Gone is permanent and disables the
// receiver.
func (n *Notifier) Send(ctx context.Context, m alerts.Notification) (alerts.Answer, error) {
	body, err := alerts.EncodePayload(m, maxBytes)
	if err != nil {
		return alerts.Answer{}, err
	}
	h := n.header.Clone()
	timestamp := strconv.FormatInt(n.now().Unix(), 10)
	h.Set("webhook-id", m.ID)
	h.Set("webhook-timestamp", timestamp)
	if n.key != nil {
		h.Set("webhook-signature", "v1,"+sign(n.key, m.ID, timestamp, body))
	}
	reply, err := n.client.Post(ctx, n.address, "application/json", h, body)
	if err != nil {
		return n.client.Answer(reply), err
	}
	return n.client.Answer(reply), n.client.Judge(reply)
}

// sign returns the signature of one attempt.
func sign(key []byte, id, timestamp string, body []byte) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(id + "." + timestamp + "."))
	h.Write(body)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
