package canvas

import (
	"context"
	"slices"

	"lisgate/gateway/lis"
)

// recall looks up where the memberships of a batch were before, so that what
// has to be read of a collection is read once. What cannot be looked up now is
// looked up again, and told, by the change itself.
func (b *batch) recall(ctx context.Context) {
	for _, c := range b.changes {
		if c.Kind != lis.KindMembership {
			continue
		}
		if f, err := b.formerOf(ctx, c.Key); err == nil && f != nil {
			b.ask(string(f.CollectionSourcedID), string(f.Person()))
		}
	}
}

// formerOf is the place and the first role that a membership had at Canvas by
// the crosswalk, nil when it knows none.
func (b *batch) formerOf(ctx context.Context, id lis.SourcedID) (*lis.Membership, error) {
	if f, ok := b.former[id]; ok {
		return f, nil
	}
	f, err := b.a.crossed(ctx, id)
	if err == nil {
		b.former[id] = f
	}
	return f, err
}

// putMembership enrols as the memberships of the seat together want it, ends
// what none of them wants any more, and ends what this one left elsewhere; the
// second result is for the crosswalk.
func (b *batch) putMembership(ctx context.Context, c lis.Change, m *lis.Membership) ([]row, string, error) {
	if _, err := b.a.enrollmentsOf(m); err != nil {
		return nil, "", err
	}
	s := seatOf(m)
	wants, err := b.wants(ctx, s)
	if err != nil {
		return nil, "", err
	}
	var rows []row
	for _, w := range wants {
		if w.id == key(c) {
			d := deciding(wants, w.sameRow)
			rows = append(rows, d.row(d.State))
		}
	}
	ended, err := b.outgrown(ctx, c, s)
	if err != nil {
		return nil, "", err
	}
	target, err := b.claim(ctx, key(c), s, wants)
	b.targets[c.ID] = target
	return append(rows, ended...), target, err
}

// outgrown ends what a membership had and does not have any more: roles in its
// seat, and all in the seat where it was before.
func (b *batch) outgrown(ctx context.Context, c lis.Change, s seat) ([]row, error) {
	f, err := b.formerOf(ctx, c.Key)
	if err != nil {
		return nil, err
	}
	moved := f != nil && seatOf(f) != s
	var rows []row
	if looked(c) || f != nil && !moved {
		if rows, err = b.ends(ctx, c, s, f); err != nil {
			return nil, err
		}
	}
	if moved {
		left, err := b.ends(ctx, c, seatOf(f), f)
		return append(rows, left...), err
	}
	return rows, nil
}

// remaining are the wants of a seat when a change is done. What the records
// have of the membership itself does not count where the change takes it away
// from: a later change brings it back, or is replaced by one that does not.
func (b *batch) remaining(ctx context.Context, c lis.Change, s seat) ([]want, error) {
	wants, err := b.wants(ctx, s)
	if c.Act != lis.Drop && seatOf(membershipOf(c)) == s {
		return wants, err
	}
	var others []want
	for _, w := range wants {
		if w.id != key(c) {
			others = append(others, w)
		}
	}
	return others, err
}

// ends are the rows for enrolments of a seat that nobody wants active.
func (b *batch) ends(ctx context.Context, c lis.Change, s seat, former *lis.Membership) ([]row, error) {
	wants, err := b.remaining(ctx, c, s)
	if err != nil {
		return nil, err
	}
	there, err := b.enrolled(ctx, s)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, e := range there {
		if e.State != "active" && e.State != "invited" {
			continue
		}
		if d := deciding(wants, e.sameRole); d != nil {
			if d.State != "active" && d.id != key(c) { // its own has a row already
				rows = append(rows, e.row(d.State))
			}
			continue
		}
		ours, err := b.ours(ctx, c, s, e, former)
		if err != nil {
			return nil, err
		}
		if ours {
			rows = append(rows, e.row(enrollmentStatus[b.a.opts.Removal]))
		}
	}
	return rows, nil
}

