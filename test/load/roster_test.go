package load

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"lisgate/cmd/lisgate/term"
	"lisgate/gateway/lis"
)

// A roster is a term in numbers. Each object is made when it is sent.
type roster struct {
	persons, sections, memberships int
	departments                    int
	people                         *term.Term
}

func newRoster(part int) *roster {
	return &roster{persons: 20_000 / part, sections: 1_500 / part, memberships: 90_000 / part, departments: 12, people: term.New(3, 10)}
}

// perOffering is how many sections an offering has.
const perOffering = 2

// count returns how many objects of a kind there are.
func (r *roster) count(k lis.Kind) int {
	return map[lis.Kind]int{lis.KindGroup: r.departments + 1, lis.KindCourseOffering: (r.sections + perOffering - 1) / perOffering,
		lis.KindCourseSection: r.sections, lis.KindPerson: r.persons, lis.KindMembership: r.memberships}[k]
}

var kinds = []lis.Kind{lis.KindGroup, lis.KindCourseOffering, lis.KindCourseSection, lis.KindPerson, lis.KindMembership}

// An edition is an object as it is for a while: its first version is 1.
type edition struct {
	kind    lis.Kind
	i       int
	version int
}

// versions is how many an object has: one in ten is changed once, and one in
// fifty twice. Groups stay as they are.
func versions(k lis.Kind, i int) int {
	switch {
	case k == lis.KindGroup:
		return 1
	case i%50 == 7:
		return 3
	case i%10 == 3:
		return 2
	}
	return 1
}

