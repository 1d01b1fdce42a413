package moodle

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lisgate/adapters"
)

// needed are the functions that the external service has to hold. [K: those
// for groups that no recording has: get_course_groups, get_course_groupings,
// get_group_members, delete_groups, delete_groupings, delete_group_members]
var needed = []string{
	"core_webservice_get_site_info",
	"core_user_get_users", "core_user_get_users_by_field", "core_user_create_users", "core_user_update_users",
	"core_course_get_categories", "core_course_create_categories", "core_course_update_categories",
	"core_course_get_courses_by_field", "core_course_create_courses", "core_course_update_courses",
	"core_enrol_get_enrolled_users", "enrol_manual_enrol_users", "core_role_unassign_roles",
	"core_group_get_course_groups", "core_group_create_groups", "core_group_delete_groups",
	"core_group_get_course_groupings", "core_group_create_groupings", "core_group_delete_groupings", "core_group_assign_grouping",
	"core_group_get_group_members", "core_group_add_group_members", "core_group_delete_group_members",
	"gradereport_user_get_grade_items",
}

// neededToDelete are those for Removal Delete.
var neededToDelete = []string{"core_user_delete_users", "core_course_delete_categories", "core_course_delete_courses", "enrol_manual_unenrol_users"}

type siteInfo struct {
	Release   string `json:"release"`
	Version   string `json:"version"`
	Functions []struct {
		Name string `json:"name"`
	} `json:"functions"`
}

// Findings is what a look at the site has found, for people.
type Findings struct {
	Release string   // such as "4.3 (Build: 20231009)"
	Missing []string // functions that the external service lacks
	Notes   []string // what could not be found out
}

// Look asks the site what it is. It changes nothing.
func (a *Adapter) Look(ctx context.Context) (Findings, error) {
	var info siteInfo
	if err := a.client.call(ctx, "core_webservice_get_site_info", nil, &info); err != nil {
		return Findings{}, classed(err)
	}
	if info.Release == "" {
		return Findings{}, classed(&strange{status: 200, text: "no release in the site's information"})
	}
	f := Findings{Release: info.Release, Notes: []string{
		fmt.Sprintf("Moodle does not tell max_input_vars: %d are taken for granted. A site that reads fewer is noticed, and nothing is lost.", a.client.limit.Load()),
		"Moodle does not list its roles: their ids are those of settings.role_ids of the target, and a wrong one is refused at the first enrolment.",
	}}
	has := map[string]bool{}
	for _, fn := range info.Functions {
		has[fn.Name] = true
	}
	wanted := needed
	if a.o.Removal == adapters.Delete {
		wanted = slices.Concat(needed, neededToDelete)
	}
	for _, name := range wanted {
		if !has[name] {
			f.Missing = append(f.Missing, name)
		}
	}
	return f, nil
}

// Check reports whether the site can be reached and has all that is needed.
func (a *Adapter) Check(ctx context.Context) error {
	f, err := a.Look(ctx)
	if err != nil {
		return err
	}
	if len(f.Missing) > 0 {
		return &adapters.Error{Class: adapters.Unavailable, Narrow: true, Answer: strings.Join(f.Missing, ", "),
			Err:  fmt.Errorf("Moodle %s lets the service account call all but %d functions: %s", f.Release, len(f.Missing), strings.Join(f.Missing, ", ")),
			Hint: "Add them to the external service under Site administration, Server, Web services, External services, and the capabilities that they name to the role of the service account."}
	}
	return nil
}
