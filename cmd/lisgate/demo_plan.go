package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"lisgate/cmd/lisgate/campus"
	"lisgate/cmd/lisgate/planner"
	"lisgate/gateway"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A demoPlan is the second act: the next term is planned.
type demoPlan struct {
	Sections  int              `json:"sections"`
	Unplaced  int              `json:"unplaced"` // for which no room, time or teacher was free
	Rooms     int              `json:"rooms"`
	Refused   *planner.Refusal `json:"refused,omitempty"` // the one that clashed, and why
	Corrected int              `json:"corrected"`
	Published int              `json:"published"`
	Seats     int              `json:"seats"` // of students in sections
}

// A demoPlanning is that act on its way.
type demoPlanning struct {
	*demoPlay
	campus *campus.Campus
	plan   demoPlan
}

// planNext has the planner schedule the next term: seed, plan, return, correct,
// publish.
func (p *demoPlay) planNext(ctx context.Context, seed uint64, scale float64) error {
	n := &demoPlanning{demoPlay: p, campus: demoCampus(seed, scale)}
	p.plan = &n.plan
	for _, step := range []func(context.Context) error{n.seed, n.fetch, n.schedule, n.giveBack, n.correct, n.publish, n.arrive, n.agree} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// demoCampus is the campus whose people are those of the demo's term.
func demoCampus(seed uint64, scale float64) *campus.Campus {
	teachers := 2 * max(1, int(20*scale+0.5))   // as package term has them
	sections := min(60, max(36, int(60*scale))) // fewer would leave every room free
	students := min(600, max(38, int(600*scale)))
	return campus.New(seed, campus.Size{Rooms: 12, Sections: sections, Students: students, Instructors: teachers})
}

// seed has the SIS send what is to be planned as one bulk file.
func (n *demoPlanning) seed(ctx context.Context) error {
	var file bytes.Buffer
	if err := n.campus.WriteBulk(&file); err != nil {
		return err
	}
	total := int64(0)
	for _, phase := range n.campus.Seed() {
		total += int64(phase.Count)
	}
	return n.phase("SIS sends next term's wishes", total, func(line *demoLine) error {
		if _, err := n.house.ask(ctx, "sis", http.MethodPost, "/lis/bdems/file", "text/xml; charset=utf-8", &file); err != nil {
			return err
		}
		line.set(total)
		return nil
	})
}

func (n *demoPlanning) fetch(ctx context.Context) error {
	return n.phase("planner reads them over LIS", 0, func(line *demoLine) error {
		report, err := n.house.planner.Fetch(ctx)
		if err == nil && report.Applied != nil {
			line.total = *report.Applied
			line.set(*report.Applied)
		}
		return err
	})
}

func (n *demoPlanning) schedule(ctx context.Context) error {
	n.plan.Sections, n.plan.Rooms = n.campus.Size().Sections, n.campus.Size().Rooms
	defer func() {
		if n.plan.Unplaced > 0 {
			n.out.say("      %s found no free room, time or teacher\n", plural(n.plan.Unplaced, "section"))
		}
	}()
	return n.phase("planner schedules sections", int64(n.plan.Sections), func(line *demoLine) error {
		solution, err := n.house.planner.Plan(ctx)
		if err != nil {
			return err
		}
		line.set(int64(len(solution.Planned)))
		n.plan.Unplaced = len(solution.Unplaced)
		for _, s := range solution.Planned {
			n.plan.Seats += len(s.Students)
		}
		return nil
	})
}

// giveBack returns the plan. One section is in a room that another has.
func (n *demoPlanning) giveBack(ctx context.Context) error {
	var returned *planner.Returned
	err := n.phase("planner returns the plan", int64(n.plan.Sections-n.plan.Unplaced+n.plan.Seats), func(line *demoLine) (err error) {
		if returned, err = n.house.planner.Return(ctx, lis.PacketItems); err == nil {
			line.set(returned.Applied)
		}
		return err
	})
	if err != nil {
		return err
	}
	for i := range returned.Refused {
		if r := &returned.Refused[i]; r.Kind == lis.KindCourseSection {
			n.plan.Refused = r
			n.out.say("      refused: %s\n", r.Reason)
		}
	}
	if n.plan.Refused == nil {
		return errors.New("the section in a taken room was not refused")
	}
	return nil
}

// correct sends what was refused again, elsewhere.
func (n *demoPlanning) correct(ctx context.Context) error {
	moved, err := n.house.planner.Correct(ctx)
	if err != nil {
		return err
	}
	return n.phase("planner corrects it", int64(len(moved)), func(line *demoLine) error {
		for _, id := range moved {
			st, err := n.house.planner.ReturnOne(ctx, id)
			if err != nil {
				return err
			}
			if !st.OK() {
				return fmt.Errorf("section %s was refused again: %s", id, st.Description)
			}
			line.add(1)
		}
		n.plan.Corrected = len(moved)
		return nil
	})
}

func (n *demoPlanning) publish(ctx context.Context) error {
	return n.phase("gateway publishes the timetable", int64(n.plan.Sections-n.plan.Unplaced), func(line *demoLine) error {
		answer, err := n.house.ask(ctx, "", http.MethodPost, "/admin/v1/plans/publish", "application/json", strings.NewReader(`{"plan": "next-term"}`))
		if err != nil {
			return err
		}
		var done struct{ Published int }
		if err := json.Unmarshal(answer, &done); err != nil {
			return err
		}
		n.plan.Published = done.Published
		line.set(int64(done.Published))
		return nil
	})
}

// arrive waits until all is delivered.
func (n *demoPlanning) arrive(ctx context.Context) error {
	return n.phase("timetable reaches SIS and LMS", int64(n.plan.Sections-n.plan.Unplaced), func(line *demoLine) error {
		if err := n.house.gateway.Idle(ctx); err != nil {
			return err
		}
		line.set(int64(n.plan.Published))
		return nil
	})
}

// agree holds what SIS and LMS have against the planner's timetable.
func (n *demoPlanning) agree(ctx context.Context) error {
	for _, system := range []struct {
		name string
		of   *gateway.Gateway
	}{{"SIS", n.house.sis}, {"LMS", n.house.lms}} {
		check := n.check("timetable at the "+system.name, "every day, time, room, teacher and student as the planner has them")
		if err := n.compareTimetable(ctx, system.of, check); err != nil {
			return err
		}
	}
	return nil
}

func (n *demoPlanning) compareTimetable(ctx context.Context, g *gateway.Gateway, check *demoCheck) error {
	snap, err := g.Store().Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	for i := range n.plan.Sections {
		id := campus.SectionID(i)
		want, planned := n.house.planner.Planned(id)
		if !planned {
			continue // told of when it was planned
		}
		e, err := snap.Get(lis.KindCourseSection, id)
		if err != nil {
			return err
		}
		check.Compared++
		if e == nil || e.Deleted {
			check.differ("section %s is not there", id)
			continue
		}
		if err := check.meets(e, want.Meetings); err != nil {
			return err
		}
		seats, err := learners(snap, id)
		if err != nil {
			return err
		}
		check.count(string(id), "students", len(want.Students), len(seats))
		for _, student := range want.Students {
			if !seats[student] {
				check.differ("section %s: a student has no seat there", id)
			}
		}
	}
	return nil
}

// meets compares the meetings of a section as people would read them.
func (c *demoCheck) meets(e *journal.Entry, want []lis.Meeting) error {
	record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	if err != nil {
		return err
	}
	section := record.Object.(*lis.CourseSection)
	got, err := section.Meetings()
	if err != nil {
		return err
	}
	if now, planned := lis.MeetingText(got), lis.MeetingText(want); now != planned {
		c.differ("section %s meets %q, where it should meet %q", e.ID, now, planned)
	}
	if section.Status != lis.StatusActive {
		c.differ("section %s is %q", e.ID, section.Status)
	}
	return nil
}

// learners are the students of a section.
func learners(snap journal.View, section lis.SourcedID) (map[lis.SourcedID]bool, error) {
	found := map[lis.SourcedID]bool{}
	f := journal.Filter{Links: []lis.Link{{Name: lis.LinkCollection, Value: string(section)}}}
	for e, err := range snap.Scan(lis.KindMembership, f) {
		if err != nil {
			return nil, err
		}
		record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
		if err != nil {
			return nil, err
		}
		m := record.Object.(*lis.Membership)
		if m.Member != nil && len(m.Member.Role) > 0 && m.Member.Role[0].RoleType == "Learner" {
			found[m.Person()] = true
		}
	}
	return found, nil
}

// ask sends a request to the gateway as one of the systems, or as whoever is
// on this machine.
func (h *demoHouse) ask(ctx context.Context, as, method, path, contentType string, body io.Reader) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, h.address()+path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", contentType)
	if as != "" {
		r.SetBasicAuth(as, string(h.secrets[as]))
	}
	response, err := h.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 16<<20))
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %s", method, path, response.Status, clipped(string(text)))
	}
	return text, err
}

func clipped(s string) string { return strings.ToValidUTF8(s[:min(len(s), 300)], "") }
