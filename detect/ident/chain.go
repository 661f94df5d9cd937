package ident

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// An atom is one digit of a chain.
type atom struct {
	start, end int32
	value      byte // 0 to 9, digitX or digitMask
}

// gaps says what stands between two groups; a set.
type gaps uint8

const (
	gapSpace gaps = 1 << iota
	gapDash       // hyphens, dots, underscores
	gapCell       // a tab or a bar
	gapLine       // a line break
	gapComma
	gapParen
	gapSlash
	gapOther
)

// A group is a run of digits with nothing between them.
type group struct {
	from, to int  // atoms
	gap      gaps // before it
	gluedL   bool // a Latin letter stands right before it
	gluedR   bool // or right behind it
}

func (g group) len() int { return g.to - g.from }

// A chain is groups of digits with at most maxGap characters between them,
// none of them a letter.
type chain struct {
	atoms  []atom
	groups []group
}

const (
	maxGap   = 3
	maxChain = 1 << 16 // atoms; a longer chain is judged in parts
)

// digitRunes are the characters that digitRune knows by themselves, enclosedRunes
// the circled ones.
const (
	digitRunes    = "〇零○一壹幺弌二贰貳弍三叁參弎四肆五伍六陆陸七柒八捌九玖공영일이삼사오육륙칠팔구оοø০іı"
	enclosedRunes = "①②③④⑤⑥⑦⑧⑨❶❷❸❹❺❻❼❽❾➀➁➂➃➄➅➆➇➈"
)

// digitRune returns the value of a character that is or stands for a digit,
// -1 if it does not. letter says that it is a letter in ordinary texts.
func digitRune(c rune) (value int8, letter bool) {
	switch c {
	case '〇', '零', '○':
		return 0, false
	case '一', '壹', '幺', '弌':
		return 1, false
	case '二', '贰', '貳', '弍':
		return 2, false
	case '三', '叁', '參', '弎':
		return 3, false
	case '四', '肆':
		return 4, false
	case '五', '伍':
		return 5, false
	case '六', '陆', '陸':
		return 6, false
	case '七', '柒':
		return 7, false
	case '八', '捌':
		return 8, false
	case '九', '玖':
		return 9, false
	case '공', '영':
		return 0, true
	case '일':
		return 1, true
	case '이':
		return 2, true
	case '삼':
		return 3, true
	case '사':
		return 4, true
	case '오':
		return 5, true
	case '육', '륙':
		return 6, true
	case '칠':
		return 7, true
	case '팔':
		return 8, true
	case '구':
		return 9, true
	case 'о', 'ο', 'ø', '০': // Cyrillic, Greek and look-alikes
		return 0, false
	case 'і', 'ı', '|':
		return 1, false
	}
	return otherDigit(c), false
}

// otherDigit reads decimal digits of other scripts and styles, which Unicode
// keeps in runs of ten.
func otherDigit(c rune) int8 {
	if c < 0x660 {
		return -1
	}
	if c >= 0x2460 && c <= 0x2473 || c >= 0x2776 && c <= 0x2793 {
		return enclosed(c)
	}
	if !unicode.Is(unicode.Nd, c) {
		return -1
	}
	if c >= 0x1D7CE && c <= 0x1D7FF {
		return int8((c - 0x1D7CE) % 10)
	}
	first := c
	for first > c-9 && unicode.Is(unicode.Nd, first-1) && first%16 != 0 && first%16 != 6 {
		first--
	}
	return int8(c - first)
}

// enclosed reads circled digits, 1 to 9 of each run.
func enclosed(c rune) int8 {
	for _, first := range [3]rune{0x2460, 0x2776, 0x2780} {
		if c >= first && c < first+9 {
			return int8(c-first) + 1
		}
	}
	return -1
}

// letterDigit returns the digit that a Latin letter is written for, -1 for
// none.
func letterDigit(c byte) int8 {
	switch c {
	case 'o':
		return 0
	case 'l', 'i':
		return 1
	}
	return -1
}

// maskRunes are the characters with which sellers mask digits.
const maskRunes = "*●•×█■✱∗⁎◯⬤※＊"

func isMaskRune(c rune) bool {
	return c == '*' || c >= utf8.RuneSelf && strings.ContainsRune(maskRunes, c)
}

