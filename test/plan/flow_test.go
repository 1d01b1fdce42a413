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

// admin asks the gateway's admin API as the operator and reads the answer.
func (h *house) admin(method, path, body string, into any) {
	h.Helper()
	r, err := http.NewRequest(method, "http://"+h.gate.Addr()+"/admin/v1/"+path, strings.NewReader(body))
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
	text, _ := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusOK {
		h.Fatalf("%s %s: %s %s", method, path, response.Status, text)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(text, into); err != nil {
		h.Fatalf("%s: %v: %s", path, err, text)
	}
}

// text asks the admin API for what is no single document.
func (h *house) text(path string) string {
	h.Helper()
	r, err := http.NewRequest("GET", "http://"+h.gate.Addr()+"/admin/v1/"+path, nil)
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
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		h.Fatalf("%s: %s %v %s", path, response.Status, err, text)
	}
	return string(text)
}

func (h *house) publish() (done cps.Published) {
	h.Helper()
	h.admin("POST", "plans/publish", `{"plan":"term"}`, &done)
	h.idle()
	return done
}

func (h *house) decide(n int, approve bool, reason string) cps.Decided {
	h.Helper()
	var all []cps.Decided
	body, _ := json.Marshal(map[string]any{"sections": []lis.SourcedID{id(n)}, "approve": approve, "reason": reason})
	h.admin("POST", "plans/decide", string(body), &all)
	if len(all) != 1 {
		h.Fatalf("decided %+v", all)
	}
	h.idle()
	return all[0]
}

func (h *house) standing(section lis.SourcedID) (s cps.Standing) {
	h.Helper()
	h.admin("GET", "plans/sections/"+string(section), "", &s)
	return s
}

// member is the call that gives a person a role in a section.
func member(n int, person, role string) *lis.Call {
	m := &lis.Membership{CollectionSourcedID: id(n), MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: lis.SourcedID(person), Role: []lis.Role{{RoleType: role, Status: lis.StatusActive}}}}
	return replace(lis.KindMembership, id(n)+lis.SourcedID("~"+person), m)
}

const mwf9 = "MWF 09:00-09:50 EDUC 101 (2026-09-07..2026-12-11)"

func TestPublish(t *testing.T) {
	h := open(t, nil)
	h.seed(2)
	h.must(h.asSIS, replace(lis.KindPerson, "p", new(lis.Person)))
	h.must(h.asPlan, replace(lis.KindCourseSection, "s-1", planned(1, in(1, 9*60))))
	h.must(h.asPlan, member(1, "p", "Learner"))
	h.idle()
	if h.held(h.lms, lis.KindCourseSection, "s-1") != nil || h.held(h.lms, lis.KindMembership, "s-1~p") != nil {
		t.Error("the LMS knows of it before it is published")
	}
	if h.held(h.sis, lis.KindMembership, "s-1~p") == nil {
		t.Error("the SIS was not told of the membership")
	}
	if done := h.publish(); done.Published != 1 || len(done.Left) != 0 {
		t.Errorf("published %+v", done)
	}
	for name, g := range map[string]*lis.CourseSection{"lms": h.section(h.lms, 1), "sis": h.section(h.sis, 1), "planner": h.section(h.planner, 1)} {
		if g.Status != lis.StatusActive || g.Meeting.String() != mwf9 {
			t.Errorf("%s has it %q at %q", name, g.Status, g.Meeting)
		}
	}
	if h.held(h.lms, lis.KindMembership, "s-1~p") == nil {
		t.Error("the LMS was not told of the membership when it was published")
	}
	if h.held(h.lms, lis.KindCourseSection, "s-2") != nil {
		t.Error("the LMS knows of a section that nobody has planned")
	}
	if got := h.state("s-1"); got != lis.PlanPublished {
		t.Errorf("it reads as %q", got)
	}
	h.must(h.asPlan, replace(lis.KindCourseSection, "s-1", planned(1, in(2, 9*60)))) // during the term
	h.idle()
	if got := h.meeting(h.lms, "s-1"); !strings.Contains(got, "102") {
		t.Errorf("the change of a published section did not reach the LMS: %q", got)
	}
}

func TestUnchangedReturn(t *testing.T) {
	h := open(t, nil)
	h.seed(1)
	c := planned(1, in(1, 9*60))
	h.must(h.asPlan, replace(lis.KindCourseSection, "s-1", c))
	h.idle()
	heard, changes := h.front.heard(), h.changes(h.sis)+h.changes(h.lms)+h.changes(h.planner)+h.changes(h.gate)
	same := planned(1, in(1, 9*60))
	same.Meeting, same.Location = nil, nil
	f := same.Extension.Field
	f[0], f[len(f)-1] = f[len(f)-1], f[0]
	same.SetPlan(lis.Plan{Version: 1, State: lis.PlanProposed, Packet: "again"})
	st := h.plan(1, same)
	h.is(st, lis.Success, lis.SeverityStatus, lis.FullSuccess, "unchanged")
	h.must(h.asSIS, replace(lis.KindCourseSection, "s-1", h.section(h.sis, 1))) // it pushes back what it got
	h.idle()
	if n := h.front.heard() - heard; n != 0 {
		t.Errorf("%d messages went to the SIS", n)
	}
	if n := h.changes(h.sis) + h.changes(h.lms) + h.changes(h.planner) + h.changes(h.gate) - changes; n != 0 {
		t.Errorf("%d changes were made", n)
	}
}

