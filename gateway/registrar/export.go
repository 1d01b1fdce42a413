package registrar

import (
	"context"
	"iter"
	"slices"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// exportOrder is the order in which a receiver can take the kinds: each after
// those that it refers to.
var exportOrder = []lis.Kind{
	lis.KindGroup, lis.KindCourseTemplate, lis.KindCourseOffering, lis.KindCourseSection, lis.KindSectionAssociation,
	lis.KindPerson, lis.KindMembership, lis.KindLineItem, lis.KindResultValue, lis.KindResult,
}

// An extract is a BulkFilter that was understood. The inner form of
// FilterObject is unknown (LIS facts, section 11), so it is ours: a rule of
// filterType "savepoint", or the name of a kind, limited by filterValueObject
// and filterValue as by a name and value of a query. Rules on one kind must
// all hold; with rules, kinds without one are left out.
type extract struct {
	since   int64
	queries map[lis.Kind]*query
}

func extractOf(f *lis.BulkFilter) (*extract, error) {
	x := &extract{queries: map[lis.Kind]*query{}}
	if f == nil {
		return x, nil
	}
	if err := x.from(f.SavePoint); err != nil {
		return nil, err
	}
	for i := range f.Rule {
		if err := x.add(&f.Rule[i]); err != nil {
			return nil, err
		}
	}
	return x, nil
}

func (x *extract) from(savePoint string) error {
	if strings.TrimSpace(savePoint) == "" {
		return nil
	}
	seq, err := lis.SequenceOf(savePoint)
	if err != nil {
		return refuse(lis.BadSavePoint, err.Error()+"; send the time of an earlier extract, or none for all records")
	}
	x.since = max(seq, 1)
	return nil
}

func (x *extract) add(rule *lis.BulkFilterRule) error {
	kind := strings.TrimSpace(rule.FilterType)
	if strings.EqualFold(kind, "savepoint") || strings.EqualFold(rule.ValueObject, "savepoint") {
		return x.from(rule.Value)
	}
	at := slices.IndexFunc(lis.Kinds, func(k lis.KindInfo) bool {
		return strings.EqualFold(kind, k.Name) || strings.EqualFold(kind, k.Plural)
	})
	if at < 0 {
		return refuse(lis.QueryNotUnderstood, "unknown filterType "+quote(kind)+"; send a kind such as CourseSection, or savepoint")
	}
	k := lis.Kinds[at].Kind
	if x.queries[k] == nil {
		x.queries[k] = &query{}
	}
	if strings.TrimSpace(rule.Value) == "" {
		return nil
	}
	return x.queries[k].add(k, rule.ValueObject, rule.Value)
}

// Export streams the records that a filter asks for as replace calls, in an
// order in which a receiver can take them; since a savepoint also deletes, in
// the opposite order, after all replaces. The function ends the export and must
// be called.
func (r *Registrar) Export(ctx context.Context, filter *lis.BulkFilter) (iter.Seq2[*BulkItem, error], func(), error) {
	x, err := extractOf(filter)
	if err != nil {
		return nil, nil, err
	}
	snap, err := r.Store.Snapshot(ctx)
	if err != nil {
		return nil, nil, err
	}
	return x.items(snap), func() { snap.Close() }, nil
}

func (x *extract) items(v journal.View) iter.Seq2[*BulkItem, error] {
	return func(yield func(*BulkItem, error) bool) {
		for _, k := range exportOrder {
			if !x.each(v, k, false, yield) {
				return
			}
		}
		if x.since == 0 {
			return
		}
		for _, k := range slices.Backward(exportOrder) {
			if !x.each(v, k, true, yield) {
				return
			}
		}
	}
}

// each yields the items of one kind: those that are there, or those that are
// gone. It reports whether to go on.
func (x *extract) each(v journal.View, k lis.Kind, gone bool, yield func(*BulkItem, error) bool) bool {
	q := x.queries[k]
	if q == nil && len(x.queries) > 0 {
		return true
	}
	if q == nil {
		q = &query{}
	}
	filter := journal.Filter{Links: q.links, Since: max(x.since, q.since), Deleted: gone, IDsOnly: gone}
	if gone {
		filter.Links = nil // what is gone is told to all who may have had it
	}
	for e, err := range v.Scan(k, filter) {
		if err == nil && (e.Deleted != gone || q.id != "" && e.ID != q.id || !strings.HasPrefix(string(e.ID), q.prefix)) {
			continue
		}
		var item *BulkItem
		if err == nil {
			item, err = itemOf(e)
		}
		if !yield(item, err) || err != nil {
			return false
		}
	}
	return true
}

func itemOf(e *journal.Entry) (*BulkItem, error) {
	if e.Deleted {
		return &BulkItem{Call: &lis.Call{Operation: lis.OperationFor(e.Kind, lis.Delete), ID: e.ID}}, nil
	}
	rec, err := lis.UnmarshalRecord(e.Kind, e.ID, e.Body)
	if err != nil {
		return nil, err
	}
	return &BulkItem{Call: &lis.Call{Operation: lis.OperationFor(e.Kind, lis.Replace), ID: e.ID, Record: rec}}, nil
}
