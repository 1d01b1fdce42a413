package canvas

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"lisgate/adapters/canvas/canvasfake"
	"lisgate/gateway/lis"
)

// A ledger is what the gateway knows: the memberships that there are, and the
// crosswalk, in which an id belongs to one membership only.
type ledger struct {
	t       testing.TB
	a       *Adapter
	fake    *canvasfake.Account
	records map[lis.SourcedID]*lis.Record
	pairs   map[lis.Ref]*pairing
	n       int
}

type pairing struct {
	target string
	gone   bool
}

func (l *ledger) Memberships(_ context.Context, collection, person lis.SourcedID) ([]*lis.Record, error) {
	var found []*lis.Record
	for _, r := range l.records {
		if m := r.Object.(*lis.Membership); m.CollectionSourcedID == collection && m.Person() == person {
			found = append(found, r)
		}
	}
	return found, nil
}

func (l *ledger) TargetID(ctx context.Context, kind lis.Kind, id lis.SourcedID) (string, error) {
	p := l.pairs[lis.Ref{Kind: kind, ID: id}]
	if p == nil {
		return "", nil
	}
	if owner, _ := l.SourcedID(ctx, kind, p.target); p.gone && owner != "" {
		return "", nil
	}
	return p.target, nil
}

func (l *ledger) SourcedID(_ context.Context, kind lis.Kind, target string) (lis.SourcedID, error) {
	for ref, p := range l.pairs {
		if ref.Kind == kind && p.target == target && !p.gone {
			return ref.ID, nil
		}
	}
	return "", nil
}

// keep opens an account with two offerings' sections and three persons.
func keep(t *testing.T, change func(*Options)) *ledger {
	fake, url := serve(t, canvasfake.Options{})
	l := &ledger{t: t, fake: fake, records: map[lis.SourcedID]*lis.Record{}, pairs: map[lis.Ref]*pairing{}}
	l.a = open(t, url, func(o *Options) {
		o.Crosswalk, o.Roster = l, l
		if change != nil {
			change(o)
		}
	})
	var changes []lis.Change
	for _, r := range []*lis.Record{person(1), person(2), offeringOf("O1"), inOffering("S1", "O1"), inOffering("S2", "O1")} {
		changes = append(changes, put(r))
	}
	l.send(changes...)
	return l
}

// put writes a membership down and returns the change; roles end with ! when
// they are Inactive.
func (l *ledger) put(id lis.SourcedID, section string, who int, roles ...string) lis.Change {
	r := enrolment(string(id), section, string(person(who).ID), "")
	m := r.Object.(*lis.Membership)
	m.Member.Role = nil
	for _, role := range roles {
		status := lis.StatusActive
		if role[len(role)-1] == '!' {
			role, status = role[:len(role)-1], lis.StatusInactive
		}
		m.Member.Role = append(m.Member.Role, lis.Role{RoleType: role, Status: status})
	}
	c := put(r)
	c.Created = l.records[id] == nil
	c.ID = l.next()
	l.records[id] = r
	return c
}

func (l *ledger) drop(id lis.SourcedID) lis.Change {
	c := drop(l.records[id])
	c.ID = l.next()
	delete(l.records, id)
	return c
}

func (l *ledger) next() string { l.n++; return fmt.Sprint("change ", l.n) }

// send applies changes in one batch and keeps the crosswalk as the journal does.
func (l *ledger) send(changes ...lis.Change) []lis.Outcome {
	outcomes, errs := l.a.ApplyAll(context.Background(), changes)
	for i, c := range changes {
		if errs[i] != nil {
			l.t.Fatalf("%s %s %s: %v", c.Act, c.Kind, c.Key, errs[i])
		}
		l.learn(c, outcomes[i])
	}
	return outcomes
}

func (l *ledger) learn(c lis.Change, o lis.Outcome) {
	ref := lis.Ref{Kind: c.Kind, ID: c.Key}
	if c.Act == lis.Drop {
		if p := l.pairs[ref]; p != nil {
			p.gone = true
		}
		return
	}
	if owner, _ := l.SourcedID(context.Background(), c.Kind, o.TargetID); owner != "" && owner != c.Key {
		l.t.Fatalf("%s belongs to %s and cannot belong to %s too", o.TargetID, owner, c.Key)
	}
	l.pairs[ref] = &pairing{target: o.TargetID}
}

// active are the enrolments of a person that are active, as S1/teacher.
func (l *ledger) active(who int) []string {
	got := []string{}
	for _, section := range []string{"S1", "S2"} {
		for _, e := range l.fake.Enrollments(section) {
			if e.State == "active" && e.User.SIS == string(person(who).ID) {
				got = append(got, section+"/"+roleOfType[e.Type])
			}
		}
	}
	slices.Sort(got)
	return got
}

func (l *ledger) want(who int, want ...string) {
	l.t.Helper()
	if got := l.active(who); !slices.Equal(got, append([]string{}, want...)) {
		l.t.Errorf("person %d is %q, want %q", who, got, want)
	}
}

// union is what the memberships together say.
func (l *ledger) union(who int) []string {
	var all []string
	for _, r := range l.records {
		m := r.Object.(*lis.Membership)
		for _, role := range m.Member.Role {
			if role.Status == lis.StatusActive && m.Person() == person(who).ID {
				all = append(all, string(m.CollectionSourcedID)+"/"+role.RoleType)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// lostAfter is a sleep that fails from the nth on.
func lostAfter(sleep func(context.Context, time.Duration) error, n int) (func(context.Context, time.Duration) error, *int) {
	looks := 0
	return func(ctx context.Context, d time.Duration) error {
		if looks++; looks >= n {
			return errors.New("the connection broke")
		}
		return sleep(ctx, d)
	}, &looks
}
