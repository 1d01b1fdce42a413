package moodlefake

import (
	"crypto/md5"
	"fmt"
	"slices"
	"strings"
)

// A user is an account, as the user functions answer it.
type user struct {
	ID          int    `json:"id"`
	Username    string `json:"username"`
	First       string `json:"firstname"`
	Last        string `json:"lastname"`
	Full        string `json:"fullname"`
	Email       string `json:"email"`
	Department  string `json:"department"`
	Idnumber    string `json:"idnumber"`
	FirstAccess int    `json:"firstaccess"`
	LastAccess  int    `json:"lastaccess"`
	Auth        string `json:"auth"`
	Suspended   bool   `json:"suspended"`
	Confirmed   bool   `json:"confirmed"`
	Lang        string `json:"lang"`
	Theme       string `json:"theme"`
	Timezone    string `json:"timezone"`
	MailFormat  int    `json:"mailformat"`
	Small       string `json:"profileimageurlsmall"`
	Image       string `json:"profileimageurl"`

	deleted bool
}

func (s *Site) addUser(u *user) {
	s.last.user++
	u.ID = s.last.user
	u.Confirmed, u.MailFormat, u.Timezone, u.Full = true, 1, "99", u.First+" "+u.Last
	if u.Lang == "" {
		u.Lang = "en"
	}
	s.users[u.ID] = u
	s.index(u)
}

func (s *Site) index(u *user) {
	s.usernames[u.Username] = u.ID
	s.emails[strings.ToLower(u.Email)] = u.ID
	if u.Idnumber != "" {
		s.idnumbers[u.Idnumber] = append(s.idnumbers[u.Idnumber], u.ID)
		slices.Sort(s.idnumbers[u.Idnumber])
	}
}

func (s *Site) unindex(u *user) {
	delete(s.usernames, u.Username)
	delete(s.emails, strings.ToLower(u.Email))
	if rest := slices.DeleteFunc(s.idnumbers[u.Idnumber], func(id int) bool { return id == u.ID }); len(rest) > 0 {
		s.idnumbers[u.Idnumber] = rest
	} else {
		delete(s.idnumbers, u.Idnumber)
	}
}

// createUsers checks all rows before it makes one: they are one transaction.
func (s *Site) createUsers(c *call) (any, *exception) {
	usernames, emails := map[string]bool{}, map[string]bool{}
	for _, r := range c.list("users") {
		name, email := r.str("username"), strings.ToLower(r.str("email"))
		if ex := s.newUser(r, usernames[name], emails[email]); ex != nil {
			return nil, ex
		}
		usernames[name], emails[email] = true, true
	}
	made := []row{}
	for _, r := range c.list("users") {
		u := &user{Username: r.str("username"), First: r.str("firstname"), Last: r.str("lastname"), Email: r.str("email"),
			Idnumber: r.str("idnumber"), Department: r.str("department"), Auth: r.str("auth"), Lang: r.str("lang")}
		if u.Auth == "" {
			u.Auth = "manual"
		}
		s.addUser(u)
		s.effect(c, u.key(), true, r)
		made = append(made, row{"id": u.ID, "username": u.Username})
	}
	return made, nil
}

func (s *Site) newUser(r *node, usernameTwice, emailTwice bool) *exception {
	name, email := r.str("username"), r.str("email")
	if ex := checkUser(r); ex != nil {
		return ex
	}
	switch {
	case s.usernames[name] != 0 || usernameTwice:
		return invalid("Username already exists: %s", name)
	case s.emails[strings.ToLower(email)] != 0 || emailTwice:
		return invalid("Email address already exists: %s", email)
	case r.str("password") == "" && r.str("createpassword") != "1" && r.str("auth") != "nologin":
		return invalid("Invalid password: you must provide a password, or set createpassword.")
	}
	return nil
}

// checkUser holds what is given of a user against the rules of one row.
func checkUser(r *node) *exception {
	for _, field := range []string{"username", "firstname", "lastname"} {
		if r.has(field) && strings.TrimSpace(r.str(field)) == "" {
			return invalid("The field %s cannot be blank", field)
		}
	}
	name, email := r.str("username"), r.str("email")
	switch {
	case name != strings.ToLower(name):
		return invalid("The username must be in lower case")
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-._@") != "":
		return invalid("The username is invalid")
	case r.has("email") && !strings.Contains(email, "@"):
		return invalid("Email address is invalid: %s", email)
	}
	return nil
}

// updateUsers makes each row on its own: one that cannot be is a warning.
func (s *Site) updateUsers(c *call) (any, *exception) {
	warnings := []row{}
	for _, r := range c.list("users") {
		u := s.users[r.num("id")]
		if u == nil || u.deleted {
			warnings = append(warnings, warning("user", r.num("id"), "invaliduserid", "Invalid user ID"))
			continue
		}
		if text := s.clash(u, r); text != "" {
			warnings = append(warnings, warning("user", u.ID, "invalidparameter", text))
			continue
		}
		before := *u
		s.unindex(u)
		set(r, "username", &u.Username)
		set(r, "firstname", &u.First)
		set(r, "lastname", &u.Last)
		set(r, "email", &u.Email)
		set(r, "idnumber", &u.Idnumber)
		set(r, "department", &u.Department)
		set(r, "auth", &u.Auth)
		if r.has("suspended") {
			u.Suspended = r.str("suspended") == "1"
		}
		u.Full = u.First + " " + u.Last
		s.index(u)
		s.effect(c, u.key(), before != *u, r)
	}
	return row{"warnings": warnings}, nil
}

// clash says why an update of a user cannot be. [K: the texts]
func (s *Site) clash(u *user, r *node) string {
	if ex := checkUser(r); ex != nil {
		return ex.Message
	}
	if id := s.usernames[r.str("username")]; r.has("username") && id != 0 && id != u.ID {
		return "Username already exists"
	}
	if id := s.emails[strings.ToLower(r.str("email"))]; r.has("email") && id != 0 && id != u.ID {
		return "Duplicate email address"
	}
	return ""
}

func (s *Site) deleteUsers(c *call) (any, *exception) {
	for _, r := range c.list("userids") {
		var id int
		_, _ = fmt.Sscan(r.value, &id)
		u := s.users[id]
		if u == nil || u.deleted {
			return nil, &exception{"dml_missing_record_exception", "invaliduser", "Invalid user", ""}
		}
		key := u.key()
		s.unindex(u)
		u.Username = fmt.Sprintf("%s.%d", u.Email, s.now())
		u.Email = fmt.Sprintf("%x", md5.Sum([]byte(u.Username)))
		u.Idnumber, u.deleted = "", true
		for _, co := range s.courses {
			co.unenrol(u.ID)
		}
		s.effect(c, key, true, nil)
	}
	return nil, nil
}

func (u *user) key() string {
	if u.Idnumber != "" {
		return u.Idnumber
	}
	return u.Username
}

func set(r *node, key string, field *string) {
	if r.has(key) {
		*field = r.str(key)
	}
}

func warning(item string, id int, code, text string) row {
	return row{"item": item, "itemid": id, "warningcode": code, "message": text}
}
