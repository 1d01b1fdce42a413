package itc2019

import "lisgate/gateway/lis"

func (p *problem) readStudents(e *element) error {
	return p.s.each(e, map[string]kind{"student": {"id", p.readStudent}})
}

// readStudent reads a student and the courses that he or she asks for. Nothing
// of it is held afterwards.
func (p *problem) readStudent(e *element) error {
	if p.students++; p.students > p.s.limits.Students {
		return e.fault("there are more than %d (Limits.Students); split the file, or raise the limit", p.s.limits.Students)
	}
	id, err := e.id("id")
	if err != nil {
		return err
	}
	if err := p.emit(replacePerson, p.person(id)); err != nil {
		return err
	}
	asked := map[string]bool{}
	e.bound(p.s.limits.Children, "Children")
	return p.s.each(e, map[string]kind{"course": {"id", func(e *element) error { return p.demand(e, id, asked) }}})
}

func (p *problem) demand(e *element, student string, asked map[string]bool) error {
	course, err := e.id("id")
	switch {
	case err != nil:
		return err
	case !p.courses[course]:
		return e.fault("the course is not in the problem; correct the id, or add the course")
	case asked[course]:
		return e.fault("the student asks for the course twice; keep one")
	}
	asked[course] = true
	m := p.g.learner(p.g.sourcedID(partCourse, course), lis.KindCourseOffering, student)
	setOrder(&m.Object.(*lis.Membership).Member.Role[0].Extension, len(asked))
	if err := p.emit(replaceMembership, m); err != nil {
		return err
	}
	return p.s.each(e, nil)
}

func (p *problem) person(id string) *lis.Record {
	part := func(name, value string) lis.BaseValue {
		return lis.BaseValue{InstanceName: text(name), InstanceValue: text(value)}
	}
	student := &lis.Person{
		FormName: []lis.FormName{{FormattedName: text(nameStudent + " " + id)}},
		Name:     []lis.Name{{PartName: []lis.BaseValue{part("First", nameStudent), part("Last", id)}}},
	}
	setOrder(&student.Extension, p.students)
	return &lis.Record{ID: p.g.sourcedID(partStudent, id), Object: student}
}

// learner returns a membership of a student.
func (g *grid) learner(of lis.SourcedID, kind lis.Kind, student string) *lis.Record {
	return &lis.Record{ID: memberID(of, student), Object: &lis.Membership{
		CollectionSourcedID: of,
		MembershipIDType:    string(kind),
		Member: &lis.Member{
			PersonSourcedID: g.sourcedID(partStudent, student),
			Role:            []lis.Role{{RoleType: roleLearner, Status: active}},
		},
	}}
}
