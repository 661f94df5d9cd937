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

// Init writes a commented config to path and, for Elasticsearch, what
// docker-compose.yml reads beside it: the secret files of the folder secrets,
// and .env with the user that the containers run as, who must be able to read
// them. It overwrites nothing; the names of the files it wrote are returned.
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
	secrets, err := writeSecrets(filepath.Join(filepath.Dir(path), "secrets"))
	wrote = append(wrote, secrets...)
	if err != nil {
		return wrote, err
	}
	uid, err := handOver(wrote)
	if err != nil {
		return wrote, err
	}
	env := filepath.Join(filepath.Dir(path), ".env")
	err = create(env, fmt.Sprintf("# The containers run as the owner of leakwatch.yaml and of the files in secrets.\nLEAKWATCH_UID=%d\n", uid))
	if errors.Is(err, fs.ErrExist) {
		return wrote, nil // docker compose says what it lacks
	}
	return append(wrote, env), err
}

// writeSecrets makes the passwords and the keys that are not there.
func writeSecrets(dir string) (wrote []string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make secrets: %w", err)
	}
	for _, name := range []string{"elastic_password", "kibana_password", "leakwatch_password", "leakwatch_state_password", "keys"} {
		path := filepath.Join(dir, name)
		if name == "keys" {
			err = CreateKeys(path)
		} else {
			err = createPassword(path)
		}
		switch {
		case err == nil:
			wrote = append(wrote, path)
		case !errors.Is(err, fs.ErrExist):
			return wrote, err
		}
	}
	return wrote, nil
}

// containerUser is who containers run as where root calls: Elasticsearch
// refuses to run as root. It is the user of Elastic's images.
const containerUser = 1000

// handOver returns the user that must run what reads the files: their owner,
// who is made another than root.
func handOver(files []string) (uid int, err error) {
	if uid = os.Getuid(); uid > 0 {
		return uid, nil
	}
	if uid == 0 {
		for _, f := range files {
			if err := os.Chown(f, containerUser, -1); err != nil {
				return 0, fmt.Errorf("hand over to the user of the containers: %w", err)
			}
		}
	}
	return containerUser, nil
}

func createPassword(path string) error {
	secret, err := password()
	if err != nil {
		return err
	}
	return create(path, secret+"\n")
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
