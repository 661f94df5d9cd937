package console

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// why says what made a score: what raised it and what lowered it, the most
// first, and what was looked for in vain.
type why struct {
	Intent  leak.Intent
	Score   float64
	Raised  []leak.Reason
	Lowered []leak.Reason
	Sum     float64 // of all weights: the log odds of the score
	Missing []detect.Missing
}

func whyOf(r *leak.Reading, missing []detect.Missing) why {
	w := why{Intent: r.Intent, Score: r.Score, Missing: missing}
	for _, x := range r.Reasons {
		w.Sum += x.Weight
		if x.Weight < 0 {
			w.Lowered = append(w.Lowered, x)
		} else {
			w.Raised = append(w.Raised, x)
		}
	}
	slices.SortStableFunc(w.Raised, func(a, b leak.Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	slices.SortStableFunc(w.Lowered, func(a, b leak.Reason) int { return cmp.Compare(a.Weight, b.Weight) })
	return w
}

// weighed draws a weight as a bar, full from fullWeight.
func weighed(w float64) template.HTML {
	width := strconv.FormatFloat(min(math.Abs(w)/fullWeight, 1)*100, 'f', 1, 64)
	side := "up"
	if w < 0 {
		side = "down"
	}
	return template.HTML(`<svg class="weight ` + side + `" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="` + width + `" height="8"/></svg>`) // numbers of ours only
}

const fullWeight = 4.0

// role says what the matches of a rule do, "" for a rule that is not there
// any more, or where no detection is at hand.
func (s *Server) role(rule string) detect.Role {
	if s.o.Detect == nil {
		return ""
	}
	if r := s.o.Detect().Lexicon().Rule(rule); r != nil {
		return r.Role()
	}
	return ""
}

// ruleTitle says in words what a rule finds.
func (s *Server) ruleTitle(rule string) string {
	if s.o.Detect == nil {
		return ""
	}
	if r := s.o.Detect().Lexicon().Rule(rule); r != nil {
		return r.Title
	}
	return ""
}

// missing names what a stored listing lacks.
func (s *Server) missing(r *leak.Reading) []detect.Missing {
	if s.o.Detect == nil {
		return nil
	}
	return s.o.Detect().Missing(r)
}

type analyzePage struct {
	page
	Listing string // id of the stored listing that was read, "" for a pasted text
	Asked   bool   // there is a result
	Long    bool   // the text was cut
	Reading leak.Reading
	Heading []span
	Body    []span
	Why     why
	Weighed []detect.Weighed
	Matches []matched
}

// matched are the matches of one rule with the same text.
type matched struct {
	detect.Match
	Text  string
	Times int
}

// analyzeForm shows the empty form.
func (s *Server) analyzeForm(w http.ResponseWriter, r *request) error {
	if s.o.Detect == nil {
		return &pageError{http.StatusNotFound, "There is no detection here."}
	}
	s.render(w, r, http.StatusOK, "analyze.tmpl", analyzePage{page: s.page(r, "Analyze a text")})
	return nil
}

// analyze says how a pasted text, or a stored listing, is read with the rules
// that are in force now. The text is neither stored nor logged nor sent back
// but masked; the audit holds how long it was.
func (s *Server) analyze(w http.ResponseWriter, r *request) error {
	if s.o.Detect == nil {
		return &pageError{http.StatusNotFound, "There is no detection here."}
	}
	in := detect.Input{Title: r.PostFormValue("title"), Body: r.PostFormValue("body")}
	p := analyzePage{page: s.page(r, "Analyze a text"), Listing: r.PostFormValue("listing")}
	if p.Listing != "" {
		var err error
		if in, err = s.stored(r, p.Listing); err != nil {
			return err
		}
	}
	s.audit(r, "analyze", p.Listing, fmt.Sprintf("%d characters", utf8.RuneCountInString(in.Title)+utf8.RuneCountInString(in.Body)))
	if p.Asked = in.Title != "" || in.Body != ""; p.Asked {
		p.Long = len(in.Title)+len(in.Body) > leak.MaxText
		p.show(s, s.o.Detect().Explain(in))
	}
	s.render(w, r, http.StatusOK, "analyze.tmpl", p)
	return nil
}

// stored returns the text of a listing as it is kept: masked.
func (s *Server) stored(r *request, id string) (detect.Input, error) {
	docs, err := s.o.Engine.Get(r.Context(), indexer.Listings, id)
	if err != nil {
		return detect.Input{}, fmt.Errorf("load listing: %w", err)
	}
	d, ok := docs[id]
	if !ok {
		return detect.Input{}, &pageError{http.StatusNotFound, "There is no such listing; it may have reached the end of its retention."}
	}
	var l leak.Listing
	if err := json.Unmarshal(d.Source, &l); err != nil {
		return detect.Input{}, fmt.Errorf("load listing: %w", err)
	}
	return detect.Input{Title: l.Title, Body: l.Body}, nil
}

// show fills the page with an explanation.
func (p *analyzePage) show(s *Server, x detect.Explanation) {
	p.Reading, p.Weighed, p.Why = x.Reading, x.Categories, whyOf(&x.Reading, x.Missing)
	fields := map[string][]rune{"title": []rune(x.Title), "body": []rune(x.Body)}
	counted := map[string][]leak.Finding{}
	at := map[string]int{}
	for _, m := range x.Matches {
		text := fields[m.Field][m.Start:min(m.End, m.Start+maxEvidence)]
		if m.Undone == "" && m.Role != detect.Nothing {
			counted[m.Field] = append(counted[m.Field], leak.Finding{Rule: m.Rule, Field: m.Field, Start: m.Start, End: m.End, Steps: m.Steps})
		}
		key := fmt.Sprint(m.Rule, m.Undone, m.Steps, string(text))
		if i, known := at[key]; known {
			p.Matches[i].Times++
			continue
		}
		at[key] = len(p.Matches)
		p.Matches = append(p.Matches, matched{Match: m, Text: string(text), Times: 1})
	}
	p.Heading, p.Body = mark(x.Title, counted["title"], nil, s.role), mark(x.Body, counted["body"], nil, s.role)
}
