// Package route decides which change goes to which target.
//
// A Table is made once from rules and never changes after, so that a reload
// swaps one pointer; its patterns are spelled out when it is made, because
// Targets runs inside the write of every message.
package route

import (
	"errors"
	"fmt"
	"slices"

	"lisgate/gateway/lis"
)

// A Rule sends changes to targets. An empty list asks for nothing: a rule
// that has only To sends everything there.
type Rule struct {
	Name       string
	From       []string // sources
	Kinds      []lis.Kind
	Operations []string // LIS operations, or the acts put, drop and rekey; "replace*" is a pattern
	To         []string // targets
}

// A Table is a list of rules, ready for use. It is safe for use by many
// goroutines; a nil Table sends nothing anywhere.
type Table struct{ rules []rule }

// A rule is a Rule with its patterns spelled out.
type rule struct {
	from  []string
	kinds []lis.Kind
	words map[string]bool // operations and acts; nil for any
	to    []string
}

// New makes a table of rules, or says which rule is wrong and how to mend it.
func New(rules []Rule) (*Table, error) {
	t := &Table{}
	for i, r := range rules {
		ready, err := prepare(r)
		if err != nil {
			return nil, fmt.Errorf("read route %s: %w", title(r, i), err)
		}
		t.rules = append(t.rules, ready)
	}
	return t, nil
}

func title(r Rule, i int) string {
	if r.Name != "" {
		return fmt.Sprintf("%q", r.Name)
	}
	return fmt.Sprintf("number %d", i+1)
}

func prepare(r Rule) (rule, error) {
	if len(r.To) == 0 {
		return rule{}, errors.New("to is empty; name at least one target")
	}
	if slices.Contains(r.To, "") || slices.Contains(r.From, "") {
		return rule{}, errors.New("from and to must not hold empty names")
	}
	for _, k := range r.Kinds {
		if lis.InfoOf(k) == nil {
			return rule{}, fmt.Errorf("there is no kind %q; %s", k, suggest(string(k), kindNames()))
		}
	}
	words, err := spellOut(r.Operations)
	if err != nil {
		return rule{}, err
	}
	// The lists are copied: the caller's may change, a Table may not.
	return rule{slices.Clone(r.From), slices.Clone(r.Kinds), words, slices.Clone(r.To)}, nil
}

// Targets returns the targets of a change in the order of the rules, each
// once, and never the change's own source: what a system said is not echoed to it.
func (t *Table) Targets(c *lis.Change) []string {
	if t == nil {
		return nil
	}
	var targets []string
	for i := range t.rules {
		if !t.rules[i].matches(c) {
			continue
		}
		for _, to := range t.rules[i].to {
			if to != c.Source && !slices.Contains(targets, to) {
				targets = append(targets, to)
			}
		}
	}
	return targets
}

func (r *rule) matches(c *lis.Change) bool {
	return (len(r.from) == 0 || slices.Contains(r.from, c.Source)) &&
		(len(r.kinds) == 0 || slices.Contains(r.kinds, c.Kind)) &&
		(r.words == nil || r.words[c.Operation] || r.words[string(c.Act)])
}
