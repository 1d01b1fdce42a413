package itc2019

import (
	"fmt"
	"io"

	"lisgate/gateway/lis"
)

// WriteProblem writes a problem from its records.
func WriteProblem(w io.Writer, src Source) error {
	term, err := src.Term()
	if err != nil {
		return fmt.Errorf("read the term's group: %w", err)
	}
	g, err := gridOf(term)
	if err != nil {
		return err
	}
	d := &drawing{g: g, src: src, p: newPrinter(w, "problem")}
	d.p.start("problem", attributes(g, problemAttrs, "")...)
	if weights := attributes(g, optimizationAttrs, keyOptimization); len(weights) > 0 {
		d.p.leaf("optimization", weights...)
	}
	for _, part := range []struct {
		name  string
		write func() error
	}{{"rooms", d.rooms}, {"courses", d.courses}, {"distributions", d.distributions}, {"students", d.students}} {
		d.p.start(part.name)
		if err := part.write(); err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
		d.p.end(part.name)
	}
	d.p.end("problem")
	return d.p.flush()
}

// A drawing is a file being written.
type drawing struct {
	g   *grid
	src Source
	p   *printer
}

// attributes returns names and values of the term's form, those that are there.
func attributes(g *grid, names []string, prefix string) []string {
	var list []string
	for _, n := range names {
		if v := g.values.Get(prefix + n); v != "" {
			list = append(list, n, v)
		}
	}
	return list
}

// read returns the record of a place.
func read[T lis.Object](d *drawing, kind lis.Kind, id lis.SourcedID) (T, error) {
	var none T
	if err := d.p.broken(); err != nil {
		return none, err
	}
	r, err := d.src.Record(kind, id)
	if err != nil {
		return none, fmt.Errorf("read %s %s: %w", kind, id, err)
	}
	if r == nil || r.Object == nil {
		return none, fmt.Errorf("read %s %s: it is gone since it was listed; write the file again", kind, id)
	}
	o, ok := r.Object.(T)
	if !ok {
		return none, fmt.Errorf("read %s %s: it is a %s", kind, id, r.Object.Kind())
	}
	return o, nil
}

func (d *drawing) distributions() error {
	all, err := places(d.src.Records(lis.KindSectionAssociation), orderOfAssociation)
	if err != nil {
		return err
	}
	for _, at := range all {
		a, err := read[*lis.SectionAssociation](d, lis.KindSectionAssociation, at.id)
		if err != nil {
			return err
		}
		constraints, err := a.Constraints()
		if err != nil {
			return fmt.Errorf("section association %s: %w", at.id, err)
		}
		for _, c := range constraints {
			d.distribution(a, c)
		}
	}
	return nil
}

func (d *drawing) distribution(a *lis.SectionAssociation, c lis.Constraint) {
	attrs := []string{"type", c.Type}
	if c.Required {
		attrs = append(attrs, "required", "true")
	}
	if !c.Required || c.Penalty != 0 {
		attrs = append(attrs, "penalty", itoa(c.Penalty))
	}
	d.p.start("distribution", attrs...)
	sections := c.Sections
	if len(sections) == 0 {
		sections = a.Sections()
	}
	for _, id := range sections {
		d.p.leaf("class", "id", d.g.fileID(partClass, id))
	}
	d.p.end("distribution")
}

func (d *drawing) students() error {
	all, err := places(d.src.Records(lis.KindPerson), orderOfPerson)
	if err != nil {
		return err
	}
	for _, at := range all {
		if err := d.p.broken(); err != nil {
			return err
		}
		if err := d.student(at.id); err != nil {
			return err
		}
	}
	return nil
}

// student writes a student and the courses asked for, in their order.
func (d *drawing) student(id lis.SourcedID) error {
	courses := map[lis.SourcedID]string{}
	asked, err := places(d.src.Linked(lis.KindMembership, lis.Link{Name: lis.LinkPerson, Value: string(id)}), func(r *lis.Record) (int, bool) {
		order, ok := orderOfDemand(r)
		if ok {
			courses[r.ID] = d.g.fileID(partCourse, r.Object.(*lis.Membership).CollectionSourcedID)
		}
		return order, ok
	})
	if err != nil {
		return fmt.Errorf("read the memberships of person %s: %w", id, err)
	}
	d.p.start("student", "id", d.g.fileID(partStudent, id))
	for _, m := range asked {
		d.p.leaf("course", "id", courses[m.id])
	}
	d.p.end("student")
	return nil
}
