package moodlefake

import (
	"slices"
	"strings"
)

type enrolment struct {
	suspended  bool
	start, end int64
}

func (s *Site) enrol(c *call) (any, *exception) {
	rows := c.list("enrolments")
	for _, r := range rows {
		if ex := s.mayEnrol(r); ex != nil {
			return nil, ex // one transaction: all rows or none
		}
	}
	for _, r := range rows {
		co, id := s.courses[r.num("courseid")], r.num("userid")
		changed := co.assign(id, r.num("roleid"))
		e := co.enrolments[id]
		if e == nil {
			e, changed = &enrolment{}, true
			co.enrolments[id] = e
			co.order = append(co.order, id)
		}
		before := *e
		e.suspended = r.str("suspend") == "1"
		e.start, e.end = int64(r.num("timestart")), int64(r.num("timeend")) // not given is 0, and so is a repeat [K]
		s.effect(c, s.pair(co, id), changed || before != *e, r)
	}
	return nil, nil
}

func (s *Site) mayEnrol(r *node) *exception {
	co := s.courses[r.num("courseid")]
	if co == nil {
		return invalid("You cannot execute functions in the course context (course id:%s).", r.str("courseid"))
	}
	if s.roleName(r.num("roleid")) == "" {
		return moodle("wsusercannotassign", "You don't have the permission to assign this role (%s) to this user (%s) in this course (%s).",
			r.str("roleid"), r.str("userid"), r.str("courseid"))
	}
	if u := s.users[r.num("userid")]; u == nil || u.deleted {
		return &exception{"coding_exception", "codingerror",
			"Coding error detected, it must be fixed by a programmer: User ID does not exist or is deleted!", ""}
	}
	return nil
}

// unenrol takes the grades along.
func (s *Site) unenrol(c *call) (any, *exception) {
	for _, r := range c.list("enrolments") {
		if s.courses[r.num("courseid")] == nil {
			return nil, invalid("You cannot execute functions in the course context (course id:%s).", r.str("courseid"))
		}
		if u := s.users[r.num("userid")]; u == nil {
			return nil, invalid("User not found")
		}
	}
	for _, r := range c.list("enrolments") {
		co, id := s.courses[r.num("courseid")], r.num("userid")
		changed := co.unenrol(id)
		for _, g := range s.groups {
			if g.CourseID == co.ID {
				delete(g.members, id)
			}
		}
		s.effect(c, s.pair(co, id), changed, r)
	}
	return nil, nil
}

func (co *course) unenrol(id int) bool {
	if co.enrolments[id] == nil {
		return false
	}
	delete(co.enrolments, id)
	delete(co.roles, id)
	delete(co.grades, id)
	co.order = slices.DeleteFunc(co.order, func(other int) bool { return other == id })
	return true
}

func (co *course) assign(id, role int) bool {
	if slices.Contains(co.roles[id], role) {
		return false
	}
	co.roles[id] = append(co.roles[id], role)
	slices.Sort(co.roles[id])
	return true
}

func (s *Site) assignRoles(c *call) (any, *exception) {
	for _, r := range c.list("assignments") {
		if r.str("contextlevel") != "course" || s.courses[r.num("instanceid")] == nil || s.users[r.num("userid")] == nil || s.roleName(r.num("roleid")) == "" {
			return nil, invalid("a role can be assigned in a course that is there")
		}
	}
	for _, r := range c.list("assignments") {
		co := s.courses[r.num("instanceid")]
		s.effect(c, s.pair(co, r.num("userid")), co.assign(r.num("userid"), r.num("roleid")), r)
	}
	return nil, nil
}

func (s *Site) unassignRoles(c *call) (any, *exception) {
	for _, r := range c.list("unassignments") {
		if r.str("contextlevel") != "course" || s.courses[r.num("instanceid")] == nil {
			return nil, invalid("a role can be taken in a course that is there")
		}
	}
	for _, r := range c.list("unassignments") {
		co, id := s.courses[r.num("instanceid")], r.num("userid")
		before := len(co.roles[id])
		co.roles[id] = slices.DeleteFunc(co.roles[id], func(role int) bool { return role == r.num("roleid") })
		s.effect(c, s.pair(co, id), before != len(co.roles[id]), r)
	}
	return nil, nil
}

func (s *Site) roleName(id int) string {
	for name, n := range s.o.Roles {
		if n == id {
			return name
		}
	}
	return ""
}

func (s *Site) pair(co *course, id int) string {
	key := ""
	if u := s.users[id]; u != nil {
		key = u.key()
	}
	return co.Idnumber + " " + key
}

type enrolledRole struct {
	ID        int    `json:"roleid"`
	Name      string `json:"name"`
	Shortname string `json:"shortname"`
	Sortorder int    `json:"sortorder"`
}

// enrolledUser has the fields that were asked for beside id and fullname.
type enrolledUser struct {
	ID       int             `json:"id"`
	Username *string         `json:"username,omitempty"`
	First    *string         `json:"firstname,omitempty"`
	Last     *string         `json:"lastname,omitempty"`
	Full     string          `json:"fullname"`
	Email    *string         `json:"email,omitempty"`
	Idnumber *string         `json:"idnumber,omitempty"`
	Roles    *[]enrolledRole `json:"roles,omitempty"`
}

func (s *Site) enrolledUsers(c *call) (any, *exception) {
	co := s.courses[c.num("courseid")]
	if co == nil {
		return nil, noRecord("course")
	}
	options := map[string]string{}
	for _, o := range c.list("options") {
		options[o.str("name")] = o.str("value")
	}
	ids := make([]int, 0, len(co.order))
	for _, id := range co.order {
		if e := co.enrolments[id]; e.active(s.now()) && options["onlysuspended"] == "1" || !e.active(s.now()) && options["onlyactive"] == "1" {
			continue
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	found := []enrolledUser{}
	for _, id := range page1(ids, options["limitfrom"], options["limitnumber"]) {
		found = append(found, s.enrolled(co, s.users[id], options["userfields"]))
	}
	return found, nil
}

func (e *enrolment) active(now int64) bool {
	return !e.suspended && (e.end == 0 || e.end > now) && e.start <= now
}

func (s *Site) enrolled(co *course, u *user, fields string) enrolledUser {
	e := enrolledUser{ID: u.ID, Full: u.Full}
	asked := strings.Split(fields, ",")
	for name, field := range map[string]struct {
		to   **string
		from *string
	}{"username": {&e.Username, &u.Username}, "firstname": {&e.First, &u.First}, "lastname": {&e.Last, &u.Last},
		"email": {&e.Email, &u.Email}, "idnumber": {&e.Idnumber, &u.Idnumber}} {
		if fields == "" || slices.Contains(asked, name) {
			*field.to = field.from
		}
	}
	if fields == "" || slices.Contains(asked, "roles") {
		roles := []enrolledRole{}
		for _, id := range co.roles[u.ID] {
			roles = append(roles, enrolledRole{ID: id, Shortname: s.roleName(id)})
		}
		e.Roles = &roles
	}
	return e
}
