package plan

import (
	"context"
	"strings"
	"testing"

	"lisgate/config"
	"lisgate/gateway/lis"
)

// The rows of the error table of CPS facts, 5.5, each over SOAP.

func TestUnknownSection(t *testing.T) {
	h := open(t, nil)
	h.seed(1)
	h.is(h.plan(9, planned(9, in(1, 9*60))), lis.Failure, lis.SeverityError, lis.UnknownObject, `"s-9"`, "createByProxyCourseSection")
	if h.held(h.sis, lis.KindCourseSection, "s-9") != nil {
		t.Error("the SIS was told of it")
	}
}

func TestParentOfferingMissing(t *testing.T) {
	h := open(t, nil)
	h.seed(1)
	lost := planned(1, in(1, 9*60))
	lost.ParentOfferingID = "nowhere"
	h.is(h.plan(1, lost), lis.Failure, lis.SeverityError, lis.LinkFailure, `"nowhere"`)

	t.Run("at the SIS", func(t *testing.T) { // the records have it, the SIS has not
		h.front.answer(saying(lis.Failure, lis.LinkFailure, "no such offering here"))
		h.is(h.plan(1, planned(1, in(1, 9*60))), lis.Failure, lis.SeverityError, lis.LinkFailure, "no such offering here")
		h.front.answer(nil)
		h.idle()
		if got := h.meeting(h.gate, "s-1"); got != "" {
			t.Errorf("the section was not set back: it meets %q", got)
		}
		h.is(h.plan(1, planned(1, in(2, 9*60))), lis.Success, lis.SeverityStatus, lis.FullSuccess)
	})
}

func TestBadTimes(t *testing.T) {
	h := open(t, nil)
	h.seed(1)
	for what, c := range map[string]struct{ name, value, word string }{
		"no time of day":   {lis.FieldName(lis.FieldMeetingStartTime, 1), "25:00", "25:00"},
		"end before start": {lis.FieldName(lis.FieldMeetingEndTime, 1), "08:00", "endTime"},
		"bad week mask":    {lis.FieldName(lis.FieldMeetingWeeks, 1), "10x1", "10x1"},
		"no day":           {lis.FieldName(lis.FieldMeetingDays, 1), "0000000", "days"},
	} {
		t.Run(what, func(t *testing.T) {
			h.is(h.plan(1, field(planned(1, in(1, 9*60)), c.name, c.value)), lis.Failure, lis.SeverityError, lis.InvalidData, c.word, "s-1")
		})
	}
	late := in(1, 9*60)
	late.EndDate = end + 14
	h.is(h.plan(1, planned(1, late)), lis.Failure, lis.SeverityError, lis.InvalidData, "term", "s-1")
	if got := h.meeting(h.sis, "s-1"); got != "none" {
		t.Errorf("the SIS was told: %q", got)
	}
}

func TestRequiredFieldMissing(t *testing.T) {
	h := open(t, nil)
	h.seed(1)
	c := planned(1, in(1, 9*60))
	name := lis.FieldName(lis.FieldMeetingStartTime, 1)
	c.Extension.Set(name, "")
	h.is(h.plan(1, c), lis.Failure, lis.SeverityError, lis.IncompleteData, name)
}

func TestUnknownField(t *testing.T) {
	h := open(t, nil)
	h.seed(1)
	c := field(planned(1, in(1, 9*60)), "meeting.1.beamer", "two")
	h.is(h.plan(1, c), lis.Success, lis.SeverityWarning, lis.UnknownExtension, "meeting.1.beamer")
	got := h.held(h.sis, lis.KindCourseSection, "s-1").Object.(*lis.CourseSection)
	if v := got.Extension.Get("meeting.1.beamer"); v != "two" {
		t.Errorf("the field came as %q to the SIS", v)
	}
}

func TestDoubleBooked(t *testing.T) {
	h := open(t, nil)
	h.seed(2)
	h.is(h.plan(1, planned(1, in(1, 9*60))), lis.Success, lis.SeverityStatus, lis.FullSuccess)
	h.is(h.plan(2, planned(2, in(1, 9*60+30))), lis.Failure, lis.SeverityError, lis.InvalidData, "s-1", "s-2", "room-1", "09:30")
	h.is(h.plan(2, planned(2, in(1, 10*60))), lis.Success, lis.SeverityStatus, lis.FullSuccess)
	if got, want := h.meeting(h.sis, "s-2"), "MWF 10:00-10:50 EDUC 101 (2026-09-07..2026-12-11)"; got != want {
		t.Errorf("the SIS has %q, want %q", got, want)
	}
}

