package grades

import (
	"fmt"
	"math/big"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// graded are the roles whose holders get results [ours]. Peers send the names
// of their own systems.
var graded = map[string]bool{"learner": true, "student": true, "registration": true}

// A refusal says why a grade is not taken, for a teacher.
type refusal string

func (r refusal) Error() string { return string(r) }

func refuse(format string, args ...any) error { return refusal(fmt.Sprintf(format, args...)) }

// section demands that a section is there.
func section(v journal.View, id lis.SourcedID) error {
	e, err := v.Get(lis.KindCourseSection, id)
	switch {
	case err != nil:
		return err
	case e == nil:
		return refuse("the records know no section %s; has the SIS sent it?", id)
	case e.Deleted:
		return refuse("the section %s was deleted", id)
	}
	return nil
}

// enrolled demands that a person is an active learner of a section.
func enrolled(v journal.View, section, person lis.SourcedID) error {
	filter := journal.Filter{Links: []lis.Link{{Name: lis.LinkCollection, Value: string(section)}, {Name: lis.LinkPerson, Value: string(person)}}}
	found := ""
	for e, err := range v.Scan(lis.KindMembership, filter) {
		if err != nil {
			return err
		}
		record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
		if err != nil {
			return err
		}
		state := standing(record.Object.(*lis.Membership))
		if state == "" {
			return nil
		}
		found = state
	}
	if found != "" {
		return refuse("%s is in section %s, but %s; results are for active learners", person, section, found)
	}
	return refuse("%s is not in section %s; enrol the person in the SIS first", person, section)
}

// standing says why a member gets no result, "" for one who does.
func standing(m *lis.Membership) string {
	why := "without a role"
	if m.Member == nil {
		return why
	}
	for _, role := range m.Member.Role {
		switch {
		case !graded[strings.ToLower(role.RoleType)]:
			why = "as " + role.RoleType
		case role.Status != "" && !strings.EqualFold(role.Status, lis.StatusActive):
			why = "with the status " + role.Status
		default:
			return ""
		}
	}
	return why
}

// fits demands that a value is on the scale of its line item.
func fits(v journal.View, item *lis.LineItem, score string) error {
	if score == "" {
		return refuse("the result has no value")
	}
	scale := item.ResultValue
	if item.ResultValueSourcedID != "" {
		e, err := v.Get(lis.KindResultValue, item.ResultValueSourcedID)
		if err != nil {
			return err
		}
		if e == nil || e.Deleted {
			return nil // the scale is not known here; the SIS decides
		}
		record, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
		if err != nil {
			return err
		}
		scale = record.Object.(*lis.ResultValue)
	}
	if scale == nil {
		return nil
	}
	return onScale(scale, score)
}

func onScale(scale *lis.ResultValue, score string) error {
	if list := scale.ValueList; list != nil && len(list.OrderValue) > 0 {
		var known []string
		for i := range list.OrderValue {
			grade := list.OrderValue[i].Grade.String()
			if grade == score {
				return nil
			}
			known = append(known, grade)
		}
		return refuse("%q is not on the scale of the line item: %s", score, strings.Join(known, ", "))
	}
	if scale.ValueRange == nil {
		return nil
	}
	value, ok := new(big.Rat).SetString(score)
	if !ok {
		return refuse("%q is no number, and the line item has points from %s to %s", score, scale.ValueRange.Min, scale.ValueRange.Max)
	}
	if beyond(value, scale.ValueRange.Min, -1) || beyond(value, scale.ValueRange.Max, 1) {
		return refuse("%s is not between %s and %s", score, scale.ValueRange.Min, scale.ValueRange.Max)
	}
	return nil
}

// beyond reports whether a value is on the wrong side of a limit.
func beyond(value *big.Rat, limit string, side int) bool {
	l, ok := new(big.Rat).SetString(limit)
	return ok && value.Cmp(l) == side
}
