package itc2019

import "lisgate/gateway/lis"

// readClass reads a class: a section that asks for a plan.
func (p *problem) readClass(e *element) error {
	id, err := p.fresh(e, p.classes, p.s.limits.Classes, "Classes")
	if err != nil {
		return err
	}
	p.course.filled = true
	c := &lis.CourseSection{
		Label: text(id), Title: text(nameClass + id), Category: text(nameSubpart + p.course.subpart),
		ParentOfferingID: p.g.sourcedID(partCourse, p.course.id),
	}
	setField(&c.Extension, lis.FieldITCConfig, p.course.config)
	setField(&c.Extension, lis.FieldITCSubpart, p.course.subpart)
	setOrder(&c.Extension, len(p.classes))
	if err := p.classAttributes(e, c); err != nil {
		return err
	}
	room, err := e.flag("room", true)
	if err != nil {
		return err
	}
	request := lis.Request{NoRoom: !room}
	e.bound(p.s.limits.Children, "Children")
	err = p.s.each(e, map[string]kind{
		"room": {"id penalty", func(e *element) error { return p.allowedRoom(e, &request) }},
		"time": {"days start length weeks penalty", func(e *element) error { return p.allowedTime(e, &request) }},
	})
	if err != nil {
		return err
	}
	c.SetRequest(request)
	c.SetPlan(lis.Plan{State: lis.PlanRequested})
	return p.emit(replaceSection, &lis.Record{ID: p.g.sourcedID(partClass, id), Object: c})
}

func (p *problem) classAttributes(e *element, c *lis.CourseSection) error {
	limit, err := e.numberOr("limit", 0, maxNumber, -1)
	if err != nil {
		return err
	}
	if limit >= 0 {
		c.MaxNumberOfStudents = new(int64(limit))
	}
	if e.get("parent") == "" {
		return nil
	}
	parent, err := e.id("parent")
	if err != nil {
		return err
	}
	if parent == e.get("id") {
		return e.fault("it is its own parent; name the class that is taken with it, or leave the attribute out")
	}
	if !p.classes[parent] { // it may come later
		p.want(&p.parents, parent, e)
	}
	c.SetSectionLink(lis.SectionLink{Parent: p.g.sourcedID(partClass, parent)})
	return nil
}

func (p *problem) allowedRoom(e *element, r *lis.Request) error {
	id, err := e.id("id")
	if err != nil {
		return err
	}
	if !p.rooms[id] {
		return e.fault("the room is not in the problem; correct the id, or add the room")
	}
	penalty, err := e.numberOr("penalty", -maxNumber, maxNumber, 0)
	if err != nil {
		return err
	}
	r.Rooms = append(r.Rooms, lis.Preference{Of: string(p.g.sourcedID(partRoom, id)), Preference: penalty})
	return p.s.each(e, nil)
}

func (p *problem) allowedTime(e *element, r *lis.Request) error {
	s, err := p.g.span(e, true)
	if err != nil {
		return err
	}
	penalty, err := e.numberOr("penalty", -maxNumber, maxNumber, 0)
	if err != nil {
		return err
	}
	r.Times = append(r.Times, lis.TimePreference{
		Days: s.days, Weeks: s.weeks, StartDate: p.g.begin, Start: s.start, Length: s.length, Preference: penalty,
	})
	return p.s.each(e, nil)
}
