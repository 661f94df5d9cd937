package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// asked is a query that a user typed.
type asked struct {
	// Text is the query as it may stand in a page and in an address: as typed,
	// but with codes in place of identifiers, or dots where it is faulty.
	Text  string
	Query *query.Query // nil for everything, and with a Fault
	Fault string       // what is wrong with it, with carets
	moved bool         // Text is not what was typed
}

// ask reads what a user typed. Its error is not the user's.
func (s *Server) ask(c indexer.Collection, typed string) (asked, error) {
	typed = strings.TrimSpace(typed)
	q, err := s.o.Parse(c, typed)
	var fault *query.Error
	switch {
	case errors.As(err, &fault):
		return asked{Text: fault.Shown(), Fault: fault.Error()}, nil
	case err != nil:
		return asked{}, err
	}
	a := asked{Text: typed, Query: q}
	if holdsIdentifier(q) {
		a.Text = q.String()
		a.moved = a.Text != typed
	}
	return a, nil
}

// canonical returns the query for the audit.
func (a asked) canonical() string {
	if a.Query == nil {
		return ""
	}
	return a.Query.String()
}

func holdsIdentifier(q *query.Query) bool {
	return q != nil && slices.ContainsFunc(q.Fields(), func(f string) bool {
		return f == "identifier" || strings.HasPrefix(f, "identifier.")
	})
}

// settle sends the browser to the address of a query: after a form, and where
// the address that it came by holds an identifier. It reports whether it did.
func settle(w http.ResponseWriter, r *request, moved bool, path string, values url.Values) bool {
	if r.Method == http.MethodGet && !moved {
		return false
	}
	http.Redirect(w, r.Request, path+"?"+values.Encode(), http.StatusSeeOther)
	return true
}

// widen is a way out of an empty list: what to leave out, and how much there
// is then.
type widen struct {
	Text, Address string
	Count         int64
}

// maxCauses bounds the parts of a query that are tried one by one.
const maxCauses = 8

// causes says which parts of a query hide everything: for each of its parts
// how many documents satisfy the others, then how many there are in all.
func (s *Server) causes(r *request, c indexer.Collection, q *query.Query, address func(string) string) ([]widen, error) {
	var out []widen
	try := func(text string, rest *query.Query) error {
		found, err := s.o.Engine.Search(r.Context(), c, indexer.Search{Query: rest, Now: s.o.Now(), Limit: 1, Count: true})
		if err != nil || found.Total == 0 {
			return err
		}
		typed := ""
		if rest != nil {
			typed = rest.String()
		}
		out = append(out, widen{text, address(typed), found.Total})
		return nil
	}
	if q == nil {
		return nil, nil
	}
	if all, is := q.Root.(*query.And); is && len(all.Nodes) <= maxCauses {
		for i, n := range all.Nodes {
			rest := slices.Delete(slices.Clone(all.Nodes), i, i+1)
			if err := try("without "+(&query.Query{Root: n}).String(), conjunction(rest)); err != nil {
				return nil, err
			}
		}
	}
	return out, try("without the query", nil)
}

func conjunction(nodes []query.Node) *query.Query {
	if len(nodes) == 1 {
		return &query.Query{Root: nodes[0]}
	}
	return &query.Query{Root: &query.And{Nodes: nodes}}
}
