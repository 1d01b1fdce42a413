package intake

import (
	"context"
	"fmt"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// take puts an item into the batch, and moves the state ahead by its marks: a
// beginning counts before the item, an end and a cursor after it.
func (p *pull) take(item adapters.Item) {
	p.came = p.came || item.Again && !p.kept.Useless // what was of no use is of none again
	p.lists = p.lists || item.Begins != "" || item.Ends != ""
	if item.Begins != "" {
		p.ahead.Listing[item.Begins] = p.report.Run
		delete(p.ahead.Listed, item.Begins)
	}
	e, err := entryOf(item)
	if err != nil {
		e.item.Err, e.call = err, nil
	}
	_, e.listed = p.ahead.Listing[item.Kind]
	p.batch = append(p.batch, e)
	if began, ok := p.ahead.Listing[item.Ends]; ok { // an end without a beginning tells nothing
		p.came = true
		p.ahead.Listed[item.Ends] = began
		delete(p.ahead.Listing, item.Ends)
	}
	if item.Cursor != "" && item.Cursor != p.ahead.Cursor {
		p.ahead.Cursor, p.ahead.CursorAt = item.Cursor, p.now()
	}
}

// flush has the batch carried out, in one transaction with what is remembered
// of it and the state, and tells the source.
func (p *pull) flush(ctx context.Context) error {
	if len(p.batch) == 0 {
		return nil
	}
	var calls []*lis.Call
	var called []*entry
	for i := range p.batch {
		if e := &p.batch[i]; e.call != nil {
			calls, called = append(calls, e.call), append(called, e)
		}
	}
	var mem memory
	wanted := func(tx journal.Tx, i int) (bool, error) {
		if i == 0 { // the transaction may run again
			mem = memory{p.feed.Name, map[lis.Ref][]byte{}}
		}
		yes, err := mem.wants(tx, called[i])
		called[i].known = !yes
		return yes, err
	}
	after := func(tx journal.Tx, outcomes []registrar.Outcome) error { return p.remember(tx, outcomes) }
	outcomes, err := p.registrar.Batch(ctx, p.feed.Name, calls, wanted, after)
	if err != nil {
		return &keeping{err}
	}
	heard := p.count(outcomes)
	p.kept = p.ahead.clone()
	clear(p.batch) // let go of the records
	p.batch = p.batch[:0]
	if heard < 0 {
		return nil
	}
	return p.acknowledge(ctx, heard)
}

// count counts a batch and collects what was rejected. It returns how many of
// p.unheard the source is to hear of with the last cursor of the batch; -1
// when the batch has none.
func (p *pull) count(outcomes []registrar.Outcome) int {
	heard := -1
	for i := range p.batch {
		e := &p.batch[i]
		var o registrar.Outcome
		if e.call != nil {
			o, outcomes = outcomes[0], outcomes[1:]
		}
		p.countOne(e, e.fate(o), o)
		if e.item.Cursor != "" {
			heard = len(p.unheard)
		}
	}
	return heard
}

func (p *pull) countOne(e *entry, f fate, o registrar.Outcome) {
	if f == nothing {
		return
	}
	c := p.report.of(e.item.Kind)
	c.Read++
	switch f {
	case unchanged:
		c.Unchanged++
	case changed:
		c.Changed++
	case removed:
		c.Removed++
	case refused:
		c.Refused++
		j := adapters.Rejection{Where: e.item.Where, Kind: e.item.Kind, Key: e.item.Key, Reason: o.Description}
		if e.item.Err != nil {
			j.Reason = e.item.Err.Error()
		}
		p.report.reject(j)
		p.unheard = append(p.unheard, j)
	}
}

// acknowledge tells the source what is on disk, and which of it was not taken.
func (p *pull) acknowledge(ctx context.Context, heard int) error {
	said := p.unheard[:heard:heard]
	p.unheard = p.unheard[heard:]
	source, ok := p.feed.Source.(adapters.Acknowledger)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, p.feed.Timeout)
	defer cancel()
	if err := source.Acknowledge(ctx, p.kept.Cursor, said); err != nil {
		return &keeping{fmt.Errorf("acknowledge what was read: %w", err)}
	}
	return nil
}

// remember ends the transaction of a batch.
func (p *pull) remember(tx journal.Tx, outcomes []registrar.Outcome) error {
	for i := range p.batch {
		var o registrar.Outcome
		if e := &p.batch[i]; e.call != nil {
			o, outcomes = outcomes[0], outcomes[1:]
		}
		if err := p.batch[i].remember(tx, p.feed.Name, p.report.Run, o); err != nil {
			return err
		}
	}
	if !p.marked() {
		return nil
	}
	return p.ahead.put(tx, p.feed.Name, p.now())
}

// marked reports whether the batch holds a mark that has to be kept.
func (p *pull) marked() bool {
	for i := range p.batch {
		if it := &p.batch[i].item; it.Cursor != "" || it.Begins != "" || it.Ends != "" {
			return true
		}
	}
	return false
}
