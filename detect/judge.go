package detect

import (
	"math"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/detect/contact"
	"github.com/leakwatch/leakwatch/detect/offer"
	"github.com/leakwatch/leakwatch/leak"
)

// The score is a logistic function of a sum of weights. Each weight says how
// much one kind of evidence speaks for an offer; they were set by hand on the
// development set, whose floors a test keeps.
const (
	bias          = -2.6 // an ordinary text with nothing in it
	itemWeight    = 1.2  // per unit of strength of the strongest category
	priceWeight   = 1.3  // a price
	bulkWeight    = 0.6  // a quantity of 50 or more
	contactWeight = 0.9  // a way to reach the seller
	saleCap       = 1.4  // most that stock, trust and slang words add together
	hidingWeight  = 0.8  // a category word that was hidden on purpose
	offeredFrom   = 1.0  // least strength at which a category counts as offered
	weaklyFrom    = 0.65 // … at which one does if nothing else is offered
	weakMargin    = 0.1  // … and nothing stands out from it by more
	countedBonus  = 0.25 // strength: a quantity of 50 or more stands beside it
	titleBonus    = 0.25 // strength: the category stands in the title
	priceBonus    = 0.3  // … in a line that holds a price
	intentBonus   = 0.35 // … next to a word of intent
	purposeFactor = 0.4  // … named only as the purpose of something else
	moreContexts  = 0.5  // part of a context's weight that each further term adds
	repeatBonus   = 0.15 // strength: the category is named more than once
	intentCap     = 1.2  // most that intent adds to the score
	bulk          = 50   // a quantity from which it is no private matter
	priceReach    = 200  // bytes between a category and its price
	maxContexts   = 4    // terms of one context that count
	titleFactor   = 1.3  // contexts and intents in the title
)

// verdict is what a document says, before it becomes a Reading.
type verdict struct {
	instances  []instance
	strengths  map[leak.Category]float64
	categories []leak.Category
	intents    map[leak.Intent]float64
	intent     leak.Intent
	reasons    []leak.Reason
	logit      float64
	hit        bool
	bulk       float64 // largest quantity or stock
}

// judge weighs the matches of one document.
type judge struct {
	lexicon  *Lexicon
	doc      *document
	offers   offer.Result
	contacts []contact.Found
	prices   spans
	handles  spans
	bulks    spans // quantities of 50 or more
	v        verdict
}

