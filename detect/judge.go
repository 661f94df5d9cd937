package detect

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/contact"
	"github.com/leakwatch/leakwatch/detect/offer"
	"github.com/leakwatch/leakwatch/leak"
)

// How a match gets its strength, which says how clearly it names something
// offered. What strengths and the other evidence are worth, the model says.
const (
	firmFrom      = 1.0  // weight from which a word names an offer by itself
	countedBonus  = 0.25 // a quantity of 50 or more stands beside it
	titleBonus    = 0.25 // it stands in the title
	priceBonus    = 0.3  // … in a line that holds a price
	intentBonus   = 0.35 // … next to a word of intent
	purposeFactor = 0.4  // it is named only as the purpose of something else
	moreContexts  = 0.5  // part of a context's weight that each further term adds
	repeatBonus   = 0.15 // the category is named more than once
	bulk          = 50   // a quantity from which it is no private matter
	priceReach    = 200  // bytes between a category and its price
	maxContexts   = 4    // terms of one context that count
	titleFactor   = 1.3  // contexts and intents in the title
)

// verdict is what a document says, before it becomes a Reading.
type verdict struct {
	instances  []instance
	candidates []candidate // categories that are named, in the order of leak.Categories
	categories []leak.Category
	intents    map[leak.Intent]float64
	intent     leak.Intent
	evidence   vector // of the text as a whole
	supported  bool   // there is a price, a contact or a word of intent
	reasons    []leak.Reason
	logit      float64
	hit        bool
	bulk       float64 // largest quantity or stock
}

// candidate is a category that a text names, with what speaks for and against
// its being offered.
type candidate struct {
	category leak.Category
	strength float64 // of its clearest match
	weight   float64 // greatest weight of its rules
	terms    map[int32]bool
	last     span // of its matches
	matches  int  // that do not overlap
	title    bool
	priced   bool   // a price stands in its line
	intended bool   // next to a word of intent
	counted  bool   // a large quantity stands beside it
	own      bool   // a price stands nearer to it than to any other category
	hidden   bool   // its words were hidden on purpose
	damped   vector // contexts that are the world of such things
	evidence vector
	logit    float64
}

// judge weighs the matches of one document.
type judge struct {
	lexicon  *Lexicon
	doc      *document
	language string
	offers   offer.Result
	contacts []contact.Found
	prices   spans
	handles  spans
	bulks    spans // quantities of 50 or more
	v        verdict
}

func (j *judge) run() *verdict {
	j.v.intents = map[leak.Intent]float64{}
	for _, o := range j.offers.Offers {
		j.prices = append(j.prices, span{o.Start, o.End})
	}
	for _, q := range j.offers.Quantities {
		if q.Value >= bulk {
			j.bulks = append(j.bulks, span{q.Start, q.End})
		}
	}
	sortSpans(j.bulks)
	for _, c := range j.contacts {
		j.handles = append(j.handles, span{c.Start, c.End})
	}
	sortSpans(j.prices)
	sortSpans(j.handles)
	j.v.bulk = j.largest()
	j.undo()
	j.absorb()
	j.weighIntents()
	j.findCandidates()
	j.decide()
	return &j.v
}

func (j *judge) rule(in *instance) *Rule { return j.lexicon.Rules[in.rule] }

// signals calls use for every instance that counts of a signal with the given
// prefix.
func (j *judge) signals(prefix string, use func(*instance, *Rule)) {
	for i := range j.v.instances {
		in := &j.v.instances[i]
		if r := j.rule(in); in.undone == counts && strings.HasPrefix(r.Signal, prefix) {
			use(in, r)
		}
	}
}

// undo drops category words that the text denies, or that only introduce the
// seller's handle.
func (j *judge) undo() {
	var negations spans
	j.signals("negation", func(in *instance, _ *Rule) { negations = append(negations, in.span) })
	for i := range j.v.instances {
		in := &j.v.instances[i]
		switch r := j.rule(in); {
		case len(r.names()) == 0:
		case negations.endsBefore(in.start, 2):
			in.undone = byNegation
		case cueLike(r) && j.isCue(in.span):
			in.undone = byCue
		}
	}
}

// cueLike reports whether the terms of a rule also introduce contacts.
func cueLike(r *Rule) bool {
	return r.Category == leak.IMAccount || r.Weight < firmFrom && (r.Category == leak.PhoneNumber || r.Category == leak.SIMCard)
}

// isCue reports whether the span is part of a contact or introduces one: a
// contact value follows it directly.
func (j *judge) isCue(s span) bool {
	return j.handles.beside(s, 0) || j.handles.after(s.end) < j.handles.after(s.end+6)
}

