package moodle

import (
	"context"
	"strconv"

	"lisgate/gateway/lis"
)

// Read reads one object back. A membership is found by what the crosswalk or
// this adapter remembers of it, for Moodle knows no identifier of one.
func (a *Adapter) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	r, err := a.read(ctx, kind, id)
	return r, classed(err)
}

func (a *Adapter) read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	switch kind {
	case lis.KindPerson:
		h, err := a.account(ctx, id)
		if err != nil || h == nil || h.Suspended || h.Idnumber == "" {
			return nil, err
		}
		return &lis.Record{ID: id, Object: h.person()}, nil
	case lis.KindGroup:
		return a.readGroup(ctx, id)
	case lis.KindCourseSection, lis.KindSectionAssociation:
		return a.readCourse(ctx, kind, id)
	case lis.KindMembership:
		r, err := a.readMembership(ctx, id)
		if r != nil && r.Object.(*lis.Membership).Member.Role[0].Status == "Inactive" {
			return nil, err
		}
		return r, err
	}
	return nil, noPlace(kind)
}

func (a *Adapter) readGroup(ctx context.Context, id lis.SourcedID) (*lis.Record, error) {
	k, err := a.categoryBy(ctx, "idnumber", string(id))
	if err != nil || k == nil {
		return nil, err
	}
	if k.Parent == 0 {
		return a.groupRecord(*k, ""), nil
	}
	parent, err := a.categoryBy(ctx, "id", strconv.Itoa(k.Parent))
	if err != nil || parent == nil {
		return nil, err
	}
	return a.groupRecord(*k, parent.Idnumber), nil
}

func (a *Adapter) readCourse(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	c, err := a.courseBy(ctx, "idnumber", string(id))
	if err != nil || c == nil || c.Visible == 0 {
		return nil, err
	}
	joint, err := a.isAssociation(ctx, *c)
	switch {
	case err != nil || joint != (kind == lis.KindSectionAssociation):
		return nil, err
	case joint:
		return a.readAssociation(ctx, *c)
	}
	return &lis.Record{ID: id, Object: c.section()}, nil
}

func (a *Adapter) readAssociation(ctx context.Context, c course) (*lis.Record, error) {
	groups, err := a.groups(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	var sections []lis.SourcedID
	for section := range groups {
		sections = append(sections, lis.SourcedID(section))
	}
	return &lis.Record{ID: lis.SourcedID(c.Idnumber), Object: c.association(sections)}, nil
}

// readMembership tells an enrolment that is suspended, or whose time is not
// now, as Inactive.
func (a *Adapter) readMembership(ctx context.Context, id lis.SourcedID) (*lis.Record, error) {
	p, err := a.recall(ctx, id)
	if err != nil || p == nil {
		return nil, err
	}
	co, err := a.courseBy(ctx, "id", strconv.Itoa(p.course))
	if err != nil || co == nil {
		return nil, err
	}
	if joint, err := a.isAssociation(ctx, *co); err != nil || joint {
		return nil, err
	}
	e, active, err := a.enrolled(ctx, p.course, p.user)
	if err != nil || e == nil {
		return nil, err
	}
	var names []string
	for _, role := range p.roles {
		if e.has(role) {
			names = append(names, a.o.shortname(role))
		}
	}
	status := "Active"
	if active, err = a.takesPart(ctx, id, co, e, active); err != nil {
		return nil, err
	}
	if !active {
		status = "Inactive"
	}
	m := a.membership(lis.SourcedID(co.Idnumber), lis.SourcedID(e.Idnumber), names, status)
	if m == nil {
		return nil, nil
	}
	return &lis.Record{ID: id, Object: m}, nil
}

// takesPart says whether a membership is one by which a person takes part: an
// enrolment may be active by another one.
func (a *Adapter) takesPart(ctx context.Context, id lis.SourcedID, co *course, e *enrolled, active bool) (bool, error) {
	if a.o.Roster == nil || !active {
		return active, nil
	}
	live, err := a.liveAt(ctx, &batch{}, seat{lis.KindCourseSection, lis.SourcedID(co.Idnumber), lis.SourcedID(e.Idnumber)})
	for _, m := range live {
		if m.key == id {
			return a.now(m), err
		}
	}
	return active, err
}

// now reports whether a member takes part today.
func (a *Adapter) now(m *member) bool {
	now := a.o.Now().Unix()
	return !m.suspend && m.start <= now && (m.end == 0 || m.end > now)
}