func (j *judge) run() *verdict {
	j.v.strengths = map[leak.Category]float64{}
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
	j.undo()
	j.absorb()
	j.weighIntents()
	j.weighCategories()
	j.weighEvidence()
	j.weighContexts()
	j.conclude()
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
	return r.Category == leak.IMAccount || r.Weight < offeredFrom && (r.Category == leak.PhoneNumber || r.Category == leak.SIMCard)
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

func (j *judge) weighCategories() {
	var purposes, verbs spans
	last := map[leak.Category]span{}
	j.signals("purpose", func(in *instance, _ *Rule) { purposes = append(purposes, in.span) })
	j.signals("intent:", func(in *instance, _ *Rule) { verbs = append(verbs, in.whole()) })
	sortSpans(verbs)
	for i := range j.v.instances {
		in := &j.v.instances[i]
		r := j.rule(in)
		if in.undone != counts || len(r.names()) == 0 {
			continue
		}
		w := j.strength(in, r, purposes, verbs)
		for _, c := range r.names() {
			if at, named := last[c]; named && in.start >= at.end && j.v.strengths[c] > 0 {
				w += repeatBonus
			}
			last[c] = in.span
			j.v.strengths[c] = max(j.v.strengths[c], w)
		}
	}
}

// strength says how clearly one match names something offered.
func (j *judge) strength(in *instance, r *Rule, purposes, verbs spans) float64 {
	w := r.Weight
	if j.doc.inTitle(in.span) {
		w += titleBonus
	}
	if j.priced(in.span) {
		w += priceBonus
	}
	if j.bulks.beside(in.span, 5) {
		w += countedBonus
	}
	if verbs.beside(in.span, 6) {
		w += intentBonus
	}
	if purposes.endsBefore(in.start, 1) {
		w *= purposeFactor
	}
	return w
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
	weak := map[leak.Category]bool{}
	lines := map[leak.Category]spans{}
	taken := map[span]bool{} // words of firm composite matches
	for i := range j.v.instances {
		in := &j.v.instances[i]
		if in.undone != counts {
			continue
		}
		r := j.rule(in)
		for _, c := range r.Absorbs {
			weak[c] = true
		}
		for _, c := range r.Contains {
			lines[c] = append(lines[c], j.reachOf(in))
		}
		if in.joint != nil && len(r.names()) > 0 && r.Weight >= offeredFrom {
			for _, p := range in.joint.parts {
				taken[p] = true
			}
		}
	}
	for i := range j.v.instances {
		in := &j.v.instances[i]
		r := j.rule(in)
		weakWord := in.joint == nil && len(r.names()) > 0 && r.Weight < offeredFrom
		if in.undone == counts && (j.isPart(in, r, weak, lines) || weakWord && taken[in.span]) {
			in.undone = bySet
		}
	}
}

// isPart reports whether every category of a match is part of a set.
func (j *judge) isPart(in *instance, r *Rule, weak map[leak.Category]bool, lines map[leak.Category]spans) bool {
	names := r.names()
	for _, c := range names {
		if !(weak[c] && r.Weight < offeredFrom) && !lines[c].beside(in.span, 0) {
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

// weighEvidence adds what speaks for an offer.
func (j *judge) weighEvidence() {
	if len(j.offers.Offers) > 0 {
		j.reason("offer:price", priceWeight, "a price is named")
	}
	j.v.bulk = j.largest()
	if j.v.bulk >= bulk {
		j.reason("offer:bulk", bulkWeight, "a large quantity is named")
	}
	if len(j.contacts) > 0 {
		j.reason("contact", contactWeight, "a way to reach the author is given")
	}
	if kind, w := j.strongestIntent(); w > 0 {
		j.reason("intent:"+string(kind), min(w, intentCap), "words of intent: "+string(kind))
	}
	j.weighSale()
	if j.hidden() {
		j.reason("hiding", hidingWeight, "the words for what is offered were hidden")
	}
}

func (j *judge) weighSale() {
	best := map[string]float64{}
	j.signals("sale:", func(_ *instance, r *Rule) { best[r.Signal] = max(best[r.Signal], r.Weight) })
	left := saleCap
	for _, s := range sortedKeys(best) {
		w := min(best[s], left)
		if w > 0 {
			j.reason(s, w, "words that sellers use: "+strings.TrimPrefix(s, "sale:"))
		}
		left -= w
	}
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

// hidden reports whether the words for what is offered were hidden on
// purpose.
func (j *judge) hidden() bool {
	for i := range j.v.instances {
		in := &j.v.instances[i]
		if in.undone == counts && len(j.rule(in).names()) > 0 &&
			slices.ContainsFunc(j.doc.steps(in.hit), isDeliberate) {
			return true
		}
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

// weighContexts adds what speaks against an offer.
func (j *judge) weighContexts() {
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
	for i, r := range j.lexicon.Rules {
		if c := sums[int32(i)]; c != nil {
			j.applyContext(r, c.sum)
		}
	}
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

// applyContext lowers the score, or the strength of the categories that the
// rule damps.
func (j *judge) applyContext(r *Rule, weight float64) {
	if len(r.Damps) == 0 {
		j.reason(r.Signal, -weight, "words of another context: "+strings.TrimPrefix(r.Signal, "context:"))
		return
	}
	for _, c := range r.Damps {
		if j.v.strengths[c] > 0 {
			j.v.strengths[c] -= weight
		}
	}
}

func (j *judge) reason(signal string, weight float64, words string) {
	j.v.reasons = append(j.v.reasons, leak.Reason{Signal: signal, Weight: round(weight), Text: words})
	j.v.logit += weight
}

// conclude adds the strongest category and decides.
func (j *judge) conclude() {
	item := j.chooseCategories()
	if item > 0 {
		j.reason("category", item*itemWeight, "names what is traded: "+joinCategories(j.v.categories))
	}
	j.v.logit += bias
	evidence := len(j.offers.Offers) > 0 || len(j.contacts) > 0 || len(j.v.intents) > 0
	j.v.hit = j.v.logit > 0 && len(j.v.categories) > 0 && evidence
	j.v.intent = leak.Mention
	if j.v.hit {
		j.v.intent = j.decideIntent()
	}
}

// chooseCategories lists the categories that count as offered and returns the
// greatest strength.
func (j *judge) chooseCategories() float64 {
	most := 0.0
	for _, w := range j.v.strengths {
		most = max(most, w)
	}
	least := offeredFrom
	if most < offeredFrom {
		least = max(weaklyFrom, most-weakMargin)
	}
	for _, c := range leak.Categories() {
		if j.v.strengths[c] >= least {
			j.v.categories = append(j.v.categories, c)
		}
	}
	return most
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

func joinCategories(list []leak.Category) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = string(c)
	}
	return strings.Join(names, ", ")
}

func sortedKeys(m map[string]float64) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func round(x float64) float64 { return math.Round(x*1000) / 1000 }
