package query

import "github.com/leakwatch/leakwatch/text"

// plainTokens returns the tokens of the plain stream.
func plainTokens(f *text.Folded) []Token { return bare(text.Tokens(f)) }

// unhiddenTokens returns those of the unhidden stream, nil where unhiding
// changed nothing.
func unhiddenTokens(f *text.Folded) []Token { return bare(text.UnhiddenTokens(text.Unhide(f))) }

// bare leaves out where the tokens stand in the text.
func bare(tokens []text.Token) []Token {
	if len(tokens) == 0 {
		return nil
	}
	out := make([]Token, len(tokens))
	for i, t := range tokens {
		out[i] = Token{t.Value, t.Pos}
	}
	return out
}

// phraseTerms returns the terms of a phrase as typed; open says that its last
// word may go on, which a last character may in any case.
func phraseTerms(s string, open bool) []TextTerm {
	var out []TextTerm
	for _, t := range text.PhraseTerms(s) {
		out = append(out, TextTerm{t.Value, t.Offset, t.Prefix})
	}
	if open && len(out) > 0 {
		last := &out[len(out)-1]
		last.Prefix = last.Prefix || positions(last.Value) == 1
	}
	return out
}

// Span returns how many positions of a stream the terms of a phrase take up,
// from the first: a bigram takes up two.
func Span(terms []TextTerm) int {
	if len(terms) == 0 {
		return 0
	}
	last := terms[len(terms)-1]
	return last.Offset + positions(last.Value)
}

// positions returns how many positions a token covers.
func positions(token string) int { return len(text.Tokens(text.Fold(token))) }
