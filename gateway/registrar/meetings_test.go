package registrar

import (
	"testing"

	"lisgate/gateway/lis"
)

// fields of two meetings, some of which nobody can read.
func meetingFields(room, teacher string) *lis.Extension {
	e := &lis.Extension{NameVocabulary: lis.PlanningVocabulary}
	for _, f := range [][2]string{
		{"meeting.1.days", "MW"}, {"meeting.1.startTime", "25 o'clock"}, {"meeting.1.room", room}, {"meeting.1.mood", "good"},
		{"meeting.2.room", "other"}, {"meeting.2.instructor.1.sourcedId", "colleague"}, {"meeting.2.instructor.2.sourcedId", teacher},
		{"meeting.2.instructor.2.share", "a lot"}, {"room", room}} {
		e.Field = append(e.Field, lis.ExtensionField{FieldName: f[0], FieldType: "String", FieldValue: f[1]})
	}
	return e
}

// A room and a teacher are followed, and what cannot be read stays as it came.
func TestMeetingsFollowIdentifiers(t *testing.T) {
	h := newHouse(t)
	h.must(put("r", &lis.Group{}), call(lis.Create, lis.KindPerson, "p", "Teacher"),
		put("s", &lis.CourseSection{Extension: meetingFields("r", "p"), Location: lis.NewText("en", "the tower")}),
		put("else", &lis.CourseSection{Extension: meetingFields("r2", "p2")}))
	h.queued()
	h.must(&lis.Call{Operation: "changeGroupIdentifier", ID: "r", NewID: "R-1"}, &lis.Call{Operation: "changePersonIdentifier", ID: "p", NewID: "P-1"})
	s := h.object(lis.KindCourseSection, "s").(*lis.CourseSection)
	want := meetingFields("R-1", "P-1")
	want.Field[8].FieldValue = "r" // which is no field of a meeting
	for i, f := range want.Field {
		if got := s.Extension.Field[i]; got.FieldName != f.FieldName || got.FieldValue != f.FieldValue {
			t.Errorf("field %+v, want %+v", got, f)
		}
	}
	if s.Location.String() != "the tower" || s.Meeting != nil {
		t.Errorf("texts %v and %v", s.Location, s.Meeting)
	}
	h.expect(h.queued(), []string{"rekey group r", "put courseSection s", "rekey person p", "put courseSection s"}, "told")
}

// A place that names a room by its identifier follows too.
func TestPlaceFollowsIdentifier(t *testing.T) {
	h := newHouse(t)
	s := &lis.CourseSection{}
	s.SetMeetings([]lis.Meeting{{Arranged: true, Start: lis.NoClock, End: lis.NoClock, Room: "r"}})
	h.must(put("r", &lis.Group{}), put("s", s), &lis.Call{Operation: "changeGroupIdentifier", ID: "r", NewID: "R-1"})
	if s := h.object(lis.KindCourseSection, "s").(*lis.CourseSection); s.Location.String() != "R-1" {
		t.Errorf("the place is %q", s.Location)
	}
}

// A room and a teacher that are deleted stay named in the meetings.
func TestMeetingsKeepWhatIsDeleted(t *testing.T) {
	h := newHouse(t)
	h.must(put("r", &lis.Group{}), call(lis.Create, lis.KindPerson, "p", "Teacher"), put("s", &lis.CourseSection{Extension: meetingFields("r", "p")}))
	h.queued()
	h.must(call(lis.Delete, lis.KindGroup, "r", ""), call(lis.Delete, lis.KindPerson, "p", ""))
	h.expect(h.queued(), []string{"drop group r", "drop person p"}, "told")
}

// Who is merged into another no longer teaches; the other does.
func TestMergeMovesTeaching(t *testing.T) {
	h := newHouse(t)
	h.must(call(lis.Create, lis.KindPerson, "p", "One"), call(lis.Create, lis.KindPerson, "q", "Other"), put("s", &lis.CourseSection{Extension: meetingFields("r", "p")}))
	h.queued()
	if a := h.Merge(t.Context(), "jo", "p", "q"); !a.Status.OK() {
		t.Fatalf("%+v", a.Status)
	}
	if got := h.object(lis.KindCourseSection, "s").(*lis.CourseSection).Extension.Field[6].FieldValue; got != "q" {
		t.Errorf("%q teaches", got)
	}
	h.expect(h.queued(), []string{"put courseSection s", "drop person p"}, "told")
}
