package moodlefake

// What somebody at the site does by hand. Such changes are no effects.

// Edit changes a user.
func (s *Site) Edit(idnumber string, change func(*User)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[s.only(idnumber)]
	if u == nil {
		return false
	}
	v := User{u.ID, u.Username, u.First, u.Last, u.Email, u.Idnumber, u.Auth, u.Suspended}
	change(&v)
	s.unindex(u)
	u.Username, u.First, u.Last, u.Email, u.Idnumber, u.Suspended = v.Username, v.First, v.Last, v.Email, v.Idnumber, v.Suspended
	u.Full = u.First + " " + u.Last
	s.index(u)
	return true
}

// EditCourse changes the names, the times and the visibility of a course.
func (s *Site) EditCourse(idnumber string, change func(*Course)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	co := s.courses[s.sections[idnumber]]
	if co == nil {
		return false
	}
	v := Course{ID: co.ID, Idnumber: idnumber, Shortname: co.Shortname, Fullname: co.Fullname, Start: co.Start, End: co.End, Visible: co.Visible}
	change(&v)
	delete(s.shortnames, co.Shortname)
	co.Shortname, co.Fullname, co.Start, co.End, co.Visible = v.Shortname, v.Fullname, v.Start, v.End, v.Visible
	s.shortnames[co.Shortname] = co.ID
	return true
}

// Unenrol takes a user out of a course, with the grades.
func (s *Site) Unenrol(course, user string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	co := s.courses[s.sections[course]]
	return co != nil && co.unenrol(s.only(user))
}
