package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kindOf tells which characters a separator may stand between: those of one
// kind.
type kindOf uint8

const (
	noKind kindOf = iota
	hanKind
	hangulKind
	digitKind
	latinKind
)

func kind(r rune) kindOf {
	switch {
	case isLatin(r):
		return latinKind
	case isDigit(r):
		return digitKind
	case r < 0x3005:
		return noKind
	case isHan(r):
		return hanKind
	case isHangul(r):
		return hangulKind
	}
	return noKind
}

// strength of a separator: what it takes to believe that it only hides.
type strength uint8

const (
	listing strength = iota // punctuation of sentences and lists, brackets
	weak                    // spaces, line breaks, hyphens, slashes
	medium                  // other punctuation
	symbol                  // stars, hearts and the like
	hard                    // symbols that stand between characters for nothing else
)

func strengthOf(r rune) strength {
	switch {
	case r == '*' || r == '^' || r == '※' || r == '°':
		return hard
	case strings.ContainsRune(",.、。:!?…()[]{}<>《》〈〉【】「」『』〔〕〖〗〚〛⟦⟧\"'", r):
		return listing
	case unicode.IsSpace(r) || strings.ContainsRune("+-/~", r):
		return weak
	case r < utf8.RuneSelf || strings.ContainsRune("·×○", r) || unicode.IsPunct(r):
		return medium
	}
	return symbol
}

// symbolsThatSeparate are those that strengthOf names and that are no
// punctuation.
const symbolsThatSeparate = "°×○"

// maxSeparator is how many runes may stand between two characters of a word.
const maxSeparator = 3

// A joint is a separator with the characters on both its sides.
type joint struct {
	start, end  int
	left, right rune
	leftAlone   bool // left has no neighbour of its kind before it
	rightAlone  bool // right has none after it
	strength    strength
}

// undoSeparators drops what was put between the characters of a word. A chain
// is a row of characters of one kind, each alone between two separators but
// for the ends. What is dropped depends on the strength of the separator and
// the length of the chain; between the characters of a term less is asked.
func undoSeparators(v *survey, places []int32) []edit {
	q := &v.squeezer
	q.lexis, q.s, q.edits = v.lexis, v.s, v.edits[:0]
	for _, i := range places {
		q.joint(int(i))
	}
	q.finish()
	q.s = ""
	return q.edits
}

type squeezer struct {
	*lexis
	s     string
	chain []joint
	edits []edit

	lefts, rights []rune // room for around
}

// joint adds the joint that begins at offset i, behind a word.
func (q *squeezer) joint(i int) {
	end, power := q.separator(i)
	if power > hard || end == len(q.s) {
		return
	}
	left, n := before(q.s, i)
	right, m := after(q.s, end)
	a, b := q.flags.of(left).kind(), q.flags.of(right).kind()
	if a == noKind || b == noKind || (a != b || power == listing && a < digitKind) && !q.pairSlots.may(pair{left, right}) {
		return
	}
	previous, _ := before(q.s, i-n)
	next, _ := after(q.s, end+m)
	q.add(&joint{i, end, left, right, q.flags.of(previous).kind() != a, q.flags.of(next).kind() != b, power}, a, b)
}

// separator returns the end of what stands between words at offset i, and its
// strength; beyond hard where it is too long to hide anything, or stands for
// a syllable.
func (q *squeezer) separator(i int) (end int, power strength) {
	if c := q.s[i]; c < utf8.RuneSelf && i+1 < len(q.s) {
		if next, _ := after(q.s, i+1); q.flags.of(next)&isWord != 0 && q.flags.of(rune(c))&isShape == 0 {
			return i + 1, q.flags.of(rune(c)).strength()
		}
	}
	count, lines, bars := 0, 0, 0
	for s := q.s; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = wideRune(s, i)
		}
		flags := q.flags.of(r)
		if flags&isWord != 0 {
			break
		}
		count++
		switch r {
		case '\n':
			lines++
		case '|':
			bars++
		}
		if flags&isShape != 0 && !q.separates(q.s, i, i+n, r) {
			count += maxSeparator
		}
		if k := flags.strength(); count == 1 || k > power || k == listing {
			if power != listing || count == 1 {
				power = k
			}
		}
		i += n
	}
	switch {
	case count > maxSeparator || lines > 1:
		power = hard + 1
	case count > 1 && bars > 0: // of a table
		power = listing
	case count > 1 && power == hard: // emphasis, or a word left out
		power = symbol
	}
	return i, power
}

