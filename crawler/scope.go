package crawler

import (
	"net/url"
	"path"
	"strings"

	"github.com/leakwatch/leakwatch/config"
)

// A verdict is why an address is not fetched; "" means that it is. The words
// are for people.
type verdict string

const (
	fetchIt       verdict = ""
	offScheme     verdict = "not http or https"
	offHost       verdict = "on another host"
	offInclude    verdict = "outside the included paths"
	excluded      verdict = "excluded"
	actionLink    verdict = "an action such as logout or delete"
	noPage        verdict = "a file, not a page"
	trapPath      verdict = "a path that repeats itself"
	trapQuery     verdict = "a query without end"
	tooLong       verdict = "too long"
	robotsForbids verdict = "robots.txt forbids it"
	robotsSilent  verdict = "the site answers a request for robots.txt with a failure, so nothing may be fetched"
)

// scope judges addresses by what they say. It is immutable.
type scope struct {
	host    string   // without "www." and port
	port    string   // "" for the default ports
	https   bool     // the source is https: plain http is upgraded
	include []string // path prefixes from the config, nil if there are none
	folder  string   // the folder of the start page: where other lists are looked for
	exclude []string
}

func newScope(src config.Source, start *url.URL) *scope {
	return &scope{
		host:    bareHost(start),
		port:    start.Port(),
		https:   start.Scheme == "https",
		include: src.Include,
		folder:  folder(start.Path),
		exclude: src.Exclude,
	}
}

// folder returns the path up to its last slash.
func folder(p string) string {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[:i+1]
	}
	return "/"
}

func bareHost(u *url.URL) string {
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// judge says whether a cleaned address may be fetched at all.
func (s *scope) judge(u *url.URL) verdict {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return offScheme
	case !s.sameHost(u):
		return offHost
	case len(u.Path)+len(u.RawQuery) > maxAddress:
		return tooLong
	case len(s.include) > 0 && !hasPrefix(u.Path, s.include):
		return offInclude
	case hasPrefix(u.Path, s.exclude):
		return excluded
	case isAction(u):
		return actionLink
	case isFile(u.Path):
		return noPage
	case repeats(u.Path):
		return trapPath
	case endlessQuery(u.RawQuery):
		return trapQuery
	}
	return fetchIt
}

// judgeList says whether a list page that another page named may be fetched:
// without an include in the config, other lists are looked for only in the
// folder of the start page.
func (s *scope) judgeList(u *url.URL) verdict {
	if v := s.judge(u); v != fetchIt {
		return v
	}
	if len(s.include) == 0 && !strings.HasPrefix(u.Path, s.folder) {
		return offInclude
	}
	return fetchIt
}

func (s *scope) sameHost(u *url.URL) bool {
	if bareHost(u) != s.host {
		return false
	}
	p := u.Port()
	if p == "80" && u.Scheme == "http" || p == "443" && u.Scheme == "https" {
		p = ""
	}
	return p == s.port
}

// upgrade turns plain http into https where the source is https: what was
// given for a safe connection is not sent over an open one.
func (s *scope) upgrade(u *url.URL) *url.URL {
	if s.https && u.Scheme == "http" && s.sameHost(u) {
		c := *u
		c.Scheme = "https"
		return &c
	}
	return u
}

func hasPrefix(p string, prefixes []string) bool {
	for _, pre := range prefixes {
		if !strings.HasPrefix(pre, "/") {
			pre = "/" + pre
		}
		if p == pre || strings.HasPrefix(p, pre) && (strings.HasSuffix(pre, "/") || p[len(pre)] == '/') {
			return true
		}
	}
	return false
}

