package canvas

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// A seat is a person in a collection. Canvas has one enrolment there for each
// role, however many memberships ask for it.
type seat struct{ kind, collection, person string }

func seatOf(m *lis.Membership) seat {
	return seat{collectionKind(m), string(m.CollectionSourcedID), string(m.Person())}
}

// membership is the seat as one without roles.
func (s seat) membership() *lis.Membership {
	return &lis.Membership{MembershipIDType: s.kind, CollectionSourcedID: lis.SourcedID(s.collection),
		Member: &lis.Member{PersonSourcedID: lis.SourcedID(s.person)}}
}

// target names a role of a seat; see targetID.
func (s seat) target(role string) string {
	parts := []string{s.kind, s.collection, s.person, role}
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}

// A want is a role that a membership asks for.
type want struct {
	id lis.SourcedID
	enrollment
}

// wants are what the memberships of a seat ask for: what the records have now,
// and what comes with this batch and is not, or no more, in the records. Every
// change of a batch sees the same, so that none undoes what another one did.
func (b *batch) wants(ctx context.Context, s seat) ([]want, error) {
	if known, ok := b.wanted[s]; ok {
		return known, nil
	}
	all, err := b.a.recorded(ctx, s)
	if err != nil {
		return nil, err
	}
	recorded := len(all)
	for _, r := range b.arriving[s] {
		if !slices.ContainsFunc(all[:recorded], func(w want) bool { return w.id == r.ID }) {
			all = append(all, b.a.asks(r.ID, r.Object.(*lis.Membership))...)
		}
	}
	b.wanted[s] = all
	return all, nil
}

// recorded are what the records ask for, nothing when nobody can be asked.
func (a *Adapter) recorded(ctx context.Context, s seat) ([]want, error) {
	if a.opts.Roster == nil {
		return nil, nil
	}
	records, err := a.opts.Roster.Memberships(ctx, lis.SourcedID(s.collection), lis.SourcedID(s.person))
	if err != nil {
		return nil, unavailable("read the memberships of the person: %w", err)
	}
	var all []want
	for _, r := range records {
		if m, ok := r.Object.(*lis.Membership); ok && seatOf(m) == s {
			all = append(all, a.asks(r.ID, m)...)
		}
	}
	return all, nil
}

// asks are the roles of a membership. One that Canvas cannot be sent asks for
// nothing; its own change says why.
func (a *Adapter) asks(id lis.SourcedID, m *lis.Membership) []want {
	es, _ := a.enrollmentsOf(m)
	var all []want
	for _, e := range es {
		all = append(all, want{id, e})
	}
	return all
}

// deciding is the want that an enrolment follows, nil when nobody wants it: an
// active one before one that is not, and of several the one with the least id,
// so that memberships which differ in dates do not take turns.
func deciding(wants []want, same func(enrollment) bool) *want {
	var best *want
	for i := range wants {
		w := &wants[i]
		switch {
		case !same(w.enrollment):
		case best == nil, w.State == "active" && best.State != "active", w.State == best.State && w.id < best.id:
			best = w
		}
	}
	return best
}

// sameRow reports whether two wants speak of one enrolment.
func (e enrollment) sameRow(w enrollment) bool { return e.Role == w.Role && e.observed == w.observed }

// claim is what the crosswalk is to keep of a membership. An id belongs to one
// membership only, so that the second one of a role has its own id behind it.
func (b *batch) claim(ctx context.Context, id lis.SourcedID, s seat, wants []want) (string, error) {
	role := ""
	if i := slices.IndexFunc(wants, func(w want) bool { return w.id == id }); i >= 0 {
		role = b.a.roleNamed(wants[i].Role)
	}
	plain := s.target(role)
	owner, err := b.a.owner(ctx, plain)
	if err != nil {
		return "", err
	}
	first := func(w want) bool { return w.id < id && b.a.roleNamed(w.Role) == role }
	taken := owner == "" && slices.ContainsFunc(wants, first) || owner != "" && owner != id
	if by := b.claimed[plain]; taken || by != "" && by != id {
		return plain + "/" + url.PathEscape(string(id)), nil
	}
	b.claimed[plain] = id
	return plain, nil
}

// owner is the membership to which the crosswalk says an enrolment belongs.
func (a *Adapter) owner(ctx context.Context, target string) (lis.SourcedID, error) {
	if a.opts.Crosswalk == nil {
		return "", nil
	}
	id, err := a.opts.Crosswalk.SourcedID(ctx, lis.KindMembership, target)
	if err != nil {
		return "", unavailable("read the crosswalk: %w", err)
	}
	return id, nil
}
