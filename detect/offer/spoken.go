package offer

// spoken reads an English number in words at i: "five", "forty-five", "two
// hundred", "a dozen" without the a, "ten k". end is 0 if none stands there.
func spoken(s string, i int) (v int64, end int) {
	part := int64(0) // below the next hundred or thousand
	for n := 0; n < 6 && i < len(s) && isLetter(s[i]); n++ {
		w := wordAt(s, i)
		one, ok := numberWords[w]
		if !ok {
			break
		}
		switch {
		case one == 100 || one == 12 && w == "dozen":
			part = max(part, 1) * one
		case one >= 1000:
			v, part = v+max(part, 1)*one, 0
		case part%100 == 0 || part%10 == 0 && part%100 >= 20 && one < 10:
			part += one
		default:
			return v + part, end
		}
		end = i + len(w)
		i = end
		if i < len(s) && (s[i] == ' ' || s[i] == '-') {
			i++
		}
	}
	return v + part, end
}

// numberWords are the words of English numbers.
var numberWords = map[string]int64{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
	"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "sixteen": 16, "eighteen": 18, "dozen": 12, "twenty": 20, "thirty": 30,
	"forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "k": 1000,
	"thousand": 1000, "grand": 1000, "million": 1000000}

// spokenNumber reads a number in words at i and what it counts or is worth: it
// counts only with a noun, a currency or " for " behind it. It returns the
// offset after what it used, 0 if there is none.
func (p *parser) spokenNumber(i int) int {
	v, end := spoken(p.s, i)
	if end == 0 || v == 0 || wordAt(p.s, i) == "k" {
		return 0
	}
	n := numeral{n: num{m: v}, end: end, scaled: true}
	k := p.skipSpace(end)
	if k == end && !p.clauseEnds(end) {
		return 0
	}
	if _, money := matchSuffix(p.s, k); money {
		return p.read(i, n)
	}
	if u := p.noun(k); u[1] > 0 {
		it := item{kind: quantity, n: n.n, start: i, end: u[1], unit: u, pair: -1}
		p.quantityWords(&it)
		p.add(it)
		return u[1]
	}
	if last := len(p.items) - 1; v > 1 && last >= 0 && p.items[last].kind == price && p.clauseEnds(end) && isFor(p.s[min(p.items[last].end, i):i]) {
		p.add(item{kind: quantity, n: n.n, start: i, end: end, pair: -1}) // usd 120 for ten
		return end
	}
	if v > 1 && hasAt(p.s, k, "for ") && k+4 < len(p.s) && (p.s[k+4] >= 0x80 || p.s[k+4] == '$' || isDigit(p.s[k+4])) {
		p.add(item{kind: quantity, n: n.n, start: i, end: end, pair: -1})
		return end
	}
	return 0
}
