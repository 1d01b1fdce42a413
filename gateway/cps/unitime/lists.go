package unitime

import (
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// term adds the group of the academic session.
func (r *reading) term(operation string, begin, end lis.Date) {
	g := &lis.Group{
		GroupType:   &lis.GroupType{TypeValue: []lis.TypeValue{{Type: r.textOf("TERM")}}},
		Description: &lis.Description{ShortDescription: r.textOf(strings.TrimSpace(r.header.Term + " " + r.header.Year)), LongDescription: r.textOf(r.header.Campus)},
	}
	if begin != 0 || end != 0 {
		g.TimeFrame = &lis.TimeFrame{Begin: begin.String(), End: end.String()}
	}
	r.mention(operation, r.session, g)
}

// sessionDates reads the dates of a session. Classes end before the session does.
func (r *reading) sessionDates(e *element) error {
	if !r.is(e, "sessionDates") {
		return nil
	}
	var days [2]lis.Date
	for i, name := range []string{"beginDate", "endDate"} {
		d, err := r.formats.readDate(e.text(name))
		if err != nil {
			return e.refuse(name, "write it as the root's dateFormat says", "%v", err)
		}
		days[i] = d
	}
	if days[1] < days[0] {
		return e.refuse("endDate", "mend one of the two", "is before the beginDate")
	}
	r.told(e, "beginDate", "endDate")
	r.term("replaceGroup", days[0], days[1])
	return nil
}

// told tells of attributes that are not held.
func (r *reading) told(e *element, held ...string) {
	for _, a := range e.attrs {
		known := false
		for _, name := range held {
			known = known || name == a.name
		}
		if !known {
			r.Unknown(e.path + "/@" + a.name)
		}
	}
}

// building reads a building with its rooms.
func (r *reading) building(e *element) error {
	if !r.is(e, "building") {
		return nil
	}
	abbreviation := e.text("abbreviation")
	if abbreviation == "" {
		return e.refuse("abbreviation", "give it", "is missing")
	}
	r.told(e, "abbreviation")
	for _, k := range e.all("room") {
		if err := r.room(k, abbreviation); err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) room(e *element, building string) error {
	room := lis.Room{Name: e.text("roomNumber"), Building: building, Campus: r.header.Campus, X: e.text("locationX"), Y: e.text("locationY")}
	if room.Name == "" {
		return e.refuse("roomNumber", "give it", "is missing")
	}
	if s := e.text("capacity"); s != "" {
		n, err := strconv.ParseUint(s, 10, 24)
		if err != nil {
			return e.refuse("capacity", "mend it", "%q is no number of seats", s)
		}
		room.Capacity = int(n)
	}
	r.told(e, "roomNumber", "capacity", "locationX", "locationY", "externalId", "displayName")
	for _, list := range append(e.all("roomFeatures"), e) {
		for _, f := range list.all("roomFeature") {
			room.Features = append(room.Features, feature(f)...)
		}
	}
	id := lis.SourcedID(e.text("externalId"))
	if id == "" {
		id = r.resolve(lis.KindGroup, building+" "+room.Name, made("room", r.header.Campus, building, room.Name))
	}
	if !r.first(lis.KindGroup, id) {
		return e.refuse("externalId", "keep one of them", "a room is in the file twice")
	}
	g := &lis.Group{}
	g.SetRoom(room)
	if g.Description != nil {
		g.Description.LongDescription = r.textOf(e.text("displayName"))
	}
	r.emit("replaceGroup", id, g)
	return nil
}

// feature reads what a room has: its name, with the value unless that only
// says yes; nothing when it says no.
func feature(e *element) []string {
	name, value := e.text("feature"), e.text("value")
	switch strings.ToLower(value) {
	case "false", "no", "0":
		return nil
	case "", "true", "yes", "1":
		if name == "" {
			return nil
		}
		return []string{name}
	}
	return []string{strings.TrimPrefix(name+"="+value, "=")}
}

// staffMember reads a member of the staff.
func (r *reading) staffMember(e *element) error {
	if !r.is(e, "staffMember") {
		return nil
	}
	id := lis.SourcedID(e.text("externalId"))
	if id == "" {
		return e.refuse("externalId", "give it", "is missing")
	}
	r.told(e, "externalId", "firstName", "middleName", "lastName", "acadTitle", "email")
	p := r.human(e, e.text("acadTitle"))
	if p == nil {
		p = &lis.Person{}
	}
	p.Roles = []lis.EnterpriseRoles{{InstitutionRole: []lis.InstitutionRole{{InstitutionRoleType: &lis.BaseValue{InstanceValue: r.textOf("Faculty")}}}}}
	if !r.first(lis.KindPerson, id) {
		return e.refuse("externalId", "keep one of them", "a person is in the file twice")
	}
	r.emit("replacePerson", id, p)
	return nil
}

// human reads a name and an e-mail address; nil when there is neither.
func (r *reading) human(e *element, title string) *lis.Person {
	p := person(e.text("firstName"), e.text("middleName"), e.text("lastName"), title, r.Language)
	if email := e.text("email"); email != "" {
		if p == nil {
			p = &lis.Person{}
		}
		p.ContactInfo = []lis.ContactInfo{{ContactInfoType: &lis.BaseValue{InstanceValue: r.textOf("Email")}, ContactInfoValue: r.textOf(email)}}
	}
	return p
}

// student reads what a student is enrolled in.
func (r *reading) student(e *element) error {
	if !r.is(e, "student") {
		return nil
	}
	id := lis.SourcedID(e.text("externalId"))
	if id == "" {
		return e.refuse("externalId", "give it", "is missing")
	}
	r.told(e, "externalId", "firstName", "middleName", "lastName", "email")
	if p := r.human(e, ""); p != nil {
		r.mention("createPerson", id, p)
	}
	for _, k := range e.all("class") {
		of, kind := r.enrolled(k)
		if of == "" {
			return k.refuse("externalId", "give the externalId, the courseId, or subject and courseNbr", "nothing says what the student is in")
		}
		r.member(of, kind, id, "Learner")
	}
	return nil
}

// enrolled returns what a class element names: a section, or else an offering.
func (r *reading) enrolled(k *element) (of lis.SourcedID, kind string) {
	if id := k.text("externalId"); id != "" {
		return lis.SourcedID(id), "courseSection"
	}
	session := []string{r.header.Campus, r.header.Year, r.header.Term}
	course := []string{k.text("subject"), k.text("courseNbr")}
	class := []string{k.text("type"), k.text("suffix")}
	whole := course[0] != "" && course[1] != ""
	switch {
	case whole && class[0] != "" && class[1] != "":
		all := append(course, class...)
		return r.resolve(lis.KindCourseSection, strings.Join(all, " "), made("class", append(session, all...)...)), "courseSection"
	case k.text("courseId") != "":
		return lis.SourcedID(k.text("courseId")), "courseOffering"
	case whole:
		return r.resolve(lis.KindCourseOffering, strings.Join(course, " "), made("offering", append(session, course...)...)), "courseOffering"
	}
	return "", ""
}
