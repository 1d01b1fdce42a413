package clash

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

// day reads a date of the tests; 2026-09-07 is a Monday.
func day(s string) lis.Date {
	d, err := lis.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// meet reads "101-0000 09:30-10:20 2026-09-07..2026-12-18 weeks=1010 room=R people=P,Q seats=30".
func meet(s string) lis.Meeting {
	var m lis.Meeting
	for i, part := range strings.Fields(s) {
		name, value, named := strings.Cut(part, "=")
		switch {
		case i == 0:
			m.Days, _ = lis.ParseWeekdays(strings.ReplaceAll(part, "-", ""))
		case i == 1:
			from, to, _ := strings.Cut(part, "-")
			m.Start, _ = lis.ParseClock(from)
			m.End, _ = lis.ParseClock(to)
		case !named:
			from, to, _ := strings.Cut(part, "..")
			if from != "" {
				m.StartDate = day(from)
			}
			if to != "" {
				m.EndDate = day(to)
			}
		case name == "weeks":
			m.Weeks = lis.Weeks(value)
		case name == "room":
			m.Room = lis.SourcedID(value)
		case name == "people":
			for _, p := range strings.Split(value, ",") {
				m.Instructors = append(m.Instructors, lis.MeetingInstructor{Person: lis.SourcedID(p)})
			}
		case name == "arranged":
			m.Arranged = true
		case name == "seats":
			m.RoomCapacity = len(value)
		}
	}
	return m
}

func section(id string, meetings ...string) Section {
	s := Section{ID: lis.SourcedID(id), Label: strings.ToUpper(id), Begin: day("2026-09-07"), End: day("2026-12-18")}
	for _, m := range meetings {
		s.Meetings = append(s.Meetings, meet(m))
	}
	return s
}

func (s Section) of(students, atMost int) Section {
	s.Students, s.Max = func() int { return students }, atMost
	return s
}

const (
	monday   = "1000000 09:30-10:20 2026-09-07..2026-12-18"
	alldays  = "1111100 09:30-10:20 2026-09-07..2026-12-18"
	mondayR  = monday + " room=R"
	mondayQ  = monday + " room=Q"
	mondayRP = mondayR + " people=P"
)

// TestRules tries the last section against the others. Want is the rule,
// whether it is hard, and the text of each finding.
func TestRules(t *testing.T) {
	room := lis.Room{Capacity: 30, Unavailable: []lis.Unavailability{
		{Days: 1 << 4, Start: 12 * 60, End: 13 * 60},
		{Start: lis.NoClock, End: lis.NoClock, StartDate: day("2026-10-12"), EndDate: day("2026-10-13")},
		{Days: 1 << 2, Weeks: "01", StartDate: day("2026-09-07"), Start: 0, End: 24 * 60},
	}}
	for _, c := range []struct {
		name     string
		there    []Section
		try      Section
		together bool // cross-listed, all of them
		want     []string
	}{
		{name: "room", there: []Section{section("b", mondayR)}, try: section("a", mondayR), want: []string{
			`room! section "A" (a): room R is taken on Mon 2026-09-07 09:30-10:20 by section "B" (b); choose another room or time`}},
		{name: "touching times", there: []Section{section("b", mondayR)},
			try: section("a", "1000000 10:20-11:10 2026-09-07..2026-12-18 room=R", "1000000 08:40-09:30 2026-09-07..2026-12-18 room=R")},
		{name: "one minute", there: []Section{section("b", mondayR)}, try: section("a", "1000000 10:19-11:10 2026-09-07..2026-12-18 room=R"),
			want: []string{`room! section "A" (a): room R is taken on Mon 2026-09-07 10:19-10:20 by section "B" (b); choose another room or time`}},
		{name: "another room", there: []Section{section("b", mondayR)}, try: section("a", mondayQ)},
		{name: "another day", there: []Section{section("b", mondayR)}, try: section("a", "0111111 09:30-10:20 2026-09-07..2026-12-13 room=R")},
		{name: "end of the day", there: []Section{section("b", "1000000 22:00-24:00 2026-09-07..2026-12-18 room=R")},
			try: section("a", "0100000 00:00-01:00 2026-09-07..2026-12-18 room=R")},
		{name: "until the end of the day", there: []Section{section("b", "1000000 22:00-24:00 2026-09-07..2026-12-18 room=R")},
			try:  section("a", "1000000 23:59-24:00 2026-09-07..2026-12-18 room=R"),
			want: []string{`room! section "A" (a): room R is taken on Mon 2026-09-07 23:59-24:00 by section "B" (b); choose another room or time`}},
		{name: "first week cut", there: []Section{section("b", mondayR)},
			try: section("a", "1111100 09:30-10:20 2026-12-15..2026-12-18 room=R")},
		{name: "last week cut", there: []Section{section("b", "0000100 09:30-10:20 2026-09-07..2026-12-18 room=R")},
			try: section("a", "1111100 09:30-10:20 2026-09-07..2026-09-10 room=R")},
		{name: "last week not cut", there: []Section{section("b", "0000100 09:30-10:20 2026-09-07..2026-12-18 room=R")},
			try:  section("a", "1111100 09:30-10:20 2026-09-07..2026-09-11 room=R"),
			want: []string{`room! section "A" (a): room R is taken on Fri 2026-09-11 09:30-10:20 by section "B" (b); choose another room or time`}},
		{name: "odd and even weeks", there: []Section{section("b", "1000000 09:30-10:20 2026-09-07.. weeks=101010101010101 room=R")},
			try: section("a", "1000000 09:30-10:20 2026-09-14.. weeks=10101010101010 room=R")},
		{name: "odd and odd weeks of another start", there: []Section{section("b", "1000000 09:30-10:20 2026-09-07.. weeks=101010101010101 room=R")},
			try:  section("a", "1000000 09:30-10:20 2026-09-18.. weeks=01010101 room=R"),
			want: []string{`room! section "A" (a): room R is taken on Mon 2026-09-21 09:30-10:20 by section "B" (b); choose another room or time`}},
		{name: "first half and second half", there: []Section{section("b", mondayR+" weeks=11111110000000")},
			try: section("a", mondayR+" weeks=000000011111111")},
		{name: "the week the clocks change", there: []Section{section("b", "0000001 02:00-03:00 2026-10-25..2026-10-25 room=R")},
			try: section("a", "0000001 03:00-04:00 2026-10-25..2026-10-25 room=R")},
		{name: "told once, the earliest", there: []Section{section("b", "1111100 09:30-10:20 2026-09-09..2026-12-18 room=R")}, try: section("a", alldays+" room=R weeks=111"),
			want: []string{`room! section "A" (a): room R is taken on Wed 2026-09-09 09:30-10:20 by section "B" (b); choose another room or time`}},
		{name: "arranged", there: []Section{section("b", mondayR)}, try: section("a", mondayRP+" arranged=1")},
		{name: "cancelled", there: []Section{section("b", mondayR)}, try: func() Section { s := section("a", mondayR); s.Cancelled = true; return s }()},
		{name: "its own meetings", try: section("a", mondayRP, mondayRP)},
		{name: "dates of the term", there: []Section{section("b", "1000000 09:30-10:20 room=R")}, try: section("a", "1000000 10:00-10:50 2026-11-30.. room=R"),
			want: []string{`room! section "A" (a): room R is taken on Mon 2026-11-30 10:00-10:20 by section "B" (b); choose another room or time`}},

		{name: "instructor", there: []Section{section("b", mondayRP)}, try: section("a", mondayQ+" people=P,Q"), want: []string{
			`instructor! section "A" (a): person P teaches section "B" (b) on Mon 2026-09-07 09:30-10:20 in room R; choose another time or instructor`}},
		{name: "instructor of all meetings", there: []Section{section("b", monday+" people=P")},
			try: func() Section { s := section("a", mondayQ); s.Instructors = []lis.SourcedID{"P"}; return s }(), want: []string{
				`instructor! section "A" (a): person P teaches section "B" (b) on Mon 2026-09-07 09:30-10:20; choose another time or instructor`}},
		{name: "instructor of another meeting", there: []Section{section("b", mondayRP)},
			try: func() Section {
				s := section("a", mondayQ, "0100000 09:30-10:20 2026-09-07..2026-12-18 room=Q people=P")
				s.Instructors = []lis.SourcedID{"P"}
				return s
			}()},

		{name: "closed on a weekday", try: section("a", "1111100 11:00-12:00 2026-09-07..2026-10-09 room=C weeks=11011", "0000100 12:50-13:20 2026-09-07..2026-10-09 room=C"),
			want: []string{
				`unavailable! section "A" (a): room C cannot be used on Fri 2026-09-11 12:50-13:00; choose another room or time`}},
		{name: "closed for days", try: section("a", "0100000 11:00-12:00 2026-09-07..2026-12-18 room=C"),
			want: []string{`unavailable! section "A" (a): room C cannot be used on Tue 2026-10-13 11:00-12:00; choose another room or time`}},
		{name: "closed in a week", try: section("a", "0010000 23:00-24:00 2026-09-07..2026-12-18 room=C"),
			want: []string{`unavailable! section "A" (a): room C cannot be used on Wed 2026-09-16 23:00-24:00; choose another room or time`}},

		{name: "before the term", try: section("a", "0000001 09:30-10:20 2026-09-01..2026-12-18 room=R"), want: []string{
			`term! section "A" (a): it meets on Sun 2026-09-06 09:30-10:20, before its term begins on 2026-09-07; choose dates within the term`}},
		{name: "after the term by its mask", try: section("a", "0000110 09:30-10:20 2026-09-07.. weeks=100000000000001 room=R"), want: []string{
			`term! section "A" (a): it meets on Sat 2026-12-19 09:30-10:20, after its term ends on 2026-12-18; choose dates within the term`}},
		{name: "all days of the term", try: section("a", "1111100 09:30-10:20 2026-09-01.. weeks=0111111111111111 room=R")},
		{name: "no term", try: func() Section {
			s := section("a", "1111111 09:30-10:20 2020-01-01..2030-01-01 room=R")
			s.Begin, s.End = 0, 0
			return s
		}()},

		{name: "seats", try: section("a", "1000000 09:30-10:20 2026-09-07..2026-10-05 room=C").of(31, 40), want: []string{
			`capacity section "A" (a): room C has 30 seats for 31 students on Mon 2026-09-07 09:30-10:20; choose a larger room or lower the number of students`}},
		{name: "just enough seats", try: section("a", "1000000 09:30-10:20 2026-09-07..2026-10-05 room=C").of(30, 0)},
		{name: "seats of the meeting", try: section("a", mondayR+" seats=.....").of(6, 0), want: []string{
			`capacity section "A" (a): room R has 5 seats for 6 students on Mon 2026-09-07 09:30-10:20; choose a larger room or lower the number of students`}},
		{name: "seats nowhere", try: section("a", mondayR).of(1000, 0)},
		{name: "seats together", together: true, there: []Section{section("b", "1000000 09:30-10:20 2026-09-07..2026-10-05 room=C").of(20, 0)},
			try: section("a", "1000000 09:30-10:20 2026-09-07..2026-10-05 room=C").of(11, 0), want: []string{
				`capacity section "A" (a): room C has 30 seats for 31 students on Mon 2026-09-07 09:30-10:20, which it shares with section "B" (b); choose a larger room or lower the number of students`}},
		{name: "seats in turns", together: true, there: []Section{
			section("b", "1000000 09:30-10:20 2026-09-07..2026-10-05 weeks=10101 room=C").of(20, 0),
			section("c", "1000000 09:30-10:20 2026-09-07..2026-10-05 weeks=01010 room=C").of(20, 0)},
			try: section("a", "1000000 09:30-10:20 2026-09-07..2026-10-05 room=C").of(10, 0), want: []string{
				`crosslist section "A" (a): it meets on Mon 2026-09-07 09:30-10:20 in room C, and section "C" (c), with which it is cross-listed, does not; give both the same rooms, days, times and dates`,
				`crosslist section "A" (a): it meets on Mon 2026-09-14 09:30-10:20 in room C, and section "B" (b), with which it is cross-listed, does not; give both the same rooms, days, times and dates`}},

		{name: "cross-listed", together: true, there: []Section{section("b", mondayRP)}, try: section("a", mondayRP)},
		{name: "cross-listed, written otherwise", together: true, there: []Section{section("b", "1010000 09:30-10:20 2026-09-07..2026-12-18 room=R")},
			try: section("a", mondayR+" weeks=1111111", mondayR+" weeks=000000011111111", "0010000 09:30-10:20 2026-09-09..2026-12-16 room=R")},
		{name: "cross-listed, not yet placed", together: true, there: []Section{section("b")}, try: section("a", mondayRP)},
		{name: "apart", together: true, there: []Section{section("b", mondayRP)}, try: section("a", mondayQ+" people=P"), want: []string{
			`crosslist section "A" (a): it meets on Mon 2026-09-07 09:30-10:20 in room Q, and section "B" (b), with which it is cross-listed, does not; give both the same rooms, days, times and dates`}},
		{name: "apart by a meeting", together: true, there: []Section{section("b", mondayR, "0001000 09:30-10:20 2026-09-07..2026-12-18")}, try: section("a", mondayR), want: []string{
			`crosslist section "A" (a): it does not meet on Thu 2026-09-10 09:30-10:20 as section "B" (b) does, with which it is cross-listed; give both the same rooms, days, times and dates`}},
		{name: "apart by a week", together: true, there: []Section{section("b", mondayR)}, try: section("a", mondayR+" weeks=110111111111111"), want: []string{
			`crosslist section "A" (a): it does not meet on Mon 2026-09-21 09:30-10:20 in room R as section "B" (b) does, with which it is cross-listed; give both the same rooms, days, times and dates`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := New(nil)
			x.PutRoom("C", room)
			ids := []lis.SourcedID{c.try.ID}
			for _, s := range c.there {
				x.PutSection(s)
				ids = append(ids, s.ID)
			}
			if c.together {
				x.PutCrossListing("x", ids)
			}
			results, _ := x.Try([]Section{c.try}, false)
			hard := false
			var got []string
			for _, f := range results[0].Findings {
				mark := ""
				if f.Hard {
					mark, hard = "!", true
				}
				got = append(got, string(f.Rule)+mark+" "+f.Text)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if results[0].Refused != hard {
				t.Errorf("refused: %v", results[0].Refused)
			}
			if _, in := x.Section(c.try.ID); in == hard {
				t.Errorf("in the index: %v", in)
			}
		})
	}
}

func TestSeverities(t *testing.T) {
	x := New(Rules{RuleRoom: Soft, RuleInstructor: Off, RuleCapacity: Hard})
	x.PutSection(section("b", mondayRP))
	results, _ := x.Try([]Section{section("a", mondayRP), section("c", mondayQ+" seats=.").of(2, 2)}, false)
	if fs := results[0].Findings; results[0].Refused || len(fs) != 1 || fs[0].Rule != RuleRoom || fs[0].Hard {
		t.Errorf("soft and off: %+v", results[0])
	}
	if !results[1].Refused || results[1].Findings[0].Rule != RuleCapacity {
		t.Errorf("hard: %+v", results[1])
	}
	if fs := x.Clashes("b"); len(fs) != 1 || fs[0].Other != "a" {
		t.Errorf("clashes of what was there: %+v", fs)
	}
}

// Students are asked for only when the maximum does not settle it.
func TestStudentsAreAskedLazily(t *testing.T) {
	asked := 0
	s := section("a", alldays+" room=R")
	s.Students = func() int { asked++; return 5 }
	for _, c := range []struct{ seats, most, want int }{{0, 0, 0}, {30, 30, 0}, {30, 31, 1}, {30, 0, 1}} {
		x := New(nil)
		x.PutRoom("R", lis.Room{Capacity: c.seats})
		s.Max, asked = c.most, 0
		if x.Try([]Section{s}, false); asked != c.want {
			t.Errorf("%d seats, at most %d: asked %d times", c.seats, c.most, asked)
		}
	}
}

func TestManyFindingsAreCounted(t *testing.T) {
	x := New(nil)
	for i := range 33 {
		x.PutSection(section(string(rune('A'+i)), mondayR))
	}
	results, _ := x.Try([]Section{section("z", mondayR)}, false)
	fs := results[0].Findings
	last := fs[len(fs)-1]
	if len(fs) != maxFindings+1 || last.More != 13 || !last.Hard || !strings.Contains(last.Text, "at least 13 more findings are over the limit of 20") {
		t.Errorf("%d findings, the last %+v", len(fs), last)
	}
}

func TestFindingAsJSON(t *testing.T) {
	x := New(nil)
	x.PutSection(section("b", "1000000 00:00-24:00 2026-09-07..2026-12-18 room=R"))
	results, _ := x.Try([]Section{section("a", "1000000 00:00-24:00 2026-09-07..2026-12-18 room=R")}, false)
	data, err := json.Marshal(results[0].Findings)
	if err != nil || !strings.Contains(string(data), `"date":"2026-09-07","startTime":"00:00","endTime":"24:00"`) {
		t.Fatalf("%s, %v", data, err)
	}
	var back []Finding
	if err := json.Unmarshal(data, &back); err != nil || !reflect.DeepEqual(back, results[0].Findings) {
		t.Errorf("%+v, %v", back, err)
	}
}
