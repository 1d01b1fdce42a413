package plan

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"lisgate/cmd/lisgate/campus"
	"lisgate/gateway"
	"lisgate/gateway/lis"
	"lisgate/test/e2e/program"
)

// campusSize is that of the campus: the whole one with LISGATE_LONG, else what
// takes a while and no more; the race detector makes everything many times as
// slow.
func campusSize() campus.Size {
	switch {
	case os.Getenv("LISGATE_LONG") != "":
		return campus.Whole
	case program.Hasty():
		return campus.Size{Rooms: 12, Sections: 45, Students: 240}
	}
	return campus.Size{Rooms: 12, Sections: 90, Students: 1200}
}

// TestCampus plans a whole term: seed, plan, return, publish, the same again,
// and a room that is closed.
func TestCampus(t *testing.T) {
	h := openCampus(t, campus.New(2027, campusSize()))
	h.Logf("%d rooms, %d sections, %d students", h.Size().Rooms, h.Size().Sections, h.Size().Students)
	h.phase("seed", 0, h.sendSeed)
	h.phase("fetch", 0, func() { h.fetch() })
	h.phase("plan", h.Size().Sections, h.schedule)
	h.phase("return", h.Size().Sections, h.giveBack)
	h.phase("compare at the SIS", 0, func() { h.equal("SIS", h.sis) })
	h.hiddenFromLMS()
	h.phase("the same again", h.Size().Sections, h.sameAgain)
	h.phase("publish", h.Size().Sections, h.publish)
	h.phase("compare at both", 0, func() { h.equal("SIS", h.sis); h.equal("LMS", h.lms) })
	h.phase("fetch and plan again", 0, func() { h.fetch(); h.schedule() })
	h.phase("the same once more", h.Size().Sections, h.sameAgain)
	tag := h.calendar("", http.StatusOK)
	h.calendar(tag, http.StatusNotModified)
	h.phase("a room is closed", 0, h.roomCloses)
	if again := h.calendar(tag, http.StatusOK); again == tag {
		h.Error("a calendar has changed, and its ETag has not")
	}
	h.phase("compare at both", 0, func() { h.equal("SIS", h.sis); h.equal("LMS", h.lms) })
}

// phase tells how long something took, and how many sections a second.
func (h *campusHouse) phase(name string, sections int, do func()) {
	h.Helper()
	began := time.Now()
	do()
	took := time.Since(began)
	rate := ""
	if sections > 0 {
		rate = fmt.Sprintf(", %.0f sections/s", float64(sections)/took.Seconds())
	}
	h.Logf("%-20s %6.2f s%s; so far to SIS %d, LMS %d, planner %d messages", name, took.Seconds(), rate,
		h.toSIS.count(), h.toLMS.count(), h.toPlanner.count())
	if h.Failed() {
		h.FailNow()
	}
}

// fetch has the planner read what is new.
func (h *campusHouse) fetch() {
	h.Helper()
	r, err := h.planning.Fetch(context.Background())
	if err != nil || *r.Failed > 0 {
		h.Fatalf("fetch: %v, %+v", err, r)
	}
}

// schedule has the planner make its timetable. The campus can be planned whole.
func (h *campusHouse) schedule() {
	s, err := h.planning.Plan(context.Background())
	if err != nil {
		h.Fatal(err)
	}
	if len(s.Planned) != h.Size().Sections || len(s.Unplaced)+len(s.Unheeded) > 0 {
		h.Fatalf("planned are %d of %d sections; %v %v", len(s.Planned), h.Size().Sections, s.Unplaced, s.Unheeded)
	}
	h.Logf("%d wishes without a seat, %d clashes of students", len(s.Unseated), s.Clashes)
}

// giveBack returns the plan as one packet, all of which is taken.
func (h *campusHouse) giveBack() {
	h.Helper()
	r, err := h.planning.Return(context.Background(), lis.PacketItems)
	if err != nil {
		h.Fatal(err)
	}
	if r.Failed > 0 || r.Applied != int64(r.Sections+r.Memberships) {
		h.Fatalf("of %d sections and %d memberships %d were taken and %d not: %v", r.Sections, r.Memberships, r.Applied, r.Failed,
			r.Refused[:min(len(r.Refused), 5)])
	}
	h.idle()
}

// hiddenFromLMS sees that nothing of what is planned is at the LMS, while what
// is not a plan is.
func (h *campusHouse) hiddenFromLMS() {
	h.Helper()
	sections, seats := sectionsAt(h.T, h.lms), seatsAt(h.T, h.lms)
	if len(sections)+len(seats) > 0 {
		h.Errorf("before it is published the LMS has %d sections, and members of %d", len(sections), len(seats))
	}
	if n := h.toLMS.of(lis.KindPerson); n != h.Size().Students+h.Size().Instructors {
		h.Errorf("the LMS was sent %d persons of %d", n, h.Size().Students+h.Size().Instructors)
	}
}

// publish makes the timetable everybody's.
func (h *campusHouse) publish() {
	if got := h.order("/admin/v1/plans/publish", `{"plan": "term"}`).Published; got != h.Size().Sections {
		h.Errorf("%d sections were published", got)
	}
	h.idle()
}

// sameAgain returns the plan unchanged: nothing travels, and nothing changes.
func (h *campusHouse) sameAgain() {
	h.Helper()
	was := h.standing()
	h.giveBack()
	for what, n := range h.standing() {
		if n != was[what] {
			h.Errorf("an unchanged plan made %d %s", n-was[what], what)
		}
	}
}

