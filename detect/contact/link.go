package contact

import (
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/ends"
	"github.com/leakwatch/leakwatch/detect/internal/latin"
	"github.com/leakwatch/leakwatch/detect/internal/starts"
	"github.com/leakwatch/leakwatch/leak"
)

// mayLink reports whether link may find something at the token [i, end).
func mayLink(s string, i, end int) bool {
	if end == len(s) {
		return false
	}
	switch s[end] {
	case '.':
		return true
	case ':', '[':
		return s[i] == 'h' || s[i] == 't' // a scheme
	}
	return s[i] == 't'
}

// link reads a link that begins with the token [i, end) and returns the offset
// after it, i if there is none.
func (r *reader) link(i, end int) int {
	s := r.s
	switch s[i] {
	case 'h':
		if n := schemes.At(s, i); n > 0 {
			return r.url(i, i+n)
		}
	case 't':
		if hasAt(s, i, "tg://") {
			return r.tgScheme(i)
		}
	}
	if end == len(s) {
		return i
	}
	switch c := s[end]; {
	case c == '.':
		if host, path := knownHost(s, i); host != "" {
			return r.knownLink(host, i, path)
		}
		if next := r.onion(i, end); next > i {
			return next
		}
		return r.subdomain(i, end)
	case s[i] != 't': // of no other way to write t.me
	case strings.IndexByte(" ([,/", c) >= 0 || hasAt(s, end, "。") || hasAt(s, end, "点"):
		if path := spokenHost(s, i); path > 0 {
			return r.knownLink("t.me", i, path)
		}
	}
	return i
}

// schemes make a link.
var schemes = starts.New("https://", "http://", "hxxps://", "hxxp://", "hxxps[:]//", "hxxp[:]//")

// knownHosts are the hosts that belong to a channel.
var knownHosts = starts.New("t.me", "telegram.me", "telegram.dog", "telesco.pe", "wa.me", "api.whatsapp.com", "chat.whatsapp.com", "line.me", "lin.ee",
	"open.kakao.com", "pf.kakao.com", "pt.im", "discord.gg", "discord.com", "discordapp.com", "signal.me", "signal.group")

// knownHost returns the host of knownHosts at i and the offset of the path
// behind it; spaces and a Chinese full stop may stand for its dot.
func knownHost(s string, i int) (string, int) {
	if n := knownHosts.At(s, i); n > 0 && hasAt(s, i+n, "/") {
		return s[i : i+n], i + n + 1
	}
	if p := spokenHost(s, i); p > 0 {
		return "t.me", p
	}
	return "", 0
}

// spokenHost reads t.me with other signs or words for its marks at i ("t dot me
// slash", "t[.]me/", "tme/", "telegram dot me /") and returns the offset of the
// path behind it, 0 if it is not there.
func spokenHost(s string, i int) int {
	if s[i] != 't' {
		return 0
	}
	end := alnumEnd(s, i)
	switch s[i:end] {
	case "tme":
		if hasAt(s, end, "/") && end+1 < len(s) && isLetter(s[end+1]) {
			return end + 1
		}
		return 0
	case "t", "telegram":
	default:
		return 0
	}
	j := skipSpaces(s, end)
	w := spokenDots.At(s, j)
	k := skipSpaces(s, j+w)
	if w == 0 || !hasAt(s, k, "me") || k+2 < len(s) && isAlnum(s[k+2]) {
		return 0
	}
	k = skipSpaces(s, k+2)
	if w = spokenSlashes.At(s, k); w == 0 {
		return 0
	}
	return skipSpaces(s, k+w)
}

// The marks of a host and of what stands behind it, and the words for them.
var (
	spokenDots    = starts.New(".", "。", "点", "·", "(.)", "[.]", "(dot)", "[dot]", "dot ", ",")
	spokenSlashes = starts.New("/", "(/)", "[/]", "slash ", "斜杠", "(slash)")
)

