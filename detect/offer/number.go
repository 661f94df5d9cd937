package offer

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/stops"
)

// num is the decimal number m × 10^e, at most maxMantissa in m.
type num struct {
	m int64
	e int
}

const maxMantissa = 1e15 // more digits than any price or stock has

func (n num) float() float64 {
	switch {
	case n.m > maxExact || n.e < -maxPower || n.e > maxPower:
		return n.parsed()
	case n.e < 0: // both are exact, so the result is rounded once
		return float64(n.m) / powers[-n.e]
	}
	return float64(n.m) * powers[n.e]
}

// Whole numbers up to maxExact, and powers of ten up to maxPower, are exact as
// floats.
const (
	maxExact = 1 << 53
	maxPower = 22
)

var powers = [maxPower + 1]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// parsed is float for any number.
func (n num) parsed() float64 {
	var buf [32]byte
	b := strconv.AppendInt(buf[:0], n.m, 10)
	b = append(b, 'e')
	b = strconv.AppendInt(b, int64(n.e), 10)
	v, _ := strconv.ParseFloat(string(b), 64) // Unreachable error: e is small
	return v
}

// quotientDigits is how many digits a quotient keeps.
const quotientDigits = 10

// quotient returns a/b as the shortest sensible float: ten digits.
func quotient(a, b num) float64 {
	if b == (num{m: 1}) && a.m < 1e10 {
		return a.float() // of ten digits at most
	}
	q := a.float() / b.float()
	e := quotientDigits - 1 - int(math.Floor(math.Log10(q))) // so that q × 10^e has ten digits before the point
	if e >= 0 && e <= maxPower {
		digits, rest := math.Modf(q * powers[e])
		switch { // what is hardly to be rounded is left to those who know how
		case rest < 0.499:
			return digits / powers[e]
		case rest > 0.501:
			return (digits + 1) / powers[e]
		}
	}
	s := strconv.FormatFloat(q, 'g', quotientDigits, 64)
	v, _ := strconv.ParseFloat(s, 64) // Unreachable error: s was just formatted
	return v
}

// times10 returns n × 10^p.
func (n num) times10(p int) num {
	if n.m == 0 {
		return num{}
	}
	return num{n.m, n.e + p}
}

// plus returns a+b and whether it fits.
func (n num) plus(b num) (num, bool) {
	if n.m == 0 {
		return b, true
	}
	if b.m == 0 {
		return n, true
	}
	for n.e > b.e && n.m < maxMantissa {
		n.m, n.e = n.m*10, n.e-1
	}
	for b.e > n.e && b.m < maxMantissa {
		b.m, b.e = b.m*10, b.e-1
	}
	if n.e != b.e || n.m+b.m > maxMantissa {
		return num{}, false
	}
	return num{n.m + b.m, n.e}, true
}

// less reports whether n < b.
func (n num) less(b num) bool {
	if n.e == b.e {
		return n.m < b.m
	}
	return n.float() < b.float()
}

// digitValue returns the value of a numeral in any of the scripts, -1 if r is
// none.
func digitValue(r rune) int64 {
	switch r {
	case '0', '〇', '零', '영', '공':
		return 0
	case '1', '一', '壹', '일':
		return 1
	case '2', '二', '两', '贰', '俩', '이':
		return 2
	case '3', '三', '叁', '삼':
		return 3
	case '4', '四', '肆', '사':
		return 4
	case '5', '五', '伍', '오':
		return 5
	case '6', '六', '陆', '육':
		return 6
	case '7', '七', '柒', '칠':
		return 7
	case '8', '八', '捌', '팔':
		return 8
	case '9', '九', '玖', '구':
		return 9
	}
	return -1
}

// scalePower returns the power of ten of a scale character, 0 if r is none.
func scalePower(r rune) int {
	switch r {
	case '十', '拾', '십':
		return 1
	case '百', '佰', '백':
		return 2
	case '千', '仟', '천', 'k':
		return 3
	case 'm':
		return 6
	case '万', '만', 'w':
		return 4
	case '亿', '억':
		return 8
	}
	return 0
}

// numerals are the characters that Chinese and Korean numerals may start with.
var numerals = func() *stops.Set {
	s := stops.Of("〇零一壹二两贰俩三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万亿", "영공일이삼사오육칠팔구십백천만억")
	for w := range natives {
		s.Add(firstRune(w))
	}
	return s
}()

// isHanNumeral reports whether a Chinese numeral can start with r.
func isHanNumeral(r rune) bool { return isHan(r) && (digitValue(r) >= 0 || scalePower(r) > 0) }

// A numeral is a number as read from the text.
type numeral struct {
	n      num
	end    int
	digits int  // ASCII digits before any scale, without thousands separators
	ascii  bool // starts with an ASCII digit
	scaled bool // has a scale such as 万 or k
}

