package sqldb

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// rosario opens the worked example on a real PostgreSQL.
func rosario(t *testing.T, today string) *Adapter {
	t.Helper()
	dsn, _ := database(t, "postgres")
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // a test
	tables, err := os.ReadFile("testdata/rosariosis.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.PgConn().Exec(t.Context(), string(tables)).ReadAll(); err != nil {
		t.Fatal(err)
	}
	o, err := ParseOptions(RosarioSIS)
	if err != nil {
		t.Fatal(err)
	}
	o.DSN = Secret(dsn)
	o.Now = func() time.Time { d, _ := time.Parse(time.DateOnly, today); return d.Add(12 * time.Hour) }
	return open(t, o)
}

func open(t *testing.T, o Options) *Adapter {
	t.Helper()
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

func TestRosarioSISIsRead(t *testing.T) {
	a := rosario(t, "2026-01-20")
	if err := a.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := collect(t, a, "")
	for _, it := range got.items {
		if it.Err != nil {
			t.Errorf("%s: %v", it.Where, it.Err)
		}
	}
	want := []string{
		"school-2025-1", "term-2025-1", "term-2025-2", "course-2025-10", "offering-2025-10", "section-2025-100",
		"grade-2025-100-2", "student-17", "student-18", "staff-2025-5", "staff-2025-6",
		"schedule-2025-17-100-2025-08-01", "schedule-2025-18-100-2025-08-01", "teaches-2025-100-5", "teaches-2025-100-6",
	}
	if !slices.Equal(got.keys(), want) {
		t.Errorf("got  %v\nwant %v", got.keys(), want)
	}
	wantMarks := "+group -group +courseTemplate -courseTemplate +courseOffering -courseOffering +courseSection -courseSection +lineItem -lineItem +person -person +membership -membership"
	if got.marks() != wantMarks {
		t.Errorf("marks %s", got.marks())
	}
	term := got.record("term-2025-2").Object.(*lis.Group)
	if !term.IsType("TERM") || term.Relationship[0].SourcedID != "term-2025-1" || term.TimeFrame.Begin != "2025-08-01T00:00:00" {
		t.Errorf("term %+v", term)
	}
	if p := got.record("student-17").Object.(*lis.Person); p.Part("Last") != "O'Brien" || p.Formatted() != "Siobhán O'Brien" {
		t.Errorf("person %+v", p)
	}
	left := got.record("schedule-2025-18-100-2025-08-01").Object.(*lis.Membership)
	if left.Member.Role[0].Status != "Inactive" || left.Member.PersonSourcedID != "student-18" {
		t.Errorf("membership %+v", left.Member)
	}
}

func grade(student, score string) lis.Change {
	r := &lis.Record{ID: lis.SourcedID("res-" + student), Object: &lis.Result{
		LineItemSourcedID: "grade-2025-100-2", PersonSourcedID: lis.SourcedID("student-" + student), ResultScore: lis.NewText("", score)}}
	return lis.Change{ID: "c-" + student + score, Kind: lis.KindResult, Act: lis.Put, Key: r.ID, Record: r}
}

func TestRosarioSISTakesGradesInTheWindow(t *testing.T) {
	a := rosario(t, "2026-01-20")
	for _, c := range []lis.Change{grade("17", "91.5"), grade("17", "92.5"), grade("18", "B+")} {
		if o, err := a.Apply(t.Context(), c); err != nil || o.Effect != lis.Applied {
			t.Fatalf("%+v %v", o, err)
		}
	}
	var got string
	if err := a.db.QueryRow(`SELECT string_agg(student_id || ':' || coalesce(grade_percent::text, grade_letter) || ':' || course_title, ' ' ORDER BY student_id)
		FROM student_report_card_grades`).Scan(&got); err != nil || got != "17:92.5:Algebra I - 1 18:B+:Algebra I - 1" {
		t.Errorf("%s %v", got, err)
	}
}

func TestRosarioSISRefusesGradesOutsideTheWindow(t *testing.T) {
	_, err := rosario(t, "2026-03-01").Apply(t.Context(), grade("17", "91.5"))
	var e *adapters.Error
	if !errors.As(err, &e) || e.Class != adapters.Refused || !strings.Contains(err.Error(), "from 2026-01-15 to 2026-02-07") {
		t.Errorf("%v", err)
	}
}

func TestRosarioSISRefusesAGradeOfAStranger(t *testing.T) {
	_, err := rosario(t, "2026-01-20").Apply(t.Context(), grade("19", "50"))
	if adapters.ClassOf(err) != adapters.Refused || !strings.Contains(err.Error(), "the student is not in the section") {
		t.Errorf("%v", err)
	}
}

func TestRosarioSISRefusesWhatTheColumnDoesNotHold(t *testing.T) {
	_, err := rosario(t, "2026-01-20").Apply(t.Context(), grade("17", "99999"))
	if adapters.ClassOf(err) != adapters.Refused || !strings.Contains(err.Error(), "numeric field overflow") {
		t.Errorf("%v", err)
	}
}

// pulled is what a Pull gave.
type pulled struct {
	items  []adapters.Item
	cursor string
	err    error
}

func collect(t *testing.T, a *Adapter, cursor string) pulled {
	t.Helper()
	var p pulled
	for it, err := range a.Pull(t.Context(), cursor) {
		if err != nil {
			p.err = err
			break
		}
		if it.Cursor != "" {
			p.cursor = it.Cursor
		}
		p.items = append(p.items, it)
	}
	return p
}

func (p pulled) keys() (keys []string) {
	for _, it := range p.items {
		if it.Act != "" {
			keys = append(keys, string(it.Key))
		}
	}
	return keys
}

func (p pulled) marks() string {
	var marks []string
	for _, it := range p.items {
		if it.Begins != "" {
			marks = append(marks, "+"+string(it.Begins))
		}
		if it.Ends != "" {
			marks = append(marks, "-"+string(it.Ends))
		}
	}
	return strings.Join(marks, " ")
}

func (p pulled) errs() (errs []string) {
	for _, it := range p.items {
		if it.Err != nil {
			errs = append(errs, it.Where+": "+it.Err.Error())
		}
	}
	return errs
}

func (p pulled) record(key string) *lis.Record {
	for _, it := range p.items {
		if string(it.Key) == key && it.Record != nil {
			return it.Record
		}
	}
	return nil
}
