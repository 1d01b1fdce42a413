package itc2019

import (
	"strings"

	"lisgate/gateway/lis"
)

func (p *problem) readDistributions(e *element) error {
	return p.s.each(e, map[string]kind{"distribution": {"type required penalty", p.readDistribution}})
}

// readDistribution reads a distribution: an association with one constraint.
// Distributions have no ids; their numbers in the file are their ids.
func (p *problem) readDistribution(e *element) error {
	if p.distributions++; p.distributions > p.s.limits.Distributions {
		return e.fault("there are more than %d (Limits.Distributions); split the file, or raise the limit", p.s.limits.Distributions)
	}
	c := lis.Constraint{N: 1, Type: e.get("type")}
	if c.Type == "" {
		return e.fault("attribute type is missing; write one such as SameRoom or MinGap(6)")
	}
	var err error
	if c.Required, err = e.flag("required", false); err != nil {
		return err
	}
	if c.Penalty, err = e.numberOr("penalty", -maxNumber, maxNumber, 0); err != nil {
		return err
	}
	e.bound(p.s.limits.Children, "Children")
	err = p.s.each(e, map[string]kind{"class": {"id", func(e *element) error { return p.boundClass(e, &c) }}})
	if err != nil {
		return err
	}
	return p.emit(replaceAssociation, p.association(c))
}

func (p *problem) boundClass(e *element, c *lis.Constraint) error {
	id, err := e.id("id")
	if err != nil {
		return err
	}
	if !p.classes[id] {
		return e.fault("the class is not in the problem; correct the id, or add the class")
	}
	c.Sections = append(c.Sections, p.g.sourcedID(partClass, id))
	return p.s.each(e, nil)
}

// association names its sections twice: the list is for everybody, the order
// of the constraint is the file's.
func (p *problem) association(c lis.Constraint) *lis.Record {
	n := itoa(p.distributions)
	a := &lis.SectionAssociation{
		Label: text(n), Title: text(strings.TrimSpace(nameDistribution + n + ": " + c.Type)), Status: active,
	}
	if len(c.Sections) > 0 {
		a.CourseSectionIDList = &lis.ListOfCourseSectionIDs{CourseSectionID: unique(c.Sections)}
	}
	a.SetConstraints([]lis.Constraint{c})
	setOrder(&a.Extension, p.distributions)
	return &lis.Record{ID: p.g.sourcedID(partDistribution, n), Object: a}
}

// unique returns ids without repetition, in their order.
func unique(ids []lis.SourcedID) []lis.SourcedID {
	seen := make(map[lis.SourcedID]bool, len(ids))
	var list []lis.SourcedID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			list = append(list, id)
		}
	}
	return list
}
