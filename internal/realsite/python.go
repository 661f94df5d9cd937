package realsite

import (
	"embed"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/leakwatch/leakwatch/internal/pyenv"
)

//go:embed testdata
var testdata embed.FS

// install returns the bin directory of a virtual environment that holds what
// testdata/name/requirements.txt asks for. It is made once and kept.
func install(t testing.TB, name string) string {
	t.Helper()
	want, err := testdata.ReadFile("testdata/" + name + "/requirements.txt")
	if err != nil {
		t.Fatal(err)
	}
	return pyenv.Need(t, string(want))
}

// unpack copies testdata/name into dir.
func unpack(t testing.TB, name, dir string) {
	t.Helper()
	files, err := testdata.ReadDir("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := testdata.ReadFile(path.Join("testdata", name, f.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, f.Name()), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
