package cps

import (
	"iter"
	"slices"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Targets returns where a change goes, given where the routes lead it.
//
// A planner's section goes to its SIS and to nobody else until the SIS has it.
// Its memberships and associations go to the SIS, and where the SIS's own would.
// What is not Active is kept from the targets under publish.
func (d *Desk) Targets(v journal.View, c *lis.Change, routed []string) ([]string, error) {
	if len(d.plans) == 0 {
		return routed, nil
	}
	p, as := d.party(c.Source)
	if c.Source == "" && ofPlan(c.Kind) {
		origin, err := originOf(v, c)
		if err != nil {
			return nil, err
		}
		p, as = d.party(origin)
	}
	if as == planner && c.Kind == lis.KindCourseSection {
		return []string{p.SIS}, nil
	}
	if as == planner {
		others, err := d.asSIS(v, p, c)
		if err != nil {
			return nil, err
		}
		routed = append([]string{p.SIS}, others...)
	}
	return d.published(v, c, routed)
}

// Holders returns the targets that are to hold what a change says. A section of
// which a planner has spoken is at both parties, whoever spoke last, and at
// those who are told when the SIS has it.
func (d *Desk) Holders(v journal.View, c *lis.Change, routed []string) ([]string, error) {
	targets, err := d.Targets(v, c, routed)
	look, ok := v.(jobs)
	if err != nil || c.Kind != lis.KindCourseSection || !ok {
		return targets, err
	}
	s, err := standing(look, c.Key)
	if err != nil || s == nil {
		return targets, err
	}
	p := d.named(s.Plan)
	if p == nil {
		return targets, nil
	}
	others, err := d.asSIS(v, p, c)
	if err != nil {
		return nil, err
	}
	others, err = d.published(v, c, others)
	return append(targets, append(others, p.SIS, p.Planner)...), err
}

// ofPlan reports whether planners speak of a kind.
func ofPlan(k lis.Kind) bool {
	return k == lis.KindCourseSection || k == lis.KindSectionAssociation || k == lis.KindMembership
}

// originOf returns who spoke last of an object that the gateway itself changes.
func originOf(v journal.View, c *lis.Change) (origin string, err error) {
	past, ok := v.(interface {
		History(kind lis.Kind, id lis.SourcedID) iter.Seq2[*journal.Step, error]
	})
	if !ok {
		return "", nil
	}
	for step, err := range past.History(c.Kind, c.Key) {
		if err != nil {
			return "", err
		}
		if step.Source != "" {
			origin = step.Source
		}
	}
	return origin, nil
}

// asSIS returns where a change would go if the SIS had made it, the two
// parties themselves not.
func (d *Desk) asSIS(v journal.View, p *plan, c *lis.Change) ([]string, error) {
	copied := *c
	copied.Source = p.SIS
	targets, err := d.Routed(v, &copied)
	return slices.DeleteFunc(slices.Clone(targets), func(to string) bool { return to == p.SIS || to == p.Planner }), err
}

// published takes the targets away that are not to know of a section yet. One
// that was told of it is told too when it is no longer Active.
func (d *Desk) published(v journal.View, c *lis.Change, targets []string) ([]string, error) {
	hidden := d.hidden(targets)
	if len(hidden) == 0 || !ofPlan(c.Kind) {
		return targets, nil
	}
	shown, err := shows(v, c)
	if err != nil || shown {
		return targets, err
	}
	return slices.DeleteFunc(slices.Clone(targets), func(to string) bool { return slices.Contains(hidden, to) }), nil
}

// hidden returns the targets that stand under publish.
func (d *Desk) hidden(targets []string) []string {
	var all []string
	for _, p := range d.plans {
		for _, to := range p.Publish {
			if slices.Contains(targets, to) {
				all = append(all, to)
			}
		}
	}
	return all
}

// shows reports whether everybody may see what a change is about.
func shows(v journal.View, c *lis.Change) (bool, error) {
	var o lis.Object
	if c.Record != nil {
		o = c.Record.Object
	}
	switch o := o.(type) {
	case *lis.CourseSection:
		if o.Status == lis.StatusActive {
			return true, nil
		}
		return activeNow(v, c.Key)
	case *lis.Membership:
		if o.MembershipIDType != string(lis.KindCourseSection) {
			return true, nil
		}
		return activeNow(v, o.CollectionSourcedID)
	case *lis.SectionAssociation:
		for _, id := range o.Sections() {
			if active, err := activeNow(v, id); active || err != nil {
				return active, err
			}
		}
		return false, nil
	}
	return true, nil
}

func activeNow(v journal.View, section lis.SourcedID) (bool, error) {
	e, err := v.Get(lis.KindCourseSection, section)
	return err == nil && e != nil && isActive(e), err
}

// others returns where a planner's object goes when the SIS has it.
func (d *Desk) others(v journal.View, p *plan, ref lis.Ref) ([]string, error) {
	e, err := v.Get(ref.Kind, ref.ID)
	if err != nil || e == nil || e.Deleted {
		return nil, err
	}
	record, err := lis.UnmarshalRecord(ref.Kind, ref.ID, e.Body)
	if err != nil {
		return nil, err
	}
	c := &lis.Change{Kind: ref.Kind, Key: ref.ID, Act: lis.Put, Seq: e.Seq, Version: e.Version, Record: record,
		Operation: lis.OperationFor(ref.Kind, lis.Replace)}
	targets, err := d.asSIS(v, p, c)
	if err != nil {
		return nil, err
	}
	return d.published(v, c, targets)
}
