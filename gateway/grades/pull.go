package grades

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// jobKind is the kind of the jobs in which receipts are kept.
const jobKind = "grades"

// Submit takes grades that somebody pushes, and keeps the receipt.
func (d *Desk) Submit(ctx context.Context, caller string, grades []Grade, mayCreate bool) (*Receipt, error) {
	receipt := d.receipt(caller)
	seen := map[lis.SourcedID]bool{}
	for _, g := range grades {
		row, err := d.submit(ctx, caller, g, mayCreate)
		if err != nil {
			return receipt, err
		}
		seen[row.Section] = true
		receipt.add(row)
	}
	receipt.Sections = len(seen)
	return receipt, d.file(ctx, receipt)
}

func (d *Desk) receipt(from string) *Receipt {
	now := d.now().UTC()
	return &Receipt{ID: fmt.Sprintf("%s/%s", from, now.Format("20060102T150405.000000")), From: from, Time: now}
}

// Pull asks a system for the results of sections, all that the feed chooses
// when none is named.
func (d *Desk) Pull(ctx context.Context, feed string, sections []lis.SourcedID) (*Receipt, error) {
	f, err := d.feed(feed)
	if err != nil {
		return nil, err
	}
	if len(sections) == 0 {
		if sections, err = d.sections(ctx, f); err != nil {
			return nil, err
		}
	}
	receipt := d.receipt(f.Source)
	for _, id := range sections {
		receipt.Sections++
		err := d.pull(ctx, f, id, receipt)
		var trouble *adapters.Error
		switch {
		case errors.As(err, &trouble):
			receipt.Trouble = append(receipt.Trouble, fmt.Sprintf("section %s could not be read: %v", id, err))
			if trouble.Class == adapters.Busy || trouble.Class == adapters.Unavailable && !trouble.Narrow {
				return receipt, d.file(ctx, receipt) // the others would fare no better now
			}
		case err != nil:
			return receipt, err
		}
	}
	d.log.Info("results pulled", zap.String("feed", f.Name), zap.Int("sections", receipt.Sections), zap.Int("sent", receipt.Sent), zap.Int("kept", receipt.Kept),
		zap.Int("unchanged", receipt.Unchanged), zap.Int("refused", receipt.Refused), zap.Int("unread", len(receipt.Trouble)))
	return receipt, d.file(ctx, receipt)
}

func (d *Desk) feed(name string) (*Feed, error) {
	var names []string
	for i := range d.feeds {
		if d.feeds[i].Name == name || name == "" && len(d.feeds) == 1 {
			return &d.feeds[i], nil
		}
		names = append(names, d.feeds[i].Name)
	}
	return nil, fmt.Errorf("there is no grade feed %q; the config has %v", name, names)
}

// pull takes the results of one section. They are kept only when all of them
// have come: half a class is no class.
func (d *Desk) pull(ctx context.Context, f *Feed, section lis.SourcedID, receipt *Receipt) error {
	var grades []Grade
	for r, err := range f.Grades.Results(ctx, section) {
		if err != nil {
			return err
		}
		result, ok := r.Object.(*lis.Result)
		if !ok {
			continue
		}
		grades = append(grades, Grade{Section: section, Person: result.PersonSourcedID, LineItem: result.LineItemSourcedID, Type: f.LineItem, Result: result})
	}
	for _, g := range grades {
		row, err := d.submit(ctx, f.Source, g, f.CreateLineItems)
		if err != nil {
			return err
		}
		receipt.add(row)
	}
	return nil
}

// sections returns the sections that a feed chooses.
func (d *Desk) sections(ctx context.Context, f *Feed) ([]lis.SourcedID, error) {
	snap, err := d.store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	var ids []lis.SourcedID
	for _, links := range f.choices() {
		for e, err := range snap.Scan(lis.KindCourseSection, journal.Filter{Links: links, IDsOnly: true}) {
			if err != nil {
				return nil, err
			}
			ids = append(ids, e.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// choices are the links that a section must have, one set or another.
func (f *Feed) choices() [][]lis.Link {
	sets := [][]lis.Link{nil}
	for _, by := range []struct {
		name   string
		values []string
	}{{lis.LinkSession, f.Term}, {lis.LinkOrg, f.Organisation}} {
		if len(by.values) == 0 {
			continue
		}
		var more [][]lis.Link
		for _, set := range sets {
			for _, value := range by.values {
				more = append(more, append(slices.Clone(set), lis.Link{Name: by.name, Value: value}))
			}
		}
		sets = more
	}
	return sets
}

// file keeps a receipt. Of the rows only those that a person may ask for are
// kept: what was unchanged is counted.
func (d *Desk) file(ctx context.Context, r *Receipt) error {
	kept := *r
	kept.Rows = slices.DeleteFunc(slices.Clone(r.Rows), func(row Row) bool { return row.State == Unchanged })
	data, err := json.Marshal(&kept)
	if err != nil {
		return fmt.Errorf("keep receipt: %w", err)
	}
	return d.store.Write(ctx, func(tx journal.Tx) error {
		if err := settleRefusals(tx, r); err != nil {
			return err
		}
		return tx.PutJob(&journal.Job{ID: "grades/" + r.ID, Kind: jobKind, State: "done", Updated: d.now(), Data: data})
	})
}
