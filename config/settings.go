package config

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"
)

// Settings are those of one adapter, by name. Each is kept as a Secret,
// because some are: what is printed of them is what AdapterSettings says is
// none.
type Settings map[string]Secret

// What a setting of an adapter can be.
const (
	KindText     = "text"
	KindInt      = "int"
	KindDuration = "duration"
	KindBool     = "bool"
	KindSecret   = "secret"
	KindList     = "list" // a, b, c or [a, b, c]
)

// A Setting is one that an adapter knows.
type Setting struct {
	Name    string
	Kind    string
	Default string
	Doc     string
}

// AdapterSettings are the settings of each adapter, under settings of a target
// or a source. Others are refused.
var AdapterSettings = map[string][]Setting{
	"lissoap": {
		{"bulk_folder", KindText, "", "write bulk data files into this folder in place of calls; url is not needed then"},
		{"create_by_proxy", KindBool, "false", "the system allots the sourcedId of what was created by proxy; without it such a record is put under its own"},
	},
	"moodle": {
		{"max_input_vars", KindInt, "1000", "the max_input_vars of its PHP: what is above it is cut off silently there"},
		{"category", KindText, "", "idnumber of the category for courses that belong to none"},
		{"auth", KindText, "manual", "how new users log in"},
		{"create_password", KindBool, "false", "Moodle sends new users a password"},
		{"shared_email", KindBool, "false", "the site lets users share an e-mail address"},
		{"role_ids", KindList, "", "role=id for each role that the site numbers otherwise, such as student=5, editingteacher=3"},
	},
	"canvas": {
		{"account", KindText, "self", "the account that the SIS imports go to"},
		{"poll", KindDuration, "2s", "how often the state of an import is asked for"},
		{"term", KindText, "", "term of courses whose own Canvas does not know"},
		{"account_types", KindList, "", "types of groups that are accounts; those of the adapter when empty"},
		{"fallback_account", KindText, "", "account of courses whose own Canvas does not know"},
		{"suspend_users", KindBool, "false", "a person who goes is suspended; else only the enrollments end"},
		{"override_sis_stickiness", KindBool, "false", "overwrite what people changed in Canvas"},
		{"claim_logins", KindBool, "false", "give a user who has the login the new SIS id"},
		{"sections_as_courses", KindBool, "false", "each section is a course of its own"},
		{"letter_grades", KindBool, "false", "read the letter of a final grade, where there is one"},
		{"diffing", KindText, "", "name of the data set for diffing; empty for none"},
	},
	"blackboard": {
		{"integration", KindText, "", "id of the flat-file integration, for rosters; with basic"},
		{"data_source", KindText, "", "data_source_key of every row; it must exist in Learn"},
		{"poll", KindDuration, "3s", "how often the state of a data set is asked for"},
		{"loose_counts", KindBool, "false", "the counts of a data set are not of rows"},
		{"key", KindText, "", "key of the REST application, for grades and comparison"},
		{"secret", KindSecret, "", "its secret"},
		{"budget", KindInt, "10000", "REST calls in 24 hours"},
		{"reserve", KindInt, "2000", "of these for grades alone"},
	},
	"ethos": {
		{"versions", KindList, "", "resource=version for each that is pinned otherwise, such as persons=12.1.0"},
		{"resources", KindList, "", "what a source reads; empty for all that is known"},
		{"user_id", KindText, "", "type of the credential that is the user id, such as bannerId"},
		{"final_type", KindText, "", "GUID of the section-grade-type of final grades"},
		{"midterm_type", KindText, "", "GUID of that of midterm grades"},
		{"report_errors", KindBool, "false", "tell Ethos what was not taken"},
	},
	"ilp": {
		{"submitter", KindText, "", "who answers for grades that do not say who submitted them"},
		{"failing", KindList, "", "grades that need a last attendance date; F, Fail when empty"},
		{"incomplete", KindList, "", "grades that need a default grade; I when empty"},
		{"resubmit", KindDuration, "5m", "how long before a refused row is sent again"},
	},
	"sqldb": {
		{"file", KindText, "", "YAML file that says what is read and written; example:rosariosis is built in"},
		{"dsn", KindSecret, "", "where the database is, in place of the one in the file"},
	},
	"csvfiles": {
		{"file", KindText, "", "YAML file that says which files hold what"},
		{"folder", KindText, "", "the drop folder, in place of the one in the file"},
	},
	"httpjson": {
		{"paths", KindList, "", "kind=path for each kind that it takes, such as person=people, courseSection=courses"},
		{"body", KindText, "", "what is put, where {id}, {kind} and {record} stand for JSON; the record alone when empty"},
		{"record", KindText, "", "the member of an answer that is the record; all of it when empty"},
		{"target_id", KindText, "", "the member of an answer that is the system's own id"},
		{"header", KindText, "Authorization", "the header in which the token goes; Authorization has Bearer before it"},
	},
	"oneroster": {},
}

