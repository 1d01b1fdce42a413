package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// A reader makes a problem of records, whatever their order.
type reader struct {
	term         lis.SourcedID // "" for the only one
	terms        map[lis.SourcedID]*lis.Group
	rooms        map[lis.SourcedID]lis.Room
	offerings    map[lis.SourcedID]*lis.CourseOffering
	sections     map[lis.SourcedID]*lis.CourseSection
	associations []Association
	wanted       map[lis.SourcedID][]lis.SourcedID
	teaching     map[lis.SourcedID][]*lis.Record // of a section
	seated       map[lis.SourcedID][]lis.SourcedID
	unread       []string
}

func newReader(term lis.SourcedID) *reader {
	return &reader{
		term: term, terms: map[lis.SourcedID]*lis.Group{}, rooms: map[lis.SourcedID]lis.Room{},
		offerings: map[lis.SourcedID]*lis.CourseOffering{}, sections: map[lis.SourcedID]*lis.CourseSection{},
		wanted: map[lis.SourcedID][]lis.SourcedID{}, teaching: map[lis.SourcedID][]*lis.Record{}, seated: map[lis.SourcedID][]lis.SourcedID{},
	}
}

// kindsRead are those that a reader knows.
var kindsRead = []lis.Kind{lis.KindGroup, lis.KindCourseOffering, lis.KindCourseSection, lis.KindSectionAssociation, lis.KindMembership}

func (r *reader) add(rec *lis.Record) {
	switch o := rec.Object.(type) {
	case *lis.Group:
		r.group(rec.ID, o)
	case *lis.CourseOffering:
		r.offerings[rec.ID] = o
	case *lis.CourseSection:
		r.sections[rec.ID] = o
	case *lis.SectionAssociation:
		constraints, err := o.Constraints()
		r.doubt(rec, err)
		if len(o.Sections()) > 0 && o.Status != lis.StatusInactive {
			r.associations = append(r.associations, Association{rec.ID, o.Sections(), constraints})
		}
	case *lis.Membership:
		r.membership(rec, o)
	}
}

func (r *reader) group(id lis.SourcedID, g *lis.Group) {
	switch {
	case g.IsRoom():
		place, err := g.Room()
		r.doubt(&lis.Record{ID: id, Object: g}, err)
		r.rooms[id] = place
	case g.IsType("TERM") && (r.term == "" || r.term == id):
		r.terms[id] = g
	}
}

// doubt keeps what could not be read; what could is used.
func (r *reader) doubt(rec *lis.Record, err error) {
	if err != nil {
		r.unread = append(r.unread, fmt.Sprintf("%s %s: %v", rec.Object.Kind(), rec.ID, err))
	}
}

func (r *reader) membership(rec *lis.Record, m *lis.Membership) {
	of, person := m.CollectionSourcedID, m.Person()
	switch {
	case active(m, "Learner") && m.MembershipIDType == string(lis.KindCourseOffering):
		r.wanted[of] = append(r.wanted[of], person)
	case active(m, "Learner") && m.MembershipIDType == string(lis.KindCourseSection):
		r.seated[of] = append(r.seated[of], person)
	case active(m, "Instructor") && m.MembershipIDType == string(lis.KindCourseSection):
		r.teaching[of] = append(r.teaching[of], rec)
	}
}

func active(m *lis.Membership, role string) bool {
	return m.Member != nil && slices.ContainsFunc(m.Member.Role, func(o lis.Role) bool {
		return strings.EqualFold(o.RoleType, role) && o.Status != lis.StatusInactive
	})
}

// problem puts together what was read.
func (r *reader) problem(zone string) (*Problem, error) {
	p := &Problem{TimeZone: zone, Rooms: r.rooms, Associations: r.associations, Wanted: r.wanted}
	if err := r.dates(p); err != nil {
		return nil, err
	}
	for _, id := range sortedKeys(r.sections) {
		if s, wants := r.section(id, r.sections[id]); wants {
			p.Sections = append(p.Sections, s)
		}
	}
	for _, list := range p.Wanted {
		slices.Sort(list)
	}
	slices.SortFunc(p.Associations, func(a, b Association) int { return cmp.Compare(a.ID, b.ID) })
	slices.Sort(r.unread)
	p.Unread = r.unread
	return p, nil
}

// dates takes the term's.
func (r *reader) dates(p *Problem) error {
	ids := sortedKeys(r.terms)
	switch {
	case len(ids) == 0:
		return fmt.Errorf("no term: there is no group of type TERM with a timeframe; have the SIS send one, and fetch")
	case len(ids) > 1:
		return fmt.Errorf("there are %d terms, %s among them; say which one is meant", len(ids), ids[0])
	}
	frame := r.terms[ids[0]].TimeFrame
	if frame == nil {
		return fmt.Errorf("the term %s has no timeframe; have the SIS send one, and fetch", ids[0])
	}
	var err error
	if p.Begin, err = lis.ParseDate(frame.Begin); err == nil {
		p.End, err = lis.ParseDate(frame.End)
	}
	if err != nil {
		return fmt.Errorf("the timeframe of the term %s: %w", ids[0], err)
	}
	return nil
}

// section reads a section, and says whether it is to be planned or in the way
// of what is.
func (r *reader) section(id lis.SourcedID, c *lis.CourseSection) (Section, bool) {
	s := Section{ID: id, Offering: c.ParentOfferingID, Category: c.Category.String(), Link: c.SectionLink(), Seated: r.seated[id]}
	if c.MaxNumberOfStudents != nil {
		s.Limit = int(*c.MaxNumberOfStudents)
	}
	for _, rec := range r.teaching[id] {
		s.Instructors = append(s.Instructors, rec.Object.(*lis.Membership).Person())
	}
	slices.Sort(s.Seated)
	plan, err := c.Plan()
	r.doubt(&lis.Record{ID: id, Object: c}, err)
	if plan.State == lis.PlanCancelled || r.term != "" && !r.inTerm(c) {
		return s, false
	}
	s.Request, err = c.Request()
	r.doubt(&lis.Record{ID: id, Object: c}, err)
	if o := r.offerings[c.ParentOfferingID]; o != nil && asksNothing(&s.Request) {
		s.Request, err = o.Request()
		r.doubt(&lis.Record{ID: c.ParentOfferingID, Object: o}, err)
	}
	if asksNothing(&s.Request) && plan.State != lis.PlanRequested {
		s.Fixed, err = c.Meetings()
		r.doubt(&lis.Record{ID: id, Object: c}, err)
		return s, len(s.Fixed) > 0
	}
	return s, true
}

func (r *reader) inTerm(c *lis.CourseSection) bool {
	o := r.offerings[c.ParentOfferingID]
	return o == nil || o.AcademicSession.String() == "" || o.AcademicSession.String() == string(r.term)
}

func asksNothing(q *lis.Request) bool {
	return q.MinutesPerWeek == 0 && q.NumberOfMeetings == 0 && len(q.Times) == 0 && !q.NoRoom
}