// standing counts all that has ever travelled and changed.
func (h *campusHouse) standing() map[string]int {
	return map[string]int{
		"messages to the SIS": h.toSIS.count(), "messages to the LMS": h.toLMS.count(), "messages to the planner": h.toPlanner.count(),
		"changes at the gateway": h.changes(h.gate), "changes at the SIS": h.changes(h.sis), "changes at the LMS": h.changes(h.lms),
		"changes at the planner": h.changes(h.planning.Endpoint()),
	}
}

// roomCloses closes the room with the most sections: they move, and they only
// travel.
func (h *campusHouse) roomCloses() {
	before := h.placed()
	moved, err := h.planning.CloseRoom(h.fullest)
	if err != nil || len(moved) == 0 {
		h.Fatalf("%d sections moved: %v", len(moved), err)
	}
	after := h.placed()
	if lost := len(h.planning.Solution().Unplaced); lost > 0 {
		h.Fatalf("%d sections have no place any more; take another seed", lost)
	}
	var changed []lis.SourcedID
	for id := range after {
		if after[id] != before[id] {
			changed = append(changed, id)
		}
	}
	slices.Sort(changed)
	if !slices.Equal(changed, moved) {
		h.Errorf("said to have moved are %v, elsewhere are %v", moved, changed)
	}
	h.toSIS.forget()
	h.toLMS.forget()
	h.giveBack()
	for name, m := range map[string]*meter{"SIS": h.toSIS, "LMS": h.toLMS} {
		if got := m.ids(lis.KindCourseSection); !slices.Equal(got, moved) {
			h.Errorf("to the %s travelled %v, moved were %v", name, got, moved)
		}
		if n := m.count(); n != len(moved) {
			h.Errorf("to the %s went %d messages for %d sections: %v", name, n, len(moved), m.kinds())
		}
	}
	h.Logf("%d of %d sections moved and travelled, no other", len(moved), len(after))
}

// placed is where each section is in the planner's timetable.
func (h *campusHouse) placed() map[lis.SourcedID]string {
	all := map[lis.SourcedID]string{}
	for _, s := range h.planning.Solution().Planned {
		all[s.ID] = fmt.Sprint(s.Meetings)
	}
	return all
}

// calendar fetches that of the room that is to be closed, and returns its ETag.
func (h *campusHouse) calendar(seen string, want int) string {
	h.Helper()
	if h.fullest == "" {
		h.fullest = h.fullestRoom()
	}
	r, err := http.NewRequest(http.MethodGet, "http://"+h.gate.Addr()+"/cps/calendar/room/"+string(h.fullest)+".ics", nil)
	if err != nil {
		h.Fatal(err)
	}
	r.SetBasicAuth("sis", "secret")
	if seen != "" {
		r.Header.Set("If-None-Match", seen)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		h.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != want || (want == http.StatusOK) != strings.Contains(string(text), "BEGIN:VCALENDAR") {
		h.Errorf("the calendar: %s: %v: %.200s", answer.Status, err, text)
	}
	return answer.Header.Get("ETag")
}

// fullestRoom is the room with the most sections for which there is another.
func (h *campusHouse) fullestRoom() lis.SourcedID {
	n := map[lis.SourcedID]int{}
	for _, s := range h.planning.Solution().Planned {
		if room := s.Meetings[0].Room; room != "" && s.Meetings[0].RoomCapacity < 70 {
			n[room]++
		}
	}
	return slices.MaxFunc(slices.Sorted(maps.Keys(n)), func(a, b lis.SourcedID) int { return n[a] - n[b] })
}

// equal holds all that a system has against the planner's timetable: each
// meeting in all its fields, and who teaches and sits in each section.
func (h *campusHouse) equal(name string, g *gateway.Gateway) {
	h.Helper()
	sections, seats := sectionsAt(h.T, g), seatsAt(h.T, g)
	solution, meetings, people, wrong := h.planning.Solution(), 0, 0, 0
	differ := func(format string, a ...any) {
		if wrong++; wrong <= 5 {
			h.Errorf(name+": "+format, a...)
		}
	}
	for i := range solution.Planned {
		s := &solution.Planned[i]
		got := sections[s.ID]
		if got == nil {
			differ("section %s is not there", s.ID)
			continue
		}
		has, err := got.Meetings()
		if err != nil || fmt.Sprint(has) != fmt.Sprint(s.Meetings) {
			differ("section %s: %v: has %+v, planned is %+v", s.ID, err, has, s.Meetings)
		}
		if lis.MeetingText(s.Meetings) != got.Meeting.String() {
			differ("section %s says it meets %q", s.ID, got.Meeting)
		}
		here := seats[s.ID]
		if !slices.Equal(here.learners(), s.Students) {
			differ("section %s: %d students, planned are %d", s.ID, len(here.learners()), len(s.Students))
		}
		if want := teachersOf(s.Meetings); !slices.Equal(here.instructors(), want) {
			differ("section %s: taught by %v, planned is %v", s.ID, here.instructors(), want)
		}
		meetings, people = meetings+len(has), people+len(here)
	}
	if len(sections) != len(solution.Planned) {
		differ("%d sections, planned are %d", len(sections), len(solution.Planned))
	}
	h.Logf("%s: %d sections, %d meetings, %d memberships compared; %d differ", name, len(solution.Planned), meetings, people, wrong)
}
