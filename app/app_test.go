package app

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// open makes an App on a fresh folder from a config.
func open(t *testing.T, yaml string) *App {
	t.Helper()
	dir := t.TempDir()
	if err := CreateKeys(filepath.Join(dir, "keys")); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Parse(filepath.Join(dir, "leakwatch.yaml"), []byte(yaml), Checks())
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(t.Context(), Options{Config: cfg, Data: dir, Exclusive: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

const offerText = "出售高清人脸照片 5000张 10元 加微信 face_shop"

func importLines(t *testing.T, a *App, lines ...string) Imported {
	t.Helper()
	r, err := a.Import(t.Context(), strings.NewReader(strings.Join(lines, "\n")), func(int) {}, func(line int, why string) {
		t.Logf("line %d: %s", line, why)
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func line(source string, n int, body string) string {
	return fmt.Sprintf(`{"url":"https://%s.example/%d","title":"t","body":%q,"source":%q}`, source, n, body, source)
}

func TestWhatReachedItsEndIsDeletedAndNothingElse(t *testing.T) {
	a := open(t, "sources:\n- {name: forum, url: 'https://forum.example/', schedule: '@hourly', keep: hits}\nretention: {listings: 90d, audit: 10d}\n")
	importLines(t, a, line("forum", 1, offerText), line("forum", 2, "今天天气很好"), line("market", 3, "今天天气很好"))
	if _, err := a.engine.Create(t.Context(), "audit", indexer.Entry{Key: fmt.Sprintf("%020d-x", time.Now().UnixNano()), Value: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		days, listings, audit int
	}{{0, 3, 1}, {11, 3, 0}, {31, 2, 0}, {91, 0, 0}} {
		if _, err := a.Expire(t.Context(), time.Now().AddDate(0, 0, c.days)); err != nil {
			t.Fatal(err)
		}
		all, err := a.Search(t.Context(), "", 10)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := a.engine.Scan(t.Context(), "audit", indexer.Scan{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != c.listings || len(lines) != c.audit {
			t.Errorf("after %d days: %d listings and %d audit lines, want %d and %d", c.days, len(all), len(lines), c.listings, c.audit)
		}
	}
}

func TestImportingAgainChangesNothing(t *testing.T) {
	a := open(t, "watches: [{name: faces, query: 'category:face_photo'}]\n")
	lines := []string{line("x", 1, offerText), "", "{", line("x", 2, "hello"), `{"url":"ftp://x/","title":"t"}`, `{"url":"https://x.example/3"}`}
	first, again := importLines(t, a, lines...), importLines(t, a, lines...)
	if first.New != 2 || first.Refused != 3 || first.Alerts != 1 || first.Lines != 5 {
		t.Errorf("first import: %+v", first)
	}
	if again.New != 0 || again.Changed != 0 || again.Unchanged != 2 || again.Alerts != 0 {
		t.Errorf("second import: %+v", again)
	}
}

func TestAnotherKeyIsRefused(t *testing.T) {
	a := open(t, "")
	line, err := leak.NewKeyLine()
	if err != nil {
		t.Fatal(err)
	}
	other, err := leak.ParseKeyring([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	if err := VerifyKeys(t.Context(), a.engine, other); !errors.Is(err, ErrKey) {
		t.Errorf("another key: %v", err)
	}
	_, digits, _ := strings.Cut(line, ":")
	forged, err := leak.ParseKeyring([]byte(a.keys.IDs()[0] + ":" + digits))
	if err != nil {
		t.Fatal(err)
	}
	if err := VerifyKeys(t.Context(), a.engine, forged); !errors.Is(err, ErrKey) {
		t.Errorf("another key under the same id: %v", err)
	}
	if err := VerifyKeys(t.Context(), a.engine, a.keys); err != nil {
		t.Errorf("the same keys: %v", err)
	}
}

func TestTwoWorkersOfOneFolderAreRefused(t *testing.T) {
	a := open(t, "")
	if _, err := claimWorker(a.opt.Data); !errors.Is(err, indexer.ErrLocked) {
		t.Errorf("a second worker: %v", err)
	}
}

func TestAWordThatMaskingWouldHideIsRefused(t *testing.T) {
	a := open(t, "")
	for _, q := range []string{"A123456(3)", `"A123456 ( 3 )"`, "人脸 E 7 2 3 9 5 6 1 8", "title:13812345678", `"2 3 4 - 5 6 - 7 8 9 1"`} {
		_, err := a.Parse(indexer.Listings, q)
		if err == nil || !strings.Contains(err.Error(), "looks like an identifier") || strings.Contains(err.Error(), "345") || strings.Contains(err.Error(), "5 6") {
			t.Errorf("%s: %v", q, err)
		}
	}
	for _, q := range []string{"5000张 人脸", "quantity:[1000 TO 5000] price:<10CNY", "2026-11-01", `"400-123-4567"`, "contact.phone:13812345678", "first_seen:>2026-11-01 unit_price_usd:<0.5"} {
		if _, err := a.Parse(indexer.Listings, q); err != nil {
			t.Errorf("%s: %v", q, err)
		}
	}
}

func TestAnIdentifierTypedIntoAQueryFindsItsListing(t *testing.T) {
	a := open(t, "")
	importLines(t, a, line("x", 1, "出售身份证号数据 样本 张伟 11010519491231002X 13800138000 一条0.5元 飞机@shop_data1"))
	for _, q := range []string{"identifier:11010519491231002X", "identifier.prc_id:11010519491231002x", "identifier:13800138000"} {
		found, err := a.Search(t.Context(), q, 5)
		if err != nil || len(found) != 1 {
			t.Errorf("%s: %d listings, %v", strings.Repeat("*", len(q)), len(found), err)
		}
		parsed, err := a.Parse(indexer.Listings, q)
		if err != nil {
			t.Fatal(err)
		}
		if s := parsed.String(); strings.Contains(s, "1101051949") || strings.Contains(s, "13800138000") {
			t.Errorf("the canonical form holds the identifier")
		}
	}
}
