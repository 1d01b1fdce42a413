package registrar

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// errStopped says that an exchange is no longer ours to go on with: it was
// cancelled, or another process has gone further.
var errStopped = errors.New("exchange stopped")

// RunBulk does the work of announced exchanges, one after the other, until
// the context ends. What a crash interrupts goes on where the last
// transaction left it.
func (r *Registrar) RunBulk(ctx context.Context) error {
	for ctx.Err() == nil {
		x, err := r.nextExchange(ctx)
		if err == nil && x != nil {
			err = r.exchange(ctx, x)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, journal.ErrFull): // room may come back
		case err != nil:
			return fmt.Errorf("run bulk exchanges: %w", err)
		case x != nil:
			continue
		}
		r.rest(ctx)
	}
	return nil
}

// rest waits until there may be work.
func (r *Registrar) rest(ctx context.Context) {
	t := time.NewTimer(r.Bulk.Poll)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-r.bulk:
	case <-t.C:
	}
}

// nudge tells RunBulk that there may be work. A lost nudge costs a poll.
func (r *Registrar) nudge() {
	select {
	case r.bulk <- struct{}{}:
	default:
	}
}

// nextExchange returns the first that is due, those begun before the others.
func (r *Registrar) nextExchange(ctx context.Context) (*journal.Exchange, error) {
	snap, err := r.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	for _, state := range []string{reading, announced} {
		for x, err := range snap.Exchanges(state) {
			if err != nil {
				return nil, err
			}
			p, err := ReadProgress(x)
			if err != nil {
				return nil, err
			}
			if p.Inbound && !p.Due.After(r.Now()) {
				return x, nil
			}
		}
	}
	return nil, nil
}

// exchange goes on with one exchange. Trouble with its files is its own and
// kept with it; an error is trouble with the journal.
func (r *Registrar) exchange(ctx context.Context, x *journal.Exchange) error {
	p, err := r.advance(ctx, x.TransactionID, nil, to(reading))
	for err == nil && p.File < len(p.Manifest.DataFile) {
		p, err = r.file(ctx, x, p)
	}
	if err == nil {
		_, err = r.advance(ctx, x.TransactionID, p, to(done))
	}
	var trouble *fileTrouble
	switch {
	case errors.As(err, &trouble) && ctx.Err() == nil:
		return r.trouble(ctx, x.TransactionID, trouble)
	case errors.Is(err, errStopped):
		return nil
	}
	return err
}

// to changes nothing but the state.
func to(state string) func(journal.Tx, *Progress) (string, error) {
	return func(journal.Tx, *Progress) (string, error) { return state, nil }
}

// advance changes the progress of an exchange and gives it the state that
// change returns, if it is still where held says (nil for anywhere) and not
// stopped.
func (r *Registrar) advance(ctx context.Context, id string, held *Progress, change func(journal.Tx, *Progress) (string, error)) (*Progress, error) {
	var p *Progress
	err := r.Store.Write(ctx, func(tx journal.Tx) (err error) {
		var x *journal.Exchange
		if x, p, err = loadExchange(tx, id); err != nil {
			return err
		}
		if x == nil || !p.Inbound || x.State != reading && x.State != announced {
			return errStopped
		}
		if held != nil && (p.File != held.File || p.Offset != held.Offset) {
			return errStopped
		}
		state, err := change(tx, p)
		if err != nil {
			return err
		}
		copied := *x
		if err := r.put(&copied, p, state); err != nil {
			return err
		}
		return tx.PutExchange(&copied)
	})
	return p, err
}

// file fetches the next file of an exchange, checks it whole and applies it.
func (r *Registrar) file(ctx context.Context, x *journal.Exchange, p *Progress) (*Progress, error) {
	if err := r.checkExpiry(p.Manifest); err != nil {
		return p, &fileTrouble{err: err, final: true}
	}
	f, sum, err := r.fetch(ctx, &p.Manifest.DataFile[p.File])
	if err != nil {
		return p, err
	}
	defer drop(f)
	if p.Sum != "" && p.Sum != sum {
		return p, &fileTrouble{errors.New("the file changed after its first part was applied; announce it anew, under another transactionId"), true}
	}
	if next, err := r.taken(ctx, x, p, f); next != nil || err != nil {
		return next, err
	}
	items := after(r.Bulk.Read(f), p.Offset)
	err = r.batches(x.Caller, x.TransactionID, items, func(steps []bulkStep, last bool) error {
		next, err := r.batch(ctx, x.TransactionID, p, steps, sum, last)
		if err == nil {
			p = next
			r.Bulk.Progress(x.TransactionID, p.Tally)
		}
		return err
	})
	return p, err
}

func drop(f *os.File) {
	f.Close()
	os.Remove(f.Name())
}

// batch applies items and moves the offset in one transaction.
func (r *Registrar) batch(ctx context.Context, id string, held *Progress, steps []bulkStep, sum string, last bool) (*Progress, error) {
	var woken []string
	p, err := r.advance(ctx, id, held, func(tx journal.Tx, p *Progress) (_ string, err error) {
		woken, err = r.applyAll(tx, steps, &p.Tally)
		p.Offset, p.Sum, p.Tries = p.Offset+int64(len(steps)), sum, 0
		if last {
			p.File, p.Offset, p.Sum = p.File+1, 0, ""
		}
		return reading, err
	})
	if err == nil {
		r.wake(woken)
	}
	return p, err
}

// after skips the items that are done, and marks trouble as the file's own.
func after(items iter.Seq2[*BulkItem, error], offset int64) iter.Seq2[*BulkItem, error] {
	return func(yield func(*BulkItem, error) bool) {
		var n int64
		for item, err := range items {
			if err != nil {
				yield(nil, &fileTrouble{err, true})
				return
			}
			if n++; n > offset && !yield(item, nil) {
				return
			}
		}
		if n < offset {
			yield(nil, &fileTrouble{io.ErrUnexpectedEOF, true})
		}
	}
}

// trouble keeps what is wrong with the files of an exchange: it is tried
// again later, or has failed.
func (r *Registrar) trouble(ctx context.Context, id string, t *fileTrouble) error {
	_, err := r.advance(ctx, id, nil, func(_ journal.Tx, p *Progress) (string, error) {
		p.Reason = t.Error()
		p.Tries++
		p.Due = r.Now().Add(r.Bulk.RetryAfter << min(p.Tries-1, 8))
		if t.final || p.Tries >= r.Bulk.MaxTries {
			return failed, nil
		}
		return reading, nil
	})
	if errors.Is(err, errStopped) {
		return nil
	}
	return err
}

// Report returns what came of an exchange so far.
func (r *Registrar) Report(ctx context.Context, transactionID string) (*lis.BulkReport, error) {
	snap, err := r.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	for x, err := range snap.Exchanges("") {
		if err != nil {
			return nil, err
		}
		if x.TransactionID == transactionID {
			p, err := ReadProgress(x)
			return p.report(), err
		}
	}
	return nil, refuse(lis.NotThere, "no exchange with transactionId "+quote(transactionID))
}
