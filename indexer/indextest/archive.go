package indextest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/leakwatch/leakwatch/indexer"
)

// Archive runs the suite of indexer.Archive.
func Archive(t *testing.T, new New) {
	runAll(t, new(t), []check{
		{"create of a taken id answers exists", archiveCreate},
		{"replace wants the version that is stored", archiveReplace},
		{"every item of a call has its own answer", itemsApart},
		{"two writes of one id in one call are done in order", oneIDInOrder},
		{"an acknowledged write is visible to get at once", visibleAtOnce},
		{"search sees after refresh what was put, replaced and deleted", visibleToSearch},
		{"an id may be used in every collection", collectionsApart},
		{"delete of a missing id is no error", deleteMissing},
		{"a deleted id can be created again under another version", createAfterDelete},
		{"what is put is not retained", retainsNothing},
		{"invalid writes are refused", invalidWrites},
		{"of many creates of one id one succeeds", archiveRace},
		{"an empty call does nothing", emptyCalls},
		{"ids stay taken through maintenance", archiveMaintenance},
		{"a cancelled context does not wedge later puts", cancelledPuts},
	})
	t.Run("Searching", func(t *testing.T) { searching(t, new(t)) })
}

func archiveCreate(t *testing.T, e indexer.Engine) {
	w := indexer.Write{Collection: indexer.Listings, Create: true, Document: bare("create", `{"n":1}`)}
	v := put(t, e, w)
	w.Document.Source = []byte(`{"n":2}`)
	_, err := putOne(t, e, w)
	want(t, "second create", err, indexer.ErrExists)
	if d := get(t, e, indexer.Listings, "create"); d.Version != v || string(d.Source) != `{"n":1}` || d.ID != "create" || d.Fields != nil {
		t.Fatalf("got %+v", d)
	}
}

func archiveReplace(t *testing.T, e indexer.Engine) {
	w := indexer.Write{Collection: indexer.Alerts, Create: true, Document: bare("replace", `1`)}
	v := put(t, e, w)
	w.Create = false
	w.Document.Version, w.Document.Source = v, []byte(`2`)
	v2 := put(t, e, w)
	if v2 == v {
		t.Fatal("the version did not change")
	}
	for name, stale := range map[string]indexer.Version{"old": v, "zero": {}, "future": {Seq: v2.Seq + 1000, Term: v2.Term}} {
		w.Document.Version, w.Document.Source = stale, []byte(`3`)
		_, err := putOne(t, e, w)
		want(t, "replace with "+name+" version", err, indexer.ErrConflict)
	}
	w.Document.ID, w.Document.Version = "replace-missing", v2
	_, err := putOne(t, e, w)
	want(t, "replace of a missing document", err, indexer.ErrConflict)
	if d := get(t, e, indexer.Alerts, "replace"); d.Version != v2 || string(d.Source) != `2` {
		t.Fatalf("got %s version %v", d.Source, d.Version)
	}
}

func itemsApart(t *testing.T, e indexer.Engine) {
	put(t, e, indexer.Write{Collection: indexer.Listings, Create: true, Document: bare("apart-taken", `1`)})
	wanted := []error{nil, indexer.ErrExists, indexer.ErrInvalid, indexer.ErrConflict, nil}
	results, errs := e.Put(t.Context(), []indexer.Write{
		{Collection: indexer.Listings, Create: true, Document: bare("apart-1", `1`)},
		{Collection: indexer.Listings, Create: true, Document: bare("apart-taken", `2`)},
		{Collection: indexer.Listings, Create: true, Document: bare("", `3`)},
		{Collection: indexer.Listings, Document: bare("apart-none", `4`)},
		{Collection: indexer.Revisions, Create: true, Document: bare("apart-2", `5`)},
	})
	if len(results) != 5 || len(errs) != 5 {
		t.Fatalf("%d results, %d errors", len(results), len(errs))
	}
	for i, err := range errs {
		want(t, fmt.Sprint("write ", i), err, wanted[i])
		if (results[i] == indexer.Version{}) != (err != nil) {
			t.Errorf("write %d: version %v with error %v", i, results[i], err)
		}
	}
	get(t, e, indexer.Listings, "apart-1")
	get(t, e, indexer.Revisions, "apart-2")
}

