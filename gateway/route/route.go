// Package route decides which change goes to which target, and in what shape.
//
// A Table is made once from rules and never changes after, so that a reload
// swaps one pointer; its patterns are spelled out when it is made, because
// Targets runs inside the write of every message.
//
// A route is written as lists and, where lists do not do, as an expression:
//
//   - From, Kinds and Operations are looked up in the change itself.
//   - Scope (institution, organisation, term, role) is looked up in the record
//     and, for what hangs on a section, an offering or a group, there. Which
//     kind is asked what is one table, in scope.go.
//   - When is an expression of expr-lang over the record under the element
//     names of the standard: courseSection.org.id.textString == "MATH", or
//     role() == "Learner" and not (ext("audit") == "Y"). What an expression
//     can name is in subject.go, and what it may cost is in bounds.go.
//
// What leaves a scope or no longer passes a filter has to leave the target too:
// Left names the targets where that may be, and the gateway has those that hold
// the object drop it, as the targets' own policy for removals says. What hangs
// on it and has not changed itself (the memberships of a section that moved to
// another term) is removed by the next comparison that heals.
//
// A change without a source is the gateway's own, such as the steps of a merge.
// It goes where the changes of the source before it went (Table.Origin), and
// is echoed to nobody.
//
// A filter must not lose a message: when an expression fails on a record, the
// change goes to the route's targets as if the filter had let it through, and
// is refused there with the reason (see Table.Refusal), where a person sees it.
//
// A Shaper puts a record into the shape that one target wants: other words for
// roles, statuses and types, and values set by expressions. What has no word
// is refused and never guessed.
package route

import (
	"errors"
	"fmt"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A Rule sends changes to targets. An empty list asks for nothing: a rule
// that has only To sends everything there.
type Rule struct {
	Name       string
	From       []string // sources
	Kinds      []lis.Kind
	Operations []string // LIS operations, or the acts put, drop and rekey; "replace*" is a pattern
	Scope      Scope
	When       string   // an expression that is true for what the rule is for
	To         []string // targets
}

// A Table is a list of rules, ready for use. It is safe for use by many
// goroutines; a nil Table sends nothing anywhere.
type Table struct {
	rules []rule
	// Origin returns the source for which rules take a change that has none;
	// it is set before use. Without it such a change has no source.
	Origin func(v journal.View, c *lis.Change) (string, error)
}

// A rule is a Rule with its patterns spelled out.
type rule struct {
	title string
	from  []string
	kinds []lis.Kind
	words map[string]bool // operations and acts; nil for any
	scope *Scope          // nil for any
	when  *expression     // nil for any
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
		ready.title = title(r, i)
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
	// The lists are copied: the caller's may change, a Table may not.
	ready := rule{from: slices.Clone(r.From), kinds: slices.Clone(r.Kinds), scope: r.Scope.copy(), to: slices.Clone(r.To)}
	var err error
	if ready.words, err = spellOut(r.Operations); err != nil {
		return rule{}, err
	}
	if r.When != "" {
		if ready.when, err = compile(r.When, yesOrNo); err != nil {
			return rule{}, fmt.Errorf("when: %w", err)
		}
	}
	return ready, nil
}

// Targets returns the targets of a change in the order of the rules, each
// once, and never the change's own source: what a system said is not echoed to
// it. The view is asked only by rules with a scope or a filter, and of a change
// without a source; an error is one of the view.
func (t *Table) Targets(v journal.View, c *lis.Change) ([]string, error) {
	targets, _, err := t.Sort(v, c)
	return targets, err
}

// Left returns the targets to which rules would lead a change by its source,
// kind and operation, but whose scope or filter says no. What such a target
// holds of the object has left what it is to hold.
func (t *Table) Left(v journal.View, c *lis.Change) ([]string, error) {
	_, left, err := t.Sort(v, c)
	return left, err
}

// Sort returns what Targets and Left return.
func (t *Table) Sort(v journal.View, c *lis.Change) (targets, left []string, err error) {
	if t == nil {
		return nil, nil, nil
	}
	asked, err := t.asked(v, c)
	if err != nil {
		return nil, nil, err
	}
	var l *lookup // made when a rule wants one, and shared by all
	for i := range t.rules {
		r := &t.rules[i]
		if !r.matches(asked) || !r.adds(targets, c.Source) {
			continue
		}
		into := &targets
		if r.scope != nil || r.when != nil {
			if l == nil {
				l = &lookup{view: v, change: asked}
			}
			// A filter that fails lets the change through; see the package comment.
			wanted, err := r.wants(l)
			if err != nil {
				return nil, nil, fmt.Errorf("route %s: %w", r.title, err)
			}
			if !wanted {
				into = &left
			}
		}
		for _, to := range r.to {
			if to != c.Source && !slices.Contains(*into, to) {
				*into = append(*into, to)
			}
		}
	}
	return targets, slices.DeleteFunc(left, func(to string) bool { return slices.Contains(targets, to) }), nil
}

// asked returns the change as rules see it: with its origin when it has no
// source.
func (t *Table) asked(v journal.View, c *lis.Change) (*lis.Change, error) {
	if c.Source != "" || t.Origin == nil || v == nil || !slices.ContainsFunc(t.rules, rule.asksSource) {
		return c, nil
	}
	origin, err := t.Origin(v, c)
	if err != nil {
		return nil, fmt.Errorf("look up who %s %s is from: %w", c.Kind, c.Key, err)
	}
	copied := *c
	copied.Source = origin
	return &copied, nil
}

func (r rule) asksSource() bool { return len(r.from) > 0 || r.when != nil }

// Selective reports whether any rule to a target has a scope or a filter: only
// there can anything be Left.
func (t *Table) Selective(target string) bool {
	return t != nil && slices.ContainsFunc(t.rules, func(r rule) bool {
		return (r.scope != nil || r.when != nil) && slices.Contains(r.to, target)
	})
}

func (r *rule) matches(c *lis.Change) bool {
	return (len(r.from) == 0 || slices.Contains(r.from, c.Source)) &&
		(len(r.kinds) == 0 || slices.Contains(r.kinds, c.Kind)) &&
		(r.words == nil || r.words[c.Operation] || r.words[string(c.Act)])
}

// adds reports whether a rule that matches would add a target.
func (r *rule) adds(targets []string, source string) bool {
	return slices.ContainsFunc(r.to, func(to string) bool { return to != source && !slices.Contains(targets, to) })
}
