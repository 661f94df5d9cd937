package query

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// bareWord is the field of a term that stands without one.
var bareWord = Field{Kind: Prose, Virtual: true}

// A shape is a way of writing a value.
type shape int

const (
	single  shape = iota // word
	open                 // word*
	quoted               // "phrase"
	near                 // "a b"~2
	pattern              // /regex/
	exists               // *
	between              // [a TO b], >a
)

// A value is what stands behind a colon, as typed.
type value struct {
	span
	shape    shape
	text     string
	distance int      // of near
	lo, hi   endpoint // of between
}

// An endpoint is one end of a range.
type endpoint struct {
	span
	text      string
	open      bool
	exclusive bool
}

// value reads one value and compiles it for f. A field without a kind is one
// that does not exist: its value is read over.
func (p *parser) value(f Field, sc scope) Node {
	v, ok := p.read(f)
	if !ok {
		return nil
	}
	if f.form == identifier || personal(v.text) {
		p.secret = append(p.secret, v.span)
	}
	switch {
	case f.Name == "" && f.Kind == Prose && sc.offer:
		p.fault(v.span, p.shown(v.text, v.span), "a field of an offer, such as category: or price:", "put words outside offer:( … )")
	case f.Kind == Prose:
		return p.prose(f, v)
	case f.Kind == Keyword:
		return p.keyword(f, v)
	case f.Kind == Number || f.Kind == Time:
		return p.bounded(f, v)
	}
	return nil
}

// read reads one value in any shape. ok is false if it met a fault.
func (p *parser) read(f Field) (v value, ok bool) {
	at := p.here()
	switch r, n := p.peek(); {
	case n == 0 || r == ')' || r == ' ':
		p.fault(at, "nothing", "a value", fmt.Sprintf("write %s:* for any value", cmpName(f.Name)))
		return v, false
	case r == '"':
		v, ok = p.readPhrase()
	case r == '/' && f.Kind == Prose:
		v.text, ok = p.regex()
		v.shape = pattern
		if !ok {
			p.fault(at, `"/"`, `a "/" that closes the expression`, `quote a slash that is part of the text`)
		}
	case r == '[' || r == '{':
		v, ok = p.readRange()
	case strings.ContainsRune("<>=≥≤", r) && f.Name != "":
		v, ok = p.readComparison()
	default:
		return p.readWord(f)
	}
	v.span = span{at.start, p.pos}
	return v, ok
}

func cmpName(name string) string {
	if name == "" {
		return "field"
	}
	return name
}

// readPhrase reads a phrase and the distance behind it.
func (p *parser) readPhrase() (v value, ok bool) {
	at := p.here()
	v.shape = quoted
	if v.text, ok = p.phrase(); !ok {
		if personal(v.text) {
			p.secret = append(p.secret, span{at.start, p.pos})
		}
		p.fault(at, "an opening quote", `a quote that closes it`, "")
		return v, false
	}
	if !p.follows("~") {
		return v, true
	}
	at = p.here()
	w := p.word(valueEnds)
	n, err := strconv.Atoi(strings.TrimPrefix(w.text, "~"))
	if err != nil || n < 0 || n > maxDistance {
		p.fault(span{at.start, p.pos}, p.shown(w.text, w.span), fmt.Sprintf("~ and a number from 0 to %d", maxDistance), `write "a b"~5`)
		return v, false
	}
	v.shape, v.distance = near, n
	return v, true
}

// maxDistance is the largest N of "a b"~N.
const maxDistance = 1000

