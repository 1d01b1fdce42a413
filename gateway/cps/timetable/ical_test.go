package timetable

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lisgate/gateway/lis"
)

// updated is when the entries of the tests were changed.
var updated = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// feedCases are written into testdata/NAME.ics.
var feedCases = map[string]struct {
	feed    Feed
	entries []Entry
}{
	"room": {Feed{Name: "Hall A, north; upper", Domain: "timetable.example.edu", Since: day("2026-08-01")}, []Entry{
		{Section: "s1", Label: "BIO-101-01", Title: "Cell Biology", Meeting: pattern("1010000 09:00-09:50 2026-09-28..2026-12-11 11111011111"),
			Place: "Hall A, north", Updated: updated, Version: 3,
			Instructors: []Person{{"p1", `Ada "Bee" Lovelace`, "ada@example.edu"}, {"p2", "Nobody", ""}, {"p3", "Max Müller", "max@example.edu"}}},
		{Section: "s2", Label: "CHE-2", Title: "Kinetics; with \\ and\nmore", Meeting: pattern("0100000 22:00-24:00 2026-09-29..2026-12-11 10101010101"), Updated: updated},
		{Section: "s3", Label: "HIS-9", Title: "Once", Meeting: pattern("0000010 10:00-12:00 2026-10-24..2026-10-24"), Cancelled: true, Updated: updated},
		{Section: "s4", Label: "ARR-1", Meeting: lis.Meeting{Arranged: true, Start: lis.NoClock, End: lis.NoClock}},
	}},
	"empty": {Feed{Name: "Nobody", Since: day("2026-08-01")}, nil},
	"zones": {Feed{Name: "Zones", Domain: "timetable.example.edu", Since: day("2026-08-01")}, []Entry{
		inZone("America/New_York"), inZone("Asia/Kolkata"), inZone("Australia/Sydney"), inZone("UTC"),
	}},
}

func inZone(name string) Entry {
	e := Entry{Section: lis.SourcedID(name), Label: name, Meeting: pattern("1000000 09:00-10:00 2026-08-31..2026-12-11"), Updated: updated}
	e.Meeting.TimeZone = name
	return e
}

func TestFeedsAreAsWritten(t *testing.T) {
	for name, c := range feedCases {
		c.feed.Zone = zone(t, "Europe/London")
		text, _ := write(t, c.feed, c.entries...)
		golden(t, name+".ics", []byte(text))
		again, _ := write(t, c.feed, c.entries...)
		if text != again {
			t.Errorf("%s: the same data gave other bytes", name)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
				t.Errorf("%s: line of %d octets: %q", name, len(line), line)
			}
		}
	}
}