func (j *judge) weighIntents() {
	j.signals("intent:", func(in *instance, r *Rule) {
		w := r.Weight
		if j.doc.inTitle(in.span) {
			w *= titleFactor
		}
		kind := leak.Intent(strings.TrimPrefix(r.Signal, "intent:"))
		j.v.intents[kind] = max(j.v.intents[kind], w)
	})
}

// findCandidates gathers the categories that the text names.
func (j *judge) findCandidates() {
	var purposes, verbs spans
	nearest := j.nearestToPrices()
	j.signals("purpose", func(in *instance, _ *Rule) { purposes = append(purposes, in.span) })
	j.signals("intent:", func(in *instance, _ *Rule) { verbs = append(verbs, in.whole()) })
	sortSpans(verbs)
	found := map[leak.Category]*candidate{}
	for i := range j.v.instances {
		in := &j.v.instances[i]
		r := j.rule(in)
		if in.undone != counts {
			continue
		}
		for _, name := range r.names() {
			c := found[name]
			if c == nil {
				c = &candidate{category: name, terms: map[int32]bool{}}
				found[name] = c
			}
			j.addMatch(c, in, r, purposes, verbs)
			c.own = c.own || nearest[in.span]
		}
	}
	for _, name := range leak.Categories() {
		if c := found[name]; c != nil {
			j.v.candidates = append(j.v.candidates, *c)
		}
	}
}

// nearestToPrices returns the words for something traded to which a price
// stands nearest, in its line: what each line of a price list sells.
func (j *judge) nearestToPrices() map[span]bool {
	var named spans // by start, as the instances are
	for i := range j.v.instances {
		if in := &j.v.instances[i]; in.undone == counts && len(j.rule(in).names()) > 0 {
			named = append(named, in.span)
		}
	}
	out := map[span]bool{}
	for _, p := range j.prices {
		best, least := span{}, ownReach+1
		i := named.after(p.start)
		for k := max(0, i-lookBack); k < min(len(named), i+lookBack); k++ {
			if d := j.gapTo(p, named[k]); d < least {
				best, least = named[k], d
			}
		}
		if least <= ownReach {
			out[best] = true
		}
	}
	return out
}

const (
	ownReach     = 90 // bytes between a price and the word for what it buys
	behindItCost = 12 // a word behind its price is rarer
)

// gapTo measures how far the word w stands from the price p, more than
// ownReach if in another line.
func (j *judge) gapTo(p, w span) int {
	lo, hi, d := w.end, p.start, 0
	if w.start >= p.end {
		lo, hi, d = p.end, w.start, behindItCost
	}
	if hi-lo > ownReach || hi > lo && strings.Contains(j.doc.original()[lo:hi], "\n") {
		return ownReach + 1
	}
	return d + max(hi-lo, 0)
}

// addMatch adds one match to what is known of a category.
func (j *judge) addMatch(c *candidate, in *instance, r *Rule, purposes, verbs spans) {
	w := r.Weight
	if j.doc.inTitle(in.span) {
		w += titleBonus
		c.title = true
	}
	if j.priced(in.span) {
		w += priceBonus
		c.priced = true
	}
	if j.bulks.beside(in.span, 5) {
		w += countedBonus
		c.counted = true
	}
	if verbs.beside(in.span, 6) {
		w += intentBonus
		c.intended = true
	}
	if purposes.endsBefore(in.start, 1) {
		w *= purposeFactor
	}
	switch again := in.start >= c.last.end; {
	case again && c.matches > 0:
		w += repeatBonus
		fallthrough
	case again:
		c.matches++
		c.last = in.span
	}
	c.terms[in.hit.term] = true
	c.weight = max(c.weight, r.Weight)
	c.strength = max(c.strength, w)
	c.hidden = c.hidden || slices.ContainsFunc(j.doc.steps(in.hit), isDeliberate)
}

// priced reports whether a price stands in the line of s.
func (j *judge) priced(s span) bool {
	i := j.prices.after(s.start)
	for k := max(i-1, 0); k <= i && k < len(j.prices); k++ {
		lo, hi := min(j.prices[k].start, s.start), max(j.prices[k].end, s.end)
		if hi-lo < priceReach && !strings.Contains(j.doc.original()[lo:hi], "\n") {
			return true
		}
	}
	return false
}

