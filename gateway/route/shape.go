package route

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"lisgate/gateway/lis"
)

// A Mapping is how records look at one target. A vocabulary that is given
// knows all words: one that it has not is refused, unless Other stands in it.
type Mapping struct {
	Roles            map[string]string // roleType, or roleType/subRole, of memberships
	Statuses         map[string]string // of course objects, roles of memberships, and results
	Types            map[string]string // of groups and line items
	InstitutionRoles map[string]string // of persons
	Sets             []Set             // in this order
}

// A Set writes values into records.
type Set struct {
	Kinds []lis.Kind        // none for all that have the places
	When  string            // an expression; "" for always
	Set   map[string]string // a place (see way and aliases) and the expression for what is to stand there
}

// A Shaper puts records into the shape of a Mapping. A nil Shaper leaves all
// as it is. It is safe for use by many goroutines.
type Shaper struct {
	words vocabularies
	sets  map[lis.Kind][]set
}

// A set is a Set made ready for one kind.
type set struct {
	number int
	when   *expression
	values []assignment
}

type assignment struct {
	key   string
	paths []way
	value *expression
}

// NewShaper makes a Shaper, nil for an empty Mapping, or says what is wrong.
func NewShaper(m Mapping) (*Shaper, error) {
	if len(m.Roles)+len(m.Statuses)+len(m.Types)+len(m.InstitutionRoles)+len(m.Sets) == 0 {
		return nil, nil
	}
	s := &Shaper{sets: map[lis.Kind][]set{}}
	for _, v := range []struct {
		to    *vocabulary
		name  string
		words map[string]string
	}{
		{&s.words.roles, "role", m.Roles}, {&s.words.statuses, "status", m.Statuses},
		{&s.words.types, "type", m.Types}, {&s.words.institutionRoles, "institution role", m.InstitutionRoles},
	} {
		var err error
		if *v.to, err = newVocabulary(v.name, maps.Clone(v.words)); err != nil {
			return nil, err
		}
	}
	for i, given := range m.Sets {
		if err := s.add(i, given); err != nil {
			return nil, fmt.Errorf("set[%d]: %w", i, err)
		}
	}
	return s, nil
}

// add makes a Set ready for its kinds.
func (s *Shaper) add(number int, given Set) error {
	base := set{number: number}
	var err error
	if given.When != "" {
		if base.when, err = compile(given.When, yesOrNo); err != nil {
			return fmt.Errorf("when: %w", err)
		}
	}
	values := map[string]*expression{}
	for _, key := range slices.Sorted(maps.Keys(given.Set)) {
		if values[key], err = compile(given.Set[key], value); err != nil {
			return fmt.Errorf("%s: %w", short(key), err)
		}
	}
	kinds, any := given.Kinds, len(given.Kinds) == 0
	if any {
		for i := range lis.Kinds {
			kinds = append(kinds, lis.Kinds[i].Kind)
		}
	}
	var failed error
	taken := false
	for _, k := range kinds {
		if lis.InfoOf(k) == nil {
			return fmt.Errorf("there is no kind %q; %s", k, suggest(string(k), kindNames()))
		}
		ready := base
		if ready.values, err = assignments(k, values); err == nil {
			s.sets[k] = append(s.sets[k], ready)
			taken = true
		} else if failed == nil {
			failed = err
		}
	}
	if failed != nil && (!any || !taken) {
		return failed
	}
	return nil
}

func assignments(k lis.Kind, values map[string]*expression) ([]assignment, error) {
	var all []assignment
	for _, key := range slices.Sorted(maps.Keys(values)) {
		paths, err := pathsOf(k, key)
		if err != nil {
			return nil, err
		}
		all = append(all, assignment{key, paths, values[key]})
	}
	return all, nil
}

// Shape returns a change with its record in the target's shape. The record
// that was given stays as it is, and so does a change without one. First words
// are translated and then values set; expressions read the record as it came,
// in words of LIS.
func (s *Shaper) Shape(c lis.Change) (lis.Change, error) {
	if s == nil || c.Record == nil || c.Record.Object == nil || !s.words.touches(c.Kind) && len(s.sets[c.Kind]) == 0 {
		return c, nil
	}
	data, err := lis.MarshalRecord(c.Record)
	if err != nil {
		return c, fmt.Errorf("copy record: %w", err)
	}
	shaped, err := lis.UnmarshalRecord(c.Kind, c.Record.ID, data)
	if err != nil {
		return c, fmt.Errorf("copy record: %w", err)
	}
	if err := s.words.translate(shaped.Object); err != nil {
		return c, err
	}
	if err := s.assign(&c, shaped.Object); err != nil {
		return c, err
	}
	if lacks := shaped.Object.Missing(); lacks != "" && c.Record.Object.Missing() == "" {
		return c, fmt.Errorf("the target's map leaves the %s without %s, which it means nothing without; mend its set", c.Kind, lacks)
	}
	c.Record = shaped
	return c, nil
}

// assign sets what the sets of the change's kind say.
func (s *Shaper) assign(c *lis.Change, object lis.Object) error {
	sets := s.sets[c.Kind]
	if len(sets) == 0 {
		return nil
	}
	subject := newSubject(c, c.Record)
	v := reflect.ValueOf(object).Elem()
	for i := range sets {
		if err := sets[i].assign(subject, v); err != nil {
			return fmt.Errorf("set[%d] of the target's map: %w", sets[i].number, err)
		}
	}
	return nil
}

func (s *set) assign(from *subject, object reflect.Value) error {
	if s.when != nil {
		wanted, err := s.when.run(from)
		if err != nil {
			return fmt.Errorf("when: %w", err)
		}
		if !wanted.(bool) {
			return nil
		}
	}
	for _, a := range s.values {
		result, err := a.value.run(from)
		if err == nil {
			err = put(a.paths, object, result)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", a.key, err)
		}
	}
	return nil
}
