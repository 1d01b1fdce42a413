package route

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// A Test is an example of what a mapping does, kept beside it in the config.
type Test struct {
	Name  string
	Kind  lis.Kind
	Given any // the object, as JSON text or as what JSON reads
	// Want holds what must stand in the shaped object, and may leave out the
	// rest; null is for what must not be there.
	Want any
	// WantError is a part of what the refusal says.
	WantError string
}

// Check runs tests on a mapping and returns what each of them found, nil for
// one that is as it wants. A nil Shaper leaves all as it is.
func (s *Shaper) Check(tests []Test) []error {
	found := make([]error, len(tests))
	for i := range tests {
		if err := s.check(&tests[i]); err != nil {
			name := tests[i].Name
			if name == "" {
				name = fmt.Sprintf("number %d", i+1)
			}
			found[i] = fmt.Errorf("test %s: %w", name, err)
		}
	}
	return found
}

func (s *Shaper) check(t *Test) error {
	info := lis.InfoOf(t.Kind)
	if info == nil {
		return fmt.Errorf("there is no kind %q; %s", t.Kind, suggest(string(t.Kind), kindNames()))
	}
	given, err := tree("given", t.Given)
	if err != nil {
		return err
	}
	want, err := tree("want", t.Want)
	if err != nil {
		return err
	}
	typ := reflect.TypeOf(info.New()).Elem()
	if err := named("given", given, typ); err != nil {
		return err
	}
	if err := named("want", want, typ); err != nil {
		return err
	}
	object, refusal, err := s.try(t.Kind, given)
	switch {
	case err != nil:
		return err
	case t.WantError != "" && refusal == nil:
		return fmt.Errorf("it was taken, but was to be refused with %q", t.WantError)
	case t.WantError != "" && !strings.Contains(refusal.Error(), t.WantError):
		return fmt.Errorf("it was refused otherwise than with %q: %w", t.WantError, refusal)
	case t.WantError != "":
		return nil
	case refusal != nil:
		return fmt.Errorf("it was refused: %w", refusal)
	}
	return compare("", object, want)
}

// try shapes an object and returns it as JSON reads it, or why it was refused.
func (s *Shaper) try(k lis.Kind, given any) (object any, refusal, err error) {
	data, err := json.Marshal(map[string]any{"refAgentInstanceID": "test", "object": given})
	if err != nil {
		return nil, nil, fmt.Errorf("given: %w", err)
	}
	r, err := lis.UnmarshalRecord(k, "test", data)
	if err != nil {
		return nil, nil, fmt.Errorf("given: %w", err)
	}
	c, refusal := s.Shape(lis.Change{Kind: k, Key: "test", Act: lis.Put, Source: "test", Record: r})
	if refusal != nil {
		return nil, refusal, nil
	}
	if data, err = lis.MarshalRecord(c.Record); err != nil {
		return nil, nil, err
	}
	var whole struct{ Object any }
	err = json.Unmarshal(data, &whole)
	return whole.Object, nil, err
}

// tree reads JSON text; what is read already it takes as it is.
func tree(what string, v any) (any, error) {
	var data []byte
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		data = []byte(v)
	case []byte:
		data = v
	case json.RawMessage:
		data = v
	default:
		return v, nil
	}
	var t any
	if len(strings.TrimSpace(string(data))) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, fmt.Errorf("%s is not JSON: %w", what, err)
	}
	return t, nil
}

// named refuses names that the standard has not: the test would test nothing.
func named(where string, v any, t reflect.Type) error {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := v.(type) {
	case []any:
		if t.Kind() != reflect.Slice {
			return fmt.Errorf("%s is no list", where)
		}
		for i, item := range v {
			if err := named(fmt.Sprintf("%s[%d]", where, i), item, t.Elem()); err != nil {
				return err
			}
		}
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return fmt.Errorf("%s holds no elements", where)
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			field, err := elementNamed(t, name)
			if err == nil {
				err = named(where+"."+name, v[name], t.Field(field).Type)
			} else {
				err = fmt.Errorf("%s: %w", where, err)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// compare looks for the leaves of want in got.
func compare(where string, got, want any) error {
	switch want := want.(type) {
	case map[string]any:
		have, _ := got.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if err := compare(strings.TrimPrefix(where+"."+name, "."), have[name], want[name]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		have, _ := got.([]any)
		for i := range want {
			var item any
			if i < len(have) {
				item = have[i]
			}
			if err := compare(fmt.Sprintf("%s[%d]", where, i), item, want[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		return fmt.Errorf("%s is %s, not %s", where, shown(got), shown(want))
	}
	return nil
}

func shown(v any) string {
	if v == nil {
		return "not there"
	}
	data, err := json.Marshal(v)
	if err != nil {
		return "something else"
	}
	return short(string(data))
}
