package moodle

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/moodle/moodlefake"
	"lisgate/gateway/lis"
)

// A world is a site, an adapter to it, and words to change it.
type world struct {
	*testing.T
	site *moodlefake.Site
	*gate
}

func newWorld(t *testing.T, so moodlefake.Options, o Options) *world {
	t.Helper()
	s, url := site(t, so)
	return &world{t, s, newGate(t, url, o, true)}
}

// proxied is a world behind something that changes calls.
func proxied(t *testing.T, o Options, change func(body string) string) *world {
	t.Helper()
	s, _ := site(t, moodlefake.Options{})
	server := httptest.NewServer(rewriting{s, change})
	t.Cleanup(server.Close)
	return &world{t, s, newGate(t, server.URL, o, true)}
}

func personRecord(n int) *lis.Record {
	id := fmt.Sprintf("P%d", n)
	return humanRecord(id, fmt.Sprintf("user%d", n), fmt.Sprintf("user%d@example.invalid", n))
}

func humanRecord(id, userID, email string) *lis.Record {
	h := account{First: "Ann", Last: "Ek", Email: email, Username: userID}
	return &lis.Record{ID: lis.SourcedID(id), Object: h.person()}
}

func sectionRecord(id, label string) *lis.Record {
	return &lis.Record{ID: lis.SourcedID(id), Object: &lis.CourseSection{
		Label: lis.NewText("", label), Title: lis.NewText("en", "Title of "+label), Status: "Active",
		TimeFrame: []lis.TimeFrame{{Begin: "2026-09-01", End: "2026-12-18"}}}}
}

func memberRecord(section string, person int, role string) *lis.Record {
	id := lis.SourcedID(fmt.Sprintf("M-%s-%d", section, person))
	return &lis.Record{ID: id, Object: &lis.Membership{CollectionSourcedID: lis.SourcedID(section), MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: lis.SourcedID(fmt.Sprintf("P%d", person)), Role: []lis.Role{{RoleType: role, Status: "Active"}}}}}
}

func put(r *lis.Record) lis.Change {
	return lis.Change{ID: "c-" + string(r.ID), Kind: r.Object.Kind(), Key: r.ID, Act: lis.Put, Record: r}
}

func drop(r *lis.Record) lis.Change {
	c := put(r)
	c.Act = lis.Drop
	return c
}

func (w *world) must(cs ...lis.Change) {
	w.Helper()
	for _, c := range cs {
		if _, err := w.Apply(w.Context(), c); err != nil {
			w.Fatalf("%s %s %s: %v", c.Act, c.Kind, c.Key, err)
		}
	}
}

// refuses applies a change that is not to succeed.
func (w *world) refuses(c lis.Change, class adapters.Class, words string) *adapters.Error {
	w.Helper()
	_, err := w.Apply(w.Context(), c)
	return w.is(err, class, words)
}

func (w *world) is(err error, class adapters.Class, words string) *adapters.Error {
	w.Helper()
	var e *adapters.Error
	if !errors.As(err, &e) {
		w.Fatalf("error %v, want one of class %s", err, class)
	}
	if e.Class != class || !strings.Contains(e.Error()+" "+e.Hint, words) {
		w.Errorf("%v (hint: %s), want class %s and the words %q", e, e.Hint, class, words)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", err, *e, *e), "token-1") {
		w.Error("the token stands in an error")
	}
	return e
}

func (w *world) enrolment(section string, person int) moodlefake.Enrolment {
	w.Helper()
	e, ok := w.site.Enrolment(section, fmt.Sprintf("P%d", person))
	if !ok {
		w.Errorf("P%d is not enrolled in %s", person, section)
	}
	return e
}
