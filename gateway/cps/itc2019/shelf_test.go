package itc2019

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// A shelf keeps records as a journal does: as bytes.
type shelf struct {
	kept  map[lis.Ref][]byte
	ids   map[lis.Kind][]lis.SourcedID              // sorted
	links map[lis.Kind]map[lis.Link][]lis.SourcedID // sorted
	calls int
	moved int // calls that changed something
	term  lis.SourcedID
}

func newShelf() *shelf {
	return &shelf{kept: map[lis.Ref][]byte{}, ids: map[lis.Kind][]lis.SourcedID{}, links: map[lis.Kind]map[lis.Link][]lis.SourcedID{}}
}

// clone returns a shelf that changes apart.
func (s *shelf) clone() *shelf {
	c := *s
	c.kept, c.ids, c.links = maps.Clone(s.kept), map[lis.Kind][]lis.SourcedID{}, map[lis.Kind]map[lis.Link][]lis.SourcedID{}
	for kind, ids := range s.ids {
		c.ids[kind] = slices.Clone(ids)
	}
	for kind, links := range s.links {
		c.links[kind] = map[lis.Link][]lis.SourcedID{}
		for link, ids := range links {
			c.links[kind][link] = slices.Clone(ids)
		}
	}
	return &c
}

func insert(ids []lis.SourcedID, id lis.SourcedID) []lis.SourcedID {
	at, found := slices.BinarySearch(ids, id)
	if found {
		return ids
	}
	return slices.Insert(ids, at, id)
}

// take does what a call asks for.
func (s *shelf) take(c *lis.Call) error {
	s.calls++
	if c.Operation == deleteMembership {
		s.moved++
		delete(s.kept, lis.Ref{Kind: lis.KindMembership, ID: c.ID})
		return nil
	}
	if c.ID == "" || c.Record == nil || c.Record.ID != c.ID || !strings.EqualFold(c.Operation, "replace"+string(c.Record.Object.Kind())) {
		return fmt.Errorf("call %s %s is not whole", c.Operation, c.ID)
	}
	body, err := lis.MarshalRecord(c.Record)
	if err != nil {
		return err
	}
	ref := lis.Ref{Kind: c.Record.Object.Kind(), ID: c.ID}
	if g, ok := c.Record.Object.(*lis.Group); ok && g.IsType("TERM") {
		s.term = c.ID
	}
	if bytes.Equal(s.kept[ref], body) {
		return nil
	}
	s.moved++
	s.kept[ref] = body
	s.ids[ref.Kind] = insert(s.ids[ref.Kind], ref.ID)
	if s.links[ref.Kind] == nil {
		s.links[ref.Kind] = map[lis.Link][]lis.SourcedID{}
	}
	for _, l := range c.Record.Object.Links() {
		s.links[ref.Kind][l] = insert(s.links[ref.Kind][l], ref.ID)
	}
	return nil
}

func (s *shelf) Term() (*lis.Record, error) { return s.Record(lis.KindGroup, s.term) }

func (s *shelf) Record(kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	body, ok := s.kept[lis.Ref{Kind: kind, ID: id}]
	if !ok {
		return nil, nil
	}
	return lis.UnmarshalRecord(kind, id, body)
}

func (s *shelf) Records(kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return s.give(kind, s.ids[kind])
}

func (s *shelf) Linked(kind lis.Kind, link lis.Link) iter.Seq2[*lis.Record, error] {
	return s.give(kind, s.links[kind][link])
}

// give gives the records that are still there.
func (s *shelf) give(kind lis.Kind, ids []lis.SourcedID) iter.Seq2[*lis.Record, error] {
	ids = slices.Clone(ids)
	return func(yield func(*lis.Record, error) bool) {
		for _, id := range ids {
			r, err := s.Record(kind, id)
			if r == nil && err == nil {
				continue
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}
