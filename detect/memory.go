package detect

import "github.com/leakwatch/leakwatch/detect/contact"

// memory is what readings use and give back: none of it outlives one.
type memory struct {
	lexicon *Lexicon
	hits    *collector
	joiner  *joiner
	judge   judge
	work    workspace
	doc     document
	sellers []contact.Found
	result  result
}

// maxMemory is how many hits, and symbols, the memory may have room for that
// is kept.
const maxMemory = 1 << 14

func (l *Lexicon) borrow() *memory {
	if m, ok := l.memory.Get().(*memory); ok {
		return m
	}
	return &memory{lexicon: l, hits: l.newCollector(), joiner: l.newJoiner()}
}

// giveBack keeps the memory, and nothing of the text that was read.
func (l *Lexicon) giveBack(m *memory) {
	m.hits.forget()
	m.joiner.original = ""
	m.judge, m.doc, m.result = judge{}, document{}, result{}
	clear(m.sellers)
	if cap(m.hits.hits) <= maxMemory && cap(m.hits.scan.symbols) <= maxMemory {
		l.memory.Put(m)
	}
}

// workspace is what the judge works with.
type workspace struct {
	bySignal [signalCount][]*instance // the matches, by the sort of their signal
	naming   []*instance              // those that name something traded

	prices, handles, bulks spans           // of the text; bulks are quantities of 50 or more
	purposes, verbs        spans           // words of these signals
	negations, denials     negations       // words that deny what follows them, what stands before them
	named, nearest         spans           // words for something traded; those to which a price stands nearest
	taken, used            spans           // words of firm composite matches; of all that name something
	weak, lines            spansByCategory // where a set says that a category is part of it
	quotations             spans
	explained              []string // contexts that do not count
	weighed                []weighed
	said                   []saleWord
	sums                   []contextSum
	candidates             []candidate
	terms                  []int32
	words                  wordSet
	arena                  vector // for evidence
	values                 vector // the rest of the arena that is not in use, empty
	means                  [meant]vector
	findings               []instance
}

const arenaSize = 1 << 10

// clear makes the workspace ready for another text.
func (w *workspace) clear() {
	for _, s := range []*spans{&w.prices, &w.handles, &w.bulks, &w.purposes, &w.verbs, &w.nearest, &w.taken, &w.used} {
		*s = (*s)[:0]
	}
	for i := range w.bySignal {
		w.bySignal[i] = w.bySignal[i][:0]
	}
	w.naming, w.explained = w.naming[:0], w.explained[:0]
	w.negations.clear()
	w.denials.clear()
	w.weak.clear()
	w.lines.clear()
	if w.arena == nil {
		w.arena = make(vector, 0, arenaSize)
	}
	w.values = w.arena
}

// keep takes what is now in use of w.values.
func (w *workspace) keep(v vector) vector {
	if n := len(v); n <= cap(w.values) {
		w.values = w.values[n:n]
	}
	return v[:len(v):len(v)]
}