// asciiNumber reads digits with thousands commas and a decimal point at i.
func asciiNumber(s string, i int) (n num, end, digits int, ok bool) {
	frac, seenDot := 0, false
	j := i
	for j < len(s) && digits <= 18 {
		switch c := s[j]; {
		case isDigit(c):
			digits++
			if n.m >= maxMantissa/10 {
				return num{}, skipDigits(s, j), digits, false
			}
			n.m = n.m*10 + int64(c-'0')
			if seenDot {
				frac++
			}
		case c == 'o' && digits > 0 && lettersForZero(s, j):
			digits++
			if n.m >= maxMantissa/10 {
				return num{}, j + 1, digits, false
			}
			n.m *= 10
		case !seenDot && groupMark(s, i, j):
		case !seenDot && decimalMark(s, i, j):
			seenDot = true
		default:
			n.e = -frac
			return n, j, digits, true
		}
		j++
	}
	n.e = -frac
	return n, skipDigits(s, j), digits, digits <= 18
}

// lettersForZero reports whether the o at j stands for a zero: in a run of
// digits and o that no other letter follows, as in 4oo or 1O万.
func lettersForZero(s string, j int) bool {
	for n := 0; n < 12 && j < len(s); n++ {
		if s[j] != 'o' && !isDigit(s[j]) {
			break
		}
		j++
	}
	return j >= len(s) || !isLetter(s[j]) && s[j] != '_'
}

// readNumeral reads a number in digits, Chinese or Korean, or a mix of them
// ("1.5万", "3만5천", "两万五"), at i.
func readNumeral(s string, i int) (numeral, bool) {
	r := numeralReader{s: s, i: i, lastPower: 99}
	r.out.ascii = isDigit(s[i])
	for n := 0; r.i < len(s) && r.step(); n++ {
		if n == maxParts {
			r.bad = true
			break
		}
	}
	return r.finish()
}

// maxParts is more digits and scales than any number has; it bounds what is
// read again from each numeral of a long run.
const maxParts = 32

// numeralReader holds the state of readNumeral: total counts finished 万 and
// 亿, section what is below the next of them, cur the digits not yet scaled.
type numeralReader struct {
	s                   string
	i                   int
	total, section, cur num
	have                bool // cur holds digits
	any                 bool
	lastPower           int  // of the last scale read
	zero                bool // a 零 stood after the last scale
	vague               bool // two digits stood for one or the other
	bad                 bool
	out                 numeral
}

// step reads one digit group or scale and reports whether to go on.
func (r *numeralReader) step() bool {
	if isDigit(r.s[r.i]) {
		return r.digitGroup()
	}
	c, w := decode(r.s[r.i:])
	if c >= utf8.RuneSelf && !numerals.May(c) {
		return false
	}
	if p := scalePower(c); p > 0 && r.scaleFits(c, w) {
		return r.scale(p, w)
	}
	if c == ' ' && (r.spacedThousands() || r.spacedScale()) {
		r.i++
		return true
	}
	if d := digitValue(c); d >= 0 && !r.out.ascii || d >= 0 && r.out.scaled && isHan(c) {
		return r.word(d, w)
	}
	return false
}

// spacedThousands reports whether the space at r.i stands within a Korean
// number: 9만 5천.
func (r *numeralReader) spacedThousands() bool {
	if r.lastPower != 4 || r.have || r.i+5 > len(r.s) || !isHangul(lastRune(r.s[:r.i])) {
		return false
	}
	next := r.s[r.i+1:]
	if d := digitValue(firstRune(next)); d > 0 && isHangul(firstRune(next)) && (hasAt(next, 3, "천") || hasAt(next, 3, "백")) {
		return true // 이만 오천
	}
	return isDigit(next[0]) && (strings.HasPrefix(next[1:], "천") || strings.HasPrefix(next[1:], "백"))
}

// spacedScale reports whether the space at r.i stands between digits and their
// scale: 6.3 万.
func (r *numeralReader) spacedScale() bool {
	if !r.have || !r.out.ascii || r.out.scaled {
		return false
	}
	return hasAt(r.s, r.i+1, "万") || hasAt(r.s, r.i+1, "亿") || hasAt(r.s, r.i+1, "만") && !isHangul(firstRune(r.s[min(r.i+4, len(r.s)):]))
}

func (r *numeralReader) digitGroup() bool {
	if r.have {
		return false
	}
	n, end, digits, ok := asciiNumber(r.s, r.i)
	if !ok {
		r.bad = true
		return false
	}
	if r.out.scaled && digits > 4 {
		return false
	}
	if !r.any {
		r.out.digits = digits
	}
	r.cur, r.have, r.any, r.i = n, true, true, end
	return true
}

