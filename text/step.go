package text

// step is a set of the things done to a character, in the order in which they
// are named.
type step uint16

const (
	stepWidth step = 1 << iota
	stepCase
	stepTraditional
	stepZeroWidth
	stepSeparator
	stepAlias
	stepHomophone
	stepEmoji
	stepLookalike
	stepJamo
	stepPinyin
	stepDigit
)

var stepNames = [...]string{"width", "case", "traditional", "zero_width", "separator", "alias",
	"homophone", "emoji", "lookalike", "jamo", "pinyin", "digit"}

// names returns the names of the steps in s, nil if there are none but case.
func (s step) names() []string {
	if s&^stepCase == 0 {
		return nil
	}
	var names []string
	for i, name := range stepNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// stepNamed returns the step of that name, 0 if there is none.
func stepNamed(name string) step {
	for i, n := range stepNames {
		if n == name {
			return 1 << i
		}
	}
	return 0
}

// Steps names what was done to the characters that became [start, end) of
// f.Text, in order, each once: width, case, traditional, zero_width,
// separator, alias, homophone, emoji, lookalike, jamo, pinyin, digit. It
// returns nil where nothing but case was folded. Changes of form that are no
// hiding are not named: punctuation, composed accents, selectors of emoji.
func (f *Folded) Steps(start, end int) []string {
	var steps step
	for ; f.under != nil; f = f.under {
		start, end = wholeRunes(f.Text, start, end)
		steps |= f.editSteps(start, end)
		start, end = f.moved.span(start, end)
	}
	start, end = wholeRunes(f.Text, start, end)
	from, to := f.moved.span(start, end)
	switch source, out := f.Original[from:to], f.Text[start:end]; {
	case source == out:
	case lowers(source, out):
		steps |= stepCase
	default:
		steps |= foldSteps(source)
	}
	return steps.names()
}

// lowers reports whether out is s but for letters of ASCII that are lower
// case in it.
func lowers(s, out string) bool {
	if len(s) != len(out) {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != out[i] && (c < 'A' || c > 'Z' || c|0x20 != out[i]) {
			return false
		}
	}
	return true
}
