package crawler

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// maxAddress is the longest address that is fetched, in bytes.
const maxAddress = 2048

// Canonical returns the form of an address that identifies what stands at
// it: path and query, without host, fragment, session and tracking
// parameters, the parameters sorted. A source thus keeps its listings when it
// moves to another host. What cannot be parsed is returned as it is.
func Canonical(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return canonical(clean(u))
}

// ListingID returns the identity of a listing as it was read: the one that
// must be used wherever a raw listing becomes a stored one, so that
// Page.Seen and Page.Gone name the same.
func ListingID(identity *leak.Identity, r *leak.Raw) string {
	if r.SiteID != "" {
		return identity.Listing(r.Source, r.SiteID, "")
	}
	return identity.Listing(r.Source, "", Canonical(r.URL))
}

// canonical is Canonical of a cleaned address.
func canonical(u *url.URL) string {
	p := u.EscapedPath()
	if p == "" {
		p = "/"
	}
	if u.RawQuery == "" {
		return p
	}
	if strings.IndexByte(u.RawQuery, '&') < 0 {
		return p + "?" + u.RawQuery
	}
	params := strings.Split(u.RawQuery, "&")
	slices.Sort(params)
	return p + "?" + strings.Join(params, "&")
}

// clean returns the address as it is fetched: without fragment, user,
// default port, session and tracking parameters; the order of the others is
// the site's business and stays.
func clean(u *url.URL) *url.URL {
	c := *u
	c.Fragment, c.RawFragment, c.User, c.ForceQuery = "", "", nil, false
	c.Scheme = strings.ToLower(c.Scheme)
	c.Host = strings.ToLower(c.Host)
	if p := c.Port(); p == "80" && c.Scheme == "http" || p == "443" && c.Scheme == "https" {
		c.Host = strings.TrimSuffix(c.Host, ":"+p)
	}
	if c.Path == "" {
		c.Path = "/"
	}
	if i := strings.Index(strings.ToLower(c.Path), ";jsessionid="); i >= 0 {
		c.Path, c.RawPath = c.Path[:i], ""
	}
	if c.RawQuery != "" {
		c.RawQuery = cleanQuery(c.RawQuery)
	}
	return &c
}

func cleanQuery(raw string) string {
	if strings.IndexByte(raw, '&') < 0 {
		if volatileParam(raw) {
			return ""
		}
		return raw
	}
	params := slices.DeleteFunc(strings.Split(raw, "&"), volatileParam)
	return strings.Join(params, "&")
}

// volatile names parameters that identify a visit and not a page, whatever
// their value.
var volatile = map[string]bool{
	"phpsessid": true, "jsessionid": true, "sessionid": true, "session_id": true, "sessid": true,
	"oscsid": true, "zenid": true, "xtcsid": true, "cfid": true, "cftoken": true,
	"gclid": true, "fbclid": true, "msclkid": true, "yclid": true, "_ga": true, "_gl": true,
	"mc_cid": true, "mc_eid": true, "igshid": true, "spm": true, "scm": true,
}

// sessionNames name one only where the value looks like a session.
var sessionNames = map[string]bool{"s": true, "sid": true, "session": true, "sess": true, "token": true}

var sessionValue = regexp.MustCompile(`^[0-9A-Za-z_-]{16,}$`)

func volatileParam(param string) bool {
	name, value, _ := strings.Cut(param, "=")
	if name == "" && value == "" {
		return true
	}
	name = strings.ToLower(name)
	return volatile[name] || strings.HasPrefix(name, "utm_") || strings.HasPrefix(name, "aspsessionid") ||
		sessionNames[name] && sessionValue.MatchString(value)
}

// family returns what addresses of one make have in common: the path with
// its last segment, its long segments and those with digits left out, and the
// names of the parameters. A trap is a family without end.
func family(u *url.URL) string {
	var b strings.Builder
	path := strings.Trim(u.EscapedPath(), "/")
	for path != "" {
		seg, rest, more := strings.Cut(path, "/")
		b.WriteByte('/')
		if !more || len(seg) > 16 || strings.ContainsAny(seg, "0123456789%") {
			b.WriteByte('*')
		} else {
			b.WriteString(seg)
		}
		path = rest
	}
	var names []string
	for param := range strings.SplitSeq(u.RawQuery, "&") {
		if name, _, _ := strings.Cut(param, "="); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		b.WriteByte('?')
		b.WriteString(name)
	}
	return b.String()
}

// storable is the judgement on addresses if Options.Storable is not set: one
// that might hold a number or name of a person is not written to disk, so a
// page behind it is found again only through its list page.
func storable(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	s := u.EscapedPath() + "?" + u.RawQuery
	digits := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			if digits++; digits > 6 {
				return false
			}
		case c == '-' || c == '.' || c == '_' || c == '+': // may join the parts of one number
		case c == '@' || c == '%':
			return false
		default:
			digits = 0
		}
	}
	return true
}
