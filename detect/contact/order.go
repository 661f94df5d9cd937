package contact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
)

// In English and Korean the handle may stand before its channel: "ping @abc on
// Telegram", "abc77 텔레로 연락".

// onWords stand between a handle and its channel, longer ones before those that
// they end with.
var onWords = newEndings(" over at", " over on", " on both", " on either", " on", " via", " over", " through", " in", " at", " using", " @")

// before reads the value that stands before the cues at i with a word such as
// on between, keeps it and reports whether there was one.
func (r *reader) before(cues []cue, i int) bool {
	if i < 4 || r.s[i-1] != ' ' {
		return false
	}
	b := strings.TrimRight(r.s[max(0, i-16):i], " ")
	end := i - (min(i, 16) - len(b))
	on := onWords.Of(b)
	if on == 0 {
		return false
	}
	end -= on
	for end > 0 && r.s[end-1] == ' ' {
		end--
	}
	if h := r.lastHit(end); h != nil && strings.HasSuffix(r.s[:end], "same") {
		r.sameAs(*h, cues)
		return true
	}
	start := handleStart(r.s, end, ".-+")
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
	if len(v) < 4 || !at && !handleLike(v) && !strings.Contains(v, ".") && !r.told(start) || stopValues.Value(v) || isLatinCue(v) {
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
var tellWords = newEndings("dm", "message", "msg", "pm", "text", "add", "ping", "contact", "hit up", "write", "find", "ask for", "reach", "inbox", "me:", "or", "i'm", "i am", "we're", "call", "handle is", "username is", "user name is", "nick is", "nickname is", "my name is", "my handle", "my nick", "my username", "under the name", "known as")

// told reports whether a word that asks to write to someone stands before i.
func (r *reader) told(i int) bool {
	return hasWordBefore(r.s, i, tellWords)
}

// sameAs gives the value of the contact h to the cues too.
func (r *reader) sameAs(h hit, cues []cue) {
	for _, c := range cues {
		if c.kind != h.kind && fits(c.kind, r.s[h.start:h.end]) {
			r.addValue(c.kind, h.start, h.end, h.value)
		}
	}
}

// signedBefore keeps the phone number with + that ends right before the cues at
// i: "+44 7700 900126 (Signal)".
func (r *reader) signedBefore(cues []cue, i int) bool {
	end := i
	for n := 0; n < 3 && end > 0 && strings.IndexByte(" (-[", r.s[end-1]) >= 0; n++ {
		end--
	}
	if end == i || end == 0 || !isDigit(r.s[end-1]) || !strings.Contains(r.s[max(0, end-20):end], "+") {
		return false
	}
	return r.numberBefore(cues, end)
}

// koreanBefore keeps the handle right before a Korean cue at i that no value
// of its own follows: "abc77 텔레", "abc77 텔레로 연락".
func (r *reader) koreanBefore(cues []cue, i int) bool {
	if i < 7 || r.s[i] < utf8.RuneSelf || r.s[i-1] != ' ' || cues[0].weak || r.lastHit(i) != nil || !unicode.Is(unicode.Hangul, first(r.s[i:])) {
		return false
	}
	end := i - 1
	end -= byParticles.Of(r.s[:end])
	start := handleStart(r.s, end, "")
	v := r.s[start:end]
	if len(v) < 5 || !isLetter(v[0]) || !handleLike(v) || start > 0 && r.s[start-1] != ' ' && r.s[start-1] != '\n' && r.s[start-1] != '@' && r.s[start-1] != ':' {
		return false
	}
	return r.keepBefore(cues, start, end)
}

// byParticles stand behind a handle whose channel follows.
var byParticles = newEndings(" 으로", " 로", "으로", "로")

func first(s string) rune {
	c, _ := utf8.DecodeRuneInString(s)
	return c
}
