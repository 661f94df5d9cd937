package ident

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
)

// A compact is a number of letters and digits read without what stands between
// its parts.
type compact struct {
	text    string
	letters int   // how many it begins with, one or two
	ends    []int // offset after each character
	whole   int   // how many characters stand before the first separator
	alone   int   // how many, from the first on, stand alone behind one and the same separator
	sep     string
}

// maxDocument is the length of the longest number that begins with letters.
const maxDocument = 12

// compactAt reads up to maxDocument letters and digits at i: with single
// separators between groups, or each alone behind a separator of any kind. The
// text of fewer than any number has is "".
func (r *reader) compactAt(i int, buf []byte, ends []int) compact {
	c := compact{}
	alone := true
	for k := i; len(buf) < maxDocument; {
		from := len(buf)
		for c, w := r.char(k); w > 0 && len(buf) < maxDocument; c, w = r.char(k) {
			buf, ends, k = append(buf, c), append(ends, k+w), k+w
		}
		if alone = alone && len(buf) == from+1; alone {
			c.alone = len(buf)
		}
		next := r.separated(k)
		if next < 0 {
			break
		}
		if sep := r.s[k:next]; c.sep == "" {
			c.sep, c.whole = sep, len(buf)
		} else {
			alone = alone && sep == c.sep
		}
		plain := next == k+1 && strings.IndexByte(" -.", r.s[k]) >= 0 && r.isFigure(next)
		if !plain && !(alone && r.standsAlone(next)) {
			break
		}
		k = next
	}
	if c.sep == "" {
		c.whole = len(buf)
	}
	if len(buf) < shortest {
		return compact{}
	}
	c.text, c.ends, c.letters = string(buf), ends, 1
	if len(buf) > 1 && isLetter(buf[1]) {
		c.letters = 2
	}
	return c
}

// char returns the ASCII letter or digit at k, which may be written in Han, and
// its width, 0 if there is none.
func (r *reader) char(k int) (byte, int) {
	if k >= len(r.s) {
		return 0, 0
	}
	if r.s[k] < utf8.RuneSelf {
		if isAlnum(r.s[k]) {
			return r.s[k], 1
		}
		return 0, 0
	}
	c, w := utf8.DecodeRuneInString(r.s[k:])
	if v, letter := digitRune(c); v >= 0 && !letter {
		return '0' + byte(v), w
	}
	return 0, 0
}

// isFigure reports whether a digit stands at k.
func (r *reader) isFigure(k int) bool {
	c, w := r.char(k)
	return w > 0 && isDigit(c)
}

// separated returns the offset of the letter or digit behind the one to
// maxGap other characters at k, -1 if there is none.
func (r *reader) separated(k int) int {
	for n := 0; n < maxGap && k < len(r.s); n++ {
		c, w := rune(r.s[k]), 1
		if c >= utf8.RuneSelf {
			c, w = utf8.DecodeRuneInString(r.s[k:])
			if unicode.IsLetter(c) || unicode.IsDigit(c) {
				return -1
			}
		}
		k += w
		if _, w := r.char(k); w > 0 {
			return k
		}
	}
	return -1
}

// standsAlone reports whether the letter or digit at k is a token by itself.
func (r *reader) standsAlone(k int) bool {
	_, w := r.char(k)
	_, next := r.char(k + w)
	return next == 0
}

// together reports whether nothing stands between the first n characters.
func (c *compact) together(n int) bool { return c.whole >= n }

// spaced reports whether exactly the first n characters stand alone behind the
// same separator, as somebody writes who hides them. The cells of a table are
// no such thing.
func (c *compact) spaced(n int) bool {
	return c.alone >= n && !c.listed(n) && !strings.ContainsAny(c.sep, "\t|\n")
}

// listed reports whether characters that stand alone are a list: they go on
// behind the first n, or count from one on.
func (c *compact) listed(n int) bool {
	if c.alone < n {
		return false
	}
	if c.alone > n && isDigit(c.text[n]) {
		return true
	}
	for i := c.letters + 1; i < n; i++ {
		if c.text[i] != c.text[i-1]+1 {
			return false
		}
	}
	return true
}

// document reads an identity document whose number begins with the one or two
// letters [i, j) and returns the offset after it, i if there is none.
func (r *reader) document(i, j int) int {
	if !r.documentBegins(i, j) {
		return i
	}
	var buf [maxDocument]byte
	var ends [maxDocument]int
	c := r.compactAt(i, buf[:0], ends[:0])
	if c.text == "" {
		return i
	}
	link := r.inLink(i)
	joined := !link && i > 0 && strings.IndexByte("/.-", r.s[i-1]) >= 0
	if !link && r.cued(i, nameCues) || link && r.cued(i, linkNameCues) {
		return i
	}
	if v, end := r.hongKong(&c, i); end > i && (v.valid || !link && !joined) {
		r.addVerdict(v, i, end)
		return end
	}
	if joined {
		return i // the name of a thing: ABC-E12345678
	}
	v, end := r.taiwan(&c, i)
	if end == i {
		v, end = r.passport(&c, i, link)
	}
	if end > i {
		r.addVerdict(v, i, end)
	}
	return end
}