func settingNamed(adapter, name string) (Setting, bool) {
	for _, s := range AdapterSettings[adapter] {
		if s.Name == name {
			return s, true
		}
	}
	return Setting{}, false
}

// fill gives the settings of an adapter that were not given their defaults.
func (s *Settings) fill(adapter string) {
	for _, known := range AdapterSettings[adapter] {
		if _, given := (*s)[known.Name]; !given && known.Default != "" {
			if *s == nil {
				*s = Settings{}
			}
			(*s)[known.Name] = Secret(known.Default)
		}
	}
}

// parse reads a setting, or says what it must be.
func (s Setting) parse(text string) (any, error) {
	switch s.Kind {
	case KindInt:
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return 0, errors.New("must be a whole number")
		}
		return n, nil
	case KindDuration:
		return parseDuration(text)
	case KindBool:
		return parseBool(text)
	case KindList:
		return splitList(text), nil
	}
	return parseLine(text)
}

func setting[T any](s Settings, name, kind string) T {
	var zero T
	value, err := Setting{Kind: kind}.parse(string(s[name]))
	if got, ok := value.(T); ok && err == nil {
		return got
	}
	return zero
}

// Text returns a setting of the target's adapter, its default when it was not
// given, and "" when it has none. The others do the same for other kinds.
func (t *Target) Text(name string) string { return setting[string](t.Settings, name, KindText) }

// Int returns a number.
func (t *Target) Int(name string) int { return setting[int](t.Settings, name, KindInt) }

// Duration returns a duration.
func (t *Target) Duration(name string) time.Duration {
	return setting[time.Duration](t.Settings, name, KindDuration)
}

// Bool returns a yes or no.
func (t *Target) Bool(name string) bool { return setting[bool](t.Settings, name, KindBool) }

// List returns a list.
func (t *Target) List(name string) []string { return setting[[]string](t.Settings, name, KindList) }

// Secret returns a secret, to be revealed.
func (t *Target) Secret(name string) Secret { return t.Settings[name] }

// Text returns a setting of the source's adapter, as Target.Text does.
func (s *Source) Text(name string) string { return setting[string](s.Settings, name, KindText) }

// Int returns a number.
func (s *Source) Int(name string) int { return setting[int](s.Settings, name, KindInt) }

// Duration returns a duration.
func (s *Source) Duration(name string) time.Duration {
	return setting[time.Duration](s.Settings, name, KindDuration)
}

// Bool returns a yes or no.
func (s *Source) Bool(name string) bool { return setting[bool](s.Settings, name, KindBool) }

// List returns a list.
func (s *Source) List(name string) []string { return setting[[]string](s.Settings, name, KindList) }

// Secret returns a secret, to be revealed.
func (s *Source) Secret(name string) Secret { return s.Settings[name] }

// shown returns what may be seen: a name that any adapter has for a secret, or
// that none knows, is masked.
func (s Settings) shown() map[string]string {
	all := map[string]string{}
	for name, value := range s {
		all[name] = value.String()
		if open(name) {
			all[name] = string(value)
		}
	}
	return all
}

func open(name string) bool {
	found := false
	for adapter := range AdapterSettings {
		if s, ok := settingNamed(adapter, name); ok {
			if s.Kind == KindSecret {
				return false
			}
			found = true
		}
	}
	return found
}

// MarshalYAML writes the settings with <secret> for each secret.
func (s Settings) MarshalYAML() (any, error) { return s.shown(), nil }

// MarshalJSON does the same for JSON.
func (s Settings) MarshalJSON() ([]byte, error) { return json.Marshal(s.shown()) }
