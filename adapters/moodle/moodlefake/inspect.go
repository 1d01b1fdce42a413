package moodlefake

import (
	"slices"
	"strconv"
)

// A User is an account, for people who look.
type User struct {
	ID                                           int
	Username, First, Last, Email, Idnumber, Auth string
	Suspended                                    bool
}

// A Course is a course, for people who look.
type Course struct {
	ID                            int
	Idnumber, Shortname, Fullname string
	Category                      string // its idnumber
	Start, End                    int64
	Visible                       bool
	Groups                        []string // idnumbers
}

// An Enrolment is one user's part in a course.
type Enrolment struct {
	Roles      []string // shortnames
	Suspended  bool
	Start, End int64
	Groups     []string // idnumbers
}

// Counts say how much there is.
type Counts struct{ Users, Categories, Courses, Enrolments, Active int }

// User returns the accounts with an idnumber: there may be several.
func (s *Site) User(idnumber string) []User {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []User
	for _, id := range s.idnumbers[idnumber] {
		u := s.users[id]
		found = append(found, User{u.ID, u.Username, u.First, u.Last, u.Email, u.Idnumber, u.Auth, u.Suspended})
	}
	return found
}

// Course returns the course with an idnumber.
func (s *Site) Course(idnumber string) (Course, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	co := s.courses[s.sections[idnumber]]
	if co == nil {
		return Course{}, false
	}
	c := Course{ID: co.ID, Idnumber: co.Idnumber, Shortname: co.Shortname, Fullname: co.Fullname, Start: co.Start, End: co.End, Visible: co.Visible}
	if k := s.categories[co.Category]; k != nil {
		c.Category = k.Idnumber
	}
	for _, g := range s.groups {
		if g.CourseID == co.ID {
			c.Groups = append(c.Groups, g.Idnumber)
		}
	}
	slices.Sort(c.Groups)
	return c, true
}

// Category returns the name of the category with an idnumber, and its parent's idnumber.
func (s *Site) Category(idnumber string) (name, parent string, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	k := s.categoryBy(idnumber)
	if k == nil {
		return "", "", false
	}
	if p := s.categories[k.Parent]; p != nil {
		parent = p.Idnumber
	}
	return k.Name, parent, true
}

// Enrolment returns a user's part in a course, by their idnumbers.
func (s *Site) Enrolment(course, user string) (Enrolment, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	co, id := s.courses[s.sections[course]], s.only(user)
	if co == nil || co.enrolments[id] == nil {
		return Enrolment{}, false
	}
	e := Enrolment{Suspended: co.enrolments[id].suspended, Start: co.enrolments[id].start, End: co.enrolments[id].end}
	for _, role := range co.roles[id] {
		e.Roles = append(e.Roles, s.roleName(role))
	}
	for _, g := range s.groups {
		if g.CourseID == co.ID && g.members[id] {
			e.Groups = append(e.Groups, g.Idnumber)
		}
	}
	slices.Sort(e.Groups)
	return e, true
}

func (s *Site) only(idnumber string) int {
	if ids := s.idnumbers[idnumber]; len(ids) > 0 {
		return ids[0]
	}
	return 0
}

// SetGrade gives a user a final grade in a course, by their idnumbers.
func (s *Site) SetGrade(course, user string, value float64) bool {
	return s.grade(course, user, grade{value: value, graded: s.now()})
}

// SetUnready gives a grade that Moodle has still to calculate again.
func (s *Site) SetUnready(course, user string, value float64) bool {
	return s.grade(course, user, grade{value: value, graded: s.now(), stale: true})
}

func (s *Site) grade(course, user string, g grade) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	co, id := s.courses[s.sections[course]], s.only(user)
	if co == nil || id == 0 {
		return false
	}
	if co.total == 0 {
		s.last.item += 2
		co.total = s.last.item - 1
		co.items = []gradeItem{{s.last.item, "Final exam", "LI-" + strconv.Itoa(co.ID)}}
	}
	co.grades[id] = g
	return true
}

// Counts counts accounts (the site's own three left out), categories, courses
// and enrolments.
func (s *Site) Counts() Counts {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := Counts{Categories: len(s.categories) - 1, Courses: len(s.courses) - 1}
	for _, u := range s.users {
		if u.ID > 3 && !u.deleted {
			n.Users++
		}
	}
	for _, co := range s.courses {
		n.Enrolments += len(co.enrolments)
		for _, e := range co.enrolments {
			if !e.suspended {
				n.Active++
			}
		}
	}
	return n
}

// page1 returns the part of a list that was asked for.
func page1[T any](all []T, from, number string) []T {
	f, _ := strconv.Atoi(from)
	n, _ := strconv.Atoi(number)
	all = all[min(f, len(all)):]
	if n > 0 && n < len(all) {
		all = all[:n]
	}
	return all
}
