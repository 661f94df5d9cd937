package realsite

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

var (
	prefixes  = []string{"", "bbs/", "forum/v2/", "shop/", "c/", "社区/"} // Oscar's start page fails under the last
	siteNames = []string{"Old Harbour", "暗巷论坛", "뒷골목", "Nightowl Market", "数据之家"}
	languages = []string{"en", "zh-hans", "ko"}
)

// look draws what varies from site to site besides the texts.
func look(kind string, seed uint64) (name, prefix, language string) {
	r := rand.New(rand.NewPCG(seed, 0x6c6f6f6b))
	n := len(prefixes)
	if kind == "oscar" {
		n--
	}
	return siteNames[r.IntN(len(siteNames))], prefixes[r.IntN(n)], languages[r.IntN(len(languages))]
}

// StartSpirit installs django-spirit if need be, makes a forum of the seed
// and runs it until the end of the test. It skips the test, with a hint, where
// Python is missing.
func StartSpirit(t testing.TB, seed uint64) *Site {
	t.Helper()
	p, s := prepare(t, "spirit", seed)
	p.run(nil, "spirit", "startproject", "forum")
	unpack(t, "spirit", filepath.Join(p.dir, "forum"))
	p.dir = filepath.Join(p.dir, "forum")
	p.run(nil, "python", "manage.py", "spiritinstall", "--settings=leakwatch_settings")
	return start(t, p, s, newDrawer(seed, true))
}

// StartOscar does for the shop django-oscar what StartSpirit does for the
// forum.
func StartOscar(t testing.TB, seed uint64) *Site {
	t.Helper()
	p, s := prepare(t, "oscar", seed)
	unpack(t, "oscar", p.dir)
	if err := os.WriteFile(filepath.Join(p.dir, "manage.py"), []byte("from django.core.management import execute_from_command_line\nimport sys\nexecute_from_command_line(sys.argv)\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run(nil, "python", "manage.py", "migrate", "-v", "0")
	return start(t, p, s, newDrawer(seed, false))
}

func prepare(t testing.TB, kind string, seed uint64) (*program, *Site) {
	t.Helper()
	if testing.Short() {
		t.Skip("the real programs are not run with -short")
	}
	name, prefix, language := look(kind, seed)
	bin := install(t, kind)
	return &program{t: t, dir: t.TempDir(), bin: bin, env: []string{"SITE_PREFIX=" + prefix, "SITE_NAME=" + name, "SITE_LANGUAGE=" + language}},
		&Site{Name: name, Kind: kind, Seed: seed}
}

// start fills the site and serves it.
func start(t testing.TB, p *program, s *Site, d *drawer) *Site {
	t.Helper()
	_, prefix, language := look(s.Kind, s.Seed)
	s.draw = d
	s.plant = func(posts []post) map[string]int { return p.fill(s.Name, posts) }
	s.put(d.first())
	s.serve(t, p.listen(), prefix)
	t.Logf("%s: %q at %s in %s, %d planted", s.Kind, s.Name, s.URL, language, len(s.truth))
	return s
}
