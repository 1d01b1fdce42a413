package main

import (
	"fmt"
	"strings"

	"lisgate/gateway/lis"
)

// person describes a person: "Test A User, e-mail t***@e***.com, roles
// Faculty, 2 user ids (Logon ID, Email ID)".
func (w *words) person(p *lis.Person) string {
	if p == nil {
		return "nothing but the id"
	}
	for i := range p.FormName {
		f := &p.FormName[i]
		w.add("name", with(w.mask(f.FormattedName.String()), f.FormNameType.Value()))
	}
	for i := range p.Name {
		w.add("name in parts", with(w.parts(p.Name[i].PartName), p.Name[i].NameType.Value()))
	}
	for i := range p.ContactInfo {
		c := &p.ContactInfo[i]
		w.add(contactWord(c), with(w.mask(c.ContactInfoValue.String()), c.ContactInfoType.Value()))
	}
	for i := range p.Address {
		w.add("address", with(w.parts(p.Address[i].AddressPart), p.Address[i].AddressType.Value()))
	}
	for i := range p.Demographics {
		w.demographics(&p.Demographics[i])
	}
	for i := range p.Agent {
		w.agent(&p.Agent[i])
	}
	for i := range p.Roles {
		w.account(&p.Roles[i])
	}
	w.add("data source", p.DataSource)
	w.extension(p.Extension, true)
	return w.gist(p)
}

// gist is a person in a line.
func (w *words) gist(p *lis.Person) string {
	mail, rolesText := "", ""
	for i := range p.ContactInfo {
		if v := p.ContactInfo[i].ContactInfoValue.String(); mail == "" && strings.Contains(v, "@") {
			mail = "e-mail " + w.mask(v)
		}
	}
	var roles, types []string
	for i := range p.Roles {
		for j := range p.Roles[i].InstitutionRole {
			if v := p.Roles[i].InstitutionRole[j].InstitutionRoleType.Value(); v != "" && !contains(roles, v) {
				roles = append(roles, v)
			}
		}
		for j := range p.Roles[i].UserID {
			types = append(types, or(p.Roles[i].UserID[j].UserIDType.String(), "no type"))
		}
	}
	if len(roles) > 0 {
		rolesText = "roles " + strings.Join(roles, ", ")
	}
	return join(or(w.mask(p.Formatted()), "no name"), mail, rolesText, userIDs(types))
}

func userIDs(types []string) string {
	if len(types) == 0 {
		return "no user id"
	}
	return with(plural(len(types), "user id"), strings.Join(types, ", "))
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

func contactWord(c *lis.ContactInfo) string {
	if strings.Contains(c.ContactInfoValue.String(), "@") {
		return "e-mail"
	}
	return "contact"
}

// parts writes a name or an address in parts: "First T***, Last U***".
func (w *words) parts(list []lis.BaseValue) string {
	var parts []string
	for i := range list {
		parts = append(parts, strings.TrimSpace(list[i].Name()+" "+w.mask(list[i].Value())))
	}
	return join(parts...)
}

func (w *words) demographics(d *lis.Demographics) {
	for i := range d.EventDate {
		w.add(strings.ToLower(or(d.EventDate[i].Name(), "date")), w.hide(d.EventDate[i].Value()))
	}
	w.add("gender", w.hide(d.Gender))
	for i := range d.DemographicInfo {
		w.add(or(d.DemographicInfo[i].Name(), "about the person"), w.hide(d.DemographicInfo[i].Value()))
	}
	for i := range d.Representation {
		r := &d.Representation[i]
		w.add("representation", join(r.RepresentationType.Value(), w.hide(r.Date)))
		w.describing("representation", r.Description, true)
	}
	w.add("demographics", d.DemographicsType.Value())
}

func (w *words) agent(a *lis.Agent) {
	w.add("agent", join(a.AgentType.Value(), w.mask(a.AgentID.String()), a.AgentDomain.String()))
	w.describing("agent", a.Description, true)
}

// account describes what a person is and is called in one system.
func (w *words) account(r *lis.EnterpriseRoles) {
	system := or(r.EnterpriseRolesType.Value(), r.EnterpriseRolesType.Name())
	for i := range r.InstitutionRole {
		role := &r.InstitutionRole[i]
		w.add("role", with(role.InstitutionRoleType.Value(), said(role.PrimaryRoleType, "primary", "")))
	}
	w.add("system role", r.SystemRole.Value())
	w.add("in the system", system)
	for i := range r.UserID {
		u := &r.UserID[i]
		value := w.mask(u.UserIDValue.String())
		w.add("user id", join(with(or(value, "no value"), u.UserIDType.String()), password(u), prefixed("authentication ", u.AuthenticationType)))
	}
}

// password says that there is one, never which.
func password(u *lis.UserID) string {
	switch {
	case u.Password == nil:
		return ""
	case u.Password.String() == "":
		return "an empty password"
	case u.PwEncryptionType.String() != "":
		return fmt.Sprintf("password not shown (%s)", u.PwEncryptionType)
	}
	return "password not shown"
}

func prefixed(prefix string, t *lis.Text) string {
	if t.String() == "" {
		return ""
	}
	return prefix + t.String()
}
