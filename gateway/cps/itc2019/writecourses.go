package itc2019

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

func (d *drawing) courses() error {
	all, err := places(d.src.Records(lis.KindCourseOffering), orderOfOffering)
	if err != nil {
		return err
	}
	for _, at := range all {
		o, err := read[*lis.CourseOffering](d, lis.KindCourseOffering, at.id)
		if err != nil {
			return err
		}
		d.p.start("course", "id", d.g.fileID(partCourse, at.id))
		err = d.course(at.id, o)
		if err != nil {
			return fmt.Errorf("course offering %s: %w", at.id, err)
		}
		d.p.end("course")
	}
	return nil
}

// A subpart is a subpart of a course with its sections, by their ids.
type subpart struct {
	config, id string
	sections   []lis.SourcedID
}

func (d *drawing) course(id lis.SourcedID, o *lis.CourseOffering) error {
	subparts, err := shape(o)
	if err != nil {
		return err
	}
	subparts, err = d.arrange(id, subparts)
	if err != nil {
		return err
	}
	for i, s := range subparts {
		if i == 0 || s.config != subparts[i-1].config {
			d.p.start("config", "id", s.config)
		}
		if s.id != "" {
			d.p.start("subpart", "id", s.id)
			if err := d.classes(s.sections); err != nil {
				return err
			}
			d.p.end("subpart")
		}
		if i == len(subparts)-1 || s.config != subparts[i+1].config {
			d.p.end("config")
		}
	}
	return nil
}

// shape reads itc2019.config of an offering, which is there when a config or
// subpart of it has no section to say so.
func shape(o *lis.CourseOffering) ([]subpart, error) {
	var list []subpart
	for _, field := range strings.Fields(o.Extension.Get(lis.FieldITCConfig)) {
		config, part, ok := strings.Cut(field, "/")
		config, errConfig := url.PathUnescape(config)
		part, errPart := url.PathUnescape(part)
		if !ok || errConfig != nil || errPart != nil {
			return nil, fmt.Errorf("read %s %q: it is not config/subpart; import the problem again", lis.FieldITCConfig, clip(field))
		}
		list = append(list, subpart{config: config, id: part})
	}
	return list, nil
}

// arrange puts the sections of an offering into its configs and subparts, in
// the order of the file; what is not in the shape comes after it.
func (d *drawing) arrange(offering lis.SourcedID, list []subpart) ([]subpart, error) {
	of := map[lis.SourcedID]subpart{}
	sections, err := places(d.src.Linked(lis.KindCourseSection, lis.Link{Name: lis.LinkOffering, Value: string(offering)}), func(r *lis.Record) (int, bool) {
		c, ok := r.Object.(*lis.CourseSection)
		if !ok {
			return 0, false
		}
		of[r.ID] = subpart{config: c.Extension.Get(lis.FieldITCConfig), id: c.Extension.Get(lis.FieldITCSubpart)}
		return orderOf(c.Extension), true
	})
	if err != nil {
		return nil, err
	}
	for _, at := range sections {
		s := of[at.id]
		if s.config == "" || s.id == "" {
			return nil, fmt.Errorf("course section %s has no %s and %s, and so no place in the file; set both, or leave the section out", at.id, lis.FieldITCConfig, lis.FieldITCSubpart)
		}
		list = put(list, s, at.id)
	}
	return list, nil
}

// put adds a section to its subpart, a subpart to its config.
func put(list []subpart, s subpart, section lis.SourcedID) []subpart {
	last := -1
	for i := range list {
		if list[i].config == s.config && list[i].id == s.id {
			list[i].sections = append(list[i].sections, section)
			return list
		}
		if list[i].config == s.config {
			last = i
		}
	}
	s.sections = []lis.SourcedID{section}
	if last < 0 {
		return append(list, s)
	}
	return slices.Insert(list, last+1, s)
}

func (d *drawing) classes(ids []lis.SourcedID) error {
	for _, id := range ids {
		c, err := read[*lis.CourseSection](d, lis.KindCourseSection, id)
		if err == nil {
			err = d.class(id, c)
		}
		if err != nil {
			return fmt.Errorf("course section %s: %w", id, err)
		}
	}
	return nil
}

func (d *drawing) class(id lis.SourcedID, c *lis.CourseSection) error {
	request, err := c.Request()
	if err != nil {
		return err
	}
	attrs := []string{"id", d.g.fileID(partClass, id)}
	if c.MaxNumberOfStudents != nil {
		attrs = append(attrs, "limit", fmt.Sprint(*c.MaxNumberOfStudents))
	}
	if parent := c.SectionLink().Parent; parent != "" {
		attrs = append(attrs, "parent", d.g.fileID(partClass, parent))
	}
	if request.NoRoom {
		attrs = append(attrs, "room", "false")
	}
	d.p.start("class", attrs...)
	for _, r := range request.Rooms {
		d.p.leaf("room", "id", d.g.fileID(partRoom, lis.SourcedID(r.Of)), "penalty", itoa(r.Preference))
	}
	for _, t := range request.Times {
		attrs, err := d.time(t.Days, t.Weeks, t.StartDate, t.Start, t.Length)
		if err != nil {
			return fmt.Errorf("time: %w", err)
		}
		d.p.leaf("time", append(attrs, "penalty", itoa(t.Preference))...)
	}
	d.p.end("class")
	return nil
}
