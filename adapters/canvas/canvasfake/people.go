package canvasfake

import (
	"fmt"
	"strings"
)

// section takes a section. One that is cross-listed stays where it is as long
// as the course that is named is the one it came from.
func (p *processing) section(r map[string]string) string {
	id, courseID, status := r["section_id"], r["course_id"], statusIn(r["status"], "active", "deleted")
	switch {
	case id == "":
		return "No section_id given for a section in course " + courseID
	case courseID == "":
		return "No course_id given for a section " + id
	case r["name"] == "" && status == "active":
		return fmt.Sprintf("No name given for section %s in course %s", id, courseID)
	case status == "":
		return fmt.Sprintf("Improper status \"%s\" for section %s in course %s", r["status"], id, courseID)
	}
	course := p.find("course", courseID)
	if course == nil {
		return fmt.Sprintf("Section %s references course %s which doesn't exist", id, courseID)
	}
	o := p.findOrAdd("section", id)
	if r["name"] != "" {
		p.set(o, "name", r["name"])
	}
	if o.parent != course && o.home != course {
		o.parent, o.home, p.changed = course, nil, true
	}
	p.set(o, "start_at", r["start_date"])
	p.set(o, "end_at", r["end_date"])
	p.set(o, "integration_id", r["integration_id"])
	p.set(o, "workflow_state", status)
	if status == "deleted" {
		p.emptied(o)
	}
	p.effect("section", id, status)
	return ""
}

// xlist moves a section into another course or back. The other course is made
// when it is not there, and moving back revives a course that was deleted.
func (p *processing) xlist(r map[string]string) string {
	id, status := r["xlist_course_id"], statusIn(r["status"], "active", "deleted")
	section := p.find("section", r["section_id"])
	switch {
	case id == "":
		return "No xlist_course_id given for a cross-listing"
	case r["section_id"] == "":
		return "No section_id given for a cross-listing"
	case status == "":
		return fmt.Sprintf("Improper status \"%s\" for a cross-listing", r["status"])
	case section == nil:
		return "A cross-listing referenced a non-existent section " + r["section_id"]
	}
	course := p.find("course", id)
	if status == "deleted" {
		if section.home != nil && (course == nil || section.parent == course) {
			section.parent, section.home, p.changed = section.home, nil, true
			if section.parent.State() == "deleted" {
				p.set(section.parent, "workflow_state", "claimed")
			}
		}
	} else {
		p.crosslist(section, course, id)
	}
	p.effect("xlist", id+" "+section.SIS, status)
	return ""
}

func (p *processing) crosslist(section, course *Object, id string) {
	if course == nil {
		course = p.findOrAdd("course", id)
		course.parent, course.term = section.parent.parent, section.parent.term
		for _, field := range []string{"name", "course_code"} {
			p.set(course, field, section.parent.Fields[field])
		}
		p.set(course, "workflow_state", "claimed")
	}
	if course.State() == "deleted" {
		p.set(course, "workflow_state", "claimed")
	}
	if section.parent == course {
		return
	}
	if section.home == nil {
		section.home = section.parent
	}
	section.parent, p.changed = course, true
}

// user takes a user. A login belongs to one user only; one who is deleted
// loses the enrolments.
func (p *processing) user(r map[string]string) string {
	id, login, status := r["user_id"], r["login_id"], statusIn(r["status"], "active", "suspended", "deleted")
	switch {
	case id == "":
		return "No user_id given for a user"
	case login == "":
		return "No login_id given for user " + id
	case status == "":
		return "Improper status for user " + id
	}
	key := strings.ToLower(login)
	if holder := p.a.logins[key]; holder != nil && holder.SIS != id && holder.State() != "deleted" {
		return fmt.Sprintf("An existing Canvas user with the SIS ID %s has already claimed %s's user_id requested login information, skipping", holder.SIS, id)
	}
	o := p.findOrAdd("user", id)
	p.set(o, "login_id", login)
	delete(p.a.logins, strings.ToLower(o.Fields["held"]))
	o.Fields["held"], p.a.logins[key] = login, o
	p.names(o, r)
	if r["email"] != "" {
		p.set(o, "email", r["email"])
	}
	p.set(o, "workflow_state", status)
	if status == "deleted" {
		for _, e := range p.a.lists[o] {
			p.remove(e)
		}
	}
	p.effect("user", id, status)
	return ""
}

