package journaltest

import (
	"cmp"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"

	"pgregory.net/rapid"
)

// A pairing is an object at a target.
type pairing struct {
	target string
	key    lis.SourcedID
}

// behind returns what is in the queue behind a delivery, in order.
func (m *model) behind(e *expected) (behind []*expected) {
	for _, o := range m.sent {
		if o.target == e.target && o.key == e.key && o.seq > e.seq && o.queued() {
			behind = append(behind, o)
		}
	}
	slices.SortFunc(behind, func(a, b *expected) int { return cmp.Compare(a.seq, b.seq) })
	return behind
}

// run returns what may go in the place of a delivery.
func (m *model) run(e *expected) (run []*expected) {
	if e.approved {
		return nil
	}
	for _, o := range m.behind(e) {
		if o.state == journal.Held {
			break
		}
		if run = append(run, o); o.approved {
			break
		}
	}
	return run
}

// follow has a delivery go in the place of one that is held.
func (m *model) follow(e, held *expected) {
	if held.hold == journal.HoldMatch && e.act == lis.Put && !e.approved {
		e.state, e.hold = journal.Held, held.hold
	}
	held.state = journal.Applied
}

// settlement draws an outcome.
func (m *model) settlement(t *rapid.T, l journal.Delivery) journal.Settlement {
	states := []journal.State{journal.Applied, journal.Applied, journal.Dead, journal.Waiting, journal.Parked, journal.Held}
	s := outcome(l, rapid.SampledFrom(states).Draw(t, "state"), m.now())
	switch s.State {
	case journal.Applied:
		s.TargetID = rapid.SampledFrom([]string{"", string(l.Key)}).Draw(t, "target id")
		s.Act = rapid.SampledFrom([]lis.Act{"", "", lis.Drop}).Draw(t, "act there")
	case journal.Parked:
		s.Parent, s.Due = lis.Ref{ID: m.draw(t).id}, m.now().Add(time.Minute)
	case journal.Held:
		if s.Hold = rapid.SampledFrom([]journal.Hold{journal.HoldRemoval, journal.HoldMatch}).Draw(t, "hold"); s.Hold == journal.HoldMatch {
			s.Match = string(l.Key)
		}
	}
	return s
}

// settled does to the model what a settlement does.
func (m *model) settled(e *expected, s journal.Settlement) {
	e.state, e.parent, e.hold = s.State, s.Parent.ID, s.Hold
	switch s.State {
	case journal.Parked:
		if m.there[pairing{e.target, e.parent}] > m.began[s.Fence] {
			e.state = journal.Waiting
		}
	case journal.Applied:
		if e.act == lis.Put && s.Act != lis.Drop {
			m.release(e.target, e.key)
		} else {
			delete(m.there, pairing{e.target, e.key})
		}
	case journal.Held:
		if run := m.run(e); len(run) > 0 {
			for _, old := range run[:len(run)-1] {
				old.state = journal.Applied
			}
			m.follow(run[len(run)-1], e)
		}
	}
}

// became demands that a settlement says what became of it.
func (m *model) became(t *rapid.T, s journal.Settlement, want journal.State) {
	if s.State != want {
		t.Fatalf("the settlement says %+v, want %s", s, want)
	}
}

func (m *model) release(target string, parent lis.SourcedID) {
	m.events++
	m.there[pairing{target, parent}] = m.events
	for _, e := range m.sent {
		if e.target == target && e.state == journal.Parked && e.parent == parent {
			e.state = journal.Waiting
		}
	}
}

// newest reports whether a lease is the newest of its delivery.
func (m *model) newest(i int) bool {
	return !slices.ContainsFunc(m.leased[i+1:], func(o journal.Delivery) bool {
		return o.Target == m.leased[i].Target && o.Seq == m.leased[i].Seq
	})
}

func (m *model) coalesceSome(t *rapid.T) {
	if len(m.leased) == 0 {
		t.Skip("nothing leased")
	}
	i := rapid.IntRange(0, len(m.leased)-1).Draw(t, "lease")
	l := m.leased[i]
	e, want := m.find(l.Target, l.Seq), l.Seq
	var run []*expected
	if m.newest(i) && e.leasable() {
		if run = m.run(e); len(run) > 0 {
			want = run[len(run)-1].seq
		}
	}
	now := m.coalesce(l)[0]
	if now.Seq != want || (now.Fence > l.Fence) != (len(run) > 0) {
		t.Fatalf("%+v became %+v, want %d", l, now, want)
	}
	if len(run) == 0 {
		return
	}
	for _, old := range append([]*expected{e}, run[:len(run)-1]...) {
		old.state = journal.Applied
	}
	m.fence, m.began[now.Fence], m.until[now.Fence] = now.Fence, m.began[l.Fence], m.until[l.Fence]
	m.leased = slices.DeleteFunc(m.leased, func(o journal.Delivery) bool { return o.Target == l.Target && o.Key == l.Key })
	m.leased = append(m.leased, now)
}

