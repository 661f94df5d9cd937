package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Checks are the validators that config takes from the packages above it.
// Each returns nil, or an error whose text says what is wrong; a nil function
// checks nothing.
type Checks struct {
	// Query checks a query over "listings" or "alerts", given the names of
	// the lists that exist.
	Query func(collection, src string, lists []string) error
	// Kinds are the names of the site kinds.
	Kinds []string
	// Selectors checks CSS selectors; the keys of the result are those of Selectors.
	Selectors func(Selectors) map[string]error
	// Receiver checks the keys that its type needs; the keys of the result are those of Receiver.
	Receiver func(Receiver) map[string]error
	// Rules checks the files of detection rules, in their own words and lines;
	// the error says that they cannot be read.
	Rules func(files []string) ([]Fault, error)
	// List checks the values in the file of a list, in lines of its own. A list
	// may be long: only who checks a config asks for it.
	List func(List) []Fault
	// ReceiverTypes are the known types.
	ReceiverTypes []string
}

// MaxSize is the largest config file that is read, in bytes.
const MaxSize = 4 << 20

// Load reads the file at path. The error is a Faults where the file could be
// read; otherwise it says why not.
func Load(path string, checks Checks) (*Config, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("no config at %s; make one with `leakwatch init`", path)
	case err != nil:
		return nil, fmt.Errorf("read config: %w", err)
	case info.Size() > MaxSize:
		return nil, fmt.Errorf("read config: %s has %d bytes; at most %d are read", path, info.Size(), MaxSize)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read config: %w", err)
	}
	return Parse(path, data, checks)
}

// Parse reads a config from memory; relative paths in it are taken from the
// folder of name. The error is a Faults and holds every fault of the file.
func Parse(name string, data []byte, checks Checks) (*Config, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // with which some editors begin a file
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Faults{syntaxFault(name, err)}
	}
	d := &decoder{file: name, positions: map[string]position{}, anchors: map[string]ast.Node{}}
	cfg := &Config{}
	for i, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if i > 0 {
			d.mark("", doc.Body)
			d.fault("", "a second document", "one document", "remove the line ---")
			break
		}
		d.value("", doc.Body, reflect.ValueOf(cfg).Elem())
	}
	v := &validator{decoder: d, checks: checks, dir: filepath.Dir(name)}
	v.run(cfg)
	if faults := append(d.faults.sorted(), v.inFiles...); len(faults) > 0 {
		return nil, faults
	}
	return cfg, nil
}

func syntaxFault(name string, err error) Fault {
	f := Fault{File: name, Found: "text that is not YAML", Wanted: "YAML", Hint: err.Error()}
	var ye yaml.Error
	if errors.As(err, &ye) {
		f.Hint = ye.GetMessage()
		if t := ye.GetToken(); t != nil && t.Position != nil {
			f.Line, f.Column = t.Position.Line, t.Position.Column
		}
	}
	f.Hint = strings.ReplaceAll(f.Hint, "\n", " ")
	return f
}
