package moodlefake

import (
	"fmt"
	"slices"
)

// A grade is what somebody has in a course, all in all.
type grade struct {
	value  float64
	graded int64
	stale  bool // gradeneedsupdate
	locked bool
}

// A gradeItem is a column that a teacher made.
type gradeItem struct {
	id             int
	name, idnumber string
}

// gradeItems answers for one user, enrolled or not, or for all students.
func (s *Site) gradeItems(c *call) (any, *exception) {
	co := s.courses[c.num("courseid")]
	if co == nil {
		return nil, noRecord("course")
	}
	var ids []int
	for _, id := range co.order {
		if slices.Contains(co.roles[id], s.o.Roles["student"]) { // only they have grades
			ids = append(ids, id)
		}
	}
	if one := c.num("userid"); one != 0 {
		if s.users[one] == nil {
			return nil, &exception{"dml_missing_record_exception", "invaliduser", "Invalid user", ""}
		}
		ids = []int{one}
	}
	reports := []row{}
	for _, id := range ids {
		u := s.users[id]
		items := []row{}
		for _, it := range co.items {
			r := co.gradeRow(id)
			r["id"], r["itemname"], r["itemtype"], r["idnumber"], r["itemnumber"], r["categoryid"] = it.id, it.name, "manual", it.idnumber, 0, 2
			if r["graderaw"] != nil {
				r["weightraw"], r["weightformatted"] = 1, "100.00 %"
			}
			items = append(items, r)
		}
		total := co.gradeRow(id)
		total["id"], total["itemname"], total["itemtype"], total["iteminstance"] = co.total, nil, "course", co.ID
		if total["graderaw"] != nil {
			total["feedbackformat"] = 2
		}
		reports = append(reports, row{"courseid": co.ID, "courseidnumber": co.Idnumber, "userid": id, "userfullname": u.Full,
			"useridnumber": u.Idnumber, "maxdepth": 2, "gradeitems": append(items, total)})
	}
	return row{"usergrades": reports, "warnings": []row{}}, nil
}

func (co *course) gradeRow(id int) row {
	r := row{"itemmodule": nil, "iteminstance": nil, "itemnumber": nil, "idnumber": nil, "categoryid": nil, "outcomeid": nil, "scaleid": nil,
		"locked": false, "graderaw": nil, "gradedatesubmitted": nil, "gradedategraded": nil, "gradehiddenbydate": false,
		"gradeneedsupdate": false, "gradeishidden": false, "gradeislocked": false, "gradeisoverridden": false, "gradeformatted": "-",
		"grademin": 0, "grademax": 100, "rangeformatted": "0&ndash;100", "percentageformatted": "-", "feedback": "", "feedbackformat": 0}
	if g, ok := co.grades[id]; ok {
		r["graderaw"], r["gradedategraded"] = g.value, g.graded
		r["gradeformatted"], r["percentageformatted"] = fmt.Sprintf("%.2f", g.value), fmt.Sprintf("%.2f %%", g.value)
		r["gradeneedsupdate"], r["gradeislocked"] = g.stale, g.locked
	}
	return r
}

func (s *Site) courseItems(c *call) (any, *exception) {
	co := s.courses[c.num("courseid")]
	if co == nil {
		return nil, noRecord("course")
	}
	items := []row{}
	for _, it := range co.items {
		items = append(items, row{"id": fmt.Sprint(it.id), "itemname": it.name, "category": co.Fullname})
	}
	return row{"gradeItems": items, "warnings": []row{}}, nil
}

// updateGrades refuses: it needs an activity, and a gateway has none. [K: the code]
func (s *Site) updateGrades(*call) (any, *exception) {
	return nil, moodle("invalidcoursemodule", "Invalid course module ID")
}
