package unitime

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"lisgate/gateway/lis"
)

// TestRoundTrip writes what was read of generated files: they say the same.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := &generator{T: rt}
		root := g.timetable()
		if rapid.Bool().Draw(rt, "offerings") {
			root = g.offerings()
		}
		file := []byte(root.String())
		var h Header
		o := term
		o.Header = func(x Header) { h = x }
		calls, err := lis.Collect(Read(bytes.NewReader(file), o))
		if err != nil {
			rt.Fatalf("%v in\n%s", err, file)
		}
		var out bytes.Buffer
		if err := writerOf(file)(&out, h, setOf(calls)); err != nil {
			rt.Fatalf("%v in\n%s", err, file)
		}
		if want, got := canonical(t, file), canonical(t, out.Bytes()); want != got {
			rt.Fatalf("the file\n%s\nwas written as\n%s", want, got)
		}
	})
}

// A generator makes files of all that the DTDs allow.
type generator struct {
	*rapid.T
	n int
}

func (g *generator) bool() bool { return rapid.Bool().Draw(g.T, "b") }

func (g *generator) upTo(n int) int { return rapid.IntRange(0, n).Draw(g.T, "n") }

func (g *generator) of(list ...string) string { return rapid.SampledFrom(list).Draw(g.T, "of") }

// maybe sets an attribute, or not.
func (g *generator) maybe(e *element, name string, values ...string) {
	if g.bool() {
		e.set(name, g.of(values...))
	}
}

func (g *generator) id() string {
	g.n++
	return fmt.Sprint("id", g.n)
}

func (g *generator) root(name string) *element {
	e := newElement(name, "campus", "L", "year", "2010", "term", "Fal")
	e.set("dateFormat", g.of("yyyy/MM/dd", "M/d/yyyy", "MM/dd", "d MMM yy", "yyyyMMdd"))
	e.set("timeFormat", g.of("HHmm", "HH:mm", "h:mma", "H:mm:ss"))
	g.maybe(e, "created", "today & now")
	g.maybe(e, "unheardOf", "x")
	return e
}

func (g *generator) formats(root *element) *formats {
	f, err := newFormats(root.name, root.text("dateFormat"), root.text("timeFormat"), root.text("year"), term.Begin)
	if err != nil {
		g.Fatal(err)
	}
	return f
}

func (g *generator) timetable() *element {
	root := g.root("timetable")
	root.set("action", g.of("update", "insert"))
	f := g.formats(root)
	for subject := range g.upTo(3) {
		for range g.upTo(2) {
			root.kids = append(root.kids, g.class(f, "class", 0, fmt.Sprintf("S %d", subject)))
		}
	}
	return root
}

func (g *generator) class(f *formats, in string, depth int, subject string) *element {
	e := newElement("class", "type", g.of("Lec", "Lab", "Rec"), "suffix", g.id())
	if subject != "" {
		e.set("subject", subject)
		e.set("courseNbr", "101")
	}
	if g.bool() {
		e.set("id", g.id())
	}
	g.maybe(e, "limit", "0", "20", "inf")
	g.maybe(e, "cancelled", "true", "false")
	g.maybe(e, "scheduleNote", "", "bring <pens> & \"paper\"\nto room ü")
	g.maybe(e, "studentScheduling", "true", "false")
	for range g.upTo(2 - depth) {
		e.kids = append(e.kids, g.class(f, in, depth+1, subject))
	}
	if g.bool() {
		g.timed(e)
	} else {
		for range g.upTo(3) {
			e.kids = append(e.kids, g.meeting())
		}
	}
	for range g.upTo(2) {
		e.kids = append(e.kids, g.instructor())
	}
	if err := f.format(e); err != nil {
		g.Fatal(err)
	}
	return e
}

