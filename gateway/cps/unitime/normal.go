package unitime

import (
	"fmt"
	"strings"

	"lisgate/gateway/lis"
)

// normalise writes the dates, times and days of a class as words have them,
// and refuses those that cannot be read. So a kept element can be written
// again in any format.
func (f *formats) normalise(class *element) error {
	for _, e := range class.kids {
		var err error
		switch e.name {
		case "date":
			err = f.normalSpan(e, true)
		case "time":
			err = f.normalTime(e)
		case "meeting":
			if err = f.normalTime(e); err == nil {
				err = f.normalSpan(e, false)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *formats) normalSpan(e *element, needed bool) error {
	if !needed && !e.has("startDate") && !e.has("endDate") {
		return nil
	}
	var days [2]lis.Date
	for i, name := range [2]string{"startDate", "endDate"} {
		s, there := e.get(name)
		if !there {
			return e.refuse(name, "give both dates", "is missing")
		}
		d, err := f.readDate(s)
		if err != nil {
			return e.refuse(name, "write it as the root's dateFormat says", "%v", err)
		}
		days[i] = d
	}
	if days[1] < days[0] && !f.date.has('y') || days[1] < days[0] && f.free {
		days[1] = lis.NewDate(days[1].Time().AddDate(1, 0, 0)) // as UniTime: it is of the next year
	}
	if days[1] < days[0] {
		return e.refuse("endDate", "mend one of the two", "%s is before the startDate %s", days[1], days[0])
	}
	e.set("startDate", days[0].String())
	e.set("endDate", days[1].String())
	return nil
}

func (f *formats) normalTime(e *element) error {
	days, err := readDays(e.text("days"))
	if err != nil {
		return e.refuse("days", "mend it", "%v", err)
	}
	start, err := f.readClock(e.text("startTime"))
	if err != nil {
		return e.refuse("startTime", "write it as the root's timeFormat says", "%v", err)
	}
	if start == 1440 {
		return e.refuse("startTime", "mend it", "a class cannot begin at the end of the day")
	}
	end := start + patternMinutes(e)
	if s, there := e.get("endTime"); there {
		if end, err = f.readClock(s); err != nil {
			return e.refuse("endTime", "write it as the root's timeFormat says", "%v", err)
		}
		if end == 0 {
			end = 1440 // midnight, as UniTime has it
		}
		e.set("endTime", end.String())
	} else if end == start {
		return e.refuse("endTime", "give it, or a timePattern such as 3x50", "is missing")
	}
	if end <= start || end > 1440 {
		return e.refuse("endTime", "mend one of the two", "%s is not after the startTime %s, on the same day", end, start)
	}
	e.set("days", days.Letters())
	e.set("startTime", start.String())
	return nil
}

// denormalise writes dates and times as the formats of a file say, and refuses
// what these cannot hold.
func (f *formats) denormalise(class *element) error {
	before := class.copy()
	if err := f.format(class); err != nil || f.date.has('y') && f.date.exact() && f.clock.exact() {
		return err
	}
	back := class.copy()
	err := f.normalise(back)
	for i, e := range back.kids {
		for _, a := range e.attrs {
			if was := before.kids[i].text(a.name); (isDay(e, a.name) || isTime(e, a.name)) && (err != nil || was != strings.TrimSpace(a.value)) {
				return &FormatError{Value: was, DateFormat: f.date.text, TimeFormat: f.clock.text}
			}
		}
	}
	return err
}

// isDay reports whether an attribute is a date.
func isDay(e *element, name string) bool {
	return (e.name == "date" || e.name == "meeting") && (name == "startDate" || name == "endDate")
}

// isTime reports whether an attribute is a time of day.
func isTime(e *element, name string) bool {
	return (e.name == "time" || e.name == "meeting") && (name == "startTime" || name == "endTime")
}

// A FormatError says that the formats of a header cannot hold a day or time.
type FormatError struct{ Value, DateFormat, TimeFormat string }

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s cannot be written so that it can be read again, in the dateFormat %s and the timeFormat %s; choose such as yyyy/MM/dd and HHmm",
		e.Value, e.DateFormat, e.TimeFormat)
}

func (f *formats) format(class *element) error {
	for _, e := range class.kids {
		for i := range e.attrs {
			a := &e.attrs[i]
			switch {
			case isDay(e, a.name):
				d, err := lis.ParseDate(a.value)
				if err != nil {
					return err
				}
				a.value = f.date.format(d.Time())
			case isTime(e, a.name):
				c, err := lis.ParseClock(a.value)
				if err != nil {
					return err
				}
				a.value = f.writeClock(c)
			}
		}
	}
	return nil
}
