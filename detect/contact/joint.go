package contact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
	"github.com/leakwatch/leakwatch/leak"
)

// A joint is what stands between a cue and its value.
type joint struct {
	strong bool // it says that a value follows
	at     bool // it ends with @
	same   bool // it says that the value is that of another channel
	phone  bool // it says that the value is a phone number too
	group  bool // it says that the value is a group
	tight  bool // there is nothing between
	comma  bool // there is a comma between
	lines  int  // line breaks
}

// Channels that one value may serve at once, and values behind one cue.
const (
	maxKinds  = 4
	maxValues = 4
)

// cue reads what follows the cue c at [i, j) and returns the offset after what
// it used, i if it found nothing.
func (r *reader) cue(c cue, i, j int) int {
	if r.signsLast(c, i) {
		return j
	}
	c.weak = c.weak && !r.shouted(i, j)
	var room [maxKinds]cue
	cues := append(room[:0], c)
	for len(cues) < maxKinds {
		next, end := r.joinedCue(j)
		if end < 0 {
			break
		}
		cues, j = append(cues, next), end
	}
	cues = withoutGeneric(cues)
	if r.before(cues, i) {
		return j
	}
	at, jt := r.joint(j)
	if jt.phone && len(cues) < maxKinds {
		cues = append(cues, cue{kind: leak.PhoneContact})
	}
	found := false
	start := len(r.hits)
	for _, c := range cues {
		end := r.values(c, at, jt)
		if end > at && !found {
			j, found = end, true
		}
	}
	if found {
		if r.warned(i, j) {
			r.hits = r.hits[:start]
		}
		return j
	}
	if r.signedBefore(cues, i) {
		return j
	}
	jt.same = jt.same || sameBefore.In(r.s[max(0, i-12):i])
	if jt.same || r.inParens(i, j) {
		if next := r.valueBefore(cues, i, j, jt.same); next > i {
			return next
		}
	}
	if r.koreanBefore(cues, i) {
		return j
	}
	return i
}

// signsLast reports whether the cue c at i is an emoji behind a value of its own
// kind, which it names: "@abc_77 ✈".
func (r *reader) signsLast(c cue, i int) bool {
	if n := first(r.s[i:]); n < 0x2700 || n > 0x27BF && n < 0x1F000 {
		return false
	}
	end := len(strings.TrimRight(r.s[:i], " "))
	for k := range r.hits {
		if h := &r.hits[k]; h.end == end && h.kind == c.kind {
			h.cue, h.doubtful = true, false
			return true
		}
	}
	return false
}

// sameBefore stand between a value and a further channel that it is for.
var sameBefore = newEndings("同", "就是", "也是", "即是", "即", "兼", "就是我的", "也是我的")

// withoutGeneric drops the words that only say "contact" where another cue
// names the channel: 联系QQ.
func withoutGeneric(cues []cue) []cue {
	if len(cues) == 1 {
		return cues
	}
	if !slices.ContainsFunc(cues, func(c cue) bool { return !c.generic() }) {
		return cues[:1]
	}
	return slices.DeleteFunc(cues, cue.generic)
}

// generic reports whether a cue names no channel.
func (c cue) generic() bool {
	return c.word == "加" || c.kind == leak.PhoneContact && (c.weak && !strings.HasPrefix(c.word, "手机") || c.word == "联系方式" || c.word == "연락처")
}