// gather reads the chain that begins at i into r.chain and returns the offset
// after it.
func (r *reader) gather(i int) int {
	r.chain.atoms, r.chain.groups = r.chain.atoms[:0], r.chain.groups[:0]
	gap := gaps(0)
	open := false
	for j := i; ; {
		next := r.chainPart(j, &open, gap)
		if next > j {
			i, j, gap = next, next, 0
			if len(r.chain.atoms) >= maxChain {
				return i // with the part that went over: leaving it out, it would be read again from each of its characters
			}
			continue
		}
		open = false
		k, g := r.gap(j)
		if k < 0 || !r.digitAt(k) {
			return i
		}
		j, gap = k, g
	}
}

// chainPart reads one digit, mask or token at j; open says that the last group
// goes on.
func (r *reader) chainPart(j int, open *bool, gap gaps) int {
	if j >= len(r.s) {
		return j
	}
	if isAlnum(r.s[j]) {
		return r.tokenPart(j, open, gap)
	}
	c, w := utf8.DecodeRuneInString(r.s[j:])
	if c >= utf8.RuneSelf && !wideStops.May(c) {
		return j
	}
	if isMaskRune(c) {
		return r.maskPart(j, w, c, open, gap)
	}
	if v, _ := digitRune(c); v >= 0 && c != '|' {
		r.push(j, j+w, byte(v), open, gap)
		return j + w
	}
	return j
}

// tokenPart reads the run of Latin letters and digits at j if it is made of
// digits, of letters written for digits, and of an X at its end.
func (r *reader) tokenPart(j int, open *bool, gap gaps) int {
	end := alnumEnd(r.s, j)
	if r.loneX(j) {
		r.push(j, end, digitX, open, gap)
		return end
	}
	if !r.numeric(j, end) {
		if isDigit(r.s[j]) {
			return r.gluedPart(j, open, gap)
		}
		return j
	}
	xs := trailingXs(r.s[j:end])
	for k := j; k < end; k++ {
		switch c := r.s[k]; {
		case isDigit(c):
			r.push(k, k+1, c-'0', open, gap)
		case c == 'x' && xs == 1 && k == end-1:
			r.push(k, k+1, digitX, open, gap)
		case c == 'x':
			r.push(k, k+1, digitMask, open, gap)
		default:
			r.push(k, k+1, byte(letterDigit(c)), open, gap)
		}
	}
	g := &r.chain.groups[len(r.chain.groups)-1]
	g.gluedL = g.gluedL || r.gluedBefore(j)
	return end
}

// loneX reports whether the X that ends an ID stands at j, by itself behind the
// other digits.
func (r *reader) loneX(j int) bool {
	return r.s[j] == 'x' && len(r.chain.atoms) >= 17 && r.standsAlone(j)
}

// gluedBefore reports whether the token at j goes on a handle or an address.
func (r *reader) gluedBefore(j int) bool {
	return j > 0 && (r.s[j-1] == '_' || r.s[j-1] == '@' || isAlnum(r.s[j-1]))
}

// gluedPart reads the digits that begin a token which goes on in letters.
func (r *reader) gluedPart(j int, open *bool, gap gaps) int {
	end := j
	for end < len(r.s) && isDigit(r.s[end]) {
		r.push(end, end+1, r.s[end]-'0', open, gap)
		end++
	}
	g := &r.chain.groups[len(r.chain.groups)-1]
	g.gluedR = true
	g.gluedL = g.gluedL || r.gluedBefore(j)
	return end
}

// numericToken reports whether t is a number in digits and letters for them:
// at least a third real digits, or none but the o and l of "o1o".
func numericToken(t string) bool {
	digits, xs := 0, 0
	for i := 0; i < len(t); i++ {
		switch c := t[i]; {
		case isDigit(c):
			digits++
		case c == 'x':
			xs++
		case letterDigit(c) < 0:
			return false
		}
	}
	return digits > 0 && (digits+xs)*3 >= len(t) && (xs < 2 || xs >= 3)
}

// numeric reports whether the token [j, end) is a number: by itself, or as a
// part written mostly in letters of one that is not, as in 9lllll-2585333.
func (r *reader) numeric(j, end int) bool {
	t := r.s[j:end]
	if numericToken(t) {
		return true
	}
	if letterDigit(t[0]) < 0 && !isDigit(t[0]) || !lettered(t) {
		return false
	}
	before, after := r.tokenBefore(j), r.tokenAfter(end)
	if !strings.ContainsAny(t, "0123456789") && len(t) < 5 && (before == "" || after == "") {
		return false // a word
	}
	all := before + t + after
	return len(all) >= 11 && numericToken(all)
}

