package config

import (
	"fmt"
	"maps"
	"math"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/http/httpguts"

	"github.com/leakwatch/leakwatch/leak"
)

// validator checks what the structure alone cannot say, and fills defaults.
type validator struct {
	*decoder
	checks Checks
	dir    string // relative paths start here
	lists  []string

	inFiles Faults // of rule files and lists, which have lines of their own
}

func (v *validator) run(c *Config) {
	for i := range c.Lists {
		v.list(fmt.Sprintf("lists[%d]", i), &c.Lists[i])
	}
	ids := map[string]string{}
	for i := range c.Sources {
		v.source(fmt.Sprintf("sources[%d]", i), &c.Sources[i], ids, c.Crawler)
	}
	receivers := map[string]bool{"console": true}
	for i := range c.Receivers {
		v.receiver(fmt.Sprintf("receivers[%d]", i), &c.Receivers[i], receivers)
	}
	ids = map[string]string{}
	for i := range c.Watches {
		v.watch(fmt.Sprintf("watches[%d]", i), &c.Watches[i], ids, receivers)
	}
	for i, r := range c.Routes {
		at := fmt.Sprintf("routes[%d]", i)
		v.query(at+".match", "alerts", r.Match)
		v.receiverNames(at+".receivers", r.Receivers, receivers)
	}
	for i, s := range c.Silences {
		v.silence(fmt.Sprintf("silences[%d]", i), s)
	}
	v.index(&c.Index)
	v.console(&c.Console)
	v.currencies(c.Currencies)
	v.crawler(&c.Crawler)
	v.rules(c.Rules)
	c.Keys = v.path("keys", c.Keys, false)
}

// rules checks the rule files, once all of them are there.
func (v *validator) rules(files []string) {
	before := len(v.faults)
	for i := range files {
		files[i] = v.path(fmt.Sprintf("rules[%d]", i), files[i], true)
	}
	if len(files) == 0 || len(v.faults) > before || v.checks.Rules == nil {
		return
	}
	found, err := v.checks.Rules(files)
	if err != nil {
		v.fault("rules", err.Error(), "files that can be read", "")
	}
	v.inFiles = append(v.inFiles, found...)
}

// path makes a path absolute to the config's folder.
func (v *validator) path(at, p string, mustExist bool) string {
	if p == "" {
		return ""
	}
	if !filepath.IsAbs(p) {
		p = filepath.Join(v.dir, p)
	}
	if _, err := os.Stat(p); mustExist && err != nil {
		v.fault(at, "no readable file at "+p, "a file", "paths are relative to the config file")
	}
	return p
}

func (v *validator) required(at, value, wanted string) bool {
	if strings.TrimSpace(value) == "" {
		v.fault(at, "nothing", wanted, "")
		return false
	}
	return true
}

func (v *validator) oneOf(at string, value *string, def string, allowed ...string) {
	if *value == "" {
		*value = def
		return
	}
	if !slices.Contains(allowed, *value) {
		v.fault(at, strconv.Quote(*value), "one of "+strings.Join(allowed, ", "), didYouMean(*value, allowed))
	}
}

var idShape = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// ID makes an id from a name: ASCII letters and digits in lower case joined
// by "-"; a name without any becomes a fingerprint.
func ID(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	id := strings.Join(words, "-")
	plain := strings.IndexFunc(name, func(r rune) bool { return r > unicode.MaxASCII }) < 0
	if id == "" || !plain {
		id = strings.Trim(id+"-"+leak.Fingerprint("id", name)[:8], "-")
	}
	return id[:min(len(id), 64)]
}

// id fills *id from the name and makes sure that no other item has it.
func (v *validator) id(at string, id *string, name string, taken map[string]string) {
	if *id == "" {
		*id = ID(name)
	}
	if !idShape.MatchString(*id) {
		v.fault(at+".id", strconv.Quote(*id), "1 to 64 characters a-z 0-9 _ -, beginning with a letter or digit", "")
		return
	}
	if other, ok := taken[*id]; ok {
		v.fault(at, fmt.Sprintf("the id %q, which %s has too", *id, other), "an id of its own", "give this one a line id: …")
		return
	}
	taken[*id] = at
}