func oneIDInOrder(t *testing.T, e indexer.Engine) {
	create := indexer.Write{Collection: indexer.Cases, Create: true, Document: bare("ordered", `1`)}
	again := indexer.Write{Collection: indexer.Cases, Create: true, Document: bare("ordered", `2`)}
	results, errs := e.Put(t.Context(), []indexer.Write{create, again})
	want(t, "first create", errs[0], nil)
	want(t, "second create in the call", errs[1], indexer.ErrExists)

	first := indexer.Write{Collection: indexer.Cases, Document: bare("ordered", `3`)}
	first.Document.Version = results[0]
	second := indexer.Write{Collection: indexer.Cases, Document: bare("ordered", `4`)}
	second.Document.Version = results[0]
	results, errs = e.Put(t.Context(), []indexer.Write{first, second})
	want(t, "first replace", errs[0], nil)
	want(t, "second replace with the same version", errs[1], indexer.ErrConflict)
	if d := get(t, e, indexer.Cases, "ordered"); string(d.Source) != `3` || d.Version != results[0] {
		t.Fatalf("got %s version %v", d.Source, d.Version)
	}
}

func visibleAtOnce(t *testing.T, e indexer.Engine) {
	var ids []string
	for i := range 40 {
		id := fmt.Sprint("visible-", i)
		ids = append(ids, id, "no-"+id)
		put(t, e, indexer.Write{Collection: indexer.Revisions, Create: true, Document: bare(id, fmt.Sprint(i))})
		if d := get(t, e, indexer.Revisions, id); string(d.Source) != fmt.Sprint(i) {
			t.Fatalf("got %s, put %d", d.Source, i)
		}
	}
	docs, err := e.Get(t.Context(), indexer.Revisions, ids...)
	if err != nil || len(docs) != 40 || string(docs["visible-39"].Source) != "39" {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
}

func visibleToSearch(t *testing.T, e indexer.Engine) {
	l := sample(1)
	l.Seller = "visible_to_search"
	find := indexer.Search{Query: term("seller", l.Seller), Limit: 10, Count: true}
	v := put(t, e, listingWrite(t, l, indexer.Version{}))
	refresh(t, e)
	page, err := e.Search(t.Context(), indexer.Listings, find)
	if err != nil || len(page.Documents) != 1 || page.Total != 1 || page.Documents[0].Version != v {
		t.Fatalf("after put: %+v, %v", page, err)
	}
	l.Seller = "visible_elsewhere"
	v = put(t, e, listingWrite(t, l, v))
	refresh(t, e)
	if ids := searchAll(t, e, indexer.Listings, find); len(ids) != 0 {
		t.Fatalf("the old value still finds %q", ids)
	}
	find.Query = term("seller", l.Seller)
	page, err = e.Search(t.Context(), indexer.Listings, find)
	if err != nil || len(page.Documents) != 1 || page.Documents[0].Version != v || !bytes.Contains(page.Documents[0].Source, []byte(l.Seller)) {
		t.Fatalf("after replace: %+v, %v", page, err)
	}
	want(t, "delete", e.Delete(t.Context(), indexer.Listings, l.ID), nil)
	refresh(t, e)
	if ids := searchAll(t, e, indexer.Listings, find); len(ids) != 0 {
		t.Fatalf("a deleted document is found: %q", ids)
	}
	absent(t, e, indexer.Listings, l.ID)
}

func collectionsApart(t *testing.T, e indexer.Engine) {
	for i, c := range indexer.Collections() {
		put(t, e, indexer.Write{Collection: c, Create: true, Document: bare("everywhere", fmt.Sprint(i))})
	}
	want(t, "delete", e.Delete(t.Context(), indexer.Alerts, "everywhere"), nil)
	absent(t, e, indexer.Alerts, "everywhere")
	if d := get(t, e, indexer.Cases, "everywhere"); string(d.Source) != "3" {
		t.Fatalf("got %s", d.Source)
	}
}

func deleteMissing(t *testing.T, e indexer.Engine) {
	want(t, "delete", e.Delete(t.Context(), indexer.Listings, "never-there", "nor-this"), nil)
}

func createAfterDelete(t *testing.T, e indexer.Engine) {
	w := indexer.Write{Collection: indexer.Listings, Create: true, Document: bare("phoenix", `1`)}
	v := put(t, e, w)
	want(t, "delete", e.Delete(t.Context(), indexer.Listings, "phoenix"), nil)
	if v2 := put(t, e, w); v2 == v {
		t.Fatal("the new document has the version of the deleted one")
	}
	w.Create, w.Document.Version = false, v
	_, err := putOne(t, e, w)
	want(t, "replace with the deleted document's version", err, indexer.ErrConflict)
}

func retainsNothing(t *testing.T, e indexer.Engine) {
	w := listingWrite(t, sample(2), indexer.Version{})
	w.Document.ID = "retained"
	source := string(w.Document.Source)
	put(t, e, w)
	clear(w.Document.Source)
	for _, values := range w.Document.Fields.Keywords {
		for i := range values {
			values[i] = "overwritten"
		}
	}
	refresh(t, e)
	d := get(t, e, indexer.Listings, "retained")
	if string(d.Source) != source {
		t.Fatal("the stored source changed with the caller's bytes")
	}
	if ids := searchAll(t, e, indexer.Listings, indexer.Search{Query: term("seller", "overwritten"), Limit: 10}); len(ids) != 0 {
		t.Fatalf("the index changed with the caller's values: %q", ids)
	}
	clear(d.Source)
	if d = get(t, e, indexer.Listings, "retained"); string(d.Source) != source {
		t.Fatal("the stored source changed with the reader's bytes")
	}
}

func invalidWrites(t *testing.T, e indexer.Engine) {
	long := string(slices.Repeat([]byte("k"), 513))
	noFields := bare("no-fields", `1`)
	noFields.Fields = nil
	for name, w := range map[string]indexer.Write{
		"no id":         {Collection: indexer.Listings, Create: true, Document: bare("", `1`)},
		"long id":       {Collection: indexer.Listings, Create: true, Document: bare(long, `1`)},
		"id not UTF-8":  {Collection: indexer.Listings, Create: true, Document: bare("\xff", `1`)},
		"no source":     {Collection: indexer.Listings, Create: true, Document: bare("no-source", ``)},
		"not JSON":      {Collection: indexer.Listings, Create: true, Document: bare("not-json", `{`)},
		"no fields":     {Collection: indexer.Listings, Create: true, Document: noFields},
		"no collection": {Create: true, Document: bare("nowhere", `1`)},
		"strange place": {Collection: "strange", Create: true, Document: bare("nowhere", `1`)},
	} {
		_, err := putOne(t, e, w)
		want(t, name, err, indexer.ErrInvalid)
	}
}

func archiveRace(t *testing.T, e indexer.Engine) {
	const writers = 8
	var won sync.Map
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			_, errs := e.Put(t.Context(), []indexer.Write{{Collection: indexer.Alerts, Create: true, Document: bare("raced", fmt.Sprint(i))}})
			if errs[0] == nil {
				won.Store(i, true)
			}
		})
	}
	all.Wait()
	winners := 0
	won.Range(func(i, _ any) bool {
		winners++
		if d := get(t, e, indexer.Alerts, "raced"); string(d.Source) != fmt.Sprint(i) {
			t.Errorf("writer %d won, stored is %s", i, d.Source)
		}
		return true
	})
	if winners != 1 {
		t.Fatalf("%d writers created the document", winners)
	}
}

