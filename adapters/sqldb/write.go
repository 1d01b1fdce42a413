package sqldb

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"lisgate/adapters/rows"
)

// A write is a Write that can be used.
type write struct {
	Write
	params          *rows.Params
	put, drop, move statement
	seen            statement
	guards          []guard
}

// A guard is a Guard that can be used.
type guard struct {
	Guard
	sql         statement
	allow, text *rows.Program
}

func (a *Adapter) prepareWrites() error {
	var errs []error
	for i, w := range a.options.Write {
		p, err := a.dialect.prepareWrite(w)
		if err == nil && a.writes[w.Kind] != nil {
			err = errors.New("another write has this kind")
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("write %d (%s): %w", i+1, w.Kind, err))
		}
		a.writes[w.Kind] = p
	}
	return errors.Join(errs...)
}

func (d dialect) prepareWrite(w Write) (*write, error) {
	p := &write{Write: w}
	var errs []error
	var err error
	if p.params, err = rows.NewParams(w.Kind, w.Params); err != nil {
		errs = append(errs, err)
	}
	if w.Put == "" && w.Drop == "" && w.Rekey == "" {
		errs = append(errs, errors.New("there is no statement: give put, drop or rekey"))
	}
	known := slices.Concat(slices.Sorted(maps.Keys(w.Params)), []string{"id", "newId", "kind", "act", "changeId", "seq", "source", "operation", "time", "json"})
	prepare := func(what, text string) (st statement) {
		if st, err = d.named(text, known); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", what, err))
		}
		return st
	}
	p.put, p.drop, p.move = prepare("put", w.Put), prepare("drop", w.Drop), prepare("rekey", w.Rekey)
	if s := w.Staging; s != nil {
		if s.Table == "" || s.Column == "" {
			errs = append(errs, errors.New("staging needs table and column"))
		}
		p.seen = prepare("staging", "SELECT 1 FROM "+d.name(s.Table)+" WHERE "+d.name(s.Column)+" = :changeId")
	}
	errs = append(errs, oneOf("noRow", w.NoRow, "refused", "missing", "unchanged"), oneOf("foreignKey", w.ForeignKey, "refused", "missing"))
	for _, g := range w.Guards {
		made, err := newGuard(g)
		if err != nil {
			errs = append(errs, fmt.Errorf("guard %s: %w", g.Name, err))
		}
		made.sql = prepare("guard "+g.Name, g.SQL)
		p.guards = append(p.guards, made)
	}
	return p, errors.Join(errs...)
}

func newGuard(g Guard) (made guard, err error) {
	made.Guard = g
	var errs []error
	if g.SQL == "" {
		errs = append(errs, errors.New("there is no sql"))
	}
	errs = append(errs, oneOf("noRow", g.NoRow, "refused", "missing"))
	if g.Allow != nil {
		made.allow, err = rows.Compile(*g.Allow)
		errs = append(errs, err)
	}
	if g.Text != nil {
		made.text, err = rows.Compile(*g.Text)
		errs = append(errs, err)
	}
	return made, errors.Join(errs...)
}

func oneOf(what, value string, words ...string) error {
	if value == "" || slices.Contains(words, value) {
		return nil
	}
	return fmt.Errorf("%s: %q%s", what, value, rows.Suggest(value, words))
}

// all returns the statements by name.
func (w *write) all() iter.Seq2[string, statement] {
	return func(yield func(string, statement) bool) {
		named := []struct {
			name string
			statement
		}{{"put", w.put}, {"drop", w.drop}, {"rekey", w.move}, {"staging", w.seen}}
		for _, g := range w.guards {
			named = append(named, struct {
				name string
				statement
			}{"guard " + g.Name, g.sql})
		}
		for _, n := range named {
			if n.sql != "" && !yield(n.name, n.statement) {
				return
			}
		}
	}
}
