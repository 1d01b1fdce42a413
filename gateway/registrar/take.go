package registrar

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// taken offers a file to Bulk.Take and returns where the exchange is after it;
// nil when it was not taken. A file of which a part is applied is not offered:
// it goes on as it began.
func (r *Registrar) taken(ctx context.Context, x *journal.Exchange, p *Progress, f *os.File) (*Progress, error) {
	if r.Bulk.Take == nil || p.Offset > 0 {
		return nil, nil
	}
	report, taken, err := r.Bulk.Take(ctx, x.Caller, x.TransactionID, after(r.Bulk.Read(f), 0))
	if err != nil {
		return nil, takeTrouble(ctx, err)
	}
	if !taken {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return nil, &fileTrouble{fmt.Errorf("read it from the start: %w", err), false}
		}
		return nil, nil
	}
	return r.tookFile(ctx, x.TransactionID, p, report)
}

// tookFile notes that a file is done.
func (r *Registrar) tookFile(ctx context.Context, id string, held *Progress, report *lis.BulkReport) (*Progress, error) {
	next, err := r.advance(ctx, id, held, func(_ journal.Tx, p *Progress) (string, error) {
		p.Tally.add(report)
		p.File, p.Offset, p.Sum, p.Tries = p.File+1, 0, "", 0
		return reading, nil
	})
	if err != nil {
		return nil, err
	}
	r.Bulk.Progress(id, next.Tally)
	return next, nil
}

// takeTrouble tells trouble with a file from trouble with the journal.
func takeTrouble(ctx context.Context, err error) error {
	var own *fileTrouble
	switch {
	case ctx.Err() != nil:
		return err
	case errors.As(err, &own):
		return &fileTrouble{err, own.final}
	case isRefusal(err):
		return &fileTrouble{err, true}
	}
	return fmt.Errorf("take a file: %w", err)
}
