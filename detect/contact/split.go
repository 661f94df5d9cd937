package contact

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/latin"
)

// A cue may be cut in two ("tele.gram", "whats app", "kakao talk") or have
// digits and signs for letters ("t3legram", "wh@tsapp").

// halves are the second parts of the names of channels that are cut behind the
// first.
var halves = latin.New(map[string][]string{
	"tele": {"gram"}, "tel": {"egram"}, "telegr": {"am"}, "what": {"sapp", "s app", "s-app", "s.app"}, "whats": {"app"},
	"we": {"chat"}, "wei": {"xin"}, "kakao": {"talk"}, "dis": {"cord"}, "disc": {"ord"},
	"sig": {"nal"}, "jab": {"ber"}, "wi": {"ckr"},
})

// splitCue reads the cue in two parts that begins with the Latin word [i, j)
// and returns it and its end, nil and -1 if there is none.
func (r *reader) splitCue(i, j int) (*cue, int) {
	if j+1 >= len(r.s) || strings.IndexByte(".-_* '/|", r.s[j]) < 0 {
		return nil, -1
	}
	for _, h := range halves.Value(r.s[i:j]) {
		end := j + 1 + len(h)
		if !hasAt(r.s, j+1, h) || end < len(r.s) && isAlnum(r.s[end]) {
			continue
		}
		if c := latinCueOf(r.s[i:j] + strings.NewReplacer(" ", "", "-", "", ".", "").Replace(h)); c != nil {
			weak := *c
			weak.weak = c.weak || r.s[j] == ' ' && h == "chat"
			return &weak, end
		}
	}
	return nil, -1
}

// Bounds of a disguised cue.
const (
	minDisguised = 5
	maxDisguised = 12
)

// disguisedCue reads a cue with digits or signs for letters at i and returns
// it and its end, nil and -1 if there is none.
func (r *reader) disguisedCue(i int) (*cue, int) {
	var word [maxDisguised]byte
	n, odd := 0, false
	j := i
	for ; j < len(r.s) && n < len(word); j++ {
		c, was := undisguised(r.s[j])
		if c == 0 || was && j+1 < len(r.s) && !isAlnum(r.s[j]) && !isAlnum(r.s[j+1]) {
			break
		}
		word[n], odd = c, odd || was
		n++
	}
	if !odd || n < minDisguised || j < len(r.s) && isHandleByte(r.s[j]) {
		return nil, -1
	}
	for _, l := range []byte{'l', 'i'} {
		w := word
		for k, c := range w[:n] {
			if c == '1' {
				w[k] = l
			}
		}
		if c := latinCueOf(string(w[:n])); c != nil {
			return c, j
		}
	}
	return nil, -1
}

// undisguised returns the letter that c stands for, 1 for l or i, 0 if it
// stands for none, and whether it was in disguise.
func undisguised(c byte) (byte, bool) {
	switch c {
	case '3':
		return 'e', true
	case '4', '@':
		return 'a', true
	case '0':
		return 'o', true
	case '1', '!', '|':
		return '1', true
	case '5', '$':
		return 's', true
	case '7':
		return 't', true
	}
	if isLetter(c) {
		return c, false
	}
	return 0, false
}

// disguised reports whether [i, j) is a cue with digits for letters.
func (r *reader) disguised(i, j int) bool {
	_, end := r.disguisedCue(i)
	return end == j
}
