package clash

import (
	"fmt"
	"testing"

	"lisgate/gateway/lis"

	"pgregory.net/rapid"
)

// drawSet draws weeks and the same as a plain set. They reach over several
// words and over both sides of week 0.
func drawSet(t *rapid.T, name string) (weeks, map[int32]bool) {
	base := int32(rapid.IntRange(-150, 150).Draw(t, name+" base"))
	first, last := base+int32(rapid.IntRange(-20, 200).Draw(t, name+" first")), base+int32(rapid.IntRange(-20, 250).Draw(t, name+" last"))
	set, plain := weeks{first: never, last: always}, map[int32]bool{}
	var mask lis.Weeks
	if rapid.Bool().Draw(t, name+" masked") {
		mask = lis.Weeks(rapid.StringMatching(`(0|1|01|0{60}|1{70}){1,6}`).Draw(t, name+" mask"))
		set = parseWeeks(mask, base)
	}
	for w := first; w <= last; w++ {
		if mask.Has(int(w - base)) {
			plain[w] = true
		}
	}
	set, ok := set.clip(first, last)
	if ok != (len(plain) > 0) {
		t.Fatalf("%s: clip says %v for %d weeks", name, ok, len(plain))
	}
	return set, plain
}

func TestWeeks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, plainA := drawSet(t, "a")
		b, plainB := drawSet(t, "b")
		if len(plainA) == 0 || len(plainB) == 0 {
			return
		}
		from := int32(rapid.IntRange(-200, 400).Draw(t, "from"))
		var common, differs []int32
		union := map[int32]bool{}
		for w := int32(-200); w < 500; w++ {
			if plainA[w] != a.has(w) {
				t.Fatalf("week %d in %+v: %v", w, a, a.has(w))
			}
			if plainA[w] && plainB[w] && w >= from {
				common = append(common, w)
			}
			if plainA[w] != plainB[w] {
				differs = append(differs, w)
			}
			union[w] = plainA[w] || plainB[w]
		}
		if !plainA[a.first] || !plainA[a.last] {
			t.Fatalf("%d to %d are not both in it", a.first, a.last)
		}
		if w, ok := a.common(b, from); ok != (len(common) > 0) || ok && w != common[0] {
			t.Fatalf("common %d %v, want %v", w, ok, common)
		}
		if w, theirs, ok := a.differs(b); ok != (len(differs) > 0) || ok && (w != differs[0] || theirs != plainB[w]) {
			t.Fatalf("differs in %d %v %v, want %v", w, theirs, ok, differs)
		}
		u := a.union(b)
		for w, in := range union {
			if u.has(w) != in {
				t.Fatalf("week %d in the union: %v", w, !in)
			}
		}
	})
}

// A mask and its weekdays, against the days as lis reads them, also before
// 1970 and in years that nobody plans.
func TestBookingsAreTheDaysOfTheMeeting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := lis.Meeting{Days: lis.Weekdays(rapid.IntRange(1, 127).Draw(t, "days")), Start: 0, End: 24 * 60,
			StartDate: lis.Date(rapid.SampledFrom([]int{-719500, -3, -4, 1, 20703, 2932000}).Draw(t, "start") + rapid.IntRange(0, 7).Draw(t, "plus"))}
		if m.StartDate == 0 {
			return
		}
		m.Weeks = lis.Weeks(rapid.StringMatching(`[01]{0,80}`).Draw(t, "weeks"))
		if rapid.Bool().Draw(t, "ends") {
			m.EndDate = m.StartDate + lis.Date(rapid.IntRange(0, 500).Draw(t, "length"))
		}
		want, got := map[lis.Date]bool{}, map[lis.Date]bool{}
		for d := range m.Dates() {
			want[d] = true
		}
		p := New(nil).place(Section{ID: "a", Meetings: []lis.Meeting{m}})
		for i := range p.bookings {
			b := &p.bookings[i]
			for w, ok := b.common(b.weeks, never); ok; w, ok = b.common(b.weeks, w+1) {
				got[dateOf(w, b.day)] = true
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%+v are the days %v, not %v", m, got, want)
		}
	})
}
