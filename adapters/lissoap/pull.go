package lissoap

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

var _ adapters.Source = reading{}

// always is a savepoint before everything [ours]: the ids from it on are all
// that the peer has, and come with the savepoint to go on from.
const always = "1970-01-01T00:00:00Z"

// Pull asks for what changed, kind by kind in the order in which records
// depend on each other. The cursor holds the savepoint of each kind. A kind
// without one is listed whole, and so is, each time, a kind of which the peer
// has no savepoints.
func (a reading) Pull(ctx context.Context, cursor string) iter.Seq2[adapters.Item, error] {
	return func(yield func(adapters.Item, error) bool) {
		points, err := savepoints(cursor)
		if err != nil {
			yield(adapters.Item{}, err)
			return
		}
		for _, info := range lis.Kinds {
			p := &pull{reading: a, ctx: ctx, kind: info.Kind, points: points, yield: yield}
			if !a.offers(info.Kind, lis.ReadPlural) {
				continue
			}
			if err := p.run(); err != nil {
				yield(adapters.Item{}, err)
				return
			}
			if p.enough {
				return
			}
		}
	}
}

func savepoints(cursor string) (map[lis.Kind]string, error) {
	points := map[lis.Kind]string{}
	if cursor == "" {
		return points, nil
	}
	if err := json.Unmarshal([]byte(cursor), &points); err != nil {
		return nil, refused("the cursor is none of this adapter: %v", err)
	}
	return points, nil
}

// A pull brings one kind.
type pull struct {
	reading
	ctx    context.Context
	kind   lis.Kind
	points map[lis.Kind]string
	yield  func(adapters.Item, error) bool
	enough bool // the reader wants no more
}

func (p *pull) give(i adapters.Item) bool {
	p.enough = p.enough || !p.yield(i, nil)
	return !p.enough
}

func (p *pull) run() error {
	from := p.points[p.kind]
	whole := from == ""
	if whole {
		from = always
	}
	ids, point, err := p.since(from)
	switch {
	case adapters.ClassOf(err) == adapters.Unsupported && err != nil, code(err) == lis.SavePointError, code(err) == lis.SavePointSyncError:
		return p.list() // the peer has no savepoints, or not this one
	case err != nil:
		return err
	}
	return p.records(ids, whole, point)
}

// since returns the ids of what changed after a savepoint, and the next one.
func (p *pull) since(from string) ([]lis.SourcedID, string, error) {
	answer, err := p.call(p.ctx, p.client.o.NewID(), &lis.Call{Operation: lis.OperationFor(p.kind, lis.ReadIDsFrom), SavePoint: from})
	if nothing(code(err)) {
		return nil, answerPoint(answer, from), nil
	}
	if err != nil {
		return nil, "", err
	}
	ids, err := distinct(answer.IDs)
	return ids, answerPoint(answer, from), err
}

// answerPoint is the savepoint of an answer. A peer that tells none is asked
// from the same one again, which costs time and loses nothing.
func answerPoint(a *lis.Answer, from string) string {
	if a == nil || a.SavePoint == "" {
		return from
	}
	return a.SavePoint
}

// records gives the records of ids. What has an id and cannot be read is gone.
func (p *pull) records(ids []lis.SourcedID, whole bool, point string) error {
	if whole && !p.give(adapters.Item{Begins: p.kind}) {
		return nil
	}
	for len(ids) > 0 && !p.enough {
		n := min(pageSize, len(ids))
		found, err := p.page(p.ctx, p.kind, ids[:n])
		if err != nil {
			return err
		}
		p.givePage(ids[:n], found, whole)
		ids = ids[n:]
	}
	if p.enough {
		return nil
	}
	return p.end(whole, point)
}

func (p *pull) givePage(ids []lis.SourcedID, found []*lis.Record, whole bool) {
	there := map[lis.SourcedID]*lis.Record{}
	for _, r := range found {
		there[r.ID] = r
	}
	for _, id := range ids {
		item := adapters.Item{Kind: p.kind, Key: id, Act: lis.Put, Record: there[id], Where: fmt.Sprintf("%s %s", p.kind, id)}
		if item.Record == nil {
			item.Act = lis.Drop
		}
		if item.Act == lis.Drop && whole {
			continue // it is not in the list
		}
		if !p.give(item) {
			return
		}
	}
}

// end marks where a later pull goes on.
func (p *pull) end(whole bool, point string) error {
	p.points[p.kind] = point
	cursor, err := json.Marshal(p.points)
	if err != nil {
		return err
	}
	item := adapters.Item{Cursor: string(cursor)}
	if whole {
		item.Ends = p.kind
	}
	p.give(item)
	return nil
}

// list gives all of a kind, for a peer without savepoints.
func (p *pull) list() error {
	if !p.give(adapters.Item{Begins: p.kind}) {
		return nil
	}
	for r, err := range p.List(p.ctx, p.kind) {
		if err != nil {
			if adapters.ClassOf(err) == adapters.Unsupported {
				return nil // it does not have the kind at all; no end is marked
			}
			return err
		}
		if !p.give(adapters.Item{Kind: p.kind, Key: r.ID, Act: lis.Put, Record: r, Where: fmt.Sprintf("%s %s", p.kind, r.ID)}) {
			return nil
		}
	}
	delete(p.points, p.kind)
	p.give(adapters.Item{Ends: p.kind})
	return nil
}
