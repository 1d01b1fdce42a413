package moodle

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"lisgate/gateway/lis"
)

// roles are Moodle's role shortnames by LIS role, or role and subrole (back-end
// facts, A1 and C). What is not here is refused and never guessed: Mentor,
// Member and Guest need a role that each site makes its own way.
var roles = map[string]string{
	"Learner":                      "student",
	"Instructor":                   "editingteacher",
	"Instructor/TeachingAssistant": "teacher",
	"Instructor/GuestInstructor":   "teacher",
	"TeachingAssistant":            "teacher",
	"ContentDeveloper":             "coursecreator",
	"Manager":                      "manager",
	"Administrator":                "manager",
}

// roleIDs are those of a fresh site; no core function lists them.
var roleIDs = map[string]int{"manager": 1, "coursecreator": 2, "editingteacher": 3, "teacher": 4, "student": 5}

// back are the LIS words by which a shortname is told when several lead to it.
var back = map[string]string{
	"student": "Learner", "editingteacher": "Instructor", "teacher": "TeachingAssistant", "coursecreator": "ContentDeveloper", "manager": "Administrator",
}

// Inferred or ours, in one place:
const (
	// allUsers finds every account: the API's own text says that % may be used
	// for searching by e-mail. No core function lists users. [K]
	allUsersKey, allUsers = "email", "%"
	// sortBy keeps pages of a roster from shifting. [K: since Moodle 2.9]
	sortBy = "id"
	// noFamily stands for a family name that a person has not, for Moodle
	// wants one. It is not shown to LIS. [ours]
	noFamily = "."
	// deletedMark: what Moodle deletes keeps its id and loses the @ of its
	// e-mail address, which becomes a hash; an empty one is only not shown. [K]
	deletedMark = "@"
	// groupingName is how the names of groupings begin that mark an association,
	// in its course and in those of its sections; its identifier is added. [ours]
	groupingName = "Cross-listed sections"
	// sectionGroups is the group mode of an association's course: separate
	// groups. A course without a mode is never taken for one. [ours]
	sectionGroups = 1
	// shortnameMax and fullnameMax are the widths of the columns. [K]
	shortnameMax, fullnameMax, idnumberMax = 255, 254, 100
	// absentFresh is how long a course that was not found is held to be absent,
	// unless it is made here: all members of a section come before it, or none. [ours]
	absentFresh = 10 * time.Second
	// fixedVars are wstoken, wsfunction and moodlewsrestformat.
	fixedVars = 3
)

// loginTypes are types of user id that peers give to the login name, those
// first that are surer. [peer, ours]
var loginTypes = []string{"logon id", "logonid", "username", "login", "userid", "network id"}

// roleName returns the shortname for a LIS role, or for a shortname of Moodle
// itself, which a vocabulary map of the gateway may have put there.
func (o Options) roleName(r lis.Role) (string, bool) {
	if r.SubRole != "" {
		if name, said := o.Roles[r.RoleType+"/"+r.SubRole]; said {
			return name, name != ""
		}
	}
	if name, said := o.Roles[r.RoleType]; said {
		return name, name != ""
	}
	return r.RoleType, o.RoleIDs[r.RoleType] != 0
}

// lisRole returns the LIS role that a shortname stands for, "" for one that is
// not in the vocabulary: somebody gave it by hand.
func (o Options) lisRole(shortname string) string {
	if word := back[shortname]; word != "" && o.Roles[word] == shortname {
		return word
	}
	var words []string
	for word, name := range o.Roles {
		if name == shortname && !strings.Contains(word, "/") {
			words = append(words, word)
		}
	}
	if len(words) == 0 {
		return ""
	}
	return slices.Min(words)
}

func (o Options) shortname(roleID int) string {
	for name, id := range o.RoleIDs {
		if id == roleID {
			return name
		}
	}
	return ""
}

func digits(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
