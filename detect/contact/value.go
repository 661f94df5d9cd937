package contact

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
	"github.com/leakwatch/leakwatch/leak"
)

// number reads a QQ, group or ICQ number: 5 to 11 digits, maybe in groups.
func (r *reader) number(c cue, j int, jt joint) int {
	digits, end := groupedDigits(r.s, j, 12)
	if digits == "" || end < len(r.s) && r.s[end] >= utf8.RuneSelf && len(digits) < 5 {
		digits, end = wordDigits(r.s, j)
	}
	low := 5
	if c.kind == leak.QQGroup && !jt.strong {
		low = 6
	}
	if len(digits) < low || len(digits) > 11 || digits[0] == '0' || !r.numberEnds(end) {
		return -1
	}
	if c.weak && !jt.strong && len(digits) < 6 || jt.lines > 0 && !jt.strong {
		return -1
	}
	r.addValue(c.kind, j, end, digits)
	return end
}

// numberEnds reports whether a number that ends at i is neither counted nor
// money nor part of a longer token.
func (r *reader) numberEnds(i int) bool {
	if i >= len(r.s) {
		return true
	}
	if c := r.s[i]; isAlnum(c) || c == '@' || c == '%' || c == '*' || c == '_' || c == '.' && i+1 < len(r.s) && isDigit(r.s[i+1]) {
		return false
	}
	k := skipSpaces(r.s, i)
	if hasAt(r.s, k, "/") {
		next := skipSpaces(r.s, k+1)
		return k+1 == len(r.s) || isDigit(r.s[next%len(r.s)]) || r.cueAt(next)
	}
	return counters.At(r.s, k) == 0
}

// counters stand behind a number that counts things or money.
var counters = starts.New("张", "条", "套", "份", "个", "元", "块", "万", "千", "人", "名", "组", "斤", "公斤", "usd", "원", "장", "건", "개", "명", "만", "粒", "u ")

// cueAt reports whether a cue begins at i.
func (r *reader) cueAt(i int) bool {
	if i >= len(r.s) {
		return false
	}
	if isAlnum(r.s[i]) {
		return isLatinCue(r.s[i:letterEnd(r.s, i)])
	}
	c, _ := utf8.DecodeRuneInString(r.s[i:])
	return wideCueAt(r.s, i, c) != nil
}

// groupedDigits reads digits at j, up to limit, with single spaces, dots or
// hyphens between groups, and returns them alone.
func groupedDigits(s string, j, limit int) (string, int) {
	end := j
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	if end-j >= 5 || end == j || end-j > limit {
		return s[j:end], end
	}
	digits := []byte(s[j:end])
	for len(digits) <= limit {
		k := end
		for k < len(s) && (s[k] == ' ' || s[k] == '-' || s[k] == '.') && k-end < 2 {
			k++
		}
		n := k
		for n < len(s) && isDigit(s[n]) {
			n++
		}
		if k == end || n == k || len(digits)+n-k > limit || n < len(s) && isAlnum(s[n]) {
			break
		}
		digits, end = append(digits, s[k:n]...), n
	}
	return string(digits), end
}

// wordDigits reads a number in Chinese numerals, digit by digit, of which some
// may be plain.
func wordDigits(s string, j int) (string, int) {
	if out, end := mixedDigits(s, j); out != "" {
		return out, end
	}
	return "0", j
}

// mixedDigits reads digits of which at least one is a Chinese numeral; it
// returns "" if there are none.
func mixedDigits(s string, j int) (string, int) {
	var out []byte
	numerals := 0
	for j < len(s) && len(out) <= 12 {
		c, w := utf8.DecodeRuneInString(s[j:])
		d, ok := hanDigits[c]
		if isDigit(s[j]) {
			d, ok = s[j]-'0', true
		} else if ok {
			numerals++
		}
		if !ok {
			break
		}
		out, j = append(out, '0'+d), j+w
	}
	if numerals == 0 {
		return "", j
	}
	return string(out), j
}

var hanDigits = map[rune]byte{'〇': 0, '零': 0, '一': 1, '壹': 1, '二': 2, '贰': 2, '三': 3, '叁': 3, '四': 4, '肆': 4, '五': 5, '伍': 5, '六': 6, '陆': 6,
	'七': 7, '柒': 7, '八': 8, '捌': 8, '九': 9, '玖': 9}

// discord reads a name with or without discriminator, or a numeric id.
func (r *reader) discord(c cue, j int, jt joint) int {
	end := handleEnd(r.s, j, ".")
	if n := end - j; n >= 17 && n <= 19 && allDigits(r.s[j:end]) {
		r.add(c.kind, j, end, true, false)
		return end
	}
	if end-j >= 2 && end+4 < len(r.s) && r.s[end] == '#' && allDigits(r.s[end+1:end+5]) {
		r.add(c.kind, j, end+5, true, false)
		return end + 5
	}
	return r.handle(c, j, jt)
}

