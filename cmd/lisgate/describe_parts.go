package main

import (
	"strings"

	"lisgate/gateway/lis"
)

func (w *words) org(o *lis.Org) {
	if o == nil {
		return
	}
	w.add("organisation", with(join(o.OrgName.String(), o.OrgUnit.String(), o.Type.String()), o.ID.String()))
}

func (w *words) times(name string, list []lis.TimeFrame) {
	for i := range list {
		w.add(name, timeWord(&list[i]))
	}
}

func timeWord(t *lis.TimeFrame) string {
	if t == nil {
		return ""
	}
	var span string
	switch {
	case t.Begin != "" && t.End != "":
		span = t.Begin + " to " + t.End
	case t.Begin != "":
		span = "from " + t.Begin
	case t.End != "":
		span = "until " + t.End
	}
	return or(join(span, t.AdminPeriod.String(), said(t.Restrict, "nobody before or after", "")), "an empty time frame")
}

func (w *words) enrolment(e *lis.EnrollControl) {
	if e == nil {
		return
	}
	w.add("enrolment", join(said(e.EnrollAccept, "accepted", "not accepted"), said(e.EnrollAllowed, "allowed", "not allowed")))
}

// describing adds a description in its lengths.
func (w *words) describing(name string, d *lis.Description, personal bool) {
	if d == nil {
		return
	}
	w.either(name, d.ShortDescription.String(), personal)
	w.either(name+", long", d.LongDescription.String(), personal)
	if f := d.FullDescription; f != nil {
		w.either(name+", full", f.DescriptionText.String(), personal)
		w.add(name+", medium", join(f.MediaMode, f.ContentRefType, f.MimeType))
	}
}

func (w *words) either(name, value string, personal bool) {
	if personal {
		value = w.mask(value)
	}
	w.add(name, value)
}

// about adds what every record can say of itself.
func (w *words) about(source string, info *lis.Metadata, e *lis.Extension) {
	w.add("data source", source)
	w.metadata(info)
	w.extension(e, false)
}

func (w *words) metadata(m *lis.Metadata) {
	if m != nil {
		w.fields("record info", m.Field, false)
	}
}

func (w *words) extension(e *lis.Extension, personal bool) {
	if e != nil {
		w.fields("extension", e.Field, personal)
	}
}

// fields adds what the standard has no word for. It may be about anything,
// a password too.
func (w *words) fields(name string, list []lis.ExtensionField, personal bool) {
	for i := range list {
		f := &list[i]
		value := f.FieldValue
		switch {
		case isSecret(f.FieldName):
			value = "not shown"
		case personal:
			value = w.mask(value)
		}
		w.add(name, with(or(f.FieldName, "a field without name")+" = "+or(value, "nothing"), f.FieldType))
	}
}

func isSecret(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"password", "passwd", "passphrase", "secret", "pin", "token"} {
		if name == word || len(word) > 3 && strings.Contains(name, word) {
			return true
		}
	}
	return false
}

func (w *words) membership(m *lis.Membership) string {
	if m == nil {
		return ""
	}
	w.add("person", string(m.Person()))
	w.add(or(kindWord(lis.Kind(m.MembershipIDType)), "collection"), string(m.CollectionSourcedID))
	var roles []string
	if m.Member != nil {
		for i := range m.Member.Role {
			r := &m.Member.Role[i]
			w.role(r)
			roles = append(roles, with(or(r.RoleType, "no role type"), r.Status))
		}
	}
	w.add("data source", m.DataSource)
	return "person " + string(m.Person()) + " in " + or(kindWord(lis.Kind(m.MembershipIDType)), "collection") + " " +
		string(m.CollectionSourcedID) + " as " + or(strings.Join(roles, " and "), "nothing (no role)")
}

// role adds one role of a member.
func (w *words) role(r *lis.Role) {
	w.add("role", with(join(or(r.RoleType, "no role type"), r.SubRole), r.Status))
	w.add("role time", timeWord(r.TimeFrame))
	w.add("role since", r.DateTime)
	w.number("credit hours", r.CreditHours)
	w.about(r.DataSource, r.RecordInfo, r.Extension)
}
