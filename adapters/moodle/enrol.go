package moodle

import (
	"context"
	"slices"
	"strconv"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// enrolFields are those of a row of enrol_manual_enrol_users.
const enrolFields = 6

// putMemberships makes enrolments be as memberships say. A new role is given
// before the old one is taken, and a member who moves is in the new section
// before the old one is left.
func (a *Adapter) putMemberships(ctx context.Context, b *batch, rows []int) {
	if len(rows) == 0 {
		return
	}
	ms := a.members(ctx, b, rows)
	a.recallAll(ctx, b, &ms)
	a.seatAll(ctx, b, ms)
}

func (a *Adapter) seatAll(ctx context.Context, b *batch, ms []*member) {
	for len(ms) > 0 {
		part := a.fit(ms)
		ms = ms[len(part):]
		if err := a.enrol(ctx, part); err != nil {
			a.blame(ctx, b, part, err)
			continue
		}
		a.verify(ctx, b, part)
		a.afterwards(ctx, b, part)
	}
}

// fit returns as many members as a call can hold.
func (a *Adapter) fit(ms []*member) []*member {
	room := a.client.rows(enrolFields)
	for n, m := range ms {
		if room -= len(m.roles); room < 0 && n > 0 {
			return ms[:n]
		}
	}
	return ms
}

func (a *Adapter) enrol(ctx context.Context, ms []*member) error {
	f, n := &form{}, 0
	for _, m := range ms {
		for _, role := range m.roles {
			f.row("enrolments", n, "roleid", strconv.Itoa(role), "userid", strconv.Itoa(m.user), "courseid", strconv.Itoa(m.course),
				"timestart", strconv.FormatInt(m.start, 10), "timeend", strconv.FormatInt(m.end, 10), "suspend", bit(m.suspend))
			n++
		}
	}
	return a.client.call(ctx, "enrol_manual_enrol_users", f, nil)
}

// blame gives members the error of their call. Of a single one it is found out
// what is not there: the site does not say.
func (a *Adapter) blame(ctx context.Context, b *batch, ms []*member, err error) {
	is := make([]int, len(ms))
	for n, m := range ms {
		is[n] = m.i
	}
	b.failAll(is, err)
	if len(ms) > 1 || code(err) != "codingerror" && code(err) != "invalidparameter" {
		return
	}
	m := ms[0]
	a.persons.drop(string(m.person))
	a.courses.drop(string(m.collection))
	if m.gone {
		b.errs[m.i] = nil
		b.out[m.i] = lis.Outcome{Effect: lis.Unchanged, TargetID: m.target(), Detail: "the course or the account is gone"}
		return
	}
	found, err := a.lookup(ctx, "idnumber", []string{string(m.person)})
	if err == nil && len(found) == 0 {
		b.fail(m.i, missing(lis.KindPerson, m.person))
		return
	}
	co, courseErr := a.courseBy(ctx, "idnumber", string(m.collection))
	switch {
	case err != nil || courseErr != nil:
	case co == nil:
		b.fail(m.i, missing(m.kind, m.collection))
	case co.ID != m.course || found[0].ID != m.user:
		a.courses.put(string(m.collection), co.ID)
		a.persons.put(string(m.person), found[0].ID)
		b.fail(m.i, &adapters.Error{Class: adapters.Unavailable, Narrow: true, Answer: b.errs[m.i].(*adapters.Error).Answer,
			Err: errElsewhere, Hint: "It is tried again with the ids that Moodle has now."})
	}
}

// verify reads back the last of a call: what is cut is cut from the end. When
// it is not there, all are looked for.
func (a *Adapter) verify(ctx context.Context, b *batch, ms []*member) {
	last := ms[len(ms)-1]
	e, err := a.findIn(ctx, last.course, last.user, false)
	if err == nil && e != nil {
		return
	}
	rosters := map[int]map[int]bool{}
	for _, m := range ms {
		if rosters[m.course] == nil && err == nil {
			rosters[m.course], err = a.present(ctx, m.course)
		}
		switch {
		case err != nil:
			b.fail(m.i, err)
		case !rosters[m.course][m.user]:
			b.fail(m.i, lost("the enrolment"))
		}
	}
}

func (a *Adapter) present(ctx context.Context, course int) (map[int]bool, error) {
	there := map[int]bool{}
	for e, err := range a.pages(ctx, course, false) {
		if err != nil {
			return nil, err
		}
		there[e.ID] = true
	}
	return there, nil
}

// afterwards takes old roles, leaves old sections and follows into the courses
// of associations.
func (a *Adapter) afterwards(ctx context.Context, b *batch, ms []*member) {
	ms = slices.DeleteFunc(slices.Clone(ms), func(m *member) bool { return !b.open(m.i) })
	a.takeRoles(ctx, b, ms)
	for _, m := range ms {
		if o := m.old; b.open(m.i) && o != nil && (o.course != m.course || o.user != m.user) {
			a.leaveOld(ctx, b, m)
		}
	}
	a.follow(ctx, b, ms)
	for _, m := range ms {
		if b.errs[m.i] == nil {
			text := m.target()
			b.out[m.i] = lis.Outcome{Effect: lis.Applied, TargetID: text}
			if m.gone {
				b.out[m.i].Detail = "the person keeps the enrolment by another membership"
				continue
			}
			a.memberships.put(string(m.key), text)
		}
	}
}

// takeRoles takes the roles that members had and shall have no more.
func (a *Adapter) takeRoles(ctx context.Context, b *batch, ms []*member) {
	type taken struct {
		m    *member
		role int
	}
	var all []taken
	for _, m := range ms {
		had := m.spare
		if m.old != nil && m.old.course == m.course && m.old.user == m.user {
			had = withRoles(had, m.old.roles)
		}
		for _, role := range without(had, m.roles) {
			all = append(all, taken{m, role})
		}
	}
	for part := range slices.Chunk(all, a.client.rows(4)) {
		f := &form{}
		for n, t := range part {
			unassignment(f, n, t.role, t.m.user, t.m.course)
		}
		if err := a.client.call(ctx, "core_role_unassign_roles", f, nil); err != nil {
			for _, t := range part {
				b.failAll([]int{t.m.i}, err)
			}
		}
	}
	for _, m := range ms {
		if b.open(m.i) {
			a.left.drop(enrolmentKey(m.course, m.user))
		}
	}
}

func unassignment(f *form, n, role, user, course int) {
	f.row("unassignments", n, "roleid", strconv.Itoa(role), "userid", strconv.Itoa(user), "contextlevel", "course", "instanceid", strconv.Itoa(course))
}

// recallAll finds out where members were before. Without a crosswalk the
// rosters say it: roles of the vocabulary that a member has in the course.
func (a *Adapter) recallAll(ctx context.Context, b *batch, ms *[]*member) {
	rosters := map[int]map[int]enrolled{}
	for _, m := range *ms {
		var err error
		if m.old, err = a.recall(ctx, m.key); err != nil {
			b.fail(m.i, err)
		}
		if m.old != nil || a.o.Crosswalk != nil || err != nil {
			continue
		}
		if rosters[m.course] == nil {
			rosters[m.course] = map[int]enrolled{}
			for e, err := range a.pages(ctx, m.course, false) {
				if err != nil {
					b.fail(m.i, err)
					break
				}
				rosters[m.course][e.ID] = e
			}
		}
		if e, ok := rosters[m.course][m.user]; ok {
			m.old = &place{m.course, m.user, a.ours(e)}
		}
	}
	*ms = slices.DeleteFunc(*ms, func(m *member) bool { return !b.open(m.i) })
}

// ours returns the roles of a user that are in the vocabulary.
func (a *Adapter) ours(e enrolled) []int {
	var ids []int
	for _, r := range e.Roles {
		if a.o.lisRole(a.o.shortname(r.ID)) != "" {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
