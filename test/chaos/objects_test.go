package chaos

import (
	"fmt"

	"lisgate/cmd/lisgate/term"
	"lisgate/gateway/lis"
)

// The objects of one connection.
const (
	persons  = 12
	sections = 4
	groups   = 3
)

// objects makes up what one connection sends.
type objects struct {
	*sis
	term    *term.Term
	persons []lis.SourcedID // a place keeps its person over changes of identifier
}

func newObjects(s *sis) objects {
	o := objects{sis: s, term: term.New(7, 1)}
	for i := range persons {
		o.persons = append(o.persons, lis.SourcedID(fmt.Sprintf("p%d-%d", s.number, i)))
	}
	return o
}

// next chooses what is sent next.
func (o *objects) next() deed {
	place := o.dice.IntN(persons)
	switch n := o.dice.IntN(100); {
	case n < 34:
		return o.replacePerson(place)
	case n < 44:
		return o.updatePerson(place)
	case n < 48:
		return o.rekeyPerson(place)
	case n < 53:
		return o.deletePerson(place)
	case n < 78:
		return o.replaceMembership(place, o.dice.IntN(sections))
	case n < 86:
		return o.drop(o.membership(place, o.dice.IntN(sections)))
	case n < 92:
		return o.replaceSection(o.dice.IntN(sections))
	case n < 97:
		return o.replaceGroup(o.dice.IntN(groups))
	}
	return o.drop(object{lis.KindGroup, o.name("g", o.dice.IntN(groups))})
}

func (o *objects) name(prefix string, i int) lis.SourcedID {
	return lis.SourcedID(fmt.Sprintf("%s%d-%d", prefix, o.number, i))
}

func (o *objects) membership(place, section int) object {
	return object{lis.KindMembership, lis.SourcedID(fmt.Sprintf("m%d-%d-%d", o.number, place, section))}
}

func (o *objects) person(place int) object { return object{lis.KindPerson, o.persons[place]} }

// put sends a record under an object's name.
func (o *objects) put(x object, verb lis.Verb, token string, content lis.Object) deed {
	return deed{
		call: &lis.Call{Operation: lis.OperationFor(x.kind, verb), ID: x.id, Record: &lis.Record{ID: x.id, Object: content}}, token: token,
		done:    func() { o.book.settle(x, token) },
		perhaps: func() { o.book.doubt(x, token) },
	}
}

func (o *objects) replacePerson(place int) deed {
	token := o.token()
	p := o.term.Person(o.number*persons + place).Object.(*lis.Person)
	p.DataSource = token
	return o.put(o.person(place), lis.Replace, token, p)
}

func (o *objects) updatePerson(place int) deed {
	x, token := o.person(place), o.token()
	if !o.book.present(x) {
		return o.replacePerson(place)
	}
	return o.put(x, lis.Update, token, &lis.Person{DataSource: token})
}

func (o *objects) replaceMembership(place, section int) deed {
	token := o.token()
	return o.put(o.membership(place, section), lis.Replace, token, &lis.Membership{
		CollectionSourcedID: o.name("s", section), MembershipIDType: string(lis.KindCourseSection), DataSource: token,
		Member: &lis.Member{PersonSourcedID: o.persons[place], Role: []lis.Role{{RoleType: "Learner", Status: "Active"}}},
	})
}

func (o *objects) replaceSection(i int) deed {
	token := o.token()
	return o.put(object{lis.KindCourseSection, o.name("s", i)}, lis.Replace, token,
		&lis.CourseSection{Title: lis.NewText("en", "Section "+token), Status: "Active", DataSource: token})
}

func (o *objects) replaceGroup(i int) deed {
	token := o.token()
	return o.put(object{lis.KindGroup, o.name("g", i)}, lis.Replace, token,
		&lis.Group{Email: token + "@example.edu", DataSource: token})
}

// drop deletes an object on which no other depends.
func (o *objects) drop(x object) deed {
	gone := func() { o.book.settle(x, "") }
	return deed{
		call: &lis.Call{Operation: lis.OperationFor(x.kind, lis.Delete), ID: x.id},
		done: gone, absent: gone, perhaps: func() { o.book.doubt(x, "") },
	}
}

// deletePerson takes the memberships of the person with it.
func (o *objects) deletePerson(place int) deed {
	x := o.person(place)
	if !o.book.present(x) {
		return o.replacePerson(place)
	}
	d := o.drop(x)
	with := func(note func(object, string)) func() {
		return func() {
			note(x, "")
			for i := range sections {
				note(o.membership(place, i), "")
			}
		}
	}
	d.done, d.perhaps = with(o.book.settle), with(o.book.doubt)
	d.insist = true // a later one would not be known from this one
	return d
}

// rekeyPerson gives a person another identifier; the memberships follow.
func (o *objects) rekeyPerson(place int) deed {
	x, old := o.person(place), o.persons[place]
	if !o.book.present(x) || !o.book.certain(x) {
		return o.replacePerson(place)
	}
	o.count++
	to := lis.SourcedID(fmt.Sprintf("p%d-%d~%d", o.number, place, o.count))
	return deed{
		call:   &lis.Call{Operation: lis.OperationFor(x.kind, lis.ChangeIdentifier), ID: old, NewID: to},
		insist: true, perhaps: func() {},
		done: func() {
			o.book.settle(object{x.kind, to}, o.book.of(x).known)
			o.book.settle(x, "")
			o.persons[place] = to
		},
	}
}
