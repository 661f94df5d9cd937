package contact

import (
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// In English and Korean the handle may stand before its channel: "ping @abc on
// Telegram", "abc77 텔레로 연락".

// onWords stand between a handle and its channel.
var onWords = []string{"on", "via", "over", "through", "in", "at", "using"}

// before reads the value that stands before the cues at i with a word such as
// on between, keeps it and reports whether there was one.
func (r *reader) before(cues []cue, i, j int) bool {
	if i < 4 || r.s[i-1] != ' ' {
		return false
	}
	b := strings.TrimRight(r.s[max(0, i-16):i], " ")
	end := i - (min(i, 16) - len(b))
	on := ""
	for _, w := range onWords {
		if strings.HasSuffix(b, " "+w) {
			on = w
		}
	}
	if on == "" {
		return false
	}
	end -= len(on)
	for end > 0 && r.s[end-1] == ' ' {
		end--
	}
	start := end
	for start > 0 && end-start < 33 && (isHandleByte(r.s[start-1]) || strings.IndexByte(".-+", r.s[start-1]) >= 0) {
		start--
	}
	if end > start && isDigit(r.s[end-1]) && r.numberBefore(cues, end) {
		return true
	}
	return r.keepBefore(cues, start, end)
}

// numberBefore keeps the phone number, with + or long, that ends at end as the
// value of those of the cues that take one.
func (r *reader) numberBefore(cues []cue, end int) bool {
	start := end
	for k := end; k > 0 && end-k < 24 && (isDigit(r.s[k-1]) || strings.IndexByte(" -.()+", r.s[k-1]) >= 0); k-- {
		if isDigit(r.s[k-1]) || r.s[k-1] == '+' {
			start = k - 1
		}
	}
	digits, stop := phoneDigits(r.s, start)
	if stop != end || !plausiblePhone(digits) {
		return false
	}
	for _, c := range cues {
		if k := c.kind; k == leak.WhatsApp || k == leak.Signal || k == leak.Telegram || k == leak.Line || k == leak.WeChat {
			if n := len(r.hits); n > 0 && r.hits[n-1].kind == leak.PhoneContact && r.hits[n-1].end == end {
				r.hits = r.hits[:n-1] // "text me at … via WhatsApp"
			}
			r.addValue(k, start, end, digits)
			return true
		}
	}
	return false
}

// keepBefore keeps [start, end) as a value of each of the cues that it fits.
func (r *reader) keepBefore(cues []cue, start, end int) bool {
	v := r.s[start:end]
	at := start > 0 && r.s[start-1] == '@'
	if len(v) < 4 || !at && !handleLike(v) && !strings.Contains(v, ".") && !r.told(start) || stopValues[v] || isLatinCue(v) {
		return false
	}
	found := false
	for _, c := range cues {
		if !fits(c.kind, v) || allDigits(v) && formOf(c.kind).letterFirst {
			continue
		}
		if c.kind != leak.PhoneContact {
			r.add(c.kind, start, end, true, false)
			found = true
		}
	}
	return found
}

// tellWords ask to write to someone.
var tellWords = newEndings("dm", "message", "msg", "pm", "text", "add", "ping", "contact", "hit up", "write", "find", "ask for", "reach", "inbox", "me:", "or", "i'm", "i am", "we're", "call")

// told reports whether a word that asks to write to someone stands before i.
func (r *reader) told(i int) bool {
	return hasWordBefore(r.s, i, tellWords)
}
