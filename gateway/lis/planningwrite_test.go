package lis

import (
	"slices"
	"testing"
)

// names returns the fields of an extension in their order.
func names(e *Extension) []string {
	var list []string
	if e != nil {
		for _, f := range e.Field {
			list = append(list, f.FieldName+"="+f.FieldValue)
		}
	}
	return list
}

func holdFields(t *testing.T, e *Extension, want ...string) {
	t.Helper()
	if got := names(e); !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func TestSetMeetings(t *testing.T) {
	c := &CourseSection{Extension: extensionOf("a", "1", "meeting.5.endTime", "11:00", "meeting.5.colour", "red", "b", "2", "meeting.9.arranged", "true",
		"meeting.9.smell", "none", "meeting.8.odd", "kept", "meeting.5.days", "1000000", "meeting.5.startTime", "10:00", "meeting.odd", "x")}
	ms, err := c.Meetings()
	if err != nil || len(ms) != 2 {
		t.Fatal(ms, err)
	}
	c.SetMeetings([]Meeting{{Arranged: true}, ms[0], {N: 5, Arranged: true}})
	holdFields(t, c.Extension, "a=1", "meeting.5.days=1000000", "meeting.5.startTime=10:00", "meeting.5.endTime=11:00", "meeting.5.colour=red",
		"meeting.6.arranged=true", "meeting.7.arranged=true", "b=2", "meeting.8.odd=kept", "meeting.odd=x")
	if c.Extension.NameVocabulary != "LocallyDefined" || c.Extension.Field[5].FieldType != typeBoolean {
		t.Errorf("%+v", c.Extension)
	}
	if c.Meeting.String() != "M 10:00-11:00; arranged; arranged" {
		t.Error(c.Meeting.String())
	}
}

func TestSetMeetingsOfNone(t *testing.T) {
	c := &CourseSection{Meeting: NewText("sv", "0800 - 0947"), Location: NewText("sv", "Main Campus")}
	c.SetMeetings(nil)
	if c.Extension != nil || c.Meeting.String() != "0800 - 0947" {
		t.Errorf("a section without meetings has lost its text: %v", c.Meeting)
	}
	c.SetMeetings([]Meeting{{Arranged: true}})
	if c.Extension.NameVocabulary != PlanningVocabulary || c.Meeting.Language != "sv" || c.Location.String() != "Main Campus" {
		t.Errorf("%+v", c)
	}
	c.SetMeetings([]Meeting{{Arranged: true, RoomName: "D1"}})
	if *c.Location != (Text{"sv", "D1"}) {
		t.Errorf("%+v", c.Location)
	}
	c.SetMeetings(nil)
	if c.Extension != nil || c.Meeting != nil {
		t.Errorf("what is left: %+v", c)
	}
	c.Title = NewText("de", "Titel")
	c.SetMeetings([]Meeting{{Arranged: true}})
	if c.Meeting.Language != "de" {
		t.Errorf("%+v", c.Meeting)
	}
}

func TestNumbersOf(t *testing.T) {
	for _, c := range []struct{ has, want []int }{
		{[]int{0, 0}, []int{1, 2}},
		{[]int{0, 7, 0, 7, -3}, []int{8, 7, 9, 10, 11}},
		{[]int{maxNumber, 0, 1, maxNumber + 1}, []int{maxNumber, 2, 1, 3}},
	} {
		if got := numbersOf(c.has); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, not %v", c.has, got, c.want)
		}
	}
}

func TestSet(t *testing.T) {
	var e *Extension
	Extend(&e).Set(FieldITCOrder, "3")
	e.Set("x", "1")
	e.Set(FieldITCOrder, "4")
	e.Set("none", "")
	e.Set(FieldName(FieldUniTimeClass, 2), "c")
	holdFields(t, e, "itc2019.order=4", "x=1", "unitime.class.2=c")
	if e.Field[0].FieldType != typeInteger || e.Field[1].FieldType != typeString || e.NameVocabulary != PlanningVocabulary {
		t.Errorf("%+v", e)
	}
	e.Set("x", "")
	holdFields(t, e, "itc2019.order=4", "unitime.class.2=c")
}

func TestSetRoom(t *testing.T) {
	g := &Group{Description: &Description{ShortDescription: NewText("sv", "Gamla"), LongDescription: NewText("sv", "Lång")}}
	if g.IsRoom() {
		t.Error("a group without a type is a room")
	}
	g.SetRoom(Room{Name: "D1", Capacity: 40})
	g.SetRoom(Room{Name: "D1", Capacity: 40})
	if !g.IsType(FacilityType) || len(g.GroupType.TypeValue) != 1 || *g.Description.ShortDescription != (Text{"sv", "D1"}) {
		t.Errorf("%+v", g)
	}
	g.SetRoom(Room{})
	if g.Extension != nil || g.Description.ShortDescription != nil || g.Description.LongDescription == nil {
		t.Errorf("%+v", g)
	}
	if !(&Group{GroupType: &GroupType{TypeValue: []TypeValue{{ID: NewText("", " FACILITY")}}}}).IsRoom() {
		t.Error("the case of a type counts")
	}
}

func TestPlanningLinks(t *testing.T) {
	c := &CourseSection{ParentOfferingID: "o"}
	c.SetMeetings([]Meeting{{Arranged: true, Room: "r1", Instructors: []MeetingInstructor{{Person: "p"}}}, {Arranged: true, Room: "r1"}, {Arranged: true, Room: "r2"}})
	want := []Link{{LinkOffering, "o"}, {LinkRoom, "r1"}, {LinkInstructor, "p"}, {LinkRoom, "r2"}}
	if got := c.Links(); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
