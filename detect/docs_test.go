package detect

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/leak"
)

// pageText returns docs/detection.md.
func pageText(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../docs/detection.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// blocks returns the code blocks of a language in docs/detection.md.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	var out []string
	for _, part := range strings.Split(pageText(t), "```"+language+"\n")[1:] {
		block, _, _ := strings.Cut(part, "```")
		out = append(out, block)
	}
	return out
}

func TestTheRuleInTheDocsWorks(t *testing.T) {
	i := slices.IndexFunc(blocks(t, "yaml"), func(s string) bool { return strings.HasPrefix(s, "# team.yaml") })
	if i < 0 {
		t.Fatal("no example of a rule file")
	}
	e, err := New(Options{Keys: testEngine(t).keys, Rules: []string{team(t, blocks(t, "yaml")[i])}})
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]bool{"斑马料全套 30元一套 飞机@abcde1": true, "斑马12号包 30元一个 飞机@abcde1": true, "动物园斑马料全套公开": false} {
		if got := e.Analyze(Input{Body: body}); got.Hit != want {
			t.Errorf("%s: hit %v", body, got.Hit)
		}
	}
}

func TestTheTablesInTheDocsAreTrue(t *testing.T) {
	page := pageText(t)
	for _, c := range leak.Categories() {
		found := false
		for line := range strings.Lines(page) {
			found = found || strings.HasPrefix(line, fmt.Sprintf("| `%s` |", c)) && strings.HasSuffix(line, fmt.Sprintf("| %d |\n", harmOf(c)))
		}
		if !found {
			t.Errorf("no line says that %s is of class %d", c, harmOf(c))
		}
	}
	for class := range 3 {
		line := fmt.Sprintf("| %d |", class)
		for b := range 4 {
			line += fmt.Sprintf(" %s |", severityOf(class, b))
		}
		if !strings.Contains(page, line) {
			t.Errorf("no line %q", line)
		}
	}
}

func TestTheLabelledTextsInTheDocsAreReadAsTheySay(t *testing.T) {
	set, err := ReadLabelled(strings.NewReader(blocks(t, "json")[0]))
	if err != nil {
		t.Fatal(err)
	}
	ev := testEngine(t).Evaluate(set)
	if len(set) != 3 || ev.ErrorCount > 0 || ev.Twins == nil || ev.Twins.Points != 0 {
		t.Errorf("%d texts, errors %+v, twins %+v", len(set), ev.Errors, ev.Twins)
	}
}
