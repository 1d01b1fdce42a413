package moodlefake

import (
	"fmt"
	"strconv"
	"strings"
)

// A shape says which parameters a function takes. It is written as words:
// name, with ! when it is required, :i for an integer and :b for a boolean,
// [] for a list and {} around the parameters of a structure.
type shape struct {
	required bool
	kind     byte
	list     bool
	fields   map[string]*shape
}

// parseShape reads the words of a structure up to its end.
func parseShape(text string) *shape {
	words := strings.Fields(strings.NewReplacer("{", " { ", "}", " } ").Replace(text))
	root := &shape{}
	root.read(words)
	return root
}

func (s *shape) read(words []string) []string {
	s.fields = map[string]*shape{}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		if word == "}" {
			return words
		}
		f := &shape{kind: 's'}
		word, f.required = strings.CutSuffix(word, "!")
		name, kind, typed := strings.Cut(word, ":")
		if typed {
			f.kind = kind[0]
		}
		name, f.list = strings.CutSuffix(name, "[]")
		s.fields[name] = f
		if len(words) > 0 && words[0] == "{" {
			words = f.read(words[1:])
		}
	}
	return words
}

// check holds parameters against a structure.
func (s *shape) check(n *node) *exception {
	for _, key := range n.keys {
		f := s.fields[key]
		if f == nil {
			return invalid("Unexpected keys (%s) detected in parameter array.", key)
		}
		if err := f.value(n.kids[key]); err != nil {
			return err
		}
	}
	for name, f := range s.fields {
		if f.required && !n.has(name) {
			return invalid("Missing required key in single structure: %s", name)
		}
	}
	return nil
}

func (s *shape) value(n *node) *exception {
	if !s.list {
		return s.one(n)
	}
	for _, key := range n.keys {
		if _, err := strconv.Atoi(key); err != nil {
			return invalid("Only arrays accepted. The bad value is: %s", key)
		}
		if err := s.one(n.kids[key]); err != nil {
			return err
		}
	}
	return nil
}

func (s *shape) one(n *node) *exception {
	switch {
	case s.fields != nil:
		return s.check(n)
	case n.kids != nil:
		return invalid("Scalar type expected, array or object received.")
	case s.kind == 'i':
		if _, err := strconv.Atoi(n.value); err != nil {
			return invalid("Invalid external api parameter: the value is %q, the server was expecting \"int\" type", n.value)
		}
	case s.kind == 'b' && n.value != "0" && n.value != "1" && n.value != "":
		return invalid("Invalid external api parameter: the value is %q, the server was expecting \"bool\" type", n.value)
	}
	return nil
}

// An exception is what Moodle answers in place of a result.
type exception struct {
	Exception string `json:"exception"`
	Code      string `json:"errorcode"`
	Message   string `json:"message"`
	Debug     string `json:"debuginfo,omitempty"`
}

// invalid is the answer that does not say what is wrong, unless the site runs
// with developer debugging.
func invalid(format string, args ...any) *exception {
	return &exception{"invalid_parameter_exception", "invalidparameter", "Invalid parameter value detected", fmt.Sprintf(format, args...)}
}

func moodle(code, format string, args ...any) *exception {
	return &exception{"moodle_exception", code, fmt.Sprintf(format, args...), ""}
}

func noRecord(table string) *exception {
	return &exception{"dml_missing_record_exception", "invalidrecord", "Can't find data record in database table " + table + ".", ""}
}
