package journaltest

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

type (
	// wish names what deliveries to a target wait for, or are about.
	wish struct {
		target string
		id     lis.SourcedID
	}
	owned struct {
		target string
		key
	}
	name struct {
		target string
		kind   lis.Kind
		id     string
	}
	pair struct {
		journal.Pair
		steps []journal.PairStep
		stamp int64 // the write that made it so
	}
)

func (t *tx) pair(target string, kind lis.Kind, id lis.SourcedID) *pair {
	p, _ := t.m.pairs[owned{target, key{kind, id}}].get(never)
	return p
}

// rival returns who has an id of a target that no other may have too, "" when
// nobody does.
func (m *Memory) rival(target string, kind lis.Kind, targetID string) lis.SourcedID {
	if journal.Shared(kind) {
		return ""
	}
	return m.owner(target, kind, targetID)
}

// newestOwner returns the newest of those that share an id of a target.
func (m *Memory) newestOwner(target string, kind lis.Kind, targetID string) lis.SourcedID {
	var newest *pair
	for k, c := range m.pairs {
		p, _ := c.get(never)
		if p == nil || k.target != target || k.kind != kind || p.Gone || p.TargetID != targetID || targetID == "" {
			continue
		}
		if newest == nil || p.At.After(newest.At) || p.At.Equal(newest.At) && p.Seq > newest.Seq {
			newest = p
		}
	}
	if newest == nil {
		return ""
	}
	return newest.ID
}

// owner returns who has an id of a target, "" when nobody does.
func (m *Memory) owner(target string, kind lis.Kind, targetID string) lis.SourcedID {
	if journal.Shared(kind) {
		return m.newestOwner(target, kind, targetID)
	}
	id := m.owners[name{target, kind, targetID}]
	p, _ := m.pairs[owned{target, key{kind, id}}].get(never)
	if p == nil || p.Gone || p.TargetID != targetID || targetID == "" {
		return ""
	}
	return id
}

// save writes a pair, with a step in its history when it differs from before
// or is set by a person.
func (t *tx) save(p journal.Pair, why string, always bool) {
	old := t.pair(p.Target, p.Kind, p.ID)
	now := &pair{Pair: p, stamp: t.stamp}
	if old != nil {
		now.steps = old.steps
	}
	if always || old == nil || old.Gone != p.Gone || old.TargetID != p.TargetID {
		step := journal.PairStep{Pair: p, Why: why}
		step.Seq, step.Hash = 0, nil
		now.steps = append(slices.Clone(now.steps), step)
	}
	set(t, t.m.pairs, owned{p.Target, key{p.Kind, p.ID}}, now)
	if p.TargetID != "" && !p.Gone {
		n := name{p.Target, p.Kind, p.TargetID}
		was := t.m.owners[n]
		t.m.owners[n] = p.ID
		t.undo = append(t.undo, func() { t.m.owners[n] = was })
	}
}

// learn has the crosswalk take up what a settlement says, or returns why that
// cannot be.
func (t *tx) learn(d delivery, s journal.Settlement) (reason string) {
	if s.Effect == lis.Superseded {
		return ""
	}
	p := journal.Pair{Target: d.Target, Kind: d.Kind, ID: d.ID, TargetID: s.TargetID, Seq: d.Seq, Hash: bytes.Clone(s.Hash), At: moment(s.At)}
	switch old := t.pair(d.Target, d.Kind, d.ID); {
	case d.Act == lis.Drop || s.Act == lis.Drop:
		t.gone(old, p)
	case d.Act == lis.Rekey:
		return t.moved(old, p, t.m.steps[d.Seq].NewID)
	default:
		return t.there(old, p)
	}
	return ""
}

func (t *tx) gone(old *pair, p journal.Pair) {
	if old == nil {
		return
	}
	p.Gone, p.TargetID = true, old.TargetID
	if p.Hash == nil {
		p.Hash = old.Hash
	}
	t.save(p, "dropped", false)
}

func (t *tx) there(old *pair, p journal.Pair) (reason string) {
	told := p.TargetID != ""
	if !told && old != nil {
		p.TargetID = old.TargetID
	}
	if owner := t.m.rival(p.Target, p.Kind, p.TargetID); owner != "" && owner != p.ID {
		if told {
			return taken(&p, owner)
		}
		p.TargetID = "" // it went to another while this one was gone
	}
	t.save(p, "applied", false)
	t.release(p.Target, p.Kind, p.ID)
	return ""
}

