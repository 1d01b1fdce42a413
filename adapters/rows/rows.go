// Package rows makes lis words of rows: what the adapters that read tables
// (databases, CSV files) have in common. A mapping says for each element of an
// object by which expression over the columns it is made; parameters say the
// way back, from a change to the parameters of a statement.
//
// Expressions are expr-lang under a budget (reliability B18): 500 nodes,
// 1 MiB, and 10 ms or 100,000 steps of loops; regular expressions are RE2. What
// a mapping says is checked before the first row: paths against the words,
// names of columns against the columns that there are.
package rows

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A Spec says what a row means.
type Spec struct {
	Kind lis.Kind        `yaml:"kind"`
	ID   Expr            `yaml:"id"`   // the sourcedId
	Set  map[string]Expr `yaml:"set"`  // by path or short name
	When *Expr           `yaml:"when"` // rows for which it is false do not count at all
	Drop *Expr           `yaml:"drop"` // rows for which it is true say that the object is gone
}

// A Mapping is a Spec that can be used. It is safe for use by many goroutines.
type Mapping struct {
	kind       lis.Kind
	id         *Program
	when, drop *Program
	fields     []field
	names      []string
}

// A field is one element that a mapping makes.
type field struct {
	name  string
	value *Program
	place place
	with  []constant
	date  bool
}

type constant struct {
	place place
	value string
}

// NewMapping checks a Spec, all of it, and makes a Mapping.
func NewMapping(s Spec) (*Mapping, error) {
	info := lis.InfoOf(s.Kind)
	if info == nil {
		return nil, fmt.Errorf("unknown kind %q%s", s.Kind, Suggest(string(s.Kind), kindNames()))
	}
	m := &Mapping{kind: s.Kind}
	var errs []error
	compile := func(what string, e *Expr) *Program {
		if e == nil {
			return nil
		}
		p, err := Compile(*e)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", what, err))
			return nil
		}
		m.reads(p)
		return p
	}
	m.id, m.when, m.drop = compile("id", &s.ID), compile("when", s.When), compile("drop", s.Drop)
	t := reflect.TypeOf(info.New()).Elem()
	for _, name := range slices.Sorted(maps.Keys(s.Set)) {
		e := s.Set[name]
		f, err := newField(s.Kind, t, name)
		if err != nil {
			errs = append(errs, e.at(fmt.Errorf("set: %w", err)))
		}
		f.value = compile(name, &e)
		m.fields = append(m.fields, f)
	}
	return m, errors.Join(errs...)
}

func kindNames() []string {
	var names []string
	for _, k := range lis.Kinds {
		names = append(names, string(k.Kind))
	}
	return names
}

func newField(kind lis.Kind, t reflect.Type, name string) (field, error) {
	a, short := aliases[kind][name]
	if !short {
		a.path = name
	}
	f := field{name: name, date: a.date}
	var err error
	if f.place, err = resolve(t, a.path); err != nil {
		if !strings.ContainsAny(name, ".[") {
			err = fmt.Errorf("%w; short names are %s", err, strings.Join(slices.Sorted(maps.Keys(aliases[kind])), ", "))
		}
		return f, err
	}
	for _, w := range a.with {
		p, err := resolve(t, w[0])
		if err != nil {
			return f, err
		}
		f.with = append(f.with, constant{p, w[1]})
	}
	return f, nil
}

func (m *Mapping) reads(p *Program) {
	for _, n := range p.Names() {
		if !slices.Contains(m.names, n) {
			m.names = append(m.names, n)
		}
	}
}

// Kind returns the kind that rows become.
func (m *Mapping) Kind() lis.Kind { return m.kind }

// Columns returns the columns that the mapping reads.
func (m *Mapping) Columns() []string { return m.names }

// Item makes an item of a row, which stands at where. It returns false for a
// row that does not count. A row that cannot be used is an item with Err, with
// Key as well where the row has one.
func (m *Mapping) Item(row map[string]any, where string) (adapters.Item, bool) {
	it := adapters.Item{Kind: m.kind, Where: where}
	if counts, err := truth(m.when, row, true); err != nil {
		it.Err = &RowError{Rule: "when", Err: err}
	} else if !counts {
		return it, false
	}
	key, err := m.key(row)
	if err != nil {
		it.Err = &RowError{Rule: "id", Err: err, Hint: "give the row an identifier: until then nothing of this kind is taken for absent"}
		return it, true
	}
	if it.Key = key; it.Err != nil {
		return it, true
	}
	gone, err := truth(m.drop, row, false)
	switch {
	case err != nil:
		it.Err = &RowError{Rule: "drop", Err: err}
	case gone:
		it.Act = lis.Drop
	default:
		it.Record, it.Err = m.record(key, row)
		if it.Err == nil {
			it.Act = lis.Put
		}
	}
	return it, true
}

func (m *Mapping) key(row map[string]any) (lis.SourcedID, error) {
	v, err := m.id.Run(row)
	if err != nil {
		return "", err
	}
	s, err := Text(v)
	if err != nil {
		return "", err
	}
	if s = strings.TrimSpace(s); s == "" {
		return "", errors.New("the identifier is empty")
	}
	return lis.SourcedID(s), nil
}

func (m *Mapping) record(id lis.SourcedID, row map[string]any) (*lis.Record, error) {
	object := lis.InfoOf(m.kind).New()
	v := reflect.ValueOf(object).Elem()
	for i := range m.fields {
		if err := m.fields[i].fill(v, row); err != nil {
			return nil, &RowError{Rule: m.fields[i].name, Columns: m.fields[i].value.Names(), Err: err}
		}
	}
	compact(v)
	if missing := object.Missing(); missing != "" {
		return nil, &RowError{Rule: missing, Err: fmt.Errorf("there is no %s", missing), Hint: "fill the column, or mend the mapping of " + missing}
	}
	if o, ok := object.(*lis.Membership); ok && (len(o.Member.Role) == 0 || o.Member.Role[0].RoleType == "") {
		return nil, &RowError{Rule: "role", Err: errors.New("there is no role"), Hint: "a role is never guessed: map it with choose(code, {…})"}
	}
	return &lis.Record{ID: id, Object: object}, nil
}

func (f *field) fill(object reflect.Value, row map[string]any) error {
	v, err := f.value.Run(row)
	if err != nil {
		return err
	}
	if f.date {
		s, err := Text(v)
		if err != nil {
			return err
		}
		v = dateTime(s)
	}
	if err := f.place.set(object, v); err != nil {
		return err
	}
	if s, ok := v.(string); v == nil || ok && strings.TrimSpace(s) == "" {
		return nil
	}
	for _, c := range f.with {
		if err := c.place.set(object, c.value); err != nil {
			return err
		}
	}
	return nil
}

func truth(p *Program, row map[string]any, absent bool) (bool, error) {
	if p == nil {
		return absent, nil
	}
	v, err := p.Run(row)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, fmt.Errorf("a %T where true or false is wanted", v)
	}
	return b, nil
}
