package query

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// canonical returns the one form in which a tree is written.
func canonical(n Node) string {
	if n == nil {
		return "*"
	}
	return write(n)
}

func write(n Node) string {
	switch n := n.(type) {
	case *All:
		return "*"
	case *And:
		return strings.Join(writeAll(n.Nodes), " AND ")
	case *Or:
		return strings.Join(writeAll(n.Nodes), " OR ")
	case *Not:
		return "NOT " + operand(n.Node)
	case *Offer:
		if _, all := n.Node.(*All); all {
			return "offer:*"
		}
		return "offer:(" + write(n.Node) + ")"
	case *Phrase:
		return fieldPrefix(n.Fields) + writeText(n)
	case *Near:
		return fieldPrefix(n.Fields) + quote(n.Text) + "~" + strconv.Itoa(n.Distance)
	case *Regex:
		return fieldPrefix(n.Fields) + "/" + writeRegex(n.Expr) + "/"
	}
	return writeField(n)
}

func writeField(n Node) string {
	switch n := n.(type) {
	case *Term:
		return n.Field + ":" + writeValue(n.Value)
	case *Prefix:
		return n.Field + ":" + escape(n.Value) + "*"
	case *Exists:
		if n.Field == "hit" {
			return "hit:any"
		}
		return n.Field + ":*"
	case *Range:
		return n.Field + ":" + writeRange(n, "")
	}
	return "*" // unreachable: Node is a closed set of types
}

// writeAll writes the operands of an And or Or. A price is two nodes, its
// currency and its range, and one literal.
func writeAll(nodes []Node) []string {
	var out []string
	for i := 0; i < len(nodes); i++ {
		if s, ok := writePrice(nodes[i:]); ok {
			out = append(out, s)
			i++
			continue
		}
		out = append(out, operand(nodes[i]))
	}
	return out
}

// operand writes a node so that it can stand beside an operator.
func operand(n Node) string {
	switch n := n.(type) {
	case *And:
		if s, ok := writePrice(n.Nodes); ok && len(n.Nodes) == 2 {
			return s
		}
		return "(" + write(n) + ")"
	case *Or:
		return "(" + write(n) + ")"
	}
	return write(n)
}

// writePrice writes the first two nodes if they are a price.
func writePrice(nodes []Node) (string, bool) {
	if len(nodes) < 2 {
		return "", false
	}
	t, ok1 := nodes[0].(*Term)
	r, ok2 := nodes[1].(*Range)
	if !ok1 || !ok2 || t.Field != "currency" || listings.offerByName[r.Field].form != money {
		return "", false
	}
	return r.Field + ":" + writeRange(r, t.Value), true
}

func fieldPrefix(fields []string) string {
	if len(fields) == 1 {
		return fields[0] + ":"
	}
	return ""
}

// writeText writes what a phrase was typed as: a word with * where it ends
// with one that counts, else a phrase.
func writeText(n *Phrase) string {
	if begin, ok := strings.CutSuffix(n.Text, "*"); ok && n.Terms[len(n.Terms)-1].Prefix {
		return escape(begin) + "*"
	}
	return quote(n.Text)
}

func writeRegex(expr string) string {
	var b strings.Builder
	for i := 0; i < len(expr); i++ {
		switch {
		case expr[i] == '\\' && i+1 < len(expr):
			b.WriteByte('\\')
			i++
			b.WriteByte(expr[i])
		case expr[i] == '/':
			b.WriteString(`\/`)
		default:
			b.WriteByte(expr[i])
		}
	}
	return b.String()
}

// simple reports whether a character means itself wherever a value begins.
func simple(r rune) bool {
	return r == '_' || r == '.' || halfwidth(r) == r && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func writeValue(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return !simple(r) && r != ':' && r != '-' }) {
		return s
	}
	return quote(s)
}

// escape writes s as part of a word.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if !simple(r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// writeRange writes a range, with the currency behind each number.
func writeRange(r *Range, currency string) string {
	lo, hi := writeBound(r.Field, r.Min, currency), writeBound(r.Field, r.Max, currency)
	switch {
	case r.Min == nil && r.Max == nil:
		return "*"
	case r.Max == nil:
		return sign(">", r.Min) + lo
	case r.Min == nil:
		return sign("<", r.Max) + hi
	case lo == hi && !r.Min.Exclusive && !r.Max.Exclusive && (r.Min.Now == nil || r.Min.Floor == 0):
		return lo
	}
	return bracket(r.Min, "[", "{") + lo + " TO " + hi + bracket(r.Max, "]", "}")
}

func sign(s string, b *Bound) string {
	if b.Exclusive {
		return s
	}
	return s + "="
}

func bracket(b *Bound, inclusive, exclusive string) string {
	if b.Exclusive {
		return exclusive
	}
	return inclusive
}

func writeBound(field string, b *Bound, currency string) string {
	switch {
	case b == nil:
		return "*"
	case b.Now != nil:
		return "now" + writeStep(*b.Now) + writeFloor(b.Floor)
	case isTime(field):
		return time.UnixMilli(int64(b.Value)).UTC().Format("2006-01-02T15:04:05.999Z07:00")
	}
	return writeNumber(b.Value) + currency
}

// isTime reports whether the field holds times, in whatever collection.
func isTime(field string) bool {
	return slices.ContainsFunc(Schemas(), func(s *Schema) bool { return s.byName[field].Kind == Time })
}

func writeNumber(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 1e-9 || a >= 1e15) {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// writeStep writes a length of time in the largest unit that divides it.
func writeStep(d time.Duration) string {
	if d == 0 {
		return ""
	}
	for _, letter := range []string{"d", "h", "m"} {
		if unit, _ := unitOf(letter); d%unit == 0 {
			return signed(int64(d/unit)) + letter
		}
	}
	return signed(int64(d/time.Second)) + "s"
}

func signed(n int64) string {
	if n > 0 {
		return "+" + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(n, 10)
}

func writeFloor(d time.Duration) string {
	for _, letter := range []string{"d", "h", "m", "s"} {
		if unit, _ := unitOf(letter); d == unit {
			return "/" + letter
		}
	}
	return ""
}
