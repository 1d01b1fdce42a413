package timetable

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

// on makes an entry of the week of 2026-10-12: "BIO-101-01 1000000 09:00-09:50".
func on(label, title, when, place, teacher string) Entry {
	e := Entry{Section: lis.SourcedID("id-" + label), Label: label, Title: title, Place: place,
		Meeting: pattern(when + " 2026-09-28..2026-12-11")}
	if teacher != "" {
		e.Instructors = []Person{{Name: teacher}}
	}
	return e
}

func cancelled(e Entry) Entry { e.Cancelled = true; return e }

func together(e Entry, class string) Entry { e.Together = class; return e }

var normal = []Entry{
	on("BIO-101-01", "Cell Biology", "1010100 09:00-09:50", "Hall A", "Ada Lovelace"),
	on("CHE-210-02", "Physical Chemistry: Kinetics and Thermodynamics", "0101000 10:00-11:50", "North 204", "Max Müller"),
	on("MAT-120-01", "Linear Algebra", "1100000 13:00-14:15", "Hall B", "Emmy Noether"),
	cancelled(on("HIS-305-01", "The Long Nineteenth Century", "0010000 14:00-15:15", "South 12", "Fernand Braudel")),
	on("PHY-150-L3", "Mechanics Laboratory", "0001000 14:00-17:00", "Lab 3", "Lise Meitner"),
	on("ENG-100-05", "Writing", "0000100 10:00-10:30", "West 7", ""),
	together(on("SOC-220-01", "Cities", "0000100 13:00-14:50", "Hall A", "Jane Jacobs"), "x1"),
	together(on("URB-220-01", "Cities", "0000100 13:00-14:50", "Hall A", "Jane Jacobs"), "x1"),
	{Section: "arr", Label: "BIO-499-01", Title: "Thesis", Meeting: lis.Meeting{Arranged: true, Start: lis.NoClock, End: lis.NoClock}, Instructors: []Person{{Name: "Ada Lovelace"}}},
}

var crowded = append([]Entry{
	on("BIO-101-02", "Cell Biology", "1000000 09:30-10:45", "Hall A", "Rosalind Franklin"),
	on("GEO-101-01", "Earth", "1000000 09:15-10:30", "Hall A", "Alfred Wegener"),
	on("ART-110-01", "Drawing", "0010000 09:30-09:45", "Hall A", "Käthe Kollwitz"),
	on("MUS-200-01", "Counterpoint", "0100000 07:00-08:00", "Hall A", "Clara Schumann"),
	on("LAW-700-01", "Evening seminar", "0001000 18:30-21:00", "Hall A", "Hans Kelsen"),
	on("FLD-001-01", "Field trip", "0000010 08:00-16:00", "Hall A", "Alexander von Humboldt"),
	on("CHE-210-99", "Short", "0100000 11:30-11:55", "Hall A", "Max Müller"),
}, normal...)

var long = []Entry{
	on("INTERDISCIPLINARY-STUDIES-4711-SECTION-0001-EVENING", strings.Repeat("Extraordinarily long course titles ", 12), "1000000 09:00-09:50",
		"The Very Reverend Doctor Bartholomew Featherstonehaugh Memorial Auditorium, North Wing", "Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine"),
	on("日本語-101-01", "日本語の文法と作文についての入門講義と演習", "0100000 09:00-10:15", "講堂", "夏目漱石"),
	on("<script>&\"'", "a]]>b\x00c\x1b[31m \u202e", "0010000 09:00-10:15", "\xff\xfe", "<b>"),
	on("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM MMMMMMMMMMMMMMMMMMM", "0001000 09:00-12:00", "W", "M"),
	on("TINY-1", "Five minutes", "0000100 09:00-09:05", "Hall A", ""),
	on("TINY-2", "A quarter", "0000100 10:00-10:15", "Hall A", ""),
	on("TINY-3", "", "0000100 11:00-11:25", "Hall A", "Somebody"),
}

// many are nine at one time.
func many() []Entry {
	var entries []Entry
	for i := range 9 {
		entries = append(entries, on(fmt.Sprintf("SEC-%d", i+1), "Everybody at once", "0010000 10:00-11:50", "Hall A", "Somebody"))
	}
	return entries
}

var (
	weekOf   = day("2026-10-14") // a Wednesday
	lunch    = lis.Unavailability{Days: 0b0011111, Start: clock("12:00"), End: clock("13:00")}
	friday   = lis.Unavailability{Days: 0b0010000, StartDate: day("2026-10-16"), EndDate: day("2026-10-16"), Start: clock("15:00"), End: clock("18:00")}
	allDay   = lis.Unavailability{Days: 0b0001000, StartDate: day("2026-10-12"), EndDate: day("2026-10-18"), Start: lis.NoClock, End: lis.NoClock}
	hallA    = Week{Title: "Hall A", Subtitle: "North building · 120 seats", Monday: weekOf, Of: OfRoom, Zone: "Europe/London", Unavailable: []lis.Unavailability{lunch, friday}}
	pictures = map[string]struct {
		week    Week
		entries []Entry
	}{
		"normal":  {Week{Title: "Ada Lovelace", Subtitle: "Student · Biology", Monday: weekOf, Of: OfPerson}, normal},
		"crowded": {hallA, crowded},
		"empty":   {Week{Title: "Hall B", Subtitle: "40 seats", Monday: day("2026-12-30"), Of: OfRoom, Unavailable: []lis.Unavailability{allDay, lunch}}, nil},
		"long":    {Week{Title: strings.Repeat("A very long name of a room ", 9), Subtitle: strings.Repeat("and of its building ", 20), Monday: weekOf, Of: OfSection}, long},
		"many":    {Week{Title: "Hall A", Monday: weekOf, Of: OfRoom}, many()},
	}
)

