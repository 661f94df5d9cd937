package offer

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
	"github.com/leakwatch/leakwatch/text"
)

// Numbers in digits, with what separates their groups: 1,000 and 10'000 and
// 10 000 and 1.200.000 are whole, 0.5 and 0,5 and "12,50 EUR" are not.

// groupMark reports whether the mark at j, in a number that starts at i,
// separates groups of three digits.
func groupMark(s string, i, j int) bool {
	c := s[j]
	switch c {
	case ',', '\'':
		return j > i && (j-i <= 3 || s[j-4] == c) && threeDigits(s, j+1)
	case ' ':
		return j > i && (j-i <= 3 || s[j-4] == c) && strings.HasPrefix(s[j+1:], "000") && threeDigits(s, j+1)
	case '.':
		if j == i || j-i > 3 && s[j-4] != c || !threeDigits(s, j+1) {
			return false
		}
		return j-i > 3 || j+4 < len(s) && s[j+4] == c && threeDigits(s, j+5) // one alone may be a point
	}
	return false
}

// threeDigits reports whether exactly three digits stand at i.
func threeDigits(s string, i int) bool {
	return i+2 < len(s) && isDigit(s[i]) && isDigit(s[i+1]) && isDigit(s[i+2]) && (i+3 >= len(s) || !isDigit(s[i+3]))
}

// decimalMark reports whether the mark at j, in a number that starts at i,
// stands before the fraction: a point, or a comma behind a lone zero or within
// an amount of a country that writes it so.
func decimalMark(s string, i, j int) bool {
	if j+1 >= len(s) || !isDigit(s[j+1]) {
		return false
	}
	if s[j] != ',' {
		return s[j] == '.'
	}
	end := j + 1
	for end < len(s) && end-j <= 3 && isDigit(s[end]) {
		end++
	}
	switch {
	case j == i+1 && s[i] == '0':
		return end-j <= 3
	case end-j != 3:
		return false
	}
	return strings.HasSuffix(trimSpaces(s[max(0, i-4):i]), "€") || commaMoney.At(s, spaceEnd(s, end)) > 0
}

// commaMoney are currencies in which amounts are written with a comma.
var commaMoney = starts.New("€", "eur", "zł", "zl", "pln", "chf", "kč", "czk", "руб", "₽", "tl", "₺")

// markWideCommas returns s with a semicolon for each comma that stands between
// digits and was a wide one in the original: it ends a clause, as in "60，171号",
// and separates no thousands.
func markWideCommas(s string, f *text.Folded) string {
	if !strings.Contains(f.Original, "，") {
		return s
	}
	var out []byte
	for i := nextComma(s, 1); i+1 < len(s); i = nextComma(s, i+1) {
		if !isDigit(s[i-1]) || !isDigit(s[i+1]) {
			continue
		}
		if a, b := f.Source(i, i+1); f.Original[a:b] != "，" || !isDigit(f.Original[a-1]) {
			continue // all is wide: ５０，０００
		}
		if out == nil {
			out = []byte(s)
		}
		out[i] = ';'
	}
	if out == nil {
		return s
	}
	return string(out)
}

// nextComma returns the offset of the first comma of s from i on, len(s) if there
// is none.
func nextComma(s string, i int) int {
	if i < len(s) {
		if k := strings.IndexByte(s[i:], ','); k >= 0 {
			return i + k
		}
	}
	return len(s)
}

// fraction reads ".50", of which the digits begin at i, as an amount below one
// where a currency stands with it. It makes that of n, those digits, and reports
// whether it did.
func (p *parser) fraction(i int, n *numeral) bool {
	if i < 1 || p.s[i-1] != '.' || n.scaled || n.n.e != 0 || n.digits > 4 {
		return false
	}
	b := p.s[:i-1]
	signed := b != "" && strings.ContainsRune("$€£¥", lastRune(b))
	if !signed && b != "" && lastRune(b) != ' ' && lastRune(b) != '\n' {
		return false
	}
	if _, money := matchSuffix(p.s, p.skipSpace(n.end)); !signed && !money {
		return false
	}
	n.n.e = -n.digits
	return true
}

// opaque reports whether the digits at i begin a long run of letters and digits
// such as an address of a wallet or a code.
func opaque(s string, i int) bool {
	j, letters := i, 0
	for j < len(s) && j-i < minOpaque && (isDigit(s[j]) || isLetter(s[j])) {
		if isLetter(s[j]) {
			letters++
		}
		j++
	}
	return j-i == minOpaque && letters > 1
}

// minOpaque is longer than an amount with its currency and unit.
const minOpaque = 18
