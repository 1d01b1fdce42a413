package registrar

import (
	"strings"
	"testing"
	"time"

	"lisgate/gateway/lis"
)

func TestDiscover(t *testing.T) {
	h := school(t)
	h.must(put("p1", &lis.Person{FormName: []lis.FormName{{FormattedName: text("Ann Lee")}},
		ContactInfo: []lis.ContactInfo{{ContactInfoValue: text("Ann@Example.edu")}},
		Roles:       []lis.EnterpriseRoles{{UserID: []lis.UserID{{UserIDValue: text("ann")}}}}}),
		put("p2", &lis.Person{FormName: []lis.FormName{{FormattedName: text("ann")}}, Roles: []lis.EnterpriseRoles{{UserID: []lis.UserID{{UserIDValue: text("ann")}}}}}),
		put("q1", &lis.Person{}))
	cases := []struct {
		kind  lis.Kind
		query string
		want  string
	}{
		{lis.KindPerson, "ANN@example.edu", "p1"},
		{lis.KindPerson, " Ann Lee ", "p1"},
		{lis.KindPerson, "ann", "p1 p2"}, // found twice, answered once
		{lis.KindPerson, `{"email":"ann@EXAMPLE.edu"}`, "p1"},
		{lis.KindPerson, `{"email":"ann@EXAMPLE.edu","name":"nobody"}`, ""},
		{lis.KindPerson, "userId=ann", "p1 p2"},
		{lis.KindPerson, "Username=ann&name=ann", "p2"},
		{lis.KindPerson, "sourcedId=p*", "p1 p2"},
		{lis.KindPerson, "sourcedId=p*; userid=ann; name=Ann Lee", "p1"},
		{lis.KindPerson, "sourcedId=p1", "p1"},
		{lis.KindPerson, "sourced_id=p1;name=ann", ""},
		{lis.KindPerson, `{"sourcedId":"p9"}`, ""},
		{lis.KindPerson, "date_from=2001-01-01", "p1 p2 q1"},
		{lis.KindPerson, "sourcedid=p1;since=2001-01-01", "p1"},
		{lis.KindPerson, "sourcedid=p1;since=" + lis.SavePoint(time.Now().Add(time.Hour).UnixMicro()), ""},
		{lis.KindResult, `{"lineitem_sourcedid":"l1","date_from":"2001-01-01"}`, "r1 r2"},
		{lis.KindResult, `{"lineItemSourcedId":"l1","person_sourcedid":"ben"}`, "r2"},
		{lis.KindResult, "lineitem=l1;statusofResult=Complete", "r1"},
		{lis.KindMembership, "collection_sourcedid=s1&person=ann", "m1 m4"},
		{lis.KindMembership, "courseSectionSourcedId=s1", "m1 m2 m4"},
		{lis.KindGroup, "type=TERM", "T1"},
		{lis.KindCourseSection, "parentOfferingId=o1", "s1 s2"},
		{lis.KindCourseOffering, "academic_session=T1", "o1 o3"},
		{lis.KindCourseTemplate, "Physics", "tpl"},
		{lis.KindLineItem, `{"context":"s1","lineItemType":"Final"}`, "l1 l4"},
	}
	for _, c := range cases {
		got := h.do(&lis.Call{Operation: lis.OperationFor(c.kind, lis.Discover), Query: c.query})
		if ids := words(got.ids); ids != c.want || !got.Status.OK() {
			t.Errorf("%s %s: %q, want %q (%+v)", c.kind, c.query, ids, c.want, got.Status)
		}
	}
}

func TestQueriesNotUnderstood(t *testing.T) {
	h := newHouse(t)
	cases := []struct {
		kind        lis.Kind
		query, said string
	}{
		{lis.KindPerson, "  ", "is empty"},
		{lis.KindPerson, "shoe=44", `unknown name "shoe"`},
		{lis.KindPerson, "name=", "is empty"},
		{lis.KindPerson, "name=a&b", `no = in "b"`},
		{lis.KindPerson, `{"name":["a"]}`, "no plain text"},
		{lis.KindPerson, `{"name":"a"`, "no JSON"},
		{lis.KindPerson, `{"name":"a"} {}`, "follows"},
		{lis.KindPerson, "date_from=soon", "date"},
		{lis.KindMembership, "Ann", "no name"},
		{lis.KindGroup, "email=x", `unknown name "email"`},
	}
	for _, c := range cases {
		got := h.do(&lis.Call{Operation: lis.OperationFor(c.kind, lis.Discover), Query: c.query})
		if got.Status.CodeMinor != lis.UnknownQuery || !strings.Contains(got.Status.Description, c.said) ||
			!strings.Contains(got.Status.Description, "sourcedId, date_from, "+linkNames[c.kind][0]) {
			t.Errorf("%q: %+v", c.query, got.Status)
		}
	}
}

// Each link that the objects of a kind can have is a name to ask by.
func TestLinkNamesAreComplete(t *testing.T) {
	h := school(t)
	each(t, func(t *testing.T, k lis.Kind) {
		for _, id := range h.do(call(lis.ReadAllIDs, k, "", "")).ids {
			for _, l := range h.entry(k, id).Links {
				if askedName(k, l.Name) != l.Name {
					t.Errorf("a %s cannot be asked for by %s", k, l.Name)
				}
			}
		}
	})
}