func (v *validator) source(at string, s *Source, ids map[string]string, defaults Crawler) {
	if s.Name == "" && s.URL != "" {
		s.Name = s.URL
	}
	if v.required(at+".name", s.Name, "a name") {
		v.id(at, &s.ID, s.Name, ids)
	}
	v.address(at+".url", s.URL, "http", "https")
	if v.required(at+".schedule", s.Schedule, "a cron spec such as */15 * * * * or @every 10m") {
		if _, err := ParseSchedule(s.Schedule, s.TimeZone); err != nil {
			key := ".schedule"
			if _, tz := time.LoadLocation(s.TimeZone); tz != nil {
				key = ".time_zone"
			}
			v.fault(at+key, err.Error(), "minute hour day month weekday, @hourly, @daily or @every 10m, and an IANA zone", "")
		}
	}
	if s.Kind == "" {
		s.Kind = "auto"
	} else if len(v.checks.Kinds) > 0 {
		v.oneOf(at+".kind", &s.Kind, "auto", v.checks.Kinds...)
	}
	if v.checks.Selectors != nil && (s.Kind == "selectors" || s.Selectors != (Selectors{})) {
		v.each(at+".selectors", v.checks.Selectors(s.Selectors))
	}
	v.oneOf(at+".keep", &s.Keep, "all", "all", "hits")
	v.oneOf(at+".robots", &s.Robots, "obey", "obey", "ignore")
	if s.Language != "" {
		v.oneOf(at+".language", &s.Language, "", "zh", "en", "ko")
	}
	v.bounds(at+".pace", s.Pace, 0, time.Hour)
	v.bounds(at+".jitter", s.Jitter, 0, 24*time.Hour)
	switch {
	case !v.stated(at + ".pace"):
		s.Pace = 2 * time.Second
	case s.Pace == 0:
		s.Pace = time.Nanosecond // nobody waits for it, and it is not left open
	}
	v.count(at+".max_pages", &s.MaxPages, 500, 100_000)
	v.count(at+".max_depth", &s.MaxDepth, 50, 10_000)
	v.secretFile(at+".cookie", &s.Cookie, s.CookieFile)
	v.header(at+".user_agent", "User-Agent", s.UserAgent)
	v.header(at+".cookie", "Cookie", s.Cookie.Reveal())
	v.headers(at+".headers", s.Headers)
	if s.UserAgent == "" {
		s.UserAgent = defaults.UserAgent
	}
	if p := s.Proxy.Reveal(); p != "" {
		u, err := url.Parse(p)
		if err != nil || !slices.Contains([]string{"http", "https", "socks5h"}, u.Scheme) || u.Host == "" {
			v.fault(at+".proxy", "an address that cannot be used", "http://HOST:PORT or socks5h://HOST:PORT", "")
		}
	}
	for i, p := range append(slices.Clone(s.Include), s.Exclude...) {
		if !strings.HasPrefix(p, "/") {
			key := fmt.Sprintf("%s.include[%d]", at, i)
			if i >= len(s.Include) {
				key = fmt.Sprintf("%s.exclude[%d]", at, i-len(s.Include))
			}
			v.fault(key, strconv.Quote(p), "a path that begins with /", "")
		}
	}
}

// stated reports whether the file has the key at.
func (v *validator) stated(at string) bool {
	_, ok := v.positions[at]
	return ok
}

// each reports the faults of a check of another package: "want …", or what was
// found, with "; wanted …" behind it where that is not plain.
func (v *validator) each(at string, errs map[string]error) {
	for _, key := range slices.Sorted(maps.Keys(errs)) {
		found, wanted, _ := strings.Cut(errs[key].Error(), "; wanted ")
		if rest, ok := strings.CutPrefix(found, "want "); ok {
			found, wanted = "nothing", rest
			if v.stated(at+"."+key) || v.stated(at+"."+key+"_file") {
				found = "a value that cannot be used"
			}
		}
		v.fault(at+"."+key, found, wanted, "")
	}
}

