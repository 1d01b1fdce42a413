package unitime

import (
	"slices"
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// instructorRole is the role of who teaches, in memberships and meetings.
const instructorRole = "Instructor"

// teachers returns the instructors that a class element names, each once as
// the meetings of a section name them.
func teachers(class *element, campus string) []lis.MeetingInstructor {
	var found []lis.MeetingInstructor
	for _, e := range class.all("instructor") {
		v := lis.MeetingInstructor{Person: personOf(e, campus), Role: e.text("responsibility"), Share: shareOf(e), Lead: !e.has("lead") || e.is("lead")}
		v.Role = orElse(v.Role, instructorRole)
		if v.Person != "" && !slices.Contains(found, v) {
			found = append(found, v)
		}
	}
	return found
}

// personOf returns who an instructor element names.
func personOf(e *element, campus string) lis.SourcedID {
	switch id, kept := e.text("id"), e.text(ours+"person"); {
	case id != "":
		return lis.SourcedID(id)
	case kept != "":
		return lis.SourcedID(kept)
	case e.text("fname")+e.text("mname")+e.text("lname") == "":
		return ""
	}
	return nameless(campus, e)
}

// shareOf returns a share as a part of 1. UniTime writes percent; a share of
// at most 1 is taken for a part [ours: nobody teaches one percent].
func shareOf(e *element) string {
	n, err := strconv.ParseFloat(e.text("share"), 64)
	if err != nil || !(n >= 0 && n <= 100) {
		return ""
	}
	if n > 1 {
		n /= 100
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// checkShare refuses a share that is none.
func checkShare(class *element) error {
	for _, e := range class.all("instructor") {
		if s, there := e.get("share"); there && s != "" && shareOf(e) == "" {
			return e.refuse("share", "mend it", "%q is no percentage from 0 to 100", s)
		}
		if e.text("id")+e.text("fname")+e.text("mname")+e.text("lname") == "" {
			return e.refuse("id", "give the id, or the name", "is missing")
		}
	}
	return nil
}

// percent writes a share as UniTime does, in whole percent.
func percent(share string) string {
	n, err := strconv.ParseFloat(share, 64)
	if err != nil || n < 0 || n > 1 {
		return ""
	}
	return strconv.Itoa(int(n*100 + 0.5))
}

// names are the parts of a name: the attribute and the part of a person.
var names = []struct{ attribute, part string }{{"fname", "First"}, {"mname", "Middle"}, {"lname", "Last"}, {"title", "Prefix"}}

// person makes the record of an instructor; nil when there is no name.
func person(first, middle, last, title, language string) *lis.Person {
	p := &lis.Person{}
	var name lis.Name
	for i, value := range []string{first, middle, last, title} {
		if value = strings.TrimSpace(value); value != "" {
			name.PartName = append(name.PartName, lis.BaseValue{InstanceName: lis.NewText(language, names[i].part), InstanceValue: lis.NewText(language, value)})
		}
	}
	if len(name.PartName) == 0 {
		return nil
	}
	p.Name = []lis.Name{name}
	p.FormName = []lis.FormName{{FormattedName: lis.NewText(language, p.Formatted())}}
	return p
}

// teaching returns who teaches by the meetings of a section, each once.
func teaching(ms []lis.Meeting) []lis.MeetingInstructor {
	var found []lis.MeetingInstructor
	for i := range ms {
		for _, v := range ms[i].Instructors {
			v.N = 0
			if !slices.Contains(found, v) {
				found = append(found, v)
			}
		}
	}
	return found
}

// sameTeachers reports whether two lists name the same people for the same.
func sameTeachers(a, b []lis.MeetingInstructor) bool {
	if len(a) != len(b) {
		return false
	}
	for _, v := range a {
		if v.N = 0; !slices.Contains(b, v) {
			return false
		}
	}
	return true
}
