package detect

import (
	"math"
	"testing"
)

// calibrate compares scores with how often texts of such a score are hits. Each
// author's part of the development set is scored with weights that the others
// teach; -v shows the table.
func (x *taught) calibrate(t *testing.T, learned folds) {
	const bins = 5
	var scores, hits, texts [bins]float64
	learned.each(x, func(w []float64, mine func(int) bool) {
		for text, score := range x.scores(w) {
			if !mine(text) {
				continue
			}
			b := min(int(score*bins), bins-1)
			scores[b] += score
			texts[b]++
			if x.set[text].Hit {
				hits[b]++
			}
		}
	})
	off, all := 0.0, 0.0
	for b := range bins {
		t.Logf("score %.1f to %.1f: %4.0f texts, mean score %.2f, hits %.2f", float64(b)/bins, float64(b+1)/bins, texts[b], scores[b]/texts[b], hits[b]/texts[b])
		off += math.Abs(scores[b] - hits[b])
		all += texts[b]
	}
	t.Logf("expected calibration error %.3f", off/all)
	if off/all > 0.05 {
		t.Errorf("scores are off by %.3f on average, want at most 0.05", off/all)
	}
}

// scores returns the score of each text that names anything.
func (t *taught) scores(w []float64) map[int]float64 {
	out := map[int]float64{}
	for _, x := range t.examples {
		if x.variant {
			continue
		}
		out[x.text] = max(out[x.text], logistic(dot(w, x.v)))
	}
	return out
}
