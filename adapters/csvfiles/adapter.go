// Package csvfiles reads CSV files that a student information system drops
// into a folder, here or on another machine by SFTP: still the commonest way
// (adapter facts, B9).
//
// A file is taken when it is whole: renamed to its name, or with a .done
// beside it, or named by a manifest with its SHA-256 and number of rows. It is
// first copied and looked through to its end; a file that cannot be read to
// the end, has a wrong heading, is shorter than announced or changed meanwhile
// is not used at all, and nobody is taken for absent (reliability B16; adapter
// facts, E 1, 9, 14). A full list counts as complete when all full files of its
// kind are there. A file whose content was taken before is not taken again.
//
// When the gateway has what a file said, the file goes to the archive, and
// what was not taken lies beside where it was as NAME.errors.csv, row by row
// with rule, reason and hint.
package csvfiles

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"lisgate/adapters"
	"lisgate/adapters/rows"
	"lisgate/gateway/lis"
)

var (
	_ adapters.Adapter      = (*Adapter)(nil)
	_ adapters.Source       = (*Adapter)(nil)
	_ adapters.Acknowledger = (*Adapter)(nil)
	_ adapters.Inbox        = (*Adapter)(nil)
)

// An Adapter reads one drop folder.
type Adapter struct {
	options Options
	files   []*file

	mu      sync.Mutex
	folder  folder
	closed  bool
	pending []batch // of the last Pull, not acknowledged
}

// A file is a File that can be used.
type file struct {
	File
	mapping *rows.Mapping
}

// New checks the options, all of them, and makes an Adapter. It does not look
// at the folder; Check does.
func New(o Options) (*Adapter, error) {
	o = o.orDefault()
	a := &Adapter{options: o}
	errs := []error{o.check()}
	for i, f := range o.Files {
		orText(&f.Mode, Full)
		mapping, err := rows.NewMapping(f.Spec)
		if err = errors.Join(f.check(), err); err != nil {
			errs = append(errs, fmt.Errorf("file %d (%s): %w", i+1, f.Name, err))
		}
		a.files = append(a.files, &file{f, mapping})
	}
	if o.SFTP != nil {
		r, err := newRemote(*o.SFTP, o.Folder, o.Timeout)
		if errs = append(errs, err); err == nil {
			a.folder = r
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("csvfiles: %w", err)
	}
	return a, nil
}

// place returns the folder.
func (a *Adapter) place() (folder, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil, away("open the folder", errors.New("the adapter is closed"))
	}
	if a.folder != nil {
		return a.folder, nil
	}
	l, err := openLocal(a.options.Folder)
	if err != nil {
		return nil, away("open the folder", err)
	}
	a.folder = l
	return l, nil
}

// away is an error of the folder.
func away(what string, err error) error {
	return &adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf("%s: %w", what, err),
		Hint: "see whether the folder is there and may be read and written; tried again by itself"}
}

// Apply is Unsupported: files are read here, not written.
func (a *Adapter) Apply(context.Context, lis.Change) (lis.Outcome, error) {
	return lis.Outcome{}, &adapters.Error{Class: adapters.Unsupported, Err: errors.New("a drop folder is read and takes no changes")}
}

// Inbox is true: a folder can be read when nothing has come for days.
func (a *Adapter) Inbox() bool { return true }

// Check looks whether the folder can be listed.
func (a *Adapter) Check(ctx context.Context) error {
	f, err := a.place()
	if err != nil {
		return err
	}
	if _, err := f.list(ctx); err != nil {
		return away("list the folder", err)
	}
	return nil
}

// Close lets go of the folder.
func (a *Adapter) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || a.folder == nil {
		a.closed = true
		return nil
	}
	a.closed = true
	return a.folder.close()
}
