package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"go.uber.org/zap"

	pretend "lisgate/adapters/memory"
	"lisgate/gateway/deliver"
	"lisgate/gateway/journal"
	"lisgate/gateway/journal/sqlite"
	"lisgate/gateway/lis"
)

// waitingChanges is how many changes wait for each target.
const waitingChanges = 20_000

// queues are the targets. For nobody the journal alone leases and settles, in
// groups as large as the engine's at most: that is what there is to be had.
var queues = []struct {
	name    string
	deliver func(ctx context.Context, store journal.Store, target string) error
}{
	{"nobody", settleAll},
	{"one by one", func(ctx context.Context, store journal.Store, target string) error {
		return deliverAll(ctx, store, deliver.Target{Name: target, Adapter: &pretend.Adapter{}, Workers: 16})
	}},
	{"in batches", func(ctx context.Context, store journal.Store, target string) error {
		return deliverAll(ctx, store, deliver.Target{Name: target, Adapter: &pretend.Adapter{BatchRows: 500}})
	}},
}

// benchDeliver empties queues on disk to a target in memory.
func benchDeliver() error {
	rates := map[string][]float64{}
	for range *rounds {
		if err := deliverRound(rates); err != nil {
			return err
		}
	}
	base := median(rates["nobody"])
	for _, q := range queues {
		rate := median(rates[q.name])
		fmt.Printf("  %-10s %6.0f changes/s, %.2f of the journal alone\n", q.name, rate, rate/base)
	}
	return nil
}

func deliverRound(rates map[string][]float64) error {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "lisgate-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	store, err := sqlite.Open(ctx, dir, sqlite.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	if err := fillQueues(ctx, store); err != nil {
		return err
	}
	for _, q := range queues {
		from := time.Now()
		if err := q.deliver(ctx, store, q.name); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		rates[q.name] = append(rates[q.name], waitingChanges/time.Since(from).Seconds())
	}
	return nil
}

// fillQueues writes changes for all targets.
func fillQueues(ctx context.Context, store journal.Store) error {
	var names []string
	for _, q := range queues {
		names = append(names, q.name)
	}
	for from := 0; from < waitingChanges; from += 500 {
		err := store.Write(ctx, func(tx journal.Tx) error {
			for i := from; i < from+500; i++ {
				r := person(personID(i), "Bjørnsson")
				body, err := lis.MarshalRecord(r)
				if err != nil {
					return err
				}
				c := &lis.Change{Kind: lis.KindPerson, Key: r.ID, Act: lis.Put, Operation: "replacePerson"}
				if err := tx.Append(c, body, r.Object.(*lis.Person).Links(), nil, 0, names); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// settleAll takes everything for done.
func settleAll(ctx context.Context, store journal.Store, target string) error {
	for {
		now := time.Now()
		leased, err := store.Lease(ctx, target, 512, now, now.Add(time.Minute))
		if err != nil || len(leased) == 0 {
			return err
		}
		done := make([]journal.Settlement, len(leased))
		for i, d := range leased {
			done[i] = journal.Settlement{Target: target, Seq: d.Seq, Fence: d.Fence, State: journal.Applied, Effect: lis.Applied, At: now}
		}
		if err := store.Settle(ctx, done); err != nil {
			return err
		}
	}
}

// deliverAll runs an engine until nothing waits.
func deliverAll(ctx context.Context, store journal.Store, t deliver.Target) error {
	ctx, stop := context.WithTimeout(ctx, 5*time.Minute)
	defer stop()
	e := deliver.New(store, zap.NewNop(), time.Now, nil)
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx, []deliver.Target{t}) }()
	err := e.Idle(ctx)
	stop()
	return errors.Join(err, <-ended)
}
