package ident

import (
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// A compact is a number of letters and digits read without what stands between
// its parts.
type compact struct {
	text   string
	ends   []int // offset after each character
	broken bool  // something stood between
}

// maxDocument is the length of the longest number that begins with letters.
const maxDocument = 12

// compactAt reads up to maxDocument letters and digits at i, with single
// separators between them.
func (r *reader) compactAt(i int, buf []byte, ends []int) compact {
	c := compact{}
	for k := i; k < len(r.s) && len(buf) < maxDocument; {
		if isAlnum(r.s[k]) {
			buf, k = append(buf, r.s[k]), k+1
			ends = append(ends, k)
			continue
		}
		if ch := r.s[k]; (ch == ' ' || ch == '-' || ch == '.') && k+1 < len(r.s) && isDigit(r.s[k+1]) && len(buf) > 0 {
			k++
			c.broken = true
			continue
		}
		break
	}
	c.text, c.ends = string(buf), ends
	return c
}

// document reads an identity document whose number begins with the one or two
// letters [i, j) and returns the offset after it, i if there is none.
func (r *reader) document(i, j int) int {
	k := j
	if r.s[k] == ' ' || r.s[k] == '-' || r.s[k] == '.' || r.s[k] == '(' {
		k++
	}
	if k >= len(r.s) || !isDigit(r.s[k]) {
		return i
	}
	if i > 0 && (r.s[i-1] == '/' || r.s[i-1] == '.' || r.s[i-1] == '-') || r.cued(i, nameCues) {
		return i
	}
	var buf [maxDocument]byte
	var ends [maxDocument]int
	c := r.compactAt(i, buf[:0], ends[:0])
	for _, judge := range []func(c *compact, i, letters int) (verdict, int){r.hongKong, r.taiwan, r.passport} {
		if v, end := judge(&c, i, j-i); end > i {
			r.addVerdict(v, i, end)
			return end
		}
	}
	return i
}

// nameCues announce handles and things whose names look like documents.
var nameCues = newCues("vx", "wx", "微信", "v信", "tg", "telegram", "飞机", "电报", "qq", "型号", "model", "编号", "货号", "카톡", "텔레", "텔레그램", "user", "id", "微", "薇",
	"wechat", "line", "kakao", "라인", "discord", "wickr", "signal", "serial", "sku", "part", "版本")

// hongKong reads A123456(7): with its parentheses, or with a cue, or with a
// check digit and parts.
func (r *reader) hongKong(c *compact, i, letters int) (verdict, int) {
	n := letters + 6
	if len(c.text) < n || !allDigits(c.text[letters:n]) {
		return verdict{}, i
	}
	end := c.ends[n-1]
	open := end
	for open < len(r.s) && r.s[open] == ' ' {
		open++
	}
	if open+2 < len(r.s) && r.s[open] == '(' && r.s[open+2] == ')' && (isDigit(r.s[open+1]) || r.s[open+1] == 'a') {
		id := c.text[:n] + r.s[open+1:open+2]
		return verdict{kind: leak.HKID, canonical: strings.ToUpper(id), valid: hkCheck(id)}, open + 3
	}
	if len(c.text) != n+1 || !r.boundary(c.ends[n]) {
		return verdict{}, i
	}
	id := c.text
	if last := id[n]; !isDigit(last) && last != 'a' || !r.cued(i, hkCues) {
		return verdict{}, i
	}
	return verdict{kind: leak.HKID, canonical: strings.ToUpper(id), valid: hkCheck(id)}, c.ends[n]
}

// taiwan reads a letter, [1289A-D] and eight digits: with its check digit, or
// with a cue.
func (r *reader) taiwan(c *compact, i, letters int) (verdict, int) {
	if len(c.text) < 10 || !r.boundary(c.ends[9]) || !allDigits(c.text[2:10]) || !isLetter(c.text[0]) {
		return verdict{}, i
	}
	switch second := c.text[1]; {
	case second == '1' || second == '2' || second == '8' || second == '9':
	case letters == 2 && second >= 'a' && second <= 'd':
	default:
		return verdict{}, i
	}
	id := c.text[:10]
	check := twCheck(id)
	if !check && !r.cued(i, twCues) {
		return verdict{}, i
	}
	return verdict{kind: leak.TWID, canonical: strings.ToUpper(id), valid: check}, c.ends[9]
}

// passport reads a passport number. The forms of China (E or G and eight
// digits, E and a letter and seven digits), of Korea (M and eight digits, or M
// three digits, a letter and four digits, since 2021; also S, R, G, D and O)
// and of the permits for Hong Kong and Macau are known by themselves; other
// forms need a cue.
func (r *reader) passport(c *compact, i, letters int) (verdict, int) {
	cue := r.cued(i, passportCues)
	for _, n := range []int{11, 9, 10, 8, 7} {
		if len(c.text) < n || !r.boundary(c.ends[n-1]) {
			continue
		}
		id := c.text[:n]
		if knownPassport(id) && (!c.broken || cue) && !r.counted(c.ends[n-1]) || cue && passportForm(id) {
			return verdict{kind: leak.Passport, canonical: strings.ToUpper(id)}, c.ends[n-1]
		}
	}
	return verdict{}, i
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
