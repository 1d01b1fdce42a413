package memory

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// apply makes the change to what is kept. The same change is known by its
// ID, an older one by its Seq.
func (a *Adapter) apply(c lis.Change) (lis.Outcome, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := object{c.Kind, c.Key}
	switch {
	case a.closed:
		return lis.Outcome{}, errClosed
	case a.done[c.ID]:
		return unchanged(c, "this change was applied before"), nil
	case a.newest[key] > c.Seq:
		return unchanged(c, "a newer change was applied before"), nil
	}
	if err := a.refuse(c); err != nil {
		return lis.Outcome{}, err
	}
	a.prepare()
	a.newest[key] = c.Seq
	if !a.change(c, key) {
		return unchanged(c, "it was not there"), nil
	}
	a.done[c.ID] = true
	a.effects = append(a.effects, Effect{c.ID, c.Seq, c.Act, c.Kind, c.Key})
	return lis.Outcome{Effect: lis.Applied, TargetID: string(c.Key)}, nil
}

func unchanged(c lis.Change, why string) lis.Outcome {
	return lis.Outcome{Effect: lis.Unchanged, TargetID: string(c.Key), Detail: why}
}

// prepare makes the maps, so that the zero Adapter is ready for use.
func (a *Adapter) prepare() {
	if a.records == nil {
		a.records = map[object]*lis.Record{}
		a.newest = map[object]int64{}
		a.done = map[string]bool{}
	}
}

// change reports whether there was anything to alter.
func (a *Adapter) change(c lis.Change, key object) bool {
	was := a.records[key]
	switch c.Act {
	case lis.Put:
		a.records[key] = c.Record
		return true
	case lis.Drop:
		delete(a.records, key)
		return was != nil
	default:
		return a.rekey(c, key, was)
	}
}

// rekey moves a record to its new name, unless a newer change is there.
func (a *Adapter) rekey(c lis.Change, key object, was *lis.Record) bool {
	delete(a.records, key)
	to, moved := object{c.Kind, c.NewID}, c.Record
	if moved == nil && was != nil {
		moved = &lis.Record{ID: c.NewID, Agent: was.Agent, Object: was.Object}
	}
	if moved == nil || a.newest[to] > c.Seq {
		return was != nil
	}
	a.records[to], a.newest[to] = moved, c.Seq
	return true
}

// refuse says why a change cannot be carried out here, nil when it can.
func (a *Adapter) refuse(c lis.Change) error {
	switch {
	case len(a.Kinds) > 0 && !slices.Contains(a.Kinds, c.Kind):
		return &adapters.Error{Class: adapters.Unsupported, Err: fmt.Errorf("no place for a %s", c.Kind)}
	case c.Act != lis.Put && c.Act != lis.Drop && c.Act != lis.Rekey:
		return &adapters.Error{Class: adapters.Unsupported, Err: fmt.Errorf("no way to %q", c.Act)}
	case c.Act == lis.Put && (c.Record == nil || c.Record.Object == nil):
		return &adapters.Error{Class: adapters.Refused, Err: fmt.Errorf("a %s without content", c.Kind)}
	case a.Strict && c.Act == lis.Put:
		return a.missing(c.Record.Object)
	}
	return nil
}

// parents are the kinds of object that a link can name as a parent.
var parents = map[string][]lis.Kind{
	lis.LinkPerson:     {lis.KindPerson},
	lis.LinkTemplate:   {lis.KindCourseTemplate},
	lis.LinkOffering:   {lis.KindCourseOffering},
	lis.LinkSection:    {lis.KindCourseSection},
	lis.LinkLineItem:   {lis.KindLineItem},
	lis.LinkContext:    {lis.KindCourseSection, lis.KindCourseOffering},
	lis.LinkCollection: {lis.KindCourseSection, lis.KindGroup, lis.KindCourseOffering, lis.KindCourseTemplate, lis.KindSectionAssociation},
}

func (a *Adapter) missing(o lis.Object) error {
	for _, link := range o.Links() {
		kinds, id := parents[link.Name], lis.SourcedID(link.Value)
		if kinds != nil && !slices.ContainsFunc(kinds, func(k lis.Kind) bool { return a.records[object{k, id}] != nil }) {
			return &adapters.Error{Class: adapters.Missing, Parent: id, Err: fmt.Errorf("no such %s", link.Name)}
		}
	}
	return nil
}

// Read returns a record, nil when there is none.
func (a *Adapter) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	if err := a.Check(ctx); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.records[object{kind, id}], nil
}

// List streams the records of a kind as they were when it began, by identifier.
func (a *Adapter) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for _, r := range a.sorted(kind) {
			if err := a.Check(ctx); err != nil {
				yield(nil, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (a *Adapter) sorted(kind lis.Kind) []*lis.Record {
	a.mu.Lock()
	defer a.mu.Unlock()
	var records []*lis.Record
	for name, r := range a.records {
		if name.kind == kind {
			records = append(records, r)
		}
	}
	slices.SortFunc(records, func(x, y *lis.Record) int { return strings.Compare(string(x.ID), string(y.ID)) })
	return records
}
