package clash

import "lisgate/gateway/lis"

// A node is a booking in the tree of one weekday of one room or person: a
// treap, ordered by first week and time, and heaped by a priority that hangs
// on the booking alone. So its shape depends on what is in it and not on how
// that came in, which is what makes undo exact. Beside its booking a node
// knows the bounds of all that hangs below, by which a search leaves out
// branches.
type node struct {
	booking     *booking
	left, right *node
	priority    uint64
	shadow      uint64 // weeks.shadow of all
	last        int32  // the greatest
	start, end  lis.Clock
}

// before is the order of the bookings of one tree.
func (b *booking) before(o *booking) bool {
	switch {
	case b.first != o.first:
		return b.first < o.first
	case b.start != o.start:
		return b.start < o.start
	case b.at == o.at:
		return b.seq < o.seq
	}
	return b.at.ID < o.at.ID
}

// bound takes up the bounds of what hangs below.
func (n *node) bound() {
	n.last, n.start, n.end, n.shadow = n.booking.last, n.booking.start, n.booking.end, n.booking.shadow
	for _, c := range [2]*node{n.left, n.right} {
		if c != nil {
			n.last, n.shadow = max(n.last, c.last), n.shadow|c.shadow
			n.start, n.end = min(n.start, c.start), max(n.end, c.end)
		}
	}
}

func insert(root, n *node) *node {
	if root == nil || n.priority > root.priority {
		n.left, n.right = split(root, n.booking)
		n.bound()
		return n
	}
	if n.booking.before(root.booking) {
		root.left = insert(root.left, n)
	} else {
		root.right = insert(root.right, n)
	}
	root.bound()
	return root
}

// split parts a tree into what is before a booking and what is not.
func split(root *node, b *booking) (left, right *node) {
	if root == nil {
		return nil, nil
	}
	if root.booking.before(b) {
		root.right, right = split(root.right, b)
		left = root
	} else {
		left, root.left = split(root.left, b)
		right = root
	}
	root.bound()
	return left, right
}

func remove(root *node, b *booking) *node {
	if root == nil {
		return nil
	}
	switch {
	case root.booking == b:
		return merge(root.left, root.right)
	case b.before(root.booking):
		root.left = remove(root.left, b)
	default:
		root.right = remove(root.right, b)
	}
	root.bound()
	return root
}

// merge joins two trees; all of the left one is before all of the right one.
func merge(left, right *node) *node {
	switch {
	case left == nil:
		return right
	case right == nil:
		return left
	case left.priority > right.priority:
		left.right = merge(left.right, right)
		left.bound()
		return left
	}
	right.left = merge(left, right.left)
	right.bound()
	return right
}

// A search is for the bookings that overlap one.
type search struct {
	booking     *booking
	found       func(o *booking, week int32) bool // false ends it
	comparisons int
}

// in searches a tree, and reports whether it should go on.
func (s *search) in(n *node) bool {
	if n == nil {
		return true
	}
	b := s.booking
	s.comparisons++
	if n.last < b.first || n.start >= b.end || n.end <= b.start || n.shadow&b.shadow == 0 {
		return true
	}
	if !s.in(n.left) {
		return false
	}
	if n.booking.first > b.last {
		return true
	}
	if week, ok := b.overlaps(n.booking); ok && !s.found(n.booking, week) {
		return false
	}
	return s.in(n.right)
}

// overlaps returns the first week in which two bookings of one weekday have a
// time in common. One that begins when the other ends has none.
func (b *booking) overlaps(o *booking) (int32, bool) {
	if b.start >= o.end || o.start >= b.end {
		return 0, false
	}
	return b.common(o.weeks, never)
}
