package rows

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"lisgate/gateway/lis"
)

// always are the variables of a change that every expression over one has.
var always = []string{"id", "newId", "kind", "act", "changeId", "seq", "source", "operation", "time", "record", "json"}

// Params make the parameters of a statement out of a change.
type Params struct {
	kind   lis.Kind
	values map[string]*Program
	short  map[string]place
}

// NewParams checks the expressions of parameters for a kind. Besides always,
// they can use the short names of the kind; more are names that they may use
// as well.
func NewParams(kind lis.Kind, set map[string]Expr, more ...string) (*Params, error) {
	info := lis.InfoOf(kind)
	if info == nil {
		return nil, fmt.Errorf("unknown kind %q%s", kind, Suggest(string(kind), kindNames()))
	}
	p := &Params{kind: kind, values: map[string]*Program{}, short: places(kind, reflect.TypeOf(info.New()).Elem())}
	known := slices.Concat(p.Names(), more)
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(set)) {
		prog, err := Compile(set[name])
		if err == nil {
			if absent := Absent(prog.Names(), known); len(absent) > 0 {
				err = set[name].at(fmt.Errorf("there is no %s", absent[0]))
			}
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("parameter %s: %w", name, err))
			continue
		}
		p.values[name] = prog
	}
	return p, errors.Join(errs...)
}

// places are the short names of a kind, and its elements that are plain.
func places(kind lis.Kind, t reflect.Type) map[string]place {
	m := map[string]place{}
	for _, name := range elements(t) {
		if p, err := resolve(t, name); err == nil {
			m[name] = p
		}
	}
	for name, a := range aliases[kind] {
		if p, err := resolve(t, a.path); err == nil {
			m[name] = p
		}
	}
	return m
}

// Names returns the variables that expressions over a change have.
func (p *Params) Names() []string {
	return slices.Concat(always, slices.Sorted(maps.Keys(p.short)))
}

// Env returns the variables of a change.
func (p *Params) Env(c lis.Change) (map[string]any, error) {
	env := map[string]any{
		"id": string(c.Key), "newId": string(c.NewID), "kind": string(c.Kind), "act": string(c.Act),
		"changeId": c.ID, "seq": c.Seq, "source": c.Source, "operation": c.Operation, "time": c.Time.UTC(),
	}
	for name := range p.short {
		env[name] = nil
	}
	if c.Record == nil || c.Record.Object == nil {
		return env, nil
	}
	body, err := lis.MarshalRecord(c.Record)
	if err != nil {
		return nil, err
	}
	var kept struct {
		Object map[string]any `json:"object"`
	}
	if err := json.Unmarshal(body, &kept); err != nil {
		return nil, err
	}
	env["record"], env["json"] = kept.Object, string(body)
	v := reflect.ValueOf(c.Record.Object).Elem()
	for name, at := range p.short {
		if s := at.get(v); s != "" {
			env[name] = s
		}
	}
	people(env, c.Record.Object)
	return env, nil
}

// people looks for the parts of a person's name wherever they stand.
func people(env map[string]any, o lis.Object) {
	p, ok := o.(*lis.Person)
	if !ok {
		return
	}
	for name, parts := range map[string][2]string{"given": {"First", "Given"}, "family": {"Last", "Family"}, "middle": {"Middle", "Middle"}} {
		env[name] = nil
		for _, part := range parts {
			if s := p.Part(part); s != "" && env[name] == nil {
				env[name] = s
			}
		}
	}
}

// Values makes the parameters over an environment that Env made.
func (p *Params) Values(env map[string]any) (map[string]any, error) {
	values := make(map[string]any, len(p.values)+len(always))
	for _, name := range always {
		values[name] = env[name]
	}
	delete(values, "record")
	for name, prog := range p.values {
		v, err := prog.Run(env)
		if err != nil {
			return nil, &RowError{Rule: "parameter " + name, Err: err}
		}
		values[name] = v
	}
	return values, nil
}
