package moodle

import (
	"context"
	"slices"
	"strconv"
	"time"

	"lisgate/gateway/lis"
)

// A marked is the part of a section in an association.
type marked struct {
	course int // of the association
	id     lis.SourcedID
	group  int // of the section, there
}

// markFresh is how long a mark is believed; another process may change it.
const markFresh = 10 * time.Minute

// A listing is what is known of a section's associations.
type listing struct {
	of []marked
	at time.Time
}

// listing says of which associations the section of a course is part.
func (a *Adapter) listing(ctx context.Context, course int) ([]marked, error) {
	key := strconv.Itoa(course)
	if l, ok := a.listings.get(key); ok && a.o.Now().Sub(l.at) < markFresh {
		return l.of, nil
	}
	l := listing{at: a.o.Now()}
	marks, err := a.marks(ctx, course)
	if err != nil {
		return nil, err
	}
	for _, mark := range marks {
		m, err := a.part(ctx, course, mark.Idnumber)
		if err != nil {
			return nil, err
		}
		if m.course != 0 {
			l.of = append(l.of, m)
		}
	}
	a.listings.put(key, l)
	return l.of, nil
}

// part finds the course of an association and the group of a section there.
// The course of the association itself has the mark too, and is none.
func (a *Adapter) part(ctx context.Context, course int, id string) (marked, error) {
	co, err := a.courseBy(ctx, "idnumber", id)
	if err != nil || co == nil || co.ID == course {
		return marked{}, err
	}
	own, err := a.courseBy(ctx, "id", strconv.Itoa(course))
	if err != nil || own == nil {
		return marked{}, err
	}
	groups, err := a.groups(ctx, co.ID)
	return marked{course: co.ID, id: lis.SourcedID(id), group: groups[own.Idnumber]}, err
}

// follow brings members of sections into the courses of their associations.
func (a *Adapter) follow(ctx context.Context, b *batch, ms []*member) {
	for _, m := range ms {
		if b.errs[m.i] != nil {
			continue
		}
		if err := a.followOne(ctx, b, m); err != nil {
			b.failAll([]int{m.i}, err)
		}
	}
}

func (a *Adapter) followOne(ctx context.Context, b *batch, m *member) error {
	switch joint := m.kind == lis.KindSectionAssociation; {
	case a.o.Roster != nil && joint:
		return a.resettle(ctx, b, m)
	case joint:
		return nil
	case a.o.Roster != nil:
		return a.followUnited(ctx, b, m)
	case m.suspend:
		return a.leaveAssociations(ctx, m.place)
	}
	of, err := a.listing(ctx, m.course)
	for _, l := range of {
		there := *m
		there.course = l.course
		if err := a.enrol(ctx, []*member{&there}); err != nil {
			return err
		}
		if l.group != 0 {
			if err := a.join(ctx, l.group, []*member{&there}); err != nil {
				return err
			}
		}
	}
	return err
}

// leaveAssociations ends what a member of a section is in the courses of its
// associations, unless another section brings the same person there.
func (a *Adapter) leaveAssociations(ctx context.Context, p place) error {
	of, err := a.listing(ctx, p.course)
	for _, l := range of {
		if l.group == 0 {
			continue
		}
		if err := a.leaveOne(ctx, l, p.user); err != nil {
			return err
		}
	}
	return err
}

func (a *Adapter) leaveOne(ctx context.Context, l marked, user int) error {
	groups, err := a.groups(ctx, l.course)
	if err != nil {
		return err
	}
	section := ""
	for key, g := range groups {
		if g == l.group {
			section = key
		}
	}
	alone, err := a.alone(ctx, groups, section)
	if err != nil {
		return err
	}
	if slices.Contains(alone, user) {
		return a.suspendIn(ctx, l.course, user)
	}
	f := new(form).row("members", 0, "groupid", strconv.Itoa(l.group), "userid", strconv.Itoa(user))
	return a.client.call(ctx, "core_group_delete_group_members", f, nil)
}
