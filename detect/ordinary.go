package detect

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// Ordinary texts, one a line, that guard the rules of a team: everyday.txt
// has nothing to do with stolen data, so no rule that could make a hit may
// match in it; lookalikes.txt speaks of the same things and offers none, so
// no rule may make a hit of it.
//
//go:embed lexicon/everyday.txt lexicon/lookalikes.txt
var ordinaryFiles embed.FS

func ordinaryLines(name string) []string {
	data, err := ordinaryFiles.ReadFile("lexicon/" + name)
	if err != nil {
		return nil // Unreachable: it is embedded.
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

// ordinary returns the rules of a team that match ordinary texts, with the
// reason.
func (l *Lexicon) ordinary(which func(*Rule) bool) map[*Rule]*problem {
	out := map[*Rule]*problem{}
	suspects := slices.DeleteFunc(slices.Clone(l.Rules), func(r *Rule) bool { return !r.user || !which(r) || r.harmless() })
	if len(suspects) == 0 {
		return out
	}
	known := l.signalTerms()
	for _, r := range suspects {
		if p := wordOf(r, known); p != nil {
			out[r] = p
		}
	}
	for _, line := range ordinaryLines("everyday.txt") {
		for _, in := range l.instances(line) {
			r := l.Rules[in.rule]
			if r.user && in.undone == counts && !r.harmless() && out[r] == nil {
				out[r] = &problem{r.keyOf(in.hit.text(l)), fmt.Sprintf("that %q matches the ordinary text %q", in.hit.text(l), line),
					"words that ordinary texts do not use", contextHint}
			}
		}
	}
	l.turned(out)
	return out
}

// keyOf returns the key of the term that folds to a text, "" if it comes from
// a list or a regex.
func (r *Rule) keyOf(folded string) string {
	found := ""
	r.eachTerm(func(t Term, key string) {
		if found == "" && t.Regex == "" && fold(t.Text) == folded {
			found = key
		}
	})
	return found
}

// text returns the term of a hit.
func (h *hit) text(l *Lexicon) string { return l.terms[h.term].text }

// wordOf refuses a rule that takes for a category, or an intent, what is
// known as a word of something else.
func wordOf(r *Rule, known map[string]*Rule) *problem {
	if len(r.All) > 0 {
		return nil
	}
	for i, t := range r.Terms {
		if t.Regex != "" || strings.HasPrefix(t.Text, "@") || r.bounded(t) {
			continue
		}
		if other := known[fold(t.Text)]; other != nil && other.Signal != r.Signal {
			return &problem{fmt.Sprintf("terms[%d]", i), fmt.Sprintf("%q, which rule %s knows as %s", t.Text, other.ID, other.Signal),
				"a word that is not used for anything else", contextHint}
		}
	}
	return nil
}

// signalTerms returns the plain terms of the built-in rules that name no
// category, with one rule of each.
func (l *Lexicon) signalTerms() map[string]*Rule {
	out := map[string]*Rule{}
	for _, r := range l.Rules {
		if r.user || r.Role() == Names || len(r.All) > 0 {
			continue
		}
		terms, err := l.expand(r.Terms)
		if err != nil {
			continue // Unreachable: the lexicon was built from them.
		}
		for _, t := range terms {
			if t.Regex == "" {
				out[fold(t.Text)] = r
			}
		}
	}
	return out
}

// turned adds the rules with which a look-alike becomes a hit that without
// them is none.
func (l *Lexicon) turned(out map[*Rule]*problem) {
	var with, without *Engine
	for _, line := range lookalikes() {
		r := l.suspect(line.Title+"\n"+line.Body, out)
		if r == nil {
			continue
		}
		if with == nil {
			with, without = throwaway(l), throwaway(nil)
		}
		if with == nil || without == nil || !with.Analyze(line).Hit || without.Analyze(line).Hit {
			continue
		}
		out[r] = &problem{found: "that with the rule this ordinary text is read as an offer: " + strconv.Quote(line.Title+" "+line.Body),
			wanted: "a rule that leaves it alone", hint: "give it a weight below 1, or conditions: " + contextHint}
	}
}

// suspect returns the first rule of a team that matches a text and is not
// refused yet.
func (l *Lexicon) suspect(s string, refused map[*Rule]*problem) *Rule {
	for _, in := range l.instances(s) {
		if r := l.Rules[in.rule]; r.user && in.undone == counts && refused[r] == nil {
			return r
		}
	}
	return nil
}

// lookalikes are the texts of lookalikes.txt.
func lookalikes() []Input {
	var out []Input
	for _, line := range ordinaryLines("lookalikes.txt") {
		title, body, _ := strings.Cut(line, "\t")
		out = append(out, Input{Title: title, Body: body})
	}
	return out
}

// throwaway returns an engine with a key that nothing else has, over the
// built-in rules if l is nil; nil if that cannot be.
func throwaway(l *Lexicon) *Engine {
	line, err := leak.NewKeyLine()
	if err != nil {
		return nil
	}
	keys, err := leak.ParseKeyring([]byte(line))
	if err != nil {
		return nil
	}
	if l == nil {
		if l, err = LoadRules(); err != nil {
			return nil
		}
	}
	return &Engine{lexicon: l, keys: keys}
}
