package journaltest

import (
	"bytes"
	"context"
	"iter"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// fed names what a source says something of.
type fed struct {
	source string
	key
}

// Job returns a job, or nil.
func (v view) Job(id string) (*journal.Job, error) {
	defer v.hold()()
	j, _ := v.m.jobs[id].get(v.upto)
	if j == nil {
		return nil, nil
	}
	c := *j
	return &c, nil
}

// PutJob keeps a job.
func (t *tx) PutJob(j *journal.Job) error {
	old, _ := t.Job(j.ID)
	if j.Seq = t.m.next(); old != nil {
		j.Seq = old.Seq
	}
	if j.Updated.IsZero() {
		j.Updated = time.UnixMicro(t.m.last).UTC()
	}
	c := *j
	c.Data, c.Updated = bytes.Clone(j.Data), moment(j.Updated)
	set(t, t.m.jobs, j.ID, &c)
	return nil
}

// Jobs streams the jobs of a kind, or all when it is "", oldest first.
func (s *snapshot) Jobs(kind string) iter.Seq2[*journal.Job, error] {
	defer s.hold()()
	var found []*journal.Job
	for _, c := range s.m.jobs {
		if j, _ := c.get(s.upto); j != nil && (kind == "" || j.Kind == kind) {
			copied := *j
			found = append(found, &copied)
		}
	}
	slices.SortFunc(found, func(a, b *journal.Job) int { return compare(a.Seq, b.Seq) })
	return lis.Seq(found)
}

// Fed returns what a source said last of an object, or nil.
func (t *tx) Fed(source string, kind lis.Kind, id lis.SourcedID) (*journal.Feed, error) {
	f, _ := t.m.feeds[fed{source, key{kind, id}}].get(never)
	if f == nil {
		return nil, nil
	}
	c := *f
	return &c, nil
}

// PutFed keeps what a source says of an object, or forgets it.
func (t *tx) PutFed(source string, kind lis.Kind, id lis.SourcedID, f journal.Feed) error {
	var now *journal.Feed
	if len(f.Hash) > 0 {
		now = &journal.Feed{Hash: bytes.Clone(f.Hash), Run: f.Run}
	}
	set(t, t.m.feeds, fed{source, key{kind, id}}, now)
	return nil
}

func (s *snapshot) feed(source string, kind lis.Kind, wanted func(*journal.Feed) bool) (ids []lis.SourcedID) {
	defer s.hold()()
	for k, c := range s.m.feeds {
		if f, _ := c.get(s.upto); f != nil && k.source == source && k.kind == kind && wanted(f) {
			ids = append(ids, k.id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Unfed streams the ids of what a source did not say again in a run.
func (s *snapshot) Unfed(source string, kind lis.Kind, run int64) iter.Seq2[lis.SourcedID, error] {
	return lis.Seq(s.feed(source, kind, func(f *journal.Feed) bool { return f.Run < run }))
}

// FedCount counts the objects of a kind that a source said something of.
func (s *snapshot) FedCount(source string, kind lis.Kind) (int64, error) {
	return int64(len(s.feed(source, kind, func(*journal.Feed) bool { return true }))), nil
}

// Removals counts the removals that wait and the objects that are there.
func (m *Memory) Removals(ctx context.Context, target string) (map[lis.Kind]journal.Removals, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	all := map[lis.Kind]journal.Removals{}
	for c, line := range m.chains {
		for _, seq := range *line {
			if d, _ := m.places[place{target, seq}].get(never); c.target == target && d.Act == lis.Drop && d.leasable() && !d.approved && !d.repeat {
				r := all[d.Kind]
				r.Waiting++
				all[d.Kind] = r
			}
		}
	}
	for k, c := range m.pairs {
		if p, _ := c.get(never); p != nil && k.target == target && !p.Gone {
			r := all[k.kind]
			r.Present++
			all[k.kind] = r
		}
	}
	return all, nil
}

// Moving reports whether a Put of a membership of a person waits untried.
func (m *Memory) Moving(ctx context.Context, target string, person lis.SourcedID) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return false, err
	}
	for seq := range m.moving[wish{target, person}] {
		if d, _ := m.places[place{target, seq}].get(never); d.State == journal.Waiting && !d.failed && !d.back {
			return true, nil
		}
	}
	return false, nil
}
