package gateway

import (
	"context"
	"errors"
	"fmt"

	"lisgate/adapters"
	"lisgate/config"
	"lisgate/gateway/grades"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A builder holds what an adapter is made of: a target of the config, or a
// source as if it were one.
type builder struct {
	*config.Target
	store journal.Store // nil for a check, when there is no journal
	plan  func() *plan  // which is in force; nil for what is no target
	errs  []error
}

func (b *builder) build() (adapters.Adapter, error) {
	make, known := builders[b.Adapter]
	if !known {
		return nil, fmt.Errorf("there is no adapter %q", b.Adapter)
	}
	a, err := make(b)
	if err = errors.Join(append(b.errs, err)...); err != nil {
		return nil, err
	}
	return a, nil
}

// reveal looks a secret up; what cannot be is told by build.
func (b *builder) reveal(s config.Secret) string {
	text, err := s.Reveal()
	if err != nil {
		b.errs = append(b.errs, err)
	}
	return text
}

func (b *builder) basic() (user, password string) {
	if b.Basic == nil {
		return "", ""
	}
	return b.Basic.User, b.reveal(b.Basic.Password)
}

func (b *builder) crosswalk() adapters.Crosswalk {
	if b.store == nil {
		return nil
	}
	return crosswalk{b.store, b.Name}
}

// section tells which section a line item belongs to, and whether it is the
// final one.
func (b *builder) section() func(context.Context, lis.SourcedID) (lis.SourcedID, bool, error) {
	if b.store == nil {
		return nil
	}
	return func(ctx context.Context, item lis.SourcedID) (lis.SourcedID, bool, error) {
		snap, err := b.store.Snapshot(ctx)
		if err != nil {
			return "", false, err
		}
		defer snap.Close()
		return grades.SectionOf(snap, item)
	}
}

// A crosswalk is that of one target, as the journal keeps it.
type crosswalk struct {
	store  journal.Store
	target string
}

func (c crosswalk) TargetID(ctx context.Context, kind lis.Kind, id lis.SourcedID) (string, error) {
	p, err := c.store.Pair(ctx, c.target, kind, id)
	if p == nil || err != nil {
		return "", err
	}
	if !p.Gone || p.TargetID == "" {
		return p.TargetID, nil
	}
	// What was dropped may only be suspended there, and come back under its
	// id; what was renamed has given its id away.
	owner, err := c.SourcedID(ctx, kind, p.TargetID)
	if err != nil || owner != "" && owner != id {
		return "", err
	}
	return p.TargetID, nil
}

func (c crosswalk) SourcedID(ctx context.Context, kind lis.Kind, targetID string) (lis.SourcedID, error) {
	p, err := c.store.PairOf(ctx, c.target, kind, targetID)
	if p == nil || err != nil {
		return "", err
	}
	return p.ID, nil
}
