package moodlefake

import (
	"maps"
	"slices"
)

type row = map[string]any

// table lists the functions. The shapes hold the parameters that the recorded
// calls and the adapter use and the commoner ones beside them [K for those];
// real ones have more.
func (s *Site) table() map[string]*function {
	fs := map[string]*function{}
	read := func(name, shape string, run func(*call) (any, *exception)) {
		fs[name] = &function{parseShape(shape), false, run}
	}
	write := func(name, shape string, run func(*call) (any, *exception)) {
		fs[name] = &function{parseShape(shape), true, run}
	}
	read("core_webservice_get_site_info", "serviceshortnames[]", s.siteInfo)

	const userFields = "auth password createpassword:b firstnamephonetic lastnamephonetic middlename alternatename maildisplay:i city country" +
		" timezone description interests institution department phone1 phone2 address lang calendartype theme mailformat:i" +
		" customfields[] {type! value!} preferences[] {type! value!}"
	write("core_user_create_users", "users[]! {username! firstname! lastname! email! idnumber "+userFields+"}", s.createUsers)
	write("core_user_update_users", "users[]! {id:i! username firstname lastname email idnumber suspended:b "+userFields+"}", s.updateUsers)
	write("core_user_delete_users", "userids[]:i!", s.deleteUsers)
	read("core_user_get_users_by_field", "field! values[]!", s.usersByField)
	read("core_user_get_users", "criteria[]! {key! value!}", s.searchUsers)

	const category = "parent:i idnumber description descriptionformat:i theme"
	write("core_course_create_categories", "categories[]! {name! "+category+"}", s.createCategories)
	write("core_course_update_categories", "categories[]! {id:i! name "+category+"}", s.updateCategories)
	write("core_course_delete_categories", "categories[]! {id:i! newparent:i recursive:b}", s.deleteCategories)
	read("core_course_get_categories", "criteria[] {key! value!} addsubcategories:b", s.getCategories)

	const course = "summary summaryformat:i format showgrades:b newsitems:i startdate:i enddate:i numsections:i maxbytes:i showreports:b" +
		" visible:b hiddensections:b groupmode:i groupmodeforce:b defaultgroupingid:i enablecompletion:b completionnotify:b lang forcetheme" +
		" courseformatoptions[] {name! value!} customfields[] {shortname! value!}"
	write("core_course_create_courses", "courses[]! {fullname! shortname! categoryid:i! idnumber "+course+"}", s.createCourses)
	write("core_course_update_courses", "courses[]! {id:i! fullname shortname categoryid:i idnumber "+course+"}", s.updateCourses)
	write("core_course_delete_courses", "courseids[]:i!", s.deleteCourses)
	read("core_course_get_courses_by_field", "field value", s.coursesByField)

	write("enrol_manual_enrol_users", "enrolments[]! {roleid:i! userid:i! courseid:i! timestart:i timeend:i suspend:b}", s.enrol)
	write("enrol_manual_unenrol_users", "enrolments[]! {userid:i! courseid:i! roleid:i}", s.unenrol)
	read("core_enrol_get_enrolled_users", "courseid:i! options[] {name! value!}", s.enrolledUsers)
	const assignment = "{roleid:i! userid:i! contextid:i contextlevel instanceid:i}"
	write("core_role_assign_roles", "assignments[]! "+assignment, s.assignRoles)
	write("core_role_unassign_roles", "unassignments[]! "+assignment, s.unassignRoles)

	s.groupTable(read, write)
	read("gradereport_user_get_grade_items", "courseid:i! userid:i groupid:i", s.gradeItems)
	read("core_grades_get_gradeitems", "courseid:i!", s.courseItems)
	write("core_grades_update_grades", "source! courseid:i! component! activityid:i! itemnumber:i!"+
		" grades[] {studentid:i! grade! str_feedback} itemdetails {itemname idnumber gradetype:i grademax grademin scaleid:i}", s.updateGrades)
	return fs
}

func (s *Site) groupTable(read, write func(name, shape string, run func(*call) (any, *exception))) {
	write("core_group_create_groups", "groups[]! {courseid:i! name! description! descriptionformat:i enrolmentkey idnumber visibility:i participation:b}", s.createGroups)
	write("core_group_update_groups", "groups[]! {id:i! name! description idnumber}", s.updateGroups)
	write("core_group_delete_groups", "groupids[]:i!", s.deleteGroups)
	write("core_group_add_group_members", "members[]! {groupid:i! userid:i!}", s.addGroupMembers)
	write("core_group_delete_group_members", "members[]! {groupid:i! userid:i!}", s.deleteGroupMembers)
	read("core_group_get_course_groups", "courseid:i!", s.courseGroups)
	read("core_group_get_group_members", "groupids[]:i!", s.groupMembers)
	write("core_group_create_groupings", "groupings[]! {courseid:i! name! description! descriptionformat:i idnumber}", s.createGroupings)
	write("core_group_delete_groupings", "groupingids[]:i!", s.deleteGroupings)
	read("core_group_get_course_groupings", "courseid:i!", s.courseGroupings)
	write("core_group_assign_grouping", "assignments[]! {groupingid:i! groupid:i!}", s.assignGrouping)

	write("core_cohort_create_cohorts", "cohorts[]! {categorytype! {type! value!} name! idnumber! description descriptionformat:i visible:b theme}", s.createCohorts)
	write("core_cohort_add_cohort_members", "members[]! {cohorttype! {type! value!} usertype! {type! value!}}", s.addCohortMembers)
	write("core_cohort_delete_cohort_members", "members[]! {cohortid:i! userid:i!}", s.deleteCohortMembers)
}

func (s *Site) siteInfo(*call) (any, *exception) {
	var functions []row
	for _, name := range slices.Sorted(maps.Keys(s.functions)) {
		if !slices.Contains(s.o.Without, name) {
			functions = append(functions, row{"name": name, "version": "2023100900"})
		}
	}
	return row{
		"sitename": "Moodle fake", "username": "lisgw", "firstname": "LIS", "lastname": "Gateway", "fullname": "LIS Gateway",
		"lang": "en", "userid": s.usernames["lisgw"], "siteurl": "http://moodle.example.invalid", "userpictureurl": "",
		"functions": functions, "downloadfiles": 0, "uploadfiles": 0, "release": "4.3 (Build: 20231009)", "version": "2023100900",
		"mobilecssurl": "", "advancedfeatures": []row{{"name": "enablecompletion", "value": 1}}, "usercanmanageownfiles": true,
		"userquota": 104857600, "usermaxuploadfilesize": 2097152, "userhomepage": 1, "userprivateaccesskey": "", "siteid": 1,
		"sitecalendartype": "gregorian", "usercalendartype": "gregorian", "userissiteadmin": false, "theme": "boost", "limitconcurrentlogins": 0,
	}, nil
}
