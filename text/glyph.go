package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// undoGlyphs undoes what hides in single characters: rare spellings, emoji
// words, letters that look like Latin ones, marks drawn over characters, and
// pinyin inserted in brackets after one.
func undoGlyphs(v *survey, places []int32) []edit {
	edits := v.edits[:0]
	s, x := v.s, v.lexis
	done := 0
	for _, at := range places {
		i := int(at)
		if i < done {
			continue
		}
		r, n := after(s, i)
		k := x.flags.of(r)
		var whole *alias
		if k&isPart != 0 {
			whole = x.wholeOf(s[i:], r)
		}
		switch {
		case r == '(':
			if n = x.insertedPinyin(s, i); n > 0 {
				edits = append(edits, edit{start: i, end: i + n, step: stepPinyin})
			}
			n = max(n, 1)
		case whole != nil:
			n = len(whole.from)
			edits = append(edits, edit{start: i, end: i + n, to: whole.to, step: whole.step})
		case k&isGlyph != 0:
			edits = append(edits, edit{start: i, end: i + n, to: string(x.glyphs[r]), step: stepLookalike})
		case k&isEmoji != 0:
			if !x.separates(s, i, i+n, r) {
				edits = append(edits, edit{start: i, end: i + n, to: x.emojiWord(s, i, i+n), step: stepEmoji})
			}
		case k&isDressed != 0:
			var end int
			edits, end = x.undressed(edits, s, i)
			n = max(end-i, n)
		case k&isLetterLike != 0:
			start := wordStart(s, i, edits)
			end := start + wordLength(s[start:])
			edits = x.latinised(edits, s, start, end)
			n = max(end-i, n)
		case k&isMark != 0 && isDrawnOver(s, i, r):
			edits = append(edits, edit{start: i, end: i + n, step: stepSeparator})
		case k&isMark != 0:
			if p, _ := before(s, i); isAlnum(p) || x.flags.of(p)&isDressed != 0 {
				var end int
				edits, end = x.undressed(edits, s, i)
				n = max(end-i, n)
			}
		}
		done = i + n
	}
	return edits
}

// wholeOf returns the character whose parts s begins with, the first of which
// is r, nil if there is none.
func (x *lexis) wholeOf(s string, r rune) *alias {
	list := x.parts[r]
	for k := range list {
		if strings.HasPrefix(s, list[k].from) {
			return &list[k]
		}
	}
	return nil
}

// isDrawnOver reports whether r at offset i is a mark that only serves to
// draw over the character before it.
func isDrawnOver(s string, i int, r rune) bool {
	if r >= 0x334 && r <= 0x338 || r == 0x332 || r == 0x333 || r == 0x305 {
		return i > 0
	}
	for k := 0; k < maxMarks && i > 0; k++ {
		p, n := before(s, i)
		if !unicode.Is(unicode.Mn, p) {
			return isHan(p) || isHangul(p) || isDigit(p)
		}
		i -= n
	}
	return false
}

// insertedPinyin returns the length of "(cè)" at offset i of s if it tells
// the reading of the character before it, else 0.
func (x *lexis) insertedPinyin(s string, i int) int {
	p, _ := before(s, i)
	if !isHan(p) {
		return 0
	}
	inside := s[i+1:]
	found := x.sounds.spelled(inside)
	for k, end := range found.ends[:found.count] {
		if strings.HasPrefix(inside[end:], ")") && slices.Contains(x.sounds.of(p), found.is[k]) {
			return len("(") + end + len(")")
		}
	}
	return 0
}

// tones lists the vowels with tone marks, five to a letter; ü is v.
const tones = "aāáǎà" + "eēéěè" + "iīíǐì" + "oōóǒò" + "uūúǔù" + "vǖǘǚǜ"

const lastToned = 'ǜ'

// toneless returns the letter of r without tone, 0 if it is no pinyin letter.
func toneless(r rune) byte {
	if isLatin(r) {
		return byte(r)
	}
	if r < 0xE0 || r > lastToned {
		return 0
	}
	if r == 'ü' {
		return 'v'
	}
	letter := byte(0)
	for _, t := range tones {
		if t < utf8.RuneSelf {
			letter = byte(t)
		} else if t == r {
			return letter
		}
	}
	return 0
}

