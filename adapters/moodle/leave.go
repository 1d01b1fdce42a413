package moodle

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

var errElsewhere = errors.New("the course or the account was made anew at Moodle and has another id now")

// A leaving is a user's part in a course that ends.
type leaving struct {
	i   int // in the batch
	key lis.SourcedID
	place
	*seat // whose place it is, nil when that is not known or not asked
	// current says that the enrolment's time is now, so that one which is not
	// active can only be suspended.
	current bool
	*enrolled
	active bool
}

// dropMemberships ends enrolments as Options.Removal says.
func (a *Adapter) dropMemberships(ctx context.Context, b *batch, rows []int) {
	var ls []*leaving
	for _, i := range rows {
		l, err := a.leavingOf(ctx, b.changes[i])
		switch {
		case err != nil:
			b.fail(i, err)
		case l == nil:
			b.out[i] = unchanged(0, "no enrolment is known for it")
		default:
			l.i = i
			ls = append(ls, l)
		}
	}
	staying, ls := a.staying(ctx, b, ls)
	a.seatAll(ctx, b, staying)
	a.leave(ctx, b, ls)
	for _, i := range rows {
		if b.errs[i] == nil {
			a.memberships.drop(string(b.changes[i].Key))
		}
	}
}

// leavingOf finds where a membership is, nil when it is nowhere.
func (a *Adapter) leavingOf(ctx context.Context, c lis.Change) (*leaving, error) {
	at, err := a.recall(ctx, c.Key)
	if err != nil {
		return nil, err
	}
	l := &leaving{key: c.Key}
	if c.Record != nil && c.Record.Object != nil {
		m, err := a.memberOf(c.Key, c.Record)
		if at == nil && err != nil && adapters.ClassOf(err) == adapters.Unsupported {
			return nil, err
		}
		if err == nil {
			l.seat = &m.seat
			now := a.o.Now().Unix()
			l.current = m.start <= now && (m.end == 0 || m.end > now)
			if at == nil {
				if at, err = a.placeOf(ctx, m); err != nil {
					return nil, err
				}
			}
		}
	}
	if at == nil {
		return nil, nil
	}
	l.place = *at
	if l.seat != nil { // of the last content, which need not have come to Moodle
		course, err := a.courseID(ctx, l.kind, l.collection)
		if err != nil {
			return nil, err
		}
		if course != l.course {
			l.seat = nil
		}
	}
	return l, nil
}

// placeOf finds where a membership is that is not remembered, nil when its
// course or account is not there.
func (a *Adapter) placeOf(ctx context.Context, m *member) (*place, error) {
	b := &batch{changes: make([]lis.Change, 1), out: make([]lis.Outcome, 1), errs: make([]error, 1)}
	a.findUsers(ctx, b, []*member{m})
	if err := b.errs[0]; err != nil && adapters.ClassOf(err) != adapters.Missing {
		return nil, err
	}
	course, err := a.courseID(ctx, m.kind, m.collection)
	if m.user == 0 || course == 0 || err != nil {
		return nil, err
	}
	m.course = course
	return &m.place, nil
}

// leave ends parts in courses: each course is read once, and those who are to
// be suspended go in calls of many.
func (a *Adapter) leave(ctx context.Context, b *batch, ls []*leaving) {
	of := map[int][]*leaving{}
	for _, l := range ls {
		of[l.course] = append(of[l.course], l)
	}
	var ending []*leaving
	for _, course := range slices.Sorted(maps.Keys(of)) {
		err := a.lookAt(ctx, course, of[course])
		for _, l := range of[course] {
			switch {
			case code(err) == "invalidrecord" || code(err) == "invalidparameter":
				b.out[l.i] = l.unchanged("the course is gone")
			case err != nil:
				b.fail(l.i, err)
			case a.ends(ctx, b, l):
				ending = append(ending, l)
			}
		}
	}
	for part := range slices.Chunk(ending, a.client.rows(enrolFields)) {
		a.end(ctx, b, part)
	}
}

