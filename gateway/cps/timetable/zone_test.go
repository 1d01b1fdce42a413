package timetable

import (
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"
)

// TestZonesAreDescribedAsTheyAre reads each VTIMEZONE as RFC 5545 says and
// compares its offset with that of Go, twice a day for 70 years.
func TestZonesAreDescribedAsTheyAre(t *testing.T) {
	for _, name := range []string{"Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Sydney",
		"Africa/Casablanca", "Europe/Dublin", "Asia/Tehran", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe"} {
		z := zone(t, name)
		_, cal := write(t, Feed{Zone: z})
		steps := onsets(t, cal.Children[0])
		for at := time.Date(2000, 1, 1, 0, 30, 0, 0, time.UTC); at.Year() < 2070; at = at.Add(12 * time.Hour) {
			_, want := at.In(z).Zone()
			if got := offsetAt(steps, at); got != want {
				t.Errorf("%s at %s: offset %d, want %d", name, at, got, want)
				break
			}
		}
	}
}

// A step is an instant from which an offset holds.
type step struct {
	at     time.Time
	offset int
}

func onsets(t *testing.T, c *ical.Component) []step {
	t.Helper()
	var steps []step
	for _, o := range c.Children {
		from, to := seconds(t, o.Props.Get("TZOFFSETFROM").Value), seconds(t, o.Props.Get("TZOFFSETTO").Value)
		start, err := time.Parse(localLayout, o.Props.Get("DTSTART").Value)
		if err != nil {
			t.Fatal(err)
		}
		local := []time.Time{start}
		for _, p := range o.Props["RDATE"] {
			at, err := time.Parse(localLayout, p.Value)
			if err != nil {
				t.Fatal(err)
			}
			local = append(local, at)
		}
		if rule, err := o.Props.RecurrenceRule(); err != nil {
			t.Fatal(err)
		} else if rule != nil {
			local = expand(t, rule, start, from)
		}
		for _, at := range local {
			steps = append(steps, step{at.Add(-time.Duration(from) * time.Second), to})
		}
	}
	return steps
}

func expand(t *testing.T, option *rrule.ROption, start time.Time, from int) []time.Time {
	t.Helper()
	option.Dtstart = start
	if option.Until.IsZero() {
		option.Until = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
	} else {
		option.Until = option.Until.Add(time.Duration(from) * time.Second) // as wall clock time
	}
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		t.Fatal(err)
	}
	all := rule.All()
	if len(all) == 0 || !all[0].Equal(start) {
		t.Fatalf("the rule %v does not begin with its DTSTART %v", option, start)
	}
	return all
}

func seconds(t *testing.T, s string) int {
	t.Helper()
	layout := "-0700"
	if len(s) == 7 {
		layout = "-070000"
	}
	at, err := time.Parse(layout, s)
	if err != nil {
		t.Fatal(err)
	}
	_, offset := at.Zone()
	return offset
}

func offsetAt(steps []step, at time.Time) int {
	var last step
	for _, s := range steps {
		if !s.at.After(at) && !s.at.Before(last.at) {
			last = s
		}
	}
	return last.offset
}
