package blackboard

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A learnUser is a user as REST has one.
type learnUser struct {
	ID         string `json:"id,omitempty"`
	ExternalID string `json:"externalId,omitempty"`
	UserName   string `json:"userName,omitempty"`
	Password   string `json:"password,omitempty"`
	Name       *struct {
		Given  string `json:"given,omitempty"`
		Middle string `json:"middle,omitempty"`
		Family string `json:"family,omitempty"`
	} `json:"name,omitempty"`
	Contact *struct {
		Email string `json:"email,omitempty"`
	} `json:"contact,omitempty"`
	InstitutionRoleIDs []string      `json:"institutionRoleIds,omitempty"`
	Availability       *availability `json:"availability,omitempty"`
	DataSourceID       string        `json:"dataSourceId,omitempty"`
}

type availability struct {
	Available string `json:"available,omitempty"`
	Duration  *struct {
		Type  string `json:"type,omitempty"`
		Start string `json:"start,omitempty"`
		End   string `json:"end,omitempty"`
	} `json:"duration,omitempty"`
}

// gone reports whether an object is disabled, which is what removed means.
func (a *availability) gone() bool { return a != nil && a.Available == "Disabled" }

type learnCourse struct {
	ID           string        `json:"id"`
	ExternalID   string        `json:"externalId"`
	CourseID     string        `json:"courseId"`
	Name         string        `json:"name"`
	Availability *availability `json:"availability"`
}

type learnMember struct {
	UserID       string        `json:"userId,omitempty"`
	CourseRoleID string        `json:"courseRoleId,omitempty"`
	Availability *availability `json:"availability,omitempty"`
	User         *learnUser    `json:"user,omitempty"`
}

// paged adds the size of a page to a path.
func (a *REST) paged(path string, more ...string) string {
	query := url.Values{"limit": {strconv.Itoa(a.o.Page)}}
	for i := 0; i+1 < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	return base + path + "?" + query.Encode()
}

// List streams what Learn holds of persons, course sections and memberships,
// but for what has no external key, which is not ours, and what is disabled.
// Memberships cost a call for each course.
func (a *REST) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		switch kind {
		case lis.KindPerson:
			for u, err := range pages(ctx, a, forRosters, a.paged("/v1/users"), func(u *learnUser) string { return u.ID }) {
				if err != nil {
					yield(nil, err)
					return
				}
				if u.ExternalID != "" && !u.Availability.gone() && !yield(u.record(), nil) {
					return
				}
			}
		case lis.KindCourseSection:
			for c, err := range a.courses(ctx) {
				if err != nil {
					yield(nil, err)
					return
				}
				if !yield(c.record(), nil) {
					return
				}
			}
		case lis.KindMembership:
			a.listMemberships(ctx, yield)
		default:
			yield(nil, unsupported("Learn lists persons, course sections and memberships here, and no %s", kind))
		}
	}
}

func (a *REST) courses(ctx context.Context) iter.Seq2[*learnCourse, error] {
	return func(yield func(*learnCourse, error) bool) {
		for c, err := range pages(ctx, a, forRosters, a.paged("/v3/courses"), func(c *learnCourse) string { return c.ID }) {
			if err != nil {
				yield(nil, err)
				return
			}
			if c.ExternalID != "" && !c.Availability.gone() && !yield(c, nil) {
				return
			}
		}
	}
}

func (a *REST) listMemberships(ctx context.Context, yield func(*lis.Record, error) bool) {
	for c, err := range a.courses(ctx) {
		if err != nil {
			yield(nil, err)
			return
		}
		for m, err := range a.members(ctx, forRosters, c.ExternalID) {
			if err != nil {
				yield(nil, err)
				return
			}
			if m.User == nil || m.User.ExternalID == "" || m.Availability.gone() {
				continue
			}
			record, err := a.membership(ctx, c.ExternalID, m.User.ExternalID, m)
			if !yield(record, err) || err != nil {
				return
			}
		}
	}
}

// members streams the members of a course, each with its user.
func (a *REST) members(ctx context.Context, p purpose, course string) iter.Seq2[*learnMember, error] {
	path := a.paged("/v1/courses/"+external(course)+"/users", "expand", "user")
	return pages(ctx, a, p, path, func(m *learnMember) string { return m.UserID })
}

// Read reads one object back; nil for what is not there or is disabled.
func (a *REST) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	switch kind {
	case lis.KindPerson:
		u, err := one[learnUser](ctx, a, "/v1/users/"+external(string(id)))
		if u == nil || err != nil || u.Availability.gone() {
			return nil, err
		}
		return u.record(), nil
	case lis.KindCourseSection:
		c, err := one[learnCourse](ctx, a, "/v3/courses/"+external(string(id)))
		if c == nil || err != nil || c.Availability.gone() {
			return nil, err
		}
		return c.record(), nil
	case lis.KindMembership:
		return a.readMembership(ctx, id)
	}
	return nil, unsupported("Learn has no %s here", kind)
}

func (a *REST) readMembership(ctx context.Context, id lis.SourcedID) (*lis.Record, error) {
	course, person, err := membershipKeys(ctx, a.o.Crosswalk, id, nil)
	var e *adapters.Error
	switch {
	case errors.As(err, &e) && e.Class == adapters.Refused && a.o.Crosswalk != nil:
		return nil, nil // it never came to Learn by us
	case err != nil:
		return nil, err
	}
	m, err := one[learnMember](ctx, a, "/v1/courses/"+external(course)+"/users/"+external(person))
	if m == nil || err != nil || m.Availability.gone() {
		return nil, err
	}
	record, err := a.membership(ctx, course, person, m)
	if record != nil {
		record.ID = id
	}
	return record, err
}

// one reads an object, nil when Learn says that it has none.
func one[T any](ctx context.Context, a *REST, path string) (*T, error) {
	r, err := a.call(ctx, forRosters, http.MethodGet, base+path, nil)
	switch {
	case missing(r) && json.Valid(r.Body): // a page of a proxy says nothing of the object
		return nil, nil
	case err != nil:
		return nil, err
	}
	found := new(T)
	if err := json.Unmarshal(r.Body, found); err != nil {
		return nil, unavailable("read an object of Learn: the answer is no JSON of the kind")
	}
	return found, nil
}
