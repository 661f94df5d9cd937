// Package contact reads how a seller wants to be reached: messenger handles,
// group numbers, links, phone numbers, e-mail addresses and wallets, with the
// cue words of Chinese, Korean and English listings in the spellings that
// sellers use to get past filters.
//
// # Story
//
// One pass over the folded text stops at cue words, at links, at "@" and at
// tokens long enough to be a wallet. A cue may name several channels
// ("QQ/微信"); what joins it to its value may be words (号, id, 아이디),
// punctuation or emoji; the value is read in the folded text and given back in
// its original case. "飞机同号" gives the last value under a second kind. A
// second pass reads cues that only the unhidden stream shows (微*信); their
// values are read in the folded text all the same, so that undoing tricks
// never changes a handle.
//
// Phone numbers and e-mail addresses may be a victim's: they are contacts only
// beside a cue, not in a row with another identifier, and at most two of a
// kind in one listing. Warnings ("谨防假冒 @x"), thanks and replies are no
// contacts of the seller.
//
// The package stores nothing, never fails, is linear in the length of the text
// and safe for concurrent use.
package contact

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/latin"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// Found is one contact and where its value stands.
type Found struct {
	leak.Contact
	Start, End int  // byte span of the value in the original text
	Cue        bool // a cue word, or a link that names its channel, stands with the value
	Doubtful   bool // no cue, and the place speaks for someone else's handle or address
}

// MaxPersonal is how many phone numbers, and how many e-mail addresses, one
// listing may have as the seller's contacts; more are a sample.
const MaxPersonal = 2

// Find reads the contacts of a text from its folded and its unhidden stream.
// Each kind and value is given once, in order of place, at most
// leak.MaxContacts.
func Find(f, u *text.Folded) []Found {
	r := reader{f: f, s: f.Text}
	r.scan()
	if u != nil && u.Changed() {
		r.hiddenCues(u)
	}
	return r.finish()
}

// A hit is a contact with the span of its value in the folded text.
type hit struct {
	kind       leak.ContactKind
	start, end int
	value      string // "" until it is cut from the original
	cue        bool
	doubtful   bool
}

// A reader reads one text.
type reader struct {
	f    *text.Folded
	s    string
	hits []hit
}

// maxHits bounds the work on a text that is all handles; it is above the cap
// on contacts because hits are not yet told apart.
const maxHits = 4 * leak.MaxContacts

// scan stops at everything in the text that may begin a contact.
func (r *reader) scan() {
	s := r.s
	for i := 0; i < len(s) && len(r.hits) < maxHits; {
		switch c := s[i]; {
		case isAlnum(c):
			if end := plainWord(s, i); end > i {
				i = end
			} else {
				i = r.token(i)
			}
		case c == '@':
			i = r.at(i)
		case c < utf8.RuneSelf:
			i++
		default:
			if next := wideCues.Next(s, i); next > i {
				i = next
			} else {
				i = r.wide(i)
			}
		}
	}
}

// plainWord returns the end of the word or number at i if token would pass over it,
// as over most: neither it nor what stands behind it means anything to the reader.
// Else it returns i.
func plainWord(s string, i int) int {
	if isDigit(s[i]) {
		return plainNumber(s, i)
	}
	end := letterEnd(s, i)
	switch {
	case end-i >= minWallet, tokenWords.May(s[i:end]):
		return i
	case end == len(s):
		return end
	case s[end] >= utf8.RuneSelf:
		if wideCues.May(rune(s[i])) {
			return i // V信
		}
	case wordJoints[s[end]] || s[end] == ' ' && bracketNear(s, end):
		return i
	}
	return end
}

// plainNumber is plainWord for digits: such a number is none to be called.
func plainNumber(s string, i int) int {
	end := digitsEnd(s, i)
	if n := end - i; s[i] == '0' || s[i] == '1' && n == 11 || n >= minWallet || end < len(s) && isAlnum(s[end]) {
		return i
	}
	return end
}

// tokenWords are the words at which token reads something, whatever stands behind
// them.
var tokenWords = latin.Merge(latinCues.Set(), halves.Set(), latin.Set("t tme telegram"))

