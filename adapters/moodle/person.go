package moodle

import (
	"slices"
	"strconv"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// An account is a user of Moodle, as far as a person record says anything of one.
type account struct {
	ID        int    `json:"id"`
	Username  string `json:"username"`
	First     string `json:"firstname"`
	Last      string `json:"lastname"`
	Email     string `json:"email"`
	Idnumber  string `json:"idnumber"`
	Suspended bool   `json:"suspended"`
}

// accountOf returns the account that a person shall have.
func accountOf(id lis.SourcedID, p *lis.Person) account {
	a := account{Username: strings.ToLower(strings.TrimSpace(login(p))), Email: email(p), Idnumber: string(id),
		First: part(p, "First", "Given"), Last: part(p, "Last", "Family"), Suspended: inactive(p)}
	if a.First == "" && a.Last == "" {
		a.First = strings.TrimSpace(p.Formatted())
	}
	if a.First == "" {
		a.First, a.Last = a.Last, ""
	}
	if a.Last == "" {
		a.Last = noFamily
	}
	return a
}

func part(p *lis.Person, names ...string) string {
	for _, name := range names {
		if s := strings.TrimSpace(p.Part(name)); s != "" {
			return s
		}
	}
	return ""
}

// login returns the user id whose type is surest to be the login name, or the
// first of any type.
func login(p *lis.Person) string {
	best, rank := "", len(loginTypes)+1
	for i := range p.Roles {
		for j := range p.Roles[i].UserID {
			u := &p.Roles[i].UserID[j]
			n := slices.Index(loginTypes, strings.ToLower(u.UserIDType.String()))
			if n < 0 {
				n = len(loginTypes)
			}
			if v := u.UserIDValue.String(); v != "" && n < rank {
				best, rank = v, n
			}
		}
	}
	return best
}

// email returns the e-mail address whose type says that it is the main one,
// or the first.
func email(p *lis.Person) string {
	first := ""
	for i := range p.ContactInfo {
		v := strings.TrimSpace(p.ContactInfo[i].ContactInfoValue.String())
		if !strings.Contains(v, "@") {
			continue
		}
		if strings.Contains(p.ContactInfo[i].ContactInfoType.Value(), "Primary") {
			return v
		}
		if first == "" {
			first = v
		}
	}
	return first
}

// inactive reports whether all that a person is in the institution is over.
func inactive(p *lis.Person) bool {
	said := false
	for i := range p.Roles {
		for j := range p.Roles[i].InstitutionRole {
			switch strings.ToLower(p.Roles[i].InstitutionRole[j].InstitutionRoleType.Value()) {
			case "inactive", "none":
				said = true
			case "":
			default:
				return false
			}
		}
	}
	return said
}

// flaw says which of Moodle's rules an account breaks, nil for none. The same
// rules at the site would only say invalidparameter, for the whole batch.
func (a account) flaw() error {
	switch {
	case a.Username == "":
		return refused("Add a userId to the person, of type Logon ID.", "the person has no userId, and Moodle wants a user name")
	case strings.Trim(a.Username, "abcdefghijklmnopqrstuvwxyz0123456789-._@") != "":
		return refused("Correct the userId, or map it in the route to another name.",
			"the userId has a character that Moodle does not take in user names: they are of a-z, 0-9 and . _ - @")
	case len(a.Username) > 100:
		return refused("Give the person a shorter userId.", "the userId has %d characters; Moodle takes 100", len(a.Username))
	case a.First == "":
		return refused("Add a partName First or Given, or a formattedName.", "the person has no name")
	case len([]rune(a.First)) > 100 || len([]rune(a.Last)) > 100:
		return refused("Shorten the name in the route.", "a name is longer than the 100 characters that Moodle takes")
	case a.Email == "":
		return refused("Add a contactinfo with an e-mail address, or map one in the route.", "the person has no e-mail address, and Moodle wants one")
	case strings.Count(a.Email, "@") != 1 || strings.ContainsAny(a.Email, " \t\r\n,;<>") || strings.HasPrefix(a.Email, "@") || strings.HasSuffix(a.Email, "@"):
		return refused("Correct the e-mail address at its source.", "the e-mail address is none")
	case len([]rune(a.Email)) > 100:
		return refused("Give the person a shorter e-mail address.", "the e-mail address is longer than the 100 characters that Moodle takes")
	}
	return tooLong(lis.SourcedID(a.Idnumber))
}

func tooLong(id lis.SourcedID) error {
	if n := len([]rune(string(id))); n > idnumberMax {
		return refused("Map the identifier in the route to a shorter one.", "the sourcedId has %d characters; an idnumber at Moodle has %d at most", n, idnumberMax)
	}
	return nil
}

// same reports whether Moodle has an account as it shall be.
func (a account) same(have account) bool {
	have.ID = a.ID
	return a == have
}

// deleted reports whether an account is one that Moodle still tells by its id
// after it was deleted.
func (a account) deleted() bool { return a.Email != "" && !strings.Contains(a.Email, deletedMark) }

// conflict says that an account is in the way.
func conflict(have account, hint, format string, args ...any) *adapters.Error {
	e := refused(hint, format, args...)
	e.Match = strconv.Itoa(have.ID)
	return e
}