// absorb undoes the words that are parts of a set, the weak 手机卡 of a 四件套
// anywhere, the SSN of a fullz on its line, and the weak words that already
// helped to name something else, as the 人脸 in 代过各类人脸.
func (j *judge) absorb() {
	weak := map[leak.Category]spans{}
	lines := map[leak.Category]spans{}
	taken := map[span]bool{} // words of firm composite matches
	for i := range j.v.instances {
		in := &j.v.instances[i]
		if in.undone != counts {
			continue
		}
		r := j.rule(in)
		for _, c := range r.Absorbs {
			weak[c] = append(weak[c], j.reachOf(in))
		}
		for _, c := range r.Contains {
			lines[c] = append(lines[c], j.reachOf(in))
		}
		if in.joint != nil && len(r.names()) > 0 && r.Weight >= firmFrom {
			for _, p := range in.joint.parts {
				taken[p] = true
			}
		}
	}
	for i := range j.v.instances {
		in := &j.v.instances[i]
		r := j.rule(in)
		weakWord := in.joint == nil && len(r.names()) > 0 && r.Weight < firmFrom
		if in.undone == counts && (j.isPart(in, r, weak, lines) || weakWord && taken[in.span]) {
			in.undone = bySet
		}
	}
}

// isPart reports whether every category of a match is part of a set.
func (j *judge) isPart(in *instance, r *Rule, weak, lines map[leak.Category]spans) bool {
	names := r.names()
	for _, c := range names {
		if !(r.Weight < firmFrom && weak[c].beside(in.span, 0)) && !lines[c].beside(in.span, 0) {
			return false
		}
	}
	return len(names) > 0
}

// reachOf returns where the parts of a set are looked for: the whole text if
// the title names the set, else its line.
func (j *judge) reachOf(in *instance) span {
	if j.doc.inTitle(in.span) {
		return span{0, len(j.doc.original())}
	}
	return lineAround(j.doc.original(), in.span)
}

// lineReach bounds what lineAround looks at, in bytes on either side.
const lineReach = 300

// lineAround returns the line that holds at.
func lineAround(s string, at span) span {
	lo, hi := max(0, at.start-lineReach), min(len(s), at.end+lineReach)
	if i := strings.LastIndexByte(s[lo:at.start], '\n'); i >= 0 {
		lo += i + 1
	}
	if i := strings.IndexByte(s[at.end:hi], '\n'); i >= 0 {
		hi = at.end + i
	}
	return span{lo, hi}
}

func (j *judge) largest() float64 {
	most := 0.0
	for _, o := range j.offers.Offers {
		if o.Quantity != nil {
			most = max(most, *o.Quantity)
		}
	}
	if j.offers.Available != nil {
		most = max(most, float64(*j.offers.Available))
	}
	return most
}

// isDeliberate reports whether a step undoes what nobody needs who does not
// hide.
func isDeliberate(step string) bool {
	switch step {
	case "separator", "zero_width", "lookalike", "jamo", "pinyin", "digit":
		return true
	}
	return false
}

func (j *judge) strongestIntent() (leak.Intent, float64) {
	best, w := leak.Mention, 0.0
	for _, kind := range leak.Intents() {
		if j.v.intents[kind] > w {
			best, w = kind, j.v.intents[kind]
		}
	}
	return best, w
}

// usedParts returns the words that took part in naming a category, and the
// contexts that it explains: the 门禁 of "门禁后台导出人脸" is no vendor's.
func (j *judge) usedParts() (used spans, explained map[string]bool) {
	explained = map[string]bool{}
	for i := range j.v.instances {
		in := &j.v.instances[i]
		r := j.rule(in)
		if in.undone != counts || len(r.names()) == 0 {
			continue
		}
		if in.joint != nil {
			used = append(used, in.joint.parts...)
		}
		for _, s := range r.Explains {
			explained[s] = true
		}
	}
	return sortSpans(used), explained
}

// contextSum adds up the different terms of one context rule.
type contextSum struct {
	terms map[int32]bool
	title bool
	sum   float64
}

func (c *contextSum) add(term int32, weight float64, title bool) {
	if title && !c.title {
		c.title = true
		c.sum += weight * (titleFactor - 1)
	}
	if c.terms[term] || len(c.terms) >= maxContexts {
		return
	}
	if len(c.terms) > 0 {
		weight *= moreContexts
	}
	c.terms[term] = true
	c.sum += weight
}

// decide lets the model say which of the candidates are offered.
func (j *judge) decide() {
	m := j.lexicon.model
	j.v.evidence = j.describe()
	j.v.supported = len(j.offers.Offers) > 0 || len(j.contacts) > 0 || len(j.v.intents) > 0
	shared := m.sum(j.v.evidence)
	best := -1
	for i := range j.v.candidates {
		c := &j.v.candidates[i]
		c.evidence = j.describeCandidate(i)
		c.logit = shared + m.sum(c.evidence)
		if c.logit > 0 && j.v.supported {
			j.v.categories = append(j.v.categories, c.category)
		}
		if best < 0 || c.logit > j.v.candidates[best].logit {
			best = i
		}
	}
	j.v.hit = len(j.v.categories) > 0
	j.explain(best)
	j.v.intent = leak.Mention
	if j.v.hit {
		j.v.intent = j.decideIntent()
	}
}

