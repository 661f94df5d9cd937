package query

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
)

// Limits on one query. A query that exceeds one is a fault.
const (
	MaxSource = 8 << 10 // bytes, as typed and in canonical form
	MaxDepth  = 64      // of nested parentheses and NOT
	MaxNodes  = 512     // of the tree
	MaxRegex  = 1000    // bytes of one expression
	maxFaults = 16      // reported at once
)

// Env is what a query is parsed against.
type Env struct {
	Collection string   // of the archive: listings (default), alerts, cases or revisions
	Lists      []string // the names that may stand behind @
	// Code returns the codes of a typed identifier under every active key.
	// Without a kind it returns those of every kind that the value may be,
	// and an error if it looks like none. Its errors must not hold the value.
	// nil makes every identifier in a query a fault.
	Code func(kind leak.IdentifierKind, typed string) ([]string, error)
	// Personal returns the parts of a text, as byte offsets, that masking would
	// hide. A word or phrase that holds one is a fault: no text holds it, and it
	// must not be kept as typed. nil leaves it to the forms of looksCodable.
	Personal func(text string) [][2]int
	// Rates are US dollars per unit of each currency, for prices in other
	// currencies behind unit_price_usd.
	Rates map[string]float64
}

// Parse reads a query. An empty one matches all. The error is an *Error with
// every fault that could be found in one go; it shows no identifier.
//
// Identifiers are replaced by their codes here and nowhere later: neither the
// tree nor the canonical form holds them as typed.
func Parse(src string, env Env) (*Query, error) {
	p := &parser{scanner: scanner{src: src}, env: env, schema: SchemaOf(env.Collection)}
	if env.Collection == "" {
		p.schema = listings
	}
	root := p.query()
	p.personalParts()
	if len(p.faults) > 0 {
		return nil, newError(p.src, p.faults, p.secret)
	}
	q := &Query{Root: root, src: canonical(root)}
	if len(q.src) > MaxSource {
		p.fault(span{0, len(src)}, fmt.Sprintf("%d bytes in canonical form", len(q.src)), fmt.Sprintf("at most %d", MaxSource),
			"put values on a list and ask for @list")
		return nil, newError(src, p.faults, p.secret)
	}
	return q, nil
}

// personalParts records as faults the identifiers in what would be kept as
// typed, also those that reach over several words, such as A123456(3).
func (p *parser) personalParts() {
	if p.env.Personal == nil {
		return
	}
	for _, at := range p.env.Personal(p.src) {
		s := span{at[0], at[1]}
		p.secret = append(p.secret, s)
		if slices.ContainsFunc(p.words, s.overlaps) && !slices.ContainsFunc(p.faults, func(f Fault) bool { return s.overlaps(span{f.Start, f.End}) }) {
			p.faultUncoded(s)
		}
	}
}

// A parser is a recursive descent over the source. A method that meets a
// fault records it and returns nil in place of the node, so parsing goes on.
type parser struct {
	scanner
	env    Env
	schema *Schema
	depth  int
	steps  int // that the expressions of the query compile to
	faults []Fault
	secret []span // parts of the source that no message may show
	words  []span // values that are kept as typed
	halted bool   // what follows makes no sense any more
}

// scope is what surrounds an operand.
type scope struct {
	field *Field // set inside field:( … )
	offer bool   // inside offer:( … )
}

func (p *parser) fault(at span, found, wanted, hint string) {
	if p.full() {
		return
	}
	p.faults = append(p.faults, Fault{at.start, at.end, found, wanted, hint})
}

// full reports whether further faults would not be reported.
func (p *parser) full() bool { return p.halted || len(p.faults) >= maxFaults }

// halt records a fault after which nothing more is read.
func (p *parser) halt(at span, found, wanted, hint string) {
	p.fault(at, found, wanted, hint)
	p.pos, p.halted = len(p.src), true
}

func (p *parser) query() Node {
	if !p.readable() {
		return nil
	}
	p.space()
	if p.pos == len(p.src) {
		return &All{}
	}
	root := p.or(scope{})
	for p.pos < len(p.src) { // only a ) ends a query early
		at := p.here()
		p.next()
		p.fault(at, `")"`, "the end of the query", `there is no "(" before it`)
		p.space()
		if p.pos < len(p.src) {
			p.or(scope{})
		}
	}
	if root != nil && len(p.faults) == 0 {
		p.checkSize(root)
	}
	return root
}

