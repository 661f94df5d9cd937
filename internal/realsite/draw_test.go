package realsite

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestASeedDrawsTheSameSiteAgain(t *testing.T) {
	texts := func(seed uint64) (out []string) {
		d := newDrawer(seed, true)
		for _, p := range append(d.first(), d.more(10)...) {
			out = append(out, p.Key+p.Topic+p.Title+p.Body+p.Author)
		}
		return out
	}
	if diff := cmp.Diff(texts(3), texts(3)); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(texts(3), texts(4)) {
		t.Error("two seeds draw the same site")
	}
}

func TestHalfOfASiteIsLookAlikes(t *testing.T) {
	for seed := range uint64(5) {
		d := newDrawer(seed, false)
		hits := 0
		languages := map[string]bool{}
		posts := d.first()
		for i, p := range posts {
			if p.hit {
				hits++
			}
			languages[p.language] = true
			if i > 0 && p.Posted <= posts[i-1].Posted {
				t.Errorf("post %d is not newer than the one before", i)
			}
		}
		if len(posts) != 200 || hits != 100 || len(languages) != 3 {
			t.Errorf("seed %d: %d posts, %d hits, languages %v", seed, len(posts), hits, languages)
		}
	}
}

func TestAdditionsAreNewerAndFewReplies(t *testing.T) {
	d := newDrawer(1, true)
	first := d.first()
	last := first[len(first)-1].Posted
	replies := 0
	for _, p := range d.more(10) {
		if p.Posted <= last {
			t.Errorf("%s is not newer", p.Key)
		}
		if p.Topic != "" {
			replies++
		}
	}
	if replies != 3 {
		t.Errorf("%d replies, want 3", replies)
	}
}
