package main

import (
	"errors"
	"strings"
	"testing"

	"lisgate/config"
)

func TestCheckTellsOfRoutesAndTests(t *testing.T) {
	o := &checked{OK: true, Listen: "127.0.0.1:8080", Routes: 1}
	o.routes(func(yield func(string, error) bool) {
		_ = yield("target lms, test a learner is a student", nil) &&
			yield("target lms, test grades", errors.New("it was refused")) && yield("route fall", errors.New("there is no persn"))
	})
	var out strings.Builder
	cmd := newCheckCommand()
	cmd.SetOut(&out)
	if err := o.print(cmd); err != nil || o.OK {
		t.Errorf("%v, ok is %v", err, o.OK)
	}
	want := `target lms, test a learner is a student: ok
target lms, test grades: it was refused
route fall: there is no persn
config can be read, but not used as it is: listens on 127.0.0.1:8080, 0 callers, 0 targets, 1 route
`
	if out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
	o, out = &checked{OK: true}, strings.Builder{}
	o.routes(func(yield func(string, error) bool) { yield("target lms, test x", nil) })
	if err := o.print(cmd); err != nil || !o.OK || !strings.Contains(out.String(), "config is good") {
		t.Errorf("%v, got\n%s", err, out.String())
	}
}

// A source is no target, and what serve would die of is told before.
func TestCheckTellsSourcesFromTargets(t *testing.T) {
	c := &config.Config{Targets: []config.Target{{Name: "lms"}, {Name: "drop"}}, Sources: []config.Source{{Name: "drop"}}}
	o := &checked{OK: true, Listen: "127.0.0.1:8080"}
	o.adapters(c, func(yield func(string, error) bool) {
		_ = yield("target lms", nil) && yield("source drop", errors.New("csv.yaml is missing")) && yield("callers", errors.New("no such place"))
	})
	var out strings.Builder
	cmd := newCheckCommand()
	cmd.SetOut(&out)
	if err := o.print(cmd); err != nil || o.OK {
		t.Errorf("%v, ok is %v", err, o.OK)
	}
	want := `callers: no such place
config can be read, but not used as it is: listens on 127.0.0.1:8080, 0 callers, 1 source, 2 targets, 0 routes
target drop: not asked
target lms: not asked
source drop: csv.yaml is missing
`
	if out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
}
