package unitime

import (
	"strconv"

	"lisgate/gateway/lis"
)

// A className is what a class is called within an offering.
type className struct{ kind, suffix string }

// configs reads the classes of an offering, and returns their ids.
func (r *reading) configs(list []*element, c course) (map[className]lis.SourcedID, error) {
	found := map[className]lis.SourcedID{}
	for i, e := range list {
		minutes, err := weekly(e)
		if err != nil {
			return nil, err
		}
		for _, k := range e.all("class") {
			id, err := r.class(k, setting{course: c, config: strconv.Itoa(i + 1), minutes: minutes})
			if err != nil {
				return nil, err
			}
			r.nameClasses(found, k, c, id)
		}
	}
	return found, nil
}

// nameClasses notes the ids of a class and of those in it.
func (r *reading) nameClasses(found map[className]lis.SourcedID, e *element, c course, id lis.SourcedID) {
	n := className{e.text("type"), e.text("suffix")}
	if _, met := found[n]; !met {
		found[n] = id
	}
	for _, k := range e.all("class") {
		inner, _, err := r.identify(k, &setting{course: c, config: "1"})
		if err == nil {
			r.nameClasses(found, k, c, inner)
		}
	}
}

// weekly returns the minutes a week of each type of a config. Of a type with
// several subparts it is the first; a config that counts otherwise has none.
func weekly(config *element) (map[string]int, error) {
	found := map[string]int{}
	switch config.text("durationType") {
	case "", "MIN_PER_WEEK":
	default:
		found = nil
	}
	var walk func(*element) error
	walk = func(e *element) error {
		for _, s := range e.all("subpart") {
			n, err := minutesOf(s)
			if err != nil {
				return err
			}
			if _, met := found[s.text("type")]; found != nil && !met {
				found[s.text("type")] = n
			}
			if err := walk(s); err != nil {
				return err
			}
		}
		return nil
	}
	return found, walk(config)
}

// otherNames reads the classes that other courses of the offering have under
// names of their own.
func (r *reading) otherNames(list []*element, courses []course, main int, classes map[className]lis.SourcedID) error {
	for _, i := range others(len(list), main) {
		for _, k := range list[i].all("class") {
			id, err := r.class(k, setting{course: courses[i], config: "course"})
			if err != nil {
				return err
			}
			if class := classes[className{k.text("type"), k.text("suffix")}]; class != "" && class != id {
				r.crossList(class, id)
			}
		}
	}
	return nil
}

// deleted reads an offering with the action delete: it goes with all its
// classes.
func (r *reading) deleted(e *element, list []*element) error {
	var drop func(*element, course) error
	drop = func(e *element, c course) error {
		for _, k := range e.all("class") {
			id, _, err := r.identify(k, &setting{course: c, config: "1"})
			if err != nil {
				return err
			}
			if err := drop(k, c); err != nil {
				return err
			}
			r.calls = append(r.calls, &lis.Call{Operation: "deleteCourseSection", ID: id})
		}
		return nil
	}
	main, err := controlling(list)
	if err != nil {
		return err
	}
	for i, k := range list {
		c, err := r.courseOf(k)
		if err != nil {
			return err
		}
		from := []*element{k}
		if i == main {
			from = e.all("config")
		}
		for _, f := range from {
			if err := drop(f, c); err != nil {
				return err
			}
		}
		r.calls = append(r.calls, &lis.Call{Operation: "deleteCourseOffering", ID: c.offering})
	}
	return nil
}
