package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// What an index keeps of the secret of its identities:
//
//	identity    secret → key id → the secret, sealed with that key
const (
	identityBucket = "identity"
	identityKey    = "secret"
)

// maxRaces is how often another process may be quicker.
const maxRaces = 8

// loadIdentity returns the identity of an index: it draws the secret of a new
// one, and seals it with keys that came since. It fails with ErrKey if none of
// the keys opens it.
func loadIdentity(ctx context.Context, state indexer.State, kr *leak.Keyring) (*leak.Identity, error) {
	for range maxRaces {
		id, err := tryIdentity(ctx, state, kr)
		if err == nil {
			return id, nil
		}
		if !errors.Is(err, indexer.ErrExists) && !errors.Is(err, indexer.ErrConflict) {
			return nil, fmt.Errorf("load identity: %w", err)
		}
	}
	return nil, fmt.Errorf("load identity: %w", indexer.ErrConflict)
}

// tryIdentity is one attempt: ErrExists or ErrConflict means that another
// process wrote between reading and writing.
func tryIdentity(ctx context.Context, state indexer.State, kr *leak.Keyring) (*leak.Identity, error) {
	e, err := state.Load(ctx, identityBucket, identityKey)
	if errors.Is(err, indexer.ErrNotFound) {
		return createIdentity(ctx, state, kr)
	}
	if err != nil {
		return nil, err
	}
	var sealed map[string][]byte
	if err := json.Unmarshal(e.Value, &sealed); err != nil {
		return nil, err
	}
	id, err := kr.Unseal(sealed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	fresh, err := kr.Seal(id)
	if err != nil {
		return nil, err
	}
	added := false
	for k, v := range fresh {
		if sealed[k] == nil {
			sealed[k], added = v, true
		}
	}
	if !added {
		return id, nil
	}
	if e.Value, err = json.Marshal(sealed); err != nil {
		return nil, err
	}
	_, err = state.Swap(ctx, identityBucket, e)
	return id, err
}

func createIdentity(ctx context.Context, state indexer.State, kr *leak.Keyring) (*leak.Identity, error) {
	id, err := leak.NewIdentity()
	if err != nil {
		return nil, err
	}
	sealed, err := kr.Seal(id)
	if err != nil {
		return nil, err
	}
	value, err := json.Marshal(sealed)
	if err != nil {
		return nil, err
	}
	_, err = state.Create(ctx, identityBucket, indexer.Entry{Key: identityKey, Value: value})
	return id, err
}
