package campus

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

const (
	wednesday lis.Weekdays = 1 << 2
	friday    lis.Weekdays = 1 << 4
)

// section returns a section as it is asked for: without place and time.
func (c *Campus) section(i int) *lis.Record {
	k, r := &c.courses[c.of[i]], c.dice(forSection, i)
	n := i - k.first
	category, limit := "Lecture", k.limit
	switch {
	case k.form == laboratory && n > 0:
		category, limit = "Laboratory", labSeats
	case k.form == seminar || k.form == crossListed || k.form == crossListing:
		category = "Seminar"
	case k.form == arranged:
		category = "Thesis"
	}
	s := &lis.CourseSection{
		Label: en(fmt.Sprintf("%s-27S-%02d", k.code(), n+1)), Title: k.title(), ParentOfferingID: OfferingID(k.number),
		Status: lis.StatusInactive, DefaultCredits: en("3"), Category: en(category), MaxNumberOfStudents: is(int64(limit)),
		Org: k.org(), TimeFrame: []lis.TimeFrame{*timeFrame()}, DataSource: agent,
	}
	s.SetRequest(c.request(k, category, r))
	if category == "Laboratory" {
		s.SetSectionLink(lis.SectionLink{Parent: SectionID(k.first), Group: k.code()})
	}
	s.SetPlan(lis.Plan{State: lis.PlanRequested})
	return record(SectionID(i), s)
}

// fullTerm is the name of the usual dates.
const fullTerm = "Full Term"

// request says what a section needs.
func (c *Campus) request(k *course, category string, r *rand.Rand) lis.Request {
	q := lis.Request{MinutesPerWeek: 150, DatePattern: fullTerm, MinRoomCapacity: k.limit}
	switch {
	case k.form == arranged:
		return lis.Request{MinutesPerWeek: 120, DatePattern: fullTerm, NoRoom: true}
	case category == "Laboratory":
		q.MinutesPerWeek, q.NumberOfMeetings, q.MinRoomCapacity = 110, 1, labSeats
		q.RoomFeatures = []string{[]string{computers, benches}[k.number%2]}
		q.Times = labTimes(r)
		return q
	case k.form == great:
		q.RoomFeatures = []string{projector}
	case k.form == crossListed || k.form == crossListing:
		q.MinRoomCapacity = 0 // both sit in it: the planner adds them up
		r = c.dice(forSection, k.first-int(k.form-crossListed))
	}
	q.NumberOfMeetings, q.Times = lectureTimes(r)
	if k.form == seminar && r.IntN(8) == 0 {
		half(&q, r.IntN(2) == 0)
	}
	if r.IntN(4) == 0 {
		q.Buildings = []lis.Preference{{Of: pick(r, buildings[:]).code, Preference: -1}}
	}
	return q
}

// The grid of the week: 50 minutes three times, 75 minutes twice, or 110
// minutes once for laboratories.
var (
	thrice   = []string{"08:00", "09:00", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00", "17:00"}
	twice    = []string{"08:00", "09:30", "11:00", "12:30", "14:00", "15:30", "17:00"}
	labHours = []string{"08:00", "10:00", "12:00", "14:00", "16:00"}
)

const (
	mondayWednesdayFriday lis.Weekdays = 0b0010101
	tuesdayThursday       lis.Weekdays = 0b0001010
)

// lectureTimes are the times of one row of the grid; noon is liked best.
func lectureTimes(r *rand.Rand) (meetings int, times []lis.TimePreference) {
	starts, days, length := thrice, mondayWednesdayFriday, 50
	if meetings = 3; r.IntN(17) >= 10 {
		starts, days, length, meetings = twice, tuesdayThursday, 75, 2
	}
	for _, s := range starts {
		times = append(times, timeAt(days, s, length))
	}
	return meetings, times
}

func timeAt(days lis.Weekdays, start string, length int) lis.TimePreference {
	at, err := lis.ParseClock(start)
	if err != nil {
		panic(err) // the grid above is wrong
	}
	penalty := 0
	switch {
	case at < 9*60 || at >= 17*60:
		penalty = 2
	case at < 10*60 || at >= 15*60:
		penalty = 1
	}
	return lis.TimePreference{Days: days, Start: at, Length: length, Preference: penalty}
}

// labTimes are all hours of laboratories on three of the five days.
func labTimes(r *rand.Rand) []lis.TimePreference {
	var times []lis.TimePreference
	days := r.Perm(5)[:3]
	slices.Sort(days)
	for _, day := range days {
		for _, s := range labHours {
			times = append(times, timeAt(1<<day, s, 110))
		}
	}
	return times
}

// half has a section meet in the first or the second half of the term only.
func half(q *lis.Request, first bool) {
	ones, zeros := strings.Repeat("1", termWeeks/2), strings.Repeat("0", termWeeks/2)
	weeks := ones + zeros
	if q.DatePattern = "First Half"; !first {
		q.DatePattern, weeks = "Second Half", zeros+ones
	}
	for i := range q.Times {
		q.Times[i].Weeks, q.Times[i].StartDate = lis.Weeks(weeks), Begin
	}
}
