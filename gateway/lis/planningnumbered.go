package lis

import (
	"fmt"
	"slices"
)

// A numbered list is what repeats, by the numbers in the names of its fields.
type numbered[T any] struct {
	blank   T // what a new item is
	limit   int
	what    string // for the error that names the limit
	numbers []int  // growing
	items   []T
	full    bool
}

// at returns the item of a number, a new one if need be; nil beyond the limit,
// of which the first field is told.
func (l *numbered[T]) at(r *fieldReader, n int) *T {
	at := len(l.numbers)
	if at > 0 && l.numbers[at-1] >= n { // fields mostly come in order
		var found bool
		if at, found = slices.BinarySearch(l.numbers, n); found {
			return &l.items[at]
		}
	}
	if len(l.items) >= l.limit {
		if !l.full {
			l.full = true
			r.bad(r.name, r.value, fmt.Sprintf("is beyond the limit of %d %s; it and those after it are not read", l.limit, l.what))
		}
		return nil
	}
	l.numbers = slices.Insert(l.numbers, at, n)
	l.items = slices.Insert(l.items, at, l.blank)
	return &l.items[at]
}

// numbersOf gives each item the number that it has, or the next free one when
// it has none, or one that an item before it has.
func numbersOf(has []int) []int {
	numbers := make([]int, len(has))
	used := make(map[int]bool, len(has))
	next := 1
	for i, n := range has {
		if n > 0 && n <= maxNumber && !used[n] {
			numbers[i], used[n] = n, true
			next = max(next, n+1)
		}
	}
	if next+len(has) > maxNumber {
		next = 1
	}
	for i := range numbers {
		for numbers[i] == 0 {
			if !used[next] {
				numbers[i], used[next] = next, true
			}
			next++
		}
	}
	return numbers
}

// inOrder returns the places of numbers from the lowest to the highest.
func inOrder(numbers []int) []int {
	order := make([]int, len(numbers))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return numbers[a] - numbers[b] })
	return order
}
