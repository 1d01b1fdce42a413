package moodlefake

import (
	"maps"
	"slices"
	"strconv"
)

type group struct {
	ID            int    `json:"id"`
	CourseID      int    `json:"courseid"`
	Name          string `json:"name"`
	Description   string `json:"description"`
	Format        int    `json:"descriptionformat"`
	Key           string `json:"enrolmentkey"`
	Idnumber      string `json:"idnumber"`
	Visibility    int    `json:"visibility"`
	Participation bool   `json:"participation"`

	members map[int]bool
}

type grouping struct {
	ID          int    `json:"id"`
	CourseID    int    `json:"courseid"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Format      int    `json:"descriptionformat"`
	Idnumber    string `json:"idnumber"`

	groups map[int]bool
}

func (s *Site) createGroups(c *call) (any, *exception) {
	for _, r := range c.list("groups") {
		if s.courses[r.num("courseid")] == nil || r.str("name") == "" {
			return nil, invalid("a group needs a course and a name")
		}
		for _, g := range s.groups {
			if g.CourseID == r.num("courseid") && (g.Name == r.str("name") || g.Idnumber != "" && g.Idnumber == r.str("idnumber")) {
				return nil, invalid("Group with the same name already exists in the course")
			}
		}
	}
	made := []*group{}
	for _, r := range c.list("groups") {
		s.last.group++
		g := &group{ID: s.last.group, CourseID: r.num("courseid"), Name: r.str("name"), Description: r.str("description"), Format: 1,
			Idnumber: r.str("idnumber"), Participation: true, members: map[int]bool{}}
		s.groups[g.ID] = g
		s.effect(c, s.courses[g.CourseID].Idnumber+" "+g.Idnumber, true, r)
		made = append(made, g)
	}
	return made, nil
}

func (s *Site) updateGroups(c *call) (any, *exception) {
	for _, r := range c.list("groups") {
		g := s.groups[r.num("id")]
		if g == nil {
			return nil, noRecord("groups")
		}
		name := g.Name
		set(r, "name", &g.Name)
		set(r, "idnumber", &g.Idnumber)
		s.effect(c, s.courses[g.CourseID].Idnumber+" "+g.Idnumber, name != g.Name, r)
	}
	return nil, nil
}

func (s *Site) deleteGroups(c *call) (any, *exception) {
	for _, v := range c.list("groupids") {
		id, _ := strconv.Atoi(v.value)
		g := s.groups[id]
		if g == nil {
			return nil, noRecord("groups")
		}
		delete(s.groups, id)
		for _, k := range s.groupings {
			delete(k.groups, id)
		}
		s.effect(c, s.courses[g.CourseID].Idnumber+" "+g.Idnumber, true, nil)
	}
	return nil, nil
}

func (s *Site) addGroupMembers(c *call) (any, *exception) {
	for _, r := range c.list("members") {
		g := s.groups[r.num("groupid")]
		if g == nil {
			return nil, noRecord("groups")
		}
		if s.courses[g.CourseID].enrolments[r.num("userid")] == nil {
			return nil, moodle("addgroupmembererror", "Only enrolled users may be members of groups") // [K: the code]
		}
	}
	for _, r := range c.list("members") {
		g, id := s.groups[r.num("groupid")], r.num("userid")
		s.effect(c, s.pair(s.courses[g.CourseID], id), !g.members[id], r)
		g.members[id] = true
	}
	return nil, nil
}

func (s *Site) deleteGroupMembers(c *call) (any, *exception) {
	for _, r := range c.list("members") {
		g, id := s.groups[r.num("groupid")], r.num("userid")
		if g == nil {
			return nil, noRecord("groups")
		}
		s.effect(c, s.pair(s.courses[g.CourseID], id), g.members[id], r)
		delete(g.members, id)
	}
	return nil, nil
}

func (s *Site) courseGroups(c *call) (any, *exception) {
	if s.courses[c.num("courseid")] == nil {
		return nil, noRecord("course")
	}
	found := []*group{}
	for _, id := range slices.Sorted(maps.Keys(s.groups)) {
		if s.groups[id].CourseID == c.num("courseid") {
			found = append(found, s.groups[id])
		}
	}
	return found, nil
}

func (s *Site) groupMembers(c *call) (any, *exception) {
	found := []row{}
	for _, v := range c.list("groupids") {
		id, _ := strconv.Atoi(v.value)
		if s.groups[id] == nil {
			return nil, noRecord("groups")
		}
		found = append(found, row{"groupid": id, "userids": append([]int{}, slices.Sorted(maps.Keys(s.groups[id].members))...)})
	}
	return found, nil
}

func (s *Site) createGroupings(c *call) (any, *exception) {
	made := []*grouping{}
	for _, r := range c.list("groupings") {
		if s.courses[r.num("courseid")] == nil {
			return nil, noRecord("course")
		}
		for _, g := range s.groupings {
			if g.CourseID == r.num("courseid") && g.Name == r.str("name") {
				return nil, invalid("Grouping with the same name already exists in the course")
			}
		}
	}
	for _, r := range c.list("groupings") {
		s.last.grouping++
		g := &grouping{ID: s.last.grouping, CourseID: r.num("courseid"), Name: r.str("name"), Description: r.str("description"), Format: 1,
			Idnumber: r.str("idnumber"), groups: map[int]bool{}}
		s.groupings[g.ID] = g
		s.effect(c, s.courses[g.CourseID].Idnumber+" "+g.Idnumber, true, r)
		made = append(made, g)
	}
	return made, nil
}

func (s *Site) deleteGroupings(c *call) (any, *exception) {
	for _, v := range c.list("groupingids") {
		id, _ := strconv.Atoi(v.value)
		g := s.groupings[id]
		if g == nil {
			return nil, noRecord("groupings")
		}
		delete(s.groupings, id)
		s.effect(c, s.courses[g.CourseID].Idnumber+" "+g.Idnumber, true, nil)
	}
	return nil, nil
}

func (s *Site) courseGroupings(c *call) (any, *exception) {
	if s.courses[c.num("courseid")] == nil {
		return nil, noRecord("course")
	}
	found := []*grouping{}
	for _, id := range slices.Sorted(maps.Keys(s.groupings)) {
		if s.groupings[id].CourseID == c.num("courseid") {
			found = append(found, s.groupings[id])
		}
	}
	return found, nil
}

func (s *Site) assignGrouping(c *call) (any, *exception) {
	for _, r := range c.list("assignments") {
		k, g := s.groupings[r.num("groupingid")], s.groups[r.num("groupid")]
		if k == nil || g == nil {
			return nil, noRecord("groupings")
		}
		s.effect(c, s.courses[g.CourseID].Idnumber+" "+g.Idnumber, !k.groups[g.ID], r)
		k.groups[g.ID] = true
	}
	return nil, nil
}