// decideIntent names what the author of a hit wants.
func (j *judge) decideIntent() leak.Intent {
	kind, w := j.strongestIntent()
	bypass := slices.Contains(j.v.categories, leak.KYCBypass)
	switch {
	case bypass && len(j.v.categories) == 1 && kind != leak.Buy:
		return leak.Service
	case w == 0:
		return leak.Sell
	}
	return kind
}

// describe lists what the text as a whole says.
func (j *judge) describe() vector {
	d := describer{model: j.lexicon.model}
	d.add(fBase, 1)
	d.add(languageFeature(j.language), 1)
	size := float64(utf8.RuneCountInString(j.doc.original()))
	d.add(fLength, math.Log1p(size/50))
	d.when(fPrice, len(j.offers.Offers) > 0)
	d.add(fOffers, math.Log1p(float64(max(len(j.offers.Offers)-1, 0))))
	d.when(fBulk, j.v.bulk >= bulk)
	d.when(fContact, len(j.contacts) > 0)
	d.when(fChat, slices.ContainsFunc(j.contacts, isChat))
	for _, kind := range leak.Intents() {
		if w := j.v.intents[kind]; w > 0 {
			d.add(intentFeature(kind), w)
		}
	}
	j.describeSale(&d)
	j.describeContexts(&d, size)
	return d.v
}

func (j *judge) describeSale(d *describer) {
	terms := map[string]map[int32]bool{}
	j.signals("sale:", func(in *instance, r *Rule) {
		if terms[r.Signal] == nil {
			terms[r.Signal] = map[int32]bool{}
		}
		terms[r.Signal][in.hit.term] = true
	})
	for _, s := range sortedKeys(terms) {
		d.signal(s, math.Log1p(float64(len(terms[s]))))
	}
}

// describeContexts adds what speaks of another context. In a long text a word
// of one says less.
func (j *judge) describeContexts(d *describer, size float64) {
	sums := map[int32]*contextSum{}
	used, explained := j.usedParts()
	j.signals("context:", func(in *instance, r *Rule) {
		if used.beside(in.span, 0) || explained[r.Signal] {
			return
		}
		c := sums[in.rule]
		if c == nil {
			c = &contextSum{terms: map[int32]bool{}}
			sums[in.rule] = c
		}
		c.add(in.hit.term, r.Weight, j.doc.inTitle(in.span))
	})
	thin := 1 / math.Sqrt(1+size/contextReach)
	for i, r := range j.lexicon.Rules {
		c := sums[int32(i)]
		switch {
		case c == nil:
		case len(r.Damps) == 0:
			d.signal(r.evidence(), c.sum*thin)
		default:
			j.damp(r, c.sum*thin)
		}
	}
}

// contextReach is the length, in characters, from which words of another
// context count less.
const contextReach = 150

// damp lets a context count against the categories that it is the world of.
func (j *judge) damp(r *Rule, weight float64) {
	for i := range j.v.candidates {
		if c := &j.v.candidates[i]; slices.Contains(r.Damps, c.category) {
			c.damped = append(c.damped, value{j.lexicon.model.signals[r.evidence()], weight})
		}
	}
}

// describeCandidate lists what speaks for and against one category.
func (j *judge) describeCandidate(i int) vector {
	d := describer{model: j.lexicon.model}
	c := &j.v.candidates[i]
	most := 0.0
	for k := range j.v.candidates {
		if k != i {
			most = max(most, j.v.candidates[k].strength)
			d.add(pairFeature(c.category, j.v.candidates[k].category), 1)
		}
	}
	d.add(categoryFeature(c.category), 1)
	d.add(fStrength, min(c.strength, 2.5))
	d.when(fFirm, c.weight >= firmFrom)
	d.when(fTitle, c.title)
	d.when(fPriced, c.priced)
	d.when(fIntended, c.intended)
	d.when(fCounted, c.counted)
	d.when(fHidden, c.hidden)
	d.when(fOwnPrice, c.own)
	d.when(fTop, c.strength >= most)
	d.add(fBehind, max(most-c.strength, 0))
	d.add(fRivals, math.Log1p(float64(len(j.v.candidates)-1)))
	d.add(fTerms, math.Log1p(float64(len(c.terms)-1)))
	d.add(fRepeats, math.Log1p(float64(c.matches-1)))
	return append(d.v, c.damped...)
}

func isChat(c contact.Found) bool {
	return c.Kind != leak.PhoneContact && c.Kind != leak.EmailContact
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func round(x float64) float64 { return math.Round(x*1000) / 1000 }