func (t *tx) moved(old *pair, p journal.Pair, to lis.SourcedID) (reason string) {
	from, told := p.ID, p.TargetID != ""
	p.ID = to
	if old != nil {
		if p.TargetID == "" {
			p.TargetID = old.TargetID
		}
		if p.Hash == nil {
			p.Hash = old.Hash
		}
	}
	if there := t.pair(p.Target, p.Kind, to); there != nil && !there.Gone && p.TargetID == "" {
		p.TargetID = there.TargetID
	}
	if owner := t.m.rival(p.Target, p.Kind, p.TargetID); owner != "" && owner != from && owner != to {
		if told {
			return taken(&p, owner)
		}
		p.TargetID = ""
	}
	if old != nil {
		end := old.Pair
		end.Gone, end.At, end.Seq = true, p.At, p.Seq
		t.save(end, "rekeyed to "+string(to), false)
	}
	t.save(p, "rekeyed from "+string(from), true)
	t.release(p.Target, p.Kind, from)
	t.release(p.Target, p.Kind, to)
	return ""
}

// came reports whether what a delivery is to be parked for came since its
// attempt began, or was settled after it was leased.
func (t *tx) came(d delivery, s journal.Settlement) bool {
	for _, k := range lis.Kinds {
		if s.Parent.Kind == "" || s.Parent.Kind == k.Kind {
			p := t.pair(d.Target, k.Kind, s.Parent.ID)
			if p != nil && !p.Gone && (p.stamp > d.since || !s.Since.IsZero() && !p.At.Before(moment(s.Since))) {
				return true
			}
		}
	}
	return false
}

// release makes due what is parked for an object.
func (t *tx) release(target string, kind lis.Kind, id lis.SourcedID) {
	for seq := range t.m.parked[wish{target, id}] {
		d, _ := t.m.places[place{target, seq}].get(never)
		if d.State != journal.Parked || d.Parent.ID != id || d.Parent.Kind != "" && d.Parent.Kind != kind {
			continue
		}
		if d.State, d.Parent = journal.Waiting, (lis.Ref{}); d.fence == 0 {
			d.due = 1
		}
		t.put(d)
	}
}

// SetPair writes an entry of the crosswalk by hand.
func (t *tx) SetPair(p journal.Pair, why string) error {
	if p.At.IsZero() {
		p.At = time.UnixMicro(t.m.next())
	}
	p.At, p.Hash = moment(p.At), bytes.Clone(p.Hash)
	if owner := t.m.rival(p.Target, p.Kind, p.TargetID); !p.Gone && owner != "" && owner != p.ID {
		return fmt.Errorf("set pair: %s: unlink it there first", taken(&p, owner))
	}
	if old := t.pair(p.Target, p.Kind, p.ID); old != nil && old.TargetID == p.TargetID && p.Hash == nil {
		p.Seq, p.Hash = max(p.Seq, old.Seq), old.Hash
	}
	t.save(p, why, true)
	if !p.Gone {
		t.release(p.Target, p.Kind, p.ID)
	}
	return nil
}

// Pair returns the entry of the crosswalk for an object, or nil.
func (m *Memory) Pair(ctx context.Context, target string, kind lis.Kind, id lis.SourcedID) (*journal.Pair, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	p, _ := m.pairs[owned{target, key{kind, id}}].get(never)
	if p == nil {
		return nil, nil
	}
	c := p.Pair
	return &c, nil
}

// PairOf returns the entry that has an id of the target, or nil.
func (m *Memory) PairOf(ctx context.Context, target string, kind lis.Kind, targetID string) (*journal.Pair, error) {
	m.mu.Lock()
	id := m.owner(target, kind, targetID)
	m.mu.Unlock()
	if id == "" {
		return nil, ctx.Err()
	}
	return m.Pair(ctx, target, kind, id)
}

// Pairs streams the crosswalk of a target for a kind, by id.
func (s *snapshot) Pairs(target string, kind lis.Kind) iter.Seq2[*journal.Pair, error] {
	defer s.hold()()
	var found []*journal.Pair
	for k, c := range s.m.pairs {
		if p, _ := c.get(s.upto); p != nil && k.target == target && k.kind == kind {
			copied := p.Pair
			found = append(found, &copied)
		}
	}
	slices.SortFunc(found, func(a, b *journal.Pair) int { return compare(a.ID, b.ID) })
	return lis.Seq(found)
}

// PairHistory streams what became of one object in the crosswalk.
func (v view) PairHistory(target string, kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.PairStep, error] {
	defer v.hold()()
	var steps []*journal.PairStep
	if p, _ := v.m.pairs[owned{target, key{kind, id}}].get(v.upto); p != nil {
		for _, step := range p.steps {
			steps = append(steps, &step)
		}
	}
	return lis.Seq(steps)
}
