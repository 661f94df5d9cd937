package app

import (
	"crypto/rand"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// template is the commented config that Init writes.
//
//go:embed leakwatch.yaml.tmpl
var template string

const elasticsearchPart = `
index:
  engine: elasticsearch
  elasticsearch:
    addresses: [http://elasticsearch:9200]
    username: leakwatch
    password_file: secrets/leakwatch_password
    state_username: leakwatch_state
    state_password_file: secrets/leakwatch_state_password

console:
  listen: 0.0.0.0:8080
  public_url: http://127.0.0.1:8080

keys: secrets/keys
`

// Init writes a commented config to path and, for Elasticsearch, the secret
// files that docker-compose.yml reads to the folder secrets beside it. It
// overwrites nothing; the names of the files it wrote are returned.
func Init(path string, elasticsearch bool) ([]string, error) {
	text := template
	if elasticsearch {
		text = strings.TrimRight(text, "\n") + "\n" + elasticsearchPart
	}
	if err := create(path, text); err != nil {
		return nil, err
	}
	wrote := []string{path}
	if !elasticsearch {
		return wrote, nil
	}
	dir := filepath.Join(filepath.Dir(path), "secrets")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return wrote, fmt.Errorf("make secrets: %w", err)
	}
	for _, name := range []string{"elastic_password", "kibana_password", "leakwatch_password", "leakwatch_state_password"} {
		secret, err := password()
		if err != nil {
			return wrote, err
		}
		if err := create(filepath.Join(dir, name), secret+"\n"); err != nil && !errors.Is(err, fs.ErrExist) {
			return wrote, err
		} else if err == nil {
			wrote = append(wrote, filepath.Join(dir, name))
		}
	}
	keys := filepath.Join(dir, "keys")
	if err := CreateKeys(keys); err != nil && !errors.Is(err, fs.ErrExist) {
		return wrote, err
	} else if err == nil {
		wrote = append(wrote, keys)
	}
	return wrote, nil
}

func create(path, text string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.WriteString(text)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// password returns 32 random bytes as letters, digits, - and _.
func password() (string, error) {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("make password: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}