// actions are segments, and values and names of parameters, that do
// something. They must be the whole segment: a listing may be called
// "how-to-edit-photos".
var actions = map[string]bool{
	"logout": true, "log-out": true, "log_out": true, "logoff": true, "signout": true, "sign-out": true, "sign_out": true,
	"login": true, "log-in": true, "log_in": true, "signin": true, "sign-in": true, "sign_in": true, "wp-login": true,
	"register": true, "signup": true, "sign-up": true, "sign_up": true, "registration": true,
	"delete": true, "remove": true, "destroy": true, "edit": true, "update": true, "undelete": true,
	"add-to-cart": true, "add_to_cart": true, "addtocart": true, "add-to-basket": true, "cart": true, "basket": true,
	"checkout": true, "buy": true, "purchase": true, "add-to-wishlist": true, "wishlist": true, "wishlists": true,
	"reply": true, "newreply": true, "newthread": true, "post-reply": true, "publish": true, "report": true,
	"vote": true, "like": true, "unlike": true, "bookmark": true, "subscribe": true, "unsubscribe": true,
	"follow": true, "unfollow": true, "flag": true, "move": true, "lost-password": true, "lostpassword": true,
	"password-reset": true, "logging": true, "admin": true, "wp-admin": true,
}

// actionParams are the parameters whose value names an action.
var actionParams = map[string]bool{
	"action": true, "act": true, "do": true, "mode": true, "mod": true, "a": true, "m": true, "op": true, "cmd": true, "func": true,
}

func isAction(u *url.URL) bool {
	for seg := range strings.SplitSeq(strings.ToLower(u.Path), "/") {
		if actions[stem(seg)] {
			return true
		}
	}
	for param := range strings.SplitSeq(strings.ToLower(u.RawQuery), "&") {
		name, value, _ := strings.Cut(param, "=")
		if actions[name] || actionParams[name] && actions[value] {
			return true
		}
	}
	return false
}

// stem drops the ending of a script.
func stem(seg string) string {
	switch path.Ext(seg) {
	case ".php", ".asp", ".aspx", ".jsp", ".html", ".htm", ".do", ".cgi":
		return seg[:strings.LastIndexByte(seg, '.')]
	}
	return seg
}

// files are endings of what is never downloaded, so that it is not even
// asked for.
var files = map[string]bool{
	".zip": true, ".rar": true, ".7z": true, ".gz": true, ".tgz": true, ".bz2": true, ".xz": true, ".tar": true, ".zst": true,
	".pdf": true, ".doc": true, ".docx": true, ".xls": true, ".xlsx": true, ".ppt": true, ".pptx": true, ".csv": true, ".sql": true, ".txt": true, ".db": true,
	".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".webp": true, ".bmp": true, ".svg": true, ".ico": true, ".heic": true, ".avif": true, ".tif": true, ".tiff": true,
	".mp3": true, ".mp4": true, ".avi": true, ".mov": true, ".mkv": true, ".webm": true, ".wav": true, ".ogg": true, ".flac": true,
	".exe": true, ".apk": true, ".ipa": true, ".dmg": true, ".iso": true, ".msi": true, ".deb": true, ".rpm": true, ".bin": true, ".torrent": true,
	".css": true, ".js": true, ".mjs": true, ".woff": true, ".woff2": true, ".ttf": true, ".otf": true, ".eot": true, ".map": true, ".wasm": true,
}

func isFile(p string) bool { return files[strings.ToLower(path.Ext(p))] }

// Limits on paths and queries beyond which an address is part of a trap.
const (
	maxSegments  = 16
	maxParams    = 12
	maxRepeats   = 3 // the same segment, or
	maxBackToRow = 2 // the same segment one after the other
)

// repeats reports whether a path shows the marks of links that grow by
// themselves: /a/b/a/b/a/b.
func repeats(p string) bool {
	count := make(map[string]int, 8)
	last, row, n := "", 0, 0
	for seg := range strings.SplitSeq(strings.Trim(p, "/"), "/") {
		n++
		count[seg]++
		if seg == last {
			row++
		} else {
			last, row = seg, 1
		}
		if seg != "" && (count[seg] >= maxRepeats || row > maxBackToRow) {
			return true
		}
	}
	return n > maxSegments
}

// endlessQuery reports whether a query has too many parameters, or the same
// one again and again.
func endlessQuery(q string) bool {
	if q == "" {
		return false
	}
	count := make(map[string]int, 4)
	n := 0
	for param := range strings.SplitSeq(q, "&") {
		name, _, _ := strings.Cut(param, "=")
		n++
		if count[name]++; count[name] > maxRepeats {
			return true
		}
	}
	return n > maxParams
}
