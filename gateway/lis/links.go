package lis

import (
	"slices"
	"strings"
)

// The names of links. Each object can be found by the values that it has
// under these names; discover queries use the same names.
const (
	LinkEmail       = "email"       // person: e-mail addresses, lower case
	LinkUserID      = "userid"      // person: userIdValue of any type
	LinkName        = "name"        // person: formatted name
	LinkType        = "type"        // group: id and type of a typevalue; line item: lineItemTypeValue
	LinkParent      = "parent"      // group: sourcedId of a relationship
	LinkCollection  = "collection"  // membership: collectionSourcedId
	LinkPerson      = "person"      // membership, result: personSourcedId
	LinkTemplate    = "template"    // offering: parentTemplateId
	LinkOffering    = "offering"    // section: parentOfferingId
	LinkSession     = "session"     // offering, section: academicSession
	LinkOrg         = "org"         // group, course objects: org/id
	LinkNumber      = "number"      // template: courseNumber
	LinkLabel       = "label"       // course objects, line item, result value
	LinkTitle       = "title"       // course objects
	LinkStatus      = "status"      // course objects; result: resultStatusValue
	LinkSection     = "section"     // section association: courseSectionId
	LinkContext     = "context"     // line item: contextIdentifier
	LinkLineItem    = "lineitem"    // result: lineItemSourcedId
	LinkResultValue = "resultvalue" // line item, result: resultValueSourcedId
	LinkRoom        = "room"        // section: rooms of its meetings
	LinkInstructor  = "instructor"  // section: persons who teach its meetings
)

type links []Link

func (l *links) add(name, value string) {
	if value = strings.TrimSpace(value); value == "" || slices.Contains(*l, Link{name, value}) {
		return
	}
	*l = append(*l, Link{name, value})
}

func (l *links) org(o *Org) {
	if o != nil {
		l.add(LinkOrg, o.ID.String())
	}
}

// Links returns the person's e-mail addresses, user ids and formatted name.
func (p *Person) Links() []Link {
	var l links
	for i := range p.ContactInfo {
		if v := p.ContactInfo[i].ContactInfoValue.String(); strings.Contains(v, "@") {
			l.add(LinkEmail, strings.ToLower(v))
		}
	}
	for i := range p.Roles {
		for j := range p.Roles[i].UserID {
			l.add(LinkUserID, p.Roles[i].UserID[j].UserIDValue.String())
		}
	}
	l.add(LinkName, p.Formatted())
	return l
}

// Links returns the group's types, parents and organisation.
func (g *Group) Links() []Link {
	var l links
	if g.GroupType != nil {
		for i := range g.GroupType.TypeValue {
			l.add(LinkType, g.GroupType.TypeValue[i].ID.String())
			l.add(LinkType, g.GroupType.TypeValue[i].Type.String())
		}
	}
	for i := range g.Relationship {
		l.add(LinkParent, string(g.Relationship[i].SourcedID))
	}
	l.org(g.Org)
	return l
}

// Links returns the membership's collection and person.
func (m *Membership) Links() []Link {
	var l links
	l.add(LinkCollection, string(m.CollectionSourcedID))
	l.add(LinkPerson, string(m.Person()))
	return l
}

func courseLinks(label, title *Text, status string, org *Org) links {
	var l links
	l.add(LinkLabel, label.String())
	l.add(LinkTitle, title.String())
	l.add(LinkStatus, status)
	l.org(org)
	return l
}

// Links returns the template's number, label, title, status and organisation.
func (c *CourseTemplate) Links() []Link {
	l := courseLinks(c.Label, c.Title, c.Status, c.Org)
	l.add(LinkNumber, c.CourseNumber.String())
	return l
}

// Links returns the offering's template, session, label, title, status and organisation.
func (c *CourseOffering) Links() []Link {
	l := courseLinks(c.Label, c.Title, c.Status, c.Org)
	l.add(LinkTemplate, string(c.ParentTemplateID))
	l.add(LinkSession, c.AcademicSession.String())
	return l
}

// Links returns the section's offering, session, label, title, status and
// organisation, and the rooms and instructors of its meetings.
func (c *CourseSection) Links() []Link {
	l := courseLinks(c.Label, c.Title, c.Status, c.Org)
	l.add(LinkOffering, string(c.ParentOfferingID))
	l.add(LinkSession, c.AcademicSession.String())
	return append(l, meetingLinks(c.Extension)...)
}

// meetingLinks returns the rooms and instructors that the fields of meetings
// name, well written or not.
func meetingLinks(e *Extension) links {
	var r fieldReader
	var l links
	seen := map[Link]bool{}
	r.fields(e, familyMeeting, func(pattern string, _, _ int) {
		link := Link{Value: r.value}
		switch pattern {
		case FieldMeetingRoom:
			link.Name = LinkRoom
		case FieldInstructorPerson:
			link.Name = LinkInstructor
		default:
			return
		}
		if !seen[link] {
			seen[link] = true
			l = append(l, link)
		}
	})
	return l
}

// Links returns the association's sections, label, title and status.
func (a *SectionAssociation) Links() []Link {
	l := courseLinks(a.Label, a.Title, a.Status, nil)
	for _, id := range a.Sections() {
		l.add(LinkSection, string(id))
	}
	return l
}

// Links returns the line item's context, type, label and scale.
func (i *LineItem) Links() []Link {
	var l links
	if i.Context != nil {
		l.add(LinkContext, string(i.Context.ContextIdentifier))
	}
	if i.LineItemType != nil {
		l.add(LinkType, i.LineItemType.LineItemTypeValue.String())
	}
	l.add(LinkLabel, i.Label.String())
	l.add(LinkResultValue, string(i.ResultValueSourcedID))
	return l
}

// Links returns the result's line item, person, status and scale.
func (r *Result) Links() []Link {
	var l links
	l.add(LinkLineItem, string(r.LineItemSourcedID))
	l.add(LinkPerson, string(r.PersonSourcedID))
	if r.StatusOfResult != nil {
		l.add(LinkStatus, r.StatusOfResult.ResultStatusValue.String())
	}
	l.add(LinkResultValue, string(r.ResultValueSourcedID))
	return l
}

// Links returns the scale's label.
func (v *ResultValue) Links() []Link {
	var l links
	l.add(LinkLabel, v.Label.String())
	return l
}
