package moodle

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// A member is a membership on its way to Moodle.
type member struct {
	i   int // in the batch
	key lis.SourcedID
	seat
	own        []int // the roles of this membership, and named with those that are not active
	named      []int
	gone       bool // it ends, and others of the seat stay
	suspend    bool
	start, end int64
	place             // where the person shall be, by all memberships of the seat
	old        *place // where this one was, as far as is known
	spare      []int  // roles that the person may have there beside those of old
}

// target is the target id of the membership, whatever others say.
func (m *member) target() string { return place{m.course, m.user, m.own}.String() }

// A place is a user's part in a course. As text it is the target id of a
// membership: course:user:role, with + between several roles.
type place struct {
	course, user int
	roles        []int
}

func (p place) String() string {
	roles := make([]string, len(p.roles))
	for i, r := range p.roles {
		roles[i] = strconv.Itoa(r)
	}
	return fmt.Sprintf("%d:%d:%s", p.course, p.user, strings.Join(roles, "+"))
}

// parsePlace reads a target id, nil when it is none.
func parsePlace(s string) *place {
	part := strings.Split(s, ":")
	if len(part) != 3 {
		return nil
	}
	p := &place{course: digits(part[0]), user: digits(part[1])}
	for r := range strings.SplitSeq(part[2], "+") {
		if n := digits(r); n != 0 {
			p.roles = append(p.roles, n)
		}
	}
	if p.course == 0 || p.user == 0 || len(p.roles) == 0 {
		return nil
	}
	return p
}

// memberOf reads a membership. It says what Moodle has no place for.
func (a *Adapter) memberOf(key lis.SourcedID, r *lis.Record) (*member, error) {
	m, ok := r.Object.(*lis.Membership)
	if !ok {
		return nil, refused("Send the record under its own kind.", "the record of a membership holds a %s", r.Object.Kind())
	}
	w := &member{key: key, seat: seat{lis.KindCourseSection, m.CollectionSourcedID, m.Person()}}
	switch kind := lis.Kind(m.MembershipIDType); {
	case m.Missing() != "":
		return nil, refused("Send the membership whole.", "the membership has no %s", m.Missing())
	case kind == lis.KindSectionAssociation:
		w.kind = kind
	case kind != lis.KindCourseSection && kind != "":
		return nil, unsupported("Route memberships of sections and section associations to Moodle, and no others.",
			"Moodle has no place for members of a %s", m.MembershipIDType)
	}
	return w, a.readRoles(w, m.Member.Role)
}

// readRoles takes the active roles, or when none is, all: the enrolment is
// suspended then.
func (a *Adapter) readRoles(w *member, all []lis.Role) error {
	if len(all) == 0 {
		return refused("Give the member a role.", "the membership has no role")
	}
	active := slices.DeleteFunc(slices.Clone(all), func(r lis.Role) bool { return r.Status == "Inactive" })
	if len(active) == 0 {
		active, w.suspend = all, true
	}
	for n, r := range active {
		name, ok := a.o.roleName(r)
		if !ok {
			said := fmt.Sprintf("%q", r.RoleType)
			if r.SubRole != "" {
				said += fmt.Sprintf(" with subrole %q", r.SubRole)
			}
			return refused("Say under map.roles of the target which of Moodle's it is, with its number under settings.role_ids when it is one of the site's own; none is guessed.",
				"there is no role at Moodle for the LIS role %s", said)
		}
		if id := a.o.RoleIDs[name]; !slices.Contains(w.roles, id) {
			w.roles = append(w.roles, id)
		}
		start, end, err := epochs(r.TimeFrame)
		if err != nil {
			return err
		}
		w.during(n == 0, start, end)
	}
	slices.Sort(w.roles)
	w.own, w.named = w.roles, w.roles
	for _, r := range all {
		if name, ok := a.o.roleName(r); ok {
			w.named = withRoles(w.named, []int{a.o.RoleIDs[name]})
		}
	}
	return nil
}

// during widens the time of an enrolment so that it holds that of each role;
// 0 is open.
func (m *member) during(first bool, start, end int64) {
	if first {
		m.start, m.end = start, end
		return
	}
	m.start = min(m.start, start)
	if end == 0 || m.end == 0 {
		m.end = 0
		return
	}
	m.end = max(m.end, end)
}

// members reads memberships and finds their courses and accounts.
func (a *Adapter) members(ctx context.Context, b *batch, rows []int) []*member {
	var ms []*member
	for _, i := range rows {
		if !b.open(i) {
			continue
		}
		m, err := a.memberOf(b.changes[i].Key, b.changes[i].Record)
		if err != nil {
			b.fail(i, err)
			continue
		}
		m.i = i
		ms = append(ms, m)
	}
	a.findUsers(ctx, b, ms)
	for _, m := range ms {
		if !b.open(m.i) {
			continue
		}
		id, err := a.courseID(ctx, m.kind, m.collection)
		switch {
		case err != nil:
			b.fail(m.i, err)
		case id == 0:
			b.fail(m.i, missing(m.kind, m.collection))
		}
		m.course = id
		if b.open(m.i) {
			if err := a.sit(ctx, b, m); err != nil {
				b.fail(m.i, err)
			}
		}
	}
	return slices.DeleteFunc(ms, func(m *member) bool { return !b.open(m.i) })
}

// findUsers finds the accounts of members, those that are not known in one call.
func (a *Adapter) findUsers(ctx context.Context, b *batch, ms []*member) {
	unknown := map[string][]*member{}
	for _, m := range ms {
		id := string(m.person)
		if n, ok := a.persons.get(id); ok {
			m.user = n
		} else if m.user = a.known(ctx, lis.KindPerson, m.person); m.user != 0 {
			a.persons.put(id, m.user)
		} else {
			unknown[id] = append(unknown[id], m)
		}
	}
	if len(unknown) == 0 {
		return
	}
	found, err := a.lookup(ctx, "idnumber", keys(unknown))
	of := by(found, func(h account) string { return h.Idnumber })
	for id, waiting := range unknown {
		for _, m := range waiting {
			switch hits := of[id]; {
			case err != nil:
				b.fail(m.i, err)
			case len(hits) == 0:
				b.fail(m.i, missing(lis.KindPerson, m.person))
			case len(hits) > 1:
				b.fail(m.i, twice(hits))
			default:
				m.user = hits[0].ID
				a.persons.put(id, m.user)
			}
		}
	}
}

// recall says where a membership was put before, nil when that is not known.
func (a *Adapter) recall(ctx context.Context, key lis.SourcedID) (*place, error) {
	if text, ok := a.memberships.get(string(key)); ok {
		return parsePlace(text), nil
	}
	if a.recallOf != nil {
		return a.recallOf(ctx, key)
	}
	if a.o.Crosswalk == nil {
		return nil, nil
	}
	text, err := a.o.Crosswalk.TargetID(ctx, lis.KindMembership, key)
	if err != nil {
		return nil, fmt.Errorf("look into the crosswalk: %w", err) // an old role would stay
	}
	return parsePlace(text), nil
}
