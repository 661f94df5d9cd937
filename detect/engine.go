// Package detect reads a listing: what is offered, how many, for how much, by
// whom, whose data, and whether it is an offer at all. It is also the one
// place where identifiers of victims are masked; what leaves Read holds none.
//
// A text is folded twice (package text): the plain stream undoes width, case
// and script, the unhidden stream what sellers do to hide words. One pass of
// one matcher over each stream finds the terms of all rules. Rules are data:
// the YAML files in lexicon/ and those of a team. Rules name categories
// (face_photo, …) or signals (intent:sell, context:news, …); judge weighs
// them, with the offers, contacts and identifiers that the sub-packages find,
// into a score with its reasons. Nothing here blocks, reads the clock or
// keeps anything of a text.
package detect

import (
	"errors"

	"github.com/leakwatch/leakwatch/detect/contact"
	"github.com/leakwatch/leakwatch/detect/ident"
	"github.com/leakwatch/leakwatch/detect/offer"
	"github.com/leakwatch/leakwatch/leak"
)

// RedactionVersion changes whenever masking changes its answer for any text;
// listings stored under another version are read again.
const RedactionVersion = 3

// Options configure an Engine.
type Options struct {
	Keys  *leak.Keyring      // codes identifiers; required
	Rules []string           // rule files of the team, beside the built-in lexicon
	Rates map[string]float64 // US dollars per unit of a currency; nil leaves unit_price_usd out
}

// Engine reads texts. It is immutable and safe for concurrent use.
type Engine struct {
	lexicon *Lexicon
	keys    *leak.Keyring
	rates   map[string]float64
}

// New loads the rules. It reads the rule files and nothing else; errors name
// the file. Rules of a team that have faults, or whose examples fail, are
// refused, all of them at once.
func New(o Options) (*Engine, error) {
	if o.Keys == nil {
		return nil, errors.New("detect: no keys")
	}
	l, err := LoadRules(o.Rules...)
	if err != nil {
		return nil, err
	}
	if faults := l.Refusals(); len(faults) > 0 {
		return nil, faults
	}
	return &Engine{lexicon: l, keys: o.Keys, rates: o.Rates}, nil
}

// Version is that of the lexicon, for Listing.RulesVersion.
func (e *Engine) Version() string { return e.lexicon.Version() }

// Lexicon returns the rules that the engine reads with.
func (e *Engine) Lexicon() *Lexicon { return e.lexicon }

// Input is one text to read.
type Input struct {
	ID       string
	Title    string
	Body     string
	Language string // zh, en or ko if known; else it is recognised
}

// Analyze says what a text offers. Offsets of findings count code points of
// the input's fields. No value that identifies a victim is in the answer.
func (e *Engine) Analyze(in Input) leak.Reading {
	r := e.read([]namedText{{"title", in.Title}, {"body", in.Body}}, in.Language)
	defer r.release()
	return r.pointed(e.lexicon)
}

// result is everything known about one document.
type result struct {
	reading  leak.Reading
	doc      *document
	language string
	verdict  *verdict
	victims  []ident.Found   // identifiers that are not the seller's
	contacts []contact.Found // all that were found
	sellers  []contact.Found // those that are the seller's; nobody's if nothing is offered
	offers   offer.Result
	findings []instance
	cut      []string
	memory   *memory
}

// pointed returns the reading with findings that point into the texts as they
// were given.
func (r *result) pointed(l *Lexicon) leak.Reading {
	r.reading.Findings = r.doc.findings(l, r.findings)
	return r.reading
}

// release gives the memory of a result to the next reading. Only what stands
// in the reading may be used after it.
func (r *result) release() { r.memory.lexicon.giveBack(r.memory) }

// read runs all of detection over one document, that of some fields.
func (e *Engine) read(fields []namedText, language string) *result {
	m := e.lexicon.borrow()
	r, d := &m.result, &m.doc
	d.join(fields)
	*r = result{doc: d, language: language, memory: m}
	if language == "" {
		r.language = d.language
	}
	ids := ident.Find(d.plain, d.hidden)
	r.contacts = contact.Find(d.plain, d.hidden)
	m.sellers = sellerContacts(m.sellers[:0], d, r.contacts, ids)
	r.sellers = m.sellers
	r.offers = offer.Find(d.plain, d.hidden, r.language)
	j := &m.judge
	*j = judge{lexicon: e.lexicon, doc: d, language: r.language, offers: r.offers, contacts: r.sellers, workspace: &m.work}
	j.v.instances = m.joiner.match(d.original(), m.hits.find(d.streams))
	r.verdict = j.run()
	if !r.verdict.hit {
		r.sellers = nil
	}
	r.offers.Offers = withoutIdentifiers(r.offers.Offers, ids)
	r.victims = without(ids, r.sellers)
	e.fill(r)
	return r
}

// fill writes the reading of a judged document, but for its findings: what they
// point into the caller knows.
func (e *Engine) fill(r *result) {
	v := r.verdict
	r.reading = leak.Reading{
		Hit: v.hit, Intent: v.intent, Score: round(logistic(v.logit)), Language: r.language,
		Severity: severity(v), Categories: []leak.Category{}, Offers: []leak.Offer{},
		Contacts: []leak.Contact{}, Reasons: v.reasons,
	}
	r.reading.Identifiers = e.identifiers(r)
	r.findings = capFindings(r, e.lexicon.evidence(r.memory.work.findings[:0], v.instances))
	r.memory.work.findings = r.findings
	if !v.hit {
		return
	}
	r.reading.Categories = v.categories
	r.reading.Offers = e.offers(r)
	r.reading.Available = r.offers.Available
	r.reading.Contacts = contacts(r)
}

// evidence appends the instances that count, in order, one more than may be
// findings at most.
func (l *Lexicon) evidence(out, all []instance) []instance {
	for i := range all {
		in := &all[i]
		if in.undone != counts || l.senses[in.rule].signal == neutralSignal || in.hit.mute {
			continue
		}
		if out = append(out, *in); len(out) > leak.MaxFindings {
			break
		}
	}
	return out
}

func capFindings(r *result, in []instance) []instance {
	if len(in) > leak.MaxFindings {
		r.cut = append(r.cut, "findings")
		return in[:leak.MaxFindings]
	}
	return in
}
