package unitime

import (
	"strconv"
	"strings"

	"lisgate/gateway/lis"
)

// A slot is one time and place of a class, in words: what is compared to see
// whether an element still says what its record says.
type slot struct {
	span
	when
	place
}

// A span is a first and a last day; zero ones are those of the term.
type span struct{ from, to lis.Date }

// A when is a time in the week. Without days it is arranged.
type when struct {
	days       lis.Weekdays
	start, end lis.Clock
}

var arranged = when{start: lis.NoClock, end: lis.NoClock}

// A place is a room, or one outside of the university (no building).
type place struct {
	room     lis.SourcedID
	building string
	name     string
}

// same reports whether two places are one: what they are called does not count.
func (p place) same() place {
	if p.room != "" {
		return place{room: p.room}
	}
	return p
}

// slots returns what a class element says, which normalise has been through.
// def is the span of a class without dates.
func slots(class *element, campus string, def span) []slot {
	if meetings := class.all("meeting"); len(meetings) > 0 {
		var found []slot
		for _, m := range meetings {
			found = append(found, product([]span{spanOf(m, def)}, []when{whenOf(m)}, meetingPlaces(m, campus))...)
		}
		return found
	}
	times, dates, rooms := class.all("time"), class.all("date"), class.all("room", "location")
	if len(times)+len(dates)+len(rooms) == 0 && class.first("arrangeTime") == nil || slotCount(class) > lis.MaxMeetings {
		return nil
	}
	var spans []span
	for _, d := range dates {
		spans = append(spans, spanOf(d, def))
	}
	var whens []when
	for _, t := range times {
		whens = append(whens, whenOf(t))
	}
	var places []place
	for _, r := range rooms {
		places = append(places, placeOf(r, campus))
	}
	return product(orOne(spans, def), orOne(whens, arranged), places)
}

// slotCount is how many slots a class has.
func slotCount(class *element) int {
	if n := len(class.all("meeting")); n > 0 {
		return n
	}
	return max(1, len(class.all("date"))) * max(1, len(class.all("time"))) * max(1, len(class.all("room", "location")))
}

func orOne[T any](list []T, one T) []T {
	if len(list) == 0 {
		return []T{one}
	}
	return list
}

// product returns one slot for each day range, time and place.
func product(spans []span, whens []when, places []place) []slot {
	found := make([]slot, 0, len(spans)*len(whens)*max(1, len(places)))
	for _, w := range whens {
		for _, s := range spans {
			for _, p := range orOne(places, place{}) {
				found = append(found, slot{s, w, p})
			}
		}
	}
	return found
}

func spanOf(e *element, def span) span {
	if !e.has("startDate") && !e.has("endDate") {
		return def
	}
	from, _ := lis.ParseDate(e.text("startDate"))
	to, _ := lis.ParseDate(e.text("endDate"))
	return span{from, to}
}

func whenOf(e *element) when {
	days, _ := readDays(e.text("days"))
	start, _ := lis.ParseClock(e.text("startTime"))
	end, err := lis.ParseClock(e.text("endTime"))
	if err != nil {
		end = start + patternMinutes(e)
	}
	return when{days, start, end}
}

// patternMinutes returns the minutes of a meeting by the name of its time
// pattern, such as 3x50 [peer: UniTime's names]; 0 when it does not say.
func patternMinutes(e *element) lis.Clock {
	_, minutes, _ := strings.Cut(strings.ToLower(e.text("timePattern")), "x")
	minutes, _, _ = strings.Cut(strings.TrimSpace(minutes), " ")
	n, err := strconv.Atoi(minutes)
	if err != nil || n < 1 || n > 1440 {
		return 0
	}
	return lis.Clock(n)
}

// placeOf reads room and location elements.
func placeOf(e *element, campus string) place {
	p := place{room: lis.SourcedID(orElse(e.text("id"), e.text("externalId"))), building: e.text("building"), name: e.text("roomNbr")}
	if p.name == "" {
		p.building, p.name = "", e.text("name")
		if at := strings.LastIndexByte(p.name, ' '); at > 0 && e.name == "room" { // a room's name is its building and number
			p.building, p.name = strings.TrimSpace(p.name[:at]), p.name[at+1:]
		}
	}
	return p.known(e, campus)
}

// meetingPlaces reads the place of a meeting element.
func meetingPlaces(e *element, campus string) []place {
	switch building, room, location := e.text("building"), e.text("room"), e.text("location"); {
	case building != "" && room != "":
		return []place{place{building: building, name: room}.known(e, campus)}
	case location != "":
		return []place{place{name: location}.known(e, campus)}
	}
	return nil
}

// known gives a place without an id the one that was found for it, or else
// makes one.
func (p place) known(e *element, campus string) place {
	switch found := e.text(ours + "room"); {
	case p.room != "":
	case found != "":
		p.room = lis.SourcedID(found)
	case p.building != "":
		p.room = made("room", campus, p.building, p.name)
	case p.name != "":
		p.room = made("location", campus, p.name)
	}
	return p
}

// label is what people call a place.
func (p place) label() string { return strings.TrimSpace(p.building + " " + p.name) }
