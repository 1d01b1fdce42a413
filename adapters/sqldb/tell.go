package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"lisgate/adapters"
)

var _ adapters.Teller = (*Adapter)(nil)

// Tell says which release answers, and of each query how many rows it has and
// what of its first page cannot be used: a look at the data before the first
// pull (adapter facts, E 15).
func (a *Adapter) Tell(ctx context.Context) ([]string, error) {
	var lines []string
	err := a.reading(ctx, func(tx *sql.Tx) error {
		var release string
		ask := "SELECT version()"
		if a.options.Driver == "sqlite" {
			ask = "SELECT sqlite_version()"
		}
		if err := a.one(ctx, tx, ask, &release); err != nil {
			return a.classed("ask for the release", err, "")
		}
		release, _, _ = strings.Cut(release, "\n")
		lines = append(lines, a.options.Driver+": "+clip(release))
		for _, q := range a.queries {
			line, err := a.tell(ctx, tx, q)
			if err != nil {
				return err
			}
			lines = append(lines, line)
		}
		return nil
	})
	return lines, err
}

func (a *Adapter) tell(ctx context.Context, tx *sql.Tx, q *query) (string, error) {
	var n, keyless int64
	if err := a.one(ctx, tx, "SELECT count(*) FROM (\n"+q.SQL+"\n) q", &n); err != nil {
		return "", a.classed("query "+q.Name, err, "")
	}
	if err := a.one(ctx, tx, a.dialect.keyless(q), &keyless); err != nil {
		return "", a.classed("query "+q.Name, err, "")
	}
	text, args := a.dialect.page(q, nil, nil, a.options.PageRows)
	page, _, err := a.read(ctx, tx, q, text, args)
	if err != nil {
		return "", err
	}
	line := fmt.Sprintf("query %s: %d rows of kind %s", q.Name, n, q.Kind)
	if keyless > 0 {
		line += fmt.Sprintf(", %d without a key", keyless)
	}
	bad, first := 0, ""
	for _, r := range page {
		if it, _ := q.mapping.Item(r.values, q.where(r)); it.Err != nil {
			if bad++; bad == 1 {
				first = it.Where + ": " + it.Err.Error()
			}
		}
	}
	if bad > 0 {
		line += fmt.Sprintf("; of the first %d, %d cannot be used, such as %s", len(page), bad, first)
	}
	return line, nil
}
