package crawler

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// productToken is the name by which robots.txt files address us, whatever
// the User-Agent header says.
const productToken = "leakwatch"

// Limits on a robots.txt file.
const (
	maxRobots      = 500 << 10      // bytes that are read, as RFC 9309 asks at least
	maxRobotsRules = 10_000         // rules that are kept
	maxRobotsPath  = 2048           // bytes of one rule
	robotsAge      = 24 * time.Hour // how long a verdict is kept
	maxCrawlDelay  = time.Minute
)

// robots are the rules of one site for us, by RFC 9309. It is immutable.
//
// It is written here because the ready parsers differ from the RFC where it
// matters: which group speaks to us, who wins a tie, percent-encoding, where
// a wildcard is anchored, and what one faulty line does to the rest.
type robots struct {
	rules  []robotsRule
	forbid bool          // everything, for the site could not be asked
	delay  time.Duration // Crawl-delay, which is not in the RFC but is a wish
}

type robotsRule struct {
	pattern string // percent-encoding normalised
	allow   bool
}

// parseRobots reads a file. It never fails: lines that say nothing are
// skipped. Groups that name our token count; only if there is none, those
// for everyone (*).
func parseRobots(data []byte) *robots {
	data = bytes.TrimPrefix(data[:min(len(data), maxRobots)], []byte("\xef\xbb\xbf"))
	var p robotsParser
	for len(data) > 0 {
		end := bytes.IndexAny(data, "\r\n")
		line := data
		if end >= 0 {
			line, data = data[:end], data[end+1:]
		} else {
			data = nil
		}
		p.line(string(line))
	}
	if p.named {
		return &p.ours
	}
	return &p.others
}

type robotsParser struct {
	ours, others robots
	named        bool // a group named us
	toUs, toAll  bool // whom the present group speaks to
	inRules      bool // the present group has rules: the next agent begins another
}

func (p *robotsParser) line(line string) {
	line, _, _ = strings.Cut(line, "#")
	key, value, ok := strings.Cut(line, ":")
	if !ok {
		return
	}
	value = strings.TrimSpace(value)
	switch strings.ToLower(strings.TrimSpace(key)) {
	case "user-agent":
		p.agent(value)
	case "allow":
		p.rule(value, true)
	case "disallow":
		p.rule(value, false)
	case "crawl-delay":
		p.delay(value)
	}
}

func (p *robotsParser) agent(value string) {
	if p.inRules {
		p.toUs, p.toAll, p.inRules = false, false, false
	}
	if value == "*" || strings.HasPrefix(value, "* ") {
		p.toAll = true
		return
	}
	// The token ends where something else than a letter, - or _ stands.
	end := strings.IndexFunc(value, func(r rune) bool {
		return !(r == '-' || r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	})
	if end >= 0 {
		value = value[:end]
	}
	if strings.EqualFold(value, productToken) {
		p.toUs, p.named = true, true
	}
}

func (p *robotsParser) rule(value string, allow bool) {
	p.inRules = true
	if value == "" || len(value) > maxRobotsPath {
		return
	}
	r := robotsRule{pattern: normalEscapes(value), allow: allow}
	if p.toUs && len(p.ours.rules) < maxRobotsRules {
		p.ours.rules = append(p.ours.rules, r)
	}
	if p.toAll && len(p.others.rules) < maxRobotsRules {
		p.others.rules = append(p.others.rules, r)
	}
}

func (p *robotsParser) delay(value string) {
	p.inRules = true
	secs, err := strconv.ParseFloat(value, 64)
	if err != nil || !(secs > 0) {
		return
	}
	d := time.Duration(min(secs, maxCrawlDelay.Seconds()) * float64(time.Second))
	if p.toUs {
		p.ours.delay = d
	}
	if p.toAll {
		p.others.delay = d
	}
}

// allows reports whether an address may be fetched: the longest rule that
// matches decides, allow wins a tie, no rule allows. robots.txt itself is
// always allowed.
func (r *robots) allows(u *url.URL) bool {
	target := u.EscapedPath()
	if target == "" {
		target = "/"
	}
	if target == "/robots.txt" {
		return true
	}
	if r.forbid {
		return false
	}
	if u.RawQuery != "" || u.ForceQuery {
		target += "?" + u.RawQuery
	}
	target = normalEscapes(target)
	best, allow := -1, true
	for _, rule := range r.rules {
		if n := len(rule.pattern); (n > best || n == best && rule.allow) && robotsMatch(rule.pattern, target) {
			best, allow = n, rule.allow
		}
	}
	return allow
}

// robotsMatch matches a pattern, in which * is any text and a last $ the end,
// from the start of the target. It takes at most len(pattern)*len(target)
// steps.
func robotsMatch(pattern, target string) bool {
	anchored := strings.HasSuffix(pattern, "$")
	if anchored {
		pattern = pattern[:len(pattern)-1]
	} else {
		pattern += "*"
	}
	p, t, star, mark := 0, 0, -1, 0
	for t < len(target) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && pattern[p] == target[t]:
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
		if !anchored && p == len(pattern) {
			return true
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// normalEscapes makes the percent-encodings of one text equal: bytes beyond
// ASCII and spaces encoded, hexadecimal digits in upper case, unreserved
// characters plain.
func normalEscapes(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] == '%' || s[i] >= 0x80 || s[i] <= ' ' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		escaped := false
		if c == '%' && i+2 < len(s) {
			if v, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				c, escaped = byte(v), true
				i += 2
			}
		}
		switch {
		case unreserved(c), !escaped && c > ' ' && c < 0x7f:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// robotsFor turns an answer to the request for robots.txt into rules. The
// absence of the file allows all; a server that fails or is too busy to say
// forbids all until it does.
func robotsFor(status int, body []byte) *robots {
	switch {
	case status >= 200 && status < 300:
		return parseRobots(body)
	case status == 429, status >= 500, status < 200:
		return &robots{forbid: true}
	default:
		return &robots{}
	}
}
