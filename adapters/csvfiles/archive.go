package csvfiles

import (
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"lisgate/adapters"
	"lisgate/adapters/rows"
)

// maxBad bounds the rows of an errors file that we found ourselves.
const maxBad = 10_000

// A batch is what a cursor stands for.
type batch struct {
	cursor string
	files  []*result
}

// A result is what became of a file.
type result struct {
	name    string
	hash    string
	refused bool
	heading []string
	bad     []bad
}

// bad is a row that was not taken, or the file as a whole.
type bad struct {
	line         int
	rule         string
	reason, hint string
}

// note keeps why a row cannot be used.
func (r *result) note(line int, err error) {
	if len(r.bad) >= maxBad {
		return
	}
	b := bad{line: line, reason: err.Error()}
	var e *rows.RowError
	if errors.As(err, &e) {
		b.rule, b.reason, b.hint = e.Rule, e.Err.Error(), e.Hint
	}
	r.bad = append(r.bad, b)
}

func (a *Adapter) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pending = nil
}

func (a *Adapter) remember(b batch) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pending = append(a.pending, b)
}

// upTo takes the batches up to the one with a cursor.
func (a *Adapter) upTo(cursor string) []batch {
	a.mu.Lock()
	defer a.mu.Unlock()
	last := slices.IndexFunc(a.pending, func(b batch) bool { return b.cursor == cursor })
	taken := a.pending[:last+1]
	a.pending = a.pending[last+1:]
	return taken
}

// Acknowledge writes what was not taken beside the files and archives them.
// It is safe to call again.
func (a *Adapter) Acknowledge(ctx context.Context, cursor string, rejected []adapters.Rejection) error {
	f, err := a.place()
	if err != nil {
		return err
	}
	var errs []error
	for _, b := range a.upTo(cursor) {
		var failed []error
		for _, r := range b.files {
			r.join(rejected)
			failed = append(failed, a.settle(ctx, f, r))
		}
		if err := errors.Join(failed...); err != nil {
			errs = append(errs, err)
			a.remember(b) // for the next call
		}
	}
	if err := errors.Join(append(errs, a.tidyManifest(ctx, f))...); err != nil {
		return away("archive", err)
	}
	return nil
}

// join adds what the gateway did not take. A row that we told of ourselves
// stands there once.
func (r *result) join(rejected []adapters.Rejection) {
	for _, no := range rejected {
		at := strings.LastIndexByte(no.Where, ':')
		if at < 0 || no.Where[:at] != r.name {
			continue
		}
		line, err := strconv.Atoi(no.Where[at+1:])
		if err != nil || slices.ContainsFunc(r.bad, func(b bad) bool { return b.line == line }) {
			continue
		}
		r.bad = append(r.bad, bad{line: line, rule: "gateway", reason: no.Reason})
	}
	slices.SortStableFunc(r.bad, func(x, y bad) int { return x.line - y.line })
}

// settle writes the errors of a file and moves it to the archive.
func (a *Adapter) settle(ctx context.Context, f folder, r *result) error {
	if _, err := f.stat(ctx, r.name); errors.Is(err, fs.ErrNotExist) {
		return nil // done before
	}
	if len(r.bad) > 0 {
		if err := a.writeErrors(ctx, f, r); err != nil {
			return err
		}
	}
	return a.archive(ctx, f, r.name, r.hash, r.refused)
}

// archive moves a file, and the mark beside it, away under a time stamp.
func (a *Adapter) archive(ctx context.Context, f folder, name, hash string, refused bool) error {
	if err := f.mkdir(ctx, a.options.Archive); err != nil {
		return err
	}
	before := a.options.Archive + "/" + a.options.Now().UTC().Format("20060102T150405Z") + "-"
	if refused {
		before += "refused-"
	}
	if len(hash) >= 8 {
		before += hash[:8] + "-"
	}
	err := f.rename(ctx, name, before+name)
	if a.options.Ready == ReadyDone && err == nil {
		if err = f.rename(ctx, name+".done", before+name+".done"); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	return err
}

// tidy archives files that were taken before: sent again, or left over when
// the gateway stopped between taking and archiving.
func (a *Adapter) tidy(ctx context.Context, f folder, whole []*spooled, passed []dropped) error {
	var errs []error
	for _, s := range whole {
		errs = append(errs, a.archive(ctx, f, s.name, s.hash, false))
	}
	for _, d := range passed {
		errs = append(errs, a.archive(ctx, f, d.name, "", false))
	}
	if err := errors.Join(append(errs, a.tidyManifest(ctx, f))...); err != nil {
		return away("archive", err)
	}
	return nil
}

// tidyManifest archives a manifest when none of its files is left.
func (a *Adapter) tidyManifest(ctx context.Context, f folder) error {
	if a.options.Ready != ReadyManifest {
		return nil
	}
	m, err := readManifest(ctx, f)
	if err != nil || m == nil {
		return nil //nolint:nilerr // the next Pull tells of it
	}
	for _, e := range m.entries {
		if _, err := f.stat(ctx, e.Name); !errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	return a.archive(ctx, f, m.name, "", false)
}

// writeErrors writes NAME.errors.csv: why each row was not taken, and the row
// as it came.
func (a *Adapter) writeErrors(ctx context.Context, f folder, r *result) (err error) {
	part := "." + r.name + ".errors.tmp"
	out, err := f.create(ctx, part)
	if err != nil {
		return err
	}
	w := csv.NewWriter(out)
	_ = w.Write(append([]string{"line", "rule", "reason", "hint"}, inert(r.heading)...))
	err = a.eachBad(ctx, f, r, func(b bad, cells []string) {
		line := ""
		if b.line > 0 {
			line = strconv.Itoa(b.line)
		}
		_ = w.Write(append(inert([]string{line, b.rule, b.reason, b.hint}), inert(cells)...))
	})
	w.Flush()
	if err = errors.Join(err, w.Error(), out.Close()); err != nil {
		return err
	}
	return f.rename(ctx, part, r.name+".errors.csv")
}

// eachBad calls do with each row that was not taken and, where the file can
// still be read, its cells.
func (a *Adapter) eachBad(ctx context.Context, f folder, r *result, do func(bad, []string)) error {
	next := 0
	if !r.refused {
		in, err := f.open(ctx, r.name)
		if err != nil {
			return err
		}
		defer in.Close()
		read := newReader(in, a.options.Comma[0], a.options.Encoding == "latin-1", a.options.Limits)
		for next < len(r.bad) {
			cells, err := read.read()
			if err != nil {
				break
			}
			for next < len(r.bad) && r.bad[next].line <= read.began {
				do(r.bad[next], cells)
				next++
			}
		}
	}
	for ; next < len(r.bad); next++ {
		do(r.bad[next], nil)
	}
	return nil
}

// inert keeps a spreadsheet from taking a cell for a formula. It is done in
// the files that we write only: what we read stays as it came.
func inert(cells []string) []string {
	safe := make([]string, len(cells))
	for i, c := range cells {
		if safe[i] = c; c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			safe[i] = "'" + c
		}
	}
	return safe
}
