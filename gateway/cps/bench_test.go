package cps_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"lisgate/gateway/cps"
	"lisgate/gateway/cps/clash"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/sqlite"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// BenchmarkPacket has the desk look at a packet of n sections with two and a
// half meetings each, on disk, as an audit: all but the writing of the changes
// themselves. The timetable of as many others is known.
func BenchmarkPacket(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			d := newDesk(b, n)
			b.ResetTimer()
			for range b.N {
				report, err := d.ImportBulk(context.Background(), "planner", "t", packet(n), nil)
				if err != nil || *report.Failed != 0 || *report.Applied != int64(n) {
					b.Fatalf("%v %+v", err, report)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "sections/s")
		})
	}
}

func newDesk(t testing.TB, n int) *cps.Desk {
	t.Helper()
	store, err := sqlite.Open(context.Background(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	r := registrar.New(registrar.Options{Store: store})
	d := cps.New(cps.Options{Store: store, Registrar: r, Wake: func([]string) {}, Reached: func(string) bool { return false },
		Routed: func(journal.View, *lis.Change) ([]string, error) { return nil, nil },
		Plans:  []cps.Plan{{Name: "term", Planner: "planner", SIS: "sis", Checks: clash.Rules{}, AnswerWithin: time.Millisecond, PacketItems: 2 * n}}})
	seed := func(yield func(*registrar.BulkItem, error) bool) {
		for i := range n {
			if !yield(&registrar.BulkItem{Op: fmt.Sprint(i), Call: section(i, false)}, nil) {
				return
			}
		}
	}
	if _, err := r.Import(context.Background(), "sis", "seed", seed); err != nil {
		t.Fatal(err)
	}
	return d
}

func packet(n int) iter.Seq2[*registrar.BulkItem, error] {
	return func(yield func(*registrar.BulkItem, error) bool) {
		for i := range n {
			c := section(i, true)
			c.Record.Object.(*lis.CourseSection).SetPlan(lis.Plan{Packet: "p", Mode: lis.PacketAudit})
			if !yield(&registrar.BulkItem{Op: fmt.Sprint(i), Call: c}, nil) {
				return
			}
		}
	}
}

// section is one that has a room for itself at its times; moved, it is there
// an hour later.
func section(i int, moved bool) *lis.Call {
	begin, _ := lis.ParseDate("2026-09-07")
	most := int64(30)
	c := &lis.CourseSection{Label: lis.NewText("en", fmt.Sprint("C-", i)), MaxNumberOfStudents: &most}
	var all []lis.Meeting
	for m := range 2 + i%2 {
		start := lis.Clock(8*60 + i%4*120)
		if moved {
			start += 60
		}
		all = append(all, lis.Meeting{Days: 1 << m, Weeks: "1011011011", StartDate: begin, Start: start, End: start + 50,
			Room: lis.SourcedID(fmt.Sprint("room-", i/4)), Building: "B", RoomName: fmt.Sprint(i / 4), RoomCapacity: 40,
			Instructors: []lis.MeetingInstructor{{Person: lis.SourcedID(fmt.Sprint("p-", i/3)), Role: "Instructor"}}})
	}
	c.SetMeetings(all)
	id := lis.SourcedID(fmt.Sprint("s-", i))
	return &lis.Call{Operation: "replaceCourseSection", ID: id, Record: &lis.Record{ID: id, Object: c}}
}
