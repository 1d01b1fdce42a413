package planner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// A room is a room with what is booked in it.
type room struct {
	lis.Room
	id     lis.SourcedID
	booked []booking
	closed bool
}

// A booking is a time that is taken, by a unit or by nobody we plan.
type booking struct {
	pattern
	by *unit
}

func (t *table) openRooms() {
	for _, id := range slices.Sorted(maps.Keys(t.problem.Rooms)) {
		r := &room{Room: t.problem.Rooms[id], id: id}
		for _, u := range r.Unavailable {
			start, end := u.Start, u.End
			if start < 0 || end < 0 {
				start, end = 0, 24*60
			}
			days := u.Days
			if days == 0 {
				days = 0x7f
			}
			r.booked = append(r.booked, booking{pattern: t.calendar.pattern(span{days, u.Weeks, u.StartDate, u.EndDate}, start, end)})
		}
		t.rooms = append(t.rooms, r)
		if len(r.Travel) > 0 {
			t.ignore("the ways between rooms")
		}
	}
}

// taken returns the booking that is in the way of a pattern, or nil.
func taken(list []booking, p *pattern) *booking {
	for i := range list {
		if list[i].overlaps(p) {
			return &list[i]
		}
	}
	return nil
}

// The weights by which rooms are compared [ours]: an empty seat counts one.
const (
	featureWaste = 40 // a feature that is not asked for
	roomPenalty  = 25 // a point of a preference
)

// suitable returns the rooms that would do for a unit, best first.
func (t *table) suitable(u *unit) []*room {
	if u.noRoom {
		return nil
	}
	type offer struct {
		room *room
		cost int
	}
	var offers []offer
	for _, r := range t.rooms {
		if cost, fits := u.costOf(r); fits {
			offers = append(offers, offer{r, cost})
		}
	}
	slices.SortStableFunc(offers, func(a, b offer) int { return cmp.Compare(a.cost, b.cost) })
	rooms := make([]*room, len(offers))
	for i, o := range offers {
		rooms[i] = o.room
	}
	return rooms
}

// costOf says how badly a room suits, and whether it does at all.
func (u *unit) costOf(r *room) (cost int, fits bool) {
	if r.closed || r.Capacity > 0 && r.Capacity < u.seats {
		return 0, false
	}
	for _, f := range u.features {
		if !slices.Contains(r.Features, f) {
			return 0, false
		}
	}
	cost = max(r.Capacity-u.seats, 0) + featureWaste*(len(r.Features)-len(u.features))
	for _, s := range u.sections {
		if q := &s.Request; len(q.Rooms) > 0 {
			at := slices.IndexFunc(q.Rooms, func(p lis.Preference) bool { return p.Of == string(r.id) })
			if at < 0 {
				return 0, false
			}
			cost += roomPenalty * q.Rooms[at].Preference
		}
		for _, p := range s.Request.Buildings {
			if p.Of == r.Building {
				cost += roomPenalty * p.Preference
			}
		}
	}
	return cost, true
}

// lacking says which room there would have to be.
func (u *unit) lacking() string {
	text := fmt.Sprintf("no open room has %d seats", u.seats)
	if len(u.features) > 0 {
		text += " and " + strings.Join(u.features, ", ")
	}
	for _, s := range u.sections {
		if len(s.Request.Rooms) > 0 {
			return text + " among those that the request allows; allow more rooms, or lower the limit of the section"
		}
	}
	return text + "; lower the limit of the section, or ask for less"
}
