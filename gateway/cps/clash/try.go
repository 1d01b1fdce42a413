package clash

import (
	"slices"

	"lisgate/gateway/lis"
)

// A Result says what became of one section of a packet.
type Result struct {
	Findings []Finding
	Refused  bool
}

// A packet is what Try works on. Its sections come in the order of the packet,
// each once.
type packet struct {
	x      *Index
	ids    []lis.SourcedID
	now    []*placed
	before []*placed // nil for a new section
	checks []*checkup
	no     []bool // refused
	where  map[lis.SourcedID]int
	asked  count
}

// Try checks the sections of one packet as a whole, and books those that may
// have their places.
//
// First all that the packet's sections have is taken out, so they may change
// places with one another. Then each is checked, in order, and put in unless
// there is a hard finding. One that is refused gets back what it had, and those
// before it in the packet that had taken that are checked again, may be
// refused in turn, and get back what they had, until nobody is in the way of
// anybody. A section that is refused is not tried again, even when the one in
// its way goes away later. When something was refused, the findings of the
// others are those of the end; else each has those of its turn. Of a section that comes twice the last one counts,
// and both have its result.
//
// With whole one refusal refuses all, and nothing is changed; a Result with no
// hard finding is then refused for the sake of the others.
//
// undo puts everything back as it was before, exactly; it must be called
// before anything else changes these sections, and does nothing a second time.
func (x *Index) Try(sections []Section, whole bool) (results []Result, undo func()) {
	k := &packet{x: x, where: make(map[lis.SourcedID]int, len(sections)), asked: count{}}
	k.collect(sections)
	for _, p := range k.before {
		if p != nil {
			x.take(p)
		}
	}
	refused := false
	for i := range k.now {
		if k.allow(i) {
			x.put(k.now[i])
			continue
		}
		if refused = true; !whole {
			k.refuse(i)
		}
	}
	undo = k.undo()
	if whole && refused {
		undo()
		for i := range k.no {
			k.no[i] = true
		}
	} else if refused {
		k.refresh()
	}
	return k.results(sections), undo
}

// collect works out what the sections take, the last of each id.
func (k *packet) collect(sections []Section) {
	for _, s := range sections {
		i, twice := k.where[s.ID]
		if !twice {
			i = len(k.ids)
			k.where[s.ID] = i
			k.ids = append(k.ids, s.ID)
			k.now, k.before = append(k.now, nil), append(k.before, k.x.sections[s.ID])
		}
		k.now[i] = k.x.place(s)
	}
	k.checks, k.no = make([]*checkup, len(k.ids)), make([]bool, len(k.ids))
}

// allow checks a section against what is there now.
func (k *packet) allow(i int) bool {
	k.checks[i] = k.x.check(k.now[i], k.asked)
	k.x.comparisons += k.checks[i].comparisons
	k.no[i] = k.checks[i].refused()
	return !k.no[i]
}

// refuse gives a section back what it had, and refuses those that are in its
// way. Each is refused once, so this ends.
func (k *packet) refuse(i int) {
	for waiting := []int{i}; len(waiting) > 0; waiting = waiting[1:] {
		old := k.before[waiting[0]]
		if old == nil {
			continue
		}
		k.x.put(old)
		for _, j := range k.near(old) {
			if !k.no[j] && !k.allow(j) {
				k.x.take(k.now[j])
				waiting = append(waiting, j)
			}
		}
	}
}

// near returns the sections of the packet that are in and that a section which
// comes back may refuse: by a hard rule, in its rooms, of its people, or
// cross-listed with it. Under a soft rule any number may overlap it, so these
// are not looked for.
func (k *packet) near(p *placed) (near []int) {
	add := func(id lis.SourcedID) {
		if i, ok := k.where[id]; ok && id != p.ID && !k.no[i] && k.x.sections[id] == k.now[i] {
			near = append(near, i)
		}
	}
	hard := func(r Rule) bool { return k.x.rules[r] == Hard }
	p.each(func(b *booking, id lis.SourcedID, person bool) {
		if person && !hard(RuleInstructor) || !person && !hard(RuleRoom) {
			return
		}
		s := search{booking: b, found: func(o *booking, _ int32) bool { add(o.at.ID); return true }}
		s.in(k.x.calendars(person).day(id, b.day))
		k.x.comparisons += s.comparisons
	})
	if hard(RuleCapacity) || hard(RuleCrossList) {
		for _, l := range k.x.listed[p.ID] {
			for _, id := range k.x.listings[l] {
				add(id)
			}
		}
	}
	slices.Sort(near)
	return slices.Compact(near)
}

// refresh checks those that are in once more: what was in their way may not be
// there, and what was refused is back. Nothing is refused here.
func (k *packet) refresh() {
	for i, p := range k.now {
		if k.no[i] {
			continue
		}
		if c := k.x.check(p, k.asked); !c.refused() {
			k.checks[i] = c
		}
	}
}

func (k *packet) undo() func() {
	done := false
	return func() {
		if done {
			return
		}
		done = true
		for _, id := range k.ids {
			k.x.DropSection(id)
		}
		for _, p := range k.before {
			if p != nil {
				k.x.put(p)
			}
		}
	}
}

func (k *packet) results(sections []Section) []Result {
	words := make([][]Finding, len(k.ids))
	for i, c := range k.checks {
		words[i] = c.findings()
	}
	results := make([]Result, len(sections))
	for n, s := range sections {
		i := k.where[s.ID]
		results[n] = Result{Findings: words[i], Refused: k.no[i]}
	}
	return results
}
