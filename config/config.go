// Package config is the one YAML file of leakwatch: its structs, a strict
// load that reports every fault with its position, its JSON Schema, secrets
// that cannot print, and the schedules of sources.
//
// A loaded Config is never changed; a reload makes a new one.
package config

import "time"

// Config is the whole file. The zero value of every field is its default
// unless its comment says otherwise.
type Config struct {
	Sources    []Source   `yaml:"sources"`
	Watches    []Watch    `yaml:"watches"`
	Receivers  []Receiver `yaml:"receivers"`
	Routes     []Route    `yaml:"routes"` // first match wins; without a match: every receiver of the watch
	Silences   []Silence  `yaml:"silences"`
	Lists      []List     `yaml:"lists"`
	Index      Index      `yaml:"index"`
	Console    Console    `yaml:"console"`
	Retention  Retention  `yaml:"retention"`
	Currencies Currencies `yaml:"currencies"`
	Crawler    Crawler    `yaml:"crawler"`
	Rules      []string   `yaml:"rules"` // files of user rules, beside the built-in lexicon
	Keys       string     `yaml:"keys"`  // path of the key file; default DATA/keys
}

// Source is a place to watch. The smallest is name, url and schedule.
type Source struct {
	ID           string            `yaml:"id"` // default: made from the name; stays when the address changes
	Name         string            `yaml:"name"`
	URL          string            `yaml:"url"`
	Schedule     string            `yaml:"schedule"`  // cron spec, "@every 10m", "@hourly"
	TimeZone     string            `yaml:"time_zone"` // IANA name; default UTC
	Jitter       time.Duration     `yaml:"jitter"`    // a tick runs up to this much later; default 0
	Kind         string            `yaml:"kind"`      // default "auto": found out from the pages
	Selectors    Selectors         `yaml:"selectors"` // for kind "selectors"
	Keep         string            `yaml:"keep"`      // all (default) or hits
	AllowPrivate bool              `yaml:"allow_private"`
	Pace         time.Duration     `yaml:"pace"`      // least time between two requests to the host; default 2s, 0s for none
	MaxPages     int               `yaml:"max_pages"` // per crawl; default 500
	MaxDepth     int               `yaml:"max_depth"` // list pages from the start; default 50
	Robots       string            `yaml:"robots"`    // obey (default) or ignore
	UserAgent    string            `yaml:"user_agent"`
	Headers      map[string]Secret `yaml:"headers"`
	Cookie       Secret            `yaml:"cookie"`
	CookieFile   string            `yaml:"cookie_file"`
	LoggedIn     string            `yaml:"logged_in"` // a text that every page shows while logged in
	Proxy        Secret            `yaml:"proxy"`     // http:// or socks5h://
	Include      []string          `yaml:"include"`   // path prefixes to stay within; default: the start's folder
	Exclude      []string          `yaml:"exclude"`
	Language     string            `yaml:"language"` // zh, en or ko: what an unlabelled currency means
	Disabled     bool              `yaml:"disabled"`
}

// Selectors say how to read a site of kind "selectors": CSS selectors.
type Selectors struct {
	Item   string `yaml:"item"`  // one listing on a list page
	Link   string `yaml:"link"`  // its link to the detail page, within item; "" if the list page holds all
	Next   string `yaml:"next"`  // link to the next list page
	Title  string `yaml:"title"` // on the detail page, or within item
	Body   string `yaml:"body"`
	Seller string `yaml:"seller"`
	Price  string `yaml:"price"`
	Posted string `yaml:"posted"`
	ID     string `yaml:"id"`
}

// Watch is a named query that someone cares about.
type Watch struct {
	ID         string      `yaml:"id"` // default: made from the name; stays when the query changes
	Name       string      `yaml:"name"`
	Query      string      `yaml:"query"`
	Severity   string      `yaml:"severity"` // low, medium, high, critical; default: the listing's own
	Owner      string      `yaml:"owner"`
	Receivers  []string    `yaml:"receivers"`
	Exceptions []Exception `yaml:"exceptions"`
	Disabled   bool        `yaml:"disabled"`
}

// Exception excludes from a watch what proved false.
type Exception struct {
	Query  string `yaml:"query"`
	Reason string `yaml:"reason"`
	Author string `yaml:"author"`
}

