package journaltest

import (
	"iter"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Deliveries streams what became of the changes of an object, oldest first.
func (v view) Deliveries(kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.Settled, error] {
	defer v.hold()()
	past := v.past(key{kind, id})
	return lis.Seq(v.settled(func(d delivery) bool {
		_, found := slices.BinarySearch(past, d.Seq)
		return found
	}, bySeq))
}

func bySeq(a, b *journal.Settled) int {
	return compare(a.Seq, b.Seq)*2 + compare(a.Target, b.Target)
}

// Dead streams the dead letters of a target, or of all when it is "".
func (s *snapshot) Dead(target string) iter.Seq2[*journal.Settled, error] {
	defer s.hold()()
	return lis.Seq(s.settled(func(d delivery) bool {
		return d.State == journal.Dead && (target == "" || d.Target == target)
	}, func(a, b *journal.Settled) int {
		return compare(a.Target, b.Target)*2 + compare(a.Seq, b.Seq)
	}))
}

// Queue streams the deliveries that are in a state, oldest first.
func (s *snapshot) Queue(target string, state journal.State) iter.Seq2[*journal.Settled, error] {
	defer s.hold()()
	return lis.Seq(s.settled(func(d delivery) bool {
		return d.queued() && d.State == state && (target == "" || d.Target == target)
	}, bySeq))
}

// Newest streams where the newest change of each object of a kind stands.
func (s *snapshot) Newest(target string, kind lis.Kind, after lis.SourcedID) iter.Seq2[*journal.Settled, error] {
	defer s.hold()()
	var found []*journal.Settled
	for id := range s.m.ids[kind] {
		e := s.entry(key{kind, id})
		if e == nil || id <= after || s.m.steps[e.Seq].Act == lis.Rekey && s.m.steps[e.Seq].Key == id {
			continue // it goes by its new identifier
		}
		for _, to := range s.targets(target) {
			if d, ok := s.m.places[place{to, e.Seq}].get(s.upto); ok {
				found = append(found, d.tell())
				found[len(found)-1].ID = id
			}
		}
	}
	slices.SortFunc(found, func(a, b *journal.Settled) int {
		return compare(a.ID, b.ID)*2 + compare(a.Target, b.Target)
	})
	return lis.Seq(found)
}

func (s *snapshot) targets(target string) []string {
	if target != "" {
		return []string{target}
	}
	var all []string
	for to := range s.m.due {
		all = append(all, to)
	}
	return all
}

// tell is a delivery as people are told of it.
func (d *delivery) tell() *journal.Settled {
	told := d.Settled
	if d.leasable() && d.due != 0 {
		told.Due = time.UnixMicro(d.due).UTC()
	}
	return &told
}

func (v view) settled(wanted func(delivery) bool, order func(a, b *journal.Settled) int) []*journal.Settled {
	var found []*journal.Settled
	for _, c := range v.m.places {
		if d, ok := c.get(v.upto); ok && wanted(d) {
			found = append(found, d.tell())
		}
	}
	slices.SortFunc(found, order)
	return found
}

// Mapped returns what was sent where it differed from the record, or nil.
func (s *snapshot) Mapped(target string, seq int64) ([]byte, error) {
	defer s.hold()()
	d, _ := s.m.places[place{target, seq}].get(s.upto)
	return slices.Clone(d.mapped), nil
}

// Standing counts what is in the queue of a target. The oldest is that of the
// chains whose first is neither parked nor held.
func (s *snapshot) Standing(target string) (n journal.Standing, err error) {
	defer s.hold()()
	first := map[chain]delivery{}
	for p, c := range s.m.places {
		d, ok := c.get(s.upto)
		if !ok || p.target != target || !d.queued() {
			continue
		}
		n.Waiting++
		switch {
		case d.State == journal.Parked:
			n.Parked++
		case d.State == journal.Held:
			n.Held++
		}
		if head, ok := first[d.chain]; !ok || d.Seq < head.Seq {
			first[d.chain] = d
		}
	}
	for _, d := range first {
		if d.State != journal.Waiting {
			continue
		}
		if at := time.UnixMicro(d.Seq).UTC(); n.Oldest.IsZero() || at.Before(n.Oldest) {
			n.Oldest = at
		}
		if d.Attempts > 0 {
			n.Failed++
		}
	}
	return n, nil
}

// Stopped counts by kind what is parked and what is held.
func (s *snapshot) Stopped(target string) (map[lis.Kind]journal.Standing, error) {
	defer s.hold()()
	all := map[lis.Kind]journal.Standing{}
	for p, c := range s.m.places {
		d, ok := c.get(s.upto)
		if !ok || p.target != target || d.State != journal.Parked && d.State != journal.Held {
			continue
		}
		n := all[d.Kind]
		if d.State == journal.Parked {
			n.Parked++
		} else {
			n.Held++
		}
		all[d.Kind] = n
	}
	return all, nil
}

// Balance counts the deliveries per target and kind.
func (s *snapshot) Balance() ([]journal.Balance, error) {
	defer s.hold()()
	var all []journal.Balance
	for _, c := range s.m.balance {
		if b, ok := c.get(s.upto); ok {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b journal.Balance) int {
		return compare(a.Target, b.Target)*2 + compare(a.Kind, b.Kind)
	})
	return all, nil
}

func moment(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
}