// readable checks what must hold before anything is read.
func (p *parser) readable() bool {
	whole := span{0, len(p.src)}
	switch {
	case p.schema == nil:
		p.fault(whole, "collection "+p.env.Collection, "listings, alerts, cases or revisions", "")
	case len(p.src) > MaxSource:
		p.src = p.src[:0]
		p.fault(span{}, fmt.Sprintf("%d bytes", whole.end), fmt.Sprintf("at most %d", MaxSource), "put values on a list and ask for @list")
	case !utf8.ValidString(p.src):
		p.src = strings.ToValidUTF8(p.src, "?")
		p.fault(span{}, "bytes that are not UTF-8", "text in UTF-8", "")
	}
	return len(p.faults) == 0
}

func (p *parser) checkSize(root Node) {
	nodes, depth := size(root)
	whole := span{0, len(p.src)}
	if nodes > MaxNodes {
		p.fault(whole, fmt.Sprintf("%d terms and operators", nodes), fmt.Sprintf("at most %d", MaxNodes), "put values on a list and ask for @list")
	}
	if depth > MaxDepth {
		p.fault(whole, fmt.Sprintf("%d levels", depth), fmt.Sprintf("at most %d", MaxDepth), "split the query")
	}
}

// here is the span of the next character, empty at the end.
func (p *parser) here() span {
	_, n := p.peek()
	return span{p.pos, p.pos + n}
}

// or reads operands joined by OR, up to a closing parenthesis or the end.
func (p *parser) or(sc scope) Node {
	nodes := []Node{p.and(sc)}
	for p.operator("OR", "||") {
		nodes = append(nodes, p.and(sc))
	}
	return join(nodes, newOr)
}

// and reads operands joined by AND or by nothing.
func (p *parser) and(sc scope) Node {
	var nodes []Node
	for wanted := true; ; {
		p.space()
		switch r, n := p.peek(); {
		case n == 0 || r == ')' || p.isOperator("OR", "||"):
			if wanted {
				p.missing()
			}
			return join(nodes, newAnd)
		case p.isOperator("AND", "&&"):
			if wanted {
				p.missing()
			}
			p.operator("AND", "&&")
			wanted = true
		default:
			nodes = append(nodes, p.not(sc))
			wanted = false
		}
	}
}

// missing records that an operand is expected where none is.
func (p *parser) missing() {
	at := p.here()
	found := "the end"
	if at.start < at.end {
		w := p.ahead()
		found = p.shown(w.text, w.span)
		if r, _ := p.peek(); r == ')' {
			found = `")"`
		}
	}
	p.fault(at, found, "a word, a phrase or field:value", `quote a word that is also an operator: "OR"`)
}

// not reads an operand with the signs before it.
func (p *parser) not(sc scope) Node {
	at := p.here()
	negative := p.operator("NOT", "!") || p.accept('-')
	if !negative && !p.accept('+') {
		return p.operand(sc)
	}
	if r, n := p.peek(); p.src[at.start:p.pos] == "-" && (n == 0 || r == ' ') {
		p.fault(at, `"-"`, "a term directly after it", `write -term to exclude it, or quote the dash`)
		return nil
	}
	p.space()
	if r, n := p.peek(); n == 0 || r == ')' || p.isOperator("OR", "||") || p.isOperator("AND", "&&") {
		p.missing()
		return nil
	}
	if !p.enter(at) {
		return nil
	}
	defer p.leave()
	n := p.not(sc)
	if n == nil || !negative {
		return n
	}
	return &Not{n}
}

// enter goes one level down, leave comes back.
func (p *parser) enter(at span) bool {
	if p.depth++; p.depth > MaxDepth {
		p.halt(at, fmt.Sprintf("more than %d levels", MaxDepth), "fewer parentheses and NOTs", "")
		return false
	}
	return true
}

func (p *parser) leave() { p.depth-- }

// isOperator reports whether the operator is next.
func (p *parser) isOperator(name, sign string) bool {
	if p.follows(sign) {
		return true
	}
	after := p.scanner
	for _, r := range name {
		if !after.accept(r) {
			return false
		}
	}
	r, n := after.peek()
	return n == 0 || strings.ContainsRune(valueEnds, r)
}

// operator consumes the operator if it is next.
func (p *parser) operator(name, sign string) bool {
	p.space()
	if !p.isOperator(name, sign) {
		return false
	}
	length := len(name)
	if p.follows(sign) {
		length = len(sign)
	}
	for range length {
		p.next()
	}
	return true
}

