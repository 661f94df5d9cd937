package crawler

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/leakwatch/leakwatch/crawler/site"
)

// trouble is what a page shows instead of listings.
type trouble struct {
	health Health
	why    string
}

// blockMarks are what walls say: each is enough in a short page without
// listings.
var blockMarks = []string{
	"cf-challenge", "cf_chl_", "challenge-platform", "just a moment...", "ddos-guard", "ddos protection",
	"g-recaptcha", "h-captcha", "hcaptcha.com", "captcha", "verify you are human", "are you a robot",
	"access denied", "you have been blocked", "unusual traffic", "too many requests",
	"人机验证", "安全验证", "滑动验证", "请输入验证码", "访问过于频繁", "访问被拒绝", "您的访问被阻断", "请完成验证",
	"보안문자", "로봇이 아닙니다", "비정상적인 접근", "접근이 차단", "접속이 차단", "자동등록방지",
	"domain has been seized", "this domain is for sale",
}

// judgeStatus turns an answer that is no page into trouble.
func judgeStatus(status int) *trouble {
	switch {
	case status >= 200 && status < 300, status == 304:
		return nil
	case status == 401, status == 407:
		return &trouble{LoggedOut, fmt.Sprintf("the site wants a login (status %d)", status)}
	case status == 403, status == 429, status == 451:
		return &trouble{Blocked, fmt.Sprintf("the site refuses us (status %d)", status)}
	case status == 404, status == 410:
		return &trouble{Blind, fmt.Sprintf("the page is not there (status %d)", status)}
	default:
		return &trouble{Unreachable, fmt.Sprintf("the site fails (status %d)", status)}
	}
}

// judgePage looks for signs that a page is a wall. loggedIn is the text that
// every page shows while logged in, "" if none is configured; empty says that
// nothing was read from the page. A page with listings is no wall, whatever
// words stand on it, unless the login text is missing.
func judgePage(p *site.Page, loggedIn string, empty bool) *trouble {
	html := p.IsHTML()
	if loggedIn != "" && html && !bytes.Contains(p.Body, []byte(loggedIn)) {
		return &trouble{LoggedOut, "the text of logged_in is missing: the login has ended"}
	}
	if !empty || !html {
		return nil
	}
	if hasPasswordField(p) {
		return &trouble{LoggedOut, "the page asks for a password"}
	}
	if len(p.Body) < 128<<10 {
		low := strings.ToLower(string(p.Body))
		for _, mark := range blockMarks {
			if strings.Contains(low, mark) {
				return &trouble{Blocked, "the page looks like a wall: it says " + fmt.Sprintf("%q", mark)}
			}
		}
	}
	return nil
}

func hasPasswordField(p *site.Page) bool {
	if !bytes.Contains(bytes.ToLower(p.Body), []byte("password")) {
		return false
	}
	for n := range p.Root().Descendants() {
		if n.Type != html.ElementNode || n.DataAtom != atom.Input {
			continue
		}
		for _, a := range n.Attr {
			if strings.EqualFold(a.Key, "type") && strings.EqualFold(strings.TrimSpace(a.Val), "password") {
				return true
			}
		}
	}
	return false
}

// blind compares what a crawl got with what the source used to give. It
// returns why its silence must not be trusted, "" if it may.
func blind(m *memory, y *Yield) string {
	usual := m.usual()
	switch {
	case y.Lists == 0:
		return ""
	case y.Rows == 0 && y.Listings == 0 && len(m.History) == 0:
		return "nothing was read: no listing and no link to one was found on the start page"
	case y.Rows == 0 && y.Listings == 0 && usual > 0:
		return fmt.Sprintf("nothing was read where a list page used to show %.0f", usual)
	case y.Rows == 0 && y.Listings == 0:
		return "nothing was read, as in the crawls before"
	case usual >= 5 && y.perList() < usual/10:
		return fmt.Sprintf("a list page shows %.1f where it used to show %.0f", y.perList(), usual)
	case y.Details >= 3 && y.Empty == y.Details:
		return fmt.Sprintf("none of %d detail pages could be read: their layout has changed", y.Details)
	}
	return ""
}
