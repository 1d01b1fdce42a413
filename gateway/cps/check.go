package cps

import (
	"fmt"
	"strings"
	"time"

	"lisgate/gateway/cps/clash"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// check holds the packet against the timetable and the rules. What waits for a
// person keeps its old place, so the others are checked again without it.
func (d *Desk) check(snap journal.Snapshot, k *packet) error {
	items := k.open()
	for {
		undo := k.try(items)
		held, refused := 0, []*item(nil)
		for _, i := range items {
			if i.ended() {
				refused = append(refused, i)
			}
			if i.ended() {
				continue
			}
			if err := d.hold(snap, k.plan, i); err != nil {
				return err
			}
			if i.hold != nil {
				held++
			}
		}
		if k.audit() || held > 0 {
			undo()
		}
		if k.audit() || held == 0 {
			return nil
		}
		for _, i := range refused { // perhaps for what is held now
			i.status = lis.Status{}
		}
		if items = k.open(); len(items) == 0 {
			return nil
		}
	}
}

// open returns the items that are neither ended nor held.
func (k *packet) open() []*item {
	var open []*item
	for _, i := range k.items {
		if !i.ended() && i.hold == nil {
			open = append(open, i)
		}
	}
	return open
}

// try reserves what items want, and ends those that cannot have it.
func (k *packet) try(items []*item) (undo func()) {
	sections := make([]clash.Section, len(items))
	for n, i := range items {
		sections[n] = k.plan.book.clashing(i.id, i.section)
	}
	results, undo := k.plan.book.index.Try(sections, false)
	for n, r := range results {
		items[n].findings = r.Findings
		if r.Refused {
			items[n].end(lis.Invalid, texts(r.Findings, true))
		}
	}
	return undo
}

// texts says what was found, only what refuses when hard.
func texts(findings []clash.Finding, hard bool) string {
	var all []string
	for _, f := range findings {
		if f.Hard || !hard {
			all = append(all, f.Text)
		}
	}
	return strings.Join(all, "; ")
}

// hold has an item wait for a person where a rule or a conflict says so.
func (d *Desk) hold(snap journal.Snapshot, p *plan, i *item) error {
	if i.approver != "" {
		return nil
	}
	rule, why := d.approval(p, i), HoldApproval
	conflict, err := onItsWay(snap, p.Planner, i.entry)
	if err != nil {
		return err
	}
	if conflict != "" {
		rule, why = conflict, HoldConflict
	}
	if rule == "" {
		return nil
	}
	i.hold = &Proposal{From: i.q.Caller, Operation: i.q.Call.Operation, At: d.Now(), Why: why, Rule: rule, Findings: i.findings,
		Proposed: version(p.Planner, 0, d.Now(), i.section)}
	if i.entry != nil {
		i.hold.Base = version("", i.entry.Version, d.Now(), i.old)
	}
	return nil
}

func version(by string, n int64, at time.Time, c *lis.CourseSection) *Version {
	v := &Version{By: by, Version: n, At: at, Meeting: c.Meeting.String(), Location: c.Location.String(), Section: c}
	if c.NumberOfStudents != nil {
		v.Students = *c.NumberOfStudents
	}
	return v
}

// approval returns the rule by which a person must see an item, in words.
func (d *Desk) approval(p *plan, i *item) string {
	for _, a := range p.Approve {
		if text := a.wants(lis.NewDate(d.Now().In(p.Zone)), i, func() int { return p.book.size(i.id, i.section) }); text != "" {
			return strings.TrimPrefix(a.Name+": ", ": ") + text
		}
	}
	return ""
}

func (a *Approval) wants(today lis.Date, i *item, size func() int) string {
	var because []string
	if a.After != 0 {
		if today < a.After {
			return ""
		}
		because = append(because, "a change on or after "+a.After.String())
	}
	if a.Over > 0 {
		n := size()
		if n <= a.Over {
			return ""
		}
		because = append(because, fmt.Sprintf("%d students are more than %d", n, a.Over))
	}
	if a.Clash {
		if len(i.findings) == 0 {
			return ""
		}
		because = append(because, texts(i.findings, false))
	}
	return strings.Join(because, "; ")
}

// size is how many students a section has, or may have when nobody is in it
// yet.
func (b *book) size(id lis.SourcedID, c *lis.CourseSection) int {
	if n := b.enrolled(id, c); n > 0 {
		return n
	}
	if c.MaxNumberOfStudents != nil {
		return int(*c.MaxNumberOfStudents)
	}
	return 0
}

// onItsWay reports whether a change of somebody else's is on its way to a
// side, which then cannot know of it: what the side sends now would undo it.
func onItsWay(snap journal.Snapshot, side string, e *journal.Entry) (string, error) {
	if e == nil {
		return "", nil
	}
	for s, err := range snap.Deliveries(lis.KindCourseSection, e.ID) {
		if err != nil {
			return "", err
		}
		waits := s.State == journal.Waiting || s.State == journal.Parked || s.State == journal.Held
		if waits && s.Target == side && s.Source != side && s.Source != "" {
			return fmt.Sprintf("both sides changed section %s: the change of %s has not reached %s yet", quote(e.ID), s.Source, side), nil
		}
	}
	return "", nil
}

// would says what an item of an audit would do.
func (i *item) would() string {
	what := "audit: nothing was changed; it would be replaced"
	switch {
	case i.hold != nil:
		what = "audit: nothing was changed; it would wait for a person: " + i.hold.Rule
	case i.entry == nil:
		what = "audit: nothing was changed; it would be created"
	}
	if was := i.changes(); was != "" {
		what += ", " + was
	}
	if len(i.findings) > 0 {
		what += "; " + texts(i.findings, false)
	}
	return what
}

// changes says in words how the meetings would change.
func (i *item) changes() string {
	was := ""
	if i.old != nil {
		was = i.old.Meeting.String()
	}
	if now := i.section.Meeting.String(); now != was {
		return fmt.Sprintf("meeting %q in place of %q", now, was)
	}
	return ""
}
