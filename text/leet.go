package text

import (
	_ "embed" // the table of text/data
	"strings"
)

//go:embed data/english.txt
var englishTXT string

// leetLetters lists, for each letter, the digits and signs written for it; i
// and l are one.
const leetLetters = "a4@ e3 g69 li1!| o0 s5$ t7+ z2 b8"

// maxLeet bounds the words that are looked at.
const maxLeet = 24

// leet tells of each byte which letter it stands for, 0 if for none.
type leet [256]byte

func newLeet() *leet {
	var l leet
	for c := byte('a'); c <= 'z'; c++ {
		l[c] = c
	}
	for _, group := range strings.Fields(leetLetters) {
		for i := range len(group) {
			l[group[i]] = group[0]
		}
	}
	return &l
}

// skeleton appends the letters that word stands for.
func (l *leet) skeleton(b []byte, word string) []byte {
	for i := range len(word) {
		b = append(b, l[word[i]])
	}
	return b
}

// undoLeet undoes letters written as digits or signs (ch1p, s3lfie, p@ss)
// where that makes an English word of the trade. A text with some of them has
// short words written so too (1d, 1n).
func undoLeet(v *survey, places []int32) []edit {
	if v.traits&(isPlainDigit|isLeetSign) == 0 {
		return nil
	}
	edits, words := v.leetWords(v.edits[:0], places, nil)
	if words < enoughLeet {
		return edits
	}
	edits, _ = v.leetWords(edits[:0], places, leetShort)
	return edits
}

// enoughLeet is how many words written with digits make short ones likely.
const enoughLeet = 2

// leetShort are the words of two letters that are read so then.
var leetShort = map[string]string{"1d": "id", "1n": "in", "d1": "dl", "0n": "on", "t0": "to", "0r": "or", "n0": "no", "0f": "of", "w3": "we", "m3": "me"}

// leetWords appends the edits of all words, and returns the number of the words.
func (v *survey) leetWords(edits []edit, places []int32, short map[string]string) (_ []edit, words int) {
	done := 0
	for _, at := range places {
		start := int(at)
		if start < done {
			continue
		}
		for start > done && v.leet[v.s[start-1]] != 0 {
			start--
		}
		n := 0
		edits, n, done = v.leetRun(edits, v.s, start, short)
		words += n
	}
	return edits, words
}

// leetRun appends the edits of the words in the row of letters and signs at
// offset i, and returns the number of the words and the end of the row.
func (x *lexis) leetRun(edits []edit, s string, i int, short map[string]string) (_ []edit, words, end int) {
	end = i // of the word before
	for ; i < len(s) && x.leet[s[i]] != 0; i++ {
		if isLatin(rune(s[i])) {
			continue
		}
		start, letters := i, 0
		for start > end && i-start < maxLeet && x.leet[s[start-1]] != 0 {
			start--
			letters++
		}
		for end = i; end < len(s) && end-start <= maxLeet && x.leet[s[end]] != 0; end++ {
			if isLatin(rune(s[end])) {
				letters++
			}
		}
		if n := len(edits); letters > 0 {
			if edits = x.leetEdits(edits, s, start, end, letters, short); len(edits) > n {
				words++
			}
		}
		i = end - 1
	}
	return edits, words, i
}

// leetEdits appends edits that make [start, end) a word of the trade, if
// that is what it stands for. Signs at its ends may be punctuation. What is
// mostly digits is a number with a unit.
func (x *lexis) leetEdits(edits []edit, s string, start, end, letters int, short map[string]string) []edit {
	for start < end && !isAlnum(rune(s[start])) {
		start++
	}
	for end > start && !isAlnum(rune(s[end-1])) && (s[end-1] != '$' || end-start < 3) {
		end--
	}
	word := s[start:end]
	if len(word) < 2 || 2*letters < len(word)-letters || joinedBefore(s, start) || joinedAfter(s, end) {
		return edits
	}
	to := short[word]
	if len(word) > 2 {
		to = x.unleet(word)
	}
	for k := range len(to) {
		if to[k] != word[k] {
			edits = append(edits, edit{start: start + k, end: start + k + 1, to: to[k : k+1], step: stepDigit})
		}
	}
	return edits
}

// unleet returns the word of the trade that a disguised one spells, "" if it
// spells none. A plural s may follow.
func (x *lexis) unleet(word string) string {
	var buf [maxLeet + 2]byte
	key := x.leet.skeleton(buf[:0], word)
	if w := x.english[string(key)]; w != "" {
		return w
	}
	if n := len(key) - 1; key[n] == 's' {
		if w := x.english[string(key[:n])]; w != "" {
			return w + "s"
		}
	}
	return ""
}

// addEnglish adds an English word of the trade.
func (x *lexis) addEnglish(w string) {
	if key := string(x.leet.skeleton(nil, w)); x.english[key] == "" {
		x.english[key] = w
	}
}

// isEnglish reports whether w is an English word of the trade.
func (x *lexis) isEnglish(w string) bool { return x.unleet(w) == w }
