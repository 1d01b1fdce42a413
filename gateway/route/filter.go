package route

import (
	"fmt"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// wants asks the scope and the filter of a rule. A filter that fails counts as
// one that lets through; the error is one of the view.
func (r *rule) wants(l *lookup) (bool, error) {
	if r.scope != nil {
		if in, err := r.scope.covers(l); err != nil || !in {
			return false, err
		}
	}
	if r.when == nil {
		return true, nil
	}
	record, err := l.record()
	if err != nil {
		return false, err
	}
	passed, failed := r.passes(l, record)
	return passed || failed != nil, nil
}

// passes runs the filter of a rule. What has no record cannot be told from
// what is wanted, and passes.
func (r *rule) passes(l *lookup, record *lis.Record) (bool, error) {
	if r.when == nil || record == nil {
		return true, nil
	}
	if l.subject == nil {
		l.subject = newSubject(l.change, record)
	}
	value, err := r.when.run(l.subject)
	if err != nil {
		return false, err
	}
	return value.(bool), nil
}

// Refusal says why a change that Targets sent to a target is to be refused
// there: a filter failed on its record, and no other rule accounts for it. It
// is nil for all else, and costs nothing when no rule to the target has a
// filter. With a nil view the scopes of the other rules are taken to cover the
// change.
func (t *Table) Refusal(v journal.View, target string, c *lis.Change) error {
	if t == nil || !slices.ContainsFunc(t.rules, func(r rule) bool { return r.when != nil && slices.Contains(r.to, target) }) {
		return nil
	}
	asked, err := t.asked(v, c)
	if err != nil {
		return err
	}
	l := &lookup{view: v, change: asked}
	var refusal error
	for i := range t.rules {
		r := &t.rules[i]
		if !slices.Contains(r.to, target) || !r.matches(asked) {
			continue
		}
		record, err := l.record()
		if err != nil {
			return err
		}
		passed, failed := r.passes(l, record)
		if failed != nil && refusal == nil {
			refusal = fmt.Errorf("the filter of route %s cannot be answered for this record: %w; mend the route's when, then replay", r.title, failed)
		}
		if !passed {
			continue
		}
		in := true
		if r.scope != nil && v != nil {
			if in, err = r.scope.covers(l); err != nil {
				return err
			}
		}
		if in {
			return nil
		}
	}
	return refusal
}