func (p *parser) readRange() (v value, ok bool) {
	at := p.here()
	v.shape = between
	v.lo.exclusive = p.next() == '{'
	p.space()
	loOK := p.readEndpoint(&v.lo)
	p.space()
	to := p.word(rangeEnds)
	p.space()
	hiOK := p.readEndpoint(&v.hi)
	p.space()
	v.hi.exclusive = p.follows("}")
	if loOK && hiOK && strings.EqualFold(to.text, "TO") && (p.accept(']') || p.accept('}')) {
		return v, true
	}
	for r, n := p.peek(); n > 0 && r != ']' && r != '}' && r != ')'; r, n = p.peek() {
		p.next()
	}
	if !p.accept(']') {
		p.accept('}')
	}
	p.fault(span{at.start, p.pos}, "half a range", "[from TO to]", "write [5 TO *] for 5 and more, {5 TO 9} without 5 and 9")
	return v, false
}

func (p *parser) readEndpoint(e *endpoint) bool {
	at := p.here()
	if p.follows(`"`) {
		text, ok := p.phrase()
		e.text, e.span = text, span{at.start, p.pos}
		return ok
	}
	w := p.word(rangeEnds)
	e.text, e.span, e.open = w.text, w.span, w.wild && w.text == ""
	return e.open || w.text != "" && !w.wild
}

// readComparison reads >a, >=a, <a, <=a and =a.
func (p *parser) readComparison() (v value, ok bool) {
	sign := p.next()
	equal := sign == '=' || sign == '≥' || sign == '≤' || p.accept('=')
	p.space()
	var e endpoint
	if !p.readEndpoint(&e) || e.open {
		p.fault(e.span, "nothing", "a value to compare with", "")
		return v, false
	}
	if sign == '=' {
		return value{shape: single, text: e.text}, true
	}
	v.shape, v.lo.open, v.hi.open = between, true, true
	e.exclusive = !equal
	if sign == '>' || sign == '≥' {
		v.lo = e
	} else {
		v.hi = e
	}
	return v, true
}

// readWord reads an unquoted value.
func (p *parser) readWord(f Field) (v value, ok bool) {
	ends := valueEnds
	if f.Name == "" && f.Kind == Prose {
		ends = operandEnds
	}
	w := p.word(ends)
	v = value{span: w.span, text: w.text}
	found := p.shown(w.text, w.span)
	switch {
	case w.stars || w.wild && strings.HasPrefix(w.text, "*"):
		p.fault(w.span, found, "* at the end only", "write abc* for what begins with abc; for more, use /regex/ on a text field")
	case w.wild && w.text == "" && f.Name == "" && f.Kind == Prose:
		v.shape, v.text = exists, "*"
		return v, true
	case w.wild && w.text == "":
		v.shape = exists
		return v, true
	case f.Kind == Prose && !w.escaped && !w.wild && slices.Contains([]string{"and", "or", "not"}, w.text):
		p.fault(w.span, found, strings.ToUpper(w.text), fmt.Sprintf(`write %s to join terms, "%s" for the word`, strings.ToUpper(w.text), w.text))
	case f.Kind == Prose && !w.escaped && strings.ContainsAny(w.text, "?~^"):
		p.fault(w.span, found, "words, * at the end", `there is no ?, ~ or ^ for a word; quote it if it is part of the text`)
	default:
		if w.wild {
			v.shape = open
		}
		return v, true
	}
	return v, false
}

// shown is how a message quotes a part of the source.
func (p *parser) shown(text string, at span) string {
	if personal(text) {
		p.secret = append(p.secret, at)
		return "a value"
	}
	return quote(clip(tidy(text)))
}

// dateForm is what is or is meant to be a date with a time.
var dateForm = regexp.MustCompile(`^(19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([T ][0-9:.]{0,18}(Z|[+-][0-9:]{2,6})?)?$`)

// personal reports whether a text is so like an identifier that no message
// may show it: it holds eight digits or an e-mail address and is no date.
func personal(s string) bool {
	if dateForm.MatchString(s) {
		return false
	}
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	at := strings.IndexAny(s, "@＠")
	return digits >= 8 || at > 0 && at < len(s)-1
}

// clip shortens what a message quotes.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= 40 {
		return s
	}
	return string([]rune(s)[:39]) + "…"
}
