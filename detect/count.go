package detect

import (
	"encoding/json"
	"math"
)

// Count is how often something was found rightly, wrongly, and missed.
type Count struct {
	Right  int `json:"right"`
	Wrong  int `json:"wrong"`
	Missed int `json:"missed"`
}

// Precision is the share of what was found that is right; 1 if nothing was
// found.
func (c Count) Precision() float64 { return share(c.Right, c.Right+c.Wrong) }

// Recall is the share of what there was that was found; 1 if there was
// nothing.
func (c Count) Recall() float64 { return share(c.Right, c.Right+c.Missed) }

// F1 is the harmonic mean of precision and recall.
func (c Count) F1() float64 { return share(2*c.Right, 2*c.Right+c.Wrong+c.Missed) }

func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// F1Interval is the 95 % interval of F1. F1 grows with right/(right+wrong+
// missed), which is a share, so its ends come from the ends of that share.
func (c Count) F1Interval() (low, high float64) {
	low, high = Interval(c.Right, c.Right+c.Wrong+c.Missed)
	return 2 * low / (1 + low), 2 * high / (1 + high)
}

// MarshalJSON writes the counts with what follows from them.
func (c Count) MarshalJSON() ([]byte, error) {
	ends := func(low, high float64) [2]float64 { return [2]float64{round(low), round(high)} }
	return json.Marshal(struct {
		Right       int        `json:"right"`
		Wrong       int        `json:"wrong"`
		Missed      int        `json:"missed"`
		Precision   float64    `json:"precision"`
		PrecisionIn [2]float64 `json:"precision_95"`
		Recall      float64    `json:"recall"`
		RecallIn    [2]float64 `json:"recall_95"`
		F1          float64    `json:"f1"`
		F1In        [2]float64 `json:"f1_95"`
	}{c.Right, c.Wrong, c.Missed, round(c.Precision()), ends(Interval(c.Right, c.Right+c.Wrong)),
		round(c.Recall()), ends(Interval(c.Right, c.Right+c.Missed)), round(c.F1()), ends(c.F1Interval())})
}

// Interval is the 95 % Wilson interval of a of b.
func Interval(a, b int) (low, high float64) {
	if b == 0 {
		return 0, 1
	}
	const z = 1.96
	n, p := float64(b), float64(a)/float64(b)
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(mid-half, 0), min(mid+half, 1)
}

// Spared says how many look-alikes of a kind there were, and how many of them
// were taken for hits.
type Spared struct {
	Texts int `json:"texts"`
	Wrong int `json:"wrong"`
}

// MarshalJSON writes the counts with the share and its 95 % interval.
func (s Spared) MarshalJSON() ([]byte, error) {
	low, high := Interval(s.Wrong, s.Texts)
	return json.Marshal(struct {
		Texts   int        `json:"texts"`
		Wrong   int        `json:"wrong"`
		Share   float64    `json:"share"`
		ShareIn [2]float64 `json:"share_95"`
	}{s.Texts, s.Wrong, round(1 - share(s.Texts-s.Wrong, s.Texts)), [2]float64{round(low), round(high)}})
}

// Twins compares hidden texts with the same texts in clear, which the set
// names as clear_of.
type Twins struct {
	Pairs  int     `json:"pairs"`
	Clear  int     `json:"clear"`  // hits found in the clear text of a pair
	Hidden int     `json:"hidden"` // … and in the hidden one
	Lost   int     `json:"lost"`   // found in the clear text only
	Gained int     `json:"gained"` // found in the hidden text only
	Points float64 `json:"points"` // recall of the hidden texts less that of the clear ones, in points
	Low    float64 `json:"low"`    // ends of the 95 % interval of Points
	High   float64 `json:"high"`
}

func (t *Twins) add(clear, hidden bool) {
	t.Pairs++
	switch {
	case clear && hidden:
		t.Clear++
		t.Hidden++
	case clear:
		t.Clear++
		t.Lost++
	case hidden:
		t.Hidden++
		t.Gained++
	}
	t.Points, t.Low, t.High = t.difference()
}

// difference is the paired difference of the two shares in points, with the
// interval of Agresti and Min: half a pair added to each of the four cells.
func (t *Twins) difference() (points, low, high float64) {
	n, lost, gained := float64(t.Pairs)+2, float64(t.Lost)+0.5, float64(t.Gained)+0.5
	mid := (gained - lost) / n
	half := 1.96 * math.Sqrt(lost+gained-(gained-lost)*(gained-lost)/n) / n
	p := func(x float64) float64 { return round(100 * x) }
	return p(float64(t.Hidden-t.Clear) / float64(t.Pairs)), p(max(mid-half, -1)), p(min(mid+half, 1))
}

func single(want, got bool) Count {
	switch {
	case want && got:
		return Count{Right: 1}
	case got:
		return Count{Wrong: 1}
	case want:
		return Count{Missed: 1}
	}
	return Count{}
}

func sum(a, b Count) Count {
	return Count{a.Right + b.Right, a.Wrong + b.Wrong, a.Missed + b.Missed}
}

func addTo(m map[string]Count, key string, c Count) { m[key] = sum(m[key], c) }
