// Package pyenv makes virtual environments of Python for what leakwatch is
// measured against: real sites, oracles, peers. An environment is made once
// for each list of requirements and kept in a cache.
//
//	LEAKWATCH_TEST_PYTHON  the interpreter to use; "require" makes a missing
//	                       one a failure instead of a skip
//	LEAKWATCH_TEST_CACHE   where environments and downloads are kept; by default
//	                       leakwatch-test in the user's cache folder
package pyenv

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// How says how to get what is missing.
const How = "install python3 with venv and pip (a package index must be in reach), or set LEAKWATCH_TEST_PYTHON to an interpreter"

// patience is how long one step of an installation may take.
const patience = 10 * time.Minute

// Need returns the folder of the programs of an environment that holds what a
// requirements file asks for. Without Python it skips the test by name, or
// fails it where LEAKWATCH_TEST_PYTHON is "require".
func Need(t testing.TB, requirements string) (bin string) {
	t.Helper()
	bin, err := Make(requirements)
	if err != nil {
		Missing(t, err)
	}
	return bin
}

// Missing skips the test, or fails it where Python is required.
func Missing(t testing.TB, err error) {
	t.Helper()
	why := fmt.Sprintf("%v; %s", err, How)
	if os.Getenv("LEAKWATCH_TEST_PYTHON") == "require" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// Make is Need for programs that are no tests. The first call for a list of
// requirements installs it, which takes a minute or two; processes that want
// the same wait for each other.
func Make(requirements string) (bin string, err error) {
	python, err := interpreter()
	if err != nil {
		return "", err
	}
	env, err := Cached("env-"+sum(requirements+python), func(dir string) error {
		list := filepath.Join(dir, "requirements.txt")
		if err := os.WriteFile(list, []byte(requirements), 0o600); err != nil {
			return err
		}
		if err := run(python, "-m", "venv", dir); err != nil {
			return err
		}
		return run(filepath.Join(dir, programs(), "python"), "-m", "pip", "install", "--disable-pip-version-check", "-q", "-r", list)
	})
	return filepath.Join(env, programs()), err
}

// Source returns a folder with the source distribution of one package, such as
// "snownlp==0.12.3", as the index serves it.
func Source(requirement string) (dir string, err error) {
	return Cached("source-"+sum(requirement), func(dir string) error {
		bin, err := Make("")
		if err != nil {
			return err
		}
		return run(filepath.Join(bin, "python"), "-m", "pip", "download", "--disable-pip-version-check", "-q", "--no-deps", "--no-binary", ":all:", "-d", dir, requirement)
	})
}

// programs is the folder of an environment that holds its programs.
func programs() string {
	if runtime.GOOS == "windows" {
		return "Scripts"
	}
	return "bin"
}

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:6])
}

func interpreter() (string, error) {
	name := os.Getenv("LEAKWATCH_TEST_PYTHON")
	if name == "" || name == "require" {
		name = "python3"
	}
	p, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("find Python: %w", err)
	}
	return p, nil
}

// run runs a step of an installation.
func run(name string, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %q: %w: %s", filepath.Base(name), args, err, out[max(0, len(out)-2000):])
	}
	return nil
}

// Cached returns a folder of the cache that fill has filled, now or earlier.
// A folder that was filled only in part is filled again from nothing.
func Cached(name string, fill func(dir string) error) (dir string, err error) {
	base, err := cache()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(base, name)
	unlock, err := lock(dir + ".lock")
	if err != nil {
		return "", fmt.Errorf("lock %s: %w", name, err)
	}
	defer unlock()
	ready := filepath.Join(dir, "ready")
	if _, err := os.Stat(ready); err == nil {
		return dir, nil
	}
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
		return "", err
	}
	if err := fill(dir); err != nil {
		return "", err
	}
	return dir, os.WriteFile(ready, nil, 0o600)
}

func cache() (string, error) {
	dir := os.Getenv("LEAKWATCH_TEST_CACHE")
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(base, "leakwatch-test")
	}
	return dir, os.MkdirAll(dir, 0o700)
}
