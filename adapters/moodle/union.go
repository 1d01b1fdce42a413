package moodle

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A seat is a person's place in a collection. There may be several memberships
// for it, and Moodle has one enrolment for all of them.
type seat struct {
	kind               lis.Kind // of the collection
	collection, person lis.SourcedID
}

// A standing is what the memberships of a seat say together.
type standing struct {
	live       bool  // there is one at all
	suspend    bool  // none is active
	roles      []int // of the active ones, or of all when none is
	named      []int // of all, those that are not active too
	start, end int64 // the widest time of them
}

// unite makes one of several memberships.
func unite(live []*member) standing {
	taking := slices.DeleteFunc(slices.Clone(live), func(m *member) bool { return m.suspend })
	s := standing{live: len(live) > 0, suspend: len(taking) == 0}
	if s.suspend {
		taking = live
	}
	var time member
	for n, m := range taking {
		s.roles = withRoles(s.roles, m.roles)
		time.during(n == 0, m.start, m.end)
	}
	for _, m := range live {
		s.named = withRoles(s.named, m.named)
	}
	s.start, s.end = time.start, time.end
	return s
}

// withRoles returns roles with others, in order and each once.
func withRoles(roles, others []int) []int {
	all := slices.Concat(roles, others)
	slices.Sort(all)
	return slices.Compact(all)
}

func without(roles, others []int) []int {
	return slices.DeleteFunc(slices.Clone(roles), func(r int) bool { return slices.Contains(others, r) })
}

// standing says what the memberships of a seat come to; of an association those
// of its sections too, which lead into its course.
func (a *Adapter) standing(ctx context.Context, b *batch, s seat, course int) (standing, error) {
	live, err := a.liveAt(ctx, b, s)
	if err != nil || s.kind != lis.KindSectionAssociation {
		return unite(live), err
	}
	groups, err := a.groups(ctx, course)
	for _, section := range keys(groups) {
		var more []*member
		if more, err = a.liveAt(ctx, b, seat{lis.KindCourseSection, lis.SourcedID(section), s.person}); err != nil {
			break
		}
		live = append(live, more...)
	}
	return unite(live), err
}

// liveAt returns the memberships of a seat as the records have them, and those
// that are being put and that the records do not have: what the records have
// is newer. What cannot be read is left out; it is refused when it comes itself.
func (a *Adapter) liveAt(ctx context.Context, b *batch, s seat) ([]*member, error) {
	records, err := a.o.Roster.Memberships(ctx, s.collection, s.person)
	if err != nil {
		return nil, &adapters.Error{Class: adapters.Unavailable, Narrow: true, Err: fmt.Errorf("ask the records for all memberships of the person there: %w", err),
			Hint: "The gateway could not read its own records; it is tried again."}
	}
	var live []*member
	take := func(key lis.SourcedID, r *lis.Record) bool {
		m, err := a.memberOf(key, r)
		if err != nil || m.seat != s {
			return false
		}
		live = append(live, m)
		return true
	}
	newer := map[lis.SourcedID]bool{}
	for _, r := range records {
		newer[r.ID] = take(r.ID, r)
	}
	for _, i := range b.round {
		if c := b.changes[i]; c.Kind == lis.KindMembership && c.Act == lis.Put && c.Record != nil && c.Record.Object != nil && !newer[c.Key] {
			take(c.Key, c.Record)
		}
	}
	return live, nil
}

// sit makes a member's enrolment be what all memberships of the seat say.
func (a *Adapter) sit(ctx context.Context, b *batch, m *member) error {
	if a.o.Roster == nil {
		return nil
	}
	s, err := a.standing(ctx, b, m.seat, m.course)
	if err == nil && s.live {
		a.sitAs(m, s)
	}
	return err
}

func (a *Adapter) sitAs(m *member, s standing) {
	m.roles, m.suspend, m.start, m.end = s.roles, s.suspend, s.start, s.end
	m.spare = withRoles(s.named, a.leftAt(m.course, m.user))
}

// leftAt returns the roles that a user was left with in a course at the end of
// the last membership there: they go when another one begins.
func (a *Adapter) leftAt(course, user int) []int {
	text, _ := a.left.get(enrolmentKey(course, user))
	if p := parsePlace(text); p != nil {
		return p.roles
	}
	return nil
}

// leaveBehind remembers the roles of a place that is left.
func (a *Adapter) leaveBehind(p place) {
	if a.o.Roster == nil {
		return
	}
	p.roles = withRoles(p.roles, a.leftAt(p.course, p.user))
	a.left.put(enrolmentKey(p.course, p.user), p.String())
}

func enrolmentKey(course, user int) string {
	return strconv.Itoa(course) + ":" + strconv.Itoa(user)
}

// seatOf says whose seat a place is, nil when that is not known: the records
// are asked by sourcedId, and a place has Moodle's own ids.
func (a *Adapter) seatOf(ctx context.Context, p place, person lis.SourcedID) (*seat, error) {
	if person == "" && a.o.Crosswalk != nil {
		var err error
		if person, err = a.o.Crosswalk.SourcedID(ctx, lis.KindPerson, strconv.Itoa(p.user)); err != nil {
			return nil, fmt.Errorf("look into the crosswalk: %w", err)
		}
	}
	co, err := a.courseBy(ctx, "id", strconv.Itoa(p.course))
	if err != nil || co == nil || co.Idnumber == "" || person == "" {
		return nil, err
	}
	s := &seat{lis.KindCourseSection, lis.SourcedID(co.Idnumber), person}
	joint, err := a.isAssociation(ctx, *co)
	if joint {
		s.kind = lis.KindSectionAssociation
	}
	return s, err
}
