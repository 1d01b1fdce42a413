package moodle

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"lisgate/gateway/lis"
)

// List streams what Moodle has of a kind and has an idnumber: the rest is not
// the gateway's. Of memberships there is one record for each role.
func (a *Adapter) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		var err error
		switch kind {
		case lis.KindPerson:
			err = a.listPersons(ctx, yield)
		case lis.KindGroup:
			err = a.listGroups(ctx, yield)
		case lis.KindCourseSection:
			err = a.eachCourse(ctx, false, func(c course) (bool, error) {
				return yield(&lis.Record{ID: lis.SourcedID(c.Idnumber), Object: c.section()}, nil), nil
			})
		case lis.KindSectionAssociation:
			err = a.eachCourse(ctx, true, func(c course) (bool, error) {
				r, err := a.readAssociation(ctx, c)
				return err == nil && yield(r, nil), err
			})
		case lis.KindMembership:
			err = a.eachCourse(ctx, false, func(c course) (bool, error) { return a.listMembers(ctx, c, yield) })
		default:
			err = noPlace(kind)
		}
		if err != nil {
			yield(nil, classed(err))
		}
	}
}

func (a *Adapter) listPersons(ctx context.Context, yield func(*lis.Record, error) bool) error {
	var answer struct {
		Users    *[]account `json:"users"`
		Warnings []warning  `json:"warnings"`
	}
	f := new(form).row("criteria", 0, "key", allUsersKey, "value", allUsers)
	if err := a.client.call(ctx, "core_user_get_users", f, &answer); err != nil {
		return err
	}
	if answer.Users == nil {
		return &strange{status: 200, text: "no users in the answer"}
	}
	if len(answer.Warnings) > 0 {
		return fmt.Errorf("the list of accounts is not complete: %s", answer.Warnings[0].Code)
	}
	seen := map[string]bool{}
	for _, h := range *answer.Users {
		if h.Idnumber == "" || h.Suspended || h.deleted() || seen[h.Idnumber] {
			continue
		}
		seen[h.Idnumber] = true
		if !yield(&lis.Record{ID: lis.SourcedID(h.Idnumber), Object: h.person()}, nil) {
			return nil
		}
	}
	return nil
}

func (a *Adapter) listGroups(ctx context.Context, yield func(*lis.Record, error) bool) error {
	var all []category
	if err := a.client.call(ctx, "core_course_get_categories", nil, &all); err != nil {
		return err
	}
	idnumbers := map[int]string{}
	for _, k := range all {
		idnumbers[k.ID] = k.Idnumber
	}
	for _, k := range all {
		if k.Idnumber != "" && !yield(a.groupRecord(k, idnumbers[k.Parent]), nil) {
			return nil
		}
	}
	return nil
}

// groupRecord leaves out the default parent: no source said it.
func (a *Adapter) groupRecord(k category, parent string) *lis.Record {
	if parent == a.o.Category {
		parent = ""
	}
	return &lis.Record{ID: lis.SourcedID(k.Idnumber), Object: groupOf(k.Name, lis.SourcedID(parent))}
}

// eachCourse visits the visible courses that are ours: those of associations,
// or the others.
func (a *Adapter) eachCourse(ctx context.Context, associations bool, visit func(course) (bool, error)) error {
	all, err := a.coursesBy(ctx, nil)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Idnumber == "" || c.Visible == 0 {
			continue
		}
		joint, err := a.isAssociation(ctx, c)
		if err != nil {
			return err
		}
		if joint != associations {
			continue
		}
		if more, err := visit(c); err != nil || !more {
			return err
		}
	}
	return nil
}

// isAssociation reports whether a course is that of an association. Only a
// course with groups is asked, so that a list of many courses is one call.
func (a *Adapter) isAssociation(ctx context.Context, c course) (bool, error) {
	if a.o.Crosswalk != nil {
		if id, err := a.o.Crosswalk.SourcedID(ctx, lis.KindSectionAssociation, strconv.Itoa(c.ID)); err == nil && id != "" {
			return true, nil
		}
	}
	if c.GroupMode == 0 {
		return false, nil
	}
	mark, err := a.grouping(ctx, c.ID, c.Idnumber, false)
	return mark != 0, err
}

func (a *Adapter) listMembers(ctx context.Context, c course, yield func(*lis.Record, error) bool) (bool, error) {
	for e, err := range a.roster(ctx, c.ID, true) {
		if err != nil {
			return false, err
		}
		if e.Idnumber == "" {
			continue
		}
		for _, r := range a.memberRecords(ctx, c, e) {
			if !yield(r, nil) {
				return false, nil
			}
		}
	}
	return true, nil
}

// memberRecords is a record for each role, or one for several roles when the
// crosswalk says that one membership gave them.
func (a *Adapter) memberRecords(ctx context.Context, c course, e enrolled) []*lis.Record {
	section, person := lis.SourcedID(c.Idnumber), lis.SourcedID(e.Idnumber)
	roles := a.ours(e)
	slices.Sort(roles)
	names := make([]string, len(roles))
	for i, id := range roles {
		names[i] = a.o.shortname(id)
	}
	if len(roles) > 1 && a.o.Crosswalk != nil {
		id, err := a.o.Crosswalk.SourcedID(ctx, lis.KindMembership, place{c.ID, e.ID, roles}.String())
		if err == nil && id != "" {
			return []*lis.Record{{ID: id, Object: a.membership(section, person, names, "Active")}}
		}
	}
	var records []*lis.Record
	for _, name := range names {
		records = append(records, &lis.Record{Object: a.membership(section, person, []string{name}, "Active")})
	}
	return records
}
