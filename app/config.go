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
	"github.com/leakwatch/leakwatch/detect/lists"
	"github.com/leakwatch/leakwatch/indexer"
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

// CheckConfig reads and checks the config at path and, which takes a while if
// they are long, the values of the lists it names.
func CheckConfig(path string) (*config.Config, error) {
	checks := Checks()
	checks.List = func(l config.List) []config.Fault { return listFaults(l, lists.Check(l)) }
	return config.Load(path, checks)
}

// listFaults are the faults in the file of a list.
func listFaults(l config.List, err error) []config.Fault {
	var lines lists.Faults
	if !errors.As(err, &lines) {
		if err != nil {
			return []config.Fault{{File: l.File, Key: "list " + l.Name, Found: err.Error(), Wanted: "a file that can be read"}}
		}
		return nil
	}
	out := make([]config.Fault, len(lines))
	for i, x := range lines {
		out[i] = config.Fault{File: x.File, Line: x.Line, Key: "list " + l.Name, Found: x.Why, Wanted: "one value a line"}
	}
	return out
}

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