func drawn(t testing.TB, w Week, entries []Entry) string {
	t.Helper()
	var b bytes.Buffer
	if err := DrawWeek(&b, w, entries); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPicturesAreAsDrawn(t *testing.T) {
	for name, c := range pictures {
		svg := drawn(t, c.week, c.entries)
		golden(t, name+".svg", []byte(svg))
		wellFormed(t, svg)
		turned := slices.Clone(c.entries)
		slices.Reverse(turned)
		if drawn(t, c.week, turned) != svg {
			t.Errorf("%s: another order gave other bytes", name)
		}
	}
}

func wellFormed(t testing.TB, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		if e, ok := token.(xml.StartElement); ok && (e.Name.Local == "script" || e.Name.Local == "image" || e.Name.Local == "b") {
			t.Fatalf("element %s", e.Name.Local)
		}
	}
}

func TestClashesAreMarked(t *testing.T) {
	a, b := on("A", "", "1000000 09:00-10:00", "", ""), on("B", "", "1000000 09:30-10:30", "", "")
	later, off := on("B", "", "1000000 10:00-11:00", "", ""), cancelled(b)
	told := a
	told.Clashes = []string{"more students than seats"}
	w := Week{Monday: weekOf}
	busy := Week{Monday: weekOf, Unavailable: []lis.Unavailability{{Days: 1, Start: 590, End: 700}}}
	for name, c := range map[string]struct {
		week    Week
		entries []Entry
		want    int
	}{
		"two at once": {w, []Entry{a, b}, 2}, "one after the other": {w, []Entry{a, later}, 0}, "cancelled": {w, []Entry{a, off}, 0},
		"one class": {w, []Entry{together(a, "x"), together(b, "x")}, 0}, "told by a check": {w, []Entry{told}, 1},
		"room not available": {busy, []Entry{a}, 1}, "before it is not": {busy, []Entry{on("C", "", "1000000 08:00-09:50", "", "")}, 0},
	} {
		if got := strings.Count(drawn(t, c.week, c.entries), ">CLASH<"); got != c.want {
			t.Errorf("%s: %d clashes are marked, want %d", name, got, c.want)
		}
	}
}

// TestNothingOverlaps looks at where the blocks of one day are.
func TestNothingOverlaps(t *testing.T) {
	for name, c := range pictures {
		p, err := layOut(c.week, c.entries)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range p.blocks {
			for _, b := range p.blocks[i+1:] {
				if a.overlaps(b) && a.lane == b.lane {
					t.Errorf("%s: %s and %s are in one place", name, a.words(), b.words())
				}
			}
			if a.lane >= a.lanes || a.lanes > maxLanes {
				t.Errorf("%s: lane %d of %d", name, a.lane, a.lanes)
			}
		}
	}
}

func TestTextFitsItsWidth(t *testing.T) {
	f := face{12, false}
	for _, s := range []string{"", "WWWWWWWW", "a b c d e f g h i j k l", "日本語の文法", strings.Repeat("x", 500)} {
		for width := range 120 {
			for _, line := range append(f.wrap(s, width, 3), f.fit(s, width)) {
				if f.width(line) > float64(width) {
					t.Fatalf("%q is %.0f wide, in %d", line, f.width(line), width)
				}
			}
		}
	}
}

func TestTooManyAreRefused(t *testing.T) {
	err := DrawWeek(io.Discard, Week{Monday: weekOf}, slices.Repeat([]Entry{on("A", "", "1111111 09:00-10:00", "", "")}, 300))
	if err == nil || !strings.Contains(err.Error(), "more than 2000 meetings in the week of 2026-10-12") {
		t.Error(err)
	}
	if err := DrawWeek(brokenWriter{}, hallA, crowded); !errors.Is(err, errBroken) {
		t.Error(err)
	}
}

// TestContrast works out the contrast of WCAG 2.2 of all text.
func TestContrast(t *testing.T) {
	check := func(what, a, b string) {
		x, y := luminance(a), luminance(b)
		if ratio := (max(x, y) + 0.05) / (min(x, y) + 0.05); ratio < 4.5 {
			t.Errorf("%s: %s on %s has a contrast of %.2f:1", what, a, b, ratio)
		}
	}
	for i, c := range tones {
		check(fmt.Sprint("light tone ", i), c.light.text, c.light.fill)
		check(fmt.Sprint("dark tone ", i), c.dark.text, c.dark.fill)
	}
	for _, g := range []ground{light, dark} {
		for _, under := range []string{g.page, g.head} {
			check("text", g.text, under)
			check("muted text", g.muted, under)
		}
		check("clash", onClash, g.clash)
	}
}

func luminance(colour string) float64 {
	n, _ := strconv.ParseUint(colour[1:], 16, 32)
	part := func(v uint64) float64 {
		s := float64(v&0xff) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n>>16) + 0.7152*part(n>>8) + 0.0722*part(n)
}

func FuzzDrawWeek(f *testing.F) {
	f.Add("BIO-101", "Cell Biology", uint8(127), int16(540), int16(50))
	f.Add("<&\"'>\x00\x1b\xff", "]]>\ufffe", uint8(64), int16(0), int16(1440))
	f.Fuzz(func(t *testing.T, label, title string, days uint8, start, length int16) {
		e := on("X", title, "1000000 09:00-09:50", label, title)
		e.Label, e.Meeting.Days, e.Meeting.Start, e.Meeting.End = label, lis.Weekdays(days), lis.Clock(start), lis.Clock(start+length)
		other := on("Y", "Other", "1111111 09:00-12:00", "", "")
		wellFormed(t, drawn(t, Week{Title: title, Subtitle: label, Zone: label, Monday: weekOf}, []Entry{e, other}))
	})
}
