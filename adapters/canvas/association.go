package canvas

import (
	"context"
	"errors"
	"slices"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// associationCourse is the course into which the sections of an association
// are cross-listed: one of its own, so that it can be undone without touching
// a course in which people work.
func associationCourse(id lis.SourcedID, o *lis.SectionAssociation) course {
	return course{
		SIS: string(id), Code: or(o.Label.String(), o.Title.String(), string(id)), Name: or(o.Title.String(), o.Label.String(), string(id)),
		State: activity(o.Status), Integration: markAssociation + string(id),
	}
}

// putAssociation makes the course, lists its sections in it, and sends those
// back that have left it.
func (b *batch) putAssociation(ctx context.Context, id lis.SourcedID, o *lis.SectionAssociation) ([]row, error) {
	if len(o.Sections()) == 0 {
		return nil, refused("name at least one section, or delete the association at the source", "the association names no section")
	}
	c := associationCourse(id, o)
	if err := b.beside(ctx, &c, o.Sections()[0]); err != nil {
		return nil, err
	}
	rows := []row{c.row()}
	members, err := b.a.members(ctx, string(id))
	if err != nil {
		return nil, err
	}
	for _, s := range o.Sections() {
		rows = append(rows, xlist(id, string(s), "active"))
	}
	for _, s := range members {
		if !slices.Contains(o.Sections(), lis.SourcedID(s)) {
			rows = append(rows, xlist(id, s, "deleted"))
		}
	}
	return rows, nil
}

// beside places the course into account and term of the first section's, which
// may come with the same batch, so that it does not fall into the default term.
func (b *batch) beside(ctx context.Context, c *course, first lis.SourcedID) error {
	c.account, c.term = b.a.opts.FallbackAccount, b.a.opts.Term
	home := ""
	if o, ok := b.coming(lis.KindCourseSection, first).(*lis.CourseSection); ok {
		if b.a.ownCourse(o) {
			return b.placed(ctx, c, o.Org, o.AcademicSession.String())
		}
		home = string(o.ParentOfferingID)
	} else if s, err := b.a.findSection(ctx, string(first)); err != nil || s == nil {
		return err
	} else if home, err = b.a.homeOf(ctx, s); err != nil {
		return err
	}
	if o, ok := b.coming(lis.KindCourseOffering, lis.SourcedID(home)).(*lis.CourseOffering); ok {
		return b.placed(ctx, c, o.Org, o.AcademicSession.String())
	}
	account, term, err := b.a.placeOf(ctx, home)
	c.account, c.term = or(account, c.account), or(term, c.term)
	return err
}

func xlist(id lis.SourcedID, section, status string) row {
	return row{sheet: "xlists", fields: map[string]string{"xlist_course_id": string(id), "section_id": section, "status": status}}
}

// members are the sections that are cross-listed into a course.
func (a *Adapter) members(ctx context.Context, id string) ([]string, error) {
	var members []string
	for s, err := range a.sections(ctx, ref("course", id)) {
		if errors.Is(err, errAbsent) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if s.HomeID != 0 && s.SIS != "" {
			members = append(members, s.SIS)
		}
	}
	return members, nil
}

// dropAssociation sends the sections back and completes the course, which
// would stay behind otherwise. It is never deleted in the same import: Canvas
// takes courses before cross-lists, and a course that goes first takes the
// enrolments of its sections along.
func (b *batch) dropAssociation(ctx context.Context, id lis.SourcedID) ([]row, error) {
	c, err := b.a.findCourse(ctx, string(id))
	if err != nil || c == nil {
		return nil, err
	}
	members, err := b.a.members(ctx, string(id))
	if err != nil || b.a.associationGone(c, members) {
		return nil, err
	}
	c.State = courseStatus[adapters.Complete]
	rows := []row{c.row()}
	for _, s := range members {
		rows = append(rows, xlist(id, s, "deleted"))
	}
	return rows, nil
}

// associationGone: an association without sections is none.
func (a *Adapter) associationGone(c *course, members []string) bool {
	return a.courseGone(c) || c.State == "completed" && len(members) == 0
}

func associationRecord(c *course, members []string) *lis.Record {
	o := &lis.SectionAssociation{Label: lis.NewText("", c.Code), Title: lis.NewText("", c.Name), Status: lis.StatusActive}
	if c.State == "completed" {
		o.Status = lis.StatusInactive
	}
	if len(members) > 0 {
		o.CourseSectionIDList = &lis.ListOfCourseSectionIDs{}
		slices.Sort(members)
		for _, s := range members {
			o.CourseSectionIDList.CourseSectionID = append(o.CourseSectionIDList.CourseSectionID, lis.SourcedID(s))
		}
	}
	return &lis.Record{ID: lis.SourcedID(c.SIS), Object: o}
}
