package planner

import (
	"maps"
	"slices"

	"lisgate/gateway/lis"
)

// sortedKeys are the ids in a map, in their order.
func sortedKeys[V any](m map[lis.SourcedID]V) []lis.SourcedID { return slices.Sorted(maps.Keys(m)) }
