package moodlefake

import (
	"fmt"
	"strconv"
)

type category struct {
	ID          int    `json:"id"`
	Name        string `json:"name"`
	Idnumber    string `json:"idnumber"`
	Description string `json:"description"`
	Format      int    `json:"descriptionformat"`
	Parent      int    `json:"parent"`
	Sortorder   int    `json:"sortorder"`
	CourseCount int    `json:"coursecount"`
	Visible     int    `json:"visible"`
	VisibleOld  int    `json:"visibleold"`
	Modified    int64  `json:"timemodified"`
	Depth       int    `json:"depth"`
	Path        string `json:"path"`
	Theme       string `json:"theme"`
}

func (s *Site) categoryBy(idnumber string) *category {
	if idnumber == "" {
		return nil
	}
	for _, k := range s.categories {
		if k.Idnumber == idnumber {
			return k
		}
	}
	return nil
}

func (s *Site) createCategories(c *call) (any, *exception) {
	seen := map[string]bool{}
	for _, r := range c.list("categories") {
		id := r.str("idnumber")
		switch {
		case id != "" && (s.categoryBy(id) != nil || seen[id]):
			return nil, moodle("categoryidnumbertaken", "ID number is already used for another category")
		case r.num("parent") != 0 && s.categories[r.num("parent")] == nil:
			return nil, noCategory(r.num("parent"))
		}
		seen[id] = true
	}
	made := []row{}
	for _, r := range c.list("categories") {
		s.last.category++
		k := &category{ID: s.last.category, Name: r.str("name"), Idnumber: r.str("idnumber"), Description: r.str("description"),
			Format: 1, Sortorder: s.last.category * 10000, Visible: 1, VisibleOld: 1, Modified: s.now()}
		s.categories[k.ID] = k
		s.place(k, r.num("parent"))
		s.effect(c, k.Idnumber, true, r)
		made = append(made, row{"id": k.ID, "name": k.Name})
	}
	return made, nil
}

func (s *Site) place(k *category, parent int) {
	k.Parent, k.Depth, k.Path = parent, 1, "/"+strconv.Itoa(k.ID)
	if p := s.categories[parent]; p != nil {
		k.Depth, k.Path = p.Depth+1, p.Path+k.Path
	}
}

func noCategory(id int) *exception {
	return moodle("errorcatcontextnotvalid",
		"You cannot execute functions in the category context (category id:%d). The context error message was: Invalid parameter value detected", id)
}

func (s *Site) updateCategories(c *call) (any, *exception) {
	for _, r := range c.list("categories") {
		k := s.categories[r.num("id")]
		if k == nil {
			return nil, moodle("unknowncategory", "Unknown category!") // [K]
		}
		if other := s.categoryBy(r.str("idnumber")); other != nil && other != k {
			return nil, moodle("categoryidnumbertaken", "ID number is already used for another category")
		}
		if p := r.num("parent"); p != 0 && s.categories[p] == nil {
			return nil, noCategory(p)
		}
		before, key := *k, k.Idnumber
		set(r, "name", &k.Name)
		set(r, "idnumber", &k.Idnumber)
		set(r, "description", &k.Description)
		if r.has("parent") {
			s.place(k, r.num("parent"))
		}
		if k.Idnumber != "" {
			key = k.Idnumber
		}
		s.effect(c, key, before != *k, r)
	}
	return nil, nil
}

// deleteCategories moves what is in a category to the new parent.
func (s *Site) deleteCategories(c *call) (any, *exception) {
	for _, r := range c.list("categories") {
		k := s.categories[r.num("id")]
		if k == nil {
			return nil, moodle("unknowncategory", "Unknown category!") // [K]
		}
		to := r.or("newparent", k.Parent)
		for _, kid := range s.categories {
			if kid.Parent == k.ID {
				s.place(kid, to)
			}
		}
		for _, co := range s.courses {
			if co.Category == k.ID {
				co.Category = to
			}
		}
		delete(s.categories, k.ID)
		s.effect(c, k.Idnumber, true, r)
	}
	return nil, nil
}

func (s *Site) getCategories(c *call) (any, *exception) {
	found := []*category{}
	for id := 1; id <= s.last.category; id++ {
		k := s.categories[id]
		if k == nil {
			continue
		}
		met := true
		for _, r := range c.list("criteria") {
			have, known := map[string]string{"id": fmt.Sprint(k.ID), "idnumber": k.Idnumber, "name": k.Name, "parent": fmt.Sprint(k.Parent)}[r.str("key")]
			if !known {
				return nil, invalid("The criteria key %s does not exist", r.str("key"))
			}
			met = met && have == r.str("value")
		}
		if met {
			found = append(found, k)
		}
	}
	return found, nil
}
