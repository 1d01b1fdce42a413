package console

import (
	"encoding/json"
	"net/http"

	"lisgate/gateway/grades"
	"lisgate/gateway/lis"
)

func (c *Console) gradeRoutes() {
	c.mux.HandleFunc("GET /admin/v1/grades", c.gradeStates)
	c.mux.HandleFunc("GET /admin/v1/grades/refused", c.refusedGrades)
	c.do("GET /admin/v1/grades/receipts", c.receipts)
	c.do("POST /admin/v1/grades/pull", c.pullGrades)
}

var noGrades = notFound("no results are carried here")

// gradeStates streams where results are, one JSON document a line.
func (c *Console) gradeStates(w http.ResponseWriter, r *http.Request) {
	if c.Grades == nil {
		refuse(w, noGrades)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines := json.NewEncoder(w)
	for s, err := range c.Grades.States(r.Context(), lis.SourcedID(r.URL.Query().Get("section"))) {
		if err != nil {
			_ = lines.Encode(map[string]string{"error": err.Error()})
			return
		}
		if lines.Encode(s) != nil {
			return // the client has gone
		}
	}
}

func (c *Console) refusedGrades(w http.ResponseWriter, r *http.Request) {
	if c.Grades == nil {
		refuse(w, noGrades)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="refused-results.csv"`)
	_ = c.Grades.WriteRefused(r.Context(), w)
}

func (c *Console) receipts(r *http.Request) (any, error) {
	if c.Grades == nil {
		return nil, noGrades
	}
	receipts := []*grades.Receipt{}
	for receipt, err := range c.Grades.Receipts(r.Context()) {
		if err != nil {
			return nil, err
		}
		if receipts = append(receipts, receipt); len(receipts) > shown {
			receipts = receipts[1:] // the newest ones
		}
	}
	return receipts, nil
}

func (c *Console) pullGrades(r *http.Request) (any, error) {
	if c.Grades == nil {
		return nil, noGrades
	}
	var order struct {
		Feed     string          `json:"feed"`
		Sections []lis.SourcedID `json:"courseSectionSourcedIds"`
	}
	if err := decode(r, &order); err != nil {
		return nil, err
	}
	receipt, err := c.Grades.Pull(r.Context(), order.Feed, order.Sections)
	if err != nil && receipt == nil {
		return nil, badRequest(err.Error())
	}
	return receipt, err
}
