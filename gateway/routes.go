package gateway

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"lisgate/config"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/route"
)

// A plan says which change goes where and in what shape. A reload makes
// another one.
type plan struct {
	routes  *route.Table
	shapers map[string]*route.Shaper // by target
}

func newPlan(c *config.Config) (*plan, error) {
	table, err := route.New(rules(c))
	if err != nil {
		return nil, err
	}
	table.Origin = origin // of the gateway's own changes
	p := &plan{table, map[string]*route.Shaper{}}
	for i := range c.Targets {
		t := &c.Targets[i]
		if p.shapers[t.Name], err = route.NewShaper(mapping(&t.Map)); err != nil {
			return nil, fmt.Errorf("map of target %s: %w", t.Name, err)
		}
	}
	return p, nil
}

// shape gives a change the form that a target wants, or says why it is refused.
// The view may be nil.
func (p *plan) shape(v journal.View, target string, c lis.Change) (lis.Change, error) {
	if err := p.routes.Refusal(v, target, &c); err != nil {
		return c, err
	}
	return p.shapers[target].Shape(c)
}

// rules are the routes of the config.
func rules(c *config.Config) []route.Rule {
	var rules []route.Rule
	for _, r := range c.Routes {
		rules = append(rules, route.Rule{
			Name: r.Name, From: r.From, Kinds: kindsOf(r.Kinds), Operations: r.Operations, To: r.To, When: string(r.When),
			Scope: route.Scope{Institution: r.Institution, Organisation: r.Organisation, Term: r.Term, Role: r.Role},
		})
	}
	return rules
}

func kindsOf(names []string) []lis.Kind {
	var kinds []lis.Kind
	for _, name := range names {
		kinds = append(kinds, lis.Kind(name))
	}
	return kinds
}

func mapping(m *config.Map) route.Mapping {
	made := route.Mapping{Roles: m.Roles, Statuses: m.Statuses, Types: m.Types, InstitutionRoles: m.InstitutionRoles}
	for _, s := range m.Set {
		set := route.Set{Kinds: kindsOf(s.Kinds), When: string(s.When), Set: map[string]string{}}
		for place, expression := range s.Set {
			set.Set[place] = string(expression)
		}
		made.Sets = append(made.Sets, set)
	}
	return made
}

// CheckRoutes makes the routes and maps of a config ready and runs the tests
// that stand beside the maps. It names each test, and each route or map that
// cannot be used, with what is wrong.
func CheckRoutes(c *config.Config) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if _, err := route.New(rules(c)); err != nil && !yield("routes", err) {
			return
		}
		for i := range c.Targets {
			if !checkMap(&c.Targets[i], yield) {
				return
			}
		}
	}
}

func checkMap(t *config.Target, yield func(string, error) bool) bool {
	shaper, err := route.NewShaper(mapping(&t.Map))
	if err != nil {
		return yield("map of target "+t.Name, err)
	}
	var tests []route.Test
	for _, test := range t.Map.Tests {
		tests = append(tests, route.Test{Name: test.Name, Kind: lis.Kind(test.Kind), Given: string(test.Given), Want: string(test.Want), WantError: test.Error})
	}
	for i, err := range shaper.Check(tests) {
		name := "test " + tests[i].Name
		if err != nil { // it names the test too
			err = errors.New(strings.TrimPrefix(err.Error(), name+": "))
		}
		if !yield("target "+t.Name+", "+name, err) {
			return false
		}
	}
	return true
}
