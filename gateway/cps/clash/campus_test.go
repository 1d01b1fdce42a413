package clash

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"lisgate/gateway/lis"
)

// A campus is a term that fits: a room for twelve sections, two or three
// meetings each, most in one half of the term, two sections for an instructor.
type campus struct {
	rooms    map[lis.SourcedID]lis.Room
	sections []Section
	meetings int
	asked    int
}

// times are the sixteen patterns of a room: MWF for 50 minutes, TR for 75.
func times() (all []lis.Meeting) {
	for hour := range 10 {
		start := lis.Clock(8+hour) * 60
		all = append(all, lis.Meeting{Days: 0b10101, Start: start, End: start + 50})
	}
	for block := range 6 {
		start := lis.Clock(8*60 + 90*block)
		all = append(all, lis.Meeting{Days: 0b01010, Start: start, End: start + 75})
	}
	return all
}

func newCampus(sections int) *campus {
	c := &campus{rooms: map[lis.SourcedID]lis.Room{}}
	random := rand.New(rand.NewPCG(1, uint64(sections)))
	patterns := times()
	begin, end := day("2026-09-07"), day("2026-12-18")
	for i := range sections {
		room := i / 12
		s := Section{
			ID: lis.SourcedID(fmt.Sprintf("sec-%d", i)), Label: fmt.Sprintf("CS %d", i), Begin: begin, End: end,
			Instructors: []lis.SourcedID{lis.SourcedID(fmt.Sprintf("per-%d", i/2))}, Max: 20 + random.IntN(40),
			Students: func() int { c.asked++; return 20 },
		}
		for range 2 + i%2 {
			k := c.meetings - room*30 // 12 sections have 30 meetings
			m := patterns[k/2]
			m.Weeks, m.StartDate, m.EndDate = []lis.Weeks{"11111110000000", "00000001111111"}[k%2], begin, end
			if k%5 == 0 {
				m.Weeks = []lis.Weeks{"10101010000000", "00000001010101"}[k%2]
			}
			m.Room = lis.SourcedID(fmt.Sprintf("room-%d", room))
			s.Meetings = append(s.Meetings, m)
			c.meetings++
		}
		c.sections = append(c.sections, s)
		c.rooms[lis.SourcedID(fmt.Sprintf("room-%d", room))] = lis.Room{Capacity: 30 + room%60, Unavailable: []lis.Unavailability{
			{Days: 1 << 4, Start: 20 * 60, End: 22 * 60}, {Days: 1 << 5, Start: 0, End: 24 * 60}}}
	}
	random.Shuffle(len(c.sections), func(i, j int) { c.sections[i], c.sections[j] = c.sections[j], c.sections[i] })
	return c
}

func (c *campus) index() *Index {
	x := New(nil)
	for id, r := range c.rooms {
		x.PutRoom(id, r)
	}
	return x
}

// oneRoom is a room that has all sections: each in one week, on one day, at a
// time of its own.
func oneRoom(sections int) []Section {
	all := make([]Section, sections)
	for i := range all {
		week, slot := i/91, i%91
		date := day("2026-09-07") + lis.Date(7*week)
		start := lis.Clock(8*60 + slot/7*60)
		all[i] = Section{ID: lis.SourcedID(fmt.Sprintf("sec-%d", i)), Meetings: []lis.Meeting{{
			Days: 1 << (slot % 7), StartDate: date, EndDate: date + 6, Start: start, End: start + 55, Room: "R"}}}
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(sections, func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// oneRoomLong is the same, but with times that are all different and weeks
// that reach over years.
func oneRoomLong(sections int) []Section {
	all := make([]Section, sections)
	random := rand.New(rand.NewPCG(3, 4))
	columns := 288 // of five minutes
	for i := range all {
		row, column := i/columns, i%columns
		date := day("2026-09-07") + lis.Date(7*(row*20+random.IntN(5)))
		all[i] = Section{ID: lis.SourcedID(fmt.Sprintf("sec-%d", i)), Meetings: []lis.Meeting{{
			Days: 1, StartDate: date, EndDate: date + lis.Date(7*random.IntN(15)), Start: lis.Clock(5 * column), End: lis.Clock(5*column + 5), Room: "R"}}}
	}
	random.Shuffle(sections, func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// The number of comparisons of a packet grows as n log n: for each booking a
// few times the logarithm of what its room has.
func TestComparisonsGrowSlowly(t *testing.T) {
	for name, sections := range map[string]func(int) []Section{
		"campus": func(n int) []Section { return newCampus(n).sections }, "one room": oneRoom, "one room, long": oneRoomLong,
	} {
		var first float64
		for _, n := range []int{1000, 4000, 16000} {
			x := New(nil)
			x.PutRoom("R", lis.Room{Capacity: 100})
			results, _ := x.Try(sections(n), false)
			for _, r := range results {
				if r.Refused {
					t.Fatalf("%s: %+v", name, r.Findings)
				}
			}
			per := float64(x.comparisons) / float64(n)
			t.Logf("%s: %d sections, %d comparisons, %.1f a section", name, n, x.comparisons, per)
			if first == 0 {
				first = per
			}
			if limit := 3 * first * math.Log(float64(n)) / math.Log(1000); per > limit {
				t.Errorf("%s: %.1f comparisons a section of %d, and %.1f of 1000: more than %.1f", name, per, n, first, limit)
			}
		}
	}
}

// BenchmarkPacket tries a whole term in one packet: into an empty index, and
// again into one that has it, which takes it all out first.
func BenchmarkPacket(b *testing.B) {
	for _, n := range []int{1000, 10000, 100000} {
		c := newCampus(n)
		b.Run(fmt.Sprintf("new/%d", n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				x := c.index()
				runtime.GC()
				b.StartTimer()
				accept(b, x, c.sections)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*c.meetings), "ns/meeting")
		})
		b.Run(fmt.Sprintf("again/%d", n), func(b *testing.B) {
			x := c.index()
			accept(b, x, c.sections)
			b.ReportMetric(0, "ns/op")
			for b.Loop() {
				accept(b, x, c.sections)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*c.meetings), "ns/meeting")
			b.ReportMetric(held(func() *Index { x := c.index(); x.Try(c.sections, false); return x }), "MB-held")
		})
	}
}

// BenchmarkOneRoom is the hostile case.
func BenchmarkOneRoom(b *testing.B) {
	for name, sections := range map[string]func(int) []Section{"weeks": oneRoom, "long": oneRoomLong} {
		for _, n := range []int{5000, 20000, 80000} {
			all := sections(n)
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					accept(b, New(nil), all)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/meeting")
			})
		}
	}
}

func accept(b *testing.B, x *Index, sections []Section) {
	results, _ := x.Try(sections, false)
	for _, r := range results {
		if r.Refused {
			b.Fatalf("refused: %+v", r.Findings)
		}
	}
}

// held measures what an index holds, in MB.
func held(build func() *Index) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	x := build()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(x)
	return float64(after.HeapAlloc-before.HeapAlloc) / 1e6
}