// separates reports whether the emoji r at [start, end) stands between the
// characters of a word: there it is again behind the next character or before
// the last.
func (x *lexis) separates(s string, start, end int, r rune) bool {
	p, n := before(s, start)
	next, m := after(s, end)
	if k := kind(p); k == noKind || k != kind(next) {
		return false
	}
	again, _ := after(s, end+m)
	already, _ := before(s, start-n)
	return again == r || already == r
}

// nearby is how far around an emoji its script is looked for, in runes.
const nearby = 16

// emojiWord returns the word of the emoji at [start, end) in the script
// around it: of Han and Hangul the nearer, else Latin if there is any.
func (x *lexis) emojiWord(s string, start, end int) string {
	r, _ := utf8.DecodeRuneInString(s[start:])
	words := x.emoji[r]
	switch scriptAround(s, start, end) {
	case hangulKind:
		return x.fitting(s, start, end, r, words[1])
	case latinKind:
		return apart(s, start, end, words[2])
	}
	return x.fitting(s, start, end, r, words[0])
}

// scriptAround returns the script around [start, end), noKind if there is none.
func scriptAround(s string, start, end int) kindOf {
	latin := noKind
	for i, k := start, 0; k < nearby && i > 0; k++ {
		p, n := before(s, i)
		switch {
		case isHan(p):
			return hanKind
		case isHangul(p):
			return hangulKind
		case isLatin(p):
			latin = latinKind
		}
		i -= n
	}
	for i, k := end, 0; k < nearby && i < len(s); k++ {
		p, n := after(s, i)
		switch {
		case isHan(p):
			return hanKind
		case isHangul(p):
			return hangulKind
		case p == '@': // a handle is no language
			return latin
		case isLatin(p):
			latin = latinKind
		}
		i += n
	}
	return latin
}

// fitting returns what the emoji r at [start, end) is read as: word, or one of
// the characters that it stands for, whichever makes more terms with its
// neighbours. What the neighbours say already is left out.
func (x *lexis) fitting(s string, start, end int, r rune, word string) string {
	left, _ := before(s, start)
	right, _ := after(s, end)
	best, most := word, x.fit(left, word, right)
	for _, c := range x.trade.shapes[r] {
		if n := x.fit(left, string(c), right); n > most && isHan(c) == isHan(firstRune(word)) {
			best, most = string(c), n
		}
	}
	if first, last := firstRune(best), lastRuneOf(best); len(best) > utf8.RuneLen(first) {
		switch {
		case right == last && !x.hasPair(pair{last, last}):
			best = best[:len(best)-utf8.RuneLen(last)]
		case left == first && !x.hasPair(pair{first, first}):
			best = best[utf8.RuneLen(first):]
		}
	}
	return best
}

// fit returns on how many sides word makes a pair of a term with a neighbour.
func (x *lexis) fit(left rune, word string, right rune) (n int) {
	if x.hasPair(pair{left, firstRune(word)}) {
		n++
	}
	if x.hasPair(pair{lastRuneOf(word), right}) {
		n++
	}
	return n
}

func lastRuneOf(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// apart returns word with a space where it would run into a Latin one.
func apart(s string, start, end int, word string) string {
	if p, _ := before(s, start); isAlnum(p) {
		word = " " + word
	}
	if p, _ := after(s, end); isAlnum(p) {
		word += " "
	}
	return word
}

// wordStart returns where the word begins that holds offset i, not before
// what was edited last.
func wordStart(s string, i int, edits []edit) int {
	low := 0
	if len(edits) > 0 {
		low = edits[len(edits)-1].end
	}
	for i > low {
		p, n := before(s, i)
		if isCJK(p) || !isWordRune(p) {
			break
		}
		i -= n
	}
	return i
}

// latinised appends edits that make the word [start, end) Latin, if all its
// letters look it and either some are Latin already or all are small capitals
// and the like, which no language writes whole words with.
func (x *lexis) latinised(edits []edit, s string, start, end int) []edit {
	latin, alphabet := false, false
	for _, r := range s[start:end] {
		switch {
		case isAlnum(r):
			latin = true
		case x.flags.of(r)&isLetterLike == 0:
			return edits
		case unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian):
			alphabet = true
		}
	}
	if alphabet && !latin || !alphabet && !latin && utf8.RuneCountInString(s[start:end]) < 2 {
		return edits
	}
	for i, r := range s[start:end] {
		if letter, ok := x.letters[r]; ok {
			edits = append(edits, edit{start: start + i, end: start + i + utf8.RuneLen(r),
				to: string(letter), step: stepLookalike})
		}
	}
	return edits
}
