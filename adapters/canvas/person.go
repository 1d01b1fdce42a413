package canvas

import (
	"context"
	"errors"
	"net/mail"
	"slices"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A user is a person as Canvas has one.
type user struct {
	ID       int64  `json:"id"`
	SIS      string `json:"sis_user_id"`
	Login    string `json:"login_id"`
	Name     string `json:"name"`
	Sortable string `json:"sortable_name"`
	Short    string `json:"short_name"`
	Email    string `json:"email"`
}

// userOf reads a person for Canvas.
func userOf(id lis.SourcedID, p *lis.Person) user {
	first, last := or(p.Part("First"), p.Part("Given")), or(p.Part("Last"), p.Part("Family"))
	u := user{SIS: string(id), Name: strings.TrimSpace(p.Formatted()), Email: email(p)}
	u.Sortable = or(u.Name, last, first)
	if first != "" && last != "" {
		u.Sortable = last + ", " + first
	}
	u.Short = or(p.Part("Nickname"), u.Name)
	u.Login = login(p)
	return u
}

// login is the userId whose type says so, the first one otherwise, and the
// e-mail address when there is none.
func login(p *lis.Person) string {
	best, rank := "", len(loginTypes)+1
	for i := range p.Roles {
		for j := range p.Roles[i].UserID {
			id := &p.Roles[i].UserID[j]
			value := strings.TrimSpace(id.UserIDValue.String())
			n := slices.Index(loginTypes, strings.ToLower(strings.TrimSpace(id.UserIDType.String())))
			if n < 0 {
				n = len(loginTypes)
			}
			if value != "" && n < rank {
				best, rank = value, n
			}
		}
	}
	return or(best, email(p))
}

// email is the primary address, or the first one.
func email(p *lis.Person) string {
	first := ""
	for i := range p.ContactInfo {
		c := &p.ContactInfo[i]
		v := strings.TrimSpace(c.ContactInfoValue.String())
		kind := strings.ToLower(c.ContactInfoType.Value() + c.ContactInfoType.Name())
		if !strings.Contains(v, "@") && !strings.Contains(kind, "email") {
			continue
		}
		if strings.Contains(kind, "primary") {
			return v
		}
		first = or(first, v)
	}
	return first
}

func putPerson(id lis.SourcedID, p *lis.Person) ([]row, error) {
	u := userOf(id, p)
	switch {
	case u.Login == "":
		return nil, refused("add a userId to the person at the source", "the person has no login: neither a userId nor an e-mail address")
	case strings.ContainsAny(u.Login, " \t"):
		return nil, refused("mend the userId at the source", "the login holds a space")
	case u.Name == "":
		return nil, refused("add a name to the person at the source", "the person has no name")
	case u.Email != "" && !validEmail(u.Email):
		return nil, refused("mend the e-mail address at the source; Canvas would pass over it without a word", "the e-mail address is not one")
	}
	return []row{u.row("active")}, nil
}

func validEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

func (u user) row(status string) row {
	return row{sheet: "users", fields: map[string]string{
		"user_id": u.SIS, "login_id": u.Login, "full_name": u.Name, "sortable_name": u.Sortable,
		"short_name": u.Short, "email": u.Email, "status": status,
	}}
}

// record is the person that Canvas has.
func (u user) record() *lis.Record {
	p := &lis.Person{FormName: []lis.FormName{{FormNameType: value("Full"), FormattedName: lis.NewText("", u.Name)}}}
	last, first, both := strings.Cut(u.Sortable, ", ")
	if both {
		p.Name = []lis.Name{{NameType: value("Full"), PartName: []lis.BaseValue{part("First", first), part("Last", last)}}}
	}
	if u.Email != "" {
		p.ContactInfo = []lis.ContactInfo{{ContactInfoType: value("EmailPrimary"), ContactInfoValue: lis.NewText("", u.Email)}}
	}
	if u.Login != "" {
		p.Roles = []lis.EnterpriseRoles{{UserID: []lis.UserID{{UserIDValue: lis.NewText("", u.Login), UserIDType: lis.NewText("", "Logon ID")}}}}
	}
	return &lis.Record{ID: lis.SourcedID(u.SIS), Object: p}
}

func value(s string) *lis.BaseValue { return &lis.BaseValue{InstanceValue: lis.NewText("", s)} }

func part(name, s string) lis.BaseValue {
	return lis.BaseValue{InstanceName: lis.NewText("", name), InstanceValue: lis.NewText("", s)}
}

// dropPerson looks first: Canvas would make a user only to delete it.
func (b *batch) dropPerson(ctx context.Context, id lis.SourcedID) ([]row, error) {
	var u user
	err := b.a.get(ctx, "users/"+ref("user", string(id)), nil, &u)
	if errors.Is(err, errAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	switch {
	case b.a.opts.Removal == adapters.Delete:
		return []row{u.row("deleted")}, nil
	case b.a.opts.SuspendUsers:
		suspended, err := b.a.suspended(ctx, id)
		if err != nil || suspended {
			return nil, err
		}
		return []row{u.row("suspended")}, nil
	}
	return b.endAll(ctx, id)
}

// endAll ends every enrolment that a person has.
func (b *batch) endAll(ctx context.Context, id lis.SourcedID) ([]row, error) {
	var rows []row
	for e, err := range b.a.enrollments(ctx, "users/"+ref("user", string(id)), "") {
		if err != nil {
			return nil, err
		}
		if e.State == "active" || e.State == "invited" {
			rows = append(rows, e.row(enrollmentStatus[b.a.opts.Removal]))
		}
	}
	return rows, nil
}

// suspended reports whether the login that carries the SIS ID is suspended;
// the user itself does not say.
func (a *Adapter) suspended(ctx context.Context, id lis.SourcedID) (bool, error) {
	for l, err := range pages(ctx, a, "users/"+ref("user", string(id))+"/logins", nil, func(l loginRow) int64 { return l.ID }) {
		if err != nil {
			return false, err
		}
		if l.SIS == string(id) && l.State == "suspended" {
			return true, nil
		}
	}
	return false, nil
}

type loginRow struct {
	ID    int64  `json:"id"`
	SIS   string `json:"sis_user_id"`
	State string `json:"workflow_state"`
}
