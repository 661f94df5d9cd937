package text

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the plain stream of s: width and compatibility forms (NFKC and
// the enclosed letters it leaves), case, Traditional to Simplified, zero-width
// and other default-ignorable characters removed. Line breaks and tabs are
// kept. Compatibility jamo stay letters: Unhide composes them.
func Fold(s string) *Folded {
	t := foldTables()
	n := t.unchanged(s)
	if n == len(s) {
		return &Folded{Original: s, Text: s}
	}
	w := folders.Get().(*folder)
	defer folders.Put(w)
	w.tables, w.src, w.moved = t, s, w.moved[:0]
	w.out = append(w.out[:0], s[:n]...)
	w.fold(n)
	w.src = ""
	return &Folded{Original: s, Text: string(w.out), moved: slices.Clone(w.moved)}
}

var folders = sync.Pool{New: func() any { return new(folder) }}

// unchanged returns the length of a prefix of s that folds to itself whatever
// follows.
func (t *tables) unchanged(s string) int {
	last := 0 // begin of the last character, which the next may combine with
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		switch k := t.of(r); {
		case r == utf8.RuneError && n == 1:
			return i
		case k&(ignorable|joining) != 0:
			return last
		case k != 0:
			return i
		}
		last, i = i, i+n
	}
	return len(s)
}

// folder folds src into out.
type folder struct {
	*tables
	src   string
	out   []byte
	moved mapping
}

// fold folds src from offset i, where a cluster begins, to the end.
func (w *folder) fold(i int) {
	r, n := utf8.DecodeRuneInString(w.src[i:])
	k := w.of(r)
	for i < len(w.src) {
		if r < utf8.RuneSelf && k&contextual == 0 {
			i = w.ascii(i)
			r, n = utf8.DecodeRuneInString(w.src[i:])
			k = w.of(r)
		}
		next, size := utf8.DecodeRuneInString(w.src[i+n:])
		nextClass := w.of(next)
		if (k|nextClass)&contextual != 0 && (k&contextual != 0 || nextClass&(ignorable|joining) != 0) {
			i = w.cluster(i)
			r, n = utf8.DecodeRuneInString(w.src[i:])
			k = w.of(r)
			continue
		}
		w.one(i, r, n, k)
		i += n
		r, n, k = next, size, nextClass
	}
}

// ascii folds the ASCII characters from offset i on that are followed by
// another, and returns where they end.
func (w *folder) ascii(i int) int {
	s, page := w.src, w.pages[0]
	for ; i+1 < len(s) && s[i] < utf8.RuneSelf && s[i+1] < utf8.RuneSelf; i++ {
		k := page[s[i]]
		if (k|page[s[i+1]])&contextual != 0 {
			return i
		}
		if k == 0 {
			k = class(s[i])
		}
		w.out = append(w.out, byte(k))
	}
	return i
}

// one folds the code point r of n bytes at offset i by itself.
func (w *folder) one(i int, r rune, n int, k class) {
	if k != 0 {
		r = rune(k)
	}
	at := len(w.out)
	w.out = utf8.AppendRune(w.out, r)
	if width := len(w.out) - at; width != n {
		w.moved.add(at, i, width, n)
	}
}

// cluster folds the cluster at offset i and returns its end.
func (w *folder) cluster(i int) int {
	end := w.clusterEnd(i)
	at := len(w.out)
	w.out = append(w.out, w.foldPart(w.src[i:end])...)
	width := len(w.out) - at
	if _, n := utf8.DecodeRune(w.out[at:]); n != width || width != end-i || width == 0 {
		w.moved.add(at, i, width, end-i)
	} else if _, n := utf8.DecodeRuneInString(w.src[i:]); n != width {
		w.moved.add(at, i, width, end-i)
	}
	return end
}

// foldPart folds a cluster or a stretch of ignorable code points.
func (t *tables) foldPart(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	k := t.of(r)
	switch {
	case k == ignorable && !t.hasJoining(s):
		return ""
	case n == len(s) && k == expanding:
		return t.expanded[r]
	case n == len(s) && k&contextual == 0:
		if k != 0 {
			r = rune(k)
		}
		return string(r)
	}
	return t.foldCluster(s)
}

func (t *tables) hasJoining(s string) bool {
	for _, r := range s {
		if t.of(r) == joining {
			return true
		}
	}
	return false
}