func (g *generator) timed(e *element) {
	for range g.upTo(2) {
		e.kids = append(e.kids, withDays(newElement("date"), g.span())...)
	}
	switch g.upTo(3) {
	case 0:
	case 1:
		a := newElement("arrangeTime")
		g.maybe(a, "minPerWeek", "50", "150")
		e.kids = append(e.kids, a)
	default:
		t := timed(newElement("time"), g.when())
		g.maybe(t, "timePattern", "3x50", "Odd & even")
		e.kids = append(e.kids, t)
	}
	for range g.upTo(2) {
		if g.bool() {
			e.kids = append(e.kids, newElement("location", "name", "Mill "+g.id()))
			continue
		}
		r := newElement("room", "building", g.of("EDUC", "C:1"), "roomNbr", g.id())
		if g.bool() {
			r.set("id", g.id())
		}
		e.kids = append(e.kids, r)
	}
}

func (g *generator) meeting() *element {
	e := timed(newElement("meeting"), g.when())
	if g.bool() {
		withDays(e, g.span())
	}
	if g.bool() {
		e.set("building", "EDUC")
		e.set("room", g.of("1", "2"))
	}
	g.maybe(e, "location", "Mill")
	return e
}

func (g *generator) span() span {
	from := term.Begin + lis.Date(rapid.IntRange(-20, 200).Draw(g.T, "from"))
	return span{from, from + lis.Date(g.upTo(60))}
}

func (g *generator) when() when {
	start := rapid.IntRange(0, 1435).Draw(g.T, "start")
	return when{lis.Weekdays(rapid.IntRange(1, 127).Draw(g.T, "days")), lis.Clock(start), lis.Clock(rapid.IntRange(start+1, 1440).Draw(g.T, "end"))}
}

func (g *generator) instructor() *element {
	e := newElement("instructor")
	id := g.of("p1", "p2", "p3")
	if g.bool() {
		e.set("fname", "First "+id)
		e.set("mname", "")
		e.set("lname", "Last <"+id+">")
		e.set("title", "Dr.")
	}
	if g.bool() || !e.has("fname") {
		e.set("id", id)
	}
	g.maybe(e, "share", "100", "50", "0.25", "0")
	g.maybe(e, "lead", "true", "false")
	g.maybe(e, "responsibility", "TA", "Grader")
	return e
}

func (g *generator) offerings() *element {
	root := g.root("offerings")
	g.maybe(root, "incremental", "true", "false")
	f := g.formats(root)
	for range g.upTo(3) {
		o := newElement("offering", "id", g.id(), "offered", g.of("true", "false"))
		g.maybe(o, "action", "insert", "update")
		main := g.upTo(2)
		for i := range main + 1 + g.upTo(1) {
			o.kids = append(o.kids, g.course(f, i == main))
		}
		for range g.upTo(2) {
			c := newElement("config", "name", g.id(), "limit", g.of("10", "inf"))
			g.maybe(c, "durationType", "MIN_PER_WEEK", "SEMESTER_HRS")
			c.kids = append(c.kids, newElement("subpart", "type", "Lec", "minPerWeek", "150"))
			for range g.upTo(2) {
				c.kids = append(c.kids, g.class(f, "config", 0, ""))
			}
			o.kids = append(o.kids, c)
		}
		root.kids = append(root.kids, o)
	}
	return root
}

func (g *generator) course(f *formats, main bool) *element {
	e := newElement("course", "subject", "S "+g.id(), "courseNbr", "1", "controlling", fmt.Sprint(main))
	if g.bool() {
		e.set("id", g.id())
	}
	g.maybe(e, "title", "Power & Politics", "")
	g.maybe(e, "scheduleBookNote", "see the web")
	if g.bool() {
		e.kids = append(e.kids, newElement("consent", "type", "IN"))
	}
	for range g.upTo(1) {
		c := newElement("class", "type", "Lec", "suffix", g.id(), "id", g.id())
		if !main {
			c = g.class(f, "course", 0, "")
		}
		e.kids = append(e.kids, c)
	}
	return e
}
