package blackboardfake

import (
	"encoding/json"
	"net/http"
	"strings"
)

// What REST writes of a user; the JSON of its requests has the same names.
type userBody struct {
	ExternalID string `json:"externalId"`
	UserName   string `json:"userName"`
	Password   string `json:"password"`
	Name       struct {
		Given  string `json:"given"`
		Middle string `json:"middle"`
		Family string `json:"family"`
	} `json:"name"`
	Contact struct {
		Email string `json:"email"`
	} `json:"contact"`
	Roles        []string `json:"institutionRoleIds"`
	CourseRole   string   `json:"courseRoleId"`
	Availability struct {
		Available string `json:"available"`
	} `json:"availability"`
}

func read(w http.ResponseWriter, r *http.Request) (*userBody, bool) {
	b := new(userBody)
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, mostBody)).Decode(b) != nil {
		complain(w, http.StatusBadRequest, "The body cannot be read")
		return nil, false
	}
	return b, true
}

func available(status string, on bool) map[string]any {
	switch {
	case status != "enabled":
		return map[string]any{"available": "Disabled"}
	case on:
		return map[string]any{"available": "Yes"}
	}
	return map[string]any{"available": "No"}
}

func (u *user) json() map[string]any {
	o := map[string]any{
		"id": u.ID, "externalId": u.ExternalID, "userName": u.UserName,
		"name":         map[string]any{"given": u.Given, "middle": u.Middle, "family": u.Family},
		"contact":      map[string]any{"email": u.Email},
		"availability": available(u.Status, u.Available),
	}
	if u.Role != "" {
		o["institutionRoleIds"] = []string{u.Role}
	}
	return o
}

func (c *course) json() map[string]any {
	a := available(c.Status, c.Available)
	if c.Start != "" || c.End != "" {
		a["duration"] = map[string]any{"type": "DateRange", "start": moment(c.Start), "end": moment(c.End)}
	}
	return map[string]any{"id": c.ID, "externalId": c.ExternalID, "courseId": c.CourseID, "name": c.Name, "availability": a}
}

// moment writes a yyyymmdd as REST does.
func moment(day string) string {
	if len(day) != 8 {
		return ""
	}
	return day[:4] + "-" + day[4:6] + "-" + day[6:] + "T00:00:00.000Z"
}

func (l *Learn) usersAt(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		var items []any
		for _, k := range l.users.keys {
			items = append(items, l.users.get(k).json())
		}
		l.page(w, r, items)
		return
	}
	b, ok := read(w, r)
	if !ok {
		return
	}
	switch {
	case b.UserName == "" || b.Password == "" || b.Name.Given == "" || b.Name.Family == "":
		complain(w, http.StatusBadRequest, "A required field is missing")
	case l.users.has(b.ExternalID) || l.findUser("userName:"+b.UserName) != nil:
		complain(w, http.StatusConflict, "The user exists already")
	default:
		u := &user{ID: l.next(), ExternalID: b.ExternalID, Status: "enabled", Available: true}
		u.alter(b)
		l.users.put(u.ExternalID, u)
		l.effects++
		reply(w, http.StatusCreated, u.json())
	}
}

func (u *user) alter(b *userBody) {
	for value, place := range map[*string]*string{
		&b.UserName: &u.UserName, &b.Name.Given: &u.Given, &b.Name.Middle: &u.Middle, &b.Name.Family: &u.Family, &b.Contact.Email: &u.Email,
	} {
		if *value != "" {
			*place = *value
		}
	}
	if len(b.Roles) > 0 {
		u.Role = b.Roles[0]
	}
	alterAvailable(b.Availability.Available, &u.Status, &u.Available)
}

func alterAvailable(said string, status *string, on *bool) {
	switch said {
	case "Yes":
		*status, *on = "enabled", true
	case "No":
		*status, *on = "enabled", false
	case "Disabled":
		*status, *on = "disabled", false
	}
}

func (l *Learn) userAt(w http.ResponseWriter, r *http.Request, u *user) {
	if u == nil {
		complain(w, http.StatusNotFound, "The user does not exist")
		return
	}
	switch r.Method {
	case http.MethodGet:
	case http.MethodDelete:
		l.users.drop(u.ExternalID)
		l.effects++
		w.WriteHeader(http.StatusNoContent)
		return
	case http.MethodPatch:
		b, ok := read(w, r)
		if !ok {
			return
		}
		if other := l.findUser("userName:" + b.UserName); b.UserName != "" && other != nil && other != u || b.ExternalID != u.ExternalID && l.users.has(b.ExternalID) {
			complain(w, http.StatusConflict, "Another user has it")
			return
		}
		before := snapshot(u)
		u.alter(b)
		l.count(before != snapshot(u))
		if b.ExternalID != "" && b.ExternalID != u.ExternalID {
			l.renameUser(u, b.ExternalID)
		}
	}
	reply(w, http.StatusOK, u.json())
}

func (l *Learn) listCourses(w http.ResponseWriter, r *http.Request) {
	var items []any
	for _, k := range l.courses.keys {
		items = append(items, l.courses.get(k).json())
	}
	l.page(w, r, items)
}

// restRoles are the roles as REST spells them, by those of the flat file.
var restRoles = map[string]string{"teaching_assistant": "TeachingAssistant", "course_builder": "CourseBuilder", "guest": "Guest"}

func (l *Learn) memberJSON(m *membership, expand bool) map[string]any {
	u := l.users.get(m.Person)
	role := m.Role
	if rest := restRoles[role]; rest != "" {
		role = rest
	}
	o := map[string]any{"courseRoleId": role, "availability": available(m.Status, m.Available)}
	if u != nil {
		o["userId"] = u.ID
		if expand {
			o["user"] = u.json()
		}
	}
	return o
}

func (l *Learn) listMembers(w http.ResponseWriter, r *http.Request, c *course) {
	var items []any
	for _, k := range l.members.keys {
		if m := l.members.get(k); m.Course == c.ExternalID && l.users.has(m.Person) {
			items = append(items, l.memberJSON(m, strings.Contains(r.URL.Query().Get("expand"), "user")))
		}
	}
	l.page(w, r, items)
}

func (l *Learn) memberAt(w http.ResponseWriter, r *http.Request, c *course, u *user) {
	key := pair(c.ExternalID, u.ExternalID)
	m := l.members.get(key)
	switch {
	case r.Method == http.MethodPut && m != nil:
		complain(w, http.StatusConflict, "The membership exists already")
		return
	case r.Method == http.MethodPut:
		m = &membership{Course: c.ExternalID, Person: u.ExternalID, Role: "Student", Status: "enabled", Available: true}
	case m == nil:
		complain(w, http.StatusNotFound, "The membership does not exist")
		return
	case r.Method == http.MethodDelete:
		l.members.drop(key)
		l.effects++
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if r.Method != http.MethodGet {
		b, ok := read(w, r)
		if !ok {
			return
		}
		before := snapshot(m)
		if b.CourseRole != "" {
			m.Role = fileRole(b.CourseRole)
		}
		alterAvailable(b.Availability.Available, &m.Status, &m.Available)
		l.count(before != snapshot(m) || !l.members.has(key))
		l.members.put(key, m)
	}
	reply(w, http.StatusOK, l.memberJSON(m, false))
}

func fileRole(rest string) string {
	for file, r := range restRoles {
		if r == rest {
			return file
		}
	}
	return rest
}
