package detect

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"testing"
)

const (
	wordTexts      = 5    // texts that hold a word of the table, at least
	wordingPenalty = 0.05 // chosen among 0.1, 0.05 and 0.01 by cross-validation
	wordingRounds  = 300
)

// taughtWording is what the development set teaches of wording.
type taughtWording struct {
	table *wording  // learned from all texts
	odds  []float64 // of each text, as those of other authors teach
	signs []float64 // of the words, and 0 for what a text is by itself
}

// signsOf says which way words may count that a rule holds by themselves: those
// that name what is traded or speak for an offer not against one, those that
// speak of something else not for one.
func signsOf(l *Lexicon, words []string) []float64 {
	says := map[string]map[Role]bool{}
	for i := range l.terms {
		for _, ref := range l.roles.alone(l.match.marks[i].role) {
			if says[l.terms[i].text] == nil {
				says[l.terms[i].text] = map[Role]bool{}
			}
			says[l.terms[i].text][l.Rules[ref.rule].Role()] = true
		}
	}
	signs := make([]float64, len(words)+1)
	for i, w := range words {
		switch has := says[w]; {
		case has[Lowers] && (has[Names] || has[Raises]):
		case has[Lowers]:
			signs[i] = -1
		case has[Names] || has[Raises]:
			signs[i] = 1
		}
	}
	return signs
}

func teachWording(l *Lexicon, set []Labelled) *taughtWording {
	docs := make([]string, len(set))
	for i, l := range set {
		var d document
		d.join([]namedText{{"title", l.Title}, {"body", l.Body}})
		docs[i] = d.hidden.Text
	}
	words := commonWords(docs)
	table := newWording(words, make([]float32, len(words)))
	found := make([]wordSet, len(set))
	for i, s := range docs {
		table.find(s, &found[i])
	}
	t := &taughtWording{table, make([]float64, len(set)), signsOf(l, words)}
	learned := eachAuthor(func(a byte) []float64 { return t.fit(set, found, a) })
	for i := range set {
		t.table.weigh(learned[author(&set[i])])
		t.odds[i] = t.table.odds(&found[i])
	}
	t.table.weigh(t.fit(set, found, 0))
	return t
}

func (w *wording) weigh(weights []float64) {
	for i := range w.weights {
		w.weights[i] = float32(math.Round(weights[i]*100) / 100)
	}
}

// commonWords lists the words that occur in several texts.
func commonWords(docs []string) []string {
	texts := map[string]int{}
	for _, s := range docs {
		seen := map[string]bool{}
		eachWord(s, func(_ uint64, at, n int) {
			if w := s[at : at+n]; !seen[w] {
				seen[w] = true
				texts[w]++
			}
		})
	}
	var words []string
	for w, n := range texts {
		if n >= wordTexts {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	return words
}

// fit learns from the texts of all authors but one.
func (t *taughtWording) fit(set []Labelled, found []wordSet, without byte) []float64 {
	n := len(t.table.words)
	var examples []example
	for i := range set {
		if author(&set[i]) == without || len(found[i].list) == 0 {
			continue
		}
		v := vector{{feature(n), 1}} // what a text is by itself, which the judge knows better
		for _, w := range found[i].list {
			v = append(v, value{feature(w), shareOf(&found[i])})
		}
		examples = append(examples, example{text: i, v: v, offered: set[i].Hit, weight: 1})
	}
	return (&teacher{t.signs, wordingPenalty, wordingRounds, withAll, examples}).fit()
}

func (t *taughtWording) file() []byte {
	var b bytes.Buffer
	for i, w := range t.table.words {
		fmt.Fprintf(&b, "%s\t%.2f\n", w, t.table.weights[i])
	}
	return b.Bytes()
}

func (t *taughtWording) check(tb testing.TB, kept *wording) {
	tb.Helper()
	if !slices.Equal(t.table.words, kept.words) {
		tb.Errorf("wording.tsv holds %d words that are not the %d of the development set", len(kept.words), len(t.table.words))
		return
	}
	for i, w := range kept.words {
		if math.Abs(float64(kept.weights[i]-t.table.weights[i])) > 0.05 {
			tb.Errorf("%s weighs %v, the development set teaches %v", w, kept.weights[i], t.table.weights[i])
		}
	}
}
