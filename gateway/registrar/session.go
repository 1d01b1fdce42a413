package registrar

import (
	"iter"
	"slices"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

const termType = "TERM"

// activeOfferings selects the offerings of an academic session that are not
// Inactive. A session is text; where a term group has it for its id, the
// group's short description means the same session, and the other way round.
func activeOfferings(v journal.View, c *lis.Call) (iter.Seq2[*journal.Entry, error], error) {
	session := strings.TrimSpace(c.AcademicSession.String())
	if session == "" {
		return nil, incomplete("academicSession")
	}
	names, err := sessionNames(v, session)
	if err != nil {
		return nil, err
	}
	offerings := chain(names, func(_ int, name lis.SourcedID) iter.Seq2[*journal.Entry, error] {
		return withContent(v, lis.KindCourseOffering, lis.LinkSession, name)
	})
	return suiting(offerings, func(rec *lis.Record) bool {
		status := strings.TrimSpace(rec.Object.(*lis.CourseOffering).Status)
		return !strings.EqualFold(status, lis.StatusInactive) && !strings.EqualFold(status, lis.StatusDeleted)
	}), nil
}

// sessionNames returns the names that mean the same session.
func sessionNames(v journal.View, session string) ([]lis.SourcedID, error) {
	names := []lis.SourcedID{lis.SourcedID(session)}
	for e, err := range withContent(v, lis.KindGroup, lis.LinkType, termType) {
		if err != nil {
			return nil, err
		}
		rec, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
		if err != nil {
			return nil, err
		}
		pair := []lis.SourcedID{e.ID, lis.SourcedID(shortName(rec.Object.(*lis.Group)))}
		if !slices.Contains(pair, lis.SourcedID(session)) {
			continue
		}
		for _, name := range pair {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

func shortName(g *lis.Group) string {
	if g.Description == nil {
		return ""
	}
	return strings.TrimSpace(g.Description.ShortDescription.String())
}

// readIDFor answers the scale of a line item or of a result.
func (r *Registrar) readIDFor(snap journal.Snapshot, c *lis.Call, op lis.Operation) (*lis.Answer, error) {
	kind, element := lis.KindLineItem, "lineItemSourcedId"
	if op.Name == "readResultValueIdForResult" {
		kind, element = lis.KindResult, "resultSourcedId"
	}
	if other(c) == "" {
		return nil, incomplete(element)
	}
	_, rec, err := present(snap, kind, other(c))
	if err != nil {
		return nil, err
	}
	a := &lis.Answer{ID: scaleOf(rec.Object)}
	if a.ID == "" {
		a.Status = lis.StatusOf(lis.NothingFound, op.Service,
			"the "+string(kind)+" "+quote(string(other(c)))+" names no resultValue of its own")
	}
	return a, nil
}

func scaleOf(o lis.Object) lis.SourcedID {
	switch o := o.(type) {
	case *lis.LineItem:
		return o.ResultValueSourcedID
	case *lis.Result:
		return o.ResultValueSourcedID
	}
	return ""
}