// add adds a joint between characters of these kinds to the chain, or begins
// another with it. What is passed over needs no end of the chain: no joint
// behind it continues that.
func (q *squeezer) add(j *joint, a, b kindOf) {
	if a != b || !j.leftAlone && !j.rightAlone || j.strength == listing && a < digitKind {
		if q.onlyHides(j, a, b) {
			q.finish()
			q.drop(j)
		}
		return
	}
	if n := len(q.chain); n > 0 {
		last := q.chain[n-1]
		if !last.rightAlone || !j.leftAlone || last.end+utf8.RuneLen(last.right) != j.start {
			q.finish()
		}
	}
	q.chain = append(q.chain, *j)
}

// onlyHides reports whether a joint that is no part of a longer chain is dropped.
func (q *squeezer) onlyHides(j *joint, a, b kindOf) bool {
	switch {
	case a == b && a == latinKind:
		return q.splits(j)
	case a == b && a == digitKind:
		return false
	case a == b && j.strength == hard:
		return true
	}
	return q.straddles(j)
}

// finish drops what only hides in the chain, and begins another.
func (q *squeezer) finish() {
	if len(q.chain) > 0 {
		q.finishChain()
	}
}

func (q *squeezer) finishChain() {
	if kind(q.chain[0].left) >= digitKind {
		q.finishSpelled()
	} else {
		q.finishCharacters()
	}
	q.chain = q.chain[:0]
}

// alone returns how many characters of a chain stand alone.
func alone(chain []joint) int {
	n := len(chain) - 1
	if chain[0].leftAlone {
		n++
	}
	if chain[len(chain)-1].rightAlone {
		n++
	}
	return n
}

// finishCharacters is finish for Han and Hangul. Three Han characters with
// spaces between are a word, or a heading; Korean has rows of words of one
// syllable.
func (q *squeezer) finishCharacters() {
	enough := 3
	if kind(q.chain[0].left) == hangulKind {
		enough = 6
	}
	long := alone(q.chain) >= enough
	for k := range q.chain {
		j := &q.chain[k]
		one, both := j.leftAlone || j.rightAlone, j.leftAlone && j.rightAlone
		switch {
		case j.strength == hard,
			j.strength == symbol && one,
			j.strength == medium && (both || one && len(q.chain) > 1),
			j.strength == weak && both && long,
			q.straddles(j):
			q.drop(j)
		}
	}
}

// finishSpelled is finish for letters and digits: of each part of the chain
// in which all are alone and have the same separator between them.
func (q *squeezer) finishSpelled() {
	for chain := q.chain; len(chain) > 0; {
		n := 1
		for n < len(chain) && q.between(chain[n]) == q.between(chain[0]) {
			n++
		}
		part := chain[:n]
		chain = chain[n:]
		if !part[0].leftAlone {
			part = part[1:]
		}
		if n := len(part); n > 0 && !part[n-1].rightAlone {
			part = part[:n-1]
		}
		if len(part) > 0 && q.spells(part) {
			for k := range part {
				q.drop(&part[k])
			}
		}
	}
}

func (q *squeezer) between(j joint) string { return q.s[j.start:j.end] }

// spells reports whether a row of single letters or digits is a word: it has
// three letters, five digits, or is a term such as v/x. A comma, or a point
// with a space, makes it a list.
func (q *squeezer) spells(part []joint) bool {
	if len(part) == 1 {
		w := string([]rune{part[0].left, part[0].right})
		return q.words[w] == loose || part[0].strength >= medium && q.isEnglish(w)
	}
	sep := q.between(part[0])
	if sep[0] == ',' || part[0].strength == listing && len(sep) > 1 {
		return false
	}
	return kind(part[0].left) == latinKind || len(part) >= 4
}

