package blackboard

import (
	"context"
	"errors"
	"iter"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// New returns the adapter of a Learn: the flat file for rosters and, where the
// options have a key of REST, with the powers to list, read and fetch grades.
// Without an integration of the flat file it is REST alone.
func New(o Options) (adapters.Adapter, error) {
	var a both
	var err error
	if a.FlatFile, err = NewFlatFile(o); err != nil && (o.Integration != "" || o.Key == "") {
		return nil, err
	}
	if o.Key == "" && o.KeySecret == "" {
		return a.FlatFile, nil
	}
	if a.rest, err = NewREST(o); err != nil {
		return nil, err
	}
	if a.FlatFile == nil {
		return a.rest, nil
	}
	return &a, nil
}

// both writes by the flat file and reads by REST.
type both struct {
	*FlatFile
	rest *REST
}

var (
	_ adapters.Batcher = (*both)(nil)
	_ adapters.Lister  = (*both)(nil)
	_ adapters.Reader  = (*both)(nil)
	_ adapters.Mirror  = (*both)(nil)
	_ adapters.Grades  = (*both)(nil)
)

// Check looks at both doors.
func (a *both) Check(ctx context.Context) error {
	if err := a.FlatFile.Check(ctx); err != nil {
		return err
	}
	return a.rest.Check(ctx)
}

// Close closes both doors.
func (a *both) Close() error { return errors.Join(a.FlatFile.Close(), a.rest.Close()) }

// List streams what Learn holds.
func (a *both) List(ctx context.Context, kind lis.Kind) iter.Seq2[*lis.Record, error] {
	return a.rest.List(ctx, kind)
}

// Read reads one object back.
func (a *both) Read(ctx context.Context, kind lis.Kind, id lis.SourcedID) (*lis.Record, error) {
	return a.rest.Read(ctx, kind, id)
}

// Results streams the final grades of a section.
func (a *both) Results(ctx context.Context, section lis.SourcedID) iter.Seq2[*lis.Record, error] {
	return a.rest.Results(ctx, section)
}

// Mirror says how a record would come back.
func (a *both) Mirror(r *lis.Record) *lis.Record { return a.rest.Mirror(r) }
