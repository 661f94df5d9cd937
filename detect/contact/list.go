package contact

import "github.com/leakwatch/leakwatch/detect/internal/ends"

// newEndings makes a list of words that a text may end with, wherever they begin.
func newEndings(words ...string) *ends.Words { return ends.New(nil, words...) }

// newWordEndings makes a list of words that a text may end with, Latin ones not as
// the end of a longer word.
func newWordEndings(words ...string) *ends.Words { return ends.New(isAlnum, words...) }