// lookAt finds users in the roster of a course.
func (a *Adapter) lookAt(ctx context.Context, course int, ls []*leaving) error {
	if len(ls) == 1 {
		var err error
		ls[0].enrolled, ls[0].active, err = a.enrolled(ctx, course, ls[0].user)
		return err
	}
	for _, onlyActive := range []bool{false, true} {
		for e, err := range a.pages(ctx, course, onlyActive) {
			if err != nil {
				return err
			}
			for _, l := range ls {
				if l.user == e.ID {
					l.enrolled, l.active = &e, onlyActive
				}
			}
		}
	}
	return nil
}

// ends settles what needs no end of the enrolment, and reports the rest: a user
// who has another role in the course keeps the enrolment and loses this one.
func (a *Adapter) ends(ctx context.Context, b *batch, l *leaving) bool {
	switch {
	case l.enrolled == nil:
		b.out[l.i] = l.unchanged("the person is not enrolled")
		return false
	case a.hasOther(*l.enrolled, withRoles(l.roles, a.leftAt(l.course, l.user))):
		o := lis.Outcome{Effect: lis.Applied, TargetID: l.place.String(), Detail: "the person keeps another role in the course"}
		b.settle(l.i)(o, a.unassign(ctx, *l.enrolled, l.place))
		return false
	}
	if err := a.leaveJoints(ctx, b, l); err != nil {
		b.fail(l.i, err)
		return false
	}
	if !l.active && l.current && a.o.Removal == adapters.Suspend {
		a.leaveBehind(l.place)
		b.out[l.i] = l.unchanged("the enrolment is suspended")
		return false
	}
	return true
}

func (l *leaving) unchanged(detail string) lis.Outcome {
	return lis.Outcome{Effect: lis.Unchanged, TargetID: l.place.String(), Detail: detail}
}

// end suspends or unenrols.
func (a *Adapter) end(ctx context.Context, b *batch, ls []*leaving) {
	var err error
	var ms []*member
	f, is, detail := &form{}, []int{}, "the enrolment is suspended; work and grades are kept"
	for n, l := range ls {
		is = append(is, l.i)
		ms = append(ms, &member{place: place{l.course, l.user, l.roles[:1]}, suspend: true})
		f.row("enrolments", n, "userid", strconv.Itoa(l.user), "courseid", strconv.Itoa(l.course))
	}
	if a.o.Removal == adapters.Delete {
		detail = "unenrolled; Moodle has destroyed the grades in the course"
		err = a.client.call(ctx, "enrol_manual_unenrol_users", f, nil)
	} else {
		err = a.enrol(ctx, ms)
	}
	if err != nil {
		b.failAll(is, err)
		return
	}
	for _, l := range ls {
		if a.o.Removal != adapters.Delete {
			a.leaveBehind(l.place)
		}
		b.out[l.i] = lis.Outcome{Effect: lis.Applied, TargetID: l.place.String(), Detail: detail}
	}
}

// hasOther reports whether a user has roles of the vocabulary beside some.
func (a *Adapter) hasOther(e enrolled, roles []int) bool {
	return slices.ContainsFunc(a.ours(e), func(id int) bool { return !slices.Contains(roles, id) })
}

func (a *Adapter) unassign(ctx context.Context, e enrolled, p place) error {
	p.roles = slices.DeleteFunc(slices.Clone(p.roles), func(role int) bool { return !e.has(role) })
	return a.unassignAll(ctx, p)
}

// rekeyMembership has nothing to do at Moodle, which knows no identifier of
// memberships; it makes sure that the enrolment is there.
func (a *Adapter) rekeyMembership(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	old, err := a.recall(ctx, c.Key)
	if err != nil {
		return lis.Outcome{}, err
	}
	if old != nil {
		a.memberships.put(string(c.NewID), old.String())
		a.memberships.drop(string(c.Key))
	}
	if c.Record == nil || c.Record.Object == nil {
		if old == nil {
			return lis.Outcome{Effect: lis.Unchanged}, nil
		}
		return lis.Outcome{Effect: lis.Unchanged, TargetID: old.String()}, nil
	}
	return a.putAs(ctx, c)
}
