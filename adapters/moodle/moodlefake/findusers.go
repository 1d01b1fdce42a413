package moodlefake

import (
	"fmt"
	"strings"
)

func (s *Site) usersByField(c *call) (any, *exception) {
	found := []*user{}
	for _, v := range c.list("values") {
		switch c.str("field") {
		case "id":
			var id int
			_, _ = fmt.Sscan(v.value, &id)
			found = s.take(found, id) // a deleted one too
		case "idnumber":
			found = s.take(found, s.idnumbers[v.value]...)
		case "username":
			found = s.take(found, s.usernames[v.value])
		case "email":
			found = s.take(found, s.emails[strings.ToLower(v.value)])
		default:
			return nil, invalid("field is invalid")
		}
	}
	return found, nil
}

func (s *Site) take(found []*user, ids ...int) []*user {
	for _, id := range ids {
		if u := s.users[id]; u != nil {
			found = append(found, u)
		}
	}
	return found
}

// searchUsers takes % in the values, as LIKE does. [K]
func (s *Site) searchUsers(c *call) (any, *exception) {
	found := []*user{}
	for id := 1; id <= s.last.user; id++ {
		if u := s.users[id]; u != nil && !u.deleted && u.Username != "guest" && u.meets(c.list("criteria")) {
			found = append(found, u)
		}
	}
	return row{"users": found, "warnings": []row{}}, nil
}

func (u *user) meets(criteria []*node) bool {
	for _, r := range criteria {
		have := map[string]string{"id": fmt.Sprint(u.ID), "idnumber": u.Idnumber, "username": u.Username, "email": u.Email,
			"firstname": u.First, "lastname": u.Last, "auth": u.Auth}[r.str("key")]
		want, open := strings.CutSuffix(r.str("value"), "%")
		if open && !strings.HasPrefix(have, want) || !open && have != want {
			return false
		}
	}
	return true
}
