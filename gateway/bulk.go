package gateway

import (
	"context"
	"fmt"
	"io"
	"iter"
	"runtime"

	"lisgate/config"
	"lisgate/gateway/registrar"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

// A fileSource says from where bulk files are taken, and within which limits
// they are read, as the config in force has it.
type fileSource struct {
	open    func(ctx context.Context, url string) (io.ReadCloser, error)
	allowed func(url string) error
	limits  wire.Limits
}

func newFileSource(c *config.Config) *fileSource {
	return &fileSource{
		open:    registrar.OpenURL(c.Bulk.Allow, c.Bulk.Drop, nil),
		allowed: registrar.AllowURL(c.Bulk.Allow, c.Bulk.Drop),
		limits:  wireLimits(c),
	}
}

func (g *Gateway) bulkOptions(c *config.Config) registrar.BulkOptions {
	return registrar.BulkOptions{
		Open: func(ctx context.Context, url string) (io.ReadCloser, error) {
			return g.files.Load().open(ctx, url)
		},
		Allowed: func(url string) error { return g.files.Load().allowed(url) },
		Read: func(r io.Reader) iter.Seq2[*registrar.BulkItem, error] {
			return soap.ReadBulk(r, g.files.Load().limits, runtime.GOMAXPROCS(0))
		},
		Take:      g.takeBulk,
		BatchSize: c.Bulk.Batch,
		MaxBytes:  int64(c.Limits.BulkBytes),
		TempDir:   c.Data,
	}
}

// extract gives out the records that a caller has asked for with
// requestBulkDataExchange.
func (g *Gateway) extract(ctx context.Context, caller, transactionID string) (iter.Seq2[*registrar.BulkItem, error], func(), error) {
	snap, err := g.store.Snapshot(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer snap.Close()
	for x, err := range snap.Exchanges("requested") {
		if err != nil {
			return nil, nil, err
		}
		if x.TransactionID != transactionID || x.Caller != caller {
			continue
		}
		p, err := registrar.ReadProgress(x)
		if err != nil {
			return nil, nil, err
		}
		items, done, err := g.registrar.Export(ctx, p.Filter)
		return g.cps.Extract(ctx, caller, items), done, err
	}
	return nil, nil, fmt.Errorf("you have asked for no extract with the transactionId %s; ask with requestBulkDataExchange first", transactionID)
}
