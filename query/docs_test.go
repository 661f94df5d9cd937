package query

import (
	"os"
	"testing"
)

func TestTheReferenceInTheDocsIsThatOfTheCode(t *testing.T) {
	const file = "../docs/query.md"
	want := Reference()
	if os.Getenv("LEAKWATCH_UPDATE") != "" {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != want {
		t.Errorf("docs/query.md is not what the code says; run LEAKWATCH_UPDATE=1 go test ./query (%v)", err)
	}
}
