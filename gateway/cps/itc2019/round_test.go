package itc2019

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A draft is a problem being drawn.
type draft struct {
	t                 *rapid.T
	b                 strings.Builder
	days, slots, week int
	rooms, courses    []string
	classes           []string
	solution          strings.Builder
}

func (d *draft) n(label string, low, high int) int { return rapid.IntRange(low, high).Draw(d.t, label) }

func (d *draft) yes(label string) bool { return rapid.Bool().Draw(d.t, label) }

func (d *draft) put(format string, args ...any) { fmt.Fprintf(&d.b, format, args...) }

// ids draws ids that are their own.
func (d *draft) ids(label string, most int) []string {
	return rapid.SliceOfNDistinct(rapid.StringMatching(`[0-9]{1,3}|[A-Za-z.é/%&<"+=-]{1,6}`), 0, most, rapid.ID).Draw(d.t, label)
}

func quoted(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return `"` + b.String() + `"`
}

func (d *draft) mask(label string, n int) string {
	return rapid.StringMatching(fmt.Sprintf("[01]{%d}", n)).Filter(func(s string) bool { return strings.Contains(s, "1") }).Draw(d.t, label)
}

// time draws the attributes of a time; the first is what a solution repeats.
func (d *draft) time() (string, string) {
	start := d.n("start", 0, d.slots-1)
	weeks := d.mask("weeks", d.week)
	at := fmt.Sprintf(`days="%s" start="%d" weeks="%s"`, d.mask("days", d.days), start, weeks)
	rest := fmt.Sprintf(` length="%d"`, d.n("length", 1, d.slots-start))
	return at, rest
}

func (d *draft) penalty() string {
	if d.yes("penalty") {
		return fmt.Sprintf(` penalty="%d"`, d.n("penalty", -3, 12))
	}
	return ""
}

func (d *draft) problem() {
	d.days = d.n("nrDays", 1, 7)
	d.slots = rapid.SampledFrom([]int{1, 24, 96, 288, 1440}).Draw(d.t, "slotsPerDay")
	d.week = d.n("nrWeeks", 1, 20)
	d.put(`<problem name="a problem" nrDays="%d" slotsPerDay="%d" nrWeeks="%d">`, d.days, d.slots, d.week)
	if d.yes("optimization") {
		d.put(`<optimization time="%d" student="%d"/>`, d.n("time", 0, 9), d.n("student", 0, 9))
	}
	d.rooms = d.ids("rooms", 4)
	d.put("<rooms>")
	for _, id := range d.rooms {
		d.put(`<room id=%s capacity="%d">`, quoted(id), d.n("capacity", 0, 300))
		for range d.n("travels", 0, 2) {
			d.put(`<travel room=%s value="%d"/>`, quoted(rapid.SampledFrom(d.rooms).Draw(d.t, "to")), d.n("value", 0, d.slots))
		}
		for range d.n("unavailable", 0, 2) {
			at, rest := d.time()
			d.put(`<unavailable %s%s/>`, at, rest)
		}
		d.put("</room>")
	}
	d.put("</rooms><courses>")
	d.coursesOf()
	d.put("</courses><distributions>")
	for range d.n("distributions", 0, 3) {
		d.put(`<distribution type="%s" required="%v"%s>`, rapid.SampledFrom([]string{"SameRoom", "MinGap(3)"}).Draw(d.t, "type"), d.yes("required"), d.penalty())
		for range d.n("bound", 0, 3) {
			if len(d.classes) > 0 {
				d.put(`<class id=%s/>`, quoted(rapid.SampledFrom(d.classes).Draw(d.t, "class")))
			}
		}
		d.put("</distribution>")
	}
	d.put("</distributions><students>")
	for _, id := range d.ids("students", 4) {
		d.put(`<student id=%s>`, quoted(id))
		if len(d.courses) > 0 {
			for _, course := range rapid.Permutation(d.courses).Draw(d.t, "asked")[:d.n("how many", 0, len(d.courses))] {
				d.put(`<course id=%s/>`, quoted(course))
			}
		}
		d.put("</student>")
	}
	d.put("</students></problem>")
}

func (d *draft) coursesOf() {
	d.courses = d.ids("courses", 3)
	all := d.ids("classes", 8)
	configs, subparts := d.ids("configs", 6), d.ids("subparts", 8)
	for _, id := range d.courses {
		d.put(`<course id=%s>`, quoted(id))
		for range d.n("configs", 0, 2) {
			if len(configs) == 0 {
				break
			}
			d.put(`<config id=%s>`, quoted(configs[0]))
			configs = configs[1:]
			for range d.n("subparts", 0, 2) {
				if len(subparts) == 0 {
					break
				}
				d.put(`<subpart id=%s>`, quoted(subparts[0]))
				subparts = subparts[1:]
				for range min(len(all), d.n("classes", 0, 2)) {
					d.class(all[0])
					all = all[1:]
				}
				d.put("</subpart>")
			}
			d.put("</config>")
		}
		d.put("</course>")
	}
}

