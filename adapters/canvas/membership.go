package canvas

import (
	"context"
	"errors"
	"sort"
	"strings"

	"lisgate/gateway/lis"
)

func membershipOf(c lis.Change) *lis.Membership {
	if c.Record == nil {
		return nil
	}
	m, _ := c.Record.Object.(*lis.Membership)
	return m
}

// looked reports whether a change needs to know what is there: a Put of
// something new does not.
func looked(c lis.Change) bool { return c.Act != lis.Put || !c.Created }

// label is the role of enrollments.csv.
func (a *Adapter) label(r lis.Role) (string, error) {
	names := []string{r.RoleType}
	if r.SubRole != "" {
		names = []string{r.RoleType + "/" + r.SubRole, r.RoleType}
	}
	for _, table := range []map[string]string{a.opts.Roles, roleLabels} {
		for _, name := range names {
			if label := table[name]; label != "" {
				return label, nil
			}
		}
	}
	return "", refused("add the role to roles of the target, with its label in Canvas", "the role %q is mapped to none of Canvas", strings.Join(names[:1], ""))
}

// roleOf is the way back: the role whose label the options have, else the one
// of the built-in type.
func (a *Adapter) roleOf(e enrollment) string {
	var names []string
	for name, label := range a.opts.Roles {
		if label == e.Role || typeOfLabel[strings.ToLower(label)] == e.Role {
			names = append(names, name)
		}
	}
	if sort.Strings(names); len(names) > 0 {
		return names[0]
	}
	return roleOfType[e.Type]
}

// place is what a membership belongs to: a section, or a course for offerings
// and associations.
func place(m *lis.Membership) (courseID, sectionID string, err error) {
	switch id := string(m.CollectionSourcedID); strings.ToLower(m.MembershipIDType) {
	case "", "coursesection":
		return "", id, nil
	case "courseoffering", "sectionassociation":
		return id, "", nil
	}
	return "", "", unsupported("Canvas enrols into sections and courses, not into a %s", m.MembershipIDType)
}

// collectionKind is the kind of the collection as the standard spells it;
// peers write it in their own ways, or leave it out for a section.
func collectionKind(m *lis.Membership) string {
	for _, kind := range []lis.Kind{lis.KindCourseOffering, lis.KindSectionAssociation} {
		if strings.EqualFold(m.MembershipIDType, string(kind)) {
			return string(kind)
		}
	}
	return string(lis.KindCourseSection)
}

// enrollmentsOf are the enrolments that a membership asks for, one for each role.
func (a *Adapter) enrollmentsOf(m *lis.Membership) ([]enrollment, error) {
	courseID, sectionID, err := place(m)
	switch {
	case err != nil:
		return nil, err
	case m.Missing() != "":
		return nil, refused("send the whole membership again", "the membership has no %s", m.Missing())
	case len(m.Member.Role) == 0:
		return nil, refused("add a role to the membership at the source", "the membership has no role")
	}
	var wanted []enrollment
	for _, r := range m.Member.Role {
		e := enrollment{CourseSIS: courseID, SectionSIS: sectionID, UserSIS: string(m.Person()), State: "active"}
		if e.Role, err = a.label(r); err != nil {
			return nil, err
		}
		if strings.EqualFold(r.Status, lis.StatusInactive) {
			e.State = "inactive"
		}
		if r.TimeFrame != nil {
			if e.Start, e.End, err = period(*r.TimeFrame); err != nil {
				return nil, err
			}
		}
		for _, field := range observedFields {
			e.observed = or(e.observed, r.Extension.Get(field))
		}
		wanted = append(wanted, e)
	}
	return wanted, nil
}

// sameRole compares a row's role with the one that REST says.
func (e enrollment) sameRole(w enrollment) bool {
	return e.Role == w.Role || e.Role == typeOfLabel[strings.ToLower(w.Role)]
}

// enrolled are the enrolments of a person in a collection, read once in a batch.
func (b *batch) enrolled(ctx context.Context, s seat) ([]enrollment, error) {
	if own, ok := b.read[s]; ok {
		return own, nil
	}
	own, err := b.readSeat(ctx, s.membership())
	if err == nil {
		b.read[s] = own
	}
	return own, err
}

// readSeat asks Canvas. Where a batch asks for several persons of one
// collection, it is read once for all of them.
func (b *batch) readSeat(ctx context.Context, m *lis.Membership) ([]enrollment, error) {
	path, only := collectionPath(m), string(m.Person())
	asked := b.many[string(m.CollectionSourcedID)]
	whole := len(asked) > 2 && asked[only]
	list, read := b.seen[path]
	if !read || !whole {
		list = nil
		if whole {
			only = ""
		}
		for e, err := range b.a.enrollments(ctx, path, only) {
			if errors.Is(err, errAbsent) {
				break
			}
			if err != nil {
				return nil, err
			}
			if !whole || asked[e.UserSIS] { // a batch may go through all that Canvas has
				list = append(list, e)
			}
		}
		if whole {
			b.seen[path] = list
		}
	}
	var own []enrollment
	for _, e := range list {
		if e.UserSIS == string(m.Person()) {
			own = append(own, e)
		}
	}
	return own, nil
}

func collectionPath(m *lis.Membership) string {
	courseID, sectionID, _ := place(m)
	if sectionID == "" {
		return "courses/" + ref("course", courseID)
	}
	return "sections/" + ref("section", sectionID)
}
