package planner

import (
	"strings"

	"lisgate/gateway/lis"
)

// kept are the constraints that are kept when they are required, under their
// names of ITC 2019 (CPS facts, 6.1). Each says whether two placed units are right.
var kept = map[string]func(a, b *unit) bool{
	"SameStart":      func(a, b *unit) bool { return a.at.start == b.at.start },
	"SameTime":       func(a, b *unit) bool { return within(a.at, b.at) || within(b.at, a.at) },
	"DifferentTime":  func(a, b *unit) bool { return a.at.end <= b.at.start || b.at.end <= a.at.start },
	"SameDays":       func(a, b *unit) bool { return subset(a.at.days(), b.at.days()) },
	"DifferentDays":  func(a, b *unit) bool { return a.at.days()&b.at.days() == 0 },
	"SameWeeks":      func(a, b *unit) bool { return subset(a.at.allWeeks(), b.at.allWeeks()) },
	"DifferentWeeks": func(a, b *unit) bool { return a.at.allWeeks()&b.at.allWeeks() == 0 },
	"NotOverlap":     func(a, b *unit) bool { return !a.at.overlaps(b.at) },
	"SameAttendees":  func(a, b *unit) bool { return !a.at.overlaps(b.at) },
	"SameInstructor": func(a, b *unit) bool { return !a.at.overlaps(b.at) },
	"Overlap":        func(a, b *unit) bool { return a.at.overlaps(b.at) },
	"SameRoom":       func(a, b *unit) bool { return a.room == b.room },
	"DifferentRoom":  func(a, b *unit) bool { return a.room != b.room || a.room == nil },
}

func within(a, b *pattern) bool { return a.start >= b.start && a.end <= b.end }

func subset[T lis.Weekdays | uint64](a, b T) bool { return a&b == a || a&b == b }

// crossListed are the names of constraints that make sections one class.
var crossListed = map[string]bool{"CrossList": true, "MeetsWith": true}

// A bond is a required constraint between a unit and another.
type bond struct {
	kind string
	to   *unit
}

// bind ties units together, and tells which constraints it does not know.
func (t *table) bind(a *Association) {
	for _, c := range a.Constraints {
		ids := c.Sections
		if len(ids) == 0 {
			ids = a.Sections
		}
		switch {
		case crossListed[c.Type]:
		case kept[c.Type] == nil:
			t.ignore("the constraint " + strings.ToValidUTF8(c.Type, "?"))
		case !c.Required:
			t.ignore("the constraint " + c.Type + " where it is not required")
		default:
			t.tie(c.Type, ids)
		}
	}
}

// tie binds each two of the units.
func (t *table) tie(kind string, ids []lis.SourcedID) {
	for i, id := range ids {
		for _, other := range ids[:i] {
			a, b := t.unitOf[id], t.unitOf[other]
			if a == nil || b == nil || a == b {
				continue
			}
			a.bonds = append(a.bonds, bond{kind, b})
			b.bonds = append(b.bonds, bond{kind, a})
		}
	}
}

// broken returns the constraint that a unit breaks where it is, or nil.
func (u *unit) broken() *bond {
	for i := range u.bonds {
		if b := &u.bonds[i]; b.to.at != nil && !kept[b.kind](u, b.to) {
			return b
		}
	}
	return nil
}
