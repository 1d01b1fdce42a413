package lissoap

import (
	"context"
	"iter"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// finalType is the type of a line item whose results are final (OMS 1.0,
// LineItemType.Type).
const finalType = "Final"

// Results reads the final results of a section back: those of its line items
// of the type Final. A peer that knows no line items of a section gives all
// results that it has there.
func (a grading) Results(ctx context.Context, section lis.SourcedID) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		items, err := a.ids(ctx, &lis.Call{Operation: "readLineItemIdsForCourseSection", Of: section})
		if err != nil && adapters.ClassOf(err) == adapters.Unsupported {
			a.stream(ctx, lis.KindResult, &lis.Call{Operation: "readResultIdsForCourseSection", Of: section})(yield)
			return
		}
		if nothing(code(err)) {
			return
		}
		if err != nil {
			yield(nil, err)
			return
		}
		a.resultsOf(ctx, items, yield)
	}
}

func (a grading) resultsOf(ctx context.Context, items []lis.SourcedID, yield func(*lis.Record, error) bool) {
	lineItems, err := a.page(ctx, lis.KindLineItem, items)
	if err != nil {
		yield(nil, err)
		return
	}
	for _, r := range lineItems {
		if !isFinal(r) {
			continue
		}
		for result, err := range a.stream(ctx, lis.KindResult, &lis.Call{Operation: "readResultIdsForLineItem", Of: r.ID}) {
			if !yield(result, err) || err != nil {
				return
			}
		}
	}
}

func isFinal(r *lis.Record) bool {
	i, ok := r.Object.(*lis.LineItem)
	return ok && i.LineItemType != nil && strings.EqualFold(i.LineItemType.LineItemTypeValue.String(), finalType)
}
