package plan

import (
	"strconv"

	"lisgate/gateway"
	"lisgate/gateway/lis"
)

// A section of these stories meets on weekdays of one autumn.
var (
	begin, _ = lis.ParseDate("2026-09-07") // a Monday
	end, _   = lis.ParseDate("2026-12-11")
)

// seed has the SIS send a term with rooms, an offering and sections that ask
// for a plan.
func (h *house) seed(sections int) {
	h.Helper()
	term := &lis.Group{GroupType: &lis.GroupType{TypeValue: []lis.TypeValue{{Type: text("TERM")}}},
		TimeFrame: &lis.TimeFrame{Begin: begin.String() + "T00:00:00Z", End: end.String() + "T00:00:00Z"}}
	h.must(h.asSIS, replace(lis.KindGroup, "fall", term))
	for n := 1; n <= 3; n++ {
		g := new(lis.Group)
		g.SetRoom(lis.Room{Name: strconv.Itoa(100 + n), Building: "EDUC", Capacity: 30})
		h.must(h.asSIS, replace(lis.KindGroup, lis.SourcedID("room-"+strconv.Itoa(n)), g))
	}
	h.must(h.asSIS, replace(lis.KindCourseTemplate, "t", &lis.CourseTemplate{Title: text("Algebra")}))
	h.must(h.asSIS, replace(lis.KindCourseOffering, "o", &lis.CourseOffering{Title: text("Algebra"), ParentTemplateID: "t", AcademicSession: text("fall")}))
	for n := 1; n <= sections; n++ {
		h.must(h.asSIS, replace(lis.KindCourseSection, id(n), asked(n)))
	}
	h.idle()
}

func id(n int) lis.SourcedID { return lis.SourcedID("s-" + strconv.Itoa(n)) }

// asked is a section as the SIS asks for a plan of it.
func asked(n int) *lis.CourseSection {
	most, enrolled := int64(25), int64(20)
	c := &lis.CourseSection{Label: text("ALG-" + strconv.Itoa(n)), Title: text("Algebra " + strconv.Itoa(n)), ParentOfferingID: "o",
		Status: lis.StatusInactive, MaxNumberOfStudents: &most, NumberOfStudents: &enrolled}
	c.SetRequest(lis.Request{MinutesPerWeek: 150, NumberOfMeetings: 3, MinRoomCapacity: 25})
	return c
}

// planned is a section as a planner sends it.
func planned(n int, meetings ...lis.Meeting) *lis.CourseSection {
	c := asked(n)
	c.SetMeetings(meetings)
	return c
}

// in is a meeting on Monday, Wednesday and Friday.
func in(room int, start lis.Clock) lis.Meeting {
	days, _ := lis.ParseWeekdays("1010100")
	return lis.Meeting{Days: days, StartDate: begin, EndDate: end, Start: start, End: start + 50,
		Room: lis.SourcedID("room-" + strconv.Itoa(room)), Building: "EDUC", RoomName: strconv.Itoa(100 + room)}
}

func text(s string) *lis.Text { return lis.NewText("en", s) }

func replace(kind lis.Kind, id lis.SourcedID, o lis.Object) *lis.Call {
	return &lis.Call{Operation: lis.OperationFor(kind, lis.Replace), ID: id, Record: &lis.Record{ID: id, Object: o}}
}

func (h *house) plan(n int, c *lis.CourseSection) lis.Status {
	h.Helper()
	return h.say(h.asPlan, replace(lis.KindCourseSection, id(n), c)).Status
}

// field sets one field of a section by hand.
func field(c *lis.CourseSection, name, value string) *lis.CourseSection {
	for i := range c.Extension.Field {
		if c.Extension.Field[i].FieldName == name {
			c.Extension.Field[i].FieldValue = value
			return c
		}
	}
	c.Extension.Field = append(c.Extension.Field, lis.ExtensionField{FieldName: name, FieldType: "String", FieldValue: value})
	return c
}

// section returns a section as a system has it.
func (h *house) section(g *gateway.Gateway, n int) *lis.CourseSection {
	h.Helper()
	r := h.held(g, lis.KindCourseSection, id(n))
	if r == nil {
		h.Fatalf("section %s is not there", id(n))
	}
	return r.Object.(*lis.CourseSection)
}
