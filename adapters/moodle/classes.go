package moodle

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A fault is an exception of Moodle. Debug comes only from sites that run with
// developer debugging.
type fault struct {
	Exception string `json:"exception"`
	Code      string `json:"errorcode"`
	Message   string `json:"message"`
	Debug     string `json:"debuginfo"`
}

func (f *fault) Error() string { return "Moodle says " + f.Code }

func (f *fault) said() string {
	text := f.Code + ": " + f.Message
	if f.Debug != "" {
		text += " (" + f.Debug + ")"
	}
	return text
}

// A strange is an answer that is none of Moodle's web services.
type strange struct {
	status         int
	text, location string
	busy           time.Duration // how long the site asks for time, when it does
}

func (s *strange) Error() string {
	return fmt.Sprintf("HTTP %d with something that is no answer of a web service", s.status)
}

// A truncated is a call of which PHP dropped the end.
type truncated struct{ vars int }

func (t *truncated) Error() string {
	return fmt.Sprintf("the site reads fewer than %d form variables of one call; nothing was carried out", t.vars)
}

// A verdict is what is done about an error code.
type verdict struct {
	class  adapters.Class
	narrow bool // the system is there, but not for this
	hint   string
}

// unsaid is what can be done about a refusal without a reason; accountRules
// are the rules that accounts usually break.
const (
	unsaid = "Moodle does not say which value it did not take. With developer debugging (Site administration, Development, " +
		"Debugging) the site names it."
	accountRules = "Moodle does not say which rule was broken. Usual are: the user name or the e-mail address is taken by an account that the " +
		"service account may not see; the password policy is strict; the authentication that the setting auth names is not enabled. With developer debugging " +
		"(Site administration, Development, Debugging) the site names the rule."
)

// codes is the table from Moodle's error codes to what is done (back-end
// facts, A1: codes met). A code that is not here is Unavailable but Narrow:
// what is not understood is tried again, and the others go on. [ours]
var codes = map[string]verdict{
	"invalidtoken": {adapters.Unavailable, false,
		"The token is wrong, has expired or was taken back. Make a new one for the service account under Server, Web services, Manage tokens."},
	"accessexception": {adapters.Unavailable, true,
		"The external service lacks this function, or the service account a capability. lisgate check --targets lists the functions that are missing; add them under Server, Web services, External services."},
	"nopermissions": {adapters.Unavailable, true,
		"The service account's role lacks a capability; give it under Users, Permissions, Define roles."},
	"requireloginerror":          {adapters.Unavailable, true, "The service account may not enter the course; give it moodle/course:view."},
	"errorcoursecontextnotvalid": {adapters.Unavailable, true, "The service account may not enter the course; give it moodle/course:view."},
	"wsusercannotassign": {adapters.Refused, false,
		"Either the site has another id for this role: set settings.role_ids of the target; or the service account may not assign it: allow it under Users, Permissions, Define roles, Allow role assignments."},
	"codingerror":             {adapters.Missing, false, "The account is gone at Moodle."},
	"invaliduser":             {adapters.Missing, false, "The account is gone at Moodle."},
	"invalidrecord":           {adapters.Missing, false, "What the record refers to is gone at Moodle."},
	"errorcatcontextnotvalid": {adapters.Missing, false, "The category is gone at Moodle, or the service account may not manage it."},
	"unknowncategory":         {adapters.Missing, false, "The category is gone at Moodle."},
	"invalidparameter":        {adapters.Refused, false, unsaid},
	"categoryidnumbertaken":   {adapters.Refused, false, "Another category has this idnumber, and the service account may not see it."},
	"courseidnumbertaken":     {adapters.Refused, false, "Another course has this idnumber, and the service account may not see it."},
	"shortnametaken":          {adapters.Refused, false, "Another course has this short name. Change its label, or rename the other course at Moodle."},
	"enddatebeforestartdate":  {adapters.Refused, false, "Correct the time frame: its end is before its beginning."},
	"dmlwriteexception":       {adapters.Unavailable, true, "The site's database did not take it; it is tried again."},
}

// classed gives an error of a call its class.
func classed(err error) error {
	var done *adapters.Error
	if err == nil || errors.As(err, &done) {
		return err
	}
	e := &adapters.Error{Class: adapters.Unavailable, Err: err, Hint: "Look whether the site is up and can be reached from here."}
	var f *fault
	var s *strange
	var t *truncated
	switch {
	case errors.As(err, &f):
		v, known := codes[f.Code]
		if !known {
			v = verdict{adapters.Unavailable, true, "This code is not known here; the site's own text says more."}
		}
		e.Class, e.Narrow, e.Hint, e.Answer = v.class, v.narrow, v.hint, f.said()
	case errors.As(err, &s):
		s.judge(e)
	case errors.As(err, &t):
		e.Narrow, e.Hint = true, "Raise max_input_vars in the site's PHP settings to 5000, which Moodle asks for, or set it lower here. Smaller calls are tried now."
	}
	return e
}

func (s *strange) judge(e *adapters.Error) {
	e.Answer = s.text
	switch {
	case s.status/100 == 3:
		e.Hint = "The site sends callers to its configured host name ($CFG->wwwroot): use exactly that address, with https where it has it."
		if s.location != "" {
			e.Answer = "redirect to " + s.location
		}
	case s.busy > 0:
		e.Class, e.After = adapters.Busy, s.busy
		e.Hint = "What stands before the site limits callers; ask for a higher limit for the gateway."
	case s.status == http.StatusInternalServerError:
		e.Hint = "PHP failed before Moodle could answer; the web server's error log says why."
	case s.status == http.StatusNotFound:
		e.Hint = "There are no web services at this address: check the URL (from Moodle 5.1 on the web root is the folder public), and that REST is enabled."
	case s.status == http.StatusOK:
		e.Hint = "Something before the site answers in its place: a log-in page, a maintenance page or a warning of PHP."
	}
}

// busyFor is how long a busy site that does not say is left alone.
const busyFor = 10 * time.Second

// code returns Moodle's error code, "" for an error that is none of its.
func code(err error) string {
	var f *fault
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

func refused(hint, format string, args ...any) *adapters.Error {
	return &adapters.Error{Class: adapters.Refused, Hint: hint, Err: fmt.Errorf(format, args...)}
}

func unsupported(hint, format string, args ...any) *adapters.Error {
	return &adapters.Error{Class: adapters.Unsupported, Hint: hint, Err: fmt.Errorf(format, args...)}
}

func missing(kind lis.Kind, id lis.SourcedID) *adapters.Error {
	return &adapters.Error{Class: adapters.Missing, Parent: id, ParentKind: kind, Err: fmt.Errorf("the %s %s is not at Moodle", kind, id),
		Hint: "It is waited for. If it should be there, look whether its idnumber at Moodle is this sourcedId."}
}
