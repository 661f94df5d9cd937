package site_test

import (
	"os"
	"strings"
	"testing"
)

// archive is a text file that holds files, each after a line "-- name --".
type archive struct {
	comment string
	files   []file
}

type file struct{ name, data string }

func readArchive(t testing.TB, name string) archive {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var a archive
	at := &a.comment
	for line := range strings.Lines(string(b)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(name, " --") {
			a.files = append(a.files, file{name: strings.TrimSuffix(name, " --")})
			at = &a.files[len(a.files)-1].data
			continue
		}
		*at += line
	}
	return a
}

func (a archive) write(t testing.TB, name string) {
	t.Helper()
	var b strings.Builder
	b.WriteString(a.comment)
	for _, f := range a.files {
		b.WriteString("-- " + f.name + " --\n" + f.data)
	}
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}