func TestSoftRules(t *testing.T) {
	h := open(t, func(p *config.Plan) { p.Checks = map[string]string{"room": "soft"} })
	h.seed(2)
	h.plan(1, planned(1, in(1, 9*60)))
	h.is(h.plan(2, planned(2, in(1, 9*60))), lis.Success, lis.SeverityWarning, lis.FullSuccess, "s-1", "s-2", "room-1")
	full := planned(1, in(2, 9*60))
	many := int64(40)
	full.MaxNumberOfStudents, full.NumberOfStudents = &many, &many
	h.is(h.plan(1, full), lis.Success, lis.SeverityWarning, lis.FullSuccess, "40", "30", "room-2")
}

func TestCapacityHard(t *testing.T) {
	h := open(t, func(p *config.Plan) { p.Checks = map[string]string{"capacity": "hard"} })
	h.seed(1)
	full := planned(1, in(2, 9*60))
	many := int64(40)
	full.MaxNumberOfStudents, full.NumberOfStudents = &many, &many
	h.is(h.plan(1, full), lis.Failure, lis.SeverityError, lis.InvalidData, "40", "30", "room-2", "s-1")
}

func TestStale(t *testing.T) {
	h := open(t, nil)
	h.seed(1)
	read := h.must(h.asPlan, &lis.Call{Operation: "readCourseSection", ID: "s-1"}).Record.Object.(*lis.CourseSection)
	seen, err := read.Plan()
	if err != nil || seen.Version == 0 || seen.State != lis.PlanRequested {
		t.Fatalf("the planner reads %+v, %v", seen, err)
	}
	other := asked(1)
	other.Title = text("Algebra, evening")
	h.must(h.asSIS, replace(lis.KindCourseSection, "s-1", other))
	h.idle()
	c := planned(1, in(1, 9*60))
	c.SetPlan(lis.Plan{Version: seen.Version})
	h.is(h.plan(1, c), lis.Failure, lis.SeverityError, lis.InvalidData, "stale", "sis changed it")
	c.SetPlan(lis.Plan{Version: seen.Version + 1})
	h.is(h.plan(1, c), lis.Success, lis.SeverityStatus, lis.FullSuccess)
}

func TestSISAway(t *testing.T) {
	h := open(t, func(p *config.Plan) { p.AnswerWithin = 200e6 })
	h.seed(1)
	h.front.answer(func(string) (int, string) { return 503, "" })
	h.is(h.plan(1, planned(1, in(1, 9*60))), lis.Processing, lis.SeverityStatus, lis.FullSuccess, "plan.state")
	if got := h.state("s-1"); got != lis.PlanProposed {
		t.Errorf("it reads as %q meanwhile", got)
	}
	h.front.answer(nil)
	h.within("confirmed", func() bool { return h.state("s-1") == lis.PlanConfirmed })
	h.within("the planner is told", func() bool {
		r := h.held(h.planner, lis.KindCourseSection, "s-1")
		p, _ := r.Object.(*lis.CourseSection).Plan()
		return p.State == lis.PlanConfirmed
	})
}

// state is what the planner reads as plan.state.
func (h *house) state(section lis.SourcedID) lis.PlanState {
	h.Helper()
	a, err := h.asPlan.Call(context.Background(), "state", &lis.Call{Operation: "readCourseSection", ID: section})
	if err != nil {
		h.Fatal(err)
	}
	p, err := a.Record.Object.(*lis.CourseSection).Plan()
	if err != nil {
		h.Fatal(err)
	}
	return p.State
}

func TestIDInUse(t *testing.T) {
	h := open(t, nil)
	h.seed(1)
	call := &lis.Call{Operation: "createCourseSection", ID: "s-1", Record: &lis.Record{ID: "s-1", Object: planned(1, in(1, 9*60))}}
	h.is(h.say(h.asPlan, call).Status, lis.Failure, lis.SeverityError, lis.IDAllocInUseFail, `"s-1"`)

	t.Run("at the SIS", func(t *testing.T) {
		h.front.answer(saying(lis.Failure, lis.IDAllocInUseFail, "taken"))
		call := &lis.Call{Operation: "createByProxyCourseSection", Record: &lis.Record{Object: planned(2, in(2, 9*60))}}
		h.is(h.say(h.asPlan, call).Status, lis.Failure, lis.SeverityError, lis.IDAllocInUseFail, "taken")
		h.front.answer(nil)
	})
}

func TestNotThePlannersToSend(t *testing.T) {
	h := open(t, nil)
	h.seed(1)
	a := h.say(h.asPlan, replace(lis.KindPerson, "p-1", new(lis.Person)))
	if a.Status.CodeMajor != lis.Unsupported || a.Status.CodeMinor != lis.UnsupportedLISOperation || !strings.Contains(a.Status.Description, "replacePerson") {
		t.Errorf("answered %+v", a.Status)
	}
}