// clusterEnd returns the end of the cluster that begins at offset i: one
// character and all that combines with it, or a stretch of ignorable code
// points. What is ignorable belongs to a cluster only between its parts.
func (w *folder) clusterEnd(i int) int {
	r, n := utf8.DecodeRuneInString(w.src[i:])
	i += n
	end := i
	alone := isJamo(r) || r == utf8.RuneError && n == 1
	dropped := w.of(r) == ignorable
	for i < len(w.src) {
		r, n = utf8.DecodeRuneInString(w.src[i:])
		switch k := w.of(r); {
		case k == ignorable:
			i += n
			if dropped {
				end = i
			}
			continue
		case k == joining && !alone && !dropped:
			i += n
			end = i
			continue
		}
		break
	}
	return end
}

// foldSteps returns what folding does to s.
func foldSteps(s string) step {
	w := folder{tables: foldTables(), src: s}
	var steps step
	afterWord := false // the character before is a letter, digit or mark
	for i := 0; i < len(s); {
		if out, n := w.alone(i); n > 0 {
			if k, ok := w.simpleStep(s[i:], out); ok {
				steps |= k
				afterWord = isWordRune(out)
				i += n
				continue
			}
		}
		end := w.clusterEnd(i)
		part := s[i:end]
		out := w.foldPart(part)
		if out != part {
			steps |= w.partSteps(part, out, afterWord)
		}
		if out != "" {
			afterWord = isWordRune(firstRune(out))
		}
		i = end
	}
	return steps
}

// alone returns what the code point at offset i folds to, and its length, 0 if
// it does not fold by itself.
func (w *folder) alone(i int) (rune, int) {
	r, n := utf8.DecodeRuneInString(w.src[i:])
	next, _ := utf8.DecodeRuneInString(w.src[i+n:])
	k := w.of(r)
	switch {
	case k&contextual != 0 || w.of(next)&contextual != 0 || r == utf8.RuneError:
		return 0, 0
	case k != 0:
		r = rune(k)
	}
	return r, n
}

// simpleStep is partSteps for the begin of s, which folds to out by itself, if it
// is plain to see: what stays, ASCII, and characters that were simplified.
func (t *tables) simpleStep(s string, out rune) (step, bool) {
	switch r := firstRune(s); {
	case r == out:
		return 0, true
	case r < utf8.RuneSelf && isLatin(out):
		return stepCase, true
	case r >= 0x4E00 && r <= 0x9FFF && t.simplified[r] == out && t.forms[out] == "":
		return stepTraditional, true
	}
	return 0, false
}

// partSteps names what made out of part. Punctuation, accents that were
// composed, and selectors after symbols are settled without a name.
func (t *tables) partSteps(part, out string, afterWord bool) step {
	first := firstRune(part)
	switch {
	case t.of(first) != ignorable:
	case !afterWord:
		return 0
	case strings.ContainsFunc(part, isEnclosing): // a keycap
		return stepWidth
	default:
		return stepZeroWidth
	}
	if !isWordRune(firstRune(out)) {
		return 0
	}
	var steps step
	for _, r := range part {
		if t.of(r) == ignorable && !isEnclosing(r) && r != emojiSelector {
			steps |= stepZeroWidth
		}
		if to, ok := t.simplified[r]; ok && to != r {
			steps |= stepTraditional
		}
		if unicode.IsUpper(r) {
			steps |= stepCase
		}
	}
	switch {
	case isRadical(first):
		steps |= stepLookalike
	case t.isWidth(part, out):
		steps |= stepWidth
	}
	return steps
}

func isEnclosing(r rune) bool { return unicode.Is(unicode.Me, r) }

const emojiSelector = 0xFE0F // also part of keycaps

// isWidth reports whether out came from part by more than canonical
// composition, case and simplification.
func (t *tables) isWidth(part, out string) bool {
	var b []byte
	for _, r := range norm.NFC.String(part) {
		if t.of(r) == ignorable && !isEnclosing(r) && r != emojiSelector {
			continue
		}
		if to, ok := t.simplified[r]; ok {
			r = to
		}
		if unicode.IsLetter(r) {
			b = t.form(b, r)
		} else {
			b = utf8.AppendRune(b, r)
		}
	}
	return string(b) != out
}

// isRadical reports whether r is a radical or stroke, which looks like the
// ideograph that it folds to.
func isRadical(r rune) bool { return r >= 0x2E80 && r <= 0x2FDF || r >= 0x31C0 && r <= 0x31EF }