func TestEachSideKeepsItsOwn(t *testing.T) {
	h := open(t, nil)
	h.seed(1)
	bare := new(lis.CourseSection) // a planner that knows of meetings only
	bare.SetMeetings([]lis.Meeting{in(1, 9*60)})
	h.must(h.asPlan, replace(lis.KindCourseSection, "s-1", bare))
	if c := h.section(h.sis, 1); c.Title.String() != "Algebra 1" || *c.NumberOfStudents != 20 || c.Meeting.String() != mwf9 {
		t.Errorf("the SIS has %q, %v, %q", c.Title, c.NumberOfStudents, c.Meeting)
	}
	renamed := asked(1) // a SIS that knows of no meetings
	renamed.Title, renamed.Meeting = text("Algebra, evening"), nil
	h.must(h.asSIS, replace(lis.KindCourseSection, "s-1", renamed))
	h.idle()
	c := h.section(h.planner, 1)
	meetings, err := c.Meetings()
	if err != nil || len(meetings) != 1 || c.Meeting.String() != mwf9 || c.Title.String() != "Algebra, evening" {
		t.Errorf("the planner has %q, %q, %v, %v", c.Title, c.Meeting, meetings, err)
	}
	stored := h.section(h.gate, 1)
	for _, f := range stored.Extension.Field {
		if strings.HasPrefix(f.FieldName, "plan.") {
			t.Errorf("%s is in the record", f.FieldName)
		}
	}
}

func TestNewSection(t *testing.T) {
	h := open(t, nil)
	h.seed(1)
	call := &lis.Call{Operation: "createByProxyCourseSection", Record: &lis.Record{ID: "mine-7", Object: planned(7, in(1, 9*60))}}
	a := h.must(h.asPlan, call)
	if a.ID == "" || h.held(h.sis, lis.KindCourseSection, a.ID) == nil || h.held(h.gate, lis.KindCourseSection, a.ID) == nil {
		t.Fatalf("answered %q; the SIS: %v", a.ID, h.held(h.sis, lis.KindCourseSection, a.ID))
	}
	moved := replace(lis.KindCourseSection, "mine-7", planned(7, in(2, 9*60))) // by the planner's own name
	h.must(h.asPlan, moved)
	h.idle()
	if got := h.meeting(h.sis, a.ID); !strings.Contains(got, "102") {
		t.Errorf("the SIS has %q", got)
	}
	if done := h.publish(); done.Published != 1 || h.held(h.lms, lis.KindCourseSection, a.ID) == nil {
		t.Errorf("published %+v", done)
	}
}

func TestNewSectionWhileTheSISIsAway(t *testing.T) {
	h := open(t, func(p *config.Plan) { p.AnswerWithin = 200e6 })
	h.seed(1)
	h.front.answer(func(string) (int, string) { return 503, "" })
	call := &lis.Call{Operation: "createByProxyCourseSection", Record: &lis.Record{Object: planned(7, in(1, 9*60))}}
	a := h.say(h.asPlan, call)
	h.is(a.Status, lis.Processing, lis.SeverityStatus, lis.FullSuccess)
	again := h.say(h.asPlan, call)
	if a.ID == "" || again.ID != a.ID {
		t.Errorf("answered %q and %q to the same message", a.ID, again.ID)
	}
	m := member(7, "p", "Learner")
	m.Record.Object.(*lis.Membership).CollectionSourcedID = a.ID
	h.must(h.asPlan, m)
	if _, err := h.asPlan.Call(t.Context(), "too early", replace(lis.KindCourseSection, a.ID, planned(7, in(2, 9*60)))); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("a change before the SIS has allotted the id: %v", err)
	}
	h.front.answer(nil)
	var now lis.SourcedID
	h.within("the section has the SIS's id", func() bool {
		r := h.held(h.gate, lis.KindMembership, m.ID)
		now = r.Object.(*lis.Membership).CollectionSourcedID
		return now != a.ID
	})
	h.within("the SIS has it under that", func() bool {
		r := h.held(h.sis, lis.KindMembership, m.ID)
		return h.held(h.sis, lis.KindCourseSection, now) != nil && r != nil && r.Object.(*lis.Membership).CollectionSourcedID == now
	})
	h.within("the planner is told", func() bool {
		return h.held(h.planner, lis.KindCourseSection, now) != nil && h.held(h.planner, lis.KindCourseSection, a.ID) == nil
	})
	if got := h.state(now); got != lis.PlanConfirmed {
		t.Errorf("it reads as %q", got)
	}
}

func TestDiffAfterAPlan(t *testing.T) {
	h := open(t, nil)
	h.seed(1)
	h.must(h.asPlan, replace(lis.KindCourseSection, "s-1", planned(1, in(1, 9*60))))
	h.publish()
	for _, target := range []string{"sis", "lms", "planner"} {
		for _, line := range strings.Split(h.text("diff/"+target), "\n") {
			if strings.Contains(line, `"courseSection"`) && strings.Contains(line, `"what"`) {
				t.Errorf("%s: %s", target, line)
			}
		}
	}
	evening := h.section(h.gate, 1)
	evening.Title = text("Algebra, evening")
	h.must(h.asSIS, replace(lis.KindCourseSection, "s-1", evening)) // the SIS speaks last
	h.idle()
	if text := h.text("diff/planner"); strings.Contains(text, "extra") && strings.Contains(text, `"s-1"`) {
		t.Errorf("planner: %s", text)
	}
}
