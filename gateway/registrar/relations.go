package registrar

import (
	"slices"

	"lisgate/gateway/lis"
)

// addRelation gives a group a relationship to another, or an association a
// section. Parts that are there already are replaced or left.
func (r *Registrar) addRelation(q *Request, op lis.Operation) (planner, error) {
	c := q.Call
	if op.Kind == lis.KindSectionAssociation {
		if c.Of == "" {
			return nil, incomplete("courseSectionSourcedId")
		}
		return editing(q, op.Kind, c.ID, "section added", func(o lis.Object) error {
			o.(*lis.SectionAssociation).CourseSectionIDList = withSection(o.(*lis.SectionAssociation), c.Of)
			return nil
		})
	}
	switch {
	case c.Relationship == nil:
		return nil, incomplete("relationship")
	case c.Relationship.RelationID == "":
		return nil, incomplete("relationId")
	case c.Relationship.SourcedID == "":
		return nil, incomplete("sourcedId of the relationship")
	}
	return editing(q, op.Kind, c.ID, "relationship added", func(o lis.Object) error {
		g := o.(*lis.Group)
		if i := relationAt(g, c.Relationship.RelationID); i >= 0 {
			g.Relationship[i] = *c.Relationship
		} else {
			g.Relationship = append(g.Relationship, *c.Relationship)
		}
		return nil
	})
}

// removeRelation takes back what addRelation gave.
func (r *Registrar) removeRelation(q *Request, op lis.Operation) (planner, error) {
	c := q.Call
	if op.Kind == lis.KindSectionAssociation {
		if c.Of == "" {
			return nil, incomplete("courseSectionSourcedId")
		}
		return editing(q, op.Kind, c.ID, "section removed", func(o lis.Object) error {
			a := o.(*lis.SectionAssociation)
			if !slices.Contains(a.Sections(), c.Of) {
				return refuse(lis.NotThere, "section "+quote(string(c.Of))+" is not in the association "+
					quote(string(c.ID))+"; read the association to see which are")
			}
			a.CourseSectionIDList = withoutSection(a, c.Of)
			return nil
		})
	}
	if c.RelationID == "" {
		return nil, incomplete("relationId")
	}
	return editing(q, op.Kind, c.ID, "relationship removed", func(o lis.Object) error {
		g := o.(*lis.Group)
		i := relationAt(g, c.RelationID)
		if i < 0 {
			return refuse(lis.NotThere, "the group "+quote(string(c.ID))+" has no relationship with relationId "+
				quote(string(c.RelationID))+"; read the group to see which it has")
		}
		g.Relationship = slices.Delete(g.Relationship, i, i+1)
		return nil
	})
}

func relationAt(g *lis.Group, id lis.SourcedID) int {
	return slices.IndexFunc(g.Relationship, func(r lis.Relationship) bool { return r.RelationID == id })
}

func withSection(a *lis.SectionAssociation, id lis.SourcedID) *lis.ListOfCourseSectionIDs {
	ids := a.Sections()
	if !slices.Contains(ids, id) {
		ids = append(ids, id)
	}
	return &lis.ListOfCourseSectionIDs{CourseSectionID: ids}
}

// withoutSection returns nil when none is left: the list needs one at least.
func withoutSection(a *lis.SectionAssociation, id lis.SourcedID) *lis.ListOfCourseSectionIDs {
	ids := slices.DeleteFunc(a.Sections(), func(s lis.SourcedID) bool { return s == id })
	if len(ids) == 0 {
		return nil
	}
	return &lis.ListOfCourseSectionIDs{CourseSectionID: ids}
}
