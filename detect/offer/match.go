package offer

import "github.com/leakwatch/leakwatch/detect/internal/ends"

// newEnds makes a list of words that a text may end with, Latin ones behind no
// other letter.
func newEnds(words ...string) *ends.Words { return ends.New(isLetter, words...) }

// newAnyEnds makes a list of words that a text may end with, wherever they begin.
func newAnyEnds(words ...string) *ends.Words { return ends.New(nil, words...) }