// url reads a link with a scheme at i, whose host begins at h.
func (r *reader) url(i, h int) int {
	end := urlEnd(r.s, h)
	host := r.s[h:hostEnd(r.s, h, end)]
	if host == "" {
		return max(end, h)
	}
	if k, path := knownHost(r.s, h); k != "" {
		return max(r.knownLink(k, h, path), h)
	}
	if strings.HasPrefix(host, "www.") {
		if k, path := knownHost(r.s, h+4); k != "" {
			return max(r.knownLink(k, h+4, path), h)
		}
	}
	label := strings.IndexByte(host, '.')
	switch {
	case strings.HasSuffix(host, ".onion"):
		r.add(leak.Onion, h, h+len(host), true, false)
	case strings.HasSuffix(host, ".t.me") && label == len(host)-5:
		r.add(leak.Telegram, h, h+label, true, false)
	case label <= 0 || isFile(r.s[h:end]):
	default:
		cue := hasWordBefore(r.s, i, urlCues)
		r.add(leak.URLContact, i, end, cue, !cue)
	}
	return end
}

// urlCues announce the seller's own site.
var urlCues = newEndings("官网", "网址", "网站", "链接", "店铺", "商城", "发卡", "下单", "地址", "购买", "站点", "客服在", "提货", "网页", "店", "店铺在", "走", "shop", "store", "site", "link",
	"order", "market", "order at", "orders at", "buy at", "store at", "here", "checkout", "구매", "사이트", "링크", "주소", "홈페이지")

// hasWordBefore reports whether one of list ends before i, with punctuation
// between.
func hasWordBefore(s string, i int, list *ends.Words) bool {
	b := strings.TrimRight(s[max(0, i-32):i], " :=>-([~|*")
	return list.In(b)
}

// isFile reports whether a link leads to a picture or a part of a page.
func isFile(u string) bool {
	if k := strings.IndexAny(u, "?#"); k >= 0 {
		u = u[:k]
	}
	for _, ext := range []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".css", ".js", ".ico", ".mp4"} {
		if strings.HasSuffix(u, ext) {
			return true
		}
	}
	return false
}

// urlEnd returns the end of a link: at a space, a quote, a bracket or a
// character outside ASCII.
func urlEnd(s string, i int) int {
	end := i
	for end < len(s) && end-i < 2048 && s[end] > ' ' && s[end] < utf8.RuneSelf && !strings.ContainsRune("<>\"'`|\\{}^", rune(s[end])) {
		end++
	}
	for end > i && strings.IndexByte(".,;:!?)]*_~", s[end-1]) >= 0 {
		end--
	}
	return end
}

func hostEnd(s string, i, end int) int {
	for k := i; k < end; k++ {
		if c := s[k]; c == '/' || c == '?' || c == '#' || c == ':' {
			return k
		}
	}
	return end
}

// knownLink reads the path at p of a link to a known host that begins at i.
func (r *reader) knownLink(host string, i, p int) int {
	end := max(urlEnd(r.s, p), p)
	if r.others(i) {
		return end
	}
	switch host {
	case "t.me", "telegram.me", "telegram.dog", "telesco.pe":
		r.telegramPath(p, end)
	case "wa.me":
		r.pathValue(leak.WhatsApp, p, end)
	case "api.whatsapp.com":
		if k := strings.Index(r.s[p:end], "phone="); k >= 0 {
			r.pathValue(leak.WhatsApp, p+k+len("phone="), end)
		}
	case "chat.whatsapp.com":
		r.pathValue(leak.WhatsApp, p, end)
	case "line.me", "lin.ee":
		r.linePath(host, p, end)
	case "open.kakao.com":
		if k := strings.LastIndexByte(r.s[p:end], '/'); k >= 0 {
			p += k + 1
		}
		r.pathValue(leak.KakaoTalk, p, end)
	case "pf.kakao.com":
		r.pathValue(leak.KakaoTalk, p, end)
	case "pt.im":
		r.pathValue(leak.Potato, p, end)
	case "discord.gg":
		r.pathValue(leak.Discord, p, end)
	case "discord.com", "discordapp.com":
		for _, w := range []string{"invite/", "users/"} {
			if hasAt(r.s, p, w) {
				r.pathValue(leak.Discord, p+len(w), end)
			}
		}
	case "signal.me", "signal.group":
		if k := strings.LastIndexByte(r.s[p:end], '/'); k >= 0 {
			p += k + 1
		}
		r.pathValue(leak.Signal, p, end)
	}
	return end
}

