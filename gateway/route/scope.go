package route

import (
	"fmt"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// A Scope limits a rule to a part of the institution. An empty list asks for
// nothing; what is asked is compared as it is written, roles in any case.
type Scope struct {
	Institution  []string // refAgentInstanceID or dataSource
	Organisation []string // org: id, orgName or orgUnit; of a group also its own sourcedId and its parents'
	Term         []string // academicSession or adminPeriod; of a term its own sourcedId
	Role         []string // roleType of a membership, institutionRole of a person, in words of LIS
}

// A dimension is one of the four lists of a Scope.
type dimension int

const (
	institution dimension = iota
	organisation
	term
	role
	dimensions
)

func (s *Scope) wanted(d dimension) []string {
	return [dimensions][]string{s.Institution, s.Organisation, s.Term, s.Role}[d]
}

// copy returns a copy, or nil when the scope asks for nothing.
func (s *Scope) copy() *Scope {
	if len(s.Institution)+len(s.Organisation)+len(s.Term)+len(s.Role) == 0 {
		return nil
	}
	return &Scope{slices.Clone(s.Institution), slices.Clone(s.Organisation), slices.Clone(s.Term), slices.Clone(s.Role)}
}

// What a kind is asked, and what an answer that is missing means. All of it is
// ours, for LIS has no scopes:
//
//   - no: the kind has nothing of the sort, and the scope does not restrict it:
//     a person is sent whatever the term.
//   - own: the record says it itself. A record that does not is left out.
//   - lax: the same, but a record that does not say it is let in: many SIS send
//     no institutionRole, and memberships would wait for their persons for ever.
//   - up: what the record does not say itself is looked up in its parents, see
//     parents. A parent that is not there yet cannot answer, and the change is
//     let in: it waits at the target for that parent, and is not lost.
type asked byte

const (
	no asked = iota
	own
	lax
	up
)

var scopes = map[lis.Kind][dimensions]asked{
	//                           institution organisation term role
	lis.KindPerson:             {lax, no, no, lax},
	lis.KindGroup:              {own, own, lax, no}, // a department has no term
	lis.KindMembership:         {up, up, up, own},
	lis.KindCourseTemplate:     {own, own, no, no},
	lis.KindCourseOffering:     {up, up, own, no},
	lis.KindCourseSection:      {up, up, up, no},
	lis.KindSectionAssociation: {up, up, up, no},
	lis.KindLineItem:           {up, up, up, no},
	lis.KindResult:             {up, up, up, no},
	lis.KindResultValue:        {lax, no, no, no}, // a scale belongs to no section
}

// covers reports whether a change is inside the scope.
func (s *Scope) covers(l *lookup) (bool, error) {
	for d := range dimensions {
		wanted := s.wanted(d)
		if len(wanted) == 0 || scopes[l.change.Kind][d] == no {
			continue
		}
		a, err := l.answer(d)
		if err != nil {
			return false, fmt.Errorf("look up the scope of %s %s: %w", l.change.Kind, l.change.Key, err)
		}
		if !a.unknown && !anyOf(wanted, a.words, d == role) {
			return false, nil
		}
	}
	return true, nil
}

func anyOf(wanted, words []string, anyCase bool) bool {
	for _, w := range words {
		if slices.ContainsFunc(wanted, func(s string) bool { return s == w || anyCase && strings.EqualFold(s, w) }) {
			return true
		}
	}
	return false
}

// says returns what a record itself says in a dimension.
func says(d dimension, r *lis.Record) []string {
	var w words
	switch d {
	case institution:
		w.add(r.Agent, dataSource(r.Object))
	case organisation:
		w.organisations(r)
	case term:
		w.terms(r)
	case role:
		w.add(rolesOf(r.Object)...)
	}
	return w
}

// words are what is said, without what is empty.
type words []string

func (w *words) add(texts ...string) {
	for _, s := range texts {
		if s = strings.TrimSpace(s); s != "" {
			*w = append(*w, s)
		}
	}
}

func (w *words) organisations(r *lis.Record) {
	if g, ok := r.Object.(*lis.Group); ok {
		w.add(string(r.ID))
		for i := range g.Relationship {
			if g.Relationship[i].Relation != "Child" {
				w.add(string(g.Relationship[i].SourcedID))
			}
		}
	}
	if org := orgOf(r.Object); org != nil {
		w.add(org.ID.String(), org.OrgName.String(), org.OrgUnit.String())
	}
}

func (w *words) terms(r *lis.Record) {
	session, frames := termOf(r.Object)
	w.add(session)
	for i := range frames {
		w.add(frames[i].AdminPeriod.String())
	}
	if g, ok := r.Object.(*lis.Group); ok && g.IsType("TERM") {
		w.add(string(r.ID))
	}
}
