package sqldb

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"lisgate/adapters/rows"
)

// A query is a Query that can be used.
type query struct {
	Query
	mapping *rows.Mapping
	find    map[string]*rows.Program
}

// prefix is of the columns that are added to those of a query.
const prefix = "lisgate_"

func (a *Adapter) prepareQueries() error {
	var errs []error
	var names []string
	for _, q := range a.options.Queries {
		p, err := prepareQuery(q)
		if slices.Contains(names, q.Name) {
			err = errors.Join(err, errors.New("another query has this name"))
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("query %s: %w", q.Name, err))
		}
		names, a.queries = append(names, q.Name), append(a.queries, p)
	}
	return errors.Join(errs...)
}

func prepareQuery(q Query) (*query, error) {
	q.SQL = strings.TrimRight(strings.TrimSpace(q.SQL), ";")
	var errs []error
	if q.SQL == "" {
		errs = append(errs, errors.New("there is no sql"))
	}
	if len(q.Key) == 0 || len(q.Key) > maxKey {
		errs = append(errs, fmt.Errorf("%d key columns; 1 to %d are needed, to read page by page", len(q.Key), maxKey))
	}
	p := &query{Query: q, find: map[string]*rows.Program{}}
	var err error
	if p.mapping, err = rows.NewMapping(q.Spec); err != nil {
		errs = append(errs, err)
	}
	for column, e := range q.Find {
		prog, err := rows.Compile(e)
		if err == nil && len(rows.Absent(prog.Names(), []string{"id"})) > 0 {
			err = errors.New("an expression of find reads id and nothing else")
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("find %s: %w", column, err))
		}
		p.find[column] = prog
	}
	return p, errors.Join(errs...)
}

// needs returns the columns that the query must have.
func (q *query) needs() []string {
	names := slices.Clone(q.Key)
	if q.Since != "" {
		names = append(names, q.Since)
	}
	for _, c := range q.mapping.Columns() {
		if !slices.Contains(names, c) {
			names = append(names, c)
		}
	}
	for c := range q.find {
		if !slices.Contains(names, c) {
			names = append(names, c)
		}
	}
	return names
}

// from is the query as a table, with where it goes on. The columns that are
// added at the end are the keys, and since.
func (d dialect) from(q *query, where []string) string {
	var b strings.Builder
	b.WriteString("SELECT q.*")
	for i, k := range q.Key {
		fmt.Fprintf(&b, ", %sq.%s AS %skey%d", d.bare, d.name(k), prefix, i)
	}
	if q.Since != "" {
		fmt.Fprintf(&b, ", %sq.%s AS %ssince", d.bare, d.name(q.Since), prefix)
	}
	fmt.Fprintf(&b, " FROM (\n%s\n) q", q.SQL)
	if len(where) > 0 {
		b.WriteString(" WHERE " + strings.Join(where, " AND "))
	}
	return b.String()
}

// page returns the statement of one page. With after it begins at that key and
// not behind it: where a collation takes two keys for one, nothing is passed over.
func (d dialect) page(q *query, after []any, since any, limit int) (string, []any) {
	var where []string
	var args []any
	for _, k := range q.Key {
		where = append(where, "q."+d.name(k)+" IS NOT NULL")
	}
	if since != nil {
		args = append(args, since)
		where = append(where, "q."+d.name(q.Since)+" >= "+d.param(len(args)))
	}
	keys := make([]string, len(q.Key))
	for i, k := range q.Key {
		keys[i] = "q." + d.name(k)
	}
	if after != nil {
		marks := make([]string, len(after))
		for i, v := range after {
			args = append(args, v)
			marks[i] = d.param(len(args))
		}
		where = append(where, "("+strings.Join(keys, ", ")+") >= ("+strings.Join(marks, ", ")+")")
	}
	return fmt.Sprintf("%s ORDER BY %s LIMIT %d", d.from(q, where), strings.Join(keys, ", "), limit), args
}

// keyless counts the rows that a page cannot reach.
func (d dialect) keyless(q *query) string {
	var where []string
	for _, k := range q.Key {
		where = append(where, "q."+d.name(k)+" IS NULL")
	}
	return fmt.Sprintf("SELECT count(*) FROM (\n%s\n) q WHERE %s", q.SQL, strings.Join(where, " OR "))
}
