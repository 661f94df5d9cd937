package contact

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/latin"
	"github.com/leakwatch/leakwatch/detect/internal/starts"
	"github.com/leakwatch/leakwatch/leak"
)

// mail reads the address at j.
func (r *reader) mail(c cue, j int) int {
	at := j
	for at < len(r.s) && at-j <= 64 && (isHandleByte(r.s[at]) || strings.IndexByte(".+-%", r.s[at]) >= 0) {
		at++
	}
	if at == j || !hasAt(r.s, at, "@") {
		if stop := r.hiddenMail(j, at, true); at > j && stop > j {
			return stop
		}
		return -1
	}
	end := at + 1
	for end < len(r.s) && end-at <= 253 && (isAlnum(r.s[end]) || r.s[end] == '.' || r.s[end] == '-') {
		end++
	}
	for end > at && (r.s[end-1] == '.' || r.s[end-1] == '-') {
		end--
	}
	dot := strings.LastIndexByte(r.s[at:end], '.')
	if dot <= 1 || end-at-dot < 3 || !isLetter(r.s[at+dot+1]) {
		return -1
	}
	kind := c.kind
	if kind != leak.XMPP {
		kind = leak.EmailContact
	}
	if host := r.s[at+1 : end]; strings.Contains(host, "jabber") || strings.Contains(host, "xmpp") {
		kind = leak.XMPP
	}
	r.add(kind, j, end, true, false)
	return end
}

// askedAddress reads the e-mail address around the @ at i, if the words before
// it ask to be written to.
func (r *reader) askedAddress(i, end int) int {
	start := i
	for start > 0 && i-start < 64 && (isHandleByte(r.s[start-1]) || strings.IndexByte(".+-", r.s[start-1]) >= 0) {
		start--
	}
	stop := addressEnd(r.s, end)
	if r.warned(start, end) || r.taken(start) {
		return stop
	}
	if messengerHost.At(r.s, i+1) > 0 || jabberBehind.At(r.s, stop) > 0 {
		r.mail(cue{kind: leak.XMPP}, start)
	} else if r.asked(start) || r.askedMail(start, stop) || r.joined(start, stop) {
		r.mail(cue{kind: leak.EmailContact}, start)
	}
	return stop
}

// taken reports whether a contact that is known already reaches beyond i.
func (r *reader) taken(i int) bool {
	n := len(r.hits)
	return n > 0 && r.hits[n-1].end > i
}

// joined reports whether the address [start, end) stands beside another contact
// as a second way to the same person: "… 或 tg @x", "@x, backup …".
func (r *reader) joined(start, end int) bool {
	if h := r.lastHit(start); h != nil && joinWords.Value(strings.Trim(r.s[h.end:start], " :,()->")) {
		return true
	}
	k := skipSpaces(r.s, end)
	w := orWords.At(r.s, k)
	if w == 0 {
		return false
	}
	k = skipSpaces(r.s, k+w)
	return r.cueAt(k) || hasAt(r.s, k, "@")
}

// orWords stand before a second way to the same person.
var orWords = starts.New("或者", "或", "/", "or ", "|", "、", "也可", "and ", "또는", "및", "이나")

// addressEnd skips the rest of an e-mail address.
func addressEnd(s string, i int) int {
	for i < len(s) && (isHandleByte(s[i]) || s[i] == '.' || s[i] == '-') {
		i++
	}
	return i
}

// joinWords stand between two contacts of one person.
var joinWords = latin.Set(`/ | 或 或者 or and & 、 + backup mirror alt alternative 备用 备用邮箱 또는 및 백업 备 也可 second`)

// messengerHost are servers of XMPP whose names do not say so.
var messengerHost = starts.New("exploit.im", "thesecure.biz", "jabb.im", "jabb3r", "jabber.", "xmpp.", "draugr.de", "chatme.im", "creep.im", "yax.im", "conversations.im", "dukgo.com")

// jabberBehind stand behind the address of an XMPP account.
var jabberBehind = starts.New(" (jabber", " (xmpp", "(jabber", "(xmpp", " on jabber", " on xmpp", " via xmpp")

// askedMail reports whether words in the clause before the address [start, end),
// or right behind it, ask for mail.
func (r *reader) askedMail(start, end int) bool {
	b := r.s[max(0, start-48):start]
	if k := strings.LastIndexAny(b, ";!?\n"); k >= 0 {
		b = b[k+1:]
	}
	if k := strings.LastIndex(b, "。"); k >= 0 {
		b = b[k+len("。"):]
	}
	return mailWords.In(b) || hasWordBefore(r.s, start, sendTo) || mailBehind.At(r.s, end) > 0
}

var (
	mailWords  = starts.NewSearch("寄信", "写信", "来信", "发信", "发邮件", "邮件", "邮箱", "邮寄", "询价", "索取", "站内信", "私信", "메일", "이메일", "문의는", "연락은", "mailto", "proton", "protonmail", "tuta", "tutanota", "e-mail", "email", " mail ", "mail:", "orders", "order:", "inquir", "enquir", "quotes:", "write to", "write me", "reach me", "reach us", "contact", "dm or", "pgp")
	mailBehind = starts.New(" only", " for orders", " for a quote", " for price", " if you", " 로 문의", "로 문의", "로 연락", " 로 연락", "으로 문의", "으로 연락", " 으로 문의", " 으로 연락", "로 메일", " 로 메일", " 메일", " 联系", " 非诚", " 询价", "联系", " (pgp", ", pgp", " pgp")
)

// bracketNear reports whether a bracket, or more of a name, stands at i or behind
// a space there, as in every address whose @ is written in brackets.
func bracketNear(s string, i int) bool {
	if i < len(s) && s[i] == ' ' {
		i++
	}
	return i < len(s) && strings.IndexByte("([{._-", s[i]) >= 0
}

// nameEnd returns the end of the name of an address at i, if it is short.
func nameEnd(s string, i int) int {
	for n := 0; n <= maxName && i < len(s) && (isHandleByte(s[i]) || s[i] == '.' || s[i] == '-'); n++ {
		i++
	}
	return i
}

const maxName = 40

// hiddenMail reads an address with the name [i, end) whose signs are written as
// words, "brick [at] proton [dot] me", and returns its end, i if there is none.
// In brackets the words speak for themselves, else a cue must stand before.
func (r *reader) hiddenMail(i, end int, cued bool) int {
	at := hiddenAts.At(r.s, end)
	if at == 0 && cued && hasAt(r.s, end, " at ") {
		at = len(" at ")
	}
	if at == 0 || end-i > maxName {
		return i
	}
	value := r.original(i, end) + "@"
	k := end + at
	for n := 0; n < 4; n++ {
		stop := handleEnd(r.s, k, "-")
		if stop == k {
			return i
		}
		value += r.original(k, stop)
		k = stop
		dot := hiddenDots.At(r.s, k)
		if dot == 0 {
			break
		}
		value, k = value+".", k+dot
	}
	if d := strings.LastIndexByte(value, '.'); d < strings.IndexByte(value, '@')+2 || len(value)-d < 3 {
		return i
	}
	r.addValue(leak.EmailContact, i, k, value)
	return k
}

var (
	hiddenAts  = starts.New(" [at] ", " (at) ", "[at]", "(at)", " {at} ", "{at}", "(@)", "[@]", " (@) ", " [@] ")
	hiddenDots = starts.New(" [dot] ", " (dot) ", "[dot]", "(dot)", " {dot} ", "{dot}", " dot ", "(.)", "[.]", ".")
)
