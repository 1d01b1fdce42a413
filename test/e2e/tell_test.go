package e2e

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sync/errgroup"

	"lisgate/adapters/lissoap"
	"lisgate/gateway/lis"
)

// tell sends a gateway what a SIS would send, over SOAP; with neg it must be
// refused.
func tell(ts *testscript.TestScript, neg bool, args []string) {
	flags := flag.NewFlagSet("tell", flag.ContinueOnError)
	user := flags.String("u", "", "")
	ts.Check(flags.Parse(args))
	if flags.NArg() < 3 {
		ts.Fatalf("usage: tell [-u user] NAME WHAT ID…")
	}
	house := houses(ts)[flags.Arg(0)]
	if house == nil {
		ts.Fatalf("there is no gateway %s", flags.Arg(0))
	}
	calls := callsOf(ts, flags.Args()[1:])
	options := lissoap.Options{URL: house.scheme + "://" + house.address + "/lis/"}
	if *user != "" {
		options.Basic = &lissoap.Basic{User: *user, Password: lissoap.Secret(ts.Getenv("LISGATE_PASSWORD"))}
	}
	client, err := lissoap.NewClient(options)
	ts.Check(err)
	defer client.Close()
	if err := callAll(client, calls); (err != nil) != neg {
		ts.Fatalf("tell %s: %v", strings.Join(flags.Args(), " "), err)
	} else if err != nil {
		fmt.Fprintln(ts.Stdout(), err)
	}
}

// told numbers the messages.
var told atomic.Int64

// callAll sends calls over several connections, as a busy SIS does.
func callAll(client *lissoap.Client, calls []*lis.Call) error {
	group, ctx := errgroup.WithContext(context.Background())
	group.SetLimit(8)
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	for _, call := range calls {
		group.Go(func() error {
			_, err := client.Call(ctx, fmt.Sprint("tell-", told.Add(1)), call)
			return err
		})
	}
	return group.Wait()
}

// callsOf reads one line of a story.
func callsOf(ts *testscript.TestScript, words []string) []*lis.Call {
	words, said := saidIn(words)
	if len(words) < 2 {
		ts.Fatalf("tell: too few words")
	}
	what, first, rest := words[0], lis.SourcedID(words[1]), words[2:]
	put := func(operation string, o lis.Object) []*lis.Call {
		return []*lis.Call{{Operation: operation, ID: first, Record: &lis.Record{ID: first, Agent: "story", Object: o}}}
	}
	switch what {
	case "person":
		return each(words[1], func(id lis.SourcedID) *lis.Call {
			return &lis.Call{Operation: "replacePerson", ID: id, Record: &lis.Record{ID: id, Agent: "story", Object: person(id, said)}}
		})
	case "section":
		return put("replaceCourseSection", section(first, said))
	case "group":
		return put("replaceGroup", group(first, said))
	case "association":
		return put("replaceSectionAssociation", &lis.SectionAssociation{Label: en(words[1]), Title: en(words[1]), Status: "Active",
			CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: ids(rest)}})
	case "member":
		return each(words[2], func(id lis.SourcedID) *lis.Call { return member(first, id, said) })
	case "leave":
		return each(words[2], func(id lis.SourcedID) *lis.Call {
			return &lis.Call{Operation: "deleteMembership", ID: memberID(first, id)}
		})
	case "rename":
		return []*lis.Call{{Operation: "changePersonIdentifier", ID: first, NewID: lis.SourcedID(rest[0])}}
	case "delete": // delete Person p-1
		return each(words[2], func(id lis.SourcedID) *lis.Call { return &lis.Call{Operation: "delete" + words[1], ID: id} })
	}
	ts.Fatalf("tell: what is %q?", what)
	return nil
}

// saidIn takes name=value out of words.
func saidIn(words []string) (others []string, said map[string]string) {
	said = map[string]string{}
	for _, w := range words {
		if name, value, ok := strings.Cut(w, "="); ok {
			said[name] = value
		} else {
			others = append(others, w)
		}
	}
	return others, said
}

