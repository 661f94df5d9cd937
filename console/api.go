package console

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// spec is the OpenAPI description of the JSON API.
//
//go:embed openapi.json
var spec []byte

// apiPage is the answer of a list: one page of items and the cursor of the
// next.
type apiPage[T any] struct {
	Items []T    `json:"items"`
	Total int64  `json:"total"`
	Next  string `json:"next,omitempty"`
}

func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": detail})
}

func answer(w http.ResponseWriter, v any) error {
	out, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(out, '\n'))
	return nil
}

// apiSearch reads the parameters q, limit and after.
func (s *Server) apiSearch(r *request, c indexer.Collection) (indexer.Search, error) {
	q, err := s.o.Parse(c, strings.TrimSpace(r.FormValue("q")))
	if err != nil {
		return indexer.Search{}, err
	}
	limit := pageSize
	if v := r.FormValue("limit"); v != "" {
		if limit, err = strconv.Atoi(v); err != nil || limit < 1 || limit > 1000 {
			return indexer.Search{}, &pageError{http.StatusBadRequest, "limit is between 1 and 1000"}
		}
	}
	return indexer.Search{Query: q, Now: s.o.Now(), Limit: limit, After: r.FormValue("after"), Count: true}, nil
}

func (s *Server) apiAlerts(w http.ResponseWriter, r *request) error {
	search, err := s.apiSearch(r, indexer.Alerts)
	if err != nil {
		return err
	}
	found, err := s.o.Alerts.Search(r.Context(), search)
	if err != nil {
		return err
	}
	return answer(w, apiPage[leak.Alert]{Items: append([]leak.Alert{}, found.Alerts...), Total: found.Total, Next: found.Next})
}

func (s *Server) apiAlert(w http.ResponseWriter, r *request) error {
	d, err := s.o.Alerts.Alert(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	s.audit(r, "view_alert", d.Alert.ID, "api")
	return answer(w, d.Alert)
}

func (s *Server) apiListings(w http.ResponseWriter, r *request) error {
	search, err := s.apiSearch(r, indexer.Listings)
	if err != nil {
		return err
	}
	found, err := s.o.Engine.Search(r.Context(), indexer.Listings, search)
	if err != nil {
		return err
	}
	items, err := decode[leak.Listing](found.Documents)
	if err != nil {
		return err
	}
	canonical := ""
	if search.Query != nil {
		canonical = search.Query.String()
	}
	s.audit(r, "search", canonical, "api")
	return answer(w, apiPage[leak.Listing]{Items: items, Total: found.Total, Next: found.Next})
}

func (s *Server) apiListing(w http.ResponseWriter, r *request) error {
	v, err := s.load(r, r.PathValue("id"), nil)
	if err != nil {
		return err
	}
	if v == nil {
		return &pageError{http.StatusNotFound, "no such listing"}
	}
	s.audit(r, "view_listing", v.Listing.ID, "api")
	return answer(w, v.Listing)
}

func (s *Server) apiSpec(w http.ResponseWriter, _ *request) error {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(spec)
	return nil
}
