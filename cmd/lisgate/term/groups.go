package term

import (
	"fmt"

	"lisgate/gateway/lis"
)

// The groups that every term has.
const (
	university   lis.SourcedID = "org-university"
	academicYear lis.SourcedID = "year-2026"
	Session      lis.SourcedID = "term-2026-fall" // the term itself
	sessionName                = "Fall 2026"
)

var faculties = [facultyCount]struct{ code, name string }{
	{"SCI", "Faculty of Science & Engineering"},
	{"HUM", "Faculty of Arts and Humanities"},
	{"SOC", "Faculty of Law and Social Sciences"},
	{"MED", "Faculty of Medicine and Health"},
}

func (t *Term) groupCount() int { return 3 + facultyCount + t.departments }

// groups sends the university, its faculties and departments, then the year
// and the term.
func (t *Term) groups(yield func(*lis.Call) bool) {
	list := []*lis.Record{group(university, "institution", "Example University", "")}
	for _, f := range faculties {
		list = append(list, group(facultyID(f.code), "faculty", f.name, university))
	}
	for i := range t.departments {
		list = append(list, department(i))
	}
	year := group(academicYear, "academicYear", "Academic year 2026/27", "")
	year.Object.(*lis.Group).TimeFrame = &lis.TimeFrame{Begin: "2026-09-01T00:00:00Z", End: "2027-08-31T23:59:59Z"}
	list = append(list, year, session())
	for _, r := range list {
		if !yield(replace(r)) {
			return
		}
	}
}

func facultyID(code string) lis.SourcedID { return lis.SourcedID("fac-" + code) }

func departmentID(i int) lis.SourcedID { return lis.SourcedID("dept-" + subjects[i].code) }

// department returns a department, with an address and a parent faculty.
func department(i int) *lis.Record {
	s := &subjects[i]
	r := group(departmentID(i), "department", "Department of "+s.name, facultyID(s.faculty))
	g := r.Object.(*lis.Group)
	g.Org = &lis.Org{OrgName: en("Example University"), OrgUnit: en(s.name), Type: en("department"), ID: en(string(r.ID))}
	g.Email = fmt.Sprintf("office.%s@example.edu", asciiLower(s.code))
	g.URL = fmt.Sprintf("https://www.example.edu/departments/%s?lang=en&view=full", asciiLower(s.code))
	return r
}

// session returns the term itself. Peers look for the word TERM in either of
// two places, so it stands in both.
func session() *lis.Record {
	r := group(Session, "TERM", sessionName, academicYear)
	g := r.Object.(*lis.Group)
	g.TimeFrame = timeFrame(en(sessionName))
	g.EnrollControl = &lis.EnrollControl{EnrollAccept: is(true), EnrollAllowed: is(true)}
	g.Description.LongDescription = lis.NewText("", "Teaching from 7 September to 18 December 2026")
	return r
}

func group(id lis.SourcedID, kind, name string, parent lis.SourcedID) *lis.Record {
	g := &lis.Group{
		GroupType: &lis.GroupType{
			Scheme:    en("IMS-LIS2.0"),
			TypeValue: []lis.TypeValue{{ID: lis.NewText("", kind), Type: en(kind), Level: en("1")}},
		},
		Org:         &lis.Org{OrgName: en("Example University"), ID: en(string(university))},
		Description: &lis.Description{ShortDescription: lis.NewText("", name)},
		DataSource:  agent,
	}
	if parent != "" {
		g.Relationship = []lis.Relationship{{
			RelationID: id + "/parent", Relation: "Parent", SourcedID: parent, Label: en("belongs to"),
		}}
	}
	return record(id, g)
}