func (m *model) resendSome(t *rapid.T) {
	target, key := rapid.SampledFrom(m.targets).Draw(t, "target"), m.draw(t).id
	want := 0
	if c := m.last[key]; c != nil && !m.blocked(target, key, c.Seq) {
		want = 1
		i := slices.IndexFunc(m.sent, func(e *expected) bool { return e.target == target && e.seq == c.Seq })
		if i < 0 {
			m.sent = append(m.sent, &expected{target: target, key: key, act: c.Act, seq: c.Seq, state: journal.Waiting})
		} else {
			e := m.sent[i]
			e.repeat = e.act == lis.Drop && e.state == journal.Applied
			e.state, e.approved, e.again = journal.Waiting, false, e.again+1
		}
	}
	if n, err := m.store.Resend(m.Context(), target, []lis.Ref{person(key)}); err != nil || n != want {
		t.Fatalf("sent %d again, %v, want %d", n, err, want)
	}
}

// blocked reports whether an object is not sent again: its newest change waits,
// or one is held.
func (m *model) blocked(target string, key lis.SourcedID, newest int64) bool {
	return slices.ContainsFunc(m.sent, func(e *expected) bool {
		return e.target == target && e.key == key && e.queued() && (e.seq == newest || e.state == journal.Held)
	})
}

// decideSome decides on some of what is held, among others.
func (m *model) decideSome(t *rapid.T) {
	target, approve := rapid.SampledFrom(m.targets).Draw(t, "target"), rapid.Bool().Draw(t, "approve")
	var seqs []int64
	want := 0
	for _, e := range m.sent {
		if e.target != target || !rapid.Bool().Draw(t, "take") {
			continue
		}
		seqs = append(seqs, e.seq)
		if e.state == journal.Held {
			want++
		}
	}
	m.decideAll(t, target, seqs, approve, want)
}

func (m *model) decideAll(t *rapid.T, target string, seqs []int64, approve bool, want int) {
	if n, err := m.store.Decide(m.Context(), target, seqs, approve, "jo", m.now()); err != nil || n != want {
		t.Fatalf("decided on %d, %v, want %d", n, err, want)
	}
	for _, seq := range seqs {
		e := m.find(target, seq)
		switch {
		case e.state != journal.Held:
		case !approve:
			e.state, e.approved = journal.Dropped, false
		default:
			if e.state, e.approved = journal.Waiting, true; e.hold == journal.HoldMatch {
				m.release(target, e.key)
			}
		}
	}
}

func (m *model) approveAll(t *rapid.T, target string) {
	var seqs []int64
	for _, e := range m.sent {
		if e.target == target && e.state == journal.Held {
			seqs = append(seqs, e.seq)
		}
	}
	m.decideAll(t, target, seqs, true, len(seqs))
}

// compareStopped demands that what is parked and held by kind is what it is in all.
func (m *model) compareStopped(t *rapid.T, target string, want journal.Standing) {
	s := m.snapshot()
	defer s.Close()
	got, err := s.Stopped(target)
	kind := got[lis.KindPerson]
	if err != nil || kind.Parked != want.Parked || kind.Held != want.Held || (len(got) > 0) != (want.Parked+want.Held > 0) {
		t.Fatalf("stopped at %s: got %+v, %v, want %+v", target, got, err, want)
	}
}

func (m *model) compareStanding(t *rapid.T) {
	for _, target := range m.targets {
		var want journal.Standing
		var removals int64
		for _, e := range m.sent {
			if e.target != target || !e.queued() {
				continue
			}
			want.Waiting++
			switch e.state {
			case journal.Parked:
				want.Parked++
			case journal.Held:
				want.Held++
			}
			if e.act == lis.Drop && e.leasable() && !e.approved && !e.repeat {
				removals++
			}
		}
		got := m.standing(target)
		if got.Failed, got.Oldest = 0, (time.Time{}); got != want {
			t.Fatalf("standing of %s: got %+v, want %+v", target, got, want)
		}
		m.compareStopped(t, target, want)
		r, err := m.store.Removals(m.Context(), target)
		if err != nil || r[lis.KindPerson].Waiting != removals {
			t.Fatalf("removals at %s: got %+v, %v, want %d", target, r, err, removals)
		}
	}
}
