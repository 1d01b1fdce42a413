package unitime

import (
	"strings"

	"lisgate/gateway/lis"
)

// place writes when and where a class meets: what the element says already
// stays as it is written there, each of dates, times and places by itself.
func (w *writing) place(e *element, ms []lis.Meeting) error {
	def := w.usual(e)
	was, now := slots(e, w.header.Campus, def), slotsOf(ms)
	if equal(was, now) {
		return nil
	}
	spans, whens, places, ok := factors(now)
	if len(now) == 0 {
		e.replace(nil, placing...)
		return nil
	}
	// The element of a class of a timetable has one time; so has one of offerings.
	if !ok || len(whens) > 1 {
		return w.meetings(e, now, def)
	}
	if len(e.all("meeting")) > 0 {
		e.replace(nil, placing...)
	}
	w.dates(e, spans, def)
	w.times(e, whens[0])
	return w.places(e, places)
}

// placing are the elements that say when and where.
var placing = []string{"date", "time", "arrangeTime", "room", "location", "meeting"}

// usual returns the span of classes without dates: that which the class was
// read with, or else that of the session.
func (w *writing) usual(e *element) span {
	begin, _ := lis.ParseDate(e.text(ours + "begin"))
	end, _ := lis.ParseDate(e.text(ours + "end"))
	if begin == 0 && end == 0 && !e.has(ours+"begin") {
		return span{w.header.Begin, w.header.End}
	}
	return span{begin, end}
}

func (w *writing) dates(e *element, spans []span, def span) {
	var was []span
	for _, d := range e.all("date") {
		was = append(was, spanOf(d, def))
	}
	if sameSet(orOne(was, def), spans) {
		return
	}
	var list []*element
	for _, s := range spans {
		if s != def || len(spans) > 1 {
			list = append(list, withDays(newElement("date"), s)...)
		}
	}
	e.replace(list, "date")
}

// withDays gives an element the days of a span. One that has no first or no last
// day cannot be written, and is that of the term.
func withDays(e *element, s span) []*element {
	if s.from == 0 || s.to == 0 {
		return nil
	}
	e.set("startDate", s.from.String())
	e.set("endDate", s.to.String())
	return []*element{e}
}

func (w *writing) times(e *element, now when) {
	if now == arranged {
		e.replace(nil, "time")
		if w.root == "timetable" && e.first("arrangeTime") == nil {
			e.kids = append(e.kids, newElement("arrangeTime"))
		}
		return
	}
	if t := e.first("time"); t != nil && len(e.all("time")) == 1 && whenOf(t) == now {
		e.replace(nil, "arrangeTime")
		return
	}
	e.replace([]*element{timed(newElement("time"), now)}, "time", "arrangeTime")
}

func timed(e *element, w when) *element {
	e.set("days", w.days.Letters())
	e.set("startTime", w.start.String())
	e.set("endTime", w.end.String())
	return e
}

func (w *writing) places(e *element, now []place) error {
	var was []place
	for _, r := range e.all("room", "location") {
		was = append(was, placeOf(r, w.header.Campus).same())
	}
	var same []place
	for _, p := range now {
		same = append(same, p.same())
	}
	if sameSet(orOne(was, place{}), same) {
		return nil
	}
	var list []*element
	for _, p := range now {
		room, err := w.room(p)
		if err != nil {
			return err
		}
		if room != nil {
			list = append(list, room)
		}
	}
	e.replace(list, "room", "location")
	return nil
}

func sameSet[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	count := map[T]int{}
	for _, v := range a {
		count[v]++
	}
	for _, v := range b {
		if count[v]--; count[v] < 0 {
			return false
		}
	}
	return true
}

// named completes the names of a place from the room's record.
func (w *writing) named(p place) (place, error) {
	if p.name != "" || p.room == "" {
		return p, nil
	}
	rec, err := w.find(lis.KindGroup, p.room)
	if err != nil {
		return p, err
	}
	if rec != nil {
		if g, ok := rec.Object.(*lis.Group); ok {
			room, _ := g.Room() // what can be read of it
			p.building, p.name = room.Building, room.Name
		}
	}
	if p.name == "" {
		p.building, p.name = "", string(p.room)
	}
	return p, nil
}

// room writes a place; nil for none.
func (w *writing) room(p place) (*element, error) {
	p, err := w.named(p)
	if err != nil || p.name == "" {
		return nil, err
	}
	e := newElement("location")
	if p.building != "" {
		e.name = "room"
	}
	if p.room != "" && !strings.HasPrefix(string(p.room), "unitime:") {
		e.set("id", string(p.room))
	}
	if p.building == "" {
		e.set("name", p.name)
		return e, nil
	}
	e.set("building", p.building)
	e.set("roomNbr", p.name)
	return e, nil
}

// meetings writes what date, time and room cannot say.
func (w *writing) meetings(e *element, now []slot, def span) error {
	var list []*element
	for _, s := range now {
		if s.when == arranged {
			continue // the class meets at other times; this one has none
		}
		m := timed(newElement("meeting"), s.when)
		if s.span != def {
			withDays(m, s.span)
		}
		p, err := w.named(s.place)
		if err != nil {
			return err
		}
		switch {
		case p.building != "":
			m.set("building", p.building)
			m.set("room", p.name)
		case p.name != "":
			m.set("location", p.name)
		}
		list = append(list, m)
	}
	e.replace(list, placing...)
	return nil
}
