package plan

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"lisgate/config"
	"lisgate/gateway/cps"
	"lisgate/gateway/lis"
)

func TestApproval(t *testing.T) {
	h := open(t, func(p *config.Plan) {
		p.Approve = []config.Approval{{Name: "large", Over: 15}, {Name: "late-and-odd", After: "2026-01-01", Clash: true}}
	})
	h.seed(2)
	st := h.plan(1, planned(1, in(1, 9*60)))
	h.is(st, lis.Processing, lis.SeverityStatus, lis.FullSuccess, "large", "20 students", "plan.state")
	if s := h.standing("s-1"); s.Held == nil || s.Held.Why != cps.HoldApproval || s.Held.Proposed.Meeting != mwf9 || s.Held.Base == nil {
		t.Fatalf("it stands %+v", s)
	}
	if h.held(h.sis, lis.KindCourseSection, "s-1") != nil {
		t.Error("the SIS was told before anybody approved")
	}

	t.Run("refused", func(t *testing.T) {
		if d := h.decide(1, false, "the room is promised to the choir"); d.State != lis.PlanRefused || d.Failed {
			t.Errorf("decided %+v", d)
		}
		c := h.section(h.planner, 1)
		if p, _ := c.Plan(); p.State != lis.PlanRefused || p.Reason != "the room is promised to the choir" {
			t.Errorf("the planner was told %+v", p)
		}
	})
	t.Run("approved", func(t *testing.T) {
		h.plan(1, planned(1, in(1, 10*60)))
		if d := h.decide(1, true, ""); d.State != lis.PlanConfirmed || d.Failed {
			t.Errorf("decided %+v", d)
		}
		if got := h.meeting(h.sis, "s-1"); !strings.Contains(got, "10:00") {
			t.Errorf("the SIS has %q", got)
		}
		if p, _ := h.section(h.planner, 1).Plan(); p.State != lis.PlanConfirmed {
			t.Errorf("the planner was told %+v", p)
		}
	})
	t.Run("the room was taken since", func(t *testing.T) {
		h.plan(2, planned(2, in(1, 13*60)))
		few := planned(1, in(1, 13*60))
		n := int64(5)
		few.NumberOfStudents = &n
		h.is(h.plan(1, few), lis.Success, lis.SeverityStatus, lis.FullSuccess)
		if d := h.decide(2, true, ""); !d.Failed || !strings.Contains(d.Text, "still held") || !strings.Contains(d.Text, "s-1") {
			t.Errorf("decided %+v", d)
		}
		if s := h.standing("s-2"); s.Held == nil {
			t.Error("it is not held any more")
		}
	})
	t.Run("a newer proposal", func(t *testing.T) {
		few := planned(2, in(2, 13*60))
		n := int64(5)
		few.NumberOfStudents = &n
		h.is(h.plan(2, few), lis.Success, lis.SeverityStatus, lis.FullSuccess)
		if s := h.standing("s-2"); s.Held != nil || s.State != lis.PlanConfirmed {
			t.Errorf("it stands %+v", s)
		}
		if d := h.decide(2, true, ""); !d.Failed {
			t.Errorf("decided %+v", d)
		}
	})
}

func TestConflictAtThePlanner(t *testing.T) {
	h := open(t, func(p *config.Plan) { p.Planner = "planner" })
	h.seed(1)
	h.planDown.Store(true)
	evening := asked(1)
	evening.Title = text("Algebra, evening")
	h.must(h.asSIS, replace(lis.KindCourseSection, "s-1", evening))
	h.is(h.plan(1, planned(1, in(1, 9*60))), lis.Processing, lis.SeverityStatus, lis.FullSuccess, "both sides changed")
	s := h.standing("s-1")
	if s.Held == nil || s.Held.Why != cps.HoldConflict || s.Held.Base.Section.Title.String() != "Algebra, evening" || s.Held.Proposed.Meeting != mwf9 {
		t.Fatalf("it stands %+v", s.Held)
	}
	h.planDown.Store(false)
	if d := h.decide(1, true, ""); d.Failed {
		t.Errorf("decided %+v", d)
	}
	h.within("equal", func() bool {
		return h.meeting(h.sis, "s-1") == mwf9 && h.meeting(h.gate, "s-1") == mwf9 && h.meeting(h.planner, "s-1") == mwf9
	})
}

