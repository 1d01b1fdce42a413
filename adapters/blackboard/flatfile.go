package blackboard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A FlatFile writes rosters by the snapshot flat file: persons, course
// sections and their memberships.
type FlatFile struct {
	o Options
	*wire
	pending pendings

	mu   sync.Mutex
	last map[lis.Kind]map[string]bool // the keys of the last refresh
}

var (
	_ adapters.Adapter = (*FlatFile)(nil)
	_ adapters.Batcher = (*FlatFile)(nil)
)

// NewFlatFile returns a target for rosters; it connects to nothing yet.
func NewFlatFile(o Options) (*FlatFile, error) {
	if err := errors.Join(o.check(), o.checkFile()); err != nil {
		return nil, err
	}
	o = o.orDefault()
	return &FlatFile{o: o, wire: newWire(o.Connection), last: map[lis.Kind]map[string]bool{}}, nil
}

// Limits bounds a batch by rows, and by half the bytes of a file: a row is
// mostly shorter than its change.
func (f *FlatFile) Limits() (changes, bytes int) { return f.o.MaxRows, f.o.MaxBytes / 2 }

// Apply carries out one change by a file of one row.
func (f *FlatFile) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	outcomes, errs := f.ApplyAll(ctx, []lis.Change{c})
	return outcomes[0], errs[0]
}

// A batch is what ApplyAll works with.
type batch struct {
	changes  []lis.Change
	outcomes []lis.Outcome
	errs     []error
}

// ApplyAll writes a file per object and set of columns, users first. Rows of
// a file that has errors are refused as a whole: Learn does not say which.
func (f *FlatFile) ApplyAll(ctx context.Context, changes []lis.Change) ([]lis.Outcome, []error) {
	b := &batch{changes, make([]lis.Outcome, len(changes)), make([]error, len(changes))}
	var rows []*row
	for i, c := range changes {
		r, err := f.rowOf(ctx, i, c)
		switch {
		case err != nil:
			b.errs[i] = err
		case r == nil:
			b.outcomes[i] = lis.Outcome{Effect: lis.Unchanged, TargetID: f.kept(ctx, c), Detail: "Learn has nothing to do for this"}
		default:
			rows = append(rows, r)
		}
	}
	for files := f.files(rows); len(files) > 0; files = files[1:] {
		if err := f.send(ctx, files[0], b); err != nil {
			for _, file := range files { // it cannot be reached: the rest need not try
				b.fail(file.rows, err)
			}
			break
		}
	}
	return b.outcomes, b.errs
}

// kept is the TargetID that a change without effect leaves as it was.
func (f *FlatFile) kept(ctx context.Context, c lis.Change) string {
	course, person, err := membershipKeys(ctx, f.o.Crosswalk, c.Key, c.Record)
	if err != nil {
		return ""
	}
	return pairID(course, person)
}

func (b *batch) fail(rows []*row, err error) {
	for _, r := range rows {
		b.errs[r.at] = err
	}
}

// send stores a file and tells each row what became of it. An error is one of
// the whole system.
func (f *FlatFile) send(ctx context.Context, file *file, b *batch) error {
	rows, failed := file.rows, b.failed()
	file.rows = nil
	for _, r := range rows {
		if at := slices.IndexFunc(r.parents, func(p lis.Ref) bool { return failed[p] }); at >= 0 {
			parent := r.parents[at]
			b.errs[r.at] = &adapters.Error{
				Class: adapters.Missing, Parent: parent.ID, ParentKind: parent.Kind,
				Err: fmt.Errorf("the %s that it needs was not taken a moment ago", parent.Kind),
			}
			continue
		}
		file.rows = append(file.rows, r)
	}
	if len(file.rows) == 0 {
		return nil
	}
	st, err := f.store(ctx, file)
	var e *adapters.Error
	switch {
	case errors.As(err, &e) && (e.Class == adapters.Refused || e.Narrow):
		e.Whole = e.Class == adapters.Refused && len(file.rows) > 1
		b.fail(file.rows, err)
		return nil
	case err != nil:
		return err
	case st.Errors > 0 && file.rename:
		return f.renamedBefore(ctx, file, st, b)
	case st.Errors > 0:
		b.fail(file.rows, rowErrors(file, st))
		return nil
	}
	for _, r := range file.rows {
		b.outcomes[r.at] = lis.Outcome{Effect: lis.Applied, TargetID: r.targetID, Detail: st.said()}
	}
	return nil
}

