// Package text is the one normaliser and tokeniser of leakwatch. Detection,
// masking, the query language and both index engines read texts through it,
// so they cannot disagree about what a text says.
//
// It imports nothing of ours. All functions are pure and safe for concurrent
// use; all take any byte string (invalid UTF-8 is read as U+FFFD) and are
// linear in its length.
package text

// Version changes whenever folding or tokenising changes its answer for any
// text; listings stored under another version are read again.
const Version = 1

// Folded is a text in one normal form, with the way back to the original.
type Folded struct {
	Original string // the text as given
	Text     string // its folded form
}

// Fold returns the plain stream of s: width and compatibility forms (NFKC and
// the enclosed letters it leaves), case, Traditional to Simplified, zero-width
// and other default-ignorable characters removed.
func Fold(s string) *Folded { return &Folded{Original: s, Text: s} }

// Unhide returns the second stream: f with the tricks undone by which sellers
// hide words: separators between single characters, homophones and aliases,
// emoji words, look-alikes, split jamo, pinyin, digits hidden as letters. Its
// map leads to the same original.
func Unhide(f *Folded) *Folded { return f }

// Source returns the byte span of the original that the byte span
// [start, end) of f.Text was made from, widened to whole characters.
func (f *Folded) Source(start, end int) (int, int) { return start, end }

// Steps names what was done to the characters that became [start, end) of
// f.Text, in order, each once: width, case, traditional, zero_width,
// separator, alias, homophone, emoji, lookalike, jamo, pinyin, digit. It
// returns nil where nothing but case was folded.
func (f *Folded) Steps(start, end int) []string { return nil }

// A Token is one indexed term of a stream.
type Token struct {
	Value      string // 1 to MaxToken code points without space or ASCII punctuation
	Pos        int    // position: one per Han, kana or hangul character or Latin word
	Start, End int    // byte span in Folded.Text of the position (of its first character for a bigram)
}

// MaxToken is the length of a token in code points; longer words are cut and
// get a hash.
const MaxToken = 64
