package unitime

import (
	"lisgate/gateway/lis"
)

// A node is a section with the element that it becomes.
type node struct {
	id      lis.SourcedID
	section *lis.CourseSection
	kept    *element // nil when it does not come from UniTime
	of      *course
	parent  lis.SourcedID
	inner   []*node
}

// nodes puts the sections of an offering into one another. Those whose parent
// is not there, or that go round in a ring, stand on their own.
func nodes(o *Offering, courses map[lis.SourcedID]*course) []*node {
	byID := make(map[lis.SourcedID]*node, len(o.Sections))
	var all, tops []*node
	for _, rec := range o.Sections {
		sec, ok := rec.Object.(*lis.CourseSection)
		if !ok {
			continue
		}
		n := &node{id: rec.ID, section: sec, kept: keptIn(sec.Extension, lis.FieldUniTimeClass, 1, "class"), of: courses[sec.ParentOfferingID]}
		n.parent = sec.SectionLink().Parent
		byID[rec.ID] = n
		all = append(all, n)
	}
	for _, n := range all {
		parent := byID[n.parent]
		if parent == nil || deep(n, byID) {
			tops = append(tops, n)
		} else {
			parent.inner = append(parent.inner, n)
		}
	}
	return tops
}

// deepest is how far sections are put into one another.
const deepest = 64

// deep reports whether a section has more parents than can be, as those in a
// ring have.
func deep(n *node, byID map[lis.SourcedID]*node) bool {
	steps := 0
	for at := byID[n.parent]; at != nil; at = byID[at.parent] {
		if steps++; steps > deepest {
			return true
		}
	}
	return false
}
