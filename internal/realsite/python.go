package realsite

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

//go:embed testdata
var testdata embed.FS

// install returns the bin directory of a virtual environment that holds what
// testdata/name/requirements.txt asks for. It is made once and kept.
func install(t testing.TB, name string) string {
	t.Helper()
	python := interpreter(t)
	want, err := testdata.ReadFile("testdata/" + name + "/requirements.txt")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(append(want, python...))
	env := filepath.Join(cacheDir(t), name+"-"+hex.EncodeToString(sum[:4]))
	bin := filepath.Join(env, "bin")
	if runtime.GOOS == "windows" {
		bin = filepath.Join(env, "Scripts")
	}
	unlock, err := lock(env + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ready := filepath.Join(env, "ready")
	if _, err := os.Stat(ready); err == nil {
		return bin
	}
	t.Logf("installing %s; this takes a minute or two", name)
	list := filepath.Join(t.TempDir(), "requirements.txt")
	if err := os.WriteFile(list, want, 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, python, "-m", "venv", "--clear", env)
	tool(t, filepath.Join(bin, "python"), "-m", "pip", "install", "--disable-pip-version-check", "-q", "-r", list)
	if err := os.WriteFile(ready, want, 0o600); err != nil {
		t.Fatal(err)
	}
	return bin
}

// interpreter returns the path of Python, or skips the test.
func interpreter(t testing.TB) string {
	t.Helper()
	name := os.Getenv("LEAKWATCH_TEST_PYTHON")
	if name == "" || name == "require" {
		name = "python3"
	}
	p, err := exec.LookPath(name)
	if err != nil {
		missing(t, "Python 3 is needed to run the real programs: install python3 with venv and pip, or set LEAKWATCH_TEST_PYTHON")
	}
	return p
}

// missing skips the test, or fails it where the real programs are required.
func missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("LEAKWATCH_TEST_PYTHON") == "require" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// tool runs a step of the installation.
func tool(t testing.TB, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		missing(t, "cannot install the real programs (python3 with venv and pip, and a package index, are needed): "+err.Error()+"\n"+tail(string(out)))
	}
}

func cacheDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("LEAKWATCH_TEST_CACHE")
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join(base, "leakwatch-test")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
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
