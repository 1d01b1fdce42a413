package moodle

import (
	"context"
	"errors"
	"slices"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

var _ adapters.Planner = (*Adapter)(nil)

// doings are the functions that change something, in plain words.
var doings = map[string]string{
	"core_user_create_users":          "make an account",
	"core_user_update_users":          "change the account",
	"core_user_delete_users":          "delete the account",
	"core_course_create_categories":   "make a category",
	"core_course_update_categories":   "change the category",
	"core_course_delete_categories":   "delete the category",
	"core_course_create_courses":      "make a course",
	"core_course_update_courses":      "change the course",
	"core_course_delete_courses":      "delete the course",
	"enrol_manual_enrol_users":        "enrol, or change the enrolment",
	"enrol_manual_unenrol_users":      "unenrol and lose the grades",
	"core_role_unassign_roles":        "take a role",
	"core_group_create_groups":        "make a group for a section",
	"core_group_delete_groups":        "delete the group of a section",
	"core_group_create_groupings":     "mark sections as taught together",
	"core_group_delete_groupings":     "mark sections as apart",
	"core_group_assign_grouping":      "put a section's group to the others",
	"core_group_add_group_members":    "put members into a section's group",
	"core_group_delete_group_members": "take members out of a section's group",
}

// A would is a call that was not made.
type would struct{ function string }

func (w *would) Error() string { return "would " + doings[w.function] }

// Plan says what Apply would begin with. It goes the same way up to the first
// call that would change something, and stops there.
func (a *Adapter) Plan(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	r := a.rehearsal()
	if c.Kind == lis.KindMembership && c.Act == lis.Put && c.Record != nil && c.Record.Object != nil && r.enrolledAs(ctx, c) {
		return lis.Outcome{Effect: lis.Unchanged}, nil
	}
	o, err := r.Apply(ctx, c)
	var w *would
	if errors.As(err, &w) {
		return lis.Outcome{Effect: lis.Applied, Detail: w.Error() + " (" + w.function + ")"}, nil
	}
	return o, err
}

// rehearsal is the adapter with hands tied and a memory of its own.
func (a *Adapter) rehearsal() *Adapter {
	c := &client{o: a.o, peer: a.client.peer, dry: true}
	c.limit.Store(a.client.limit.Load())
	b := newAdapter(a.o, c)
	b.recallOf = a.recall
	return b
}

// enrolledAs reports whether an enrolment is as a membership says, but for its
// time, which Moodle does not tell. Apply does not ask: to enrol again is
// harmless, and one call less.
func (a *Adapter) enrolledAs(ctx context.Context, c lis.Change) bool {
	b := &batch{changes: []lis.Change{c}, round: []int{0}, out: make([]lis.Outcome, 1), errs: make([]error, 1)}
	ms := a.members(ctx, b, []int{0})
	if len(ms) == 0 {
		return false // Apply says why
	}
	m := ms[0]
	e, active, err := a.enrolled(ctx, m.course, m.user)
	if err != nil || e == nil {
		return false
	}
	for _, role := range m.roles {
		if !e.has(role) {
			return false
		}
	}
	if slices.ContainsFunc(without(m.spare, m.roles), e.has) {
		return false
	}
	if old, err := a.recall(ctx, m.key); err != nil || old != nil && old.String() != m.target() {
		return false
	}
	now := a.o.Now().Unix()
	return active == (!m.suspend && m.start <= now && (m.end == 0 || m.end > now))
}