// ours reports whether an enrolment that nobody wants is one that a membership
// may end: it had it, or an import made it and it is of no other one, whose
// own change ends it. Without a roster the membership has the seat alone.
func (b *batch) ours(ctx context.Context, c lis.Change, s seat, e enrollment, former *lis.Membership) (bool, error) {
	had := former != nil && seatOf(former) == s && b.a.roleOf(e) == former.Member.Role[0].RoleType
	owner, err := b.a.owner(ctx, s.target(b.a.roleOf(e)))
	if err != nil {
		return false, err
	}
	here := membershipOf(c) != nil && seatOf(membershipOf(c)) == s
	switch {
	case b.a.opts.Roster == nil:
		return here && looked(c) || had && (owner == "" || owner == c.Key), nil
	case had, owner == c.Key:
		return true, nil
	}
	return owner == "" && e.Import != 0, nil
}

// dropMembership ends the enrolments that are there and that no other
// membership wants; also those of the place where it was before, when Canvas
// has not been told of the move.
func (b *batch) dropMembership(ctx context.Context, c lis.Change) ([]row, error) {
	f, err := b.formerOf(ctx, c.Key)
	if err != nil {
		return nil, err
	}
	had := map[seat][]enrollment{}
	var seats []seat
	for _, m := range []*lis.Membership{membershipOf(c), f} {
		if m == nil {
			continue
		}
		es, err := b.a.enrollmentsOf(m)
		if err != nil && m != f {
			return nil, err
		}
		s := seatOf(m)
		if !slices.Contains(seats, s) {
			seats = append(seats, s)
		}
		had[s] = append(had[s], es...)
	}
	var rows []row
	for _, s := range seats {
		left, err := b.vacate(ctx, c, s, had[s], f)
		if err != nil {
			return nil, err
		}
		rows = append(rows, left...)
	}
	return rows, nil
}

// vacate are the rows for what a membership had in a seat by its record and by
// the crosswalk, and for what else only it can have left there.
func (b *batch) vacate(ctx context.Context, c lis.Change, s seat, had []enrollment, former *lis.Membership) ([]row, error) {
	rows, err := b.leave(ctx, c, s, had)
	if err != nil || b.a.opts.Roster == nil {
		return rows, err
	}
	more, err := b.ends(ctx, c, s, former)
	for _, r := range more {
		if !slices.ContainsFunc(rows, func(have row) bool { return have.enrolment() == r.enrolment() }) {
			rows = append(rows, r)
		}
	}
	return rows, err
}

// leave are the rows for the roles that a membership had in a seat.
func (b *batch) leave(ctx context.Context, c lis.Change, s seat, had []enrollment) ([]row, error) {
	wants, err := b.remaining(ctx, c, s)
	if err != nil {
		return nil, err
	}
	there, err := b.enrolled(ctx, s)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, e := range there {
		if !slices.ContainsFunc(had, e.sameRole) {
			continue
		}
		status, err := b.afterwards(ctx, c, s, e, wants)
		if err != nil {
			return nil, err
		}
		if status != "" && e.State != status {
			rows = append(rows, e.row(status))
		}
	}
	return rows, nil
}

// afterwards is what an enrolment is to be when a membership has left it, ""
// when it is another one's.
func (b *batch) afterwards(ctx context.Context, c lis.Change, s seat, e enrollment, wants []want) (string, error) {
	if d := deciding(wants, e.sameRole); d != nil {
		if d.State == "active" && e.State == "invited" {
			return "", nil
		}
		return d.State, nil
	}
	if b.a.opts.Roster == nil {
		owner, err := b.a.owner(ctx, s.target(b.a.roleOf(e)))
		if err != nil || owner != "" && owner != c.Key {
			return "", err
		}
	}
	return enrollmentStatus[b.a.opts.Removal], nil
}