// shouted reports whether the Latin cue [i, j) is written in capitals, as the
// name of a messenger is and an ordinary word is not: LINE.
func (r *reader) shouted(i, j int) bool {
	if j-i < 3 || !isLetter(r.s[i]) {
		return false
	}
	for _, c := range []byte(r.original(i, j)) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// joiners stand between two cues for one value.
var joiners = starts.New("同", "·", "ㆍ", "/", "&", "、", "和", "+", "|", ",", "或", "或者", "兼", "or ", "and ")

// joinedCue reads "/微信" behind a cue.
func (r *reader) joinedCue(j int) (cue, int) {
	k := skipSpaces(r.s, j)
	if w := joiners.At(r.s, k); w > 0 {
		k = skipSpaces(r.s, k+w)
	}
	if k >= len(r.s) {
		return cue{}, -1
	}
	if isAlnum(r.s[k]) {
		end := letterEnd(r.s, k)
		c := latinCueOf(r.s[k:end])
		if c == nil || c.weak && k == j || end < len(r.s) && (isHandleByte(r.s[end]) || r.s[end] == '.' || r.s[end] == '-' && end+1 < len(r.s) && isAlnum(r.s[end+1])) {
			return cue{}, -1
		}
		return *c, end
	}
	c, _ := utf8.DecodeRuneInString(r.s[k:])
	cs := wideCues.Of(c)
	for n := range cs {
		if w := &cs[n]; hasAt(r.s, k, w.word) && !(w.weak && k == j) {
			return *w, k + len(w.word)
		}
	}
	return cue{}, -1
}

// maxJoint is how many steps a joint may take.
const maxJoint = 10

// joint skips what joins a cue that ends at j to its value.
func (r *reader) joint(j int) (int, joint) {
	jt := joint{tight: true}
	start := j
	for n := 0; n < maxJoint && j < len(r.s); n++ {
		next := r.jointStep(j, &jt)
		if next < 0 {
			break
		}
		j = next
	}
	jt.tight = j == start
	return j, jt
}

// jointStep skips one part of a joint at j, -1 if a value or another word
// stands there.
func (r *reader) jointStep(j int, jt *joint) int {
	s := r.s
	if w := same.At(s, j); w > 0 && !jt.same && !glued(s, j, w) {
		jt.same, jt.phone = true, hasAt(s, j, "同手机") || hasAt(s, j, "同电话") || hasAt(s, j, "同一个")
		return j + w
	}
	if w := strongGlue.At(s, j); w > 0 && !glued(s, j, w) {
		jt.strong, jt.at = true, s[j] == '@'
		return j + w
	}
	if hasAt(s, j, "群") {
		jt.group = true
	}
	if w := softGlue.At(s, j); w > 0 && !glued(s, j, w) {
		return j + w
	}
	if w := titled(s, j); w > 0 {
		return j + w
	}
	c, w := utf8.DecodeRuneInString(s[j:])
	switch {
	case c == '\n':
		jt.lines++
		if jt.lines > 1 {
			return -1
		}
		return j + w
	case c == ',':
		jt.comma = true
		return j + w
	case c == '+' || c == '_':
		return -1
	case c == 'ㅡ':
		return j + w
	case unicode.IsLetter(c) || unicode.IsDigit(c) || c == '。' || c == ';':
		return -1
	}
	return j + w
}

// titled returns the length of a surname with a title at j: 王先生.
func titled(s string, j int) int {
	c, w := utf8.DecodeRuneInString(s[j:])
	if !unicode.Is(unicode.Han, c) {
		return 0
	}
	if n := titles.At(s, j+w); n > 0 {
		return w + n
	}
	return 0
}

var titles = starts.New("先生", "女士", "小姐", "经理", "老板", "老师", "哥", "姐", "总")

// glued reports whether the Latin glue word of length w at j is only the
// beginning of a longer one.
func glued(s string, j, w int) bool {
	return isAlnum(s[j]) && j+w < len(s) && isHandleByte(s[j+w])
}

// values reads the values at j for the cue c and returns the offset after the
// last.
func (r *reader) values(c cue, j int, jt joint) int {
	if jt.group && (c.kind == leak.QQ || c.word == "加") {
		c.kind = leak.QQGroup
	}
	end := r.value(c, j, jt)
	if end < 0 {
		return j
	}
	for n := 1; n < maxValues; n++ {
		k, ok := anotherValue(r.s, end)
		if !ok {
			break
		}
		next := r.value(c, k, joint{strong: true, at: r.s[k-1] == '@'})
		if next < 0 {
			break
		}
		end = next
	}
	return end
}

// anotherValue returns the offset of a further value behind the one that ends
// at j: "/ 123456", "、@b".
func anotherValue(s string, j int) (int, bool) {
	k := skipSpaces(s, j)
	sep := separators.At(s, k)
	if sep > 0 {
		k = skipSpaces(s, k+sep)
	}
	if w := spareWords.At(s, k); w > 0 {
		if k = skipSpaces(s, k+w); k < len(s) && (isLetter(s[k]) || isDigit(s[k])) && !isLatinCue(s[k:letterEnd(s, k)]) {
			return k, true
		}
	}
	if hasAt(s, k, "@") && k+1 < len(s) {
		return k + 1, true
	}
	if sep == 0 || k >= len(s) {
		return k, false
	}
	return k, isDigit(s[k]) || isLetter(s[k]) && anotherHandle(s, k)
}

// anotherHandle reports whether what stands at k is a handle for itself, with a
// sign that words do not have.
func anotherHandle(s string, k int) bool {
	end := handleEnd(s, k, "")
	if end-k < 6 || !handleLike(s[k:end]) || isLatinCue(s[k:letterEnd(s, k)]) {
		return false
	}
	next := skipSpaces(s, end)
	return next >= len(s) || strings.IndexByte(":=/.@-", s[next]) < 0
}

// separators stand between two values of the same kind.
var separators = starts.New("/", "、", "或", ",", "|", "&", "or ")

// spareWords stand before a further value of the same kind.
var spareWords = starts.New("备用号:", "备用:", "备用号", "备用", "小号:", "小号", "副号:", "副号", "backup:", "(backup", "backup ", "alt:", "예비:", "부계:")

// value reads one value of the kind of c at j, keeps it and returns its end,
// -1 if none stands there.
func (r *reader) value(c cue, j int, jt joint) int {
	if j >= len(r.s) {
		return -1
	}
	if c.word == "电" && isDigit(r.s[j]) {
		return r.phone(cue{c.word, leak.PhoneContact, true}, j, jt)
	}
	switch c.kind {
	case leak.EmailContact, leak.XMPP:
		return r.mail(c, j)
	case leak.PhoneContact:
		if end := r.mail(cue{kind: leak.EmailContact, weak: c.weak}, j); end > 0 && c.weak {
			return end
		}
		return r.phone(c, j, jt)
	case leak.QQ, leak.QQGroup, leak.ICQ:
		return r.number(c, j, jt)
	case leak.WhatsApp:
		return r.phoneHandle(c, j, jt)
	case leak.Session:
		return -1 // recognised by itself, see longToken
	case leak.Discord:
		return r.discord(c, j, jt)
	}
	return r.handle(c, j, jt)
}
