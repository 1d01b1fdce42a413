package itc2019

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// WriteSolution writes the plan of a problem's sections: a section without a
// meeting, or with an arranged one, is a class without a time.
func WriteSolution(w io.Writer, src Source) error {
	term, err := src.Term()
	if err != nil {
		return fmt.Errorf("read the term's group: %w", err)
	}
	g, err := gridOf(term)
	if err != nil {
		return err
	}
	d := &drawing{g: g, src: src, p: newPrinter(w, "solution")}
	attrs := attributes(g, solutionAttrs, keySolution)
	d.p.start("solution", append([]string{"name", g.values.Get("name")}, attrs...)...)
	all, err := places(src.Records(lis.KindCourseSection), orderOfSection)
	if err != nil {
		return err
	}
	for _, at := range all {
		c, err := read[*lis.CourseSection](d, lis.KindCourseSection, at.id)
		if err == nil {
			err = d.placed(at.id, c)
		}
		if err != nil {
			return fmt.Errorf("course section %s: %w", at.id, err)
		}
	}
	d.p.end("solution")
	return d.p.flush()
}

func orderOfSection(r *lis.Record) (int, bool) {
	c, ok := r.Object.(*lis.CourseSection)
	if !ok {
		return 0, false
	}
	return orderOf(c.Extension), true
}

// placed writes a class with its time, room and students.
func (d *drawing) placed(id lis.SourcedID, c *lis.CourseSection) error {
	attrs, err := d.placement(c)
	if err != nil {
		return err
	}
	students, err := d.learners(id)
	if err != nil {
		return err
	}
	d.p.start("class", append([]string{"id", d.g.fileID(partClass, id)}, attrs...)...)
	for _, student := range students {
		d.p.leaf("student", "id", student)
	}
	d.p.end("class")
	return nil
}

// placement returns the attributes days, start, weeks and room.
func (d *drawing) placement(c *lis.CourseSection) ([]string, error) {
	ms, err := c.Meetings()
	if err != nil {
		return nil, err
	}
	if len(ms) == 0 || len(ms) == 1 && ms[0].Arranged {
		return nil, nil
	}
	if len(ms) > 1 {
		return nil, fmt.Errorf("it has %d meetings, and the format holds one; leave it out, or write it in another format", len(ms))
	}
	m := ms[0]
	weeks, err := d.g.weeksOfMeeting(&m)
	if err != nil {
		return nil, err
	}
	days, err := d.g.daysMask(m.Days)
	if err != nil {
		return nil, err
	}
	if err := d.asked(c, &m, weeks); err != nil {
		return nil, err
	}
	start, err := d.g.slot(int(m.Start))
	if err != nil {
		return nil, err
	}
	room := ""
	if m.Room != "" {
		room = d.g.fileID(partRoom, m.Room)
	}
	return []string{"days", days, "start", itoa(start), "weeks", weeks, "room", room}, nil
}

// asked checks that the time is one of the request's: the format says no
// length, for it is that of the problem.
func (d *drawing) asked(c *lis.CourseSection, m *lis.Meeting, weeks string) error {
	request, err := c.Request()
	if err != nil {
		return err
	}
	for _, t := range request.Times {
		mask, err := d.g.weeksMask(t.Weeks, t.StartDate)
		if err == nil && mask == weeks && t.Days == m.Days && t.Start == m.Start && t.Start+lis.Clock(t.Length) == m.End {
			return nil
		}
	}
	return fmt.Errorf("its meeting %s is none of the %d times of its request, and the format can say no other; add the time to the request, or change the meeting", lis.MeetingText([]lis.Meeting{*m}), len(request.Times))
}

// weeksOfMeeting returns the weeks in which a meeting takes place. The format
// knows whole weeks: all the days of one, or none.
func (g *grid) weeksOfMeeting(m *lis.Meeting) (string, error) {
	dated := *m
	if dated.StartDate == 0 {
		dated.StartDate = g.begin
	}
	if dated.EndDate == 0 && dated.Weeks == "" {
		dated.EndDate = g.end()
	}
	found := make([]lis.Weekdays, g.weeks)
	for day := range dated.Dates() {
		if day < g.begin || day > g.end() {
			return "", fmt.Errorf("it meets on %s, which is not in the term from %s to %s", day, g.begin, g.end())
		}
		found[int(day-g.begin)/7] |= 1 << day.Weekday()
	}
	mask := []byte(strings.Repeat("0", g.weeks))
	for i, days := range found {
		if days != 0 && days != m.Days {
			return "", fmt.Errorf("in week %d of the term it meets on some of its days only, and the format holds whole weeks; begin and end the meeting with a week", i+1)
		}
		if days != 0 {
			mask[i] = '1'
		}
	}
	if !slices.Contains(mask, '1') {
		return "", fmt.Errorf("its meeting takes place on no day; correct its weeks and dates")
	}
	return string(mask), nil
}

// learners returns the students of a section as the file calls them.
func (d *drawing) learners(section lis.SourcedID) ([]string, error) {
	var ids []string
	for r, err := range d.src.Linked(lis.KindMembership, lis.Link{Name: lis.LinkCollection, Value: string(section)}) {
		if err != nil {
			return nil, fmt.Errorf("read its memberships: %w", err)
		}
		if m, ok := member(r); ok && m.CollectionSourcedID == section && learns(m) {
			ids = append(ids, d.g.fileID(partStudent, m.Person()))
		}
	}
	slices.SortFunc(ids, natural)
	return slices.Compact(ids), nil
}
