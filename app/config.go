package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// Checks returns the validators that the packages above config provide.
// Identifiers in the queries of a config are checked without a key.
func Checks() config.Checks {
	return config.Checks{
		Kinds:         site.Names(),
		ReceiverTypes: receiverTypes(),
		Query: func(collection, src string, lists []string) error {
			_, err := parseQuery(indexer.Collection(collection), src, lists, nil, nil)
			return err
		},
		Selectors: func(s config.Selectors) map[string]error {
			out := map[string]error{}
			for _, f := range site.CheckSelectors(s) {
				out[f.Key] = fmt.Errorf("%q; wanted %s", f.Found, f.Wanted)
			}
			return out
		},
		Receiver: checkReceiver,
		Rules:    checkRules,
	}
}

// RuleFiles names the rule files of a config, unchecked, so that their faults
// can be told one by one; none if there is no config.
func RuleFiles(configPath string) ([]string, error) {
	checks := Checks()
	checks.Rules = nil
	cfg, err := config.Load(configPath, checks)
	if err == nil {
		return cfg.Rules, nil
	}
	if _, serr := os.Stat(configPath); errors.Is(serr, fs.ErrNotExist) {
		return nil, nil
	}
	return nil, err
}

// checkRules reads the rule files of a config as detection does.
func checkRules(files []string) ([]config.Fault, error) {
	faults, err := detect.CheckRules(files...)
	out := make([]config.Fault, len(faults))
	for i, f := range faults {
		out[i] = config.Fault{File: f.File, Line: f.Line, Key: f.Place(), Found: f.Found, Wanted: f.Wanted, Hint: f.Hint}
	}
	return out, err
}

// LoadConfig reads and checks the config at path.
func LoadConfig(path string) (*config.Config, error) { return config.Load(path, Checks()) }

// DataDir returns dir, or where the data is kept if none is named, and makes
// the folder, readable by its owner only.
func DataDir(dir string) (string, error) {
	if dir == "" {
		base := os.Getenv("XDG_DATA_HOME")
		if base == "" {
			home, err := os.UserHomeDir()
			if err != nil {
				return "", fmt.Errorf("find the data folder: %w; name one with --data", err)
			}
			base = filepath.Join(home, ".local", "share")
		}
		dir = filepath.Join(base, "leakwatch")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the data folder: %w", err)
	}
	return dir, nil
}

var _ = leak.Low
var _ = query.Parse
