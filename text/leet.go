package text

import (
	_ "embed" // the table of text/data
	"strings"
)

//go:embed data/english.txt
var englishTXT string

// leet lists the letters that a digit or sign may stand for.
var leet = [256]string{'0': "o", '1': "il", '2': "z", '3': "e", '4': "a", '5': "s", '6': "g", '7': "t", '8': "b", '9': "g",
	'@': "a", '$': "s", '!': "i", '|': "l", '+': "t"}

// maxLeet bounds the spellings that are tried of one word, maxLeetWord its
// length.
const (
	maxLeet     = 32
	maxLeetWord = 24
)

// undoLeet undoes letters written as digits or signs (ch1p, s3lfie, p@ss)
// where that makes an English word of the trade.
func undoLeet(x *lexis, s string) []edit {
	var edits []edit
	for i := 0; i < len(s); {
		n := leetLength(s[i:])
		if n < 3 || n > maxLeetWord || !isDisguised(s[i:i+n]) || joinedBefore(s, i) || joinedAfter(s, i+n) {
			i += max(n, 1)
			continue
		}
		if word := x.unleet(s[i : i+n]); word != "" {
			for k := range n {
				if s[i+k] != word[k] {
					edits = append(edits, edit{start: i + k, end: i + k + 1, to: word[k : k+1], step: stepDigit})
				}
			}
		}
		i += n
	}
	return edits
}

// leetLength returns the length of the word of letters, digits and signs for
// letters at the begin of s. A sign does not begin a word, nor end one but for
// the $ of a plural.
func leetLength(s string) int {
	n := 0
	for n < len(s) && (isAlnum(rune(s[n])) || n > 0 && leet[s[n]] != "") {
		n++
	}
	for n > 0 && !isAlnum(rune(s[n-1])) && (s[n-1] != '$' || n < 3) {
		n--
	}
	return n
}

// isDisguised reports whether a word holds letters and what may stand for one,
// but is no number with a scale or unit, such as 100k.
func isDisguised(word string) bool {
	letters := 0
	for i := range len(word) {
		if isLatin(rune(word[i])) {
			letters++
		}
	}
	return letters > 0 && letters < len(word) && 2*letters >= len(word)-letters
}

// unleet returns the word of the trade that a disguised one spells, "" if it
// spells none. A plural s may follow.
func (x *lexis) unleet(word string) string {
	if len(word) > x.longestEnglish+len("s") {
		return ""
	}
	spellings := []string{""}
	for i := range len(word) {
		letters := leet[word[i]]
		if letters == "" {
			letters = word[i : i+1]
		}
		if len(spellings)*len(letters) > maxLeet {
			return ""
		}
		next := make([]string, 0, len(spellings)*len(letters))
		for _, begin := range spellings {
			for k := range len(letters) {
				next = append(next, begin+letters[k:k+1])
			}
		}
		spellings = next
	}
	for _, w := range spellings {
		if x.english[w] || x.english[strings.TrimSuffix(w, "s")] {
			return w
		}
	}
	return ""
}