// pathValue keeps the first segment of the path [p, end).
func (r *reader) pathValue(kind leak.ContactKind, p, end int) {
	k := p
	for k < end && (isHandleByte(r.s[k]) || r.s[k] == '-' || r.s[k] == '+' || r.s[k] == '.') {
		k++
	}
	if k-p >= 3 {
		r.add(kind, p, k, true, false)
	}
}

func (r *reader) linePath(host string, p, end int) {
	if host == "lin.ee" {
		r.pathValue(leak.Line, p, end)
		return
	}
	if k := strings.LastIndexAny(r.s[p:end], "~@"); k >= 0 {
		r.pathValue(leak.Line, p+k+1, end)
	} else if k := strings.LastIndexByte(r.s[p:end], '/'); k >= 0 {
		r.pathValue(leak.Line, p+k+1, end)
	}
}

// reservedPaths of t.me lead to functions of the program, not to people.
// Source: core.telegram.org/api/links.
var reservedPaths = latin.Set(`joinchat addlist proxy share addstickers addemoji addtheme socks iv login confirmphone setlanguage
	bg invoice giftcode boost m contact c s a nft call stickers msg_url resolve settings premium_offer`)

// telegramPath reads the path [p, end) of a t.me link.
func (r *reader) telegramPath(p, end int) {
	s := r.s
	if hasAt(s, p, "s/") || hasAt(s, p, "a/") {
		p += 2 // the preview of a channel
	}
	if hasAt(s, p, "@") {
		p++
	}
	for _, w := range []string{"joinchat/", "+", "%2b"} {
		if hasAt(s, p, w) {
			r.invite(p+len(w), end)
			return
		}
	}
	k := handleEnd(s, p, "")
	if v, stop := r.underscored(p, k); stop > k {
		r.addValue(leak.Telegram, p, stop, v)
		return
	}
	if v := s[p:k]; len(v) >= 4 && len(v) <= 32 && isLetter(v[0]) && !reservedPaths.Value(v) {
		r.add(leak.Telegram, p, k, true, false)
	}
}

// invite reads an invitation, or the phone number that may stand in its place.
func (r *reader) invite(p, end int) {
	k := p
	for k < end && (isHandleByte(r.s[k]) || r.s[k] == '-') {
		k++
	}
	switch n := k - p; {
	case n >= 7 && n <= 15 && allDigits(r.s[p:k]):
		r.addValue(leak.Telegram, p, k, "+"+r.s[p:k])
	case n >= 8:
		r.add(leak.TelegramInvite, p, k, true, false)
	}
}

// tgScheme reads tg://resolve?domain=… and tg://join?invite=….
func (r *reader) tgScheme(i int) int {
	end := urlEnd(r.s, i)
	u := r.s[i:end]
	if k := strings.Index(u, "domain="); k >= 0 {
		p := i + k + len("domain=")
		r.telegramPath(p, end)
	} else if k := strings.Index(u, "invite="); k >= 0 {
		r.invite(i+k+len("invite="), end)
	}
	return end
}

// onion reads a bare onion address: 56 characters of base32, or the 16 of the
// retired version.
func (r *reader) onion(i, end int) int {
	n := end - i
	if n != 56 && n != 16 || !hasAt(r.s, end, ".onion") || !isBase32(r.s[i:end]) {
		return i
	}
	end += len(".onion")
	r.add(leak.Onion, i, end, true, false)
	return urlEnd(r.s, i)
}

func isBase32(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isLetter(s[i]) && (s[i] < '2' || s[i] > '7') {
			return false
		}
	}
	return true
}

// subdomain reads name.t.me.
func (r *reader) subdomain(i, end int) int {
	if !hasAt(r.s, end, ".t.me") || end-i < 4 || end-i > 32 || !isLetter(r.s[i]) || r.s[i:end] == "www" {
		return i
	}
	if k := end + len(".t.me"); k < len(r.s) && isAlnum(r.s[k]) {
		return i
	}
	r.add(leak.Telegram, i, end, true, false)
	return urlEnd(r.s, i)
}