// operand reads one term, with its field if it has one.
func (p *parser) operand(sc scope) Node {
	at := p.here()
	switch r, _ := p.peek(); {
	case r == '(':
		return p.group(at, sc)
	case sc.field != nil:
		return p.value(*sc.field, sc)
	case r == '"' || r == '/' || r == '[' || r == '{' || r == '<' || r == '>':
		return p.value(bareWord, sc)
	case r == ':':
		p.next()
		p.fault(at, `":"`, "a field before it", "quote a colon that is part of the text")
		return nil
	}
	w := p.ahead()
	after := scanner{p.src, w.end}
	if !after.accept(':') {
		return p.value(bareWord, sc)
	}
	p.pos = after.pos
	if w.wild && w.text == "" && p.accept('*') {
		return &All{}
	}
	return p.fielded(w, sc)
}

// group reads what stands in parentheses.
func (p *parser) group(at span, sc scope) Node {
	if !p.enter(at) {
		return nil
	}
	defer p.leave()
	p.next()
	n := p.or(sc)
	if !p.accept(')') {
		p.fault(at, `"("`, `a ")" that closes it`, "")
	}
	return n
}

// fielded reads the value of the field that w names.
func (p *parser) fielded(w word, sc scope) Node {
	f, wrap, ok := p.resolve(strings.ToLower(w.text), sc)
	if !ok {
		f = p.unknown(w, sc)
	}
	p.space()
	at := p.here()
	if f.Kind == Offers {
		return p.offer(w)
	}
	inner := sc
	inner.offer = sc.offer || wrap
	var n Node
	if r, _ := p.peek(); r == '(' {
		inner.field = &f
		n = p.group(at, inner)
	} else {
		n = p.value(f, inner)
	}
	if n != nil && wrap {
		return &Offer{n}
	}
	return n
}

// resolve finds the field of that name; wrap says that it is one of an offer
// and stands outside offer:( … ).
func (p *parser) resolve(name string, sc scope) (f Field, wrap, ok bool) {
	if f, ok = p.schema.Field(name); ok && !sc.offer {
		return f, false, true
	}
	f, ok = p.schema.OfferField(strings.TrimPrefix(name, "offer."))
	return f, !sc.offer, ok
}

// unknown records a field that does not exist and returns one without a kind
// for reading over its value.
func (p *parser) unknown(w word, sc scope) (f Field) {
	if p.full() {
		return Field{form: identifier}
	}
	wanted, hint := "a field of "+p.schema.Name, fmt.Sprintf("quote the text if it is no field: %s", `"a:b"`)
	if sc.offer {
		wanted = "a field of an offer"
	}
	if near := closest(strings.ToLower(w.text), p.fieldNames(sc)); near != "" {
		hint = fmt.Sprintf("did you mean %s?", near)
		if strings.HasPrefix(near, "identifier") {
			f.form = identifier
		}
	}
	p.fault(w.span, "field "+p.shown(w.text, w.span), wanted, hint)
	return f
}

func (p *parser) fieldNames(sc scope) []string {
	var out []string
	for _, f := range p.schema.Offer {
		out = append(out, f.Name)
	}
	if sc.offer {
		return out
	}
	for _, f := range p.schema.Fields {
		out = append(out, f.Name)
	}
	return out
}

// offer reads what stands behind offer:.
func (p *parser) offer(w word) Node {
	at := p.here()
	switch {
	case p.accept('*'):
		return &Offer{&All{}}
	case !p.follows("("):
		p.value(Field{}, scope{})
		p.fault(w.span, "offer without parentheses", "offer:( … )", "write offer:(category:id_card_photo AND quantity:>1000)")
		return nil
	}
	n := p.group(at, scope{offer: true})
	if n == nil {
		return nil
	}
	return &Offer{n}
}

// join makes one node of several; nodes that met a fault are left out.
func join(nodes []Node, make func([]Node) Node) Node {
	var kept []Node
	for _, n := range nodes {
		if n != nil {
			kept = append(kept, n)
		}
	}
	switch len(kept) {
	case 0:
		return nil
	case 1:
		return kept[0]
	}
	return make(kept)
}

// newAnd joins two or more nodes; an And among them is dissolved.
func newAnd(nodes []Node) Node {
	var flat []Node
	for _, n := range nodes {
		if a, ok := n.(*And); ok {
			flat = append(flat, a.Nodes...)
		} else {
			flat = append(flat, n)
		}
	}
	return &And{flat}
}

// newOr joins two or more nodes; an Or among them is dissolved.
func newOr(nodes []Node) Node {
	var flat []Node
	for _, n := range nodes {
		if o, ok := n.(*Or); ok {
			flat = append(flat, o.Nodes...)
		} else {
			flat = append(flat, n)
		}
	}
	return &Or{flat}
}
