package unitime

import (
	"iter"

	"lisgate/gateway/lis"
)

// A set is a source made of the calls that a file was read as.
type set struct {
	list    []*Offering
	records map[lis.Ref]*lis.Record
}

func setOf(calls []*lis.Call) *set {
	s := &set{records: map[lis.Ref]*lis.Record{}}
	in := map[lis.SourcedID]*Offering{}
	of := func(id lis.SourcedID) *Offering {
		if in[id] == nil {
			in[id] = &Offering{}
			s.list = append(s.list, in[id])
		}
		return in[id]
	}
	for _, c := range calls {
		if c.Record == nil {
			continue
		}
		ref := lis.Ref{Kind: c.Record.Object.Kind(), ID: c.ID}
		if s.records[ref] == nil {
			s.records[ref] = c.Record
		}
		switch o := c.Record.Object.(type) {
		case *lis.CourseOffering:
			if of := Controlling(o); of != "" {
				in[c.ID] = in[of]
			}
			g := of(c.ID)
			g.Courses = append(g.Courses, c.Record)
		case *lis.CourseSection:
			g := of(o.ParentOfferingID)
			g.Sections = append(g.Sections, c.Record)
		}
	}
	return s
}

func (s *set) Offerings() iter.Seq2[*Offering, error] { return lis.Seq(s.list) }

func (s *set) Find(kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	return s.records[lis.Ref{Kind: kind, ID: id}], nil
}

func (s *set) section(id lis.SourcedID) *lis.CourseSection {
	return s.records[lis.Ref{Kind: lis.KindCourseSection, ID: id}].Object.(*lis.CourseSection)
}
