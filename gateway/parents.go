package gateway

import (
	"context"
	"fmt"

	"lisgate/adapters"
	"lisgate/config"
	"lisgate/gateway/lis"
)

// credulous are the profiles of targets that say success to a membership of a
// person or section that they do not have, and make nothing of it (back-end
// facts, B1 and D: the LIS plug-in in Moodle). [observed]
var credulous = map[string]bool{"ilp": true}

// afterParents keeps memberships back from a target that would take them too
// early: until the target has been told of the person and of the section.
func (g *Gateway) afterParents(t *config.Target, shape func(context.Context, lis.Change) (lis.Change, error)) func(context.Context, lis.Change) (lis.Change, error) {
	if t.Adapter != "lissoap" || !credulous[t.Profile] {
		return shape
	}
	return func(ctx context.Context, c lis.Change) (lis.Change, error) {
		if c.Kind == lis.KindMembership && c.Act == lis.Put && c.Record != nil {
			if m, ok := c.Record.Object.(*lis.Membership); ok {
				if err := g.parentsOf(ctx, t.Name, m); err != nil {
					return c, err
				}
			}
		}
		return shape(ctx, c)
	}
}

func (g *Gateway) parentsOf(ctx context.Context, target string, m *lis.Membership) error {
	for _, parent := range []lis.Ref{{Kind: lis.KindPerson, ID: m.Person()}, {Kind: lis.Kind(m.MembershipIDType), ID: m.CollectionSourcedID}} {
		if parent.ID == "" || lis.InfoOf(parent.Kind) == nil {
			continue // the target says what it thinks of that
		}
		pair, err := g.store.Pair(ctx, target, parent.Kind, parent.ID)
		if err != nil {
			return &adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf("look up %s: %w", parent.ID, err)}
		}
		if pair == nil || pair.Gone {
			return &adapters.Error{Class: adapters.Missing, ParentKind: parent.Kind, Parent: parent.ID,
				Err:  fmt.Errorf("%s has not been told of the %s yet, and says success to what it cannot place", target, parent.Kind),
				Hint: "it goes by itself once that has arrived there; when it was there before the gateway, have the SIS send it again"}
		}
	}
	return nil
}
