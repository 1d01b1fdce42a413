package blackboardfake

import (
	"fmt"
	"slices"
)

// store writes one row and returns what was wrong with it.
func (l *Learn) store(object string, row map[string]string) string {
	if l.RowError != nil {
		if problem := l.RowError(object, row); problem != "" {
			return problem
		}
	}
	if source := row["data_source_key"]; source != "" && len(l.DataSources) > 0 && !slices.Contains(l.DataSources, source) {
		return "the data source does not exist"
	}
	for _, key := range []string{"external_person_key", "external_course_key"} {
		if n := len([]rune(row[key])); n > 64 {
			return fmt.Sprintf("%s is too long", key)
		}
	}
	switch object {
	case "person":
		return l.storeUser(row)
	case "course":
		return l.storeCourse(row)
	}
	return l.storeMember(row)
}

func removing(row map[string]string) bool {
	return row["row_status"] == "disabled" || row["row_status"] == "deleted"
}

// set writes a column that the row has.
func set(row map[string]string, column string, place *string) {
	if v, ok := row[column]; ok {
		*place = v
	}
}

func setAvailable(row map[string]string, place *bool) {
	if v, ok := row["available_ind"]; ok {
		*place = v == "Y"
	}
}

func (l *Learn) storeUser(row map[string]string) string {
	key := row["external_person_key"]
	u := l.users.get(key)
	if renamed := row["new_external_person_key"]; renamed != "" {
		if u == nil || l.users.has(renamed) {
			return "the user cannot be renamed"
		}
		l.renameUser(u, renamed)
		return ""
	}
	if u == nil {
		if row["user_id"] == "" || row["firstname"] == "" || row["lastname"] == "" {
			return "a required field is missing"
		}
		if removing(row) {
			return ""
		}
		u = &user{ID: l.next(), ExternalID: key, Status: "enabled", Available: true}
	}
	for _, k := range l.users.keys {
		if other := l.users.get(k); other != u && other.UserName == row["user_id"] && row["user_id"] != "" {
			return "the user name is taken"
		}
	}
	if row["row_status"] == "deleted" {
		l.users.drop(key)
		l.effects++
		return ""
	}
	before := snapshot(u)
	for column, place := range map[string]*string{
		"user_id": &u.UserName, "firstname": &u.Given, "middlename": &u.Middle, "lastname": &u.Family, "email": &u.Email,
		"institution_role": &u.Role, "row_status": &u.Status, "data_source_key": &u.Source,
	} {
		set(row, column, place)
	}
	setAvailable(row, &u.Available)
	l.count(before != snapshot(u) || !l.users.has(key))
	l.users.put(key, u)
	return ""
}

func (l *Learn) count(effect bool) {
	if effect {
		l.effects++
	}
}

func (l *Learn) renameUser(u *user, renamed string) {
	for _, k := range slices.Clone(l.members.keys) {
		if m := l.members.get(k); m.Person == u.ExternalID {
			l.members.drop(k)
			m.Person = renamed
			l.members.put(pair(m.Course, renamed), m)
		}
	}
	l.users.drop(u.ExternalID)
	u.ExternalID = renamed
	l.users.put(renamed, u)
	l.effects++
}

func (l *Learn) renameCourse(c *course, renamed string) {
	for _, k := range slices.Clone(l.members.keys) {
		if m := l.members.get(k); m.Course == c.ExternalID {
			l.members.drop(k)
			m.Course = renamed
			l.members.put(pair(renamed, m.Person), m)
		}
	}
	l.courses.drop(c.ExternalID)
	c.ExternalID = renamed
	l.courses.put(renamed, c)
	l.effects++
}

func (l *Learn) storeCourse(row map[string]string) string {
	key := row["external_course_key"]
	c := l.courses.get(key)
	if renamed := row["new_external_course_key"]; renamed != "" {
		if c == nil || l.courses.has(renamed) {
			return "the course cannot be renamed"
		}
		l.renameCourse(c, renamed)
		return ""
	}
	if c == nil {
		if row["course_id"] == "" || row["course_name"] == "" {
			return "a required field is missing"
		}
		if removing(row) {
			return ""
		}
		c = &course{ID: l.next(), ExternalID: key, CourseID: row["course_id"], Status: "enabled", Available: true} // the course id never changes
	}
	if row["row_status"] == "deleted" {
		l.courses.drop(key)
		l.effects++
		return ""
	}
	before := snapshot(c)
	for column, place := range map[string]*string{
		"course_name": &c.Name, "start_date": &c.Start, "end_date": &c.End, "row_status": &c.Status, "data_source_key": &c.Source,
	} {
		set(row, column, place)
	}
	setAvailable(row, &c.Available)
	l.count(before != snapshot(c) || !l.courses.has(key))
	l.courses.put(key, c)
	return ""
}

var fileRoles = []string{"Instructor", "teaching_assistant", "course_builder", "Grader", "Student", "guest", "none"}

func (l *Learn) storeMember(row map[string]string) string {
	if !l.courses.has(row["external_course_key"]) || !l.users.has(row["external_person_key"]) {
		return "the user or the course does not exist"
	}
	if role, ok := row["role"]; ok && !slices.Contains(fileRoles, role) {
		return "the role does not exist"
	}
	key := pair(row["external_course_key"], row["external_person_key"])
	m := l.members.get(key)
	if m == nil {
		if removing(row) {
			return ""
		}
		m = &membership{Course: row["external_course_key"], Person: row["external_person_key"], Role: "Student", Status: "enabled", Available: true}
	}
	if row["row_status"] == "deleted" {
		l.members.drop(key)
		l.effects++
		return ""
	}
	before := snapshot(m)
	for column, place := range map[string]*string{"role": &m.Role, "row_status": &m.Status, "data_source_key": &m.Source} {
		set(row, column, place)
	}
	setAvailable(row, &m.Available)
	l.count(before != snapshot(m) || !l.members.has(key))
	l.members.put(key, m)
	return ""
}
