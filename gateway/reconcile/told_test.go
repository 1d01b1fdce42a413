package reconcile

import (
	"errors"
	"strings"
	"testing"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A deleted membership that is active at a target without ids is known, and
// healed, be there another of the person or not.
func TestADeletedMembershipWithoutAnID(t *testing.T) {
	h := newHouse(t)
	h.term(4)
	h.over = anonymous{h.lms}
	teaches := membership(2, "Instructor")
	teaches.ID = "m-02-teaches"
	h.say("replaceMembership", teaches)
	h.settle()
	for _, id := range []lis.SourcedID{"m-01", "m-02"} {
		h.say("deleteMembership", &lis.Record{ID: id})
	}
	h.settle()
	found, _ := h.diff(nil)
	h.expect(found, nil)
	h.drift(lis.Put, membership(1, "Learner"))
	h.drift(lis.Put, membership(2, "Learner")) // besides the one that lives
	h.drift(lis.Put, membership(9, "Learner")) // was never here
	found, _ = h.diff(func(d *Difference) {
		if d.known != d.again || d.again != (d.Why == "it was deleted") {
			t.Errorf("%s: known %v, again %v, %s", d.ID, d.known, d.again, d.Why)
		}
	})
	h.expect(found, []string{"extra membership ", "extra membership m-01", "extra membership m-02"})
	if did := h.heal(false); did.Resent != 2 || did.Left != 1 {
		t.Errorf("healed %+v", did)
	}
	found, _ = h.diff(nil)
	h.expect(found, []string{"extra membership "})
}

// What the target refused is told with the reason, also when the adapter says
// that it would not list it; and no heal sends it again.
func TestWhatTheTargetRefusedIsTold(t *testing.T) {
	h := newHouse(t)
	h.over = anonymous{h.lms}
	h.lms.Fail = func(c lis.Change) error {
		if m, ok := c.Record.Object.(*lis.Membership); ok && m.Member.Role[0].RoleType == "Mentor" {
			return &adapters.Error{Class: adapters.Refused, Err: errors.New("there is no role Mentor")}
		}
		return nil
	}
	h.term(3)
	hidden := membership(1, "Mentor")
	hidden.Object.(*lis.Membership).Member.Role[0].Status = lis.StatusInactive
	hidden.ID = "hidden"
	h.say("replaceMembership", hidden)
	shown := membership(2, "Mentor")
	shown.ID = "shown"
	h.say("replaceMembership", shown)
	h.settle()
	found, sums := h.diff(func(d *Difference) {
		if !strings.Contains(d.Why, "there is no role Mentor") {
			t.Errorf("%s: %s", d.ID, d.Why)
		}
	})
	h.expect(found, []string{"refused membership hidden", "refused membership shown"})
	for _, s := range sums {
		if s.Kind == lis.KindMembership && (s.Refused != 2 || s.Missing != 0) {
			t.Errorf("%+v", s)
		}
	}
	if did := h.heal(false); did.Resent != 0 || did.Left != 2 {
		t.Errorf("healed %+v", did)
	}
}

// What left the scope of the routes is removed when the target was told of it;
// what it was not is its own.
func TestWhatLeftIsHealed(t *testing.T) {
	h := newHouse(t)
	h.term(3)
	learner := func(c *lis.Change) bool {
		m, ok := c.Record.Object.(*lis.Membership)
		return !ok || m.Member.Role[0].RoleType == "Learner"
	}
	h.as = func(o *Options) {
		o.Wanted = func(_ journal.View, c *lis.Change) (bool, error) { return learner(c), nil }
		o.Left = func(_ journal.View, c *lis.Change) (bool, error) { return !learner(c), nil }
	}
	h.reg.Targets = func(_ journal.View, c *lis.Change) ([]string, error) { return nil, nil }
	h.say("replaceMembership", membership(1, "Instructor"))
	own := membership(2, "Instructor")
	own.ID = "own"
	h.say("replaceMembership", own)
	h.settle()
	h.drift(lis.Put, own)
	found, _ := h.diff(func(d *Difference) {
		if d.Why != "it left what the routes want here" || d.again != (d.ID == "m-01") {
			t.Errorf("%s: again %v, %s", d.ID, d.again, d.Why)
		}
	})
	h.expect(found, []string{"extra membership m-01", "extra membership own"})
}

// What the gateway made itself goes by the source before it.
func TestAChangeOfTheGatewaysOwnIsCompared(t *testing.T) {
	h := newHouse(t)
	h.term(2)
	if a := h.reg.Merge(t.Context(), "operator", "p-00", "p-01"); !a.Status.OK() {
		t.Fatal(a.Status)
	}
	h.settle()
	h.as = func(o *Options) {
		o.Wanted = func(_ journal.View, c *lis.Change) (bool, error) { return c.Source == "sis", nil }
	}
	found, _ := h.diff(nil)
	h.expect(found, nil)
}
