package clash

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

// dump writes all that an index holds, the shape of its trees too.
func dump(x *Index) string {
	var lines []string
	for id, s := range x.sections {
		lines = append(lines, fmt.Sprintf("section %s %p %q %v %v", id, s, s.Label, s.Meetings, s.teachers))
	}
	for kind, cs := range map[string]calendars{"room": x.rooms, "person": x.people} {
		for id, c := range cs {
			for d, tree := range c.days {
				lines = append(lines, fmt.Sprintf("%s %s %d %d: %s", kind, id, c.bookings, d, shape(tree)))
			}
		}
	}
	for id, l := range x.listings {
		lines = append(lines, fmt.Sprintf("listing %s %v", id, l))
	}
	for id, l := range x.listed {
		lines = append(lines, fmt.Sprintf("listed %s %v", id, l))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func shape(n *node) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprintf("(%s %p %s.%d %d %x %d %d %s)", shape(n.left), n, n.booking.at.ID, n.booking.seq, n.last, n.shadow, n.start, n.end, shape(n.right))
}

// try returns the sections that were refused, in their order.
func try(t *testing.T, x *Index, whole bool, sections ...Section) (string, []Result) {
	t.Helper()
	before := dump(x)
	results, undo := x.Try(sections, whole)
	after := dump(x)
	undo()
	if got := dump(x); got != before {
		t.Fatalf("undo left\n%s\nin place of\n%s", got, before)
	}
	undo()
	again, _ := x.Try(sections, whole)
	var refused []string
	for i, r := range results {
		if r.Refused {
			refused = append(refused, string(sections[i].ID))
		}
		if again[i].Refused != r.Refused || len(again[i].Findings) != len(r.Findings) {
			t.Errorf("after an undo %s has another result", sections[i].ID)
		}
	}
	if shapeless(dump(x)) != shapeless(after) {
		t.Errorf("after an undo and the same again there is\n%s\nin place of\n%s", dump(x), after)
	}
	return strings.Join(refused, " "), results
}

// shapeless drops addresses.
func shapeless(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' })
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return strings.HasPrefix(w, "0x") }), " ")
}

func TestPackets(t *testing.T) {
	at := func(id string, place ...string) Section { // "R10" is room R at 10:00
		s := section(id)
		for _, p := range place {
			s.Meetings = append(s.Meetings, meet("1000000 "+p[1:]+":00-"+p[1:]+":50 2026-09-07..2026-12-18 room="+p[:1]))
		}
		return s
	}
	for _, c := range []struct {
		name    string
		there   []Section
		packet  []Section
		whole   bool
		refused string
		final   string // room and hour of each section
	}{
		{"two change rooms", []Section{at("a", "R10"), at("b", "Q10")}, []Section{at("a", "Q10"), at("b", "R10")}, false, "", "a:Q10 b:R10"},
		{"three in a ring", []Section{at("a", "R10"), at("b", "Q10"), at("c", "S10")}, []Section{at("a", "Q10"), at("b", "S10"), at("c", "R10")}, true, "", "a:Q10 b:S10 c:R10"},
		{"two new ones in one place", nil, []Section{at("a", "R10"), at("b", "R10")}, false, "b", "a:R10"},
		{"a refused one gets its place back", []Section{at("b", "R10"), at("z", "Q10")}, []Section{at("a", "R10"), at("b", "Q10")}, false, "a b", "b:R10 z:Q10"},
		{"and so on", []Section{at("a", "R10"), at("b", "Q10"), at("c", "S10"), at("z", "T10")},
			[]Section{at("n", "R10"), at("a", "Q10"), at("b", "S10"), at("c", "T10"), at("o", "R11")}, false, "n a b c", "a:R10 b:Q10 c:S10 o:R11 z:T10"},
		{"a later one that wants it is refused at once", []Section{at("b", "R10"), at("z", "Q10")}, []Section{at("b", "Q10"), at("a", "R10"), at("c", "R10")}, false, "a b c", "b:R10 z:Q10"},
		{"not tried again", []Section{at("b", "R10"), at("z", "Q10")}, []Section{at("a", "R10", "S10"), at("c", "S10"), at("b", "Q10")}, false, "a b c", "b:R10 z:Q10"},
		{"all or nothing", []Section{at("a", "R10"), at("z", "Q11")}, []Section{at("a", "Q10"), at("b", "R10"), at("c", "Q11")}, true, "a b c", "a:R10 z:Q11"},
		{"all", []Section{at("a", "R10")}, []Section{at("a", "Q10"), at("b", "R10")}, true, "", "a:Q10 b:R10"},
		{"one twice, the last counts", []Section{at("a", "R10")}, []Section{at("a", "Q10"), at("b", "Q10"), at("a", "S10")}, false, "", "a:S10 b:Q10"},
		{"a room is left", []Section{at("a", "R10")}, []Section{at("a"), at("b", "R10")}, false, "", "a: b:R10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := New(nil)
			for _, s := range c.there {
				x.PutSection(s)
			}
			refused, results := try(t, x, c.whole, c.packet...)
			sorted := strings.Fields(refused)
			slices.Sort(sorted)
			want := strings.Fields(c.refused)
			slices.Sort(want)
			if !slices.Equal(sorted, want) {
				t.Errorf("refused %q, want %q: %+v", refused, c.refused, results)
			}
			var final []string
			for id, p := range x.sections {
				var places []string
				for _, m := range p.Meetings {
					places = append(places, fmt.Sprintf("%s%d", m.Room, m.Start/60))
				}
				final = append(final, string(id)+":"+strings.Join(places, ","))
			}
			slices.Sort(final)
			if got := strings.Join(final, " "); got != c.final {
				t.Errorf("in the end %q, want %q", got, c.final)
			}
		})
	}
}

// What was in the way of a section and is refused itself is not told of in the
// end, and what comes back is.
func TestFindingsOfTheEnd(t *testing.T) {
	x := New(Rules{RuleRoom: Soft})
	x.PutSection(section("b", mondayR))
	results, _ := x.Try([]Section{
		section("a", mondayR),
		section("b", "1000000 09:30-10:20 2026-01-01..2026-01-31 room=Q"),
		section("c", mondayQ),
	}, false)
	if fs := results[0].Findings; len(fs) != 1 || fs[0].Other != lis.SourcedID("b") || results[0].Refused {
		t.Errorf("a: %+v", results[0])
	}
	if !results[1].Refused || len(results[2].Findings) != 0 {
		t.Errorf("b and c: %+v", results[1:])
	}
}

// Under a soft rule any number of sections may be in one room; each is told
// of some only, and a packet with refusals does not compare all with all.
func TestCrowd(t *testing.T) {
	x := New(Rules{RuleRoom: Soft})
	var packet []Section
	for i := range 3000 {
		s := section(fmt.Sprintf("s%d", i), mondayR)
		x.PutSection(s)
		if i%2 == 0 {
			s = section(string(s.ID), "1000000 09:30-10:20 2026-01-01..2026-01-31 room=R")
		}
		packet = append(packet, s)
	}
	results, _ := x.Try(packet, false)
	for i, r := range results {
		if r.Refused != (i%2 == 0) || len(r.Findings) > maxFindings+1 {
			t.Fatalf("%d: refused %v, %d findings", i, r.Refused, len(r.Findings))
		}
	}
	if most := 2 * len(packet) * (maxMet + 50); x.comparisons > most {
		t.Errorf("%d comparisons, more than %d", x.comparisons, most)
	}
}
