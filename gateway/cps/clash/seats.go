package clash

import (
	"cmp"
	"slices"
)

// seats looks for rooms with fewer seats than there are students. Students of
// cross-listed sections that are in the room at the same time count too. Who
// is in a section is asked only when its maximum does not settle it.
func (c *checkup) seats() {
	for i := range c.p.bookings {
		b := &c.p.bookings[i]
		m := &c.p.Meetings[b.meeting]
		t := trace{Finding: Finding{Rule: RuleCapacity, Room: m.Room}, seats: m.RoomCapacity}
		if f := c.x.facilities[m.Room]; f != nil && f.capacity > 0 {
			t.seats = f.capacity
		}
		if t.seats <= 0 {
			continue
		}
		met := c.sharers(b)
		all := append([]*booking{b}, met...)
		if fits(all, t.seats, atMost) || c.asked.of(c.p) == 0 || fits(all, t.seats, c.asked.of) {
			continue
		}
		if week, at := c.asked.peak(b, met, &t); t.students > t.seats {
			c.add(t.on(week, b, max(b.start, at.start), min(b.end, at.end)))
		}
	}
}

// sharers returns the bookings of cross-listed sections that overlap one in
// its room.
func (c *checkup) sharers(b *booking) (met []*booking) {
	room := c.p.Meetings[b.meeting].Room
	if !c.crosslisted || room == "" {
		return nil
	}
	c.search(c.x.rooms.day(room, b.day), b, func(o *booking, _ int32) bool {
		if o.at.ID != c.p.ID && c.together(o.at) {
			met = append(met, o)
		}
		return true
	})
	slices.SortStableFunc(met, func(a, b *booking) int { return cmp.Compare(a.at.ID, b.at.ID) })
	return met
}

// atMost returns how many students a section can have, -1 when that is not
// known.
func atMost(p *placed) int {
	switch {
	case p.Students == nil:
		return 0
	case p.Max <= 0:
		return -1
	}
	return p.Max
}

// fits reports whether the sections of bookings, each counted once, have
// seats together, as far as their sizes are known.
func fits(all []*booking, seats int, size func(*placed) int) bool {
	sum := 0
	for i, b := range all {
		if i > 0 && all[i-1].at == b.at {
			continue
		}
		n := size(b.at)
		if n < 0 || n > seats-sum {
			return false
		}
		sum += n
	}
	return true
}

// A count remembers who was asked.
type count map[*placed]int

func (k count) of(p *placed) int {
	n, asked := k[p]
	if !asked && p.Students != nil {
		n = max(p.Students(), 0)
		k[p] = n
	}
	return n
}

// peak finds when most students are in the room, and puts it in t. The number
// can only grow where a booking begins, so these times are looked at, in all
// weeks; when there are too many, all are taken to be there at once.
func (k count) peak(b *booking, met []*booking, t *trace) (week int32, at *booking) {
	week, at, t.students = b.first, b, k.of(b.at)
	looked := 0
	for _, start := range append([]*booking{b}, met...) {
		for w, ok := b.common(start.weeks, never); ok; w, ok = b.common(start.weeks, w+1) {
			if looked += len(met) + 1; looked > maxInstants {
				t.students, t.with = k.all(b, met, nil)
				return b.first, b
			}
			n, with := k.all(b, met, func(o *booking) bool {
				when := max(b.start, start.start)
				return o.has(w) && o.start <= when && when < o.end
			})
			if n > t.students {
				week, at, t.students, t.with = w, start, n, with
			}
		}
	}
	return week, at
}

// all sums up the students of a booking and of those of others that are there.
func (k count) all(b *booking, met []*booking, there func(*booking) bool) (n int, with []*placed) {
	n = k.of(b.at)
	for _, o := range met {
		if (there == nil || there(o)) && (len(with) == 0 || with[len(with)-1] != o.at) {
			n += k.of(o.at)
			with = append(with, o.at)
		}
	}
	return n, with
}
