package moodle

import (
	"context"
	"slices"
	"strconv"

	"lisgate/gateway/lis"
)

// A joint is the course of an association.
type joint struct {
	course, grouping int
	id               string
	late             []string // sections that had begun before they came into it
}

// bind takes a section with its members into the course of an association. It
// does what is lacking, so that it can be repeated after half of it.
func (a *Adapter) bind(ctx context.Context, j *joint, section string, own, group int) (changed bool, err error) {
	if _, err := a.grouping(ctx, own, j.id, true); err != nil {
		return false, err
	}
	a.listings.drop(strconv.Itoa(own))
	inGroup := map[int]bool{}
	if group != 0 {
		if err := a.groupMembers(ctx, []string{strconv.Itoa(group)}, func(_, user int) { inGroup[user] = true }); err != nil {
			return false, err
		}
	}
	var lacking []*member
	for e, err := range a.roster(ctx, own, true) {
		if err != nil {
			return false, err
		}
		if roles := a.ours(e); len(roles) > 0 && !inGroup[e.ID] {
			lacking = append(lacking, &member{place: place{j.course, e.ID, roles}})
		}
	}
	for rest := lacking; len(rest) > 0; {
		part := a.fit(rest)
		rest = rest[len(part):]
		if err := a.enrol(ctx, part); err != nil {
			return true, err
		}
	}
	if group == 0 {
		changed = true
		if group, err = a.makeGroup(ctx, j, section, own); err != nil {
			return true, err
		}
	}
	return changed || len(lacking) > 0, a.join(ctx, group, lacking)
}

// makeGroup makes the group of a section, named as its course or, when a
// teacher's group has that name, with the section's identifier besides.
func (a *Adapter) makeGroup(ctx context.Context, j *joint, section string, own int) (int, error) {
	co, err := a.courseBy(ctx, "id", strconv.Itoa(own))
	if err != nil {
		return 0, err
	}
	if co == nil {
		a.courses.drop(section)
		return 0, missing(lis.KindCourseSection, lis.SourcedID(section))
	}
	if co.Start != 0 && co.Start <= a.o.Now().Unix() {
		j.late = append(j.late, section)
	}
	var made []group
	create := func(name string) error {
		return a.client.call(ctx, "core_group_create_groups", new(form).row("groups", 0,
			"courseid", strconv.Itoa(j.course), "name", name, "description", "", "idnumber", section), &made)
	}
	if err = create(co.Shortname); code(err) == "invalidparameter" {
		err = create(suffixed(co.Shortname, lis.SourcedID(section)))
	}
	if err != nil {
		return 0, err
	}
	if len(made) != 1 {
		return 0, lost("the group")
	}
	f := new(form).row("assignments", 0, "groupingid", strconv.Itoa(j.grouping), "groupid", strconv.Itoa(made[0].ID))
	return made[0].ID, a.client.call(ctx, "core_group_assign_grouping", f, nil)
}

// join puts members into a group.
func (a *Adapter) join(ctx context.Context, group int, ms []*member) error {
	for part := range slices.Chunk(ms, a.client.rows(2)) {
		f := &form{}
		for n, m := range part {
			f.row("members", n, "groupid", strconv.Itoa(group), "userid", strconv.Itoa(m.user))
		}
		if err := a.client.call(ctx, "core_group_add_group_members", f, nil); err != nil {
			return err
		}
	}
	return nil
}

// unbind takes a section out of an association: its group goes, and members
// who are in no other group of a section are suspended there.
func (a *Adapter) unbind(ctx context.Context, course int, id, section string, groups map[string]int) error {
	alone, err := a.alone(ctx, groups, section)
	if err != nil {
		return err
	}
	for _, user := range alone {
		if err := a.suspendIn(ctx, course, user); err != nil {
			return err
		}
	}
	own, err := a.courseBy(ctx, "idnumber", section)
	if err != nil {
		return err
	}
	if own != nil {
		a.listings.drop(strconv.Itoa(own.ID))
		mark, err := a.grouping(ctx, own.ID, id, false)
		if err != nil {
			return err
		}
		if mark != 0 {
			if err := a.client.call(ctx, "core_group_delete_groupings", new(form).list("groupingids", []string{strconv.Itoa(mark)}), nil); err != nil {
				return err
			}
		}
	}
	return a.client.call(ctx, "core_group_delete_groups", new(form).list("groupids", []string{strconv.Itoa(groups[section])}), nil)
}

// alone returns the users who are in the group of one section only.
func (a *Adapter) alone(ctx context.Context, groups map[string]int, section string) ([]int, error) {
	ids := make([]string, 0, len(groups))
	for _, key := range keys(groups) {
		ids = append(ids, strconv.Itoa(groups[key]))
	}
	elsewhere := map[int]bool{}
	var here []int
	err := a.groupMembers(ctx, ids, func(group, user int) {
		if group == groups[section] {
			here = append(here, user)
		} else {
			elsewhere[user] = true
		}
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(here, func(user int) bool { return elsewhere[user] }), nil
}

func (a *Adapter) groupMembers(ctx context.Context, groups []string, each func(group, user int)) error {
	var answer []struct {
		Group int   `json:"groupid"`
		Users []int `json:"userids"`
	}
	if err := a.client.call(ctx, "core_group_get_group_members", new(form).list("groupids", groups), &answer); err != nil {
		return err
	}
	for _, g := range answer {
		for _, user := range g.Users {
			each(g.Group, user)
		}
	}
	return nil
}

// suspendIn suspends a user in the course of an association.
func (a *Adapter) suspendIn(ctx context.Context, course, user int) error {
	e, active, err := a.enrolled(ctx, course, user)
	if err != nil || e == nil || !active {
		return err
	}
	roles := a.ours(*e)
	if len(roles) == 0 {
		return nil
	}
	return a.enrol(ctx, []*member{{place: place{course, user, roles[:1]}, suspend: true}})
}
