package main

import (
	"fmt"
	"maps"
	"slices"
)

// readers returns the names of who answered, ours first.
func readers[T any](of map[string]answer[T]) []string {
	names := slices.Sorted(maps.Keys(of))
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case a == us:
			return -1
		case b == us:
			return 1
		}
		return 0
	})
	return names
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// covered reports whether the spans together hold all of [start, end).
func covered(spans [][2]int, start, end int) bool {
	for at := start; at < end; at++ {
		if !slices.ContainsFunc(spans, func(s [2]int) bool { return s[0] <= at && at < s[1] }) {
			return false
		}
	}
	return true
}

// stray counts the spans that do not touch the value.
func stray(spans [][2]int, s sample) int {
	n := 0
	for _, x := range spans {
		if x[1] <= s.start || x[0] >= s.end {
			n++
		}
	}
	return n
}

func bytesOf(texts []string) (n int) {
	for _, s := range texts {
		n += len(s)
	}
	return n
}

func share(a, b int) string {
	if b == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", float64(a)/float64(b))
}

func printIdentifiers(t *task, all []answers) {
	names := readers(all[0].Spans)
	group := func(title string, groups []string, of func(sample) string) {
		fmt.Printf("\nRecall: share of the values covered whole, %s\n\n| %s |", title, title)
		for _, n := range names {
			fmt.Printf(" %s |", n)
		}
		fmt.Print("\n| --- |")
		for range names {
			fmt.Print(" --- |")
		}
		fmt.Println()
		for _, g := range groups {
			fmt.Printf("| %s |", g)
			for _, n := range names {
				right, total := 0, 0
				for i, s := range t.samples {
					if s.kind != "none" && of(s) == g {
						total++
						if covered(all[0].Spans[n].Answers[i], s.start, s.end) {
							right++
						}
					}
				}
				fmt.Printf(" %s |", share(right, total))
			}
			fmt.Println()
		}
	}
	var byKind, byHiding []string
	for _, k := range kinds {
		byKind = append(byKind, k.name)
	}
	for _, h := range hidings {
		byHiding = append(byHiding, h.name)
	}
	group("kind, in all hidings", byKind, func(s sample) string { return s.kind })
	group("hiding, of all kinds", byHiding, func(s sample) string { return s.hiding })
	printIdentifierTotals(t, all, names)
}

func printIdentifierTotals(t *task, all []answers, names []string) {
	fmt.Printf("\n| %d texts, of which %d decoys | precision | recall | MB/s a core |\n| --- | --- | --- | --- |\n", len(t.samples), decoyCount(t))
	for _, n := range names {
		right, wrong, total := 0, 0, 0
		for i, s := range t.samples {
			spans := all[0].Spans[n].Answers[i]
			wrong += stray(spans, s)
			if s.kind == "none" {
				continue
			}
			total++
			if covered(spans, s.start, s.end) {
				right++
			}
		}
		var speed []float64
		for _, a := range all {
			speed = append(speed, float64(bytesOf(t.Identifiers))/1e6/a.Spans[n].CPU)
		}
		fmt.Printf("| %s | %s | %s | %.3g |\n", n, share(right, right+wrong), share(right, total), median(speed))
	}
}

func decoyCount(t *task) (n int) {
	for _, s := range t.samples {
		if s.kind == "none" {
			n++
		}
	}
	return n
}

func printListings(t *task, all []answers) {
	fmt.Printf("\n| %d labelled texts; %d words of categories, %d of offers | hit precision | recall | recall, hidden | MB/s a core |\n| --- | --- | --- | --- | --- |\n",
		len(t.labelled), len(t.Categories), len(t.Intents))
	for _, n := range readers(all[0].Hits) {
		var right, wrong, hits, hidden, rightHidden int
		for i, l := range t.labelled {
			got := all[0].Hits[n].Answers[i]
			switch {
			case l.Hit && got:
				right++
			case got:
				wrong++
			}
			if l.Hit {
				hits++
			}
			if l.Hit && l.Hiding != "" {
				hidden++
				if got {
					rightHidden++
				}
			}
		}
		var speed []float64
		for _, a := range all {
			speed = append(speed, float64(bytesOf(t.Listings))/1e6/a.Hits[n].CPU)
		}
		fmt.Printf("| %s | %s | %s | %s | %.3g |\n", n, share(right, right+wrong), share(right, hits), share(rightHidden, hidden), median(speed))
	}
}
