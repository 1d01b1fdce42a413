package clash

import "lisgate/gateway/lis"

// calendars are those of all rooms, or of all people.
type calendars map[lis.SourcedID]*calendar

// A calendar has a tree for each day of the week.
type calendar struct {
	days     [7]*node
	bookings int
}

// day returns the tree of a weekday, nil when nothing is in it.
func (c calendars) day(id lis.SourcedID, day uint8) *node {
	if own := c[id]; own != nil {
		return own.days[day]
	}
	return nil
}

func (c calendars) insert(id lis.SourcedID, n *node) {
	own := c[id]
	if own == nil {
		own = &calendar{}
		c[id] = own
	}
	own.days[n.booking.day] = insert(own.days[n.booking.day], n)
	own.bookings++
}

func (c calendars) remove(id lis.SourcedID, b *booking) {
	own := c[id]
	own.days[b.day] = remove(own.days[b.day], b)
	if own.bookings--; own.bookings == 0 {
		delete(c, id)
	}
}

// put takes a section in. What it had there must be out.
func (x *Index) put(p *placed) {
	n := 0
	p.each(func(_ *booking, id lis.SourcedID, person bool) {
		x.calendars(person).insert(id, &p.nodes[n])
		n++
	})
	x.sections[p.ID] = p
}

// take takes a section out.
func (x *Index) take(p *placed) {
	p.each(func(b *booking, id lis.SourcedID, person bool) {
		x.calendars(person).remove(id, b)
	})
	delete(x.sections, p.ID)
}

func (x *Index) calendars(person bool) calendars {
	if person {
		return x.people
	}
	return x.rooms
}

// A facility is what is known of a room.
type facility struct {
	capacity int
	busy     [7]*node
}

// newFacility works out when a room cannot be used. What is not said there is
// no limit: without days it is every day, without times the whole day, and
// without a start date a mask of weeks says nothing.
func newFacility(r lis.Room) *facility {
	f := &facility{capacity: r.Capacity}
	var all []booking
	for _, u := range r.Unavailable {
		days, b := u.Days, booking{start: max(u.Start, 0), end: u.End}
		if days == 0 {
			days = 1<<7 - 1
		}
		if b.end < 0 {
			b.end = 24 * 60
		}
		if b.start < b.end {
			all = books(all, b, days, u.Weeks, u.StartDate, u.EndDate)
		}
	}
	nodes := make([]node, len(all))
	for i := range all {
		b := &all[i]
		nodes[i] = node{booking: b, priority: stir(uint64(b.seq) + 1)}
		f.busy[b.day] = insert(f.busy[b.day], &nodes[i])
	}
	return f
}
