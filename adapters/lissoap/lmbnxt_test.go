package lissoap

import (
	"net/http/httptest"
	"testing"

	"lisgate/adapters"
	"lisgate/adapters/adaptertest"
	"lisgate/adapters/lissoap/lmbnxt"
	"lisgate/gateway/lis"
)

// The profile ilp gets through to the plug-in, whose success for a person who
// is not there cannot be told from a real one.
func TestThePluginInMoodle(t *testing.T) {
	site := &lmbnxt.Site{}
	server := httptest.NewServer(site)
	defer server.Close()
	a := open(t, Options{URL: server.URL + lmbnxt.Path, Profile: "ilp"})
	section := adaptertest.Sample(lis.KindCourseSection, 1)
	person := adaptertest.Sample(lis.KindPerson, 1)
	membership := &lis.Record{ID: "m-1", Object: &lis.Membership{CollectionSourcedID: section.ID, MembershipIDType: "courseSection",
		Member: &lis.Member{PersonSourcedID: person.ID, Role: []lis.Role{{RoleType: "Learner", Status: "Active"}}}}}
	for i, r := range []*lis.Record{section, membership, person, membership} {
		if o, err := a.Apply(t.Context(), change(lis.Put, r)); err != nil || o.Effect != lis.Applied {
			t.Fatalf("%d: %+v, %v", i, o, err)
		}
		if n, want := len(site.Enrolments()), i/3; n != want {
			t.Errorf("after %d: %d enrolments, want %d", i, n, want)
		}
	}
	if _, err := a.Apply(t.Context(), change(lis.Put, adaptertest.Sample(lis.KindCourseTemplate, 1))); adapters.ClassOf(err) != adapters.Unsupported {
		t.Errorf("a template: %v", err)
	}
	if _, err := a.Apply(t.Context(), change(lis.Drop, membership)); err != nil || len(site.Enrolments()) != 0 {
		t.Errorf("drop: %v, %v", err, site.Enrolments())
	}
}
