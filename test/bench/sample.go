package main

import (
	"fmt"

	"lisgate/gateway/lis"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
	"lisgate/generated/pms"
)

// person is a full record: about 4.5 KB as a replacePerson message.
func person(id, last string) *lis.Record {
	value := func(name, v string) lis.BaseValue {
		return lis.BaseValue{InstanceIdentifier: lis.NewText("en", name), InstanceVocabulary: "http://www.imsglobal.org/vdex/lis/pmsv2p0/partnamevocabularyv1p0.xml",
			InstanceName: lis.NewText("en", name), InstanceValue: lis.NewText("en", v)}
	}
	token := func(v string) *lis.BaseValue {
		t := value(v, v)
		t.InstanceName = nil
		return &t
	}
	single := value("StudentInformationSystem", "StudentInformationSystem")
	return &lis.Record{ID: lis.SourcedID(id), Agent: "BENCH", Object: &lis.Person{
		FormName: []lis.FormName{{FormNameType: token("Full"), FormattedName: lis.NewText("en", "Zoë "+last)}},
		Name: []lis.Name{{NameType: token("Full"), PartName: []lis.BaseValue{
			value("First", "Zoë"), value("Last", last), value("Middle", "Ó"), value("Prefix", "Dr.")}}},
		ContactInfo: []lis.ContactInfo{{ContactInfoType: token("EmailPrimary"), ContactInfoValue: lis.NewText("en", id+"@students.example.edu")}},
		Roles: []lis.EnterpriseRoles{{EnterpriseRolesType: &single,
			InstitutionRole: []lis.InstitutionRole{{InstitutionRoleType: token("Student"), PrimaryRoleType: new(true)}},
			UserID:          []lis.UserID{{UserIDValue: lis.NewText("en", id), UserIDType: lis.NewText("en", "Logon ID")}}}},
		DataSource: "BENCH",
	}}
}

// message writes a request of PMS in its envelope.
func message(operation string, call *lis.Call) []byte {
	for _, op := range pms.Operations {
		if op.Name == operation {
			var w wire.Writer
			w.OpenIn(op.Request, pms.Namespace)
			op.WriteCall(&w, call)
			w.Close(op.Request)
			return soap.Wrap(lis.PMS, w.Buf, "m-0000000000")
		}
	}
	panic("no operation " + operation)
}

func replacePerson(id, last string) []byte {
	return message("replacePerson", &lis.Call{Operation: "replacePerson", ID: lis.SourcedID(id), Record: person(id, last)})
}

func readPerson(id string) []byte {
	return message("readPerson", &lis.Call{Operation: "readPerson", ID: lis.SourcedID(id)})
}

func personID(n int) string { return fmt.Sprintf("P%09d", n) }
