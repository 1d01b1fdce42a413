package guard

import (
	"net/http"
	"testing"
	"time"

	"lisgate/gateway/lis"
)

func admitted(t *testing.T, change func(*CallerOptions)) (*house, Caller) {
	t.Helper()
	h := newHouse(t, func(o *Options) { change(&o.Callers[0]) })
	c, err := h.enter(withBasic("banner", "pässword"), "", nil)
	wantCaller(t, c, err, "banner")
	return h, c
}

func TestRights(t *testing.T) {
	h, c := admitted(t, func(o *CallerOptions) {
		o.Services = []lis.Service{lis.PMS, lis.CMS}
		o.Operations = []string{"replace*", "readPerson", "deleteCourse?ection", "a.c"}
	})
	for operation, want := range map[string]string{
		"pms replacePerson": "", "cms replaceCourseSection": "", "pms readPerson": "", "cms deleteCourseSection": "", "pms a.c": "",
		"gms replaceGroup": "this service", "pms readPersons": "this operation", "pms xreadPerson": "this operation",
		"pms deletePerson": "this operation", "pms ": "this operation", "pms abc": "this operation", "pms ReplacePerson": "this operation",
		"pms readPerson\nreplaceX": "this operation",
	} {
		err := h.Allow(c, lis.Service(operation[:3]), operation[4:])
		if want == "" && err != nil {
			t.Errorf("%s: %v", operation, err)
		}
		if want != "" {
			wantStatus(t, err, 403, want)
		}
	}
	wantStatus(t, h.AllowAdmin(c), 403, "the caller banner may not administer the gateway; give it admin: true in the config")
	wantStatus(t, h.Allow(Caller{Name: "banner", Admin: true}, lis.PMS, "readPerson"), 403, "not been identified")
	wantStatus(t, h.AllowAdmin(Caller{Admin: true}), 403, "administer")
}

func TestNoRightsNamedIsAll(t *testing.T) {
	h, c := admitted(t, func(o *CallerOptions) { o.Admin = true })
	for range 1000 {
		if err := h.Allow(c, lis.OMS, "deleteResult"); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.AllowAdmin(c); err != nil {
		t.Error(err)
	}
}

func TestRate(t *testing.T) {
	h, c := admitted(t, func(o *CallerOptions) { o.Rate = 2; o.Operations = []string{"read*"} })
	for range 2 {
		wantStatus(t, h.Allow(c, lis.PMS, "deletePerson"), 403, "") // costs nothing
	}
	for round := range 3 {
		for range 2 - min(round, 1) {
			if err := h.Allow(c, lis.PMS, "readPerson"); err != nil {
				t.Fatal(round, err)
			}
		}
		for range 3 { // being refused does not make the wait longer
			e := wantStatus(t, h.Allow(c, lis.PMS, "readPerson"), 429, "faster")
			header := http.Header{}
			e.SetHeaders(header)
			if e.Retry != 500*time.Millisecond || header.Get("Retry-After") != "1" {
				t.Errorf("waits %s, %q", e.Retry, header)
			}
		}
		h.clock.pass(500 * time.Millisecond)
	}
	slow, d := admitted(t, func(o *CallerOptions) { o.Rate = 0.1 })
	if err := slow.Allow(d, lis.PMS, "readPerson"); err != nil {
		t.Error(err)
	}
	wantStatus(t, slow.Allow(d, lis.PMS, "readPerson"), 429, "faster")
}
