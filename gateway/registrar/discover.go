package registrar

import (
	"iter"
	"slices"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// discover answers the ids of what a queryObject describes.
func (r *Registrar) discover(snap journal.Snapshot, c *lis.Call, op lis.Operation) (*lis.Answer, error) {
	q, err := parseQuery(op.Kind, c.Query)
	if err != nil {
		return nil, err
	}
	return answerIDs(snap, op, ids(q.find(snap, op.Kind)), "no "+string(op.Kind)+" fits the query")
}

// find streams the entries that a query means, by the cheapest way.
func (q *query) find(v journal.View, k lis.Kind) iter.Seq2[*journal.Entry, error] {
	switch {
	case q.text != "":
		return findText(v, k, q.text)
	case q.id != "":
		return q.holding(known(v, k, []lis.SourcedID{q.id}))
	}
	return q.holding(v.Scan(k, journal.Filter{Links: q.links, Since: q.since, IDsOnly: true}))
}

// holding leaves entries for which the conditions hold that a scan cannot
// ask for.
func (q *query) holding(entries iter.Seq2[*journal.Entry, error]) iter.Seq2[*journal.Entry, error] {
	return func(yield func(*journal.Entry, error) bool) {
		for e, err := range entries {
			if err == nil && !q.holds(e) {
				continue
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

func (q *query) holds(e *journal.Entry) bool {
	if q.id != "" { // it was not scanned for
		for _, l := range q.links {
			if !slices.Contains(e.Links, l) {
				return false
			}
		}
	}
	return e.Seq > q.since && strings.HasPrefix(string(e.ID), q.prefix)
}

// findText looks for bare text under each name that the kind has, and answers
// an entry once though it be found under two.
func findText(v journal.View, k lis.Kind, text string) iter.Seq2[*journal.Entry, error] {
	var links []lis.Link
	for _, n := range linkNames[k] {
		if slices.Contains(textNames, n) {
			links = append(links, lis.Link{Name: n, Value: text})
		}
	}
	return func(yield func(*journal.Entry, error) bool) {
		for i, l := range links {
			for e, err := range v.Scan(k, journal.Filter{Links: []lis.Link{l}}) {
				if err == nil && slices.ContainsFunc(links[:i], func(l lis.Link) bool { return slices.Contains(e.Links, l) }) {
					continue
				}
				if !yield(e, err) || err != nil {
					return
				}
			}
		}
	}
}
