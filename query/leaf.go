package query

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// prose compiles a value of a text field, or a bare word.
func (p *parser) prose(f Field, v value) Node {
	fields := []string{f.Name}
	if f.Virtual {
		fields = p.schema.Default
	}
	p.words = append(p.words, v.span)
	switch {
	case f.Name == "" && v.shape == exists:
		return &All{}
	case len(fields) == 0:
		p.fault(v.span, p.shown(v.text, v.span), "field:value", fmt.Sprintf("%s have no texts to search", p.schema.Name))
		return nil
	case v.shape == exists:
		return anyExists(fields)
	case v.shape == between:
		p.fault(v.span, "a range", "a word or phrase", "text has no order")
		return nil
	case v.shape == pattern:
		return p.regexNode(fields, v)
	case p.uncoded(v.text, v.span):
		return nil
	case v.shape == near:
		return p.nearNode(fields, v)
	}
	return p.phraseNode(fields, v)
}

func anyExists(fields []string) Node {
	var nodes []Node
	for _, f := range fields {
		nodes = append(nodes, &Exists{f})
	}
	return join(nodes, newOr)
}

// uncoded records an identifier that was typed as a word. The texts hold no
// identifier, so it would find nothing, and it must not be kept as typed.
func (p *parser) uncoded(typed string, at span) bool {
	if !looksCodable(typed) {
		return false
	}
	p.secret = append(p.secret, at)
	p.faultUncoded(at)
	return true
}

func (p *parser) faultUncoded(at span) {
	hint := "write identifier:… for a leaked value, contact:… for a seller's own"
	if _, ok := p.schema.Field("identifier"); !ok {
		hint = "write contact:… for a seller's own"
	}
	p.fault(at, "what looks like an identifier", "a word or phrase", hint)
}

// codable are the forms of identifiers that nothing else is likely to have,
// with the separators people put in them.
var codable = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`[0-9]{13,19}x?`, // IDs, cards
	`[0-9]{4}(?:[ -][0-9]{4}){3}(?:[ -][0-9]{1,3})?`,                                      // cards
	`[1-9][0-9]{5}[ -]?(?:19|20)[0-9]{2}[ -]?[01][0-9][ -]?[0-3][0-9][ -]?[0-9]{3}[0-9x]`, // PRC IDs
	`[0-9]{6}[ -][0-9]{7}`,              // resident registration numbers
	`[0-9]{3}-[0-9]{2}-[0-9]{4}`,        // SSN
	`[a-z][12][0-9]{8}|[degps][0-9]{8}`, // Taiwan IDs, passports
	`(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}`,
	`(?:\+?82[ -]?|0)1[016789][ -]?[0-9]{3,4}[ -]?[0-9]{4}`,
	`\+[0-9][0-9 -]{7,16}`,
	`[^\s@]+@[^\s@]+\.[^\s@.]+`,
}, `|`) + `)$`)

// looksCodable reports whether a text, or one of its words, has the form of
// an identifier.
func looksCodable(s string) bool {
	s = strings.TrimSpace(text.Fold(s).Text)
	apart := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("@.-+_", r) || unicode.Is(unicode.Han, r)
	}
	return codable.MatchString(s) || slices.ContainsFunc(strings.FieldsFunc(s, apart), codable.MatchString)
}

func (p *parser) phraseNode(fields []string, v value) Node {
	typed := tidy(v.text)
	terms := phraseTerms(typed, v.shape == open)
	if len(terms) == 0 {
		p.empty(v)
		return nil
	}
	if v.shape == open {
		typed += "*"
	}
	return &Phrase{Fields: fields, Terms: terms, Text: typed}
}

func (p *parser) empty(v value) {
	p.fault(v.span, quote(clip(tidy(v.text))), "a letter, digit or character to search for", "")
}

func (p *parser) nearNode(fields []string, v value) Node {
	parts := strings.Fields(tidy(v.text))
	if len(parts) != 2 {
		p.fault(v.span, fmt.Sprintf("%d words", len(parts)), "two words between the quotes", `join pairs: "a b"~5 AND "b c"~5`)
		return nil
	}
	a, b := phraseTerms(parts[0], false), phraseTerms(parts[1], false)
	if len(a) == 0 || len(b) == 0 {
		p.empty(v)
		return nil
	}
	return &Near{Fields: fields, A: a, B: b, Distance: v.distance, Text: strings.Join(parts, " ")}
}

func (p *parser) regexNode(fields []string, v value) Node {
	if len(v.text) > MaxRegex {
		p.fault(v.span, fmt.Sprintf("%d bytes", len(v.text)), fmt.Sprintf("an expression of at most %d", MaxRegex), "")
		return nil
	}
	size, err := programSize(v.text)
	if err != nil {
		p.fault(v.span, p.badRegex(err, v), "an RE2 expression", "RE2 has no look-around and no back references; write \\/ for a slash")
		return nil
	}
	if p.steps += size; p.steps > maxProgram {
		p.fault(v.span, fmt.Sprintf("expressions of %d steps", p.steps), fmt.Sprintf("at most %d in one query", maxProgram), "repeat less often: .{0,50} for .{0,1000}")
		return nil
	}
	some := literals(v.text)
	for _, l := range append(some, v.text) {
		if p.uncoded(l, v.span) {
			return nil
		}
	}
	return &Regex{Fields: fields, Expr: v.text, Literals: some, compiled: regexp.MustCompile(v.text)}
}

func (p *parser) badRegex(err error, v value) string {
	if personal(v.text) {
		return "an expression with a fault"
	}
	return clip(tidy(strings.TrimPrefix(err.Error(), "error parsing regexp: ")))
}