func emptyCalls(t *testing.T, e indexer.Engine) {
	results, errs := e.Put(t.Context(), nil)
	if len(results) != 0 || len(errs) != 0 {
		t.Fatalf("put of nothing: %v, %v", results, errs)
	}
	docs, err := e.Get(t.Context(), indexer.Listings)
	if err != nil || len(docs) != 0 {
		t.Fatalf("get of nothing: %v, %v", docs, err)
	}
	want(t, "delete of nothing", e.Delete(t.Context(), indexer.Listings), nil)
}

func archiveMaintenance(t *testing.T, e indexer.Engine) {
	m, ok := e.(Maintainer)
	if !ok {
		t.Skip("the engine has no maintenance")
	}
	for _, c := range indexer.Collections() {
		w := indexer.Write{Collection: c, Create: true, Document: bare("kept", `1`)}
		v := put(t, e, w)
		want(t, "maintain", m.Maintain(t.Context()), nil)
		_, err := putOne(t, e, w)
		want(t, "create after maintenance", err, indexer.ErrExists)
		if d := get(t, e, c, "kept"); d.Version != v {
			t.Fatalf("maintenance changed the version from %v to %v", v, d.Version)
		}
	}
}

func cancelledPuts(t *testing.T, e indexer.Engine) {
	for i := range 30 {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			e.Put(ctx, []indexer.Write{{Collection: indexer.Revisions, Create: true, Document: bare(fmt.Sprint("cancelled-", i), `1`)}})
			_, _ = e.Search(ctx, indexer.Revisions, indexer.Search{Limit: 10})
		}()
		cancel()
		<-done
		put(t, e, indexer.Write{Collection: indexer.Revisions, Create: true, Document: bare(fmt.Sprint("after-", i), `1`)})
	}
}
