package canvas

import (
	"context"
	"errors"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A course and a section as Canvas has them.
type course struct {
	ID          int64  `json:"id"`
	SIS         string `json:"sis_course_id"`
	Code        string `json:"course_code"`
	Name        string `json:"name"`
	Start       string `json:"start_at"`
	End         string `json:"end_at"`
	State       string `json:"workflow_state"`
	Integration string `json:"integration_id"`
	AccountID   int64  `json:"account_id"`
	TermID      int64  `json:"enrollment_term_id"`

	account, term string // SIS IDs, of a row
}

type section struct {
	ID          int64  `json:"id"`
	SIS         string `json:"sis_section_id"`
	Name        string `json:"name"`
	Start       string `json:"start_at"`
	End         string `json:"end_at"`
	CourseID    int64  `json:"course_id"`
	CourseSIS   string `json:"sis_course_id"`
	HomeID      int64  `json:"nonxlist_course_id"`
	Integration string `json:"integration_id"`
}

// offeringCourse is the course of an offering, without its place.
func offeringCourse(id lis.SourcedID, o *lis.CourseOffering) (course, error) {
	c := course{SIS: string(id), Code: or(o.Label.String(), o.Title.String()), Name: or(o.Title.String(), o.Label.String()), State: activity(o.Status)}
	if c.Name == "" {
		return c, refused("add a title or a label to the offering at the source", "the offering has neither title nor label")
	}
	var err error
	c.Start, c.End, err = period(o.TimeFrame...)
	return c, err
}

// activity: a course that is Inactive is completed, which is the only way in
// which Canvas closes one.
func activity(status string) string {
	if strings.EqualFold(status, lis.StatusInactive) {
		return "completed"
	}
	return "active"
}

func (b *batch) putOffering(ctx context.Context, id lis.SourcedID, o *lis.CourseOffering) ([]row, error) {
	c, err := offeringCourse(id, o)
	if err != nil {
		return nil, err
	}
	if err := b.placed(ctx, &c, o.Org, o.AcademicSession.String()); err != nil {
		return nil, err
	}
	return []row{c.row()}, nil
}

// placed finds account and term. Canvas itself puts a course into the root
// account and the default term when it does not know them, and says nothing;
// here the course waits for them, unless the options name others.
func (b *batch) placed(ctx context.Context, c *course, org *lis.Org, session string) error {
	if org != nil {
		c.account = strings.TrimSpace(org.ID.String())
	}
	c.term = strings.TrimSpace(session)
	var err error
	if c.account, err = b.orElse(ctx, "account", c.account, b.a.opts.FallbackAccount); err != nil {
		return err
	}
	c.term, err = b.orElse(ctx, "term", c.term, b.a.opts.Term)
	return err
}

func (b *batch) orElse(ctx context.Context, kind, id, otherwise string) (string, error) {
	if id == "" {
		return otherwise, nil
	}
	if b.groups[lis.SourcedID(id)] {
		return id, nil
	}
	there, err := b.a.knows(ctx, kind, id)
	if err != nil || there {
		return id, err
	}
	if otherwise != "" {
		return otherwise, nil
	}
	return "", &adapters.Error{
		Class: adapters.Missing, Parent: lis.SourcedID(id), ParentKind: lis.KindGroup,
		Hint: "send the group, or name the " + kind + " of such courses in the target: term, fallback_account",
		Err:  errors.New("the " + kind + " of the course is not in Canvas, which would put it elsewhere without a word"),
	}
}

func (c course) row() row {
	return row{sheet: "courses", fields: map[string]string{
		"course_id": c.SIS, "short_name": c.Code, "long_name": c.Name, "account_id": c.account, "term_id": c.term,
		"status": c.State, "start_date": c.Start, "end_date": c.End, "integration_id": c.Integration,
	}}
}

func (s section) row(status string) row {
	return row{sheet: "sections", fields: map[string]string{
		"section_id": s.SIS, "course_id": s.CourseSIS, "name": s.Name, "status": status,
		"start_date": s.Start, "end_date": s.End, "integration_id": s.Integration,
	}}
}

// ownCourse reports whether a section is a course of its own.
func (a *Adapter) ownCourse(o *lis.CourseSection) bool {
	return a.opts.SectionsAsCourses || o.ParentOfferingID == ""
}

func (a *Adapter) sectionOf(id lis.SourcedID, o *lis.CourseSection) (section, error) {
	s := section{SIS: string(id), Name: or(o.Label.String(), o.Title.String()), CourseSIS: string(o.ParentOfferingID)}
	if a.ownCourse(o) {
		s.CourseSIS = string(id)
	}
	if s.Name == "" {
		return s, refused("add a label or a title to the section at the source", "the section has neither label nor title")
	}
	var err error
	s.Start, s.End, err = period(o.TimeFrame...)
	return s, err
}

// putSection puts the section, and its own course before it when it has one.
func (b *batch) putSection(ctx context.Context, id lis.SourcedID, o *lis.CourseSection) ([]row, error) {
	s, err := b.a.sectionOf(id, o)
	if err != nil || !b.a.ownCourse(o) {
		return []row{s.row("active")}, err
	}
	c := course{
		SIS: string(id), Code: or(o.Label.String(), o.Title.String()), Name: or(o.Title.String(), o.Label.String()),
		Start: s.Start, End: s.End, State: activity(o.Status), Integration: markOwnCourse + string(id),
	}
	if err := b.placed(ctx, &c, o.Org, o.AcademicSession.String()); err != nil {
		return nil, err
	}
	return []row{c.row(), s.row("active")}, nil
}

// dropOffering looks first, as dropPerson does, and sends names and dates as
// they are: an import without them would clear them.
func (b *batch) dropOffering(ctx context.Context, id lis.SourcedID) ([]row, error) {
	c, err := b.a.findCourse(ctx, string(id))
	if err != nil || c == nil || b.a.courseGone(c) {
		return nil, err
	}
	c.State = courseStatus[b.a.opts.Removal]
	return []row{c.row()}, nil
}

// courseGone reports whether a course is in the state that a Drop leaves.
func (a *Adapter) courseGone(c *course) bool {
	return c.State == "deleted" || c.State == courseStatus[a.opts.Removal]
}

func (b *batch) dropSection(ctx context.Context, c lis.Change) ([]row, error) {
	s, err := b.a.findSection(ctx, string(c.Key))
	if err != nil || s == nil || dropped(s.Integration) && b.a.opts.Removal != adapters.Delete {
		return nil, err
	}
	rows, err := b.dropOwnCourse(ctx, s)
	if err != nil {
		return nil, err
	}
	status := "deleted"
	if b.a.opts.Removal != adapters.Delete {
		status = "active"
		s.End = c.Time.UTC().Format("2006-01-02T15:04:05Z")
		s.Integration = markDropped + s.SIS
	}
	if s.CourseSIS, err = b.a.homeOf(ctx, s); err != nil {
		return nil, err
	}
	return append(rows, s.row(status)), nil
}

func (b *batch) dropOwnCourse(ctx context.Context, s *section) ([]row, error) {
	if s.CourseSIS != s.SIS {
		return nil, nil
	}
	return b.dropOffering(ctx, lis.SourcedID(s.SIS))
}

// homeOf is the course that a section belongs to, cross-listed or not.
func (a *Adapter) homeOf(ctx context.Context, s *section) (string, error) {
	if s.HomeID == 0 {
		return s.CourseSIS, nil
	}
	var c course
	if err := a.get(ctx, "courses/"+decimal(s.HomeID), nil, &c); err != nil && !errors.Is(err, errAbsent) {
		return "", err
	}
	return or(c.SIS, s.CourseSIS), nil
}

func (c *course) record(id string) *lis.Record {
	o := &lis.CourseOffering{Label: lis.NewText("", c.Code), Title: lis.NewText("", c.Name), Status: lis.StatusActive, TimeFrame: frames(c.Start, c.End)}
	if c.State == "completed" {
		o.Status = lis.StatusInactive
	}
	return &lis.Record{ID: lis.SourcedID(id), Object: o}
}

func (s *section) record(home string) *lis.Record {
	o := &lis.CourseSection{Label: lis.NewText("", s.Name), Status: lis.StatusActive, TimeFrame: frames(s.Start, s.End), ParentOfferingID: lis.SourcedID(home)}
	if home == s.SIS {
		o.ParentOfferingID = ""
	}
	return &lis.Record{ID: lis.SourcedID(s.SIS), Object: o}
}
