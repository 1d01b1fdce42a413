package timetable

import (
	"bytes"
	"errors"
	"flag"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"

	"lisgate/gateway/lis"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares what was written with a file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what was written (go test -update writes it anew):\n%s", path, got)
	}
}

func day(s string) lis.Date {
	d, err := lis.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func clock(s string) lis.Clock {
	c, err := lis.ParseClock(s)
	if err != nil {
		panic(err)
	}
	return c
}

// pattern makes a meeting: "1010000 09:00-09:50 2026-09-28..2026-12-11 weeks".
func pattern(s string) lis.Meeting {
	f := append(strings.Fields(s), "")
	days, _ := lis.ParseWeekdays(f[0])
	start, end, _ := strings.Cut(f[1], "-")
	from, to, _ := strings.Cut(f[2], "..")
	return lis.Meeting{N: 1, Days: days, Start: clock(start), End: clock(end), StartDate: day(from), EndDate: day(to), Weeks: lis.Weeks(f[3])}
}

func each(entries ...Entry) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// write writes a calendar and reads it back.
func write(t testing.TB, f Feed, entries ...Entry) (string, *ical.Calendar) {
	t.Helper()
	var b bytes.Buffer
	if err := WriteICal(&b, f, each(entries...)); err != nil {
		t.Fatal(err)
	}
	cal, err := ical.NewDecoder(bytes.NewReader(b.Bytes())).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	return b.String(), cal
}

// occurrences expands an event by its rule and exceptions.
func occurrences(t testing.TB, e ical.Event) []time.Time {
	t.Helper()
	start, err := e.DateTimeStart(nil)
	if err != nil {
		t.Fatal(err)
	}
	set := rrule.Set{}
	option, err := e.Props.RecurrenceRule()
	if err != nil {
		t.Fatal(err)
	}
	if option == nil {
		return []time.Time{start}
	}
	option.Dtstart = start
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		t.Fatal(err)
	}
	set.RRule(rule)
	for _, p := range e.Props["EXDATE"] {
		at, err := p.DateTime(nil)
		if err != nil {
			t.Fatal(err)
		}
		set.ExDate(at)
	}
	return set.All()
}

var errBroken = errors.New("broken")
