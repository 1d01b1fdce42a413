package lis

// Request reads what the SIS asks of the planner for the section. The error is
// FieldErrors, and what could be read is returned beside it.
func (c *CourseSection) Request() (Request, error) { return readRequest(c.Extension) }

// SetRequest gives the section a request; the zero one takes it away.
func (c *CourseSection) SetRequest(q Request) { writeRequest(&c.Extension, q) }

// Request reads what the SIS asks for each section of the offering that says
// nothing itself.
func (c *CourseOffering) Request() (Request, error) { return readRequest(c.Extension) }

// SetRequest gives the offering a request; the zero one takes it away.
func (c *CourseOffering) SetRequest(q Request) { writeRequest(&c.Extension, q) }

// A requestFields is a request while its fields are read.
type requestFields struct {
	request          Request
	features, groups numbered[string]
	buildings, rooms numbered[Preference]
	times            numbered[timeFields]
}

type timeFields struct {
	time TimePreference
	said said
}

func readRequest(e *Extension) (Request, error) {
	var r fieldReader
	f := requestFields{
		features:  numbered[string]{limit: MaxEntries, what: "room features"},
		groups:    numbered[string]{limit: MaxEntries, what: "room groups"},
		buildings: numbered[Preference]{limit: MaxEntries, what: "buildings"},
		rooms:     numbered[Preference]{limit: MaxEntries, what: "rooms"},
		times:     numbered[timeFields]{limit: MaxEntries, what: "times", blank: timeFields{time: TimePreference{Start: NoClock}}},
	}
	r.fields(e, familyRequest, func(pattern string, n, _ int) { f.read(&r, pattern, n) })
	q := f.request
	q.RoomFeatures, q.RoomGroups = f.features.items, f.groups.items
	q.Buildings = named(&r, &f.buildings, FieldRequestBuilding)
	q.Rooms = named(&r, &f.rooms, FieldRequestRoom)
	for i := range f.times.items {
		f.times.items[i].check(&r, f.times.numbers[i])
		q.Times = append(q.Times, f.times.items[i].time)
	}
	return q, r.err()
}

// read takes the field at hand.
func (f *requestFields) read(r *fieldReader, pattern string, n int) {
	q := &f.request
	switch pattern {
	case FieldRequestMinutes:
		parsed(r, &q.MinutesPerWeek, parseCount)
	case FieldRequestMeetings:
		parsed(r, &q.NumberOfMeetings, parseCount)
	case FieldRequestCapacity:
		parsed(r, &q.MinRoomCapacity, parseCount)
	case FieldRequestNoRoom:
		parsed(r, &q.NoRoom, parseBoolean)
	case FieldRequestDatePattern:
		r.text(&q.DatePattern)
	case FieldRequestNotBefore:
		r.text(&q.NotBefore)
	case FieldRequestNotAfter:
		r.text(&q.NotAfter)
	case FieldRequestFeature:
		readText(r, &f.features, n)
	case FieldRequestGroup:
		readText(r, &f.groups, n)
	case FieldRequestBuilding, FieldRequestBuildingPref:
		readPreference(r, &f.buildings, pattern, n)
	case FieldRequestRoom, FieldRequestRoomPref:
		readPreference(r, &f.rooms, pattern, n)
	default:
		if t := f.times.at(r, n); t != nil {
			t.read(r, pattern)
		}
	}
}

func readText[T ~string](r *fieldReader, l *numbered[T], n int) {
	if v := l.at(r, n); v != nil {
		*v = T(r.value)
	}
}

func readPreference(r *fieldReader, l *numbered[Preference], pattern string, n int) {
	v := l.at(r, n)
	switch {
	case v == nil:
	case pattern == FieldRequestBuilding, pattern == FieldRequestRoom:
		r.text(&v.Of)
	default:
		parsed(r, &v.Preference, parseInteger)
	}
}

// named returns the preferences, and tells of those that are of nothing.
func named(r *fieldReader, l *numbered[Preference], pattern string) []Preference {
	for i := range l.items {
		r.need(l.items[i].Of != "", pattern, "is missing: a preference says of what it is", l.numbers[i])
	}
	return l.items
}

func (t *timeFields) read(r *fieldReader, pattern string) {
	switch v := &t.time; pattern {
	case FieldRequestTimeDays:
		t.said |= saidDays
		parsed(r, &v.Days, parseSomeDays)
	case FieldRequestTimeWeeks:
		parsed(r, &v.Weeks, parseWeeks)
	case FieldRequestTimeDate:
		parsed(r, &v.StartDate, ParseDate)
	case FieldRequestTimeStart:
		t.said |= saidStart
		parsed(r, &v.Start, ParseClock)
	case FieldRequestTimeLength:
		t.said |= saidEnd
		parsed(r, &v.Length, parseLength)
	case FieldRequestTimePref:
		parsed(r, &v.Preference, parseInteger)
	}
}

// check tells what a time lacks, and of one that goes on past midnight.
func (t *timeFields) check(r *fieldReader, n int) {
	const rule = "is missing: a time has days, a start time and a length in minutes"
	r.need(t.said&saidDays != 0, FieldRequestTimeDays, rule, n)
	r.need(t.said&saidStart != 0, FieldRequestTimeStart, rule, n)
	r.need(t.said&saidEnd != 0, FieldRequestTimeLength, rule, n)
	if v := &t.time; v.Start >= 0 && int(v.Start)+v.Length > maxClock {
		r.bad(FieldName(FieldRequestTimeLength, n), "", "the time that starts at "+v.Start.String()+" goes on past midnight; it must end by 24:00")
	}
}

func writeRequest(e **Extension, q Request) {
	rewrite(e, familyRequest, nil, func(w *fieldWriter) {
		w.number(FieldRequestMinutes, q.MinutesPerWeek)
		w.number(FieldRequestMeetings, q.NumberOfMeetings)
		w.number(FieldRequestCapacity, q.MinRoomCapacity)
		writeList(w, FieldRequestFeature, q.RoomFeatures)
		writeList(w, FieldRequestGroup, q.RoomGroups)
		w.preferences(FieldRequestBuilding, FieldRequestBuildingPref, q.Buildings)
		w.preferences(FieldRequestRoom, FieldRequestRoomPref, q.Rooms)
		w.flag(FieldRequestNoRoom, q.NoRoom)
		w.put(FieldRequestDatePattern, q.DatePattern)
		for i := range q.Times {
			w.time(&q.Times[i], i+1)
		}
		w.put(FieldRequestNotBefore, q.NotBefore)
		w.put(FieldRequestNotAfter, q.NotAfter)
	})
}

func (w *fieldWriter) preferences(namePattern, pattern string, list []Preference) {
	for i, p := range list {
		w.put(namePattern, p.Of, i+1)
		w.number(pattern, p.Preference, i+1)
	}
}

func (w *fieldWriter) time(t *TimePreference, n int) {
	w.days(FieldRequestTimeDays, t.Days, n)
	w.put(FieldRequestTimeWeeks, string(t.Weeks), n)
	w.put(FieldRequestTimeDate, t.StartDate.String(), n)
	w.put(FieldRequestTimeStart, t.Start.String(), n)
	w.number(FieldRequestTimeLength, t.Length, n)
	w.number(FieldRequestTimePref, t.Preference, n)
}
