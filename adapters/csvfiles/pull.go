package csvfiles

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"lisgate/adapters"
	"lisgate/adapters/rows"
)

// errStop says that the reader wants no more.
var errStop = errors.New("stop")

// Pull reads the files that are ready. A cursor comes after each delta, and
// after the full files of a kind: one that was cut off is read from its
// beginning again.
func (a *Adapter) Pull(ctx context.Context, from string) iter.Seq2[adapters.Item, error] {
	return func(yield func(adapters.Item, error) bool) {
		p := &pull{a: a, yield: yield, cursor: readCursor(from)}
		if err := p.run(ctx); err != nil && !errors.Is(err, errStop) {
			yield(adapters.Item{}, err)
		}
	}
}

// A pull is one Pull on its way.
type pull struct {
	a      *Adapter
	yield  func(adapters.Item, error) bool
	cursor cursor
	folder folder

	batch   batch
	seen    rows.Seen
	unnamed int  // rows that do not tell which object they are
	onWay   bool // a file may still be on its way
}

func (p *pull) give(it adapters.Item) error {
	if !p.yield(it, nil) {
		return errStop
	}
	return nil
}

func (p *pull) run(ctx context.Context) (err error) {
	if p.folder, err = p.a.place(); err != nil {
		return err
	}
	p.a.forget()
	var m *manifest
	if p.a.options.Ready == ReadyManifest {
		var bad *badManifest
		if m, err = readManifest(ctx, p.folder); errors.As(err, &bad) {
			return p.give(adapters.Item{Where: "manifest", Err: &rows.RowError{Rule: "manifest", Err: bad, Hint: "mend it; no file is read before"}})
		}
		if err != nil {
			return away("read the manifest", err)
		}
	}
	infos, err := p.folder.list(ctx)
	if err != nil {
		return away("list the folder", err)
	}
	for _, s := range p.a.steps(p.a.ready(infos, m, p.a.options.Now())) {
		if err := p.step(ctx, s); err != nil {
			return err
		}
	}
	return p.unknown(m)
}

// unknown tells of what the manifest names and nothing is known of.
func (p *pull) unknown(m *manifest) error {
	if m == nil {
		return nil
	}
	for _, e := range m.entries {
		if p.a.fileOf(e.Name) == nil {
			err := p.give(adapters.Item{Where: m.name, Err: &rows.RowError{Rule: "name", Err: fmt.Errorf("nothing in the options fits the file %s", e.Name),
				Hint: "add a pattern for it under files"}})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// step reads what belongs together, when it is new.
func (p *pull) step(ctx context.Context, s step) error {
	p.batch, p.seen, p.unnamed, p.onWay = batch{}, rows.Seen{}, 0, false
	whole, err := p.spool(ctx, s)
	defer func() {
		for _, f := range whole {
			f.close()
		}
	}()
	if err != nil {
		return err
	}
	complete := s.full && len(s.lacks) == 0 && len(whole) == len(s.files)
	if s.full && !complete && (p.onWay || len(s.lacks) > 0) && p.a.options.Now().Sub(s.newest()) < p.a.options.Together {
		return nil // the others may still come
	}
	if p.stale(whole) && len(p.batch.files) == 0 {
		if err := p.a.tidy(ctx, p.folder, whole, s.passed); err != nil {
			return err
		}
		return p.give(adapters.Item{Again: true})
	}
	if err := p.read(ctx, s, whole, complete); err != nil {
		return err
	}
	if len(whole) == len(s.files) { // else an older list may still be of use
		for _, d := range s.passed {
			p.batch.files = append(p.batch.files, &result{name: d.name})
		}
	}
	if len(p.batch.files) == 0 {
		return nil // only files that may still be on their way
	}
	p.batch.cursor = p.cursor.String()
	p.a.remember(p.batch)
	return p.give(adapters.Item{Cursor: p.batch.cursor})
}

// stale reports whether all was taken before.
func (p *pull) stale(whole []*spooled) bool {
	for _, f := range whole {
		if !p.cursor.has(f) {
			return false
		}
	}
	return len(whole) > 0
}

// spool copies the files of a step and looks them through. What is wrong with
// one is told, and the file left out.
func (p *pull) spool(ctx context.Context, s step) (whole []*spooled, err error) {
	for _, d := range s.files {
		f, err := p.a.spool(ctx, p.folder, d)
		if err == nil {
			if err = p.a.survey(ctx, f); err == nil {
				whole = append(whole, f)
				continue
			}
			f.close()
		}
		var no *refusal
		if !errors.As(err, &no) {
			return whole, err
		}
		if err := p.refuse(d, f, no); err != nil {
			return whole, err
		}
	}
	return whole, nil
}

func (p *pull) refuse(d dropped, f *spooled, no *refusal) error {
	p.onWay = p.onWay || no.passes
	where := d.name
	if no.line > 0 {
		where += ":" + strconv.Itoa(no.line)
	}
	if !no.passes && f != nil {
		p.cursor.add(f, p.a.options.Remember)
		p.batch.files = append(p.batch.files, &result{name: d.name, hash: f.hash, refused: true,
			bad: []bad{{line: no.line, rule: no.rule, reason: no.text, hint: no.hint}}})
	}
	return p.give(adapters.Item{Kind: d.file.Kind, Where: where, Err: no})
}

// read gives what the files say, with marks when they are the complete list.
func (p *pull) read(ctx context.Context, s step, whole []*spooled, complete bool) error {
	if complete {
		if err := p.give(adapters.Item{Begins: s.kind}); err != nil {
			return err
		}
	}
	for _, f := range whole {
		if err := p.file(ctx, f); err != nil {
			return err
		}
		p.cursor.add(f, p.a.options.Remember)
	}
	switch {
	case !s.full:
		return nil
	case complete && p.unnamed == 0:
		return p.give(adapters.Item{Ends: s.kind})
	}
	return p.give(adapters.Item{Kind: s.kind, Where: string(s.kind), Err: &rows.RowError{Rule: "complete list", Err: p.incomplete(s, whole),
		Hint: "what was read is used; removals are found when a complete list comes"}})
}

func (p *pull) incomplete(s step, whole []*spooled) error {
	switch {
	case len(s.lacks) > 0:
		return fmt.Errorf("%v is not in the folder, so nobody is taken for absent", s.lacks)
	case len(whole) < len(s.files):
		return fmt.Errorf("%d of %d files cannot be used, so nobody is taken for absent", len(s.files)-len(whole), len(s.files))
	}
	return fmt.Errorf("%d rows do not tell which object they are, so nobody is taken for absent", p.unnamed)
}
