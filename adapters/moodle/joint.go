package moodle

import (
	"context"
	"slices"
	"strconv"

	"lisgate/gateway/lis"
)

// followUnited makes the part of a section's member in the courses of its
// associations be what the memberships of all their sections say.
func (a *Adapter) followUnited(ctx context.Context, b *batch, m *member) error {
	of, err := a.listing(ctx, m.course)
	for _, l := range of {
		if err := a.settleJoint(ctx, b, m, l); err != nil {
			return err
		}
	}
	return err
}

// settleJoint does it in one association. Members come there from several
// sections, each under its own turn; the last to come sees what all say.
func (a *Adapter) settleJoint(ctx context.Context, b *batch, m *member, l marked) error {
	release, err := a.turns.take(ctx, []string{"joint " + enrolmentKey(l.course, m.user)})
	if err != nil {
		return err
	}
	defer release()
	s, err := a.standing(ctx, b, seat{lis.KindSectionAssociation, l.id, m.person}, l.course)
	if err != nil {
		return err
	}
	had := withRoles(m.spare, s.named)
	if m.old != nil {
		had = withRoles(had, m.old.roles)
	}
	if s.suspend {
		a.leaveBehind(place{l.course, m.user, withRoles(had, m.roles)})
		return a.suspendIn(ctx, l.course, m.user)
	}
	there := &member{place: place{l.course, m.user, s.roles}, start: s.start, end: s.end}
	if err := a.enrol(ctx, []*member{there}); err != nil {
		return err
	}
	there.roles = without(withRoles(had, a.leftAt(l.course, m.user)), s.roles)
	if err := a.unassignAll(ctx, there.place); err != nil {
		return err
	}
	a.left.drop(enrolmentKey(l.course, m.user))
	return a.regroup(ctx, b, l, m)
}

// regroup puts a person into the groups of the sections that bring them into an
// association, and takes them out of those of the others.
func (a *Adapter) regroup(ctx context.Context, b *batch, l marked, m *member) error {
	groups, err := a.groups(ctx, l.course)
	if err != nil {
		return err
	}
	f, n := &form{}, 0
	for _, section := range keys(groups) {
		live, err := a.liveAt(ctx, b, seat{lis.KindCourseSection, lis.SourcedID(section), m.person})
		if err != nil {
			return err
		}
		if s := unite(live); s.suspend {
			f.row("members", n, "groupid", strconv.Itoa(groups[section]), "userid", strconv.Itoa(m.user))
			n++
		} else if err := a.join(ctx, groups[section], []*member{m}); err != nil {
			return err
		}
	}
	if n == 0 {
		return nil
	}
	return a.client.call(ctx, "core_group_delete_group_members", f, nil)
}

// unassignAll takes roles in a course.
func (a *Adapter) unassignAll(ctx context.Context, p place) error {
	if len(p.roles) == 0 {
		return nil
	}
	f := &form{}
	for n, role := range p.roles {
		unassignment(f, n, role, p.user, p.course)
	}
	return a.client.call(ctx, "core_role_unassign_roles", f, nil)
}

// resettle looks once more at a member of the association itself: a section may
// have brought the same person there meanwhile, or taken them out.
func (a *Adapter) resettle(ctx context.Context, b *batch, m *member) error {
	release, err := a.turns.take(ctx, []string{"joint " + enrolmentKey(m.course, m.user)})
	if err != nil {
		return err
	}
	defer release()
	before := *m
	if err := a.sit(ctx, b, m); err != nil {
		return err
	}
	if slices.Equal(before.roles, m.roles) && before.suspend == m.suspend && before.start == m.start && before.end == m.end {
		return nil
	}
	return a.enrol(ctx, []*member{m})
}
