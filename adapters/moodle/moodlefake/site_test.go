package moodlefake

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
)

// A caller sends calls as a careless client does: the token first.
type caller struct {
	*testing.T
	site *Site
}

func (c caller) call(function string, pairs ...string) string {
	c.Helper()
	body := "wstoken=x&moodlewsrestformat=json&wsfunction=" + function
	for i := 0; i < len(pairs); i += 2 {
		body += "&" + url.QueryEscape(pairs[i]) + "=" + url.QueryEscape(pairs[i+1])
	}
	w := httptest.NewRecorder()
	c.site.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "http://site/webservice/rest/server.php", strings.NewReader(body)))
	return w.Body.String()
}

func (c caller) has(answer, words string) {
	c.Helper()
	if !strings.Contains(answer, words) {
		c.Errorf("got %s, want %q in it", answer, words)
	}
}

func (c caller) user(n int) {
	c.Helper()
	c.has(c.call("core_user_create_users", fields("users", 0, "username", fmt.Sprint("u", n), "password", "x", "firstname", "F", "lastname", "L",
		"email", fmt.Sprintf("u%d@example.invalid", n), "idnumber", fmt.Sprint("U", n))...), `"id"`)
}

func fields(array string, i int, pairs ...string) []string {
	for n := 0; n < len(pairs); n += 2 {
		pairs[n] = fmt.Sprintf("%s[%d][%s]", array, i, pairs[n])
	}
	return pairs
}

// TestTheEndOfALongCallIsDropped is what was observed of a stock PHP: success,
// and a part of the rows.
func TestTheEndOfALongCallIsDropped(t *testing.T) {
	c := caller{t, New(Options{})}
	c.call("core_course_create_courses", fields("courses", 0, "fullname", "C", "shortname", "C", "categoryid", "1", "idnumber", "C")...)
	var rows []string
	for n := range 20 {
		c.user(n)
		rows = append(rows, fields("enrolments", n, "roleid", "5", "userid", fmt.Sprint(n+4), "courseid", "2")...)
	}
	c.site.Switch(func(s *Switches) { s.MaxInputVars = 3 + 3*12 })
	c.has(c.call("enrol_manual_enrol_users", rows...), "null")
	if n := c.site.Counts().Enrolments; n != 12 {
		t.Errorf("%d enrolments, want the first 12", n)
	}
	c.site.Switch(func(s *Switches) { s.MaxInputVars = 3 + 3*12 + 1 }) // within a row
	c.has(c.call("enrol_manual_enrol_users", rows...), "invalidparameter")
}

func TestDebuggingNamesTheRule(t *testing.T) {
	for debug, words := range map[bool]string{true: "Email address already exists: U1@example.invalid", false: "invalidparameter"} {
		c := caller{t, New(Options{Debug: debug})}
		c.user(1)
		answer := c.call("core_user_create_users", fields("users", 0, "username", "other", "password", "x", "firstname", "F", "lastname", "L",
			"email", "U1@example.invalid")...)
		c.has(answer, words)
		if strings.Contains(answer, "debuginfo") != debug {
			t.Errorf("debug %v: %s", debug, answer)
		}
	}
}

func TestUnknownKeysAreRefused(t *testing.T) {
	c := caller{t, New(Options{Debug: true})}
	c.has(c.call("core_user_get_users_by_field", "field", "id", "values[0]", "1", "extra", "1"), "Unexpected keys (extra)")
	c.has(c.call("core_user_get_users_by_field", "field", "id", "values[x]", "1"), "invalidparameter")
	c.has(c.call("core_user_update_users", fields("users", 0, "id", "one")...), "expecting")
}

func TestEachNthWriteFails(t *testing.T) {
	c := caller{t, New(Options{})}
	c.site.Switch(func(s *Switches) { s.ErrorEvery = 2 })
	failed := 0
	for n := range 6 {
		if strings.Contains(c.call("core_course_create_categories", fields("categories", 0, "name", fmt.Sprint("K", n))...), "dmlwriteexception") {
			failed++
		}
	}
	if n := c.site.Counts().Categories; failed != 3 || n != 3 {
		t.Errorf("%d failed, %d categories", failed, n)
	}
}

func TestRowsTakeTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := caller{t, New(Options{})}
		c.site.Switch(func(s *Switches) { s.RowsPerSecond = 100 })
		start := c.site.o.Now()
		for n := range 50 {
			c.user(n)
		}
		if took := c.site.o.Now().Sub(start).Milliseconds(); took != 500 {
			t.Errorf("50 rows took %d ms at 100 a second", took)
		}
		c.call("core_user_get_users", fields("criteria", 0, "key", "email", "value", "%")...) // to read costs nothing
		if took := c.site.o.Now().Sub(start).Milliseconds(); took != 500 {
			t.Errorf("reading took time")
		}
	})
}

func TestAnotherHostNameIsSentAway(t *testing.T) {
	s := New(Options{Host: "moodle.example.invalid"})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "http://other/webservice/rest/server.php", http.NoBody))
	body, _ := io.ReadAll(w.Body)
	if w.Code != http.StatusSeeOther || !strings.Contains(string(body), "<html>") || w.Header().Get("Location") != "http://moodle.example.invalid/webservice/rest/server.php" {
		t.Errorf("got %d %s", w.Code, body)
	}
}

func TestALoadIsCounted(t *testing.T) {
	c := caller{t, New(Options{KeepRows: true})}
	c.user(1)
	c.call("core_user_update_users", fields("users", 0, "id", "4", "firstname", "F")...)
	c.site.Edit("U1", func(u *User) { u.Last = "Edited" })
	got := c.site.Effects()
	if len(got) != 2 || got[0].Key != "U1" || !got[0].Changed || got[1].Changed || got[1].Row != "id=4&firstname=F" || c.site.Changes() != 1 {
		t.Errorf("got %+v", got)
	}
	if u := c.site.User("U1"); len(u) != 1 || u[0].Last != "Edited" {
		t.Errorf("got %+v", u)
	}
}