// shuffled returns all editions: most memberships before what they need, and
// those of one object in their order.
func (r *roster) shuffled(dice *rand.Rand) []edition {
	type placed struct {
		edition
		at float64
	}
	var all []placed
	for _, k := range kinds {
		for i := range r.count(k) {
			for v := range versions(k, i) {
				at := dice.Float64()
				if k != lis.KindMembership {
					at += 0.5
				}
				all = append(all, placed{edition{k, i, v + 1}, at})
			}
		}
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	editions, next := make([]edition, len(all)), map[edition]int{}
	for n, p := range all {
		object := edition{p.kind, p.i, 0}
		next[object]++
		editions[n] = edition{p.kind, p.i, next[object]}
	}
	return editions
}

// later returns a further edition of some memberships.
func later(n int) []edition {
	all := make([]edition, n)
	for i := range all {
		all[i] = edition{lis.KindMembership, i, versions(lis.KindMembership, i) + 1}
	}
	return all
}

// id is the sourcedId of an object.
func id(k lis.Kind, i int) lis.SourcedID {
	switch {
	case k == lis.KindPerson:
		return term.PersonID(i)
	case k == lis.KindGroup && i == 0:
		return term.Session
	}
	return lis.SourcedID(fmt.Sprintf("%s-%05d", map[lis.Kind]string{lis.KindGroup: "dept", lis.KindCourseOffering: "off",
		lis.KindCourseSection: "sec", lis.KindMembership: "m"}[k], i))
}

// call makes the message that brings an edition.
func (r *roster) call(e edition) *lis.Call {
	o := map[lis.Kind]func(int, int) lis.Object{lis.KindGroup: r.group, lis.KindCourseOffering: r.offering,
		lis.KindCourseSection: r.section, lis.KindPerson: r.person, lis.KindMembership: r.membership}[e.kind](e.i, e.version)
	name := id(e.kind, e.i)
	return &lis.Call{Operation: lis.OperationFor(e.kind, lis.Replace), ID: name, Record: &lis.Record{ID: name, Object: o}}
}

func en(s string) *lis.Text { return lis.NewText("en", s) }

// stamp is how a version stands in a name.
func stamp(version int) string { return fmt.Sprintf(" v%d", version) }

// stamped reads it again, 0 when there is none.
func stamped(name string) (version int) {
	if n := strings.LastIndex(name, " v"); n >= 0 {
		_, _ = fmt.Sscan(name[n+2:], &version)
	}
	return version
}

// The time of the term; a membership ends a day later with each version.
var begin, end = time.Date(2026, 9, 7, 8, 0, 0, 0, time.UTC), time.Date(2026, 12, 18, 18, 0, 0, 0, time.UTC)

func endOf(version int) time.Time { return end.AddDate(0, 0, version) }

// versionAt is the version of a membership that ends then.
func versionAt(t time.Time) int { return int(t.Sub(end) / (24 * time.Hour)) }

func frame(version int) lis.TimeFrame {
	return lis.TimeFrame{Begin: begin.Format(time.RFC3339), End: endOf(version).Format(time.RFC3339)}
}

func (r *roster) group(i, _ int) lis.Object {
	kind, name := "department", fmt.Sprint("Department ", i)
	if i == 0 {
		kind, name = "TERM", "Fall 2026"
	}
	return &lis.Group{
		GroupType:   &lis.GroupType{Scheme: en("IMS-LIS2.0"), TypeValue: []lis.TypeValue{{ID: en(kind), Type: en(kind), Level: en("1")}}},
		Description: &lis.Description{ShortDescription: en(name)},
	}
}

func (r *roster) org(i int) *lis.Org {
	return &lis.Org{OrgName: en("Example University"), ID: en(string(id(lis.KindGroup, 1+i%r.departments)))}
}

func (r *roster) offering(i, version int) lis.Object {
	return &lis.CourseOffering{Label: en(fmt.Sprintf("OFF-%05d%s", i, stamp(version))), Title: en("Þættir úr stærðfræði" + stamp(version)), Status: "Active",
		AcademicSession: en(string(term.Session)), Org: r.org(i), TimeFrame: []lis.TimeFrame{frame(0)}}
}

func (r *roster) section(i, version int) lis.Object {
	return &lis.CourseSection{Label: en(fmt.Sprintf("SEC-%05d%s", i, stamp(version))), Title: en("Mathématiques & 数学" + stamp(version)), Status: "Active",
		ParentOfferingID: id(lis.KindCourseOffering, i/perOffering), Org: r.org(i / perOffering), TimeFrame: []lis.TimeFrame{frame(0)}}
}

// person is one of the made-up people, with the version behind the first name.
func (r *roster) person(i, version int) lis.Object {
	p := r.people.Person(i).Object.(*lis.Person)
	for n := range p.FormName {
		p.FormName[n].FormattedName.TextString += stamp(version)
	}
	for n := range p.Name[0].PartName {
		if part := &p.Name[0].PartName[n]; part.Name() == "First" {
			part.InstanceValue.TextString += stamp(version)
		}
	}
	return p
}

// seat says who sits where, by numbers: each person in four or five sections.
func (r *roster) seat(i int) (section, person int) {
	person = i % r.persons
	return (person + i/r.persons*(17+person%13)) % r.sections, person
}

// roles are those of a membership: each section has an instructor, who learns
// in others, and some learners help in the section in which they sit.
func (r *roster) roles(i int) []string {
	switch {
	case i < r.sections:
		return []string{"Instructor"}
	case i%200 == 11:
		return []string{"Learner", "TeachingAssistant"}
	}
	return []string{"Learner"}
}

// seats counts the roles of all memberships.
func (r *roster) seats() (n int) {
	for i := range r.memberships {
		n += len(r.roles(i))
	}
	return n
}

func (r *roster) membership(i, version int) lis.Object {
	section, person := r.seat(i)
	m := &lis.Membership{CollectionSourcedID: id(lis.KindCourseSection, section), MembershipIDType: string(lis.KindCourseSection),
		Member: &lis.Member{PersonSourcedID: id(lis.KindPerson, person)}}
	for _, role := range r.roles(i) {
		f := frame(version)
		m.Member.Role = append(m.Member.Role, lis.Role{RoleType: role, Status: "Active", TimeFrame: &f})
	}
	return m
}