// each makes a call for each of the ids that p-1..40 stands for.
func each(ids string, make func(lis.SourcedID) *lis.Call) []*lis.Call {
	from, to, several := strings.Cut(ids, "..")
	if !several {
		return []*lis.Call{make(lis.SourcedID(ids))}
	}
	stem := strings.TrimRight(from, "0123456789")
	first, _ := strconv.Atoi(from[len(stem):])
	last, _ := strconv.Atoi(to)
	var calls []*lis.Call
	for n := first; n <= last; n++ {
		calls = append(calls, make(lis.SourcedID(stem+strconv.Itoa(n))))
	}
	return calls
}

func ids(words []string) (all []lis.SourcedID) {
	for _, w := range words {
		all = append(all, lis.SourcedID(w))
	}
	return all
}

func en(s string) *lis.Text { return lis.NewText("en", s) }

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func value(name, v string) lis.BaseValue {
	return lis.BaseValue{InstanceIdentifier: en(name), InstanceVocabulary: "story", InstanceName: en(name), InstanceValue: en(v)}
}

// person makes one who has a login and an address of the same name as the id,
// unless told otherwise.
func person(id lis.SourcedID, said map[string]string) *lis.Person {
	login := or(said["login"], string(id))
	full, email, logon := value("", "Full"), value("", "EmailPrimary"), value("StudentInformationSystem", "StudentInformationSystem")
	p := &lis.Person{
		Name:        []lis.Name{{NameType: &full, PartName: []lis.BaseValue{value("First", or(said["first"], "Ann")), value("Last", or(said["last"], string(id)))}}},
		ContactInfo: []lis.ContactInfo{{ContactInfoType: &email, ContactInfoValue: en(or(said["email"], login+"@example.edu"))}},
		Roles:       []lis.EnterpriseRoles{{EnterpriseRolesType: &logon, UserID: []lis.UserID{{UserIDValue: en(login), UserIDType: en("Logon ID")}}}},
	}
	if login == "none" {
		p.Roles = nil
	}
	return p
}

func section(id lis.SourcedID, said map[string]string) *lis.CourseSection {
	s := &lis.CourseSection{Label: en(or(said["label"], string(id))), Title: en(or(said["title"], string(id))), Status: "Active"}
	if term := said["term"]; term != "" {
		s.AcademicSession = en(term)
	}
	if offering := said["offering"]; offering != "" {
		s.ParentOfferingID = lis.SourcedID(offering)
	}
	return s
}

func group(id lis.SourcedID, said map[string]string) *lis.Group {
	kind := or(said["type"], "department")
	return &lis.Group{
		GroupType:   &lis.GroupType{Scheme: en("story"), TypeValue: []lis.TypeValue{{ID: en(kind), Type: en(kind), Level: en("1")}}},
		Description: &lis.Description{ShortDescription: en(or(said["title"], string(id)))},
		TimeFrame:   &lis.TimeFrame{Begin: "2026-09-07T08:00:00Z", End: "2026-12-18T18:00:00Z"},
	}
}

func memberID(section, person lis.SourcedID) lis.SourcedID { return "m-" + section + "-" + person }

func member(section, person lis.SourcedID, said map[string]string) *lis.Call {
	id := lis.SourcedID(or(said["id"], string(memberID(section, person))))
	role := lis.Role{RoleType: or(said["role"], "Learner"), Status: or(said["status"], "Active"), DateTime: or(said["at"], time.Now().UTC().Format(time.RFC3339))}
	return &lis.Call{Operation: "replaceMembership", ID: id, Record: &lis.Record{ID: id, Agent: "story", Object: &lis.Membership{
		CollectionSourcedID: section, MembershipIDType: string(lis.KindCourseSection),
		Member: &lis.Member{PersonSourcedID: person, Role: []lis.Role{role}},
	}}}
}
