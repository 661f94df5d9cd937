package console

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// The charts are drawn on the server as SVG: they work without JavaScript,
// print, and take their colours from the style sheet. Only numbers and dates
// are written into them, never a text from a source.

const (
	chartWidth  = 720
	chartHeight = 96
	maxBars     = 120
)

type bar struct {
	label string
	count int64
}

// timeChart draws documents per interval, empty ones included.
func timeChart(buckets []indexer.Bucket, interval time.Duration) template.HTML {
	if len(buckets) == 0 {
		return ""
	}
	layout := "2 Jan 2006"
	if interval < 24*time.Hour {
		layout = "2 Jan 15:04"
	}
	last := buckets[len(buckets)-1].Time
	first := buckets[0].Time
	if int(last.Sub(first)/interval) >= maxBars {
		first = last.Add(-interval * (maxBars - 1))
	}
	counts := map[int64]int64{}
	for _, b := range buckets {
		counts[b.Time.Unix()] = b.Count
	}
	var bars []bar
	for t := first; !t.After(last); t = t.Add(interval) {
		bars = append(bars, bar{t.UTC().Format(layout), counts[t.Unix()]})
	}
	return drawBars(bars)
}

func dayChart(days []alerts.Day) template.HTML {
	var bars []bar
	for _, d := range days[max(0, len(days)-maxBars):] {
		bars = append(bars, bar{d.Day.UTC().Format("2 Jan 2006"), int64(d.Count)})
	}
	return drawBars(bars)
}

func drawBars(bars []bar) template.HTML {
	if len(bars) == 0 {
		return ""
	}
	top := int64(1)
	for _, b := range bars {
		top = max(top, b.count)
	}
	var out strings.Builder
	fmt.Fprintf(&out, `<svg class="chart" viewBox="0 0 %d %d" role="img" aria-label="%d to %d per bar">`, chartWidth, chartHeight+26, 0, top)
	step := float64(chartWidth) / float64(max(len(bars), 12))
	for i, b := range bars {
		h := float64(chartHeight-20) * float64(b.count) / float64(top)
		if b.count > 0 {
			h = math.Max(h, 2)
		}
		fmt.Fprintf(&out, `<rect class="bar" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="1"><title>%s: %d</title></rect>`,
			float64(i)*step+1, chartHeight-h, math.Max(step-2, 1), h, b.label, b.count)
	}
	fmt.Fprintf(&out, `<line class="axis" x1="0" y1="%d" x2="%d" y2="%d"/>`, chartHeight, chartWidth, chartHeight)
	fmt.Fprintf(&out, `<text class="tick" x="0" y="%d">%s</text>`, chartHeight+20, bars[0].label)
	if len(bars) > 1 {
		fmt.Fprintf(&out, `<text class="tick end" x="%.1f" y="%d">%s</text>`, math.Min(step*float64(len(bars)), chartWidth), chartHeight+20, bars[len(bars)-1].label)
	}
	fmt.Fprintf(&out, `<text class="tick" x="0" y="17">%d</text></svg>`, top)
	return template.HTML(out.String()) // numbers and dates of ours only
}

// priceChart draws the lowest unit price of each revision as steps, if it ever
// changed.
func priceChart(revisions []leak.Revision) template.HTML {
	type point struct {
		at    time.Time
		price float64
	}
	var points []point
	for _, r := range slices.Backward(revisions) {
		low := math.Inf(1)
		for _, o := range r.Snapshot.Offers {
			if o.UnitPrice != nil {
				low = math.Min(low, *o.UnitPrice)
			}
		}
		if !math.IsInf(low, 1) {
			points = append(points, point{r.At, low})
		}
	}
	top, moves := 0.0, false
	for _, p := range points {
		top = math.Max(top, p.price)
		moves = moves || p.price != points[0].price
	}
	if !moves {
		return "" // nothing to see
	}
	span := math.Max(points[len(points)-1].at.Sub(points[0].at).Seconds(), 1)
	var path, dots strings.Builder
	for i, p := range points {
		x := 4 + (chartWidth/2-8)*p.at.Sub(points[0].at).Seconds()/span
		y := 8 + 56*(1-p.price/math.Max(top, 1e-12))
		if i == 0 {
			fmt.Fprintf(&path, "M%.1f %.1f", x, y)
		} else {
			fmt.Fprintf(&path, "H%.1f V%.1f", x, y)
		}
		fmt.Fprintf(&dots, `<circle class="dot" cx="%.1f" cy="%.1f" r="3"><title>%s: %g</title></circle>`, x, y, p.at.UTC().Format("2 Jan 15:04"), p.price)
		if i == 0 {
			fmt.Fprintf(&dots, `<text class="tick" x="%.1f" y="%.1f">%g</text>`, x, y+14, p.price)
		}
		if i == len(points)-1 {
			fmt.Fprintf(&dots, `<text class="tick end" x="%.1f" y="%.1f">%g</text>`, x, y+14, p.price)
		}
	}
	return template.HTML(fmt.Sprintf(`<svg class="chart price" viewBox="0 0 %d 84" role="img" aria-label="unit price over time"><path class="line" d="%s"/>%s</svg>`,
		chartWidth/2, path.String(), dots.String())) // numbers and dates of ours only
}
