package lis

import "testing"

func day(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestMeetingText(t *testing.T) {
	mwf := Meeting{Days: 0b10101, StartDate: day("2010-08-23"), EndDate: day("2010-10-08"), Start: 570, End: 620, Building: "EDUC", RoomName: "103"}
	with := func(change func(*Meeting)) Meeting { m := mwf; change(&m); return m }
	for want, m := range map[string]Meeting{
		"MWF 09:30-10:20 EDUC 103 (2010-08-23..2010-10-08)":                mwf,
		"MWF 09:30-10:20 EDUC 103 (2010-08-23..2010-10-08, weeks 1,3,5-7)": with(func(m *Meeting) { m.Weeks = "1010111" }),
		"MWF 09:30-10:20 EDUC 103 (2010-08-23..2010-10-08, weeks 1-6)":     with(func(m *Meeting) { m.Weeks = "111111" }),
		"MWF 09:30-10:20 EDUC 103 (2010-08-23..2010-10-08, weeks none)":    with(func(m *Meeting) { m.Weeks = "0000000" }),
		"MWF 09:30-10:20 EDUC 104 (2010-08-23..2010-10-08)":                with(func(m *Meeting) { m.Weeks, m.RoomName = "1111111", "EDUC 104" }),
		"MWF 09:30-10:20 EDUC r-1 (2010-08-23..2010-09-05)":                with(func(m *Meeting) { m.Weeks, m.EndDate, m.RoomName, m.Room = "11", 0, "", "r-1" }),
		"MWF 09:30-10:20 EDUC (2010-08-23)":                                with(func(m *Meeting) { m.EndDate, m.RoomName = 0, "" }),
		"MWF 09:30-10:20 North (weeks 2)": with(func(m *Meeting) {
			m.StartDate, m.EndDate, m.Weeks, m.Building, m.RoomName, m.Campus = 0, 0, "01", "", "", "North"
		}),
		"MWF 09:30-10:20 1 103 (2010-08-23..2010-10-08)": with(func(m *Meeting) { m.Building = "1" }),
		"arranged EDUC 103 (2010-08-23..2010-10-08)":     with(func(m *Meeting) { m.Arranged = true }),
		"arranged": {Arranged: true, Start: NoClock, End: NoClock},
		"":         {},
	} {
		if got := MeetingText([]Meeting{m}); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
	three := []Meeting{mwf, with(func(m *Meeting) { m.RoomName = "7" }), with(func(m *Meeting) { m.Days = 1 << 6 })}
	if got := LocationText(three); got != "EDUC 103; EDUC 7" {
		t.Error(got)
	}
	if got := MeetingText(three[1:]); got != "MWF 09:30-10:20 EDUC 7 (2010-08-23..2010-10-08); U 09:30-10:20 EDUC 103 (2010-08-23..2010-10-08)" {
		t.Error(got)
	}
}

func TestCrossListing(t *testing.T) {
	for _, c := range []struct {
		types []string
		want  bool
	}{{nil, true}, {[]string{"SameRoom"}, false}, {[]string{"SameRoom", "MeetsWith"}, true}, {[]string{"CrossList"}, true}} {
		var list []Constraint
		for _, name := range c.types {
			list = append(list, Constraint{Type: name})
		}
		if CrossListing(list) != c.want {
			t.Errorf("%q: not %v", c.types, c.want)
		}
	}
}