// lettered reports whether t, of three or more characters, is made of digits
// and letters for them.
func lettered(t string) bool {
	for i := 0; i < len(t); i++ {
		if !isDigit(t[i]) && letterDigit(t[i]) < 0 {
			return false
		}
	}
	return len(t) >= 3
}

// tokenBefore returns the number that one separator parts from i, tokenAfter
// the one behind it.
func (r *reader) tokenBefore(i int) string {
	end := i - 1
	if end <= 0 || strings.IndexByte("- ._", r.s[end]) < 0 {
		return ""
	}
	start := end
	for start > 0 && end-start < maxNumber && isAlnum(r.s[start-1]) {
		start--
	}
	return ifNumber(r.s[start:end])
}

func (r *reader) tokenAfter(i int) string {
	if i+1 >= len(r.s) || strings.IndexByte("- ._", r.s[i]) < 0 {
		return ""
	}
	return ifNumber(r.s[i+1 : alnumEnd(r.s, i+1)])
}

func ifNumber(t string) string {
	if numericToken(t) {
		return t
	}
	return ""
}

func trailingXs(t string) int {
	n := 0
	for n < len(t) && t[len(t)-1-n] == 'x' {
		n++
	}
	for i := 0; i < len(t)-n; i++ {
		if t[i] == 'x' {
			return n + 2 // an x inside: all are masks
		}
	}
	return n
}

// maskPart reads a run of two or more mask characters; one alone is a
// separator.
func (r *reader) maskPart(j, w int, c rune, open *bool, gap gaps) int {
	end, n := j, 0
	for end < len(r.s) && n < maxChain {
		d, dw := utf8.DecodeRuneInString(r.s[end:])
		if d != c {
			break
		}
		end, n = end+dw, n+1
	}
	if n < 2 || n == 2 && (len(r.chain.atoms) == 0 || !r.digitAt(end)) {
		return j // a separator, or emphasis
	}
	for k := j; k < end; k += w {
		r.push(k, k+w, digitMask, open, gap)
	}
	return end
}

// push adds an atom, to the open group or to a new one.
func (r *reader) push(start, end int, v byte, open *bool, gap gaps) {
	c := &r.chain
	if !*open {
		c.groups = append(c.groups, group{from: len(c.atoms), to: len(c.atoms), gap: gap})
		*open = true
	}
	c.atoms = append(c.atoms, atom{int32(start), int32(end), v})
	c.groups[len(c.groups)-1].to++
}

// gap reads what stands between two groups at j: at most maxGap characters,
// none a letter, and returns the offset after it, -1 if it is too wide.
func (r *reader) gap(j int) (int, gaps) {
	var g gaps
	for n := 0; n < maxGap && j < len(r.s); n++ {
		c, w := utf8.DecodeRuneInString(r.s[j:])
		switch {
		case c == ' ':
			g |= gapSpace
		case c == '-' || c == '.' || c == '_' || c == '·' || c == '–' || c == '—' || c == '‐':
			g |= gapDash
		case c == '\t' || c == '|':
			g |= gapCell
		case c == '\n' || c == '\r':
			g |= gapLine
		case c == ',' || c == ';' || c == '、':
			g |= gapComma
		case c == '(' || c == ')':
			g |= gapParen
		case c == '/':
			g |= gapSlash
		case c < utf8.RuneSelf && isAlnum(byte(c)) || c >= 0x4E00 && c <= 0x9FFF || unicode.IsLetter(c) || unicode.IsDigit(c) || c == '@':
			return -1, 0
		default:
			g |= gapOther
		}
		j += w
		if r.digitAt(j) {
			return j, g
		}
	}
	return -1, 0
}

// digitAt reports whether a group can begin at j.
func (r *reader) digitAt(j int) bool {
	if j >= len(r.s) {
		return false
	}
	if isAlnum(r.s[j]) {
		return isDigit(r.s[j]) || r.loneX(j) || letterDigit(r.s[j]) >= 0 && r.numeric(j, alnumEnd(r.s, j))
	}
	c, _ := utf8.DecodeRuneInString(r.s[j:])
	if c >= utf8.RuneSelf && !wideStops.May(c) {
		return false
	}
	if isMaskRune(c) {
		return hasMaskRun(r.s, j, c)
	}
	v, _ := digitRune(c)
	return v >= 0 && c != '|'
}

// hasMaskRun reports whether two mask characters stand at j.
func hasMaskRun(s string, j int, c rune) bool {
	w := utf8.RuneLen(c)
	if j+2*w > len(s) {
		return false
	}
	d, _ := utf8.DecodeRuneInString(s[j+w:])
	return c == d
}