// maxHalf is how far the parts of a split word reach on either side of a joint.
const maxHalf = 12

// splits reports whether a joint of one character is one of those that split an
// English word of the trade: recog-nition, tele.gram, pass_po_rt.
func (q *squeezer) splits(j *joint) bool {
	if j.end-j.start != 1 || !splitsWords(q.s[j.start]) {
		return false
	}
	return q.isSplit(j, 0) || q.isSplit(j, q.s[j.start])
}

// splitsWords reports whether c is a separator that English words are split
// with.
func splitsWords(c byte) bool { return strings.IndexByte(".-_*~^'|", c) >= 0 }

// isSplit reports whether the letters around a joint, with sep between some of
// them, spell an English word of the trade.
func (q *squeezer) isSplit(j *joint, sep byte) bool {
	start, end := j.start, j.end
	for start > 0 && j.start-start < maxHalf && (isLatin(rune(q.s[start-1])) || q.s[start-1] == sep) {
		start--
	}
	for end < len(q.s) && end-j.end < maxHalf && (isLatin(rune(q.s[end])) || q.s[end] == sep) {
		end++
	}
	if end-start < 6 || joinedBefore(q.s, start) || joinedAfter(q.s, end) {
		return false
	}
	var buf [2*maxHalf + 1]byte
	word := buf[:0]
	for i := start; i < end; i++ {
		if i != j.start && q.s[i] != sep {
			word = append(word, q.s[i])
		}
	}
	return q.isEnglish(string(word))
}

func (q *squeezer) drop(j *joint) {
	q.edits = append(q.edits, edit{start: j.start, end: j.end, step: stepSeparator})
}

// cohesion tells of a word what may stand between its characters for it to be
// put together: anything, or no space and no punctuation of sentences.
type cohesion uint8

const (
	loose cohesion = iota + 1
	firm
)

// straddles reports whether a term stands around a joint. One of two
// characters must stand alone on one side, since two words that meet may look
// like it; so must any term where the joint is punctuation.
func (q *squeezer) straddles(j *joint) bool {
	alone := j.leftAlone || j.rightAlone
	if !alone && j.strength == listing || !q.hasPair(pair{j.left, j.right}) {
		return false
	}
	sep := q.between(*j)
	spaced := strings.ContainsAny(sep, " \n\t") || j.strength == listing && sep != "."
	list := j.strength == weak && j.leftAlone // as in 男/女
	left, right := q.around(j)
	for a := 1; a <= len(left); a++ {
		for b := 1; b <= len(right) && a+b <= q.longest; b++ {
			switch q.words[string(left[len(left)-a:])+string(right[:b])] {
			case loose:
				if alone || a+b > 2 && j.strength > listing {
					return true
				}
			case firm:
				if !spaced && (alone && !list || a+b > 2 && j.strength > weak) {
					return true
				}
			}
		}
	}
	return false
}

// around returns the characters on either side of a joint, as many as a term
// may need; further separators between them do not count.
func (q *squeezer) around(j *joint) (left, right []rune) {
	left, right = q.lefts[:0], q.rights[:0]
	for i, gap := j.start, 0; i > 0 && len(left) < q.longest-1 && gap <= maxSeparator; {
		r, n := before(q.s, i)
		if gap++; isWordRune(r) {
			left = append(left, r)
			gap = 0
		}
		i -= n
	}
	slices.Reverse(left)
	for i, gap := j.end, 0; i < len(q.s) && len(right) < q.longest-1 && gap <= maxSeparator; {
		r, n := after(q.s, i)
		if gap++; isWordRune(r) {
			right = append(right, r)
			gap = 0
		}
		i += n
	}
	q.lefts, q.rights = left, right
	return left, right
}