// names: the full name wins over its parts, and what sorts is made of the
// parts when it is not given.
func (p *processing) names(o *Object, r map[string]string) {
	name := or(r["full_name"], strings.TrimSpace(r["first_name"]+" "+r["last_name"]))
	p.set(o, "name", or(name, or(o.Fields["name"], r["login_id"])))
	sortable := r["sortable_name"]
	if sortable == "" && r["full_name"] == "" && r["last_name"] != "" {
		sortable = strings.TrimSuffix(r["last_name"]+", "+r["first_name"], ", ")
	}
	p.set(o, "sortable_name", or(sortable, or(o.Fields["sortable_name"], o.Fields["name"])))
	p.set(o, "short_name", or(r["short_name"], or(o.Fields["short_name"], o.Fields["name"])))
}

// roleTypes are the built-in roles; CustomRole and the like are labels of the
// account's own, which count as students here [ours].
var roleTypes = map[string]string{"student": "StudentEnrollment", "teacher": "TeacherEnrollment", "ta": "TaEnrollment", "observer": "ObserverEnrollment", "designer": "DesignerEnrollment"}

func (p *processing) enrollment(r map[string]string) string {
	status := statusIn(r["status"], "active", "deleted", "completed", "inactive")
	switch {
	case r["course_id"] == "" && r["section_id"] == "":
		return "No course_id or section_id given for an enrollment"
	case r["user_id"] == "":
		return "No user_id given for an enrollment"
	case status == "":
		return fmt.Sprintf("Improper status \"%s\" for an enrollment", r["status"])
	}
	user := p.find("user", r["user_id"])
	if user == nil {
		return fmt.Sprintf("User %s didn't exist for user enrollment", r["user_id"])
	}
	section, problem := p.place(r["course_id"], r["section_id"])
	if problem != "" {
		return problem
	}
	kind, label := roleTypes[strings.ToLower(r["role"])], roleTypes[strings.ToLower(r["role"])]
	if strings.HasPrefix(r["role"], "Custom ") {
		kind, label = "StudentEnrollment", r["role"]
	}
	if kind == "" {
		return fmt.Sprintf("Improper role \"%s\" for an enrollment", r["role"])
	}
	if user.State() == "deleted" && status == "active" {
		return fmt.Sprintf("Attempted enrolling of deleted user %s in course %s", user.SIS, section.parent.SIS)
	}
	p.enrol(section, user, kind, label, status, r)
	return ""
}

// place finds the section; a course stands for its default section.
func (p *processing) place(courseID, sectionID string) (*Object, string) {
	course, section := p.find("course", courseID), p.find("section", sectionID)
	switch {
	case course == nil && section == nil:
		return nil, fmt.Sprintf("Neither course %s nor section %s existed for user enrollment", courseID, sectionID)
	case sectionID != "" && section == nil:
		return nil, "An enrollment referenced a non-existent section " + sectionID
	case courseID != "" && course == nil:
		return nil, "An enrollment referenced a non-existent course " + courseID
	case section == nil:
		return p.defaultSection(course), ""
	case course != nil && section.parent != course && section.home != course:
		return nil, "An enrollment listed a section and a course that are unrelated"
	}
	return section, ""
}

// defaultSection is the one that a course has of itself. It has no SIS ID.
func (p *processing) defaultSection(course *Object) *Object {
	for _, s := range p.a.tables["section"].rows {
		if s.parent == course && s.SIS == "" {
			return s
		}
	}
	s := p.a.add("section", "")
	delete(p.a.tables["section"].sis, "")
	s.parent = course
	s.Fields["name"], s.Fields["workflow_state"] = course.Fields["name"], "active"
	return s
}

func (p *processing) enrol(section, user *Object, kind, label, status string, r map[string]string) {
	key := enrollmentKey{section: section.ID, user: user.ID, role: label}
	watched := p.find("user", r["associated_user_id"])
	if kind != "ObserverEnrollment" {
		watched = nil
	}
	if watched != nil {
		key.associated = watched.ID
	}
	e := p.a.enrolled[key]
	if e == nil {
		e = &Enrollment{ID: p.a.id(), User: user, Section: section, Type: kind, Role: label, Associated: watched, Created: p.a.opts.Now()}
		p.a.enrolled[key] = e
		p.a.lists[section], p.a.lists[user] = append(p.a.lists[section], e), append(p.a.lists[user], e)
	}
	if e.State != status || e.Start != r["start_date"] || e.End != r["end_date"] {
		e.State, e.Start, e.End, e.Change, p.changed = status, r["start_date"], r["end_date"], p.a.opts.Now(), true
	}
	e.Import = p.i.id
	p.effect("enrollment", section.SIS+"/"+user.SIS+"/"+label, status)
}
