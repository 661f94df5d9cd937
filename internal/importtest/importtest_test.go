// Package importtest holds the shape of the program as a test: which package
// may import which, and where each large library is let in.
package importtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/leakwatch/leakwatch/"

// levels are the folders from the top down. A package may import packages of
// lower levels, its own parent and children, and helpers below internal/, but
// none of its own level.
var levels = [][]string{
	{"cmd"},
	{"app"},
	{"console"},
	{"crawler", "alerts"},
	{"detect", "indexer"},
	{"query"},
	{"config"},
	{"leak", "text"},
}

// home is the only folder or file in which a library may be imported outside
// of tests.
var home = map[string]string{
	"github.com/elastic/go-elasticsearch": "indexer/elastic",
	"modernc.org/sqlite":                  "indexer/sqlite",
	"database/sql":                        "indexer/sqlite",
	"github.com/robfig/cron":              "config/schedule.go",
	"github.com/gocolly/colly":            "crawler/colly.go",
	"github.com/spf13/cobra":              "cmd/leakwatch",
}

func level(pkg string) int {
	top, _, _ := strings.Cut(pkg, "/")
	return slices.IndexFunc(levels, func(l []string) bool { return slices.Contains(l, top) })
}

// allowed reports whether package from may import package to, both as paths
// within the module.
func allowed(from, to string) bool {
	top := func(p string) string { t, _, _ := strings.Cut(p, "/"); return t }
	switch {
	case slices.Contains([]string{"internal", "bench"}, top(from)), top(to) == "internal":
		return true
	case level(from) < 0 || level(to) < 0:
		return false
	case slices.Contains([]string{"leak", "text"}, from):
		return false // these import nothing of ours
	case top(from) == "indexer" || top(from) == "alerts":
		// Engines and notifiers know the contract of their parent, not each other.
		return to == top(from) || to == from || level(to) > level(from) || strings.HasSuffix(from, "test")
	case top(from) == top(to):
		return true
	}
	return level(to) > level(from)
}

func TestImportsGoDownwardOnly(t *testing.T) {
	eachImport(t, func(file, from, imported string, test bool) {
		if rest, ours := strings.CutPrefix(imported, module); ours {
			if !test && !allowed(from, rest) {
				t.Errorf("%s imports %s, which is not below %s", file, rest, from)
			}
			return
		}
		for library, at := range home {
			if strings.HasPrefix(imported, library) && !test && !strings.HasPrefix(file, "bench/") && file != at && !strings.HasPrefix(file, at+"/") {
				t.Errorf("%s imports %s, which belongs in %s only", file, imported, at)
			}
		}
	})
}

// eachImport calls use for every import of every Go file of the module.
func eachImport(t *testing.T, use func(file, from, imported string, test bool)) {
	t.Helper()
	root := filepath.Join("..", "..")
	files := 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), "_") || strings.HasPrefix(d.Name(), ".") && name != root) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		files++
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			use(rel, path.Dir(rel), imported, strings.HasSuffix(rel, "_test.go") || strings.Contains(rel, "test/"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Fatalf("only %d files were read", files)
	}
}