// wordJoints are the bytes behind a word with which a link, an address, a handle or
// a word in disguise may go on.
var wordJoints = func() (t [256]bool) {
	for c := range t {
		t[c] = isDigit(byte(c)) || strings.IndexByte("@$!|._-([{:", byte(c)) >= 0
	}
	return t
}()

// token reads the run of Latin letters and digits at i.
func (r *reader) token(i int) int {
	s := r.s
	word := letterEnd(s, i)
	end := min(alnumEnd(s, word), i+maxRun)
	if mayLink(s, i, end) {
		if next := r.link(i, end); next > i {
			return next
		}
	}
	switch {
	case end-i >= minWallet:
		r.longToken(i, end)
		return end
	case word == i:
		return r.digitToken(i, end)
	case !r.wordStart(i):
		return end
	}
	if s[i] == 'o' && hasAt(s, i+1, "1") && zeroLetter(s, i) {
		if stop := r.barePhone(i); stop > 0 {
			return stop
		}
	}
	if word < len(s) && s[word] >= utf8.RuneSelf {
		if next := r.mixedCue(i); next > i {
			return next
		}
	}
	if bracketNear(s, end) {
		if next := r.hiddenMail(i, nameEnd(s, i), false); next > i {
			return next
		}
	}
	if word < len(s) && s[word] == '_' {
		return r.ownID(i, word)
	}
	return r.latinCue(i, word, end)
}

// mixedCue reads the cue of Latin and other letters at i, such as V信 or v芯,
// and returns the offset after it, i if there is none.
func (r *reader) mixedCue(i int) int {
	cs := wideCues.Of(rune(r.s[i]))
	for k := range cs {
		if c := &cs[k]; hasAt(r.s, i, c.word) {
			if next := r.cue(*c, i, i+len(c.word)); next > i {
				return next
			}
		}
	}
	return i
}

// latinCue reads the cue that the Latin word [i, word) of the token [i, end)
// is, or begins.
func (r *reader) latinCue(i, word, end int) int {
	if halves.May(r.s[i:word]) {
		if c, j := r.splitCue(i, word); c != nil {
			return max(r.cue(*c, i, j), end)
		}
	}
	if c := latinCueOf(r.s[i:word]); c != nil && !r.spelledOut(i, word) {
		if next := r.cue(*c, i, word); next > i {
			return next
		}
	}
	if word < end || word+1 < len(r.s) && isSign(r.s[word]) && isAlnum(r.s[word+1]) {
		if c, j := r.disguisedCue(i); c != nil {
			return max(r.cue(*c, i, j), end)
		}
	}
	return end
}

// isSign reports whether c is written for a letter.
func isSign(c byte) bool { return c == '@' || c == '$' || c == '!' || c == '|' }

// spelledOut reports whether the letter [i, j) is the first of a word whose
// letters stand apart: v-e-r-i-f-i-e-d.
func (r *reader) spelledOut(i, j int) bool {
	return j == i+1 && j+3 < len(r.s) && strings.IndexByte("-./*~_", r.s[j]) >= 0 && isLetter(r.s[j+1]) && r.s[j+2] == r.s[j] && isLetter(r.s[j+3])
}

// ownID reads a WeChat id that says so itself, wxid_…; other tokens with _ are
// handles of whatever stands before them.
func (r *reader) ownID(i, word int) int {
	end := handleEnd(r.s, i, "-")
	if r.s[i:word] == "wxid" && end-i >= 10 && end-i <= 30 {
		r.add(leak.WeChat, i, end, true, false)
	}
	return end
}

// wide reads the character at i, which a cue may begin with.
func (r *reader) wide(i int) int {
	c, w := utf8.DecodeRuneInString(r.s[i:])
	if k := wideCueAt(r.s, i, c); k != nil {
		if next := r.cue(*k, i, i+len(k.word)); next > i {
			return next
		}
	}
	return i + w
}

// wordStart reports whether a Latin word begins at i: not inside a handle or
// an address.
func (r *reader) wordStart(i int) bool {
	if i == 0 {
		return true
	}
	switch r.s[i-1] {
	case '_', '@', '.':
		return false
	case '-', '/', '*', '~': // the next letter of a word spelled apart
		if i > 2 && isLetter(r.s[i-2]) && (i == 2 || !isAlnum(r.s[i-3])) && i+1 < len(r.s) && r.s[i+1] == r.s[i-1] {
			return false
		}
	}
	return !isAlnum(r.s[i-1])
}