// word takes one numeral character. A 一 that a unit follows belongs to the
// unit ("一万一张" is ten thousand each), unless it ends a ten ("十一张").
func (r *numeralReader) word(d int64, w int) bool {
	if d == 1 && r.any && (r.lastPower != 1 || r.vague || r.have && r.out.scaled) && unitFollows(r.s, r.i+w) {
		return false
	}
	if r.have {
		if r.cur.e != 0 || r.cur.m >= maxMantissa/10 {
			return false
		}
		r.cur.m = r.cur.m*10 + d // spelled out digit by digit
	} else {
		r.cur = num{m: d}
	}
	if d == 0 && r.out.scaled { // 一千零五 is 1,005
		r.zero = true
	}
	r.have, r.any = d != 0 || !r.out.scaled, true
	r.i += w
	return true
}

// scaleFits reports whether the scale character c is meant as one here: the
// Latin ones only glued to a digit and before no other letter.
func (r *numeralReader) scaleFits(c rune, w int) bool {
	end := r.i + w
	if c == 'm' {
		return r.have && r.out.ascii && !r.out.scaled && (nounAt(r.s, spaceEnd(r.s, end))[1] > 0 || end < len(r.s) && strings.IndexByte("):=", r.s[spaceEnd(r.s, end)%len(r.s)]) >= 0)
	}
	if c != 'k' && c != 'w' {
		return true
	}
	return r.have && r.out.ascii && !r.out.scaled && (end >= len(r.s) || !isLetter(r.s[end]))
}

// between reports whether n is made of two digits that say "one or the other"
// before a scale: 三四百, 三五百.
func between(n num) bool {
	a, b := n.m/10, n.m%10
	return n.e == 0 && a >= 1 && a <= 8 && (b == a+1 || a == 3 && b == 5)
}

func (r *numeralReader) scale(p, w int) bool {
	if r.have && !r.out.ascii && between(r.cur) { // 三五百
		r.cur.m, r.vague = r.cur.m/10, true
	}
	one := r.cur
	if !r.have {
		one = num{m: 1}
	}
	ok := true
	switch {
	case p >= 4:
		sum, fits := r.section.plus(r.cur)
		if sum.m == 0 {
			sum = one
			if r.lastPower == 4 && r.total.m > 0 { // 万亿
				sum, r.total = r.total, num{}
			}
		}
		r.total, ok = r.total.plus(sum.times10(p))
		ok = ok && fits
		r.section = num{}
	default:
		r.section, ok = r.section.plus(one.times10(p))
	}
	r.cur, r.have, r.any, r.out.scaled, r.lastPower = num{}, false, true, true, p
	r.bad = r.bad || !ok
	r.i += w
	return ok
}

// finish adds up what was read. A single digit after a scale counts tenths of
// it, as spoken: 两万五 is 25,000.
func (r *numeralReader) finish() (numeral, bool) {
	r.wordScale()
	if r.bad || !r.any {
		r.out.end = r.i
		return r.out, false
	}
	last := r.cur
	if r.have && r.out.scaled && !r.zero && r.cur.m < 10 && r.cur.e == 0 && r.lastPower >= 2 && r.lastPower < 9 {
		last = r.cur.times10(r.lastPower - 1)
	}
	sum, ok1 := r.total.plus(r.section)
	sum, ok2 := sum.plus(last)
	r.out.n, r.out.end = sum, r.i
	return r.out, ok1 && ok2
}

// wordScale reads a scale in English behind the digits: 2 million.
func (r *numeralReader) wordScale() {
	if !r.out.ascii || r.out.scaled || !r.have || r.i+1 >= len(r.s) || r.s[r.i] != ' ' || !isLetter(r.s[r.i+1]) {
		return
	}
	power := 0
	w := wordAt(r.s, r.i+1)
	switch w {
	case "million", "mil", "mln":
		power = 6
	case "k":
		if !spacedK(r.s, r.i+2) {
			return
		}
		power = 3
	case "thousand":
		power = 3
	case "hundred":
		power = 2
	case "billion", "bn":
		power = 9
	default:
		return
	}
	r.cur, r.out.scaled, r.lastPower = r.cur.times10(power), true, 99
	r.i += 1 + len(w)
}

// firstRune returns the first character of s, which is valid UTF-8.
func firstRune(s string) rune {
	r, _ := decode(s)
	return r
}

// decode returns the first character of s, which is valid UTF-8, and its length.
func decode(s string) (rune, int) {
	if len(s) >= 3 && s[0]&0xF0 == 0xE0 {
		return rune(s[0]&0x0F)<<12 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(s)
}

func skipDigits(s string, i int) int {
	for i < len(s) && (isDigit(s[i]) || s[i] == '.' && i+1 < len(s) && isDigit(s[i+1])) {
		i++
	}
	return i
}

func isDigit(c byte) bool  { return c-'0' <= 9 }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r == '〇' || r >= 0x3400 && r <= 0x4DBF
}
func isHangul(r rune) bool { return r >= 0xAC00 && r <= 0xD7A3 }
