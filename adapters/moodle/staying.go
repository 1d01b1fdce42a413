package moodle

import (
	"context"

	"lisgate/gateway/lis"
)

// staying parts those who leave: some are still there by another membership.
func (a *Adapter) staying(ctx context.Context, b *batch, all []*leaving) (staying []*member, ls []*leaving) {
	for _, l := range all {
		m, err := a.stays(ctx, b, l)
		switch {
		case err != nil:
			b.fail(l.i, err)
		case m != nil:
			staying = append(staying, m)
		default:
			ls = append(ls, l)
		}
	}
	return staying, ls
}

// stays returns the member that a person still is where one membership ends,
// nil for none, or when nobody can tell.
func (a *Adapter) stays(ctx context.Context, b *batch, l *leaving) (*member, error) {
	if a.o.Roster == nil {
		return nil, nil
	}
	if l.seat == nil {
		var err error
		if l.seat, err = a.seatOf(ctx, l.place, ""); l.seat == nil {
			return nil, err
		}
	}
	s, err := a.standing(ctx, b, *l.seat, l.course)
	if err != nil || !s.live {
		return nil, err
	}
	m := &member{i: l.i, key: l.key, seat: *l.seat, own: l.roles, gone: true, place: l.place, old: &l.place}
	a.sitAs(m, s)
	return m, nil
}

// leaveOld ends what a member was before who has moved.
func (a *Adapter) leaveOld(ctx context.Context, b *batch, m *member) {
	l := &leaving{i: m.i, key: m.key, place: *m.old}
	if a.o.Roster != nil {
		person := m.person
		if m.old.user != m.user {
			person = ""
		}
		var err error
		if l.seat, err = a.seatOf(ctx, l.place, person); err != nil {
			b.fail(m.i, err)
			return
		}
	}
	stays, err := a.stays(ctx, b, l)
	switch {
	case err != nil:
		b.fail(m.i, err)
	case stays != nil:
		a.seatAll(ctx, b, []*member{stays})
	default:
		a.leave(ctx, b, []*leaving{l})
	}
}

// leaveJoints ends a part in the courses of associations.
func (a *Adapter) leaveJoints(ctx context.Context, b *batch, l *leaving) error {
	if a.o.Roster == nil || l.seat == nil {
		return a.leaveAssociations(ctx, l.place)
	}
	if l.kind == lis.KindSectionAssociation {
		return nil
	}
	return a.followUnited(ctx, b, &member{i: l.i, seat: *l.seat, place: l.place, suspend: true, old: &l.place})
}
