package registrar

import (
	"strings"

	"lisgate/gateway/lis"
)

// about returns the object that a call is about. Peers send the id twice and
// both may differ; D2L and ILP key on the inner one, and so does lisgate.
func about(c *lis.Call) lis.SourcedID {
	switch {
	case c.Record != nil && c.Record.ID != "":
		return c.Record.ID
	case c.ID != "":
		return c.ID
	case c.Of != "":
		return c.Of
	}
	return lis.SourcedID(c.TransactionID)
}

// other returns the other object of a call, wherever the operation names it.
func other(c *lis.Call) lis.SourcedID {
	if c.Of != "" {
		return c.Of
	}
	return c.ID
}

func trimID(ids ...*lis.SourcedID) {
	for _, id := range ids {
		*id = lis.SourcedID(strings.TrimSpace(string(*id)))
	}
}

// trim takes the white space off all identifiers of a call: peers pad them
// (LIS facts, section 9, row 3).
func trim(c *lis.Call) {
	trimID(&c.ID, &c.NewID, &c.Of, &c.RelationID)
	for i := range c.IDs {
		trimID(&c.IDs[i])
	}
	if c.Relationship != nil {
		trimID(&c.Relationship.RelationID, &c.Relationship.SourcedID)
	}
	trimRecord(c.Record)
	for _, rec := range c.Records {
		trimRecord(rec)
	}
}

func trimRecord(rec *lis.Record) {
	if rec == nil {
		return
	}
	trimID(&rec.ID)
	switch o := rec.Object.(type) {
	case *lis.Group:
		for i := range o.Relationship {
			trimID(&o.Relationship[i].RelationID, &o.Relationship[i].SourcedID)
		}
	case *lis.Membership:
		trimID(&o.CollectionSourcedID)
		if o.Member != nil {
			trimID(&o.Member.PersonSourcedID)
		}
	case *lis.CourseOffering:
		trimID(&o.ParentTemplateID)
	case *lis.CourseSection:
		trimID(&o.ParentOfferingID)
	case *lis.SectionAssociation:
		for i, ids := 0, o.Sections(); i < len(ids); i++ {
			trimID(&ids[i])
		}
	case *lis.LineItem:
		trimID(&o.ResultValueSourcedID)
		if o.Context != nil {
			trimID(&o.Context.ContextIdentifier)
		}
	case *lis.Result:
		trimID(&o.LineItemSourcedID, &o.PersonSourcedID, &o.ResultValueSourcedID)
	}
}
