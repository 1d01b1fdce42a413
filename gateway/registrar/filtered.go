package registrar

import (
	"iter"
	"strconv"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// A selection streams the entries that a read…IdsFor… asks for.
type selection func(journal.View, *lis.Call) (iter.Seq2[*journal.Entry, error], error)

// A filtered is a row of the table below.
type filtered struct {
	element string // names the other object; "" where there is none
	choose  selection
}

// filters is the table of the filtered reads.
var filters = map[string]filtered{
	"readMembershipIdsForPerson":                       {"personSourcedId", linked(lis.KindMembership, lis.LinkPerson)},
	"readMembershipIdsForPersonWithRole":               {"personSourcedId", withRole},
	"readMembershipIdsForCollection":                   {"groupSourcedId", inCollection},
	"readGroupIdsForPerson":                            {"personSourcedId", groupsOfPerson},
	"readCourseOfferingIdsForCourseTemplate":           {"sourcedId", linked(lis.KindCourseOffering, lis.LinkTemplate)},
	"readCourseSectionIdsForCourseOffering":            {"sourcedId", linked(lis.KindCourseSection, lis.LinkOffering)},
	"readAllActiveCourseOfferingIdsForAcademicSession": {"", activeOfferings},
	"readLineItemIdsForPerson":                         {"personSourcedId", lineItemsOfPerson},
	"readLineItemIdsForCourseOffering":                 {"offeringSourcedId", lineItemsOf(lis.KindCourseOffering)},
	"readLineItemIdsForCourseSection":                  {"sectionSourcedId", lineItemsOf(lis.KindCourseSection)},
	"readLineItemIdsForCourseSectionWithLineItemType":  {"sectionSourcedId", typed(lineItemsOf(lis.KindCourseSection))},
	"readLineItemIdsWithLineItemType":                  {"", lineItemsWithType},
	"readResultIdsForPerson":                           {"personSourcedId", linked(lis.KindResult, lis.LinkPerson)},
	"readResultIdsForLineItem":                         {"lineItemSourcedId", linked(lis.KindResult, lis.LinkLineItem)},
	"readResultIdsForCourseOffering":                   {"courseOfferingSourcedId", resultsOf(lineItemsOf(lis.KindCourseOffering))},
	"readResultIdsForCourseSection":                    {"courseSectionSourcedId", resultsOf(lineItemsOf(lis.KindCourseSection))},
	"readResultIdsForCourseSectionWithStatus":          {"courseSectionSourcedId", resultsOf(lineItemsOf(lis.KindCourseSection))},
	"readResultIdsForLineItemWithLineItemType":         {"contextSourcedId", resultsOf(typed(lineItemsOf("")))},
}

// mostRefs is how many ids fit into a status.
const mostRefs = 1000

func (r *Registrar) readIDsFor(snap journal.Snapshot, c *lis.Call, op lis.Operation) (*lis.Answer, error) {
	row := filters[op.Name]
	if row.element != "" && other(c) == "" {
		return nil, incomplete(row.element)
	}
	entries, err := row.choose(snap, c)
	if err != nil {
		return nil, err
	}
	if op.Name == "readMembershipIdsForPersonWithRole" {
		return inStatus(op, ids(entries))
	}
	return answerIDs(snap, op, ids(entries), "no "+string(op.Kind)+" fits")
}

// inStatus answers with the ids in the status: the contract of
// readMembershipIdsForPersonWithRole has an empty response.
func inStatus(op lis.Operation, seq iter.Seq2[lis.SourcedID, error]) (*lis.Answer, error) {
	var refs []string
	count := 0
	for id, err := range seq {
		if err != nil {
			return nil, err
		}
		if count++; count <= mostRefs {
			refs = append(refs, string(id))
		}
	}
	situation, said := lis.Done, strconv.Itoa(count)+" found; the response has no element for ids, so they stand in imsx_operationRefIdentifier"
	switch {
	case count == 0:
		situation, said = lis.NothingFound, "no "+string(op.Kind)+" fits"
	case count > mostRefs:
		said += ", the first " + strconv.Itoa(mostRefs) + " of them; ask with discover for all"
	}
	a := &lis.Answer{Status: lis.StatusOf(situation, op.Service, said)}
	a.Status.OperationRefs = refs
	return a, nil
}

func scan(v journal.View, k lis.Kind, name string, value lis.SourcedID) iter.Seq2[*journal.Entry, error] {
	return v.Scan(k, journal.Filter{Links: []lis.Link{{Name: name, Value: string(value)}}, IDsOnly: true})
}

// linked selects by one link to the other object.
func linked(k lis.Kind, name string) selection {
	return func(v journal.View, c *lis.Call) (iter.Seq2[*journal.Entry, error], error) {
		return scan(v, k, name, other(c)), nil
	}
}

// suiting leaves the entries whose object suits.
func suiting(entries iter.Seq2[*journal.Entry, error], suits func(*lis.Record) bool) iter.Seq2[*journal.Entry, error] {
	return func(yield func(*journal.Entry, error) bool) {
		for e, err := range entries {
			var rec *lis.Record
			if err == nil {
				rec, err = lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
			}
			if err == nil && !suits(rec) {
				continue
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

func withContent(v journal.View, k lis.Kind, name string, value lis.SourcedID) iter.Seq2[*journal.Entry, error] {
	return v.Scan(k, journal.Filter{Links: []lis.Link{{Name: name, Value: string(value)}}})
}

// withRole selects memberships of a person that have a role; ids in the
// request limit the choice.
func withRole(v journal.View, c *lis.Call) (iter.Seq2[*journal.Entry, error], error) {
	if c.Role == nil {
		return nil, incomplete("role")
	}
	among := make(map[lis.SourcedID]bool, len(c.IDs))
	for _, id := range c.IDs {
		among[id] = true
	}
	return suiting(withContent(v, lis.KindMembership, lis.LinkPerson, other(c)), func(rec *lis.Record) bool {
		return (len(among) == 0 || among[rec.ID]) && hasRole(rec.Object.(*lis.Membership), c.Role)
	}), nil
}

// hasRole compares what the wanted role says and no more.
func hasRole(m *lis.Membership, want *lis.Role) bool {
	if m.Member == nil {
		return false
	}
	for _, role := range m.Member.Role {
		if fits(want.RoleType, role.RoleType) && fits(want.SubRole, role.SubRole) && fits(want.Status, role.Status) {
			return true
		}
	}
	return false
}

// fits reports whether a value is as wanted; "" wants nothing.
func fits(want, value string) bool { return want == "" || strings.EqualFold(want, value) }

func inCollection(v journal.View, c *lis.Call) (iter.Seq2[*journal.Entry, error], error) {
	if c.Collection == "" {
		return scan(v, lis.KindMembership, lis.LinkCollection, other(c)), nil
	}
	return suiting(withContent(v, lis.KindMembership, lis.LinkCollection, other(c)), func(rec *lis.Record) bool {
		return fits(c.Collection, rec.Object.(*lis.Membership).MembershipIDType)
	}), nil
}
