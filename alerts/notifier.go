package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// JoinFaults makes one error of what Validate of a notifier found, in the
// order of the keys; nil if it found nothing.
func JoinFaults(faults map[string]error) error {
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(faults)) {
		errs = append(errs, fmt.Errorf("%s: %w", key, faults[key]))
	}
	return errors.Join(errs...)
}

// CheckURL returns why an address is no HTTP address, or nil. It does not
// print the address, which may hold a key.
func CheckURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("want an address that begins with https:// or http://")
	}
	return nil
}

// PostJSON sends a message as JSON and judges the answer: first its status,
// then what check, if not nil, reads in its body, for services that answer
// 200 to a message they refuse.
func (c *Client) PostJSON(ctx context.Context, address string, message any, check func(*Reply) error) (Answer, error) {
	body, err := json.Marshal(message)
	if err != nil {
		return Answer{}, &PermanentError{fmt.Errorf("encode message: %w", err)}
	}
	reply, err := c.Post(ctx, address, "application/json; charset=utf-8", http.Header{}, body)
	if err != nil {
		return c.Answer(reply), err
	}
	answer := c.Answer(reply)
	if err := c.Judge(reply); err != nil {
		return answer, err
	}
	if check != nil {
		return answer, check(reply)
	}
	return answer, nil
}
