package canvas

import (
	"context"
	"errors"
	"iter"
	"net/url"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// List streams what Canvas holds of a kind, as far as it has SIS IDs.
// Memberships have the identifier that the roster or the crosswalk knows, if
// any. A user whom a person suspended in Canvas is listed: the list of users
// does not say so. One whom a Drop left is not.
func (a *Adapter) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		if err := a.takes(kind); err != nil {
			yield(nil, err)
			return
		}
		for r, err := range a.list(ctx, kind) {
			if err != nil {
				yield(nil, a.whole(err))
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// whole gives errAbsent a class: a list that is not there is not an empty one.
func (a *Adapter) whole(err error) error {
	if errors.Is(err, errAbsent) {
		return classed(adapters.Unavailable, "mend url and account of the target", "Canvas has no such list")
	}
	return asClassed(err)
}

func (a *Adapter) list(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	switch kind {
	case lis.KindPerson:
		return a.listPersons(ctx)
	case lis.KindGroup:
		return a.listGroups(ctx)
	case lis.KindCourseOffering, lis.KindSectionAssociation:
		return a.listCourses(ctx, kind)
	case lis.KindCourseSection:
		return a.listSections(ctx)
	}
	return a.listMemberships(ctx)
}

func (a *Adapter) account() string { return "accounts/" + url.PathEscape(a.opts.Account) }

func (a *Adapter) listPersons(ctx context.Context) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for u, err := range pages(ctx, a, a.account()+"/users", url.Values{"include[]": {"email"}}, func(u user) int64 { return u.ID }) {
			left := u.SIS == ""
			if err == nil && !left {
				left, err = a.leftOut(ctx, lis.SourcedID(u.SIS))
			}
			if err == nil && left {
				continue
			}
			if !yield(u.record(), err) || err != nil {
				return
			}
		}
	}
}

func (a *Adapter) listGroups(ctx context.Context) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		accounts, err := a.subAccounts(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, c := range accounts {
			if c.SIS == "" || dropped(c.Integration) {
				continue
			}
			c.ParentSIS = accounts[c.ParentID].SIS
			if !yield(c.record(), nil) {
				return
			}
		}
		for t, err := range a.terms(ctx) {
			if err == nil && (t.SIS == "" || dropped(t.Integration)) {
				continue
			}
			if !yield(t.record(), err) {
				return
			}
		}
	}
}

// subAccounts are all accounts below the root, by number.
func (a *Adapter) subAccounts(ctx context.Context) (map[int64]account, error) {
	all := map[int64]account{}
	for c, err := range pages(ctx, a, a.account()+"/sub_accounts", url.Values{"recursive": {"true"}}, func(c account) int64 { return c.ID }) {
		if err != nil {
			return nil, err
		}
		all[c.ID] = c
	}
	return all, nil
}

func (a *Adapter) courses(ctx context.Context) iter.Seq2[course, error] {
	return pages(ctx, a, a.account()+"/courses", nil, func(c course) int64 { return c.ID })
}

func (a *Adapter) listCourses(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for c, err := range a.courses(ctx) {
			var r *lis.Record
			if err == nil {
				r, err = a.courseAs(ctx, kind, c)
			}
			if err == nil && r == nil {
				continue
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// courseAs is a course as a record of a kind, nil when it is none of it.
func (a *Adapter) courseAs(ctx context.Context, kind lis.Kind, c course) (*lis.Record, error) {
	association := c.Integration == markAssociation+c.SIS
	if c.SIS == "" || a.courseGone(&c) || (kind == lis.KindSectionAssociation) != association || !association && marked(c.Integration) {
		return nil, nil
	}
	if !association {
		return c.record(c.SIS), nil
	}
	members, err := a.members(ctx, c.SIS)
	if err != nil || len(members) == 0 {
		return nil, err
	}
	return associationRecord(&c, members), nil
}

// A placed section is one with the course that it was listed in.
type placed struct {
	section
	course course
}

// eachSection streams all sections, course by course; also those without a SIS
// ID, which a course has of itself.
func (a *Adapter) eachSection(ctx context.Context) iter.Seq2[placed, error] {
	return func(yield func(placed, error) bool) {
		for c, err := range a.courses(ctx) {
			if err != nil {
				yield(placed{}, err)
				return
			}
			for s, err := range a.sections(ctx, decimal(c.ID)) {
				if err == nil && dropped(s.Integration) {
					continue
				}
				if !yield(placed{s, c}, err) || err != nil {
					return
				}
			}
		}
	}
}

func (a *Adapter) listSections(ctx context.Context) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for s, err := range a.eachSection(ctx) {
			if err == nil && s.SIS == "" {
				continue
			}
			var home string
			if err == nil {
				home, err = a.homeOf(ctx, &s.section)
			}
			if !yield(s.record(home), err) || err != nil {
				return
			}
		}
	}
}

// collection is what the enrolments of a section are memberships of: the
// section, or the offering or association whose course it is the own one of.
func (s placed) collection() *lis.Membership {
	kind, id := lis.KindCourseSection, s.SIS
	if id == "" {
		kind, id = lis.KindCourseOffering, s.course.SIS
		if s.course.Integration == markAssociation+id {
			kind = lis.KindSectionAssociation
		}
	}
	return &lis.Membership{MembershipIDType: string(kind), CollectionSourcedID: lis.SourcedID(id)}
}

// listMemberships streams the enrolments of every section.
func (a *Adapter) listMemberships(ctx context.Context) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		for s, err := range a.eachSection(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			of := s.collection()
			if of.CollectionSourcedID == "" {
				continue
			}
			for e, err := range a.enrollments(ctx, "sections/"+decimal(s.ID), "") {
				if err == nil && e.UserSIS == "" {
					continue
				}
				var records []*lis.Record
				if err == nil {
					records, err = a.served(ctx, of, e)
				}
				if !each(records, err, yield) {
					return
				}
			}
		}
	}
}

// each yields records, or the error; false when that was the last.
func each(records []*lis.Record, err error, yield func(*lis.Record, error) bool) bool {
	if err != nil {
		yield(nil, err)
		return false
	}
	for _, r := range records {
		if !yield(r, nil) {
			return false
		}
	}
	return true
}