func TestConflictAtTheSIS(t *testing.T) {
	for _, approve := range []bool{true, false} {
		h := open(t, func(p *config.Plan) { p.AnswerWithin = 100e6 })
		h.seed(1)
		h.front.answer(func(string) (int, string) { return 503, "" })
		h.is(h.plan(1, planned(1, in(1, 9*60))), lis.Processing, lis.SeverityStatus, lis.FullSuccess)
		own := planned(1, in(2, 11*60))
		h.is(h.say(h.asSIS, replace(lis.KindCourseSection, "s-1", own)).Status, lis.Processing, lis.SeverityStatus, lis.FullSuccess, "both sides changed")
		if s := h.standing("s-1"); s.Held == nil || s.Held.Why != cps.HoldConflict || s.Held.From != "sis" {
			t.Fatalf("it stands %+v", s)
		}
		want := mwf9
		if approve {
			want = "MWF 11:00-11:50 EDUC 102 (2026-09-07..2026-12-11)"
		}
		var all []cps.Decided
		body, _ := json.Marshal(map[string]any{"sections": []string{"s-1"}, "approve": approve, "reason": "because"})
		h.admin("POST", "plans/decide", string(body), &all)
		h.front.answer(nil)
		h.within("all have "+want, func() bool {
			return h.meeting(h.sis, "s-1") == want && h.meeting(h.gate, "s-1") == want && h.meeting(h.planner, "s-1") == want
		})
	}
}

func TestAnswers(t *testing.T) {
	h := open(t, nil)
	h.seed(3)
	h.front.answer(saying(lis.Processing, lis.FullSuccess, "we will see"))
	send := func(n int, packet string) {
		c := planned(n, in(n, 9*60))
		c.SetPlan(lis.Plan{Packet: packet})
		h.is(h.plan(n, c), lis.Processing, lis.SeverityStatus, lis.FullSuccess)
	}
	send(1, "p-1")
	send(2, "p-2")
	answer := func(n int, packet string, state lis.PlanState, reason string) lis.Status {
		c := asked(n)
		c.SetPlan(lis.Plan{Packet: packet, State: state, Reason: reason})
		return h.say(h.asSIS, replace(lis.KindCourseSection, id(n), c)).Status
	}
	h.is(answer(1, "p-1", lis.PlanConfirmed, ""), lis.Success, lis.SeverityStatus, lis.FullSuccess)
	h.is(answer(2, "p-2", lis.PlanRefused, "no budget"), lis.Success, lis.SeverityStatus, lis.FullSuccess)
	h.idle()
	if p, _ := h.section(h.planner, 1).Plan(); p.State != lis.PlanConfirmed {
		t.Errorf("the planner was told %+v of the first", p)
	}
	if p, _ := h.section(h.planner, 2).Plan(); p.State != lis.PlanRefused || p.Reason != "no budget" {
		t.Errorf("the planner was told %+v of the second", p)
	}
	if got := h.meeting(h.gate, "s-2"); got != "" {
		t.Errorf("the refused one meets %q", got)
	}
	for range 2 {
		h.is(answer(1, "p-1", lis.PlanConfirmed, ""), lis.Success, lis.SeverityWarning, lis.FullSuccess, "repeated")
	}
	h.is(answer(1, "p-1", lis.PlanRefused, "after all"), lis.Success, lis.SeverityWarning, lis.FullSuccess, "late")
	h.is(answer(3, "p-9", lis.PlanConfirmed, ""), lis.Success, lis.SeverityWarning, lis.FullSuccess, "unmatched")
	if got := h.meeting(h.gate, "s-1"); got != mwf9 {
		t.Errorf("a late answer changed the section: it meets %q", got)
	}
	found := map[string]int{}
	for _, a := range h.answers() {
		found[a.Kind] += a.Times
	}
	if found["repeated"] != 2 || found["late"] != 1 || found["unmatched"] != 1 {
		t.Errorf("kept %v", found)
	}
}

// answers are those that nobody waited for.
func (h *house) answers() (all []cps.Answer) {
	h.Helper()
	r, err := http.NewRequest("GET", "http://"+h.gate.Addr()+"/admin/v1/plans/answers", nil)
	if err != nil {
		h.Fatal(err)
	}
	r.Close = true
	r.SetBasicAuth("sis", "secret")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		h.Fatal(err)
	}
	defer response.Body.Close()
	for d := json.NewDecoder(response.Body); ; {
		var a cps.Answer
		if err := d.Decode(&a); err == io.EOF {
			return all
		} else if err != nil {
			h.Fatal(err)
		}
		all = append(all, a)
	}
}