// failed returns what was to be put in this batch and was not.
func (b *batch) failed() map[lis.Ref]bool {
	failed := map[lis.Ref]bool{}
	for i, c := range b.changes {
		if b.errs[i] != nil && c.Act == lis.Put {
			failed[lis.Ref{Kind: c.Kind, ID: c.Key}] = true
		}
	}
	return failed
}

// renamedBefore is what is left when a rename had an error: an earlier attempt
// may have done it and its answer been lost. A row with nothing but the new
// key is taken when the object is there, and is an error when it is not.
func (f *FlatFile) renamedBefore(ctx context.Context, was *file, st status, b *batch) error {
	r := was.rows[0]
	key := objects[r.object].columns[0]
	probe := &row{at: r.at, object: r.object, targetID: r.targetID, values: map[string]string{key: r.targetID}}
	found, err := f.store(ctx, &file{object: r.object, columns: []string{key}, rows: []*row{probe}})
	if err != nil {
		return err
	}
	if found.Errors > 0 {
		b.fail(was.rows, rowErrors(was, st))
		return nil
	}
	b.outcomes[r.at] = lis.Outcome{Effect: lis.Applied, TargetID: r.targetID, Detail: "it has the new key already"}
	return nil
}

// rowErrors refuses the rows of a file.
func rowErrors(file *file, st status) error {
	return &adapters.Error{
		Class: adapters.Refused, Whole: len(file.rows) > 1, Answer: st.said(),
		Err:  fmt.Errorf("Learn counted %d errors in a file of %d rows of %s", st.Errors, len(file.rows), objects[file.object].name),
		Hint: "Learn says why only in its own log: Administrator Panel, Data Integration, Student Information System Integrations, View Logs, with the reference code " + st.code,
	}
}

// A file is what is sent in one call: rows of one object with the same columns.
type file struct {
	object  int
	columns []string
	rename  bool
	rows    []*row
	keys    map[string]bool
	bytes   int
}

// files sorts rows into files: by object, renames before records before what
// has its key only, each key once in a file, and renames one by one.
func (f *FlatFile) files(rows []*row) []*file {
	var files []*file
	for _, r := range rows {
		columns, rename := f.columnsOf(r)
		key, size := r.key(), r.size()
		at := -1
		for i, have := range files {
			if !rename && have.object == r.object && slices.Equal(have.columns, columns) && !have.keys[key] && have.bytes+size <= f.o.MaxBytes {
				at = i
			}
		}
		if at < 0 {
			at = len(files)
			files = append(files, &file{object: r.object, columns: columns, rename: rename, keys: map[string]bool{}})
		}
		files[at].rows, files[at].keys[key] = append(files[at].rows, r), true
		files[at].bytes += size
	}
	slices.SortStableFunc(files, func(a, b *file) int { return a.order() - b.order() })
	return files
}

func (f *file) order() int {
	switch {
	case f.rename:
		return f.object * 3
	case len(f.columns) >= len(objects[f.object].columns):
		return f.object*3 + 1
	}
	return f.object*3 + 2
}

// columnsOf returns the columns that a row has, in their order.
func (f *FlatFile) columnsOf(r *row) (columns []string, rename bool) {
	for _, c := range append(slices.Clone(objects[r.object].columns), newKeys[objects[r.object].kind]) {
		if _, ok := r.values[c]; ok {
			columns = append(columns, c)
			rename = rename || c == newKeys[objects[r.object].kind]
		}
	}
	return columns, rename
}

func (r *row) key() string {
	o := objects[r.object]
	var parts []string
	for _, c := range o.columns[:o.keys] {
		parts = append(parts, r.values[c])
	}
	return strings.Join(parts, "|")
}

func (r *row) size() int {
	n := 2
	for _, v := range r.values {
		n += len(v) + 1
	}
	return n
}
