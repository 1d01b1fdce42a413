package blackboard

import (
	"context"
	"fmt"
	"iter"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// A Refreshed is what a refresh did.
type Refreshed struct {
	Rows   int    // in the file
	Purged int    // rows of the last file that are not in this one; -1 when the last is not known
	Code   string // reference code of the data set
}

// Refresh makes Learn hold exactly the records of a kind, for the data source
// of this target: what is not among them is disabled or purged there. It is
// the one call that can empty a system, so it is made by name only, and not
// without these:
//
//   - the target has a data source, beyond which Learn purges nothing;
//   - every record could be read and written, for one that could not would be
//     taken for absent;
//   - expected, the rows of the last file as the caller has it on record, and
//     the last file as this adapter remembers it, miss no more than
//     RefreshLimit percent of them now.
func (f *FlatFile) Refresh(ctx context.Context, kind lis.Kind, records iter.Seq2[*lis.Record, error], expected int) (Refreshed, error) {
	i, ok := objectOf(kind)
	switch {
	case !ok:
		return Refreshed{}, unsupported("the flat file has no place for a %s", kind)
	case f.o.DataSource == "":
		return Refreshed{}, refused("set dataSource of the target", "a refresh without data_source_key would purge what other sources own")
	}
	x, err := f.gather(i, records)
	if err != nil {
		return Refreshed{}, err
	}
	purged, err := f.guard(kind, x, expected)
	if err != nil {
		return Refreshed{Rows: len(x.rows), Purged: purged}, err
	}
	st, err := f.transfer(ctx, x, "refresh")
	done := Refreshed{Rows: len(x.rows), Purged: purged, Code: st.code}
	if err == nil && st.Errors > 0 {
		err = rowErrors(x, st)
	}
	if err != nil {
		return done, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last[kind] = x.keys
	return done, nil
}

// gather makes one file of all records. A record that cannot be written ends
// it.
func (f *FlatFile) gather(i int, records iter.Seq2[*lis.Record, error]) (*file, error) {
	x := &file{object: i, columns: objects[i].columns, keys: map[string]bool{}}
	for record, err := range records {
		if err != nil {
			return nil, unavailable("read the records for a refresh: %w; nothing was sent", err)
		}
		r := &row{object: i}
		if err := r.fill(record.ID, record.Object); err != nil {
			return nil, halted(record, err)
		}
		if err := f.fits(r); err != nil {
			return nil, halted(record, err)
		}
		if x.keys[r.key()] {
			return nil, halted(record, refused("remove one of the two", "its key is in the file already"))
		}
		x.rows, x.keys[r.key()] = append(x.rows, r), true
		if x.bytes += r.size(); x.bytes > mostRefresh {
			return nil, refused("use store, or a smaller data source", "the file of the refresh would be longer than %d bytes", mostRefresh)
		}
	}
	return x, nil
}

// mostRefresh bounds the file of a refresh, which cannot be cut in two.
const mostRefresh = 64 << 20

func halted(r *lis.Record, why error) error {
	return &adapters.Error{
		Class: adapters.Refused, Err: fmt.Errorf("record %s cannot be written: %w", r.ID, why),
		Hint: "correct or exclude it: a refresh without it would take it for absent. Nothing was sent",
	}
}

// guard compares a file with the last one, by keys where they are known and
// by count.
func (f *FlatFile) guard(kind lis.Kind, x *file, expected int) (purged int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	last, known := f.last[kind]
	purged = -1
	if known {
		purged = 0
		for key := range last {
			if !x.keys[key] {
				purged++
			}
		}
	}
	missing, of := max(expected-len(x.rows), purged), max(expected, len(last))
	switch {
	case len(x.rows) == 0:
		return purged, refused("see why the list of records is empty", "the file of the refresh has no rows; it would purge everything. Nothing was sent")
	case of == 0:
		return purged, refused("give the number of rows that Learn is known to have from this source", "nothing says how many rows the last file had, so that nobody knows what this refresh would purge. Nothing was sent")
	case missing*100 > of*f.o.RefreshLimit:
		return purged, refused("see whether the list is whole; when it is, raise refreshLimit for this one time",
			"the refresh would purge %d of %d rows, more than the limit of %d percent. Nothing was sent", missing, of, f.o.RefreshLimit)
	}
	return purged, nil
}
