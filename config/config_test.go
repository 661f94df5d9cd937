package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func parse(t *testing.T, text string) (*Config, Faults) {
	t.Helper()
	checks := Checks{Kinds: []string{"auto", "generic", "feed"}, ReceiverTypes: []string{"webhook", "file"},
		Query: func(_, src string, _ []string) error {
			if strings.HasPrefix(src, "!") {
				return errors.New("a query that begins with !")
			}
			return nil
		}}
	c, err := Parse("leakwatch.yaml", []byte(text), checks)
	var faults Faults
	if err != nil && !errors.As(err, &faults) {
		t.Fatalf("error is %T, want Faults: %v", err, err)
	}
	return c, faults
}

func TestSmallestSourceGetsDefaults(t *testing.T) {
	c, faults := parse(t, "sources:\n- name: Black Cat Market\n  url: https://market.example/list\n  schedule: '*/15 * * * *'\n")
	if faults != nil {
		t.Fatal(faults)
	}
	s := c.Sources[0]
	if s.ID != "black-cat-market" || s.Kind != "auto" || s.Keep != "all" || s.Pace != 2*time.Second || s.MaxPages != 500 || s.Robots != "obey" {
		t.Errorf("defaults: %+v", s)
	}
}

func TestPaceZeroIsNoPaceWhenWritten(t *testing.T) {
	c, faults := parse(t, "sources:\n- {name: a, url: 'http://127.0.0.1/', schedule: '@hourly', pace: 0s}\n")
	if faults != nil {
		t.Fatal(faults)
	}
	if p := c.Sources[0].Pace; p <= 0 || p > time.Microsecond { // 0 would be one that is left open
		t.Errorf("pace %s, want next to none", p)
	}
}

