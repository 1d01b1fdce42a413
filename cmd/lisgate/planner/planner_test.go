package planner

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"lisgate/cmd/lisgate/campus"
	"lisgate/config"
	"lisgate/gateway"
	"lisgate/gateway/lis"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// run runs something until the test ends.
func run(t *testing.T, do func(context.Context) error) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- do(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("ended with %v", err)
		}
	})
}

// A house is a gateway and a planner that plans for it.
type house struct {
	gateway *gateway.Gateway
	planner *Planner
}

func basic(user string) config.Caller {
	return config.Caller{Name: user, Profile: "strict", Basic: &config.Basic{User: user, Password: "password of " + config.Secret(user)}}
}

func newHouse(t *testing.T, clash int) *house {
	t.Helper()
	c := config.Default()
	c.Listen, c.Data, c.Anonymous = "127.0.0.1:0", t.TempDir(), nil
	c.Callers = []config.Caller{basic("sis"), basic("planner")}
	h := new(house)
	var err error
	if h.gateway, err = gateway.New(t.Context(), c, zap.NewNop()); err != nil {
		t.Fatal(err)
	}
	run(t, h.gateway.Run)
	n := 0
	h.planner, err = New(t.Context(), Options{
		URL: "http://" + h.gateway.Addr() + "/", User: "planner", Password: "password of planner",
		Dir: t.TempDir(), Callers: []config.Caller{basic("lisgate")}, TimeZone: campus.Zone, Clash: clash,
		NewID: func() string { n++; return fmt.Sprintf("packet-%d", n) },
	})
	if err != nil {
		t.Fatal(err)
	}
	run(t, h.planner.Run)
	return h
}

// seed sends a campus as the SIS does.
func (h *house) seed(t *testing.T, c *campus.Campus) {
	t.Helper()
	var file bytes.Buffer
	if err := c.WriteBulk(&file); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, "http://"+h.gateway.Addr()+"/lis/bdems/file", &file)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth("sis", "password of sis")
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	parsed, err := soap.Parse(text.Bytes(), wire.Limits{})
	if err != nil || parsed.Call == nil || *parsed.Call.Report.Failed > 0 {
		t.Fatalf("%v: %s", err, text.String())
	}
}

