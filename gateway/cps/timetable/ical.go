package timetable

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"time"

	"lisgate/gateway/lis"
)

// A Feed says what a calendar is called and where it is from.
type Feed struct {
	Name   string         // of the calendar, for people
	Domain string         // right side of the UIDs; "" for lisgate.invalid
	Zone   *time.Location // of meetings that name none; nil for UTC
	Since  lis.Date       // no meeting begins before it; 0 for 2000-01-01. The zones are described from its year on
	Now    time.Time      // stands in where an entry does not say when it was updated
}

// The first and the last day that a feed can hold, and the most days of one
// meeting.
var (
	firstDay = lis.NewDate(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
	lastDay  = lis.NewDate(time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC))
)

const maxDays = 4000

// refreshAfter is how often readers should come back.
const refreshAfter = "PT1H"

// A LeftOutError tells of meetings that a calendar could not hold. The
// calendar is whole without them.
type LeftOutError struct {
	Count int
	First []error // ten at most
}

func (e *LeftOutError) Error() string {
	return fmt.Sprintf("write calendar: %d meetings left out, the first because: %v", e.Count, e.First[0])
}

// Unwrap returns the reasons.
func (e *LeftOutError) Unwrap() []error { return e.First }

// WriteICal writes a calendar of the entries, each as it comes. An error of
// the entries or of w ends it; a meeting that a calendar cannot hold is left
// out, and told in a *LeftOutError when all the others are written.
func WriteICal(w io.Writer, f Feed, entries iter.Seq2[Entry, error]) error {
	out := bufio.NewWriterSize(w, 32<<10)
	c := &calendar{lines: lines{w: out}, feed: f, zones: map[string]*time.Location{}}
	if err := c.open(); err != nil {
		return err
	}
	var left LeftOutError
	for e, err := range entries {
		if err != nil {
			return fmt.Errorf("write calendar: %w", err)
		}
		if err := c.entry(&e); err != nil {
			left.add(fmt.Errorf("section %s, meeting %s: %w", e.Section, which(&e.Meeting), err))
		}
		if c.err != nil {
			return fmt.Errorf("write calendar: %w", c.err)
		}
	}
	c.close()
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	if left.Count > 0 {
		return &left
	}
	return nil
}

func (e *LeftOutError) add(err error) {
	e.Count++
	if len(e.First) < 10 {
		e.First = append(e.First, err)
	}
}

// A calendar is a feed being written.
type calendar struct {
	lines
	feed  Feed
	zones map[string]*time.Location // that have been described
}

func (c *calendar) open() error {
	f := &c.feed
	if f.Domain == "" {
		f.Domain = "lisgate.invalid"
	}
	if f.Zone == nil {
		f.Zone = time.UTC
	}
	if name := f.Zone.String(); name == "Local" || name == "" {
		return fmt.Errorf("write calendar: its time zone has no IANA name such as Europe/London: name it")
	}
	if f.Since == 0 {
		f.Since = firstDay
	}
	c.raw("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//lisgate//timetable//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH")
	if f.Name != "" {
		c.text("NAME", f.Name)
		c.text("X-WR-CALNAME", f.Name)
	}
	c.raw("REFRESH-INTERVAL;VALUE=DURATION:"+refreshAfter, "X-PUBLISHED-TTL:"+refreshAfter)
	return nil
}

// close ends the calendar. One without any component would be none by RFC
// 5545, so an empty one describes its zone.
func (c *calendar) close() {
	if len(c.zones) == 0 {
		c.timezone(c.feed.Zone)
	}
	c.raw("END:VCALENDAR")
}

// entry writes an entry as an event, after the zone that it needs.
func (c *calendar) entry(e *Entry) error {
	if !e.timed() {
		return nil
	}
	zone, err := c.zone(e.Meeting.TimeZone)
	if err != nil {
		return err
	}
	r, err := recur(&e.Meeting, c.feed.Since)
	if err != nil || len(r.days) == 0 {
		return err
	}
	if c.zones[zone.String()] == nil {
		c.zones[zone.String()] = zone
		if zone != time.UTC {
			c.timezone(zone)
		}
	}
	c.event(e, r, zone)
	return nil
}

func (c *calendar) event(e *Entry, r recurrence, zone *time.Location) {
	m, updated := &e.Meeting, e.Updated
	if updated.IsZero() {
		updated = c.feed.Now
	}
	c.raw("BEGIN:VEVENT", "UID:"+uid(e.Section, m)+"@"+c.feed.Domain,
		"DTSTAMP:"+utc(updated), "LAST-MODIFIED:"+utc(updated),
		"SEQUENCE:"+strconv.FormatInt(min(max(e.Version, 0), math.MaxInt32), 10),
		local("DTSTART", r.days[0], m.Start, zone), local("DTEND", r.days[0], m.End, zone))
	c.rule(r, m.Start, zone)
	c.text("SUMMARY", e.name())
	c.text("LOCATION", e.Place)
	c.text("CATEGORIES", m.Type)
	c.text("DESCRIPTION", e.teachers())
	c.people(e.Instructors)
	if e.Cancelled {
		c.raw("STATUS:CANCELLED")
	} else {
		c.raw("STATUS:CONFIRMED")
	}
	c.raw("END:VEVENT")
}

// people writes those with an address: the first organises.
func (c *calendar) people(persons []Person) {
	property := "ORGANIZER"
	for _, p := range persons {
		to := mailto(p.Email)
		if to == "" {
			continue
		}
		line := property
		if p.Name != "" {
			line += ";CN=" + quoted(p.Name)
		}
		c.raw(line + ":" + to)
		property = "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED"
	}
}

// uid names a meeting of a section in every feed alike, and tells nothing else.
func uid(section lis.SourcedID, m *lis.Meeting) string {
	sum := sha256.Sum256([]byte(string(section) + "\x00" + which(m)))
	return hex.EncodeToString(sum[:16])
}
