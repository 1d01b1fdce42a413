package canvas

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/canvas/canvasfake"
	"lisgate/gateway/lis"
)

// collect reads a list to its end.
func collect(t *testing.T, a *Adapter, kind lis.Kind) ([]*lis.Record, error) {
	t.Helper()
	var all []*lis.Record
	for r, err := range a.List(t.Context(), kind) {
		if err != nil {
			return all, err
		}
		all = append(all, r)
	}
	return all, nil
}

// TestPagedToTheEnd is pain 8: 250 users are three pages.
func TestPagedToTheEnd(t *testing.T) {
	_, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	if _, errs := a.ApplyAll(t.Context(), persons(250)); errs[0] != nil {
		t.Fatal(errs[0])
	}
	all, err := collect(t, a, lis.KindPerson)
	if err != nil || len(all) != 250 {
		t.Errorf("%d persons, %v", len(all), err)
	}
}

// TestRepeatedPage is pain 9: a page that comes twice hides another.
func TestRepeatedPage(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	a.ApplyAll(t.Context(), persons(250))
	fake.Behave(func(b *canvasfake.Behaviour) { b.RepeatPages = true })
	_, err := collect(t, a, lis.KindPerson)
	of(t, err, adapters.Unavailable)
}

// TestNotTheEnvelope is pain 9 too: a 200 of another shape is no empty list,
// and a link to elsewhere does not get the token.
func TestNotTheEnvelope(t *testing.T) {
	seen := make(chan string, 1)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case seen <- r.Header.Get("Authorization"):
		default:
		}
	}))
	defer elsewhere.Close()
	for name, answer := range map[string]http.HandlerFunc{
		"object":   func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) },
		"page":     func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `<html>`) },
		"empty":    func(w http.ResponseWriter, _ *http.Request) {},
		"absent":   http.NotFound,
		"redirect": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) },
		"elsewhere": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", "<"+elsewhere.URL+`>; rel="next"`)
			fmt.Fprint(w, `[]`)
		},
		"endless": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", "<http://"+r.Host+r.URL.RequestURI()+`>; rel="next"`)
			fmt.Fprint(w, `[]`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(answer)
			defer server.Close()
			a := open(t, server.URL, nil)
			for _, kind := range kinds {
				_, err := collect(t, a, kind)
				of(t, err, adapters.Unavailable)
			}
		})
	}
	select {
	case h := <-seen:
		t.Errorf("somebody else was asked, with %q", h)
	default:
	}
}

// TestGrades: final scores of students, and nothing of others.
func TestGrades(t *testing.T) {
	fake, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	class(t, a)
	must(t, a, put(person(3)))
	must(t, a, put(enrolment("m3", "S1", string(person(3).ID), "Instructor")))
	p1 := string(person(1).ID)
	fake.Grade("S1", p1, "87.30", "B+")
	results := func(a *Adapter) []string {
		var all []string
		for r, err := range a.Results(t.Context(), "S1") {
			if err != nil {
				t.Fatal(err)
			}
			o := r.Object.(*lis.Result)
			all = append(all, string(o.PersonSourcedID)+" "+o.ResultScore.String()+" "+o.Extension.Get("finalGrade"))
		}
		return all
	}
	if got := results(a); len(got) != 1 || got[0] != p1+" 87.30 B+" {
		t.Errorf("%q", got)
	}
	if got := results(open(t, url, func(o *Options) { o.LetterGrades = true })); len(got) != 1 || got[0] != p1+" B+ " {
		t.Errorf("%q", got)
	}
	for _, err := range a.Results(t.Context(), "S/9") {
		if e := of(t, err, adapters.Missing); e.Parent != "S/9" {
			t.Errorf("%+v", e)
		}
	}
}

// TestMembershipsWithoutCrosswalk have no identifier; with suspend, one that
// is Inactive is not listed.
func TestMembershipsWithoutCrosswalk(t *testing.T) {
	_, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	m := class(t, a)
	must(t, a, drop(m))
	all, err := collect(t, a, lis.KindMembership)
	if err != nil || len(all) != 1 || all[0].ID != "" || all[0].Object.(*lis.Membership).Person() != person(2).ID {
		t.Errorf("%v, %v", all, err)
	}
	m.Object.(*lis.Membership).Member.Role[0].Status = lis.StatusInactive
	if a.Mirror(m) != nil {
		t.Error("what is not listed has a mirror")
	}
}

// TestMembershipsOfOfferings are listed as such.
func TestMembershipsOfOfferings(t *testing.T) {
	_, url := serve(t, canvasfake.Options{})
	a := open(t, url, nil)
	class(t, a)
	m := enrolment("m4", "O1", string(person(1).ID), "Instructor")
	m.Object.(*lis.Membership).MembershipIDType = "CourseOffering" // as some peers spell it
	if got := a.Mirror(m).Object.(*lis.Membership).MembershipIDType; got != "courseOffering" {
		t.Errorf("the mirror says %q", got)
	}
	must(t, a, put(m))
	all, err := collect(t, a, lis.KindMembership)
	if err != nil || len(all) != 3 {
		t.Fatalf("%v, %v", all, err)
	}
	found := false
	for _, r := range all {
		o := r.Object.(*lis.Membership)
		found = found || o.MembershipIDType == "courseOffering" && o.CollectionSourcedID == "O1" && o.Member.Role[0].RoleType == "Instructor"
	}
	if !found {
		t.Error("the membership of the offering is not listed as one")
	}
}

func TestFound(t *testing.T) {
	_, url := serve(t, canvasfake.Options{})
	text, err := open(t, url, nil).Found(t.Context())
	if err != nil || !strings.Contains(text, "SIS imports enabled") || !strings.Contains(text, "Learner=student") {
		t.Errorf("%q, %v", text, err)
	}
}