// add keeps a contact whose value is [start, end) of the folded text.
func (r *reader) add(kind leak.ContactKind, start, end int, cue, doubtful bool) {
	r.keepHit(hit{kind: kind, start: start, end: end, cue: cue, doubtful: doubtful})
}

// addValue keeps a contact whose value is not the text as it stands.
func (r *reader) addValue(kind leak.ContactKind, start, end int, value string) {
	r.keepHit(hit{kind: kind, start: start, end: end, value: value, cue: true})
}

func (r *reader) keepHit(h hit) {
	if r.hits == nil {
		r.hits = make([]hit, 0, 4) // few texts have more
	}
	r.hits = append(r.hits, h)
}

// hiddenCues reads the cues that only the unhidden stream shows.
func (r *reader) hiddenCues(u *text.Folded) {
	s := u.Text
	for i := 0; i < len(s) && len(r.hits) < maxHits; {
		if i = wideCues.Next(s, i); i == len(s) {
			break
		}
		c, w := utf8.DecodeRuneInString(s[i:])
		if c < utf8.RuneSelf {
			i += r.hiddenLatin(u, i)
			continue
		}
		if k := wideCueAt(s, i, c); k != nil {
			r.hidden(u, k, i, i+len(k.word))
		}
		i += w
	}
}

// hiddenLatin reads the ASCII at i and returns its length.
func (r *reader) hiddenLatin(u *text.Folded, i int) int {
	if !isAlnum(u.Text[i]) {
		return 1
	}
	end := alnumEnd(u.Text, i)
	if c := latinCueOf(u.Text[i:end]); c != nil {
		r.hidden(u, c, i, end)
	}
	return end - i
}

// hidden reads the value behind the cue [i, j) of the unhidden stream, if what
// it was made from is hidden at all.
func (r *reader) hidden(u *text.Folded, c *cue, i, j int) {
	a, b := u.Source(i, j)
	if u.Original[a:b] == c.word || len(u.Steps(i, j)) == 0 {
		return
	}
	start, end := r.locate(a), r.locate(b)
	if end > start && end < len(r.s) && r.s[start:end] != c.word {
		r.cue(*c, start, end)
	}
}

// locate returns the first offset of the folded text whose source begins at or
// behind the offset at of the original.
func (r *reader) locate(at int) int {
	low, high := 0, len(r.s)
	for low < high {
		mid := (low + high) / 2
		if s, _ := r.f.Source(mid, mid+1); s < at {
			low = mid + 1
		} else {
			high = mid
		}
	}
	for low < len(r.s) && !utf8.RuneStart(r.s[low]) {
		low++
	}
	return low
}

// finish orders the hits, drops what is personal but not the seller's, and
// gives each contact once.
func (r *reader) finish() []Found {
	if len(r.hits) == 0 {
		return nil
	}
	slices.SortStableFunc(r.hits, func(a, b hit) int { return a.start - b.start })
	r.dropPersonal()
	out := make([]Found, 0, len(r.hits))
	for i := range r.hits {
		h := &r.hits[i]
		if h.value == "" {
			h.value = r.original(h.start, h.end)
		}
		out = r.keep(out, h)
	}
	if len(out) == 0 {
		return nil
	}
	return out[:min(len(out), leak.MaxContacts)]
}

// keep appends h unless its contact is there already; a cue makes up for
// doubt.
func (r *reader) keep(out []Found, h *hit) []Found {
	for k := range out {
		o := &out[k]
		if o.Kind == h.kind && o.Value == h.value {
			o.Cue, o.Doubtful = o.Cue || h.cue, o.Doubtful && h.doubtful
			return out
		}
	}
	if h.value == "" {
		return out
	}
	s, e := r.f.Source(h.start, h.end)
	c := leak.Contact{Kind: h.kind, Value: h.value}
	return append(out, Found{Contact: c, Start: s, End: e, Cue: h.cue, Doubtful: h.doubtful})
}
