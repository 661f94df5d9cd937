package detect

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed lexicon/*.yaml
var builtin embed.FS

// ruleSource is a rule file as it was read, for the lines of its rules.
type ruleSource struct {
	name string
	data []byte
}

// LoadRules reads the built-in lexicon and, after it, the rule files of a
// team. Where files can be read and are faulty the error is a Faults that
// holds the faults of all of them. It does not lint: see Refusals.
func LoadRules(files ...string) (*Lexicon, error) {
	b := &lexiconBuilder{lists: map[string][]Term{}, sum: sha256.New()}
	if err := b.addBuiltin(); err != nil {
		return nil, err
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		b.add(name, data, true)
	}
	if len(b.faults) > 0 {
		return nil, b.faults
	}
	return b.build()
}

// CheckRules returns the reasons why rule files of a team would be refused.
// The error says that a file cannot be read.
func CheckRules(files ...string) (Faults, error) {
	l, err := LoadRules(files...)
	var faults Faults
	switch {
	case errors.As(err, &faults):
		return faults, nil
	case err != nil:
		return nil, err
	}
	return l.Refusals(), nil
}

type lexiconBuilder struct {
	lists  map[string][]Term
	rules  []*Rule
	files  []ruleSource
	sum    hash.Hash
	faults Faults
}

func (b *lexiconBuilder) addBuiltin() error {
	names, err := fs.Glob(builtin, "lexicon/*.yaml")
	if err != nil {
		return fmt.Errorf("list lexicon: %w", err)
	}
	sort.Strings(names)
	b.sum.Write(modelFile)
	for _, name := range names {
		data, err := builtin.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read lexicon: %w", err)
		}
		b.add(path.Base(name), data, false)
	}
	return nil
}

// add takes the lists and rules of one file and notes its faults.
func (b *lexiconBuilder) add(name string, data []byte, user bool) {
	src := ruleSource{name, data}
	b.files = append(b.files, src)
	var f ruleFile
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		b.faults = append(b.faults, yamlFault(name, err))
		return
	}
	for _, list := range slices.Sorted(maps.Keys(f.Lists)) {
		key := "@" + list
		if _, taken := b.lists[key]; taken || key == categoryList {
			b.faults = append(b.faults, Fault{File: name, Line: src.line("$.lists." + list), Key: "lists." + list,
				Found: "a list " + key + " that there is already", Wanted: "a name of its own"})
			continue
		}
		b.lists[key] = f.Lists[list]
	}
	for i, r := range f.Rules {
		if r == nil {
			b.faults = append(b.faults, Fault{File: name, Line: src.line(fmt.Sprintf("$.rules[%d]", i)), Key: fmt.Sprintf("rules[%d]", i),
				Found: "an empty rule", Wanted: "a rule, or nothing"})
			continue
		}
		r.file, r.at, r.user = name, i, user
		r.understand()
		b.rules = append(b.rules, r)
	}
	fmt.Fprintf(b.sum, "%s\x00%d\x00%s", path.Base(name), len(data), data)
}

// yamlFault says what the YAML reader did not take.
func yamlFault(name string, err error) Fault {
	f := Fault{File: name, Found: strings.ReplaceAll(err.Error(), "\n", " "), Wanted: "a file with lists and rules", Hint: "docs/detection.md has all keys of a rule"}
	var ye yaml.Error
	if errors.As(err, &ye) {
		f.Found = ye.GetMessage()
		if t := ye.GetToken(); t != nil && t.Position != nil {
			f.Line = t.Position.Line
		}
	}
	return f
}

func (b *lexiconBuilder) build() (*Lexicon, error) {
	b.lists[categoryList] = b.categoryTerms()
	l := &Lexicon{Rules: b.rules, lists: b.lists, files: b.files, byID: map[string]*Rule{}, version: hex.EncodeToString(b.sum.Sum(nil)[:8])}
	c := &termCompiler{lexicon: l, known: map[string]int32{}}
	var faults Faults
	for i, r := range l.Rules {
		l.byID[r.ID] = r
		if err := c.addRule(int32(i), r); err != nil {
			faults = append(faults, l.broken(r, err)...)
		}
	}
	if len(faults) > 0 {
		return nil, b.blame(faults)
	}
	l.rarest = l.rarestGroups(c.roles)
	l.match = newMatcher(c.patterns())
	var err error
	if l.model, err = newModel(l.Rules); err != nil {
		return nil, err
	}
	l.senses = senses(l.Rules, l.model)
	return l, nil
}

// blame keeps the faults of the rules of a team, if there are any: the
// built-in rules share their terms by the list @category.
func (b *lexiconBuilder) blame(faults Faults) Faults {
	own := map[string]bool{}
	for _, r := range b.rules {
		own[r.file] = own[r.file] || r.user
	}
	theirs := slices.DeleteFunc(slices.Clone(faults), func(f Fault) bool { return !own[f.File] })
	if len(theirs) > 0 {
		return theirs.sorted()
	}
	return faults
}
