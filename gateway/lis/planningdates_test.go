package lis

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// plainDates are the days of a meeting by the documented words, one by one.
func plainDates(m *Meeting) []Date {
	if m.Arranged || m.StartDate == 0 {
		return nil
	}
	last := m.EndDate
	if last == 0 {
		last = m.StartDate
		if m.Weeks != "" {
			last = m.StartDate.Monday() + Date(7*len(m.Weeks)) - 1
		}
	}
	var days []Date
	for d := m.StartDate; d <= last; d++ {
		if m.Days.Has(d.Weekday()) && m.Weeks.Has(int(d-m.StartDate.Monday())/7) {
			days = append(days, d)
		}
	}
	return days
}

func drawPattern(t *rapid.T) *Meeting {
	m := &Meeting{Days: Weekdays(rapid.IntRange(0, 127).Draw(t, "days")), Arranged: rapid.IntRange(0, 9).Draw(t, "arranged") == 9,
		Weeks: Weeks(rapid.SampledFrom([]string{"", "", "", "1", "01", "0010110", "110100001"}).Draw(t, "weeks")), StartDate: Date(rapid.IntRange(-40, 40).Draw(t, "first"))}
	if rapid.Bool().Draw(t, "ends") {
		m.EndDate = m.StartDate + Date(rapid.IntRange(-3, 80).Draw(t, "length"))
	}
	m.Start, m.End = 2, 4
	if rapid.IntRange(0, 3).Draw(t, "timed") == 0 {
		m.Start = Clock(rapid.IntRange(-1, 5).Draw(t, "start"))
		m.End = Clock(rapid.IntRange(-1, 6).Draw(t, "end"))
	}
	return m
}

func TestDates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawPattern(t)
		if got, want := slices.Collect(m.Dates()), plainDates(m); !slices.Equal(got, want) {
			t.Fatalf("%+v\n got %v\nwant %v", m, got, want)
		}
		for range m.Dates() {
			break // a caller may stop
		}
	})
}

func TestOverlaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, o := drawPattern(t), drawPattern(t)
		var want Date
		found := false
		theirs := plainDates(o)
		for _, d := range plainDates(m) {
			if slices.Contains(theirs, d) && m.Start >= 0 && o.Start >= 0 && m.Start < o.End && o.Start < m.End && m.Start < m.End && o.Start < o.End {
				want, found = d, true
				break
			}
		}
		if got, ok := m.Overlaps(o); ok != found || got != want {
			t.Fatalf("%+v\n%+v\n got %v %v\nwant %v %v", m, o, got, ok, want, found)
		}
		if got, ok := o.Overlaps(m); ok != found || got != want {
			t.Fatalf("the other way round: %v %v", got, ok)
		}
	})
}

func TestOverlapsLater(t *testing.T) {
	wednesday, monday := day("2026-09-02"), Weekdays(1)
	a := &Meeting{Days: monday, StartDate: wednesday, EndDate: wednesday + 30, Start: 600, End: 660}
	for _, c := range []struct {
		change func(*Meeting)
		want   string
	}{
		{func(*Meeting) {}, "2026-09-07"},
		{func(o *Meeting) { o.Weeks = "0001" }, "2026-09-21"},
		{func(o *Meeting) { o.Weeks = "10001" }, "2026-09-28"},
		{func(o *Meeting) { o.EndDate = wednesday + 4 }, ""},
		{func(o *Meeting) { o.StartDate += 27 }, ""},
		{func(o *Meeting) { o.Start, o.End = 660, 700 }, ""},
		{func(o *Meeting) { o.Start, o.End = 659, 700 }, "2026-09-07"},
		{func(o *Meeting) { o.Days = 2 }, ""},
		{func(o *Meeting) { o.Arranged = true }, ""},
	} {
		o := *a
		c.change(&o)
		if got, ok := a.Overlaps(&o); got.String() != c.want || ok != (c.want != "") {
			t.Errorf("%+v: %s, not %s", o, got, c.want)
		}
	}
}

func TestOverlapsAllocatesNothing(t *testing.T) {
	a := &Meeting{Days: 1, Weeks: "101010101010", StartDate: day("2026-09-07"), Start: 600, End: 660}
	b := &Meeting{Days: 1, Weeks: "010101010101", StartDate: day("2026-09-07"), Start: 600, End: 660}
	if n := testing.AllocsPerRun(100, func() { a.Overlaps(b) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkOverlaps(b *testing.B) {
	x := &Meeting{Days: 1, Weeks: "101010101010", StartDate: day("2026-09-07"), Start: 600, End: 660}
	y := &Meeting{Days: 1, Weeks: "010101010101", StartDate: day("2026-09-07"), Start: 600, End: 660}
	for b.Loop() {
		x.Overlaps(y)
	}
}
