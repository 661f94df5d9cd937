package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/spf13/cobra"
)

// ruleText is a rule in full, and what it does with a text.
type ruleText struct {
	ruleRow
	Role       detect.Role     `json:"role"`
	Weight     float64         `json:"weight"`
	References []string        `json:"references,omitempty"`
	Groups     [][]string      `json:"groups"` // its terms, lists written out
	Unless     []string        `json:"unless,omitempty"`
	Examples   detect.Examples `json:"examples"`
	Trial      *detect.Trial   `json:"trial,omitempty"`
}

func newRulesExplain(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "explain ID [FILE]", Short: "Show a rule, and what it does with a text", Args: cobra.RangeArgs(1, 2),
		Long: "Shows a rule in full. With a text or HTML file (- is standard input) it says where the rule matches, and if it does\n" +
			"not, why: which of its terms stand in the text, what undoes them, what is missing. The text itself is not shown.",
		Example: "  leakwatch rules explain zh-face-photo\n  echo '手持身-份-证' | leakwatch rules explain zh-id-handheld -",
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := c.analyzer()
			if err != nil {
				return err
			}
			x, err := describeRule(a.Engine().Lexicon(), args[0])
			if err != nil {
				return err
			}
			if len(args) == 2 {
				if err := x.try(cmd, a.Engine().Lexicon(), args[1]); err != nil {
					return err
				}
			}
			switch c.format {
			case "table":
				x.write(cmd.OutOrStdout())
				return nil
			case "json":
				return writeJSON(cmd.OutOrStdout(), x)
			}
			return usage("--output %s; explain knows table and json", c.format)
		}}
	c.outputFlag(cmd)
	return cmd
}

func describeRule(l *detect.Lexicon, id string) (*ruleText, error) {
	places := l.Places()
	for i, r := range l.Rules {
		if r.ID != id {
			continue
		}
		x := &ruleText{ruleRow: rowOf(r, places[i]), Role: r.Role(), Weight: r.Weight, References: r.References, Examples: r.Examples}
		x.Groups, x.Unless = l.Terms(r)
		return x, nil
	}
	return nil, usage("no rule %q; `leakwatch rules list` names them", id)
}

func (x *ruleText) try(cmd *cobra.Command, l *detect.Lexicon, name string) error {
	in, err := openInput(cmd, name)
	if err != nil {
		return fmt.Errorf("explain: %w", err)
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, leak.MaxText*4))
	if err != nil {
		return fmt.Errorf("explain %s: %w", name, err)
	}
	title, body := app.TextOf(data)
	trial, _ := l.Try(x.ID, strings.TrimSpace(title+"\n"+body))
	x.Trial = &trial
	return nil
}

// write shows the rule for people.
func (x *ruleText) write(out io.Writer) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(out, "%-12s %s\n", name, plain(value))
		}
	}
	line("rule", x.ID)
	line("title", x.Title)
	line("file", fmt.Sprintf("%s:%d", x.File, x.Line))
	line("names", strings.TrimSpace(string(x.Category)+" "+join(x.Categories)))
	line("signal", x.Signal)
	line("role", string(x.Role))
	line("weight", fmt.Sprint(x.Weight))
	line("status", x.Status)
	line("reviewed", cmp.Or(x.Reviewed, "never"))
	line("references", strings.Join(x.References, " "))
	for i, g := range x.Groups {
		name := "terms"
		if len(x.Groups) > 1 {
			name = fmt.Sprintf("group %d", i+1)
		}
		line(name, strings.Join(g, " · "))
	}
	line("unless", strings.Join(x.Unless, " · "))
	line("match", strings.Join(x.Examples.Match, " · "))
	line("nomatch", strings.Join(x.Examples.NoMatch, " · "))
	if x.Trial == nil {
		return
	}
	line("\nin the text", x.Trial.Why)
	for _, t := range x.Trial.Found {
		what := fmt.Sprintf("%d–%d  %s", t.Start, t.End, t.Term)
		if len(x.Groups) > 1 {
			what += fmt.Sprintf("  (group %d)", t.Group)
		}
		if len(t.Steps) > 0 {
			what += "  undone: " + strings.Join(t.Steps, ", ")
		}
		if t.Undone != "" {
			what += "  does not count: " + t.Undone
		}
		line("", what)
	}
}
