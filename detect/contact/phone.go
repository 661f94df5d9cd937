package contact

import (
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
	"github.com/leakwatch/leakwatch/leak"
)

// callBehind stand behind the number of someone who wants to be called.
var callBehind = starts.New("로 연락", "로 전화", "로 문자", "로 문의", "으로 연락", "으로 문의", "문의주", "문의 주", "톡주", "문자", "연락", "전화", "联系", "电话联系", "来电", "欢迎来电", "随时联系", "打电话", "打不通", "找老", "一直开机", "24小时开机", "(一直开机", "(24小时")

// callBefore stand before the number that is to be called or written to.
var callBefore = newEndings("打", "拨", "电话也行", "短信到", "短信至", "短信发", "发短信", "短信联系", "呼", "呼叫", "打给", "拨给", "同号")

// phoneHandle reads a WhatsApp number, with or without +.
func (r *reader) phoneHandle(c cue, j int, jt joint) int {
	digits, end := phoneDigits(r.s, j)
	if n := len(strings.TrimPrefix(digits, "+")); n < 8 || n > 15 || !r.numberEnds(end) || c.weak && !jt.strong && digits[0] != '+' {
		return -1
	}
	r.addValue(c.kind, j, end, digits)
	return end
}

// phone reads a phone number. A weak cue needs one that can be nothing else.
func (r *reader) phone(c cue, j int, jt joint) int {
	if r.s[j] >= utf8.RuneSelf {
		return r.wordPhone(c.kind, j)
	}
	digits, end := phoneDigits(r.s, j)
	n := len(strings.TrimPrefix(digits, "+"))
	if n < 7 || n > 15 || !r.numberEnds(end) || !plausiblePhone(digits) {
		return -1
	}
	if c.weak && n < 10 && digits[0] != '+' || n < 10 && !jt.strong && !jt.tight && jt.lines > 0 {
		return -1
	}
	r.addValue(leak.PhoneContact, j, end, digits)
	return end
}

// plausiblePhone reports whether digits look like a number people call: of
// the countries of these markets, or signed with +.
func plausiblePhone(d string) bool {
	if len(d) < 7 {
		return false
	}
	if d[0] == '+' {
		return len(d) >= 9
	}
	n := len(d)
	switch {
	case d[0] == '0':
		return n >= 9 && n <= 12 || strings.HasPrefix(d, "00") && n >= 11
	case d[0] == '1':
		return n == 11 && d[1] >= '2'
	case strings.HasPrefix(d, "86") || strings.HasPrefix(d, "82"):
		return n >= 11 && n <= 13
	case strings.HasPrefix(d, "400") || strings.HasPrefix(d, "800"):
		return n == 10
	}
	return n == 8 || n == 10
}

// phoneDigits reads a phone number at j as the digits written, with + where
// written.
func phoneDigits(s string, j int) (string, int) {
	var out []byte
	if j < len(s) && s[j] == '+' {
		out, j = append(out, '+'), j+1
	}
	end, gap := j, 0
	for k := j; k < len(s) && len(out) < 17 && gap <= 2; k++ {
		c := s[k]
		if zeroLetter(s, k) {
			c = '0'
		}
		switch {
		case isDigit(c):
			if gap > 0 && len(out) >= 7 && digitsEnd(s, k)-k >= 7 {
				return string(out), end // another number
			}
			out, end, gap = append(out, c), k+1, 0
		case c == ' ' || c == '-' || c == '.' || c == '(' || c == ')':
			gap++
		default:
			gap = 9
		}
	}
	if len(out) == 0 || len(out) == 1 && out[0] == '+' {
		return "0", j
	}
	return string(out), end
}

// wordPhone reads a mobile number in Chinese numerals at j.
func (r *reader) wordPhone(kind leak.ContactKind, j int) int {
	digits, end := mixedDigits(r.s, j)
	if len(digits) != 11 || digits[0] != '1' || !plausiblePhone(digits) {
		return -1
	}
	r.addValue(kind, j, end, digits)
	return end
}

// digitToken reads what may begin with the digits of the token [i, end): a phone
// number that the words beside it give as a way to reach the seller, or a cue
// with digits for letters.
func (r *reader) digitToken(i, end int) int {
	if !r.wordStart(i) {
		return end
	}
	if letterEnd(r.s, i+1) == end && end > i+1 {
		if hasAt(r.s, i, "1cq") && end == i+3 {
			return max(r.cue(cue{"icq", leak.ICQ, false}, i, end), end)
		}
		if c, j := r.disguisedCue(i); c != nil {
			return max(r.cue(*c, i, j), end)
		}
	}
	if stop := r.barePhone(i); stop > 0 {
		return stop
	}
	return end
}

// barePhone reads a mobile number at i that no cue stands before, but a word
// behind it that asks to be called, or another contact joined to it. It returns
// its end, 0 if there is none.
func (r *reader) barePhone(i int) int {
	switch r.s[i] {
	case '1':
		if digitsEnd(r.s, i) != i+11 {
			return 0
		}
	case '0', 'o':
		if !hasAt(r.s, i+1, "1") {
			return 0
		}
	default:
		return 0
	}
	digits, end := phoneDigits(r.s, i)
	korean := len(digits) == 11 && strings.HasPrefix(digits, "010")
	chinese := len(digits) == 11 && digits[0] == '1' && plausiblePhone(digits) && end-i == 11
	hidden := korean && strings.Contains(r.s[i:end], "o") // nobody hides the number of a victim
	if r.taken(i) || !korean && !chinese || !r.numberEnds(end) || !hidden && callBehind.At(r.s, skipSpaces(r.s, end)) == 0 && !hasWordBefore(r.s, i, callBefore) && !r.joined(i, end) {
		return 0
	}
	r.addValue(leak.PhoneContact, i, end, digits)
	return end
}

// zeroLetter reports whether the o at k stands for a zero: beside a digit or
// another such letter, and beside no letter else.
func zeroLetter(s string, k int) bool {
	if s[k] != 'o' {
		return false
	}
	near := func(j int) (digit, letter bool) {
		if j < 0 || j >= len(s) {
			return false, false
		}
		return isDigit(s[j]) || s[j] == 'o', isLetter(s[j]) && s[j] != 'o'
	}
	before, letterBefore := near(k - 1)
	after, letterAfter := near(k + 1)
	return (before || after) && !letterBefore && !letterAfter
}
