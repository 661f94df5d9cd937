package text

import (
	"fmt"
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Token is one indexed term of a stream.
//
// Each Han, kana, bopomofo or Hangul character has a position of its own, and
// so has each word: a run of letters, digits and marks of any other script.
// Everything else separates, also '_' and '.', so a handle such as rlz_shop1
// is two words in a row and so is 0.8. The token of a word is the word; that
// of a character is the bigram with the next one where that follows directly,
// else the character alone. Values never hold a space or ASCII punctuation.
type Token struct {
	Value      string // 1 to MaxToken code points
	Pos        int    // position, from 0
	Start, End int    // byte span in Folded.Text of the position (of its first character for a bigram)
}

// MaxToken is the length of a token in code points. A longer word is cut and
// gets a hash of the whole, so that it is found by the whole word only.
const MaxToken = 64

const hashDigits = 16 // of a 64-bit hash

// Tokens returns the tokens of a stream in order.
func Tokens(f *Folded) []Token {
	s := f.Text
	tokens := make([]Token, 0, len(s)/4)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case isCJK(r):
			end := i + n
			if next, size := utf8.DecodeRuneInString(s[end:]); isCJK(next) {
				end += size
			}
			tokens = append(tokens, Token{Value: s[i:end], Pos: len(tokens), Start: i, End: i + n})
		case isWordRune(r):
			n = wordLength(s[i:])
			tokens = append(tokens, Token{Value: wordToken(s[i : i+n]), Pos: len(tokens), Start: i, End: i + n})
		}
		i += n
	}
	return tokens
}

// wordLength returns the length of the word at the begin of s.
func wordLength(s string) int {
	for i, r := range s {
		if isCJK(r) || !isWordRune(r) && !unicode.IsMark(r) {
			return i
		}
	}
	return len(s)
}

// wordToken returns the token of a word.
func wordToken(word string) string {
	if len(word) <= MaxToken || utf8.RuneCountInString(word) <= MaxToken {
		return word
	}
	h := fnv.New64a()
	h.Write([]byte(word))
	cut := 0
	for range MaxToken - hashDigits {
		_, n := utf8.DecodeRuneInString(word[cut:])
		cut += n
	}
	return word[:cut] + fmt.Sprintf("%0*x", hashDigits, h.Sum64())
}

// UnhiddenTokens returns the tokens of the lines of u, a stream that Unhide
// returned, that differ from the plain stream; none where nothing was undone.
// They have the positions that Tokens(u) gives them, so a phrase is found
// that lies within one changed line or goes on from one to the next, and none
// across what is left out.
func UnhiddenTokens(u *Folded) []Token {
	if !u.Changed() {
		return nil
	}
	var tokens []Token
	all := Tokens(u)
	for start := 0; start < len(u.Text); {
		end := len(u.Text)
		if n := strings.IndexByte(u.Text[start:], '\n'); n >= 0 {
			end = start + n
		}
		k := 0
		for k < len(all) && all[k].Start < end {
			k++
		}
		if k > 0 && u.differs(start, end) {
			tokens = append(tokens, all[:k]...)
		}
		all = all[k:]
		start = end + 1
	}
	return tokens
}

// differs reports whether [start, end) of f.Text differs from what the plain
// stream has there.
func (f *Folded) differs(start, end int) bool {
	s, e := start, end
	g := f
	for ; g.under != nil; g = g.under {
		s, e = g.below(s, e)
	}
	return g.Text[s:e] != f.Text[start:end]
}

// A Term is one term of a phrase.
type Term struct {
	Value  string
	Offset int  // position relative to the first term
	Prefix bool // matches every token that begins with Value
}

// PhraseTerms returns the terms of s as a phrase; none if s holds neither
// letter nor digit. The phrase occurs in a stream exactly where tokens of the
// stream match all terms at their offsets, and that is where the positions of
// s occur one after the other: characters equal to characters, whole words
// equal to whole words, and two characters that follow each other directly in
// s do so in the stream too. Between other positions of s, whatever is no
// position does not count.
func PhraseTerms(s string) []Term {
	var terms []Term
	covered := false // by the bigram before
	for _, t := range Tokens(Fold(s)) {
		bigram := t.End-t.Start < len(t.Value) && isCJK(firstRune(t.Value))
		if bigram || !covered {
			terms = append(terms, Term{Value: t.Value, Offset: t.Pos, Prefix: !bigram && isCJK(firstRune(t.Value))})
		}
		covered = bigram
	}
	return terms
}
