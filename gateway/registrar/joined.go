package registrar

import (
	"iter"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// The selections that go over objects between. What lies between is one
// person's or one course's, so its ids are held; what is answered is streamed.

// groupsOfPerson selects the groups of which a person is a member.
func groupsOfPerson(v journal.View, c *lis.Call) (iter.Seq2[*journal.Entry, error], error) {
	var groups []lis.SourcedID
	for e, err := range withContent(v, lis.KindMembership, lis.LinkPerson, other(c)) {
		if err != nil {
			return nil, err
		}
		rec, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
		if err != nil {
			return nil, err
		}
		if m := rec.Object.(*lis.Membership); couldName(m.MembershipIDType, lis.KindGroup) {
			groups = append(groups, m.CollectionSourcedID)
		}
	}
	return known(v, lis.KindGroup, groups), nil
}

// lineItemsOfPerson selects the line items in which a person has a result.
func lineItemsOfPerson(v journal.View, c *lis.Call) (iter.Seq2[*journal.Entry, error], error) {
	var items []lis.SourcedID
	for e, err := range withContent(v, lis.KindResult, lis.LinkPerson, other(c)) {
		if err != nil {
			return nil, err
		}
		rec, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
		if err != nil {
			return nil, err
		}
		items = append(items, rec.Object.(*lis.Result).LineItemSourcedID)
	}
	return known(v, lis.KindLineItem, items), nil
}

// known streams the entries of ids, each once, that are there.
func known(v journal.View, k lis.Kind, ids []lis.SourcedID) iter.Seq2[*journal.Entry, error] {
	return func(yield func(*journal.Entry, error) bool) {
		seen := make(map[lis.SourcedID]bool, len(ids))
		for _, id := range ids {
			if seen[id] {
				continue
			}
			seen[id] = true
			e, err := v.Get(k, id)
			if err == nil && (e == nil || e.Deleted) {
				continue
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// lineItemsOf selects the line items of a course object of a kind ("" for
// any), for an offering also those of its sections.
func lineItemsOf(k lis.Kind) selection {
	return func(v journal.View, c *lis.Call) (iter.Seq2[*journal.Entry, error], error) {
		contexts := []lis.SourcedID{other(c)}
		if k != lis.KindCourseSection {
			for e, err := range scan(v, lis.KindCourseSection, lis.LinkOffering, other(c)) {
				if err != nil {
					return nil, err
				}
				if e.ID != other(c) {
					contexts = append(contexts, e.ID)
				}
			}
		}
		return chain(contexts, func(at int, id lis.SourcedID) iter.Seq2[*journal.Entry, error] {
			entries := withContent(v, lis.KindLineItem, lis.LinkContext, id)
			switch {
			case at > 0:
				return suiting(entries, inContext(lis.KindCourseSection))
			case k != "":
				return suiting(entries, inContext(k))
			}
			return entries
		}), nil
	}
}

func inContext(k lis.Kind) func(*lis.Record) bool {
	return func(rec *lis.Record) bool { return couldName(contextType(rec.Object), k) }
}

// chain streams what each id leads to, one after the other.
func chain(ids []lis.SourcedID, lead func(int, lis.SourcedID) iter.Seq2[*journal.Entry, error]) iter.Seq2[*journal.Entry, error] {
	return func(yield func(*journal.Entry, error) bool) {
		for i, id := range ids {
			for e, err := range lead(i, id) {
				if !yield(e, err) || err != nil {
					return
				}
			}
		}
	}
}

// typed leaves line items of the type that the call wants.
func typed(choose selection) selection {
	return func(v journal.View, c *lis.Call) (iter.Seq2[*journal.Entry, error], error) {
		want := lineItemType(c)
		if want == "" {
			return nil, incomplete("lineItemTypeValue")
		}
		entries, err := choose(v, c)
		if err != nil {
			return nil, err
		}
		return suiting(entries, func(rec *lis.Record) bool {
			t := rec.Object.(*lis.LineItem).LineItemType
			return t != nil && strings.TrimSpace(t.LineItemTypeValue.String()) == want
		}), nil
	}
}

func lineItemType(c *lis.Call) string {
	if c.LineItemType == nil {
		return ""
	}
	return strings.TrimSpace(c.LineItemType.LineItemTypeValue.String())
}

func lineItemsWithType(v journal.View, c *lis.Call) (iter.Seq2[*journal.Entry, error], error) {
	if lineItemType(c) == "" {
		return nil, incomplete("lineItemTypeValue")
	}
	return scan(v, lis.KindLineItem, lis.LinkType, lis.SourcedID(lineItemType(c))), nil
}

// resultsOf selects the results of line items, with the status that the call
// wants if it wants one.
func resultsOf(choose selection) selection {
	return func(v journal.View, c *lis.Call) (iter.Seq2[*journal.Entry, error], error) {
		entries, err := choose(v, c)
		if err != nil {
			return nil, err
		}
		items, err := lis.Collect(ids(entries))
		if err != nil {
			return nil, err
		}
		return chain(items, func(_ int, id lis.SourcedID) iter.Seq2[*journal.Entry, error] {
			f := journal.Filter{Links: []lis.Link{{Name: lis.LinkLineItem, Value: string(id)}}, IDsOnly: true}
			if c.ResultStatus != nil && c.ResultStatus.ResultStatusValue.String() != "" {
				f.Links = append(f.Links, lis.Link{Name: lis.LinkStatus, Value: strings.TrimSpace(c.ResultStatus.ResultStatusValue.String())})
			}
			return v.Scan(lis.KindResult, f)
		}), nil
	}
}
