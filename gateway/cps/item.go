package cps

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"lisgate/gateway/cps/clash"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// An item is one section of a packet, on its way through the desk.
type item struct {
	op      string // transactionOpIdentifier in a bulk file
	q       *registrar.Request
	meaning lis.Operation

	id      lis.SourcedID
	entry   *journal.Entry     // as it is; nil for a new one
	old     *lis.CourseSection // its content
	was     string             // refAgentInstanceID of that
	section *lis.CourseSection // as the planner wants it
	body    []byte             // of that
	asked   lis.Plan           // plan.* of what came
	called  lis.SourcedID      // what the planner calls it, where that is another name

	findings []clash.Finding
	unknown  []string // fields that nobody knows
	hold     *Proposal
	status   lis.Status // how it ends; "" for not yet
	approver string     // who let it through, where it had to wait
	answer   lis.SourcedID
	seq      int64
	before   []byte
	version  int64
}

// end ends an item.
func (i *item) end(s lis.Situation, text string) {
	i.status = lis.StatusOf(s, lis.CMS, text)
}

func (i *item) ended() bool { return i.status.CodeMajor != "" }

// proxied reports whether the SIS is to allot the id.
func (i *item) proxied() bool { return i.meaning.Verb == lis.CreateByProxy }

// read finds out what an item means, and ends it when it makes no sense.
func (d *Desk) read(ctx context.Context, v journal.Snapshot, p *plan, i *item) error {
	call := i.q.Call
	in, ok := sectionOf(call)
	if !ok && i.meaning.Verb != lis.UpdateStatus {
		i.end(lis.Incomplete, "courseSectionRecord: the call has no section; send one")
		return nil
	}
	if err := d.identify(ctx, v, p, i); err != nil || i.ended() {
		return err
	}
	if i.meaning.Verb == lis.UpdateStatus {
		i.section = copyOf(i.old)
		i.section.Status = call.Status
		i.keep()
		return nil
	}
	i.understand(p, in)
	return nil
}

func sectionOf(call *lis.Call) (*lis.CourseSection, bool) {
	if call.Record == nil {
		return nil, false
	}
	c, ok := call.Record.Object.(*lis.CourseSection)
	return c, ok && c != nil
}

// identify finds the section that an item is about.
func (d *Desk) identify(ctx context.Context, v journal.Snapshot, p *plan, i *item) error {
	if i.proxied() {
		if i.q.Call.Record != nil {
			i.called = i.q.Call.Record.ID
		}
		if i.id == "" {
			i.id = lis.SourcedID(d.NewID())
		}
		return nil
	}
	i.id = about(i.q.Call)
	if i.id == "" {
		i.end(lis.Incomplete, "sourcedId: the call names no section")
		return nil
	}
	e, err := v.Get(lis.KindCourseSection, i.id)
	if err != nil {
		return err
	}
	if e == nil || e.Deleted {
		if e, err = d.translate(ctx, v, p, i); err != nil {
			return err
		}
	}
	switch there := e != nil && !e.Deleted; {
	case there && i.meaning.Verb == lis.Create:
		i.end(lis.NewIDInUse, "the sourcedId "+quote(i.id)+" is in use by another section; send createByProxyCourseSection, and the SIS allots one")
		return nil
	case !there && i.meaning.Verb != lis.Create:
		i.end(lis.NotThere, "there is no section "+quote(i.id)+" here; send createByProxyCourseSection for a new one, and the SIS allots its sourcedId")
		return nil
	case !there:
		return nil
	}
	i.entry = e
	r, err := lis.UnmarshalRecord(lis.KindCourseSection, i.id, e.Body)
	if err != nil {
		return err
	}
	old, ok := r.Object.(*lis.CourseSection)
	if !ok {
		return fmt.Errorf("the section %s holds something else", i.id)
	}
	i.old, i.was = old, r.Agent
	return i.nameless(v)
}