// header checks what is sent as a header of a request. The value may be a
// secret: it is not shown.
func (v *validator) header(at, name, value string) {
	if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
		v.fault(at, "what no header of a request can hold", "a name of letters, digits and -, and a value of one line", "")
	}
}

func (v *validator) headers(at string, all map[string]Secret) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		v.header(at+"."+name, name, all[name].Reveal())
	}
}

func (v *validator) address(at, s string, schemes ...string) {
	if !v.required(at, s, "an address such as https://market.example/") {
		return
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		v.fault(at, "an address that cannot be read", "an address such as https://market.example/", "")
	case !slices.Contains(schemes, u.Scheme) || u.Hostname() == "":
		v.fault(at, strconv.Quote(u.Redacted()), "an address that begins with "+strings.Join(schemes, ":// or ")+"://", "")
	case u.User != nil:
		v.fault(at, "a user name or password in the address", "an address without", "use headers or cookie")
	}
}

func (v *validator) bounds(at string, d, low, high time.Duration) {
	if d < low || d > high {
		v.fault(at, d.String(), fmt.Sprintf("between %s and %s", low, high), "")
	}
}

// faulty reports whether a fault was found at the value already.
func (v *validator) faulty(at string) bool {
	return slices.ContainsFunc(v.faults, func(f Fault) bool { return f.Key == at })
}

func (v *validator) count(at string, n *int, def, high int) {
	if *n == 0 {
		*n = def
	}
	if *n < 1 || *n > high {
		v.fault(at, strconv.Itoa(*n), fmt.Sprintf("between 1 and %d", high), "")
	}
}

// secretFile reads the _file twin of the secret at.
func (v *validator) secretFile(at string, s *Secret, file string) {
	if file == "" {
		return
	}
	if s.Reveal() != "" {
		v.fault(at+"_file", "the secret twice", "either "+lastKey(at)+" or "+lastKey(at)+"_file", "")
		return
	}
	path := v.path(at+"_file", file, true)
	data, err := os.ReadFile(path)
	if err != nil {
		return // path has reported it
	}
	if *s = NewSecret(strings.TrimSpace(string(data))); s.Reveal() == "" {
		v.fault(at+"_file", "an empty file", "a secret in "+path, "")
	}
}

func lastKey(at string) string { return at[strings.LastIndex(at, ".")+1:] }

func (v *validator) list(at string, l *List) {
	before := len(v.faults)
	if !idShape.MatchString(l.Name) {
		v.fault(at+".name", strconv.Quote(l.Name), "1 to 64 characters a-z 0-9 _ -", "queries name it @"+l.Name)
	} else if slices.Contains(v.lists, l.Name) {
		v.fault(at+".name", "the name a second time", "a name of its own", "")
	}
	v.lists = append(v.lists, l.Name)
	if v.required(at+".file", l.File, "the path of a file with one value a line") {
		l.File = v.path(at+".file", l.File, true)
	}
	kinds := []string{"contact"}
	for _, k := range leak.IdentifierKinds() {
		kinds = append(kinds, string(k))
	}
	if v.required(at+".kind", l.Kind, "one of "+strings.Join(kinds, ", ")) {
		v.oneOf(at+".kind", &l.Kind, "", kinds...)
	}
	if v.checks.List != nil && len(v.faults) == before {
		v.inFiles = append(v.inFiles, v.checks.List(*l)...)
	}
}

func (v *validator) query(at, collection, src string) {
	if src == "" || v.checks.Query == nil {
		return
	}
	if err := v.checks.Query(collection, src, v.lists); err != nil {
		v.fault(at, strings.ReplaceAll(err.Error(), "\n", "\n    "), "", "")
	}
}

func (v *validator) watch(at string, w *Watch, ids map[string]string, receivers map[string]bool) {
	if v.required(at+".name", w.Name, "a name") {
		v.id(at, &w.ID, w.Name, ids)
	}
	if v.required(at+".query", w.Query, "a query such as category:id_handheld") {
		v.query(at+".query", "listings", w.Query)
	}
	if w.Severity != "" {
		v.oneOf(at+".severity", &w.Severity, "", "low", "medium", "high", "critical")
	}
	v.receiverNames(at+".receivers", w.Receivers, receivers)
	for i, x := range w.Exceptions {
		key := fmt.Sprintf("%s.exceptions[%d]", at, i)
		if v.required(key+".query", x.Query, "a query") {
			v.query(key+".query", "listings", x.Query)
		}
		v.required(key+".reason", x.Reason, "the reason of the exception")
		v.required(key+".author", x.Author, "who made the exception")
	}
}

