package campus

import (
	"fmt"

	"lisgate/gateway/lis"
)

// associations sends what binds sections: the cross-listed ones, and the two
// lectures of a twin, which shall not be at the same time so that students
// have a choice.
func (c *Campus) associations(yield func(*lis.Call) bool) {
	n := 0
	for i := range c.courses {
		k := &c.courses[i]
		if k.form != crossListed && k.form != twin {
			continue
		}
		if !yield(replace(k.association(n))) {
			return
		}
		n++
	}
}

func (c *Campus) associationCount() int {
	n := 0
	for i := range c.courses {
		if f := c.courses[i].form; f == crossListed || f == twin {
			n++
		}
	}
	return n
}

// AssociationID returns the id of an association by its number from 0.
func AssociationID(i int) lis.SourcedID { return lis.SourcedID(fmt.Sprintf("assoc-27S-%05d", i+1)) }

func (c *course) association(n int) *lis.Record {
	a := &lis.SectionAssociation{
		Label: en(c.code() + "-27S-ALL"), Title: c.title(), Status: lis.StatusActive, DataSource: agent,
		CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: []lis.SourcedID{SectionID(c.first), SectionID(c.first + 1)}},
	}
	if c.form == twin {
		a.SetConstraints([]lis.Constraint{{N: 1, Type: "DifferentTime", Required: true}})
	}
	return record(AssociationID(n), a)
}
