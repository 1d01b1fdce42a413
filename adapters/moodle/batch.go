package moodle

import (
	"cmp"
	"context"
	"slices"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A batch is changes with what has become of each.
type batch struct {
	changes []lis.Change
	out     []lis.Outcome
	errs    []error
	round   []int // those that are carried out together
}

// ApplyAll carries out changes in as few calls as can be: those to accounts
// first, then what memberships hang on. Several changes of one object keep
// their order.
func (a *Adapter) ApplyAll(ctx context.Context, changes []lis.Change) ([]lis.Outcome, []error) {
	b := &batch{changes: changes, out: make([]lis.Outcome, len(changes)), errs: make([]error, len(changes))}
	for _, round := range rounds(changes) {
		var persons, members, ended []int
		for _, i := range round {
			switch c := changes[i]; {
			case c.Act == lis.Put && (c.Record == nil || c.Record.Object == nil):
				b.fail(i, refused("The record has no content; send it again whole.", "a %s without content", c.Kind))
			case c.Act == lis.Put && c.Kind == lis.KindPerson:
				persons = append(persons, i)
			case c.Act == lis.Put && c.Kind == lis.KindMembership:
				members = append(members, i)
			case c.Act == lis.Drop && c.Kind == lis.KindMembership:
				ended = append(ended, i)
			}
		}
		a.putPersons(ctx, b, persons)
		own := slices.Concat(members, ended)
		for _, i := range round {
			if b.open(i) && !slices.Contains(own, i) {
				b.settle(i)(a.one(ctx, changes[i]))
			}
		}
		b.round = round
		a.changeMemberships(ctx, b, members, ended)
	}
	for i, err := range b.errs {
		b.errs[i] = classed(err)
	}
	return b.out, b.errs
}

// changeMemberships puts memberships and ends others. Nobody else works at the
// same enrolments meanwhile.
func (a *Adapter) changeMemberships(ctx context.Context, b *batch, members, ended []int) {
	var seats []string
	for _, i := range slices.Concat(members, ended) {
		if r := b.changes[i].Record; r != nil && a.o.Roster != nil {
			if m, ok := r.Object.(*lis.Membership); ok {
				seats = append(seats, "seat "+string(m.CollectionSourcedID)+" "+string(m.Person()))
			}
		}
	}
	release, err := a.turns.take(ctx, seats)
	if err != nil {
		b.failAll(slices.Concat(members, ended), err)
		return
	}
	defer release()
	a.putMemberships(ctx, b, members)
	a.dropMemberships(ctx, b, ended)
}

// rounds parts changes so that each round has each object once, and in each
// round puts what others hang on first.
func rounds(changes []lis.Change) [][]int {
	var parts [][]int
	at := map[lis.Ref]int{}
	for i := range changes {
		ref := lis.Ref{Kind: changes[i].Kind, ID: changes[i].Key}
		n := at[ref]
		at[ref]++
		if n == len(parts) {
			parts = append(parts, nil)
		}
		parts[n] = append(parts[n], i)
	}
	order := map[lis.Kind]int{lis.KindPerson: 0, lis.KindGroup: 1, lis.KindCourseSection: 2, lis.KindSectionAssociation: 3, lis.KindMembership: 4}
	for _, part := range parts {
		slices.SortStableFunc(part, func(x, y int) int { return cmp.Compare(order[changes[x].Kind], order[changes[y].Kind]) })
	}
	return parts
}

func (b *batch) open(i int) bool { return b.errs[i] == nil && b.out[i].Effect == "" }

func (b *batch) fail(i int, err error) { b.errs[i] = err }

// settle returns what takes the outcome of a change.
func (b *batch) settle(i int) func(lis.Outcome, error) {
	return func(o lis.Outcome, err error) {
		if err != nil {
			o = lis.Outcome{}
		}
		b.out[i], b.errs[i] = o, err
	}
}

// failAll gives rows of one call the error of the call. Of a refusal, or of
// something that is not there, the site does not say which row is to blame.
func (b *batch) failAll(rows []int, err error) {
	for _, i := range rows {
		e := *classed(err).(*adapters.Error)
		if len(rows) > 1 && (e.Class == adapters.Refused || e.Class == adapters.Missing) {
			e.Class, e.Whole = adapters.Refused, true
		}
		b.errs[i] = &e
	}
}