// section reads a section of the gateway's.
func (h *house) section(t *testing.T, id lis.SourcedID) *lis.CourseSection {
	t.Helper()
	snap, err := h.gateway.Store().Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	_, c, err := section(snap, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// members counts the memberships of sections in a role that the gateway has.
func (h *house) members(t *testing.T, role string) (n int) {
	t.Helper()
	snap, err := h.gateway.Store().Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	for rec, err := range records(snap, lis.KindMembership) {
		if err != nil {
			t.Fatal(err)
		}
		if m := rec.Object.(*lis.Membership); m.MembershipIDType == string(lis.KindCourseSection) && active(m, role) {
			n++
		}
	}
	return n
}

// tiny is a campus that is sent in no time.
func tiny() *campus.Campus { return campus.New(3, campus.Size{Sections: 30, Students: 60}) }

func TestPlannerRoundTrip(t *testing.T) {
	h, c := newHouse(t, 0), tiny()
	h.seed(t, c)
	ctx := t.Context()
	if _, err := h.planner.Return(ctx, ""); err == nil || !strings.Contains(err.Error(), "fetch, and plan") {
		t.Errorf("returned without a plan: %v", err)
	}
	fetched, err := h.planner.Fetch(ctx)
	if err != nil || *fetched.Failed > 0 {
		t.Fatal(err, fetched)
	}
	s, err := h.planner.Plan(ctx)
	if err != nil || len(s.Unplaced)+len(s.Unseated)+len(s.Unheeded) > 0 || len(s.Planned) != c.Size().Sections {
		t.Fatal(err, s)
	}
	r, err := h.planner.Return(ctx, "")
	if err != nil || r.Failed > 0 || r.Sections != len(s.Planned) || r.Applied != int64(r.Sections+r.Memberships) || r.Mode != lis.PacketItems {
		t.Fatal(err, r)
	}
	state, teaching := h.planner.State(), 0
	for i := range s.Planned {
		h.same(t, &s.Planned[i], r)
		teaching += len(s.Planned[i].Meetings[0].Instructors)
	}
	if got := h.members(t, "Learner"); got != state.Seated || got == 0 || got+teaching != r.Memberships {
		t.Errorf("%d learners in sections, planned are %d; %d memberships were sent", got, state.Seated, r.Memberships)
	}
	if got := h.members(t, "Instructor"); got != teaching {
		t.Errorf("%d instructors, planned are %d", got, teaching)
	}
	h.again(t, fetched)
}

// same holds a section at the gateway against the plan.
func (h *house) same(t *testing.T, s *Planned, r *Returned) {
	t.Helper()
	c := h.section(t, s.ID)
	meetings, err := c.Meetings()
	if err != nil || fmt.Sprint(meetings) != fmt.Sprint(s.Meetings) {
		t.Errorf("section %s: %v: has %v, planned is %v", s.ID, err, meetings, s.Meetings)
	}
	plan, err := c.Plan()
	if err != nil || plan.State != lis.PlanProposed || plan.Packet != r.Packet || plan.Mode != lis.PacketItems {
		t.Errorf("section %s: %v: %+v", s.ID, err, plan)
	}
	if q, err := c.Request(); err != nil || asksNothing(&q) {
		t.Errorf("section %s: its request is gone", s.ID)
	}
}

// again fetches what has changed since, and plans the same of it.
func (h *house) again(t *testing.T, first *lis.BulkReport) {
	t.Helper()
	was := places(h.planner.Solution())
	h.planner.since = time.Now().Add(time.Hour)
	if r, err := h.planner.Fetch(t.Context()); err != nil || *r.Read > 0 {
		t.Errorf("fetched %d more: %v", *r.Read, err)
	}
	h.planner.since = time.Time{}
	if r, err := h.planner.Fetch(t.Context()); err != nil || *r.Read <= *first.Read || *r.Failed > 0 {
		t.Errorf("fetched %d: %v", *r.Read, err)
	}
	if _, err := h.planner.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id, now := range places(h.planner.Solution()) {
		if now != was[id] {
			t.Errorf("planned again, section %s is another", id)
		}
	}
}

func TestPlannerChanges(t *testing.T) {
	h := newHouse(t, 1)
	h.seed(t, tiny())
	ctx := t.Context()
	if _, err := h.planner.Fetch(ctx); err != nil {
		t.Fatal(err)
	}
	s, err := h.planner.Plan(ctx)
	if err != nil {
		t.Fatal(err)
	}
	r, err := h.planner.Return(ctx, lis.PacketAudit)
	if err != nil || len(r.Wrong) != 1 || h.planner.State().Returned != 0 {
		t.Fatal(err, r)
	}
	wrong, was := r.Wrong[0], *s.Section(r.Wrong[0])
	h.planner.refused[wrong] = Refusal{Kind: lis.KindCourseSection, ID: wrong, Reason: "room " + string(was.Meetings[0].Room) + " is taken"} // as the desk says
	moved, err := h.planner.Correct(ctx)
	if err != nil || !slices.Equal(moved, []lis.SourcedID{wrong}) || len(h.planner.State().Refused) > 0 {
		t.Fatal(err, moved)
	}
	status, err := h.planner.ReturnOne(ctx, wrong)
	if err != nil || !status.OK() {
		t.Fatal(err, status)
	}
	if got, _ := h.section(t, wrong).Meetings(); fmt.Sprint(got) != fmt.Sprint(s.Section(wrong).Meetings) || fmt.Sprint(got) == fmt.Sprint(was.Meetings) {
		t.Errorf("the gateway has %v", got)
	}
	if r, err = h.planner.Return(ctx, "", wrong); err != nil || r.Sections != 1 || r.Failed > 0 || len(r.Wrong) > 0 {
		t.Error(err, r)
	}
	if moved, err = h.planner.CloseRoom(s.Section(wrong).Meetings[0].Room); err != nil || !slices.Contains(moved, wrong) {
		t.Error(err, moved)
	}
}

// TestPlannerIsRefused sends what the gateway does not take.
func TestPlannerIsRefused(t *testing.T) {
	h := newHouse(t, 0)
	h.seed(t, tiny())
	ctx := t.Context()
	if _, err := h.planner.Fetch(ctx); err != nil {
		t.Fatal(err)
	}
	s, err := h.planner.Plan(ctx)
	if err != nil {
		t.Fatal(err)
	}
	id, st, err := h.planner.Propose(ctx, &lis.Record{ID: "mine-1", Object: &lis.CourseSection{Title: lis.NewText("en", "One more")}})
	if err != nil || id == "" || id == "mine-1" || !st.OK() {
		t.Fatal(id, st, err)
	}
	snap, err := h.planner.Endpoint().Store().Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, c, err := section(snap, id); err != nil || c.Title.String() != "One more" {
		t.Errorf("the planner has not kept %s: %v", id, err)
	}
	snap.Close()
	h.planner.o.Password = "another"
	if _, err := h.planner.Return(ctx, ""); err == nil || !strings.Contains(err.Error(), "return the plan") {
		t.Errorf("returned with a wrong password: %v", err)
	}
	if _, err := h.planner.ReturnOne(ctx, "nobody"); err == nil {
		t.Error("returned a section that is not planned")
	}
	_ = s
}
