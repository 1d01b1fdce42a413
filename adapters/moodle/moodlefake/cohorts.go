package moodlefake

import "strconv"

type cohort struct {
	ID          int    `json:"id"`
	Name        string `json:"name"`
	Idnumber    string `json:"idnumber"`
	Description string `json:"description"`
	Format      int    `json:"descriptionformat"`
	Visible     bool   `json:"visible"`
	Theme       string `json:"theme"`

	members map[int]bool
}

func (s *Site) cohortBy(r *node) *cohort {
	for _, k := range s.cohorts {
		if r.str("type") == "idnumber" && k.Idnumber == r.str("value") || r.str("type") == "id" && strconv.Itoa(k.ID) == r.str("value") {
			return k
		}
	}
	return nil
}

func (s *Site) createCohorts(c *call) (any, *exception) {
	for _, r := range c.list("cohorts") {
		for _, k := range s.cohorts {
			if k.Idnumber == r.str("idnumber") {
				return nil, invalid("record with idnumber '%s' already exists", k.Idnumber)
			}
		}
	}
	made := []*cohort{}
	for _, r := range c.list("cohorts") {
		s.last.cohort++
		k := &cohort{ID: s.last.cohort, Name: r.str("name"), Idnumber: r.str("idnumber"), Format: 1, Visible: true, members: map[int]bool{}}
		s.cohorts[k.ID] = k
		s.effect(c, k.Idnumber, true, nil)
		made = append(made, k)
	}
	return made, nil
}

// addCohortMembers takes the rows that can be, and warns of the others.
func (s *Site) addCohortMembers(c *call) (any, *exception) {
	warnings := []row{}
	for _, r := range c.list("members") {
		k, by := s.cohortBy(r.kids["cohorttype"]), r.kids["usertype"]
		id := 0
		switch by.str("type") {
		case "username":
			id = s.usernames[by.str("value")]
		case "id":
			id = by.num("value")
		}
		if u := s.users[id]; k == nil || u == nil || u.deleted {
			warnings = append(warnings, row{"warningcode": "2", "message": "user " + by.str("type") + "=" + by.str("value") + " not exists"})
			continue
		}
		s.effect(c, k.Idnumber+" "+s.users[id].key(), !k.members[id], nil)
		k.members[id] = true
	}
	return row{"warnings": warnings}, nil
}

func (s *Site) deleteCohortMembers(c *call) (any, *exception) {
	for _, r := range c.list("members") {
		k := s.cohorts[r.num("cohortid")]
		if k == nil {
			return nil, noRecord("cohort")
		}
		delete(k.members, r.num("userid"))
	}
	return nil, nil
}
