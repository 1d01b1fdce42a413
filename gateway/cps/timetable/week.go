package timetable

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"lisgate/gateway/lis"
)

// A Subject says whose week a picture shows: what is the same in all of it is
// not said in each block.
type Subject string

// The subjects.
const (
	OfRoom    Subject = "room"    // blocks name who teaches
	OfPerson  Subject = "person"  // blocks name the place
	OfSection Subject = "section" // blocks name both
)

// A Week says what a picture shows.
type Week struct {
	Title       string // Hall A
	Subtitle    string // North building, 120 seats
	Monday      lis.Date
	Of          Subject
	Zone        string               // IANA name; blocks of another zone name theirs. Times stand as they are
	Unavailable []lis.Unavailability // of a room
}

// maxBlocks is the most that one week is drawn with; maxLanes how many stand
// side by side before the rest is folded into one.
const (
	maxBlocks = 2000
	maxLanes  = 6
)

// A block is one entry on one day.
type block struct {
	entry      *Entry
	day        int
	start, end lis.Clock
	lane       int
	lanes      int      // side by side in its cluster
	clashes    []string // why it clashes; empty for not
	folded     []*block // what it stands for, in place of an entry
}

// A picture is a week laid out.
type picture struct {
	Week
	blocks   []*block
	busy     []*block // unavailable times
	arranged []*Entry
	days     int // 5, or more where the weekend is used
	lanes    [7]int
	from, to int // hours
}

// DrawWeek draws one week as SVG. The same entries give the same bytes,
// whatever their order.
func DrawWeek(w io.Writer, week Week, entries []Entry) error {
	p, err := layOut(week, entries)
	if err != nil {
		return fmt.Errorf("draw week: %w", err)
	}
	if err := p.draw(w); err != nil {
		return fmt.Errorf("draw week: %w", err)
	}
	return nil
}

func layOut(week Week, entries []Entry) (*picture, error) {
	week.Monday = week.Monday.Monday()
	p := &picture{Week: week, days: 5, from: 8, to: 18}
	for i := range entries {
		p.add(&entries[i])
		if len(p.blocks) > maxBlocks {
			return nil, fmt.Errorf("more than %d meetings in the week of %s: draw fewer sections", maxBlocks, week.Monday)
		}
	}
	slices.SortFunc(p.arranged, func(a, b *Entry) int {
		return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Section, b.Section), cmp.Compare(a.Meeting.N, b.Meeting.N))
	})
	for _, u := range week.Unavailable {
		p.addBusy(u)
	}
	p.findClashes()
	p.widen()
	p.assignLanes()
	return p, nil
}

// in returns the days of the week on which a pattern takes place.
func (p *picture) in(m *lis.Meeting) lis.Weekdays {
	var days lis.Weekdays
	for d := range m.Dates() {
		if d > p.Monday+6 {
			break
		}
		if d >= p.Monday {
			days |= 1 << d.Weekday()
		}
	}
	return days
}

func (p *picture) add(e *Entry) {
	m := &e.Meeting
	if !e.timed() {
		if m.Arranged && (m.StartDate == 0 || m.StartDate <= p.Monday+6) && (m.EndDate == 0 || m.EndDate >= p.Monday) {
			p.arranged = append(p.arranged, e)
		}
		return
	}
	days := p.in(m)
	for day := range 7 {
		if days.Has(day) && m.End > m.Start && m.End <= 1440 {
			p.blocks = append(p.blocks, &block{entry: e, day: day, start: m.Start, end: m.End, clashes: e.Clashes})
			p.days = max(p.days, day+1)
		}
	}
}

// addBusy adds an unavailable time. One without times is the whole day; one
// without dates is every week.
func (p *picture) addBusy(u lis.Unavailability) {
	m := lis.Meeting{Days: u.Days, Weeks: u.Weeks, StartDate: u.StartDate, EndDate: u.EndDate}
	days := u.Days
	if u.StartDate != 0 {
		days = p.in(&m)
	}
	start, end := u.Start, u.End
	if start < 0 || end < 0 || start == end {
		start, end = 0, 1440
	}
	for day := range 7 {
		if days.Has(day) && end > start {
			p.busy = append(p.busy, &block{day: day, start: start, end: min(end, 1440)})
		}
	}
}

// widen makes room for the hours that are used.
func (p *picture) widen() {
	for _, b := range p.blocks {
		p.from = min(p.from, int(b.start)/60)
		p.to = max(p.to, (int(b.end)+59)/60)
	}
}

func (b *block) overlaps(o *block) bool {
	return b.day == o.day && b.start < o.end && o.start < b.end
}
