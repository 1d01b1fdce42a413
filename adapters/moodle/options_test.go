package moodle

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/moodle/moodlefake"
	"lisgate/gateway/lis"
)

func TestOptionsThatCannotBe(t *testing.T) {
	good := Options{URL: "https://moodle.example.edu", Token: "t"}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for words, change := range map[string]func(*Options){
		"no address":              func(o *Options) { o.URL = "" },
		"https://host/path":       func(o *Options) { o.URL = "moodle.example.edu" },
		"holds a user":            func(o *Options) { o.URL = "https://u:p@moodle.example.edu" },
		"no token":                func(o *Options) { o.Token = "" },
		"too little":              func(o *Options) { o.MaxInputVars = 10 },
		"can suspend and delete":  func(o *Options) { o.Removal = adapters.Complete },
		"ask, yes or no":          func(o *Options) { o.Adopt = "perhaps" },
		"sourcedId, userId and":   func(o *Options) { o.Match = []string{"phone"} },
		"no id for it":            func(o *Options) { o.Roles = map[string]string{"Mentor": "parent"} },
		`match "name": accounts `: func(o *Options) { o.Match = []string{"email", "name"} },
	} {
		o := good
		change(&o)
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("error %v, want %q in it", err, words)
		}
	}
}

func TestATokenIsNeverPrinted(t *testing.T) {
	o := Options{URL: "https://x.example", Token: "very-secret"}
	text, err := json.Marshal(struct{ Token Secret }{o.Token})
	if err != nil {
		t.Fatal(err)
	}
	if all := fmt.Sprintf("%v %+v %#v %s", o, o, o, text); strings.Contains(all, "very-secret") {
		t.Error(all)
	}
}

func TestRolesOfOneMembershipAreListedTogether(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	class(w, 2)
	both := memberRecord("S1", 0, "Learner")
	m := both.Object.(*lis.Membership)
	m.Member.Role = append(m.Member.Role, lis.Role{RoleType: "TeachingAssistant", Status: "Active"})
	second := memberRecord("S1", 1, "TeachingAssistant")
	second.ID = "second"
	w.must(put(both), put(memberRecord("S1", 1, "Learner")), put(second))
	var got []string
	for r, err := range w.Adapter.List(t.Context(), lis.KindMembership) {
		if err != nil {
			t.Fatal(err)
		}
		line := string(r.ID)
		for _, role := range r.Object.(*lis.Membership).Member.Role {
			line += " " + role.RoleType
		}
		got = append(got, strings.TrimSpace(line))
	}
	slices.Sort(got)
	if want := []string{"Learner", "M-S1-0 Learner TeachingAssistant", "TeachingAssistant"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if e := w.enrolment("S1", 0); !slices.Equal(e.Roles, []string{"teacher", "student"}) {
		t.Errorf("roles %v", e.Roles)
	}
}

func TestWhatMoodleHasNoPlaceFor(t *testing.T) {
	w := newWorld(t, moodlefake.Options{}, Options{})
	for object, words := range map[lis.Object]string{
		&lis.CourseTemplate{}: "Sections are the courses", &lis.CourseOffering{}: "Sections are the courses",
		&lis.LineItem{}: "column of the grade book", &lis.Result{}: "grades come from Moodle", &lis.ResultValue{}: "scales",
	} {
		w.refuses(put(&lis.Record{ID: "X", Object: object}), adapters.Unsupported, words)
	}
	m := memberRecord("G1", 1, "Learner")
	m.Object.(*lis.Membership).MembershipIDType = "group"
	w.refuses(put(m), adapters.Unsupported, "members of a group")
}
