package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/console"
	"lisgate/gateway/cps"
	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
)

// TestPlan holds what is said of the desk of planDesk against the files in
// testdata/plan. The first line of each is the command line; what follows is
// what it prints, and the error. To add a case, add a file with that line and
// run the test with -update.
func TestPlan(t *testing.T) {
	files, err := filepath.Glob("testdata/plan/*.txt")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	server := planGateway(t, newPlanDesk())
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			line, _, _ := strings.Cut(string(text), "\n")
			got, err := verb(t, t.Context(), append(strings.Fields(strings.TrimPrefix(line, "$ lisgate ")), "-g", server)...)
			var failed *failure
			switch {
			case errors.As(err, &failed):
				got += "exit 1: " + failed.text + "\n"
			case err != nil:
				got += "exit 2: " + err.Error() + "\n"
			}
			golden(t, path, line+"\n"+got)
		})
	}
}

// planGateway serves the admin API over a desk.
func planGateway(t *testing.T, desk console.Plans) string {
	t.Helper()
	keeper, err := guard.New(guard.Options{Anonymous: &guard.AnonymousOptions{Admin: true}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(console.New(console.Rooms{Guard: keeper, Plans: desk}))
	t.Cleanup(server.Close)
	return server.URL
}

// A planDesk has sections in every state, and does nothing about them.
type planDesk struct {
	rows    []*cps.Standing
	trouble error // of a file, after its first bytes
}

var planTime = time.Date(2026, 8, 20, 2, 15, 0, 0, time.UTC)

func newPlanDesk() *planDesk {
	section := func(title, room string, start lis.Clock, students int64) *lis.CourseSection {
		c := &lis.CourseSection{Title: lis.NewText("en", title), ParentOfferingID: "PHYS-201-2026FA", NumberOfStudents: &students}
		first, _ := lis.ParseDate("2026-08-24")
		c.SetMeetings([]lis.Meeting{{Days: 0b0010101, StartDate: first, EndDate: first + 109, Start: start, End: start + 50,
			Room: lis.SourcedID("room-" + room), Building: "EDUC", RoomName: room, Instructors: []lis.MeetingInstructor{{Person: "p-77", Role: "Instructor", Lead: true}}}})
		return c
	}
	version := func(by string, n int64, at time.Time, c *lis.CourseSection) *cps.Version {
		return &cps.Version{By: by, Version: n, At: at, Meeting: c.Meeting.String(), Location: c.Location.String(), Students: *c.NumberOfStudents, Section: c}
	}
	base := section("Optics", "103", 570, 40)
	moved := section("Optics", "204", 600, 40)
	lis.Extend(&moved.Extension).Set("local.note", "moved for the\nprojector")
	renamed := section("Optics I", "103", 570, 43)
	unreadable := section("Optics", "103", 570, 40)
	unreadable.Extension.Set("meeting.1.startTime", "half past nine")
	past := []cps.Event{{At: planTime.Add(-time.Hour), State: lis.PlanConfirmed, By: "banner"}, {At: planTime, State: lis.PlanProposed, By: "unitime", Text: "held: late"}}
	return &planDesk{rows: []*cps.Standing{
		{Plan: "fall", Section: "OPT-1", State: lis.PlanProposed, Version: 7, Packet: "p-12", Updated: planTime, Past: past,
			Held: &cps.Proposal{From: "unitime", Operation: "replaceCourseSection", At: planTime, Why: cps.HoldApproval, Rule: "late: it comes on or after 2026-08-01",
				Findings: []cps.Finding{{Rule: "capacity", Section: "OPT-1", Text: "EDUC 204 has 35 seats and OPT-1 has 40 students"}},
				Proposed: version("unitime", 0, planTime, moved), Base: version("banner", 7, planTime.Add(-time.Hour), base)}},
		{Plan: "fall", Section: "OPT-2", State: lis.PlanConfirmed, Updated: planTime,
			Held: &cps.Proposal{From: "unitime", Operation: "replaceCourseSection", At: planTime, Why: cps.HoldConflict, Rule: "banner changed title since version 7",
				Proposed: version("unitime", 0, planTime, moved), Base: version("banner", 7, planTime.Add(-time.Hour), base), Current: version("banner", 8, planTime.Add(-time.Minute), renamed)}},
		{Plan: "fall", Section: "OPT-3", State: lis.PlanProposed, PlannerID: "u-9", Updated: planTime,
			Held: &cps.Proposal{From: "unitime", Operation: "createByProxyCourseSection", At: planTime, Why: cps.HoldApproval, Rule: "large: more than 30 students",
				Proposed: version("unitime", 0, planTime, moved)}},
		{Plan: "fall", Section: "OPT-4", State: lis.PlanRefused, Reason: "room EDUC 103 has OPT-1 on 2026-08-24 09:30-10:20", Updated: planTime, Past: past},
		{Plan: "fall", Section: "OPT-5", State: lis.PlanProposed, Updated: planTime, Sent: &cps.Sent{At: planTime, Created: true, Working: true}},
		{Plan: "fall", Section: "OPT-6", State: lis.PlanConfirmed, Updated: planTime},
		{Plan: "fall", Section: "OPT-7", State: lis.PlanRequested, Updated: planTime,
			Held: &cps.Proposal{From: "unitime", Operation: "replaceCourseSection", At: planTime, Why: cps.HoldApproval, Rule: "large: more than 30 students",
				Proposed: version("unitime", 0, planTime, unreadable), Base: version("banner", 7, planTime, base)}},
		{Plan: "spring", Section: "LAB-1", State: lis.PlanPublished, Updated: planTime},
	}}
}

func (d *planDesk) Summaries(context.Context) ([]cps.Summary, error) {
	return []cps.Summary{
		{Plan: "fall", Planner: "unitime", SIS: "banner", Held: 4, Sent: 1, Answers: 2,
			Sections: map[lis.PlanState]int{lis.PlanProposed: 3, lis.PlanConfirmed: 1200, lis.PlanRefused: 1}},
		{Plan: "spring", Planner: "cirrus", SIS: "banner"},
	}, nil
}

func (d *planDesk) Standings(_ context.Context, plan string, state lis.PlanState) iter.Seq2[*cps.Standing, error] {
	return func(yield func(*cps.Standing, error) bool) {
		for _, s := range d.rows {
			if (plan == "" || s.Plan == plan) && (state == "" || s.State == state || state == cps.HeldState && s.Held != nil) && !yield(s, nil) {
				return
			}
		}
	}
}

func (d *planDesk) Standing(_ context.Context, section lis.SourcedID) (*cps.Standing, error) {
	i := slices.IndexFunc(d.rows, func(s *cps.Standing) bool { return s.Section == section })
	if i < 0 {
		return nil, nil
	}
	return d.rows[i], nil
}

func (d *planDesk) Decide(_ context.Context, sections []lis.SourcedID, approve bool, by, reason string) ([]cps.Decided, error) {
	var all []cps.Decided
	for _, id := range sections {
		one := cps.Decided{Section: id, State: lis.PlanConfirmed, Text: "banner has it"}
		switch s, _ := d.Standing(context.Background(), id); {
		case s == nil || s.Held == nil:
			one = cps.Decided{Section: id, Text: "nothing is held of it"}
		case !approve:
			one.State, one.Text = lis.PlanRefused, reason
		case id == "OPT-3":
			one.State, one.Text, one.Failed = lis.PlanRefused, "banner said: no such offering", true
		}
		all = append(all, one)
	}
	return all, nil
}

func (d *planDesk) Publish(_ context.Context, plan string, sections []lis.SourcedID, _ string) (*cps.Published, error) {
	switch {
	case plan == "autumn":
		return nil, errors.New("there is no plan autumn; there are fall, spring")
	case plan == "spring":
		return &cps.Published{}, nil
	case len(sections) == 0:
		return &cps.Published{Published: 1200}, nil
	}
	return &cps.Published{Published: len(sections) - 1, Left: []cps.Decided{{Section: sections[0], State: lis.PlanProposed, Text: "it is held: decide that first"}}}, nil
}

func (d *planDesk) Answers(context.Context) iter.Seq2[*cps.Answer, error] {
	return func(yield func(*cps.Answer, error) bool) {
		_ = yield(&cps.Answer{At: planTime, From: "banner", Section: "OPT-1", Packet: "p-11", State: lis.PlanConfirmed, Kind: "late", Times: 1}, nil) &&
			yield(&cps.Answer{At: planTime, From: "banner", Section: "OPT-9", State: lis.PlanRefused, Reason: "unknown to it", Kind: "unmatched", Times: 3}, nil)
	}
}

func (d *planDesk) Import(_ context.Context, i cps.Import, file io.Reader, progress func(read, applied, failed int64)) (*cps.Imported, error) {
	text, err := io.ReadAll(file)
	if err != nil || !strings.Contains(string(text), "<solution") {
		return nil, errors.Join(err, errors.New("line 1: it is no solution of ITC 2019"))
	}
	progress(2, 2, 0)
	read, applied, failed := int64(1200), int64(1200), int64(0)
	done := &cps.Imported{Report: &lis.BulkReport{Read: &read, Applied: &applied, Failed: &failed}, Warnings: []string{"3 classes have no time: they stay as they are"}}
	if i.As == "planner" {
		applied, failed = 1199, 1
		if i.Mode == lis.PacketTransaction {
			applied = 0
		}
		done.Report.Failure = []lis.BulkFailed{{TransactionOpIdentifier: "OPT-4", FailStatus: "invaliddata", Description: lis.NewText("en", "room EDUC 103 has OPT-1 then")}}
	}
	return done, nil
}

func (d *planDesk) Export(_ context.Context, e cps.Export, w io.Writer) error {
	if e.Term == "1999FA" {
		return errors.New("no section is of the term 1999FA")
	}
	_, err := io.WriteString(w, "<solution name=\""+e.What+"\"/>\n")
	if d.trouble != nil { // more than is kept back
		_, err = io.WriteString(w, strings.Repeat("<class/>\n", 1<<12))
	}
	return errors.Join(err, d.trouble)
}

func (d *planDesk) Draw(_ context.Context, p cps.Picture, w io.Writer) error {
	_, err := io.WriteString(w, "<svg><title>"+string(p.Room+p.Person+p.Section)+" "+p.Week.String()+"</title></svg>\n")
	return err
}

// A file is there when it is whole, and what was there before until then.
func TestAnExportIsWholeOrNot(t *testing.T) {
	desk := newPlanDesk()
	server, dir := planGateway(t, desk), t.TempDir()
	name := filepath.Join(dir, "fall.xml")
	out, err := verb(t, t.Context(), "plan", "export", "--format", "itc2019", "-o", name, "-g", server)
	if text, _ := os.ReadFile(name); err != nil || string(text) != "<solution name=\"problem\"/>\n" || out != name+": 27 bytes\n" {
		t.Errorf("%q %q %v", out, text, err)
	}
	desk.trouble = errors.New("the journal is away")
	_, err = verb(t, t.Context(), "plan", "export", "--format", "itc2019", "--what", "solution", "-o", name, "-g", server)
	files, _ := os.ReadDir(dir)
	if text, _ := os.ReadFile(name); err == nil || !strings.Contains(string(text), "problem") || len(files) != 1 {
		t.Errorf("%q %v %v", text, err, files)
	}
	if _, err := verb(t, t.Context(), "plan", "export", "--format", "itc2019", "-g", server); err == nil || !strings.Contains(err.Error(), "not whole") {
		t.Errorf("half a file looks whole: %v", err)
	}
	if _, err := verb(t, t.Context(), "plan", "draw", "--room", "r", "-o", filepath.Join(dir, "no", "week.svg"), "-g", server); err == nil || !strings.Contains(err.Error(), "-o ") {
		t.Error(err)
	}
}

// What breaks off is no answer.
func TestAnAnswerThatBreaksOff(t *testing.T) {
	for body, want := range map[string]string{`{"plan":"fall"}` + "\n" + `{"pl`: "broke off", `{"error":"the journal is away"}`: "the journal is away"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/admin/v1/plans" {
				body = "[]"
			}
			_, _ = io.WriteString(w, body)
		}))
		var failed *failure
		if _, err := verb(t, t.Context(), "plan", "answers", "-g", server.URL); !errors.As(err, &failed) || !strings.Contains(failed.text, want) {
			t.Errorf("%s: %v", body, err)
		}
		server.Close()
	}
}

func TestNamesOfBothStandWhereTheyBelong(t *testing.T) {
	got := united([]string{"title", "meeting 1", "seats"}, []string{"title", "meeting 1", "meeting 2", "students"})
	if want := []string{"title", "meeting 1", "meeting 2", "students", "seats"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
