package blackboard

import (
	"context"
	"strings"

	"lisgate/adapters"
	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
)

// A user is a person as Learn has one.
type user struct{ login, first, middle, last, email, role string }

// userOf reads a person. Learn wants a first and a last name; somebody with
// one name has it twice.
func userOf(key lis.SourcedID, p *lis.Person) (user, error) {
	u := user{
		login: string(key), middle: p.Part("Middle"), email: emailOf(p),
		first: either(p.Part("First"), p.Part("Given")), last: either(p.Part("Last"), p.Part("Family")),
	}
	u.first = either(u.first, either(u.last, p.Formatted()))
	u.last = either(u.last, u.first)
	if u.first == "" {
		return u, refused("send a name, in parts or formatted", "the person has no name, and Learn asks for one")
	}
	for _, roles := range p.Roles {
		for _, id := range roles.UserID {
			if v := id.UserIDValue.String(); v != "" && u.login == string(key) {
				u.login = v
			}
		}
		for _, role := range roles.InstitutionRole {
			name := role.InstitutionRoleType.Value()
			if primary := role.PrimaryRoleType != nil && *role.PrimaryRoleType; name != "" && (u.role == "" || primary) {
				u.role = either(institutionRoles[name], name)
			}
		}
	}
	return u, nil
}

func emailOf(p *lis.Person) string {
	first := ""
	for _, c := range p.ContactInfo {
		value := c.ContactInfoValue.String()
		if !strings.Contains(value, "@") {
			continue
		}
		if c.ContactInfoType.Value() == "EmailPrimary" {
			return value
		}
		first = either(first, value)
	}
	return first
}

func personRow(key lis.SourcedID, p *lis.Person) (map[string]string, error) {
	u, err := userOf(key, p)
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"external_person_key": string(key), "user_id": u.login, "firstname": u.first, "middlename": u.middle, "lastname": u.last,
		"email": u.email, "institution_role": u.role, columnStatus: enabled, "available_ind": "Y",
	}, nil
}

func courseRow(key lis.SourcedID, s *lis.CourseSection) (map[string]string, error) {
	available := "Y"
	if inactive(s.Status) {
		available = "N"
	}
	begin, end := span(s.TimeFrame)
	return map[string]string{
		"external_course_key": string(key), "course_id": courseID(key), "course_name": courseName(key, s),
		"start_date": begin, "end_date": end, columnStatus: enabled, "available_ind": available,
	}, nil
}

func courseName(key lis.SourcedID, s *lis.CourseSection) string {
	return either(s.Title.String(), either(s.Label.String(), string(key)))
}

// span returns the dates of the first time frame as yyyymmdd.
func span(frames []lis.TimeFrame) (begin, end string) {
	if len(frames) == 0 {
		return "", ""
	}
	return day(frames[0].Begin), day(frames[0].End)
}

func day(moment string) string {
	date, _, _ := strings.Cut(moment, "T")
	if len(date) != len("2026-09-01") || date[4] != '-' || date[7] != '-' {
		return ""
	}
	return strings.ReplaceAll(date, "-", "")
}

func membershipRow(m *lis.Membership) (map[string]string, error) {
	role, active, err := enrolled(m)
	if err != nil {
		return nil, err
	}
	r := map[string]string{
		"external_course_key": string(m.CollectionSourcedID), "external_person_key": string(m.Person()), "role": role.file,
		columnStatus: enabled, "available_ind": "Y",
	}
	if !active {
		r[columnStatus], r["available_ind"] = disabled, "N"
	}
	return r, nil
}

// enrolled returns the one role that Learn has for a membership, the
// strongest of those that are active. A role without a row is refused with
// its name, never taken for another.
func enrolled(m *lis.Membership) (role courseRole, active bool, err error) {
	if m.MembershipIDType != "" && m.MembershipIDType != string(lis.KindCourseSection) {
		return role, false, unsupported("Learn has memberships of course sections only, not of a %s", m.MembershipIDType)
	}
	if m.Missing() != "" {
		return role, false, refused("send it", "the membership lacks %s", m.Missing())
	}
	best := -1
	for _, r := range m.Member.Role {
		rank, ok := roleNamed(r)
		if !ok {
			return role, false, refused("map the role to one of Learn's (Instructor, TeachingAssistant, ContentDeveloper, Grader, Learner, Guest) in the route of this target",
				"Learn has no role for %q", peer.Clip(strings.Trim(r.RoleType+"/"+r.SubRole, "/")))
		}
		on := !inactive(r.Status)
		if best < 0 || on && !active || on == active && rank < best {
			best, active = rank, on
		}
	}
	if best < 0 {
		return role, false, refused("send a role", "the membership has no role")
	}
	return courseRoles[best], active, nil
}

// membershipKeys returns the course and the person of a membership: as its
// content says them, else as the crosswalk has them.
func membershipKeys(ctx context.Context, known adapters.Crosswalk, id lis.SourcedID, r *lis.Record) (course, person string, err error) {
	if r != nil {
		if m, ok := r.Object.(*lis.Membership); ok && m.Missing() == "" {
			return string(m.CollectionSourcedID), string(m.Person()), nil
		}
	}
	if known != nil {
		pair, err := known.TargetID(ctx, lis.KindMembership, id)
		if err != nil {
			return "", "", unavailable("look for a membership in the crosswalk: %w", err)
		}
		if course, person, ok := splitPair(pair); ok {
			return course, person, nil
		}
	}
	return "", "", refused("drop it by hand in Learn, or send the membership before its removal",
		"nothing is known of the membership but its identifier, and Learn knows memberships by course and person")
}

func inactive(status string) bool { return strings.EqualFold(status, "Inactive") }

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