// Receiver is a named destination. Type says which of the other keys count;
// the others must be absent.
type Receiver struct {
	Name string `yaml:"name"`
	Type string `yaml:"type"` // webhook email slack telegram dingtalk file feishu wecom pagerduty syslog shoutrrr

	URL          Secret            `yaml:"url"` // webhook slack dingtalk feishu wecom shoutrrr; api base for telegram, pagerduty
	URLFile      string            `yaml:"url_file"`
	Secret       Secret            `yaml:"secret"` // webhook (whsec_…), dingtalk and feishu signing key, pagerduty routing key
	SecretFile   string            `yaml:"secret_file"`
	Token        Secret            `yaml:"token"` // telegram bot token
	TokenFile    string            `yaml:"token_file"`
	Chat         string            `yaml:"chat"`    // telegram chat id
	Path         string            `yaml:"path"`    // file
	Address      string            `yaml:"address"` // syslog host:port, smtp host:port
	Network      string            `yaml:"network"` // syslog: udp, tcp, tls
	From         string            `yaml:"from"`    // email
	To           []string          `yaml:"to"`
	Username     string            `yaml:"username"`
	Password     Secret            `yaml:"password"`
	PasswordFile string            `yaml:"password_file"`
	TLS          string            `yaml:"tls"` // email: starttls (default), implicit, none
	Headers      map[string]Secret `yaml:"headers"`
	AllowPrivate bool              `yaml:"allow_private"`
	GroupWait    time.Duration     `yaml:"group_wait"`     // collect alerts of one case and watch this long before the first message; default 0: at once
	GroupEvery   time.Duration     `yaml:"group_interval"` // then at most one message per this long; default 5m for chat and e-mail, 0 for webhook and file
}

// Route says who gets the alerts that match.
type Route struct {
	Match     string   `yaml:"match"` // a query over alerts; "" for all
	Receivers []string `yaml:"receivers"`
	Continue  bool     `yaml:"continue"` // go on to the next route
}

// Silence mutes alerts for a time, with author and reason. Silences made in
// the console live in the index; these stand beside them.
type Silence struct {
	Match  string    `yaml:"match"` // a query over alerts
	Until  time.Time `yaml:"until"`
	From   time.Time `yaml:"from"`
	Author string    `yaml:"author"`
	Reason string    `yaml:"reason"`
}

// List is a file of values that queries name with @; values are turned into
// codes or normalised handles as the list is read.
type List struct {
	Name string `yaml:"name"`
	File string `yaml:"file"`
	Kind string `yaml:"kind"` // contact, or an identifier kind
}

// Index says which engine keeps the archive.
type Index struct {
	Engine        string        `yaml:"engine"` // embedded (default) or elasticsearch
	Elasticsearch Elasticsearch `yaml:"elasticsearch"`
}

// Elasticsearch is how to reach the cluster.
type Elasticsearch struct {
	Addresses         []string `yaml:"addresses"`
	Username          string   `yaml:"username"`
	Password          Secret   `yaml:"password"`
	PasswordFile      string   `yaml:"password_file"`
	StateUsername     string   `yaml:"state_username"` // default: the same as above
	StatePassword     Secret   `yaml:"state_password"`
	StatePasswordFile string   `yaml:"state_password_file"`
	CAFile            string   `yaml:"ca_file"`
	Prefix            string   `yaml:"prefix"` // default leakwatch-
	Replicas          int      `yaml:"replicas"`
}

// Console is the web interface.
type Console struct {
	Listen    string `yaml:"listen"`     // default 127.0.0.1:8080
	PublicURL string `yaml:"public_url"` // as written in messages; default http://LISTEN
	Metrics   string `yaml:"metrics"`    // a second address for /metrics, /livez, /readyz; default: on the console's
}

// Retention says how long documents are kept. Zero keeps for ever, except
// for non-hits of sources with keep: hits, which go after 30 days.
type Retention struct {
	Listings  time.Duration `yaml:"listings"`
	Revisions time.Duration `yaml:"revisions"`
	Alerts    time.Duration `yaml:"alerts"`
	Audit     time.Duration `yaml:"audit"`
}

// Currencies is the dated table from which unit_price_usd is derived: how
// many US dollars one unit of each currency was worth on Date.
type Currencies struct {
	Date  string             `yaml:"date"` // YYYY-MM-DD
	Rates map[string]float64 `yaml:"rates"`
}

// Crawler holds the defaults of all sources.
type Crawler struct {
	UserAgent   string `yaml:"user_agent"`
	Concurrency int    `yaml:"concurrency"` // hosts crawled at the same time; default 8
}

// Secret is a value that cannot print: every way of formatting it shows
// <secret>.
type Secret struct{ value string }

// NewSecret wraps a value.
func NewSecret(s string) Secret { return Secret{s} }

// Reveal returns the value, for the one place that sends it.
func (s Secret) Reveal() string { return s.value }

// String hides the value.
func (s Secret) String() string {
	if s.value == "" {
		return ""
	}
	return "<secret>"
}

// GoString hides the value.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
