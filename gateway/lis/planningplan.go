package lis

import "strconv"

// Plan reads where the plan of the section stands. The error is FieldErrors.
func (c *CourseSection) Plan() (Plan, error) {
	var r fieldReader
	var p Plan
	r.fields(c.Extension, familyPlan, func(pattern string, _, _ int) {
		switch pattern {
		case FieldPlanState:
			parsed(&r, &p.State, parseState)
		case FieldPlanVersion:
			parsed(&r, &p.Version, parseVersion)
		case FieldPlanReason:
			r.text(&p.Reason)
		case FieldPlanPacket:
			r.text(&p.Packet)
		case FieldPlanMode:
			parsed(&r, &p.Mode, parseMode)
		}
	})
	return p, r.err()
}

var (
	parseState = parseOneOf(PlanDraft, PlanRequested, PlanProposed, PlanConfirmed, PlanRefused, PlanPublished, PlanCancelled)
	parseMode  = parseOneOf(PacketItems, PacketTransaction, PacketAudit)
)

// SetPlan gives the section the state of its plan; the zero one takes it away.
func (c *CourseSection) SetPlan(p Plan) {
	rewrite(&c.Extension, familyPlan, nil, func(w *fieldWriter) {
		w.put(FieldPlanState, string(p.State))
		if p.Version != 0 {
			w.put(FieldPlanVersion, strconv.FormatInt(p.Version, 10))
		}
		w.put(FieldPlanReason, p.Reason)
		w.put(FieldPlanPacket, p.Packet)
		w.put(FieldPlanMode, p.Mode)
	})
}

// SectionLink reads what the section is taken with.
func (c *CourseSection) SectionLink() SectionLink {
	var r fieldReader
	var l SectionLink
	r.fields(c.Extension, familyLink, func(pattern string, _, _ int) {
		switch pattern {
		case FieldLinkParent:
			r.id(&l.Parent)
		case FieldLinkGroup:
			r.text(&l.Group)
		}
	})
	return l
}

// SetSectionLink says what the section is taken with; the zero link takes it away.
func (c *CourseSection) SetSectionLink(l SectionLink) {
	rewrite(&c.Extension, familyLink, nil, func(w *fieldWriter) {
		w.put(FieldLinkParent, string(l.Parent))
		w.put(FieldLinkGroup, l.Group)
	})
}

// Demand reads how many students are expected. The error is FieldErrors.
func (c *CourseOffering) Demand() (Demand, error) {
	var r fieldReader
	var d Demand
	r.fields(c.Extension, familyDemand, func(pattern string, _, _ int) {
		switch pattern {
		case FieldDemandExpected:
			parsed(&r, &d.Expected, parseCount)
		case FieldDemandLastLike:
			parsed(&r, &d.LastLike, parseCount)
		}
	})
	return d, r.err()
}

// SetDemand says how many students are expected; the zero one takes it away.
func (c *CourseOffering) SetDemand(d Demand) {
	rewrite(&c.Extension, familyDemand, nil, func(w *fieldWriter) {
		w.number(FieldDemandExpected, d.Expected)
		w.number(FieldDemandLastLike, d.LastLike)
	})
}

// A constraintFields is a constraint while its fields are read.
type constraintFields struct {
	constraint Constraint
	sections   numbered[SourcedID]
}

// Constraints reads what binds the sections of the association, by numbers.
// The error is FieldErrors, and what could be read is returned beside it.
func (a *SectionAssociation) Constraints() ([]Constraint, error) {
	var r fieldReader
	list := numbered[constraintFields]{limit: MaxEntries, what: "constraints of an association"}
	list.blank.sections = numbered[SourcedID]{limit: MaxEntries, what: "sections of a constraint"}
	r.fields(a.Extension, familyConstraint, func(pattern string, n, m int) {
		if f := list.at(&r, n); f != nil {
			f.read(&r, pattern, m)
		}
	})
	var constraints []Constraint
	for i, n := range list.numbers {
		f := &list.items[i]
		f.constraint.N, f.constraint.Sections = n, f.sections.items
		r.need(f.constraint.Type != "", FieldConstraintType, "is missing: a constraint has a type such as SameRoom", n)
		constraints = append(constraints, f.constraint)
	}
	return constraints, r.err()
}

func (f *constraintFields) read(r *fieldReader, pattern string, m int) {
	switch v := &f.constraint; pattern {
	case FieldConstraintType:
		r.text(&v.Type)
	case FieldConstraintSection:
		readText(r, &f.sections, m)
	case FieldConstraintRequired:
		parsed(r, &v.Required, parseBoolean)
	case FieldConstraintPenalty:
		parsed(r, &v.Penalty, parseInteger)
	}
}

// SetConstraints gives the association its constraints in place of those it
// has; one without a number gets the next free one.
func (a *SectionAssociation) SetConstraints(list []Constraint) {
	has := make([]int, len(list))
	for i := range list {
		has[i] = list[i].N
	}
	numbers := numbersOf(has)
	rewrite(&a.Extension, familyConstraint, numbers, func(w *fieldWriter) {
		for _, i := range inOrder(numbers) {
			c, n := &list[i], numbers[i]
			w.put(FieldConstraintType, c.Type, n)
			writeList(w, FieldConstraintSection, c.Sections, n)
			w.flag(FieldConstraintRequired, c.Required, n)
			w.number(FieldConstraintPenalty, c.Penalty, n)
			w.unknown(n)
		}
	})
}