// TestOccurrencesAreTheDatesOfTheMeeting expands what was written with another
// implementation, through the changes of the clock.
func TestOccurrencesAreTheDatesOfTheMeeting(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := lis.Meeting{N: 1, Days: lis.Weekdays(rapid.IntRange(0, 127).Draw(r, "days")),
			Weeks:     lis.Weeks(rapid.StringMatching("|[01]{1,40}|(01){3,20}").Draw(r, "weeks")),
			StartDate: day("2026-01-01") + lis.Date(rapid.IntRange(0, 700).Draw(r, "from")),
			TimeZone:  rapid.SampledFrom([]string{"Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "UTC"}).Draw(r, "zone")}
		m.EndDate = m.StartDate + lis.Date(rapid.IntRange(0, 280).Draw(r, "span"))
		m.Start = lis.Clock(rapid.IntRange(4*60, 1439).Draw(r, "start")) // later than any change of the clock
		m.End = m.Start + lis.Clock(rapid.IntRange(1, 1440-int(m.Start)).Draw(r, "length"))
		var want []string
		for d := range m.Dates() {
			want = append(want, d.String()+" "+m.Start.String())
		}
		_, cal := write(t, Feed{}, Entry{Section: "s", Label: "L", Meeting: m})
		var got []string
		for _, e := range cal.Events() {
			for _, at := range occurrences(t, e) {
				got = append(got, at.Format("2006-01-02 15:04"))
			}
			if end, err := e.DateTimeEnd(nil); err != nil || end.Format("15:04") != strings.Replace(m.End.String(), "24:00", "00:00", 1) {
				r.Fatalf("ends at %v (%v), want %v", end, err, m.End)
			}
		}
		if !slices.Equal(got, want) {
			r.Fatalf("occurrences %v\nwant %v", got, want)
		}
	})
}

func TestFortnightHasNoExceptions(t *testing.T) {
	text, _ := write(t, Feed{}, Entry{Section: "s", Meeting: pattern("0101000 09:00-10:00 2026-09-29..2026-12-11 10101010101")})
	if !strings.Contains(text, "RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=TU,TH;UNTIL=20261210T235959Z") || strings.Contains(text, "EXDATE") {
		t.Error(text)
	}
}

func TestSameMeetingHasOneUID(t *testing.T) {
	e := Entry{Section: "s1", Label: "BIO", Meeting: pattern("1000000 09:00-10:00 2026-09-28..2026-12-11")}
	_, room := write(t, Feed{Name: "Hall A", Domain: "x.example"}, Entry{Section: "s0", Meeting: e.Meeting}, e)
	moved := e
	moved.Meeting.Start, moved.Meeting.End, moved.Place, moved.Version = 600, 700, "Hall B", 9
	_, student := write(t, Feed{Name: "Ada", Domain: "x.example"}, moved)
	a, b, c := room.Events()[0].Props.Get("UID").Value, room.Events()[1].Props.Get("UID").Value, student.Events()[0].Props.Get("UID").Value
	if b != c || a == b {
		t.Errorf("UIDs %s, %s in the room, %s of the student", a, b, c)
	}
}

func TestPeopleWithAnAddressAreNamed(t *testing.T) {
	text, cal := write(t, Feed{}, feedCases["room"].entries[0])
	e := cal.Events()[0]
	o, a := e.Props.Get("ORGANIZER"), e.Props["ATTENDEE"]
	if o.Value != "mailto:ada@example.edu" || o.Params.Get("CN") != "Ada ^'Bee^' Lovelace" || len(a) != 1 || a[0].Value != "mailto:max@example.edu" {
		t.Errorf("%+v %+v in\n%s", o, a, text)
	}
	for _, bad := range []string{"", "@", "a@", "@b", "a@b@c", "a\r\nX:@b"} {
		if to := mailto(bad); to != "" {
			t.Errorf("%q became %q", bad, to)
		}
	}
}

func TestWhatACalendarCannotHoldIsLeftOutAndTold(t *testing.T) {
	good := Entry{Section: "good", Meeting: pattern("1000000 09:00-10:00 2026-09-28..2026-12-11")}
	for want, change := range map[string]func(*lis.Meeting){
		"it ends at 08:00, not after its start at 09:00":          func(m *lis.Meeting) { m.End = 480 },
		`the time zone "Mars/Olympus" is none of the IANA`:        func(m *lis.Meeting) { m.TimeZone = "Mars/Olympus" },
		`the time zone "Local" is none of the IANA`:               func(m *lis.Meeting) { m.TimeZone = "Local" },
		"before the first day of the calendar, 2000-01-01":        func(m *lis.Meeting) { m.StartDate = day("1999-12-31") },
		"after the last day that a calendar holds, 2099-12-31":    func(m *lis.Meeting) { m.EndDate = day("2100-01-01") },
		"more than 4000 days":                                     func(m *lis.Meeting) { m.EndDate, m.Days = day("2090-01-01"), 127 },
		"section bad, meeting id m7: it ends at 09:00, not after": func(m *lis.Meeting) { m.ID, m.End = "m7", m.Start },
	} {
		bad := good
		bad.Section = "bad"
		change(&bad.Meeting)
		var b bytes.Buffer
		err := WriteICal(&b, Feed{}, each(bad, good))
		var left *LeftOutError
		if !errors.As(err, &left) || left.Count != 1 || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
		if !strings.Contains(b.String(), "UID:"+uid("good", &good.Meeting)) || !strings.HasSuffix(b.String(), "END:VCALENDAR\r\n") {
			t.Errorf("the rest is not there:\n%s", b.String())
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestErrorsEndTheCalendar(t *testing.T) {
	broken := func(yield func(Entry, error) bool) { yield(Entry{}, errBroken) }
	if err := WriteICal(io.Discard, Feed{}, broken); !errors.Is(err, errBroken) {
		t.Error(err)
	}
	if err := WriteICal(brokenWriter{}, Feed{}, each()); !errors.Is(err, errBroken) {
		t.Error(err)
	}
	if err := WriteICal(io.Discard, Feed{Zone: time.Local}, each()); err == nil && time.Local.String() == "Local" {
		t.Error("a zone without a name was taken")
	}
}

// TestWritingKeepsNothing writes 100,000 entries and looks at the memory on
// the way.
func TestWritingKeepsNothing(t *testing.T) {
	m := pattern("1010100 09:00-09:50 2026-09-28..2026-12-11 11111011111")
	var least, most uint64
	many := func(yield func(Entry, error) bool) {
		for i := range 100_000 {
			if i%20_000 == 0 {
				var s runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&s)
				if i == 0 {
					least = s.HeapAlloc
				}
				most = max(most, s.HeapAlloc)
			}
			if !yield(Entry{Section: lis.SourcedID(fmt.Sprint("s", i)), Label: "L", Title: "T", Meeting: m, Place: "Hall A"}, nil) {
				return
			}
		}
	}
	if err := WriteICal(io.Discard, Feed{Zone: zone(t, "Europe/London")}, many); err != nil {
		t.Fatal(err)
	}
	if most > least+4<<20 {
		t.Errorf("memory grew from %d to %d bytes", least, most)
	}
}

func FuzzICal(f *testing.F) {
	f.Add("BIO-101", "Hall A")
	f.Add("a;b,c\\n\\", "ünï\r\ncode\x00 \xff ")
	f.Add(strings.Repeat("é", 200), strings.Repeat("日本", 100)+"\t\r")
	f.Fuzz(func(t *testing.T, label, place string) {
		e := Entry{Section: lis.SourcedID(label), Label: label, Place: place, Meeting: pattern("1000000 09:00-10:00 2026-09-28..2026-12-11")}
		e.Meeting.ID, e.Meeting.Type, e.Instructors = place, label, []Person{{Name: place, Email: label + "@" + place}}
		text, cal := write(t, Feed{Name: label}, e)
		if len(cal.Events()) != 1 {
			t.Fatalf("%d events", len(cal.Events()))
		}
		for property, want := range map[string]string{"SUMMARY": label, "LOCATION": place, "DESCRIPTION": place, "CATEGORIES": label} {
			if got, err := cal.Events()[0].Props.Text(property); err != nil || got != plain(want) {
				t.Errorf("%s is %q (%v), want %q in\n%s", property, got, err, plain(want), text)
			}
		}
	})
}
