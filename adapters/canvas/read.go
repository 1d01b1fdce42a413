package canvas

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"lisgate/gateway/lis"
)

// Read reads an object back. A membership has no identifier in Canvas: it is
// found by what the crosswalk says of it.
func (a *Adapter) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	if err := a.takes(kind); err != nil {
		return nil, err
	}
	r, err := a.read(ctx, kind, id)
	if errors.Is(err, errAbsent) {
		return nil, nil
	}
	return r, asClassed(err)
}

func (a *Adapter) read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	switch kind {
	case lis.KindPerson:
		return a.readPerson(ctx, id)
	case lis.KindGroup:
		return a.readGroup(ctx, id)
	case lis.KindCourseOffering:
		c, err := a.findCourse(ctx, string(id))
		if err != nil || c == nil || a.courseGone(c) || marked(c.Integration) {
			return nil, err
		}
		return c.record(string(id)), nil
	case lis.KindCourseSection:
		s, err := a.findSection(ctx, string(id))
		if err != nil || s == nil || dropped(s.Integration) {
			return nil, err
		}
		home, err := a.homeOf(ctx, s)
		return s.record(home), err
	case lis.KindSectionAssociation:
		return a.readAssociation(ctx, id)
	}
	return a.readMembership(ctx, id)
}

// marked reports whether a course is one that no offering asked for.
func marked(integration string) bool {
	return strings.HasPrefix(integration, markOwnCourse) || strings.HasPrefix(integration, markAssociation)
}

func (a *Adapter) readPerson(ctx context.Context, id lis.SourcedID) (*lis.Record, error) {
	var u user
	if err := a.get(ctx, "users/"+ref("user", string(id)), url.Values{"include[]": {"email"}}, &u); err != nil {
		return nil, err
	}
	gone, _, err := a.gone(ctx, id)
	if err != nil {
		return nil, err
	}
	if left, err := a.left(ctx, id, gone); err != nil || left {
		return nil, err
	}
	u.SIS = string(id)
	return u.record(), nil
}

func (a *Adapter) readGroup(ctx context.Context, id lis.SourcedID) (*lis.Record, error) {
	c, t, err := a.findGroup(ctx, id)
	switch {
	case err != nil || c == nil && t == nil:
		return nil, err
	case c != nil && !dropped(c.Integration):
		return c.record(), nil
	case t != nil && !dropped(t.Integration):
		return t.record(), nil
	}
	return nil, nil
}

func (a *Adapter) readAssociation(ctx context.Context, id lis.SourcedID) (*lis.Record, error) {
	c, err := a.findCourse(ctx, string(id))
	if err != nil || c == nil || a.courseGone(c) {
		return nil, err
	}
	members, err := a.members(ctx, string(id))
	if err != nil || len(members) == 0 {
		return nil, err
	}
	return associationRecord(c, members), nil
}

// readMembership finds the enrolments that the crosswalk names.
func (a *Adapter) readMembership(ctx context.Context, id lis.SourcedID) (*lis.Record, error) {
	m, err := a.crossed(ctx, id)
	if err != nil || m == nil {
		return nil, err
	}
	for e, err := range a.enrollments(ctx, collectionPath(m), string(m.Person())) {
		if err != nil {
			return nil, err
		}
		if e.UserSIS != string(m.Person()) || a.roleOf(e) != m.Member.Role[0].RoleType {
			continue
		}
		records, err := a.served(ctx, m, e)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if nobody := len(records) == 1 && a.opts.Roster == nil; r.ID == id || nobody {
				r.ID = id
				return r, nil
			}
		}
	}
	return nil, nil
}

// ended reports whether an enrolment is in the state that a Drop leaves.
func (a *Adapter) ended(e enrollment) bool {
	return e.State == "deleted" || e.State == enrollmentStatus[a.opts.Removal]
}

// membershipRecord is an enrolment as a membership of the collection that is
// given, or of its section.
func (a *Adapter) membershipRecord(id lis.SourcedID, e enrollment, of *lis.Membership) *lis.Record {
	role := lis.Role{RoleType: a.roleOf(e), Status: lis.StatusActive, TimeFrame: frame(e.Start, e.End)}
	if e.State == "inactive" || e.State == "completed" {
		role.Status = lis.StatusInactive
	}
	m := &lis.Membership{MembershipIDType: of.MembershipIDType, CollectionSourcedID: of.CollectionSourcedID}
	m.Member = &lis.Member{PersonSourcedID: lis.SourcedID(e.UserSIS), Role: []lis.Role{role}}
	return &lis.Record{ID: id, Object: m}
}

// targetID is what the crosswalk keeps of a membership, for Canvas has no
// number that an import would tell: type, collection, person and role; see
// claim for what may stand behind.
func (a *Adapter) targetID(m *lis.Membership) string {
	role := ""
	if m.Member != nil && len(m.Member.Role) > 0 {
		if label, err := a.label(m.Member.Role[0]); err == nil {
			role = or(a.roleNamed(label), m.Member.Role[0].RoleType)
		}
	}
	return seatOf(m).target(role)
}

// roleNamed is the LIS role of a label of Canvas.
func (a *Adapter) roleNamed(label string) string {
	kind := typeOfLabel[label]
	return or(a.roleOf(enrollment{Role: or(kind, label), Type: kind}), label)
}

// crossed is the way back, nil when the crosswalk knows nothing.
func (a *Adapter) crossed(ctx context.Context, id lis.SourcedID) (*lis.Membership, error) {
	if a.opts.Crosswalk == nil {
		return nil, nil
	}
	target, err := a.opts.Crosswalk.TargetID(ctx, lis.KindMembership, id)
	if err != nil {
		return nil, unavailable("read the crosswalk: %w", err)
	}
	parts := strings.Split(target, "/")
	if len(parts) != 4 && len(parts) != 5 {
		return nil, nil
	}
	for i := range parts {
		if parts[i], err = url.PathUnescape(parts[i]); err != nil {
			return nil, nil
		}
	}
	return &lis.Membership{
		MembershipIDType: parts[0], CollectionSourcedID: lis.SourcedID(parts[1]),
		Member: &lis.Member{PersonSourcedID: lis.SourcedID(parts[2]), Role: []lis.Role{{RoleType: parts[3]}}},
	}, nil
}
