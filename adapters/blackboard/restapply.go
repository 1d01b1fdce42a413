package blackboard

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"lisgate/adapters"
	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
)

// Apply repairs one person or membership. Rosters go by the flat file.
func (a *REST) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	switch {
	case c.Kind != lis.KindPerson && c.Kind != lis.KindMembership:
		return lis.Outcome{}, unsupported("REST is for repairing persons and memberships; a %s goes by the flat file", c.Kind)
	case c.Act != lis.Put && c.Act != lis.Drop && c.Act != lis.Rekey:
		return lis.Outcome{}, unsupported("REST has no way to %q a %s", c.Act, c.Kind)
	case c.Act != lis.Drop && (c.Record == nil || c.Record.Object == nil):
		return lis.Outcome{}, refused("send the record with its content", "a %s without content", c.Kind)
	case c.Act == lis.Rekey && c.NewID == "":
		return lis.Outcome{}, refused("send newSourcedId", "a change of identifier without the new one")
	}
	if c.Kind == lis.KindMembership {
		return a.applyMembership(ctx, c)
	}
	return a.applyPerson(ctx, c)
}

func (a *REST) applyPerson(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	path := base + "/v1/users/" + external(string(c.Key))
	switch c.Act {
	case lis.Drop:
		return a.remove(ctx, path, string(c.Key))
	case lis.Rekey:
		r, err := a.call(ctx, forRosters, http.MethodPatch, path, learnUser{ExternalID: string(c.NewID)})
		if err == nil {
			return lis.Outcome{Effect: lis.Applied, TargetID: string(c.NewID)}, nil
		}
		if !missing(r) {
			return lis.Outcome{}, err
		}
		c.Key = c.NewID // an earlier attempt may have done it
	}
	return a.putPerson(ctx, c)
}

func (a *REST) putPerson(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	p, ok := c.Record.Object.(*lis.Person)
	if !ok {
		return lis.Outcome{}, refused("send the record again under its own kind", "a change of a person holds a %s", c.Record.Object.Kind())
	}
	words, err := userOf(c.Key, p)
	if err != nil {
		return lis.Outcome{}, err
	}
	body := words.learn(c.Key)
	create := body
	create.Password = string(a.o.NewPassword())
	r, err := a.call(ctx, forRosters, http.MethodPost, base+"/v1/users", create)
	if r == nil || r.Status != http.StatusConflict {
		return done(string(c.Key), err)
	}
	patched, err := a.call(ctx, forRosters, http.MethodPatch, base+"/v1/users/"+external(string(c.Key)), body)
	if missing(patched) {
		return lis.Outcome{}, a.taken(ctx, words.login, r)
	}
	return done(string(c.Key), err)
}

func (u user) learn(key lis.SourcedID) learnUser {
	l := learnUser{ExternalID: string(key), UserName: u.login, Availability: &availability{Available: "Yes"}}
	l.Name = &struct {
		Given  string `json:"given,omitempty"`
		Middle string `json:"middle,omitempty"`
		Family string `json:"family,omitempty"`
	}{u.first, u.middle, u.last}
	if u.email != "" {
		l.Contact = &struct {
			Email string `json:"email,omitempty"`
		}{u.email}
	}
	if u.role != "" {
		l.InstitutionRoleIDs = []string{u.role}
	}
	return l
}

// taken is the error when somebody else has the user name: maybe the same
// person under another key, which a person has to say.
func (a *REST) taken(ctx context.Context, login string, conflict *peer.Reply) error {
	e := &adapters.Error{
		Class: adapters.Refused, Answer: peer.Clip(string(conflict.Body)), Err: errors.New("Learn has the user name already, under another key"),
		Hint: "when it is the same person, link the two; otherwise correct the user name",
	}
	if u, err := one[learnUser](ctx, a, "/v1/users/userName:"+url.PathEscape(login)); err == nil && u != nil {
		e.Match = u.ID
	}
	return e
}

// remove disables or deletes an object. What is not there is removed.
func (a *REST) remove(ctx context.Context, path, id string) (lis.Outcome, error) {
	var r *peer.Reply
	var err error
	if a.o.Removal == adapters.Delete {
		r, err = a.call(ctx, forRosters, http.MethodDelete, path, nil)
	} else {
		if r, err = a.call(ctx, forRosters, http.MethodGet, path, nil); err == nil && disabledAlready(r) {
			return lis.Outcome{Effect: lis.Unchanged, TargetID: id, Detail: "it is disabled already"}, nil
		}
		if err == nil {
			r, err = a.call(ctx, forRosters, http.MethodPatch, path, map[string]any{"availability": availability{Available: "Disabled"}})
		}
	}
	if missing(r) {
		return lis.Outcome{Effect: lis.Unchanged, TargetID: id, Detail: "it was not there"}, nil
	}
	return done(id, err)
}

func (a *REST) applyMembership(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	course, person, err := membershipKeys(ctx, a.o.Crosswalk, c.Key, c.Record)
	if err != nil {
		return lis.Outcome{}, err
	}
	id := pairID(course, person)
	path := base + "/v1/courses/" + external(course) + "/users/" + external(person)
	if c.Act == lis.Rekey || c.Act == lis.Drop && anothers(ctx, a.o.Crosswalk, c, id) {
		return lis.Outcome{Effect: lis.Unchanged, TargetID: id, Detail: "Learn keeps no identifier of a membership"}, nil
	}
	if c.Act == lis.Drop {
		return a.remove(ctx, path, id)
	}
	m, ok := c.Record.Object.(*lis.Membership)
	if !ok {
		return lis.Outcome{}, refused("send the record again under its own kind", "a change of a membership holds a %s", c.Record.Object.Kind())
	}
	role, active, err := enrolled(m)
	if err != nil {
		return lis.Outcome{}, err
	}
	body := learnMember{CourseRoleID: role.rest, Availability: &availability{Available: "Yes"}}
	if !active {
		body.Availability.Available = "Disabled"
	}
	r, err := a.call(ctx, forRosters, http.MethodPut, path, body)
	if r != nil && r.Status == http.StatusConflict {
		r, err = a.call(ctx, forRosters, http.MethodPatch, path, body)
	}
	if missing(r) {
		return lis.Outcome{}, a.parentMissing(ctx, lis.SourcedID(person), lis.SourcedID(course), r)
	}
	return done(id, err)
}

// parentMissing finds out which of the two is not there.
func (a *REST) parentMissing(ctx context.Context, person, course lis.SourcedID, r *peer.Reply) error {
	e := &adapters.Error{
		Class: adapters.Missing, Parent: course, ParentKind: lis.KindCourseSection,
		Answer: peer.Clip(string(r.Body)), Err: errors.New("Learn does not have the course or the person of the membership"),
	}
	u, err := one[learnUser](ctx, a, "/v1/users/"+external(string(person)))
	if err != nil {
		return err
	}
	if u == nil {
		e.Parent, e.ParentKind = person, lis.KindPerson
	}
	return e
}

func disabledAlready(r *peer.Reply) bool {
	var found struct {
		Availability *availability `json:"availability"`
	}
	return json.Unmarshal(r.Body, &found) == nil && found.Availability.gone()
}

func done(id string, err error) (lis.Outcome, error) {
	if err != nil {
		return lis.Outcome{}, err
	}
	return lis.Outcome{Effect: lis.Applied, TargetID: id}, nil
}