// documentBegins reports whether digits follow the letters [i, j), directly,
// behind a separator, or behind one more letter that stands alone as they do.
func (r *reader) documentBegins(i, j int) bool {
	if r.words(i, j) {
		return false
	}
	k := j
	if _, w := r.char(k); w == 0 {
		k = r.separated(k)
	}
	if k < 0 || r.isFigure(k) {
		return k >= 0
	}
	if k == j || j-i > 1 || !r.standsAlone(k) {
		return false
	}
	k = r.separated(k + 1)
	return k >= 0 && r.isFigure(k)
}

// words reports whether another word follows the letters [i, j) behind a space,
// as in most places.
func (r *reader) words(i, j int) bool {
	return j+2 < len(r.s) && r.s[j] == ' ' && isLetter(r.s[j+1]) && (j-i > 1 || isLetter(r.s[j+2]))
}

// nameCues announce handles and things whose names look like documents.
var nameCues = newCues("vx", "wx", "微信", "v信", "tg", "telegram", "飞机", "电报", "qq", "型号", "model", "编号", "货号", "카톡", "텔레", "텔레그램", "user", "id", "微", "薇",
	"wechat", "line", "kakao", "라인", "discord", "wickr", "signal", "serial", "sku", "part", "版本")

// linkNameCues do so in the path or query of a link.
var linkNameCues = newCues("user", "users", "u", "model", "sku", "part", "serial", "product", "products", "goods", "version", "v")

// hongKong reads A123456(7): with its parentheses, or with a cue, or with a
// check digit behind characters that stand alone.
func (r *reader) hongKong(c *compact, i int) (verdict, int) {
	n := c.letters + 6
	if len(c.text) < n || !allDigits(c.text[c.letters:n]) {
		return verdict{}, i
	}
	if last, end := r.bracketed(c.ends[n-1]); end > 0 {
		id := c.text[:n] + string(last)
		valid := hkCheck(id)
		if !valid && !(c.together(n) && end-c.ends[n-1] <= 3+maxGap) && !r.cued(i, hkCues) {
			return verdict{}, i
		}
		return verdict{kind: leak.HKID, canonical: strings.ToUpper(id), valid: valid}, end
	}
	if len(c.text) <= n || !r.boundary(c.ends[n]) || !isDigit(c.text[n]) && c.text[n] != 'a' {
		return verdict{}, i
	}
	id := c.text[:n+1]
	valid := hkCheck(id)
	if cue := len(c.text) == n+1 && r.cued(i, hkCues); !cue && !(valid && c.spaced(n+1)) {
		return verdict{}, i
	}
	return verdict{kind: leak.HKID, canonical: strings.ToUpper(id), valid: valid}, c.ends[n]
}

// bracketed reads the check character in parentheses at i, separators around
// each, and returns it with the offset after it, 0 if there is none.
func (r *reader) bracketed(i int) (byte, int) {
	if i = r.skipGap(i); !hasAt(r.s, i, "(") {
		return 0, 0
	}
	i = r.skipGap(i + 1)
	last, w := r.char(i)
	if w == 0 || !isDigit(last) && last != 'a' {
		return 0, 0
	}
	if i = r.skipGap(i + w); !hasAt(r.s, i, ")") {
		return 0, 0
	}
	return last, i + 1
}

// skipGap returns the offset after at most maxGap characters at i that are
// neither letters, digits, parentheses nor line breaks.
func (r *reader) skipGap(i int) int {
	for n := 0; n < maxGap && i < len(r.s); n++ {
		c, w := utf8.DecodeRuneInString(r.s[i:])
		if _, figure := r.char(i); figure > 0 || unicode.IsLetter(c) || unicode.IsDigit(c) || c == '(' || c == ')' || c == '\n' {
			break
		}
		i += w
	}
	return i
}

// taiwan reads a letter, [1289A-D] and eight digits: with its check digit, or
// with a cue.
func (r *reader) taiwan(c *compact, i int) (verdict, int) {
	if len(c.text) < 10 || !r.boundary(c.ends[9]) || !allDigits(c.text[2:10]) || !isLetter(c.text[0]) {
		return verdict{}, i
	}
	switch second := c.text[1]; {
	case second == '1' || second == '2' || second == '8' || second == '9':
	case c.letters == 2 && second >= 'a' && second <= 'd':
	default:
		return verdict{}, i
	}
	id := c.text[:10]
	check := twCheck(id)
	if (!check || c.listed(10)) && !r.cued(i, twCues) {
		return verdict{}, i
	}
	return verdict{kind: leak.TWID, canonical: strings.ToUpper(id), valid: check}, c.ends[9]
}

