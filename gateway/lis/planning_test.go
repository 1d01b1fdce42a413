package lis

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// The words as they can be written: what a reader finds nothing wrong with.

var (
	drawText   = rapid.StringMatching(`[A-Za-z0-9éß.:+/-]([A-Za-z0-9 é"<&]{0,8}[A-Za-z0-9é])?`)
	drawMaybe  = rapid.OneOf(rapid.Just(""), drawText)
	drawID     = rapid.Map(drawText, func(s string) SourcedID { return SourcedID(s) })
	drawDays   = rapid.Map(rapid.IntRange(1, 127), func(n int) Weekdays { return Weekdays(n) })
	drawWeeks  = rapid.Map(rapid.StringMatching(`[01]{0,106}`), func(s string) Weeks { return Weeks(s) })
	drawDate   = rapid.Map(rapid.IntRange(14000, 21000), func(n int) Date { return Date(n) })
	drawCount  = rapid.OneOf(rapid.Just(0), rapid.IntRange(0, maxNumber))
	drawSigned = rapid.OneOf(rapid.Just(0), rapid.IntRange(-maxNumber, maxNumber))
)

func drawPeriod(t *rapid.T) (first, last Date) {
	switch rapid.IntRange(0, 3).Draw(t, "period") {
	case 0:
		return 0, 0
	case 1:
		return drawDate.Draw(t, "startDate"), 0
	case 2:
		return 0, drawDate.Draw(t, "endDate")
	}
	first = drawDate.Draw(t, "startDate")
	return first, first + Date(rapid.IntRange(0, 7*(MaxWeeks-1)).Draw(t, "days"))
}

func drawTimes(t *rapid.T) (start, end Clock) {
	start = Clock(rapid.IntRange(0, maxClock-1).Draw(t, "start"))
	return start, Clock(rapid.IntRange(int(start)+1, maxClock).Draw(t, "end"))
}

// drawNumbers draws growing numbers, with gaps.
func drawNumbers(t *rapid.T, most int) []int {
	numbers := make([]int, rapid.IntRange(0, most).Draw(t, "count"))
	n := 0
	for i := range numbers {
		n += rapid.IntRange(1, 40).Draw(t, "step")
		numbers[i] = n
	}
	return numbers
}

func drawMeeting(t *rapid.T, n int) Meeting {
	m := Meeting{N: n, ID: drawMaybe.Draw(t, "id"), Weeks: drawWeeks.Draw(t, "weeks"), Start: NoClock, End: NoClock,
		TimeZone: drawMaybe.Draw(t, "zone"), Type: drawMaybe.Draw(t, "type"), Arranged: rapid.Bool().Draw(t, "arranged"),
		Room: SourcedID(drawMaybe.Draw(t, "room")), Building: drawMaybe.Draw(t, "building"), Campus: drawMaybe.Draw(t, "campus"),
		RoomName: drawMaybe.Draw(t, "roomName"), RoomCapacity: drawCount.Draw(t, "capacity")}
	m.StartDate, m.EndDate = drawPeriod(t)
	if !m.Arranged {
		m.Days = drawDays.Draw(t, "days")
		m.Start, m.End = drawTimes(t)
	}
	for _, k := range drawNumbers(t, 3) {
		m.Instructors = append(m.Instructors, MeetingInstructor{N: k, Person: drawID.Draw(t, "person"), Role: drawMaybe.Draw(t, "role"),
			Share: rapid.SampledFrom([]string{"", "0", "0.5", "1.00", ".25"}).Draw(t, "share"), Lead: rapid.Bool().Draw(t, "lead")})
	}
	return m
}

func drawMeetings(t *rapid.T) []Meeting {
	var ms []Meeting
	for _, n := range drawNumbers(t, 4) {
		ms = append(ms, drawMeeting(t, n))
	}
	return ms
}

func drawSlice[T any](t *rapid.T, name string, one func(*rapid.T) T) []T {
	var list []T
	for range rapid.IntRange(0, 3).Draw(t, name) {
		list = append(list, one(t))
	}
	return list
}

func drawPreference(t *rapid.T) Preference {
	return Preference{drawText.Draw(t, "of"), drawSigned.Draw(t, "preference")}
}

func drawTime(t *rapid.T) TimePreference {
	start, end := drawTimes(t)
	return TimePreference{Days: drawDays.Draw(t, "days"), Weeks: drawWeeks.Draw(t, "weeks"), StartDate: drawDate.Draw(t, "date"),
		Start: start, Length: int(end - start), Preference: drawSigned.Draw(t, "preference")}
}

func drawRequest(t *rapid.T) Request {
	text := func(t *rapid.T) string { return drawText.Draw(t, "text") }
	return Request{MinutesPerWeek: drawCount.Draw(t, "minutes"), NumberOfMeetings: drawCount.Draw(t, "meetings"),
		MinRoomCapacity: drawCount.Draw(t, "capacity"), RoomFeatures: drawSlice(t, "features", text), RoomGroups: drawSlice(t, "groups", text),
		Buildings: drawSlice(t, "buildings", drawPreference), Rooms: drawSlice(t, "rooms", drawPreference), NoRoom: rapid.Bool().Draw(t, "noRoom"),
		DatePattern: drawMaybe.Draw(t, "pattern"), Times: drawSlice(t, "times", drawTime),
		NotBefore: drawMaybe.Draw(t, "notBefore"), NotAfter: drawMaybe.Draw(t, "notAfter")}
}