// keyword compiles a value of a keyword field.
func (p *parser) keyword(f Field, v value) Node {
	switch {
	case v.shape == exists:
		return &Exists{f.Name}
	case v.shape == between:
		return p.ordered(f, v)
	case v.shape == pattern || v.shape == near:
		p.fault(v.span, "a search in text", "a value of "+f.Name, "text fields are "+strings.Join(p.proseNames(), ", "))
		return nil
	case f.form == list || v.shape == single && strings.HasPrefix(v.text, "@") && (f.form == contact || f.form == identifier):
		return p.onList(v)
	case f.form == identifier:
		return p.coded(f, v)
	case f.Values != nil:
		return p.closed(f, v)
	}
	return p.exactly(f, v)
}

func (p *parser) proseNames() []string {
	var out []string
	for _, f := range p.schema.Fields {
		if f.Kind == Prose {
			out = append(out, f.Name)
		}
	}
	return out
}

// exactly compiles a value of an open keyword field.
func (p *parser) exactly(f Field, v value) Node {
	if f.Name == "seller" && p.uncoded(v.text, v.span) {
		return nil
	}
	if f.form != contact {
		p.words = append(p.words, v.span)
	}
	normal := f.normal(v.text)
	if normal == "" {
		p.fault(v.span, quote(clip(tidy(v.text))), "a value of "+f.Name, fmt.Sprintf("write %s:* for any value", f.Name))
		return nil
	}
	if v.shape == open {
		return &Prefix{f.Name, normal}
	}
	return &Term{f.Name, normal}
}

// closed compiles a value of a field that has only so many.
func (p *parser) closed(f Field, v value) Node {
	normal := f.normal(v.text)
	if v.shape == open {
		if !slices.ContainsFunc(f.Values, func(s string) bool { return strings.HasPrefix(s, normal) }) {
			p.noSuch(f, v.span, normal)
			return nil
		}
		return &Prefix{f.Name, normal}
	}
	if f.Name == "hit" && normal == "any" {
		return &Exists{f.Name}
	}
	if !slices.Contains(f.Values, normal) {
		p.noSuch(f, v.span, normal)
		return nil
	}
	return &Term{f.Name, normal}
}

func (p *parser) noSuch(f Field, at span, got string) {
	hint := ""
	if close := closest(got, f.Values); close != "" {
		hint = fmt.Sprintf("did you mean %s?", close)
	}
	p.fault(at, p.shown(got, at), "one of "+strings.Join(f.Values, ", "), hint)
}

// ordered compiles a range over a field whose values are ordered.
func (p *parser) ordered(f Field, v value) Node {
	if !f.Ordered {
		p.fault(v.span, "a range", "a value of "+f.Name, "only numbers, times and severity have an order")
		return nil
	}
	from, ok1 := p.rank(f, v.lo, 0, 1)
	to, ok2 := p.rank(f, v.hi, len(f.Values)-1, -1)
	if !ok1 || !ok2 {
		return nil
	}
	var nodes []Node
	for i := from; i <= to; i++ {
		nodes = append(nodes, &Term{f.Name, f.Values[i]})
	}
	if len(nodes) == 0 {
		p.emptyRange(v)
	}
	return join(nodes, newOr)
}

// rank returns the position of an end of a range, step further if the end is
// exclusive, or the default if it is open.
func (p *parser) rank(f Field, e endpoint, open, step int) (int, bool) {
	if e.open {
		return open, true
	}
	i := slices.Index(f.Values, f.normal(e.text))
	if i < 0 {
		p.noSuch(f, e.span, f.normal(e.text))
		return 0, false
	}
	if e.exclusive {
		i += step
	}
	return i, true
}

func (p *parser) emptyRange(v value) {
	p.fault(v.span, "a range that holds nothing", "the lower end first", "")
}

// onList compiles @name.
func (p *parser) onList(v value) Node {
	name := strings.TrimPrefix(exact(v.text), "@")
	if v.shape == open || !slices.Contains(p.env.Lists, name) {
		hint := "lists are named in the config"
		if near := closest(name, p.env.Lists); near != "" {
			hint = fmt.Sprintf("did you mean @%s?", near)
		}
		p.fault(v.span, "list "+p.shown(name, v.span), "the name of a list", hint)
		return nil
	}
	return &Term{"list", name}
}

var codeForm = regexp.MustCompile(`^[a-z0-9]{1,16}:[0-9a-f]{2,64}$`)

// coded compiles an identifier: from here on only its codes exist.
func (p *parser) coded(f Field, v value) Node {
	kind := strings.TrimPrefix(strings.TrimPrefix(f.Name, "identifier"), ".")
	switch {
	case codeForm.MatchString(v.text):
		return &Term{f.Name, v.text}
	case v.shape == open:
		p.fault(v.span, "the begin of an identifier", "a whole identifier", "only whole values are coded; use identifier_kind: for a kind")
		return nil
	case p.env.Code == nil:
		p.fault(v.span, "an identifier", "its code, keyid:hex", "no key is at hand to code it")
		return nil
	}
	codes, err := p.env.Code(leak.IdentifierKind(kind), text.Fold(v.text).Text)
	if err != nil || len(codes) == 0 {
		p.fault(v.span, "a value that cannot be coded", wantedIdentifier(kind), p.reason(err, v.text))
		return nil
	}
	var nodes []Node
	for _, c := range codes {
		nodes = append(nodes, &Term{f.Name, c})
	}
	return join(nodes, newOr)
}

func wantedIdentifier(kind string) string {
	if kind == "" {
		return "an identifier of a known kind"
	}
	return "an identifier of kind " + kind
}

// reason is why a value could not be coded, in any case without the value.
func (p *parser) reason(err error, value string) string {
	if err == nil || strings.Contains(err.Error(), strings.TrimSpace(value)) {
		return ""
	}
	return err.Error()
}