// passport reads a passport number. The forms of China (E or G and eight
// digits, E and a letter and seven digits), of Korea (M and eight digits, or M
// three digits, a letter and four digits, since 2021; also S, R, G, D and O)
// and of the permits for Hong Kong and Macau are known by themselves; other
// forms need a cue. In a link, where things have such names, only those of
// China and Korea are.
func (r *reader) passport(c *compact, i int, link bool) (verdict, int) {
	cue := r.cued(i, passportCues)
	for _, n := range []int{11, 9, 10, 8, 7} {
		if len(c.text) < n || !r.boundary(c.ends[n-1]) {
			continue
		}
		id := c.text[:n]
		plain := c.together(n) || c.spaced(n) || grouped(c, n)
		if link {
			plain = plain && strings.IndexByte("egm", id[0]) >= 0
		}
		if knownPassport(id) && (plain || cue) && !r.counted(c.ends[n-1]) || cue && passportForm(id) {
			return verdict{kind: leak.Passport, canonical: strings.ToUpper(id)}, c.ends[n-1]
		}
	}
	return verdict{}, i
}

// grouped reports whether the first n characters are a Chinese passport number
// behind one separator: E 12345678, E1234 5678.
func grouped(c *compact, n int) bool {
	if n != 9 || c.text[0] != 'e' && c.text[0] != 'g' || !allDigits(c.text[1:n]) || isDay(values(c.text[1:n])) {
		return false
	}
	gaps := 0
	for k := 1; k < n; k++ {
		if c.ends[k] > c.ends[k-1]+1 {
			if gaps++; k != 1 && k != 5 {
				return false
			}
		}
	}
	return gaps > 0
}

func knownPassport(id string) bool {
	if len(id) != 9 {
		return false
	}
	digits := allDigits(id[1:])
	switch id[0] {
	case 'e':
		return digits || isLetter(id[1]) && id[1] != 'i' && id[1] != 'o' && allDigits(id[2:])
	case 'g', 's', 'd', 'p', 'r', 'h':
		return digits
	case 'm':
		return digits || allDigits(id[1:4]) && isLetter(id[4]) && allDigits(id[5:])
	}
	return false
}

// passportForm reports whether id can be a passport number of any country
// (ICAO Doc 9303: up to nine characters; permits have eleven).
func passportForm(id string) bool {
	digits := 0
	for i := 0; i < len(id); i++ {
		if isDigit(id[i]) {
			digits++
		}
	}
	return digits >= 6
}

// boundary reports whether a number may end at i.
func (r *reader) boundary(i int) bool {
	return i >= len(r.s) || !isAlnum(r.s[i]) && r.s[i] != '_' && r.s[i] != '@'
}

// zone reads a machine readable zone around the < at i and returns the offset
// after it.
func (r *reader) zone(i int) int {
	start, end := r.zoneLine(i)
	if end-start < minZone {
		return max(end, i+1)
	}
	var lines []string
	first, last := start, end
	for lines = append(lines, r.s[start:end]); len(lines) < 3; {
		next := last
		for next < len(r.s) && next-last < 4 && (r.s[next] == '\n' || r.s[next] == '\r' || r.s[next] == ' ' || r.s[next] == '\t' || r.s[next] == '|') {
			next++
		}
		if next >= len(r.s) || next == last || !isZone(r.s[next]) {
			break
		}
		s, e := r.zoneLine(next)
		if e-s < minZone || s != next {
			break
		}
		lines, last = append(lines, r.s[s:e]), e
	}
	if v, ok := judgeZone(lines); ok {
		r.addVerdict(v, first, last)
	}
	return last
}

// minZone is the length of the shortest line, less two that a reader lost.
const minZone = 28

func isZone(c byte) bool { return isAlnum(c) || c == '<' }

// zoneLine returns the run of letters, digits and < around i.
func (r *reader) zoneLine(i int) (int, int) {
	start, end := i, i
	for start > 0 && i-start < 48 && isZone(r.s[start-1]) {
		start--
	}
	for end < len(r.s) && end-i < 48 && isZone(r.s[end]) {
		end++
	}
	return start, end
}

// judgeZone judges the lines of a zone by ICAO Doc 9303: three of 30
// characters (part 5), two of 36 (parts 6 and 7) or two of 44 (parts 4 and 7).
// A line alone, or of another length, is one if it begins as a zone does.
func judgeZone(lines []string) (verdict, bool) {
	all := strings.Join(lines, "")
	if strings.Trim(all, "<") == "" {
		return verdict{}, false
	}
	valid := zoneValid(lines)
	begins := strings.IndexByte("piacv", all[0]) >= 0
	if !valid && !begins && !strings.Contains(all, "<<") {
		return verdict{}, false
	}
	return verdict{kind: leak.MRZ, canonical: strings.ToUpper(all), valid: valid}, true
}

// zoneValid reports whether the check digits of number, birth and expiry hold.
func zoneValid(lines []string) bool {
	switch {
	case len(lines) == 3 && len(lines[0]) == 30 && len(lines[1]) == 30:
		a, b := lines[0], lines[1]
		return mrzCheck(a[5:14], a[14]) && mrzCheck(b[0:6], b[6]) && mrzCheck(b[8:14], b[14])
	case len(lines) >= 2 && (len(lines[1]) == 44 || len(lines[1]) == 36):
		b := lines[1]
		return mrzCheck(b[0:9], b[9]) && mrzCheck(b[13:19], b[19]) && mrzCheck(b[21:27], b[27])
	}
	return false
}