// A form is what a handle of a kind looks like.
type form struct {
	low, high   int
	extra       string // characters besides letters, digits and _
	letterFirst bool
	digits      int // least length of a handle of digits only, 0 if there are none
}

func formOf(kind leak.ContactKind) form {
	switch kind {
	case leak.Telegram:
		return form{5, 32, "", true, 0}
	case leak.WeChat:
		return form{5, 20, "-", false, 6}
	case leak.KakaoTalk, leak.Line:
		return form{4, 24, ".-", false, 5}
	case leak.Signal:
		return form{3, 35, ".", true, 0}
	case leak.Wickr, leak.Discord:
		return form{3, 32, ".-", false, 0}
	}
	return form{4, 24, "-", false, 5} // bat, potato
}

// handle reads a handle of the kind of c.
func (r *reader) handle(c cue, j int, jt joint) int {
	fm := formOf(c.kind)
	if r.s[j] == '+' && (c.kind == leak.Telegram || c.kind == leak.Signal || c.kind == leak.WeChat || c.kind == leak.Line) {
		return r.phoneHandle(c, j, jt)
	}
	if v, end := spelled(r.s, j); end > 0 && len(v) >= max(fm.low, 5) && len(v) <= fm.high {
		if stopValues.Value(v) {
			return -1
		}
		r.addValue(c.kind, j, end, r.spelledOriginal(j, end))
		return end
	}
	if c.kind == leak.WeChat && r.s[j] >= utf8.RuneSelf {
		return r.wordPhone(c.kind, j)
	}
	end := handleEnd(r.s, j, fm.extra)
	v := r.s[j:end]
	if whole, stop := r.underscored(j, end); stop > end {
		r.addValue(c.kind, j, stop, whole)
		return stop
	}
	if fm.digits > 0 && end < len(r.s) && r.s[end] >= utf8.RuneSelf && allDigits(v) {
		if d, stop := mixedDigits(r.s, j); len(d) >= fm.digits && len(d) <= 11 && r.numberEnds(stop) {
			r.addValue(c.kind, j, stop, d)
			return stop
		}
	}
	low := fm.low
	if jt.at && low > 4 {
		low--
	}
	if len(v) < low || len(v) > fm.high || fm.letterFirst && !isLetter(v[0]) || strings.Trim(v, "_-.") == "" {
		return -1
	}
	if strings.IndexByte(v, '.') >= 0 && allDigits(strings.ReplaceAll(v, ".", "")) {
		return -1 // an amount
	}
	if allDigits(v) && (fm.digits == 0 || len(v) < fm.digits || len(v) > 11 || !r.numberEnds(end)) {
		return -1
	}
	if !r.acceptable(c, v, end, jt) {
		return -1
	}
	r.add(c.kind, j, end, true, false)
	return end
}

// acceptable reports whether the word v behind the cue c is meant as a handle.
func (r *reader) acceptable(c cue, v string, end int, jt joint) bool {
	if end < len(r.s) && (r.s[end] == '@' || r.s[end] == '.' && end+1 < len(r.s) && isLetter(r.s[end+1]) && c.kind != leak.Signal) {
		return false // an address or a domain
	}
	if hasAt(r.s, end, "'") && end+1 < len(r.s) && isLetter(r.s[end+1]) {
		return false // whoever's
	}
	if hasAt(r.s, end, "://") || hasAt(r.s, end, "/") && strings.Contains(v, ".") || stopValues.Value(v) || isLatinCue(v) || r.disguised(end-len(v), end) {
		return false
	}
	if strings.IndexByte(v, '-') > 0 && hyphened(v) || hasAt(r.s, end, "?") && !jt.strong && !handleLike(v) {
		return false // real-name; "wechat blocked?"
	}
	like := handleLike(v)
	if jt.comma && !like {
		return false // "LINE, Taiwan, verified"
	}
	if jt.at || jt.strong && (like || !c.weak || !r.moreWords(end)) {
		return true
	}
	if c.weak {
		return like && (isLetter(v[0]) && len(v) >= 6 || allDigits(v) && len(v) >= 8)
	}
	if like {
		return jt.lines == 0 || !r.moreWords(end)
	}
	return jt.lines == 0 && !r.moreWords(end)
}

// hyphened reports whether v is a compound of words of which one is none of a
// handle: real-name.
func hyphened(v string) bool {
	for part := range strings.SplitSeq(v, "-") {
		if stopValues.Value(part) {
			return true
		}
	}
	return false
}

// moreWords reports whether a sentence goes on in Latin letters after i.
func (r *reader) moreWords(i int) bool {
	k := skipSpaces(r.s, i)
	return k > i && k < len(r.s) && isLetter(r.s[k]) && !isLatinCue(r.s[k:letterEnd(r.s, k)])
}

