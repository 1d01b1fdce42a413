package moodlefake

import (
	"strconv"
)

// A course is a course with all that hangs on it.
type course struct {
	ID, Category                           int
	Fullname, Shortname, Idnumber, Summary string
	Format                                 string
	Start, End                             int64
	Visible                                bool
	GroupMode                              int
	Created, Modified                      int64

	enrolments map[int]*enrolment // by user
	order      []int              // users, as they were first enrolled
	roles      map[int][]int      // by user, in order of id
	grades     map[int]grade
	items      []gradeItem
	total      int // id of the course's own grade item
}

func (s *Site) addCourse(co *course) {
	s.last.course++
	co.ID, co.Created, co.Modified = s.last.course, s.now(), s.now()
	co.enrolments, co.roles, co.grades = map[int]*enrolment{}, map[int][]int{}, map[int]grade{}
	if co.Format == "" {
		co.Format = "topics"
	}
	s.courses[co.ID] = co
	s.shortnames[co.Shortname] = co.ID
	if co.Idnumber != "" {
		s.sections[co.Idnumber] = co.ID
	}
}

func (s *Site) createCourses(c *call) (any, *exception) {
	short, numbers := map[string]bool{}, map[string]bool{}
	for _, r := range c.list("courses") {
		name, id := r.str("shortname"), r.str("idnumber")
		switch {
		case s.categories[r.num("categoryid")] == nil:
			return nil, noCategory(r.num("categoryid"))
		case s.shortnames[name] != 0 || short[name]:
			return nil, shortTaken(name)
		case id != "" && (s.sections[id] != 0 || numbers[id]):
			return nil, numberTaken(id)
		case r.str("enddate") != "" && r.num("enddate") != 0 && r.num("enddate") < r.num("startdate"):
			return nil, moodle("enddatebeforestartdate", "The course end date must be after the start date.") // [K]
		}
		short[name], numbers[id] = true, true
	}
	made := []row{}
	for _, r := range c.list("courses") {
		co := &course{Category: r.num("categoryid"), Shortname: r.str("shortname"), Idnumber: r.str("idnumber"), Visible: true}
		co.set(r)
		s.addCourse(co)
		s.effect(c, co.Idnumber, true, r)
		made = append(made, row{"id": co.ID, "shortname": co.Shortname})
	}
	return made, nil
}

func shortTaken(name string) *exception {
	return moodle("shortnametaken", "Short name is already used for another course (%s)", name)
}

func numberTaken(id string) *exception {
	return moodle("courseidnumbertaken", "ID number is already used for another course (%s)", id)
}

// set takes the fields that need no index.
func (co *course) set(r *node) {
	set(r, "fullname", &co.Fullname)
	set(r, "summary", &co.Summary)
	set(r, "format", &co.Format)
	if r.has("startdate") {
		co.Start = int64(r.num("startdate"))
	}
	if r.has("enddate") {
		co.End = int64(r.num("enddate"))
	}
	if r.has("visible") {
		co.Visible = r.str("visible") == "1"
	}
	co.GroupMode = r.or("groupmode", co.GroupMode)
	co.Category = r.or("categoryid", co.Category)
}

// updateCourses makes each row on its own: one that cannot be is a warning.
func (s *Site) updateCourses(c *call) (any, *exception) {
	warnings := []row{}
	for _, r := range c.list("courses") {
		co := s.courses[r.num("id")]
		ex := s.recourse(co, r)
		if ex != nil {
			warnings = append(warnings, warning("course", r.num("id"), ex.Code, ex.Message))
			continue
		}
		before := co.row("")
		delete(s.shortnames, co.Shortname)
		delete(s.sections, co.Idnumber)
		set(r, "shortname", &co.Shortname)
		set(r, "idnumber", &co.Idnumber)
		co.set(r)
		s.shortnames[co.Shortname] = co.ID
		if co.Idnumber != "" {
			s.sections[co.Idnumber] = co.ID
		}
		s.effect(c, co.Idnumber, !same(before, co.row("")), r)
		co.Modified = s.now()
	}
	return row{"warnings": warnings}, nil
}

func (s *Site) recourse(co *course, r *node) *exception {
	if co == nil {
		return noRecord("course")
	}
	if id := s.shortnames[r.str("shortname")]; id != 0 && id != co.ID {
		return shortTaken(r.str("shortname"))
	}
	if id := s.sections[r.str("idnumber")]; id != 0 && id != co.ID {
		return numberTaken(r.str("idnumber"))
	}
	if r.has("categoryid") && s.categories[r.num("categoryid")] == nil {
		return noCategory(r.num("categoryid"))
	}
	return nil
}

func (s *Site) deleteCourses(c *call) (any, *exception) {
	warnings := []row{}
	for _, v := range c.list("courseids") {
		id, _ := strconv.Atoi(v.value)
		co := s.courses[id]
		if co == nil {
			warnings = append(warnings, warning("course", id, "unknowncourseidnumber", "Unknown course ID "+v.value))
			continue
		}
		delete(s.courses, id)
		delete(s.shortnames, co.Shortname)
		delete(s.sections, co.Idnumber)
		s.effect(c, co.Idnumber, true, nil)
	}
	return row{"warnings": warnings}, nil
}

func (s *Site) coursesByField(c *call) (any, *exception) {
	found, value := []row{}, c.str("value")
	add := func(id int) {
		if co := s.courses[id]; co != nil {
			name := ""
			if k := s.categories[co.Category]; k != nil {
				name = k.Name
			}
			found = append(found, co.row(name))
		}
	}
	switch c.str("field") {
	case "":
		for id := 1; id <= s.last.course; id++ {
			add(id)
		}
	case "id":
		id, _ := strconv.Atoi(value)
		add(id)
	case "idnumber":
		add(s.sections[value])
	case "shortname":
		add(s.shortnames[value])
	default:
		return nil, invalid("Invalid field name")
	}
	return row{"courses": found, "warnings": []row{}}, nil
}

// row is the course as it is answered.
func (co *course) row(categoryName string) row {
	visible := 0
	if co.Visible {
		visible = 1
	}
	return row{"id": co.ID, "fullname": co.Fullname, "displayname": co.Fullname, "shortname": co.Shortname, "courseimage": "",
		"categoryid": co.Category, "categoryname": categoryName, "sortorder": co.Category*10000 + co.ID, "summary": co.Summary, "summaryformat": 1,
		"summaryfiles": []row{}, "overviewfiles": []row{}, "showactivitydates": false, "showcompletionconditions": true,
		"contacts": []row{}, "enrollmentmethods": []string{"manual"}, "idnumber": co.Idnumber, "format": co.Format, "showgrades": 1,
		"newsitems": 5, "startdate": co.Start, "enddate": co.End, "maxbytes": 0, "showreports": 0, "visible": visible,
		"groupmode": co.GroupMode, "groupmodeforce": 0, "defaultgroupingid": 0, "enablecompletion": 1, "completionnotify": 0,
		"lang": "", "theme": "", "marker": 0, "legacyfiles": 0, "calendartype": "", "timecreated": co.Created, "timemodified": co.Modified,
		"requested": 0, "cacherev": co.Modified, "filters": []row{}, "courseformatoptions": []row{}}
}

func same(a, b row) bool {
	for _, key := range []string{"fullname", "shortname", "categoryid", "summary", "idnumber", "format", "startdate", "enddate", "visible", "groupmode"} {
		if a[key] != b[key] {
			return false
		}
	}
	return true
}
