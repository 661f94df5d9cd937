// Package oracle asks programs that others wrote whether a number is right:
// python-stdnum, phonenumbers, taiwanid, mrz, eth-hash and base58, installed
// from the Python package index at the versions of requirements.txt. Tests
// compare their answers with ours.
package oracle

import (
	"bytes"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/internal/pyenv"
)

//go:embed requirements.txt
var requirements string

//go:embed oracle.py
var program string

// Question is a value that both sides are asked about. Kind is the name of an
// identifier or wallet; a phone may have a region: "phone:CN".
type Question struct{ Kind, Value string }

// Ask returns the answers, in order: "ok CANONICAL", or the name of a refusal.
// Without Python it skips the test by name; see package pyenv.
func Ask(t testing.TB, questions []Question) []string {
	t.Helper()
	bin := pyenv.Need(t, requirements)
	var in, errs bytes.Buffer
	for _, q := range questions {
		fmt.Fprintf(&in, "%s\t%s\n", q.Kind, strings.ReplaceAll(q.Value, "\n", "|"))
	}
	cmd := exec.Command(filepath.Join(bin, "python"), "-c", program)
	cmd.Stdin, cmd.Stderr = &in, &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("run oracle: %v\n%s", err, errs.String())
	}
	answers := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(answers), len(questions))
	}
	return answers
}

// Spoil changes one character of a value to another of the same sort: digit,
// small or capital letter.
func Spoil(r *rand.Rand, value string) string {
	b := []byte(value)
	for {
		i := r.IntN(len(b))
		first, n := sortOf(b[i])
		if n == 0 {
			continue
		}
		b[i] = first + (b[i]-first+byte(1+r.IntN(n-1)))%byte(n)
		return string(b)
	}
}

// sortOf returns the first character of the sort of c and how many there are,
// 0 if c is left alone.
func sortOf(c byte) (first byte, n int) {
	switch {
	case '0' <= c && c <= '9':
		return '0', 10
	case 'A' <= c && c <= 'Z':
		return 'A', 26
	case 'a' <= c && c <= 'z':
		return 'a', 26
	}
	return 0, 0
}
