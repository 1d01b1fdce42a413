package csvfiles

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"lisgate/adapters"
	"lisgate/adapters/rows"
)

// file gives the rows of one file.
func (p *pull) file(ctx context.Context, f *spooled) error {
	r, err := p.a.rewind(f)
	if err != nil {
		return err
	}
	if _, err := r.read(); err != nil {
		return refused(err)
	}
	done := &result{name: f.name, hash: f.hash, heading: f.heading}
	p.batch.files = append(p.batch.files, done)
	env := make(map[string]any, len(f.heading)+len(f.file.Columns)+1)
	for {
		cells, err := r.read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return away("read "+f.name, err)
		}
		if err := p.row(f, r.began, cells, env, done); err != nil {
			return err
		}
	}
}

func (p *pull) row(f *spooled, line int, cells []string, env map[string]any, done *result) error {
	it, counts := adapters.Item{Kind: f.file.Kind, Where: f.name + ":" + strconv.Itoa(line)}, true
	if len(cells) != len(f.heading) {
		it.Err = &rows.RowError{Rule: "columns", Err: fmt.Errorf("%d cells; the heading has %d", len(cells), len(f.heading)),
			Hint: "put cells with the separator in them into quotes"}
	} else {
		f.env(env, cells)
		it, counts = f.file.mapping.Item(env, it.Where)
	}
	if !counts {
		return nil
	}
	if it.Key == "" {
		p.unnamed++
	} else if p.seen.Twice(it.Kind, it.Key) && it.Err == nil {
		it.Act, it.Record = "", nil
		it.Err = &rows.RowError{Rule: "id", Err: fmt.Errorf("another row has the sourcedId %s too", it.Key),
			Hint: "the first was taken; keep one of them, or put into the id what tells them apart"}
	}
	if it.Err != nil {
		done.note(line, it.Err)
	}
	return p.give(it)
}

// env puts the cells of a row under their names.
func (s *spooled) env(env map[string]any, cells []string) {
	for i, h := range s.heading {
		env[h] = cells[i]
	}
	for name, h := range s.file.Columns {
		env[name] = env[h]
	}
}