func (d *draft) class(id string) {
	d.put(`<class id=%s`, quoted(id))
	if d.yes("limit") {
		d.put(` limit="%d"`, d.n("limit", 0, 99))
	}
	if len(d.classes) > 0 && d.yes("parent") {
		d.put(` parent=%s`, quoted(rapid.SampledFrom(d.classes).Draw(d.t, "parent")))
	}
	d.classes = append(d.classes, id)
	room := ""
	if len(d.rooms) == 0 || d.yes("no room") {
		d.put(` room="false">`)
	} else {
		d.put(">")
		for _, r := range rapid.Permutation(d.rooms).Draw(d.t, "rooms")[:d.n("rooms", 0, len(d.rooms))] {
			d.put(`<room id=%s%s/>`, quoted(r), d.penalty())
			room = " room=" + quoted(r)
		}
	}
	chosen := ""
	for range d.n("times", 0, 3) {
		at, rest := d.time()
		d.put(`<time %s%s%s/>`, at, rest, d.penalty())
		chosen = at + room
	}
	d.put("</class>")
	if d.yes("assigned") {
		fmt.Fprintf(&d.solution, "<class id=%s %s/>", quoted(id), chosen)
	} else {
		fmt.Fprintf(&d.solution, "<class id=%s/>", quoted(id))
	}
}

// TestRound takes drawn problems and solutions there and back.
func TestRound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := &draft{t: rt}
		d.problem()
		problem := []byte(d.b.String())
		s := loaded(t, bytes.NewReader(problem))
		same(t, problem, written(t, WriteProblem, s))
		solution := `<solution name="a problem" runtime="1">` + d.solution.String() + "</solution>"
		items, err := s.load(ReadSolution(strings.NewReader(solution), s, Options{}))
		if err != nil || len(items) > 0 {
			rt.Fatal(err, items)
		}
		same(t, []byte(solution), written(t, WriteSolution, s))
		same(t, problem, written(t, WriteProblem, s))
	})
}

// tiny is a problem for the fuzzers, which are quick with little.
const tiny = `<problem name="p" nrDays="1" slotsPerDay="4" nrWeeks="2"><rooms><room id="1" capacity="2"/></rooms><courses><course id="1"><config id="1"><subpart id="1">` +
	`<class id="1"><room id="1"/><time days="1" start="0" length="2"/></class><class id="2" parent="1" room="false"><time days="1" start="1" length="1" weeks="01"/></class>` +
	`</subpart></config></course></courses><distributions><distribution type="SameRoom" penalty="1"><class id="2"/></distribution></distributions>` +
	`<students><student id="1"><course id="1"/></student></students></problem>`

// FuzzProblem reads a file, writes it, and does so again: the second is the
// first, and an error names a line.
func FuzzProblem(f *testing.F) {
	f.Add([]byte(tiny))
	f.Add([]byte(`<problem name="p" nrDays="7" slotsPerDay="24" nrWeeks="1"><optimization time="1"/><rooms><room id="1" capacity="2"><travel room="1" value="1"/><unavailable days="1000001" start="1" length="2" weeks="1"/></room></rooms></problem>`))
	f.Add([]byte(`<!DOCTYPE problem SYSTEM "http://www.itc2019.org/competition-format.dtd"><problem name="p" nrDays="1" slotsPerDay="1" nrWeeks="1"><courses><course id="1"><config id="2"/></course></courses></problem>`))
	f.Fuzz(func(t *testing.T, file []byte) {
		s := newShelf()
		if _, err := s.load(ReadProblem(bytes.NewReader(file), Options{Begin: monday})); err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Fatal(err)
			}
			return
		}
		first := written(t, WriteProblem, s)
		same(t, first, written(t, WriteProblem, loaded(t, bytes.NewReader(first))))
	})
}

// FuzzSolution reads a solution and writes it: the file that was written moves
// nothing, and is written again as it is.
func FuzzSolution(f *testing.F) {
	f.Add([]byte(`<solution name="p" cores="1"><class id="1" days="1" start="0" weeks="11" room="1"><student id="1"/></class></solution>`))
	f.Add([]byte(`<problem><rooms/><solution><class id="2" days="1" start="1" weeks="01"/><class id="1"/></solution></problem>`))
	base := loaded(f, strings.NewReader(tiny))
	f.Fuzz(func(t *testing.T, file []byte) {
		s := base.clone()
		if _, err := s.load(ReadSolution(bytes.NewReader(file), s, Options{})); err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Fatal(err)
			}
			return
		}
		first := written(t, WriteSolution, s)
		before := s.moved
		if items, err := s.load(ReadSolution(bytes.NewReader(first), s, Options{})); err != nil || len(items) > 0 || s.moved != before {
			t.Fatal(err, items, s.moved-before)
		}
		same(t, first, written(t, WriteSolution, s))
	})
}
