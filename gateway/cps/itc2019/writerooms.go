package itc2019

import (
	"fmt"

	"lisgate/gateway/lis"
)

func (d *drawing) rooms() error {
	all, err := places(d.src.Records(lis.KindGroup), orderOfRoom)
	if err != nil {
		return err
	}
	for _, at := range all {
		group, err := read[*lis.Group](d, lis.KindGroup, at.id)
		if err != nil {
			return err
		}
		room, err := group.Room()
		if err == nil {
			err = d.room(d.g.fileID(partRoom, at.id), room)
		}
		if err != nil {
			return fmt.Errorf("room %s: %w", at.id, err)
		}
	}
	return nil
}

func (d *drawing) room(id string, r lis.Room) error {
	d.p.start("room", "id", id, "capacity", itoa(r.Capacity))
	for _, t := range r.Travel {
		slots, err := d.g.slot(t.Minutes)
		if err != nil {
			return fmt.Errorf("travel to %s: %w", t.Room, err)
		}
		d.p.leaf("travel", "room", d.g.fileID(partRoom, t.Room), "value", itoa(slots))
	}
	for _, u := range r.Unavailable {
		attrs, err := d.time(u.Days, u.Weeks, u.StartDate, u.Start, int(u.End-u.Start))
		if err != nil {
			return fmt.Errorf("unavailable: %w", err)
		}
		d.p.leaf("unavailable", attrs...)
	}
	d.p.end("room")
	return nil
}

// time writes the attributes days, start, length and weeks.
func (d *drawing) time(days lis.Weekdays, weeks lis.Weeks, from lis.Date, start lis.Clock, minutes int) ([]string, error) {
	dayMask, err := d.g.daysMask(days)
	if err != nil {
		return nil, err
	}
	weekMask, err := d.g.weeksMask(weeks, from)
	if err != nil {
		return nil, err
	}
	slot, err := d.g.slot(int(start))
	if err != nil {
		return nil, err
	}
	length, err := d.g.slot(minutes)
	if err != nil {
		return nil, err
	}
	return []string{"days", dayMask, "start", itoa(slot), "length", itoa(length), "weeks", weekMask}, nil
}