func (v *validator) receiverNames(at string, names []string, known map[string]bool) {
	for i, n := range names {
		if !known[n] {
			all := slices.Sorted(maps.Keys(known))
			v.fault(fmt.Sprintf("%s[%d]", at, i), strconv.Quote(n), "the name of a receiver: "+strings.Join(all, ", "), didYouMean(n, all))
		}
	}
}

func (v *validator) silence(at string, s Silence) {
	v.query(at+".match", "alerts", s.Match)
	v.required(at+".match", s.Match, "a query over alerts")
	v.required(at+".author", s.Author, "who made the silence")
	v.required(at+".reason", s.Reason, "why")
	if s.Until.IsZero() && !v.faulty(at+".until") {
		v.fault(at+".until", "nothing", "an instant such as 2026-11-30T18:00:00Z", "a silence always ends")
	} else if s.Until.Before(s.From) {
		v.fault(at+".until", s.Until.Format(time.RFC3339), "an instant after from", "")
	}
}

var prefixShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,40}-$`)

func (v *validator) index(x *Index) {
	v.oneOf("index.engine", &x.Engine, "embedded", "embedded", "elasticsearch")
	es := &x.Elasticsearch
	v.secretFile("index.elasticsearch.password", &es.Password, es.PasswordFile)
	v.secretFile("index.elasticsearch.state_password", &es.StatePassword, es.StatePasswordFile)
	es.CAFile = v.path("index.elasticsearch.ca_file", es.CAFile, true)
	if es.Prefix == "" {
		es.Prefix = "leakwatch-"
	}
	if !prefixShape.MatchString(es.Prefix) {
		v.fault("index.elasticsearch.prefix", strconv.Quote(es.Prefix), "characters a-z 0-9 - that end in -", "")
	}
	if es.Replicas < 0 {
		v.fault("index.elasticsearch.replicas", strconv.Itoa(es.Replicas), "0 or more", "")
	}
	if x.Engine == "elasticsearch" && len(es.Addresses) == 0 {
		v.fault("index.elasticsearch.addresses", "nothing", "at least one address such as https://127.0.0.1:9200", "")
	}
	for i, a := range es.Addresses {
		v.address(fmt.Sprintf("index.elasticsearch.addresses[%d]", i), a, "http", "https")
	}
}

func (v *validator) console(c *Console) {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:8080"
	}
	for key, a := range map[string]string{"console.listen": c.Listen, "console.metrics": c.Metrics} {
		if a == "" {
			continue
		}
		if _, port, err := net.SplitHostPort(a); err != nil || port == "" {
			v.fault(key, strconv.Quote(a), "HOST:PORT such as 127.0.0.1:8080", "")
		}
	}
	if c.PublicURL == "" {
		c.PublicURL = "http://" + c.Listen
		return
	}
	v.address("console.public_url", c.PublicURL, "http", "https")
}

func (v *validator) currencies(c Currencies) {
	if _, err := time.Parse(time.DateOnly, c.Date); err != nil && (c.Date != "" || len(c.Rates) > 0) {
		v.fault("currencies.date", strconv.Quote(c.Date), "the day of the rates, such as 2026-11-22", "")
	}
	for _, code := range slices.Sorted(maps.Keys(c.Rates)) {
		if r := c.Rates[code]; math.IsNaN(r) || math.IsInf(r, 0) || r <= 0 {
			v.fault("currencies.rates."+code, strconv.FormatFloat(r, 'g', -1, 64), "how many US dollars one "+code+" is worth", "")
		}
	}
}

func (v *validator) crawler(c *Crawler) {
	v.count("crawler.concurrency", &c.Concurrency, 8, 1024)
	v.header("crawler.user_agent", "User-Agent", c.UserAgent)
}