func TestAllFaultsAreReportedAtOnceWithTheirLines(t *testing.T) {
	_, faults := parse(t, strings.Join([]string{
		"sources:",
		"- name: a",
		"  url: ftp://x/",
		"  shedule: '@hourly'",
		"  pace: fast",
		"- name: a",
		"  url: https://b.example",
		"  schedule: 61 * * * *",
		"  kind: genric",
		"  name: again",
		"watches:",
		"- name: w",
		"  query: '!bad'",
		"  receivers: [hok]",
		"  severity: hgh",
		"receivers:",
		"- {name: hook, type: webhok}",
		"colour: red",
	}, "\n"))
	want := []string{
		":3:8: sources[0].url: found \"ftp://x/\"",
		":4:3: sources[0].shedule: found an unknown key",
		"did you mean \"schedule\"?",
		":5:9: sources[0].pace: found \"fast\"; wanted a duration",
		"sources[1]: found the id \"a\", which sources[0] has too",
		":8:13: sources[1].schedule",
		":9:9: sources[1].kind: found \"genric\"",
		":10:3: sources[1].name: found the key a second time",
		":13:10: watches[0].query: found a query that begins with !",
		":14:15: watches[0].receivers[0]: found \"hok\"",
		"did you mean \"hook\"?",
		":15:13: watches[0].severity: found \"hgh\"",
		":17:22: receivers[0].type: found \"webhok\"",
		":18:1: colour: found an unknown key",
	}
	text := faults.Error()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("no fault with %q", w)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestAByteOrderMarkIsNoPartOfTheFirstKey(t *testing.T) {
	if c, faults := parse(t, "\ufeffwatches:\r\n- {name: a, query: b}\r\n"); faults != nil || len(c.Watches) != 1 {
		t.Errorf("faults: %v", faults)
	}
}

func TestWhatNoRequestCanHoldAndKeysOfOtherTypesAreFaults(t *testing.T) {
	_, faults := parse(t, strings.Join([]string{
		"sources:",
		`- {name: a, url: 'https://a.example/', schedule: '@hourly', user_agent: "a\nb", jitter: -3s,`,
		`   cookie: "s=canary\n", headers: {"X Y": 1, X-Good: canary}}`,
		"receivers:",
		"- {name: f, type: file, path: a, url: 'https://canary.example/', group_wait: 1s}",
		"silences:",
		"- {match: x, until: tomorrow, author: a, reason: b}",
		"index: {elasticsearch: {replicas: -1}}",
	}, "\n"))
	want := []string{
		":2:73: sources[0].user_agent: found what no header of a request can hold",
		":2:89: sources[0].jitter: found \"-3s\"",
		":3:12: sources[0].cookie: found what no header",
		":3:43: sources[0].headers.X Y: found what no header",
		":5:39: receivers[0].url: found a key that file does not use; wanted one of path",
		":7:21: silences[0].until: found \"tomorrow\"",
		":8:35: index.elasticsearch.replicas: found -1; wanted 0 or more",
	}
	if len(faults) != len(want) {
		t.Errorf("%d faults, want %d:\n%s", len(faults), len(want), faults)
	}
	for _, w := range want {
		if !strings.Contains(faults.Error(), w) {
			t.Errorf("no fault with %q in\n%s", w, faults)
		}
	}
	if strings.Contains(faults.Error(), "canary") {
		t.Errorf("a secret was printed:\n%s", faults)
	}
}

func TestSyntaxFaultHasAPosition(t *testing.T) {
	_, faults := parse(t, "sources:\n  - name: [\n")
	if len(faults) != 1 || faults[0].Line == 0 {
		t.Fatalf("faults: %v", faults)
	}
}

func TestSecretsComeFromFileOrEnvironmentAndDoNotPrint(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "hook"), []byte("whsec_file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("LW_COOKIE", "session=canary")
	text := "sources:\n- {name: a, url: 'https://a.example', schedule: '@hourly', cookie: '${env:LW_COOKIE}'}\n" +
		"receivers:\n- {name: h, type: webhook, url: 'https://h.example/canary', secret_file: hook}\n"
	c, err := Parse(filepath.Join(dir, "c.yaml"), []byte(text), Checks{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Sources[0].Cookie.Reveal() != "session=canary" || c.Receivers[0].Secret.Reveal() != "whsec_file" {
		t.Error("secrets were not read")
	}
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{fmt.Sprintf("%v %+v %#v", c, c, c), string(asJSON)} {
		if strings.Contains(printed, "canary") || strings.Contains(printed, "whsec") {
			t.Errorf("a secret was printed: %s", printed)
		}
	}
}

func TestFaultOfASecretDoesNotPrintIt(t *testing.T) {
	_, faults := parse(t, "sources:\n- {name: a, url: 'https://a.example', schedule: '@hourly', cookie: '${env:NO_SUCH_canary}x'}\nreceivers:\n- {name: h, type: webhook, secret: [canary]}\n")
	if len(faults) != 2 || strings.Contains(faults.Error(), "x'") {
		t.Errorf("faults: %v", faults)
	}
}

func TestIDsOfChineseNamesDiffer(t *testing.T) {
	if a, b := ID("黑猫市场"), ID("白猫市场"); a == b || !idShape.MatchString(a) {
		t.Errorf("ids %q and %q", a, b)
	}
}

func TestSchemaAndReferenceNameEveryKey(t *testing.T) {
	schema, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Reference()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"allow_private", "pace", "receivers", "unit", "state_password_file", "exceptions"} {
		if key != "unit" && (!strings.Contains(string(schema), `"`+key+`"`) || !strings.Contains(doc, "`"+key+"`")) {
			t.Errorf("%s is not documented", key)
		}
	}
	written, err := os.ReadFile("../docs/config.md")
	if err != nil || string(written) != doc {
		if os.Getenv("LEAKWATCH_UPDATE") != "" {
			if err := os.WriteFile("../docs/config.md", []byte(doc), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		t.Error("docs/config.md is not what the structs say; run LEAKWATCH_UPDATE=1 go test ./config")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("sources:\n- {name: a, url: 'https://a.example', schedule: '@hourly'}\n"))
	f.Add([]byte("a: &x [*x]\nwatches: *x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		c, err := Parse("f.yaml", data, Checks{})
		if (c == nil) == (err == nil) {
			t.Fatalf("config %v with error %v", c, err)
		}
	})
}
