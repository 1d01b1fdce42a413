package term

import (
	"fmt"
	"math/rand/v2"

	"lisgate/gateway/lis"
)

const firstPerson = 1000001

// PersonID returns the id of a person by its number from 0.
func PersonID(i int) lis.SourcedID { return lis.SourcedID(fmt.Sprint(firstPerson + i)) }

// Person returns a person in full. The first are the instructors.
func (t *Term) Person(i int) *lis.Record {
	r := t.dice(forPerson, i)
	n := newName(r)
	p := &lis.Person{
		FormName: []lis.FormName{{FormNameType: token("formnametype", "Full"), FormattedName: lis.NewText(n.language, n.formatted())}},
		Name:     []lis.Name{parts(&n, i < t.instructors, r)},
	}
	login := fmt.Sprintf("%s.%d", n.login(), firstPerson+i)
	domain, role := "students.example.edu", "Student"
	if i < t.instructors {
		domain, role = "staff.example.edu", "Faculty"
	}
	mail := login + "@" + domain
	p.ContactInfo = []lis.ContactInfo{contact("EmailPrimary", mail)}
	if r.IntN(4) == 0 {
		p.ContactInfo = append(p.ContactInfo, contact("Telephone", fmt.Sprintf("+1 555 01%02d", r.IntN(100))))
	}
	p.Roles = roles(login, mail, role, r)
	if r.IntN(3) == 0 {
		p.Address = []lis.Address{address(r)}
	}
	if r.IntN(5) < 2 {
		p.Demographics = []lis.Demographics{demographics(&n, r)}
	}
	p.Extension = &lis.Extension{
		NameVocabulary: vocabulary("pmsv2p0", "extension"), TypeVocabulary: vocabulary("pmsv2p0", "extension"),
		Field: []lis.ExtensionField{{FieldName: "Campus", FieldType: "String", FieldValue: pick(r, []string{"North", "Süd", "Îles"})}},
	}
	return record(PersonID(i), p)
}

func parts(n *fullName, instructor bool, r *rand.Rand) lis.Name {
	all := lis.Name{NameType: token("nametype", "Full")}
	add := func(part, value string) {
		if value != "" {
			all.PartName = append(all.PartName, named("partname", part, n.language, value))
		}
	}
	if instructor {
		add("Prefix", pick(r, []string{"Prof.", "Dr."}))
	}
	add("First", n.given.written)
	add("Middle", n.middle.written)
	add("Last", n.family.written)
	if r.IntN(12) == 0 {
		add("Nickname", n.given.latin)
	}
	return all
}

func contact(kind, value string) lis.ContactInfo {
	return lis.ContactInfo{ContactInfoType: token("contactinfotype", kind), ContactInfoValue: en(value)}
}

// roles says what somebody is, and under which names they log in: at the
// student information system, and at the mail for some.
func roles(login, mail, role string, r *rand.Rand) []lis.EnterpriseRoles {
	list := []lis.EnterpriseRoles{account("StudentInformationSystem", "Logon ID", login, role)}
	if r.IntN(3) == 0 {
		list = append(list, account("Other", "Email ID", mail, role))
	}
	if role == "Faculty" && r.IntN(5) == 0 {
		list[0].InstitutionRole = append(list[0].InstitutionRole, lis.InstitutionRole{
			InstitutionRoleType: token("institutionroletype", "Alumni"), PrimaryRoleType: is(false),
		})
	}
	return list
}

func account(system, kind, login, role string) lis.EnterpriseRoles {
	where := named("epriserolestype", system, "en", system)
	return lis.EnterpriseRoles{
		EnterpriseRolesType: &where,
		SystemRole:          token("systemrole", "User"),
		InstitutionRole: []lis.InstitutionRole{{
			InstitutionRoleType: token("institutionroletype", role), PrimaryRoleType: is(true),
		}},
		UserID: []lis.UserID{{UserIDValue: en(login), UserIDType: en(kind)}},
	}
}

var (
	streets = []string{"Elm Street", "Rue de l’Église", "Straße des 17. Mai", "Calle Ñuñoa", "Þingholtsstræti", "Ул. Садовая", "桜通り"}
	cities  = []string{"Springfield", "Besançon", "Köln", "León", "Reykjavík", "Łódź", "Đà Nẵng"}
)

func address(r *rand.Rand) lis.Address {
	part := func(name, value string) lis.BaseValue { return named("addresspart", name, "en", value) }
	return lis.Address{AddressType: token("addresstype", "Home"), AddressPart: []lis.BaseValue{
		part("NonfieldedStreetAddress1", fmt.Sprintf("%d %s", 1+r.IntN(200), pick(r, streets))),
		part("City", pick(r, cities)),
		part("Postcode", fmt.Sprintf("%05d", r.IntN(100000))),
	}}
}

func demographics(n *fullName, r *rand.Rand) lis.Demographics {
	gender := "male"
	if n.woman {
		gender = "female"
	}
	birth := fmt.Sprintf("%d-%02d-%02d", 1998+r.IntN(10), 1+r.IntN(12), 1+r.IntN(28))
	return lis.Demographics{
		DemographicsType: token("demographicstype", "Primary"),
		EventDate:        []lis.BaseValue{named("demographicsinfo", "Birth", "en", birth)},
		Gender:           gender,
		DemographicInfo:  []lis.BaseValue{named("demographicsinfo", "PlaceofBirth", "en", pick(r, cities))},
	}
}

// Student returns the id of a student by its number from 0.
func (t *Term) Student(i int) lis.SourcedID { return PersonID(t.instructors + i) }