func drawRoom(t *rapid.T) Room {
	r := Room{Name: drawMaybe.Draw(t, "name"), Capacity: drawCount.Draw(t, "capacity"), Building: drawMaybe.Draw(t, "building"),
		Campus: drawMaybe.Draw(t, "campus"), Features: drawSlice(t, "features", func(t *rapid.T) string { return drawText.Draw(t, "feature") }),
		X: rapid.SampledFrom([]string{"", "-1.5", "+7", "0"}).Draw(t, "x"), Y: rapid.SampledFrom([]string{"", "49.01"}).Draw(t, "y")}
	r.Unavailable = drawSlice(t, "unavailable", func(t *rapid.T) Unavailability {
		u := Unavailability{Days: drawDays.Draw(t, "days"), Weeks: drawWeeks.Draw(t, "weeks"), Start: NoClock, End: NoClock}
		if rapid.Bool().Draw(t, "timed") {
			u.Start, u.End = drawTimes(t)
		}
		u.StartDate, u.EndDate = drawPeriod(t)
		return u
	})
	r.Travel = drawSlice(t, "travel", func(t *rapid.T) Travel { return Travel{drawID.Draw(t, "to"), drawCount.Draw(t, "minutes")} })
	return r
}

func drawConstraints(t *rapid.T) []Constraint {
	var list []Constraint
	for _, n := range drawNumbers(t, 4) {
		list = append(list, Constraint{N: n, Type: drawText.Draw(t, "type"), Required: rapid.Bool().Draw(t, "required"), Penalty: drawSigned.Draw(t, "penalty"),
			Sections: drawSlice(t, "sections", func(t *rapid.T) SourcedID { return drawID.Draw(t, "section") })})
	}
	return list
}

// drawExtension draws what stood there before, some of it known.
func drawExtension(t *rapid.T) *Extension {
	if rapid.Bool().Draw(t, "bare") {
		return nil
	}
	names := []string{"x", "meeting.1.days", "meeting.1.colour", "meeting.7", "meeting.09.arranged", "request.time.1.days", "request.odd",
		"plan.state", "room.capacity", "room.lift", "constraint.2.type", "constraint.2.odd", "link.group", "demand.expected", "demand.odd"}
	e := &Extension{NameVocabulary: rapid.SampledFrom([]string{"", "LocallyDefined", PlanningVocabulary}).Draw(t, "vocabulary")}
	for range rapid.IntRange(1, 12).Draw(t, "fields") {
		e.Field = append(e.Field, ExtensionField{FieldName: rapid.SampledFrom(names).Draw(t, "name"), FieldType: "string", FieldValue: drawText.Draw(t, "value")})
	}
	return e
}

// TestRoundTrips holds that what was written is read again, whatever stood there.
func TestRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &CourseSection{Extension: drawExtension(t)}
		ms, q := drawMeetings(t), drawRequest(t)
		p := Plan{State: rapid.SampledFrom([]PlanState{"", PlanDraft, PlanRefused}).Draw(t, "state"), Version: rapid.Int64Range(0, 1<<62).Draw(t, "version"),
			Reason: drawMaybe.Draw(t, "reason"), Packet: drawMaybe.Draw(t, "packet"), Mode: rapid.SampledFrom([]string{"", PacketAudit}).Draw(t, "mode")}
		l := SectionLink{SourcedID(drawMaybe.Draw(t, "parent")), drawMaybe.Draw(t, "group")}
		c.SetMeetings(ms)
		c.SetRequest(q)
		c.SetPlan(p)
		c.SetSectionLink(l)
		same(t, ms)(c.Meetings())
		same(t, q)(c.Request())
		same(t, p)(c.Plan())
		same(t, l)(c.SectionLink(), nil)
		canonical(t, c, func() { c.SetMeetings(ms); c.SetRequest(q); c.SetPlan(p); c.SetSectionLink(l) })
	})
}

func TestRoundTripsOfOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, g, a := &CourseOffering{Extension: drawExtension(t)}, &Group{Extension: drawExtension(t)}, &SectionAssociation{Extension: drawExtension(t)}
		q, d := drawRequest(t), Demand{drawCount.Draw(t, "expected"), drawCount.Draw(t, "lastLike")}
		room, list := drawRoom(t), drawConstraints(t)
		o.SetRequest(q)
		o.SetDemand(d)
		g.SetRoom(room)
		a.SetConstraints(list)
		same(t, q)(o.Request())
		same(t, d)(o.Demand())
		same(t, room)(g.Room())
		same(t, list)(a.Constraints())
		if !g.IsRoom() {
			t.Fatal("a room that is none")
		}
		canonical(t, o, func() { o.SetRequest(q); o.SetDemand(d) })
		canonical(t, g, func() { g.SetRoom(room) })
		canonical(t, a, func() { a.SetConstraints(list) })
	})
}

func same[T any](t *rapid.T, want T) func(T, error) {
	t.Helper()
	return func(got T, err error) {
		t.Helper()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("read %v\n got %+v\nwant %+v", err, got, want)
		}
	}
}

// canonical holds that writing the same again changes no byte.
func canonical(t *rapid.T, o Object, again func()) {
	t.Helper()
	before, _ := MarshalRecord(&Record{Object: o})
	again()
	if after, _ := MarshalRecord(&Record{Object: o}); string(after) != string(before) {
		t.Fatalf("written again\n got %s\nwant %s", after, before)
	}
}