// handleLike reports whether v can hardly be an ordinary word.
func handleLike(v string) bool {
	for i := 0; i < len(v); i++ {
		if isDigit(v[i]) || v[i] == '_' {
			return true
		}
	}
	return false
}

// handleEnd returns the end of the handle at j.
func handleEnd(s string, j int, extra string) int {
	end := j
	for end < len(s) && (isHandleByte(s[end]) || strings.IndexByte(extra, s[end]) >= 0) {
		end++
	}
	for end > j && (s[end-1] == '.' || s[end-1] == '-') {
		end--
	}
	return end
}

// handleStart returns the start of the handle that ends at end, of which extra
// are the characters besides letters, digits and _.
func handleStart(s string, end int, extra string) int {
	start := end
	for start > 0 && end-start < maxHandle && (isHandleByte(s[start-1]) || strings.IndexByte(extra, s[start-1]) >= 0) {
		start--
	}
	return start
}

// maxHandle bounds how far a handle is read back from its end.
const maxHandle = 33

// valueBefore reads "abc123 (微信)" and "138… 微信同号": the last value before
// the cues counts for them too; same says that they say so.
func (r *reader) valueBefore(cues []cue, i, j int, same bool) int {
	h := r.lastHit(i)
	if h == nil && same {
		h = r.hitAbove(i)
	}
	if h != nil {
		r.sameAs(*h, cues)
		return j
	}
	end := i
	for end > 0 && (r.s[end-1] == ' ' || r.s[end-1] == '(' || r.s[end-1] == ',' || r.s[end-1] == '[') {
		end--
	}
	start := handleStart(r.s, end, "")
	if end-start < 5 || !handleLike(r.s[start:end]) {
		return i
	}
	if v := r.s[start:end]; same && len(v) == 11 && allDigits(v) && v[0] == '1' && plausiblePhone(v) {
		r.add(leak.PhoneContact, start, end, true, false) // a phone number said to be the WeChat too
	}
	for _, c := range cues {
		if fits(c.kind, r.s[start:end]) {
			r.add(c.kind, start, end, true, false)
		}
	}
	return j
}

// fits reports whether v can be a value of the kind.
func fits(kind leak.ContactKind, v string) bool {
	fm := formOf(kind)
	switch kind {
	case leak.QQ, leak.QQGroup, leak.ICQ:
		return allDigits(v) && len(v) >= 5 && len(v) <= 11
	case leak.PhoneContact, leak.WhatsApp:
		return v != "" && plausiblePhone(strings.Map(phoneRune, v))
	case leak.EmailContact, leak.XMPP:
		return strings.Contains(v, "@")
	}
	return v != "" && len(v) >= fm.low-1 && len(v) <= fm.high && (!fm.letterFirst || isLetter(v[0]))
}

func phoneRune(r rune) rune {
	if r >= '0' && r <= '9' || r == '+' {
		return r
	}
	return -1
}

// lastHit returns the contact that ends shortly before i on the same line.
func (r *reader) lastHit(i int) *hit {
	if len(r.hits) == 0 {
		return nil
	}
	h := &r.hits[len(r.hits)-1]
	if h.end > i || i-h.end > 24 || strings.Contains(r.s[h.end:i], "\n") {
		return nil
	}
	return h
}

// hitAbove returns the contact that ends the line above the one that begins at i.
func (r *reader) hitAbove(i int) *hit {
	if len(r.hits) == 0 {
		return nil
	}
	h := &r.hits[len(r.hits)-1]
	if h.end > i || i-h.end > 8 || strings.TrimSpace(r.s[h.end:i]) != "" {
		return nil
	}
	return h
}

// inParens reports whether the cue at [i, j) stands alone in parentheses.
func (r *reader) inParens(i, j int) bool {
	return i > 0 && (r.s[i-1] == '(' || r.s[i-1] == '[') && j < len(r.s) && (r.s[j] == ')' || r.s[j] == ']')
}

// original returns what [start, end) of the folded text was before its case
// was folded.
func (r *reader) original(start, end int) string {
	s, e := r.f.Source(start, end)
	o := r.f.Original[s:e]
	if len(o) == end-start && isASCII(o) {
		return o
	}
	var b strings.Builder
	for k := start; k < end; {
		_, w := utf8.DecodeRuneInString(r.s[k:])
		s, e := r.f.Source(k, k+w)
		b.WriteString(unfold(r.s[k:k+w], r.f.Original[s:e]))
		k += w
	}
	return b.String()
}

// unfold returns folded in the case that orig has.
func unfold(folded, orig string) string {
	if len(folded) != 1 || !isLetter(folded[0]) {
		return folded
	}
	for _, c := range norm.NFKC.String(orig) {
		if c < utf8.RuneSelf && byte(c)|0x20 == folded[0] {
			return string(c)
		}
	}
	return folded
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