// nameless has a change wait whose section has no id of the SIS's yet: it would
// go there under one that the SIS does not know.
func (i *item) nameless(v jobs) error {
	s, err := standing(v, i.id)
	if err == nil && s != nil && s.Sent != nil && s.Sent.Created {
		i.end(lis.Busy, "the SIS has not allotted an id to section "+quote(i.id)+" yet; send this again when it has, see "+lis.FieldPlanState)
	}
	return err
}

// translate looks for a section by what the planner calls it.
func (d *Desk) translate(ctx context.Context, v journal.Snapshot, p *plan, i *item) (*journal.Entry, error) {
	pair, err := d.Store.PairOf(ctx, p.Planner, lis.KindCourseSection, string(i.id))
	if err != nil || pair == nil {
		return nil, err
	}
	i.called, i.id = i.id, pair.ID
	return v.Get(lis.KindCourseSection, i.id)
}

// about returns the object of a call: the inner sourcedId counts.
func about(c *lis.Call) lis.SourcedID {
	if c.Record != nil && c.Record.ID != "" {
		return c.Record.ID
	}
	return c.ID
}

// understand reads the fields of what came, and puts the section together.
func (i *item) understand(p *plan, in *lis.CourseSection) {
	meetings, err := in.Meetings()
	asked, planErr := in.Plan()
	if i.asked = asked; err == nil {
		err = planErr
	}
	if i.mistaken(err) {
		return
	}
	i.unknown = lis.UnknownPlanningFields(in.Extension)
	i.section = byPlanner(i.old, in)
	if len(meetings) > 0 {
		meetings = dated(meetings, p.book.termOf(i.section))
		if i.undated(meetings) {
			return
		}
		i.section.SetMeetings(meetings)
	}
	i.keep()
}

// mistaken ends an item for fields that cannot be read.
func (i *item) mistaken(err error) bool {
	if err == nil {
		return false
	}
	situation := lis.Invalid
	var fields lis.FieldErrors
	if errors.As(err, &fields) {
		situation = lis.Incomplete
		for _, f := range fields {
			if !f.Incomplete {
				situation = lis.Invalid
			}
		}
	}
	i.end(situation, "section "+quote(i.id)+": "+err.Error())
	return true
}

func (i *item) undated(meetings []lis.Meeting) bool {
	for n := range meetings {
		if m := &meetings[n]; !m.Arranged && (m.StartDate == 0 || m.EndDate == 0 && m.Weeks == "") {
			i.end(lis.Incomplete, "section "+quote(i.id)+": "+lis.FieldName(lis.FieldMeetingStartDate, m.N)+
				" and "+lis.FieldName(lis.FieldMeetingEndDate, m.N)+": give them, or a timeFrame of the section, or a term with one")
			return true
		}
	}
	return false
}

// keep makes the content ready for the journal.
func (i *item) keep() {
	body, err := lis.MarshalRecord(&lis.Record{ID: i.id, Agent: i.agent(), Object: i.section})
	if err != nil {
		i.end(lis.Invalid, err.Error())
		return
	}
	if i.body = body; i.entry != nil && bytes.Equal(i.entry.Body, body) {
		i.end(lis.Done, "unchanged: it was so already")
		i.answer = i.id
	}
}

// agent is that of the section as it is, else that of what came.
func (i *item) agent() string {
	if i.entry == nil && i.q.Call.Record != nil {
		return i.q.Call.Record.Agent
	}
	return i.was
}

// request is what the registrar is asked to carry out.
func (i *item) request() *registrar.Request {
	q := *i.q
	call := *q.Call
	call.ID = i.id
	if i.meaning.Verb != lis.UpdateStatus {
		call.Record = &lis.Record{ID: i.id, Agent: i.agent(), Object: i.section}
	}
	switch i.meaning.Verb {
	case lis.CreateByProxy:
		q.Allotted = i.id
	case lis.Update: // what it adds to has been put together
		call.Operation = lis.OperationFor(lis.KindCourseSection, lis.Replace)
	}
	q.Call = &call
	return &q
}

func quote(id lis.SourcedID) string { return `"` + strings.ToValidUTF8(string(id), "?") + `"` }
