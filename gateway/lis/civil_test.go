package lis

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	for text, want := range map[string]string{
		"2026-09-01": "2026-09-01", " 2026-09-01 ": "2026-09-01", "2026-09-01T23:59:00-08:00": "2026-09-01", "2026-09-01Z": "2026-09-01", "2026-09-01+02:00": "2026-09-01",
		"1969-12-31": "1969-12-31", "1970-01-01": "", "2024-02-29": "2024-02-29",
		"": "bad", "2026-9-1": "bad", "2026-02-29": "bad", "2026-09-011": "bad", "01.09.2026": "bad", "20260901": "bad",
	} {
		d, err := ParseDate(text)
		if got := d.String(); (err != nil) != (want == "bad") || err == nil && got != want {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
}

func TestWeekdaysOfDates(t *testing.T) {
	for d := Date(-800); d < 800; d++ {
		if want := (int(d.Time().Weekday()) + 6) % 7; d.Weekday() != want || d.Monday().Weekday() != 0 || d-d.Monday() != Date(want) {
			t.Fatalf("%s: %d, Monday %s", d.Time(), d.Weekday(), d.Monday())
		}
	}
	late := time.Date(2026, 9, 1, 23, 30, 0, 0, time.FixedZone("", -8*3600))
	if got := NewDate(late).String(); got != "2026-09-01" {
		t.Error(got)
	}
}

func TestParseClock(t *testing.T) {
	for text, want := range map[string]string{
		"09:30": "09:30", "0930": "09:30", "09:30:00": "09:30", " 00:00": "00:00", "24:00": "24:00", "2359": "23:59",
		"": "bad", "9:30": "bad", "24:01": "bad", "09:60": "bad", "09:30:01": "bad", "930": "bad", "ab:cd": "bad", "+9:30": "bad", "0930:00": "bad", "09:3٣": "bad",
	} {
		c, err := ParseClock(text)
		if got := c.String(); (err != nil) != (want == "bad") || err == nil && got != want || err != nil && c != NoClock {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
	if NoClock.String() != "" {
		t.Error(NoClock.String())
	}
}

func TestWeekdays(t *testing.T) {
	d, err := ParseWeekdays(" 1010101 ")
	if err != nil || d.String() != "1010101" || d.Letters() != "MWFU" || !d.Has(6) || d.Has(1) {
		t.Errorf("%s %s %v", d, d.Letters(), err)
	}
	for _, text := range []string{"", "101010", "10101010", "1010102", "MTWRFSU"} {
		if _, err := ParseWeekdays(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func TestWeeks(t *testing.T) {
	w := Weeks("101")
	if !w.Has(0) || w.Has(1) || !w.Has(2) || w.Has(3) || w.Has(-1) || !Weeks("").Has(500) {
		t.Error("a week is where it is not")
	}
}
