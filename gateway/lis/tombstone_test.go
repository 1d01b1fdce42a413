package lis

import "testing"

func TestTombstones(t *testing.T) {
	last := func(o Object) *Record { return &Record{ID: "x", Agent: "SIS", Object: o} }
	for i := range Kinds {
		k := Kinds[i].Kind
		gone := Tombstone(k, last(Kinds[i].New()))
		if gone.ID != "x" || gone.Agent != "SIS" {
			t.Errorf("%s: %+v", k, gone)
		}
		if (gone.Object == nil) != (k == KindPerson) {
			t.Errorf("%s: object %+v", k, gone.Object)
		}
	}
	section := Tombstone(KindCourseSection, last(&CourseSection{Title: NewText("en", "A")})).Object.(*CourseSection)
	if section.Status != StatusDeleted || section.Title != nil {
		t.Errorf("section %+v", section)
	}
	item := &LineItem{Label: NewText("en", "A")}
	if Tombstone(KindLineItem, last(item)).Object != Object(item) {
		t.Error("a line item repeats its last content")
	}
}

func TestTombstoneOfAMembershipIsInactive(t *testing.T) {
	m := &Membership{CollectionSourcedID: "c", Member: &Member{PersonSourcedID: "p", Role: []Role{{RoleType: "Learner", Status: StatusActive}, {RoleType: "Mentor"}}}}
	gone := Tombstone(KindMembership, &Record{ID: "x", Object: m}).Object.(*Membership)
	for _, role := range gone.Member.Role {
		if role.Status != StatusInactive || role.RoleType == "" {
			t.Errorf("role %+v", role)
		}
	}
	if gone.CollectionSourcedID != "c" || gone.Person() != "p" || m.Member.Role[0].Status != StatusActive {
		t.Errorf("membership %+v, last content %+v", gone, m)
	}
	m.Member.Role = nil
	gone = Tombstone(KindMembership, &Record{ID: "x", Object: m}).Object.(*Membership)
	if len(gone.Member.Role) != 1 || gone.Member.Role[0].Status != StatusInactive {
		t.Errorf("without a role: %+v", gone.Member)
	}
}
