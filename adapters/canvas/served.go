package canvas

import (
	"context"
	"slices"

	"lisgate/gateway/lis"
)

// served are the memberships that an enrolment stands for: all that have it as
// their first role, each as its mirror; the one that decides shows what Canvas
// has. Without a roster, and when nobody wants it, it is the crosswalk's. A
// further role of a membership does not come back.
func (a *Adapter) served(ctx context.Context, of *lis.Membership, e enrollment) ([]*lis.Record, error) {
	s := seatOf(of)
	s.person = e.UserSIS
	wants, err := a.recorded(ctx, s)
	if err != nil {
		return nil, err
	}
	d := deciding(wants, e.sameRole)
	if d == nil {
		if a.ended(e) {
			return nil, nil
		}
		r, err := a.named(ctx, of, e)
		return []*lis.Record{r}, err
	}
	var all []*lis.Record
	for _, w := range wants {
		if !e.sameRole(w.enrollment) || !a.comesBack(wants, w) {
			continue
		}
		shown := e
		if w.id != d.id {
			shown.State, shown.Start, shown.End = w.State, w.Start, w.End
		}
		if !a.ended(shown) {
			all = append(all, a.membershipRecord(w.id, shown, of))
		}
	}
	return all, nil
}

// comesBack reports whether a want is the one that its membership's mirror
// shows: the first that is not ended, or the first when all are.
func (a *Adapter) comesBack(wants []want, w want) bool {
	own := func(v want) bool { return v.id == w.id && !a.ended(v.enrollment) }
	i := slices.IndexFunc(wants, own)
	if i < 0 {
		i = slices.IndexFunc(wants, func(v want) bool { return v.id == w.id })
	}
	return wants[i].sameRow(w.enrollment)
}

// named is an enrolment as a membership, under the identifier that the
// crosswalk has for it.
func (a *Adapter) named(ctx context.Context, of *lis.Membership, e enrollment) (*lis.Record, error) {
	r := a.membershipRecord("", e, of)
	var err error
	r.ID, err = a.owner(ctx, a.targetID(r.Object.(*lis.Membership)))
	return r, err
}

// gone reports whether the crosswalk says that a person was dropped, and known
// whether it says that the person is there. It has no answer for who never was.
func (a *Adapter) gone(ctx context.Context, id lis.SourcedID) (gone, known bool, err error) {
	if a.opts.Crosswalk == nil {
		return false, false, nil
	}
	target, err := a.opts.Crosswalk.TargetID(ctx, lis.KindPerson, id)
	if err != nil {
		return false, false, unavailable("read the crosswalk: %w", err)
	}
	if target == "" {
		return false, false, nil
	}
	owner, err := a.opts.Crosswalk.SourcedID(ctx, lis.KindPerson, target)
	if err != nil {
		return false, false, unavailable("read the crosswalk: %w", err)
	}
	return owner == "", owner != "", nil
}

// left reports whether a user is as a Drop leaves one: suspended, or dropped
// and active nowhere. No mark stands in Canvas for it: an integration_id of a
// user is not cleared by an import without it [S], so that no Put could take
// the mark away.
func (a *Adapter) left(ctx context.Context, id lis.SourcedID, gone bool) (bool, error) {
	if a.opts.SuspendUsers {
		return a.suspended(ctx, id)
	}
	if !gone {
		return false, nil
	}
	for e, err := range a.enrollments(ctx, "users/"+ref("user", string(id)), "") {
		if err != nil {
			return false, err
		}
		if e.State == "active" || e.State == "invited" {
			return false, nil
		}
	}
	return true, nil
}

// leftOut is left for a list. Of those whom the crosswalk knows nobody is
// asked about: that would be a request for each of them.
func (a *Adapter) leftOut(ctx context.Context, id lis.SourcedID) (bool, error) {
	gone, known, err := a.gone(ctx, id)
	if err != nil || known || a.opts.Crosswalk == nil {
		return false, err
	}
	return a.left(ctx, id, gone)
}
