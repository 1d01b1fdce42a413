package itc2019

import (
	"cmp"
	"iter"
	"slices"

	"lisgate/gateway/lis"
)

// A Source has the records of one problem as they are now. A journal can be
// one: Records scans a kind, Linked filters by a link. The order of what they
// give is theirs; the order of the file is in the records (itc2019.order), and
// only ids are held to sort by it. A stream is read to its end before anything
// else is asked for, and before a call is yielded.
type Source interface {
	// Term returns the group that ReadProblem made of <problem> (its
	// sourcedId ends in -term, its extension has itc2019.problem).
	Term() (*lis.Record, error)
	// Records gives the problem's records of a kind: groups (only those that
	// are rooms are taken), offerings, sections, associations and persons.
	Records(kind lis.Kind) iter.Seq2[*lis.Record, error]
	// Record returns a record, nil when there is none.
	Record(kind lis.Kind, id lis.SourcedID) (*lis.Record, error)
	// Linked gives the records of a kind that have a link: the sections of an
	// offering (lis.LinkOffering), the memberships of a person
	// (lis.LinkPerson) and in a section (lis.LinkCollection).
	Linked(kind lis.Kind, link lis.Link) iter.Seq2[*lis.Record, error]
}

// A place is where a record belongs in the file.
type place struct {
	order int
	id    lis.SourcedID
}

// places sorts the records of a stream: by order, then by id.
func places(records iter.Seq2[*lis.Record, error], order func(*lis.Record) (int, bool)) ([]place, error) {
	var all []place
	for r, err := range records {
		if err != nil {
			return nil, err
		}
		if r == nil || r.Object == nil {
			continue
		}
		if n, ok := order(r); ok {
			all = append(all, place{n, r.ID})
		}
	}
	slices.SortFunc(all, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.order, b.order), natural(string(a.id), string(b.id)))
	})
	return all, nil
}

func orderOfRoom(r *lis.Record) (int, bool) {
	g, ok := r.Object.(*lis.Group)
	if !ok || !g.IsRoom() {
		return 0, false
	}
	return orderOf(g.Extension), true
}

func orderOfOffering(r *lis.Record) (int, bool) {
	o, ok := r.Object.(*lis.CourseOffering)
	if !ok {
		return 0, false
	}
	return orderOf(o.Extension), true
}

func orderOfAssociation(r *lis.Record) (int, bool) {
	a, ok := r.Object.(*lis.SectionAssociation)
	if !ok {
		return 0, false
	}
	return orderOf(a.Extension), true
}

func orderOfPerson(r *lis.Record) (int, bool) {
	p, ok := r.Object.(*lis.Person)
	if !ok {
		return 0, false
	}
	return orderOf(p.Extension), true
}

// orderOfDemand takes the memberships that ask for a course.
func orderOfDemand(r *lis.Record) (int, bool) {
	m, ok := r.Object.(*lis.Membership)
	if !ok || m.MembershipIDType != string(lis.KindCourseOffering) || !learns(m) {
		return 0, false
	}
	return orderOf(m.Member.Role[0].Extension), true
}

// learns reports whether a membership is a learner's, who has not dropped it.
func learns(m *lis.Membership) bool {
	return m.Member != nil && len(m.Member.Role) > 0 &&
		slices.ContainsFunc(m.Member.Role, func(r lis.Role) bool { return r.RoleType == roleLearner && r.Status != "Inactive" })
}
