package load

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"lisgate/adapters/lissoap"
	"lisgate/gateway/lis"
)

// connections is over how many the student information system sends.
const connections = 48

// send sends editions over SOAP and returns how many a second were taken. All
// of one object go over one connection, so that they arrive in their order.
func send(ctx context.Context, t *testing.T, g *gateway, r *roster, editions []edition) float64 {
	t.Helper()
	client, err := lissoap.NewClient(lissoap.Options{URL: "http://" + g.address + "/lis/"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var lines [connections][]edition
	for _, e := range editions {
		n := (e.i*31 + len(e.kind)) % connections
		lines[n] = append(lines[n], e)
	}
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	var sent atomic.Int64
	for _, line := range lines {
		group.Go(func() error {
			for _, e := range line {
				if err := tell(ctx, client, r, e); err != nil {
					return err
				}
				sent.Add(1)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatalf("after %d messages: %v\n%s", sent.Load(), err, g.tail())
	}
	return float64(len(editions)) / time.Since(began).Seconds()
}

// tell sends one message, and again when the gateway has no time.
func tell(ctx context.Context, client *lissoap.Client, r *roster, e edition) error {
	call, name := r.call(e), fmt.Sprintf("sis-%s-%d-%d", e.kind, e.i, e.version)
	for wait := 50 * time.Millisecond; ; wait *= 2 {
		_, err := client.Call(ctx, name, call)
		var status *lissoap.StatusError
		if err == nil || !errors.As(err, &status) || status.Status.CodeMinor != lis.TargetIsBusy {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
