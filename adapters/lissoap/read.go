package lissoap

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// pageSize is how many records are asked for in one call.
const pageSize = 200

// grading is an Adapter to a peer whose results can be read.
type grading struct{ *Adapter }

// reading is an Adapter to a peer that can be read.
type reading struct{ grading }

// List reads every record of a kind.
func (a reading) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return a.stream(ctx, kind, &lis.Call{Operation: lis.OperationFor(kind, lis.ReadAllIDs)})
}

// Read reads one record, nil when there is none.
func (a reading) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	return a.read(ctx, kind, id)
}

func (a *Adapter) read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	answer, err := a.call(ctx, a.client.o.NewID(), &lis.Call{Operation: lis.OperationFor(kind, lis.Read), ID: id})
	switch {
	case nothing(code(err)):
		return nil, nil
	case err != nil:
		return nil, err
	case answer.Record == nil && !nothing(answer.Status.CodeMinor):
		return nil, incomplete("success without the %s %s that was read", kind, id)
	}
	return answer.Record, nil
}

// nothing reports whether a code minor says that what was asked for is not
// there.
func nothing(c lis.CodeMinor) bool { return c == lis.UnknownObject || c == lis.NoSourcedIDs }

func (a *Adapter) gone(ctx context.Context, kind lis.Kind, id lis.SourcedID) (bool, error) {
	r, err := a.read(ctx, kind, id)
	return r == nil, err
}

// incomplete is an error about an answer that looks like success: nobody may
// take what is missing in it for what is gone.
func incomplete(format string, args ...any) error {
	return &adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf(format, args...)}
}

// stream yields the records whose ids a call returns, page by page. It ends
// at the first error, which it yields: a list is whole or says that it is not.
func (a *Adapter) stream(ctx context.Context, kind lis.Kind, idsCall *lis.Call) iter.Seq2[*lis.Record, error] {
	return func(yield func(*lis.Record, error) bool) {
		ids, err := a.ids(ctx, idsCall)
		for len(ids) > 0 && err == nil {
			n := min(pageSize, len(ids))
			var records []*lis.Record
			records, err = a.page(ctx, kind, ids[:n])
			ids = ids[n:]
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// ids returns each id once. They are cut out of the answer, which would be
// held in memory for as long as the list is read.
func (a *Adapter) ids(ctx context.Context, call *lis.Call) ([]lis.SourcedID, error) {
	answer, err := a.call(ctx, a.client.o.NewID(), call)
	switch {
	case code(err) == lis.NoSourcedIDs:
		return nil, nil
	case err != nil:
		return nil, err
	case answer.IDs == nil && answer.Status.CodeMinor != lis.NoSourcedIDs:
		return nil, incomplete("%s: success without a sourcedIdSet, which is no empty one", call.Operation)
	case answer.IDs == nil:
		return nil, nil
	}
	return distinct(answer.IDs)
}

// distinct reads ids to the end, each once.
func distinct(seq iter.Seq2[lis.SourcedID, error]) ([]lis.SourcedID, error) {
	if seq == nil {
		return nil, nil
	}
	var ids []lis.SourcedID
	seen := map[lis.SourcedID]bool{}
	for id, err := range seq {
		if err != nil {
			return nil, classed(err)
		}
		if id = lis.SourcedID(strings.Clone(string(id))); !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// page reads some records at once. Those that the answer leaves out are read
// one by one: only the answer to that says that a record has gone meanwhile.
func (a *Adapter) page(ctx context.Context, kind lis.Kind, ids []lis.SourcedID) ([]*lis.Record, error) {
	answer, err := a.call(ctx, a.client.o.NewID(), &lis.Call{Operation: lis.OperationFor(kind, lis.ReadPlural), IDs: ids})
	if nothing(code(err)) || adapters.ClassOf(err) == adapters.Unsupported {
		answer, err = new(lis.Answer), nil // some peers refuse all for the sake of one
	}
	if err != nil {
		return nil, err
	}
	wanted := make(map[lis.SourcedID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	records, err := lis.Collect(answer.Records)
	if err != nil {
		return nil, classed(err)
	}
	for _, r := range records {
		if !wanted[r.ID] {
			return nil, incomplete("%s %q came twice, or nobody asked for it", kind, r.ID)
		}
		delete(wanted, r.ID)
	}
	return a.leftOut(ctx, kind, ids, wanted, records)
}

func (a *Adapter) leftOut(ctx context.Context, kind lis.Kind, ids []lis.SourcedID, wanted map[lis.SourcedID]bool, records []*lis.Record) ([]*lis.Record, error) {
	for _, id := range ids {
		if !wanted[id] {
			continue
		}
		r, err := a.read(ctx, kind, id)
		if err != nil {
			return records, err
		}
		if r != nil {
			records = append(records, r)
		}
	}
	return records, nil
}
