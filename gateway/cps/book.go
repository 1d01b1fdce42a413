package cps

import (
	"fmt"
	"slices"
	"sync"

	"lisgate/gateway/cps/clash"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A book knows when each room and each person is taken. It is read from the
// journal, and before each use it reads what has changed since: so it needs
// no telling, and is right after a restart. What a packet has reserved and
// not yet written is in it too.
type book struct {
	mu    sync.Mutex
	index *clash.Index
	view  journal.View // while mu is held
	seq   int64        // up to which the journal has been read

	terms    map[lis.SourcedID]span   // TERM groups
	named    map[string]lis.SourcedID // and by their names
	sessions map[lis.SourcedID]string // academicSession of offerings
	teaching map[lis.SourcedID]seat   // memberships of instructors
	teachers map[lis.SourcedID][]lis.SourcedID
}

// A span is the first and the last day of a term.
type span struct{ begin, end lis.Date }

// A seat is a person's place in a section.
type seat struct{ section, person lis.SourcedID }

func newBook(rules clash.Rules) *book {
	return &book{
		index: clash.New(rules), terms: map[lis.SourcedID]span{}, named: map[string]lis.SourcedID{},
		sessions: map[lis.SourcedID]string{}, teaching: map[lis.SourcedID]seat{}, teachers: map[lis.SourcedID][]lis.SourcedID{},
	}
}

// use calls f with the book as the journal has it; f may ask the view.
func (b *book) use(v journal.View, f func() error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.view = v
	defer func() { b.view = nil }()
	if err := b.catchUp(); err != nil {
		return fmt.Errorf("read the timetable: %w", err)
	}
	return f()
}

// entering are the kinds that the book reads, in the order in which they
// build on each other.
var entering = []struct {
	kind  lis.Kind
	enter func(*book, *journal.Entry) error
}{
	{lis.KindGroup, (*book).group},
	{lis.KindCourseOffering, (*book).offering},
	{lis.KindMembership, (*book).membership},
	{lis.KindSectionAssociation, (*book).association},
	{lis.KindCourseSection, (*book).section},
}

func (b *book) catchUp() error {
	last, err := b.view.Last()
	if err != nil || last <= b.seq {
		return err
	}
	changed := map[lis.SourcedID]bool{} // sections whose teachers are others now
	for _, e := range entering {
		for entry, err := range b.view.Scan(e.kind, journal.Filter{Since: b.seq, Deleted: true}) {
			if err != nil {
				return err
			}
			if e.kind == lis.KindMembership {
				changed[b.teaching[entry.ID].section] = true
			}
			if err := e.enter(b, entry); err != nil {
				return err
			}
			if e.kind == lis.KindMembership {
				changed[b.teaching[entry.ID].section] = true
			}
		}
	}
	b.seq = last
	delete(changed, "")
	for id := range changed {
		if err := b.restore(id); err != nil {
			return err
		}
	}
	return nil
}

// restore has a section in the book as it is in the journal.
func (b *book) restore(id lis.SourcedID) error {
	e, err := b.view.Get(lis.KindCourseSection, id)
	if err != nil {
		return err
	}
	if e == nil {
		b.index.DropSection(id)
		return nil
	}
	return b.section(e)
}

func (b *book) group(e *journal.Entry) error {
	b.index.DropRoom(e.ID)
	delete(b.terms, e.ID)
	if e.Deleted {
		return nil
	}
	g, err := content[*lis.Group](e)
	if err != nil {
		return err
	}
	if g.IsRoom() {
		room, _ := g.Room() // a field that cannot be read says nothing
		b.index.PutRoom(e.ID, room)
	}
	if g.TimeFrame != nil && (g.IsType("TERM") || g.IsType("Term") || g.IsType("term")) {
		b.terms[e.ID] = spanOf(g.TimeFrame)
		for _, name := range termNames(g) {
			b.named[name] = e.ID
		}
	}
	return nil
}

// termNames are by what else a section may name its term.
func termNames(g *lis.Group) []string {
	var names []string
	if d := g.Description; d != nil {
		names = append(names, d.ShortDescription.String(), d.LongDescription.String())
	}
	if g.Org != nil {
		names = append(names, g.Org.ID.String())
	}
	return slices.DeleteFunc(names, func(s string) bool { return s == "" })
}

func spanOf(t *lis.TimeFrame) span {
	begin, _ := lis.ParseDate(t.Begin) // none is none
	end, _ := lis.ParseDate(t.End)
	return span{begin, end}
}

func (b *book) offering(e *journal.Entry) error {
	delete(b.sessions, e.ID)
	if e.Deleted {
		return nil
	}
	o, err := content[*lis.CourseOffering](e)
	if err == nil {
		b.sessions[e.ID] = o.AcademicSession.String()
	}
	return err
}

// membership notes who teaches.
func (b *book) membership(e *journal.Entry) error {
	if old, known := b.teaching[e.ID]; known {
		delete(b.teaching, e.ID)
		list := b.teachers[old.section]
		if i := slices.Index(list, old.person); i >= 0 {
			b.teachers[old.section] = slices.Delete(list, i, i+1)
		}
	}
	if e.Deleted {
		return nil
	}
	m, err := content[*lis.Membership](e)
	if err != nil || !teaches(m) {
		return err
	}
	s := seat{m.CollectionSourcedID, m.Person()}
	b.teaching[e.ID] = s
	b.teachers[s.section] = append(b.teachers[s.section], s.person)
	return nil
}

func teaches(m *lis.Membership) bool { return hasRole(m, "Instructor") }

// hasRole reports whether a member has a role that is not over.
func hasRole(m *lis.Membership, name string) bool {
	return m.Member != nil && slices.ContainsFunc(m.Member.Role, func(r lis.Role) bool {
		return r.RoleType == name && r.Status != lis.StatusInactive
	})
}

func (b *book) association(e *journal.Entry) error {
	b.index.DropCrossListing(e.ID)
	if e.Deleted {
		return nil
	}
	a, err := content[*lis.SectionAssociation](e)
	if err != nil || a.Status == lis.StatusInactive {
		return err
	}
	if constraints, _ := a.Constraints(); lis.CrossListing(constraints) {
		b.index.PutCrossListing(e.ID, a.Sections())
	}
	return nil
}

func (b *book) section(e *journal.Entry) error {
	if e.Deleted {
		b.index.DropSection(e.ID)
		return nil
	}
	c, err := content[*lis.CourseSection](e)
	if err == nil {
		b.index.PutSection(b.clashing(e.ID, c))
	}
	return err
}

// clashing is a section as the checks see it.
func (b *book) clashing(id lis.SourcedID, c *lis.CourseSection) clash.Section {
	meetings, _ := c.Meetings() // what cannot be read takes no room
	term := b.termOf(c)
	s := clash.Section{
		ID: id, Label: labelOf(c), Meetings: dated(meetings, term), Begin: term.begin, End: term.end,
		Students: func() int { return b.enrolled(id, c) }, Instructors: b.teachers[id],
	}
	if c.MaxNumberOfStudents != nil {
		s.Max = int(*c.MaxNumberOfStudents)
	}
	return s
}

func labelOf(c *lis.CourseSection) string {
	if c.Label.String() != "" {
		return c.Label.String()
	}
	return c.Title.String()
}

// termOf returns when the term of a section is: what it says itself, or what
// its academic session says, or that of its offering.
func (b *book) termOf(c *lis.CourseSection) span {
	if len(c.TimeFrame) > 0 {
		if s := spanOf(&c.TimeFrame[0]); s.begin != 0 && s.end != 0 {
			return s
		}
	}
	session := c.AcademicSession.String()
	if session == "" {
		session = b.sessions[c.ParentOfferingID]
	}
	if s, known := b.terms[lis.SourcedID(session)]; known {
		return s
	}
	return b.terms[b.named[session]]
}

// dated gives meetings without dates those of the term.
func dated(meetings []lis.Meeting, term span) []lis.Meeting {
	for i := range meetings {
		m := &meetings[i]
		if m.StartDate == 0 {
			m.StartDate = term.begin
		}
		if m.EndDate == 0 && m.Weeks == "" {
			m.EndDate = term.end
		}
	}
	return meetings
}

// enrolled counts the students of a section. It asks the journal, and is
// called only where the number matters.
func (b *book) enrolled(id lis.SourcedID, c *lis.CourseSection) int {
	if c.NumberOfStudents != nil {
		return int(*c.NumberOfStudents)
	}
	if b.view == nil {
		return 0
	}
	n := 0
	f := journal.Filter{Links: []lis.Link{{Name: lis.LinkCollection, Value: string(id)}}}
	for e, err := range b.view.Scan(lis.KindMembership, f) {
		if err != nil {
			return n
		}
		if m, err := content[*lis.Membership](e); err == nil && hasRole(m, "Learner") {
			n++
		}
	}
	return n
}

// content reads the object of an entry.
func content[T lis.Object](e *journal.Entry) (T, error) {
	var none T
	r, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	if err != nil {
		return none, err
	}
	o, ok := r.Object.(T)
	if !ok {
		return none, fmt.Errorf("the %s %s holds something else", e.Kind, e.ID)
	}
	return o, nil
}
