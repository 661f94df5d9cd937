package app

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
)

// TestWatchesAskForAllThatAListingHolds has a watch for each thing that one
// can ask for; one listing satisfies all but those named other.
func TestWatchesAskForAllThatAListingHolds(t *testing.T) {
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	a := open(t, `
lists:
- {name: customers, kind: prc_id, file: `+file("customers", "11010519491231002x\n")+`}
- {name: wanted, kind: contact, file: `+file("wanted", "# handles\n@Face_Shop\n")+`}
- {name: nobody, kind: contact, file: `+file("nobody", "someone_else\n")+`}
watches:
- {name: category, query: 'category:face_photo', severity: critical, owner: ann, receivers: [console]}
- {name: offer, query: 'offer:(category:face_photo AND unit_price:<0.01CNY AND quantity:>=5000)'}
- {name: contact, query: 'contact:face_shop'}
- {name: contact list, query: 'contact:@wanted'}
- {name: identifier list, query: 'identifier:@customers'}
- {name: word, query: '照片'}
- {name: phrase, query: '"高清人脸照片"'}
- {name: regex, query: 'text:/(高清|超清)人脸/'}
- {name: other category, query: 'category:fingerprint'}
- {name: other offer, query: 'offer:(category:face_photo AND unit_price:>1CNY)'}
- {name: other list, query: 'contact:@nobody'}
- {name: other regex, query: 'text:/(低清|超清)人脸/'}
`)
	importLines(t, a, line("one", 1, offerText+" 样品 11010519491231002X"))
	found, err := a.Alerts().Search(t.Context(), indexer.Search{Now: time.Now(), Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, alert := range found.Alerts {
		names = append(names, alert.WatchName)
		if alert.WatchName == "category" && (alert.Severity != "critical" || alert.Owner != "ann" || len(alert.Receivers) > 0) {
			t.Errorf("severity %s, owner %q, receivers %v", alert.Severity, alert.Owner, alert.Receivers)
		}
	}
	slices.Sort(names)
	if got, want := strings.Join(names, ", "), "category, contact, contact list, identifier list, offer, phrase, regex, word"; got != want {
		t.Errorf("satisfied are %s\nwant %s", got, want)
	}
}
