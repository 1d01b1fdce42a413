package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"lisgate/adapters/lissoap"
	"lisgate/cmd/lisgate/term"
	"lisgate/gateway/lis"
)

// demoConnections is over how many connections a pretend system sends.
const demoConnections = 48

// send pushes phases to the gateway over SOAP, one after the other.
func (p *demoPlay) send(ctx context.Context, from, to string, phases []term.Phase) error {
	client, err := p.house.client(from)
	if err != nil {
		return err
	}
	defer client.Close()
	for _, phase := range phases {
		name := fmt.Sprintf("%s sends %s", systemWord(from), phase.Name)
		s := &demoSender{client: client, name: from}
		err := p.phase(name, int64(phase.Count), func(line *demoLine) error {
			s.line = line
			return s.all(ctx, phase.Calls, connectionsFor(phase))
		})
		p.tallies = append(p.tallies, &demoTally{from: from, to: to, kind: phase.Kind,
			sent: s.sent.Load(), refused: s.refused.Load(), example: s.refusal()})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// connectionsFor is one where the objects of a phase refer to each other.
func connectionsFor(p term.Phase) int {
	if p.Kind == lis.KindGroup {
		return 1
	}
	return demoConnections
}

// A demoSender sends calls over several connections.
type demoSender struct {
	client        *lissoap.Client
	name          string
	line          *demoLine
	sent, refused atomic.Int64
	first         atomic.Pointer[string] // refusal
}

func (s *demoSender) all(ctx context.Context, calls iter.Seq[*lis.Call], connections int) error {
	group, ctx := errgroup.WithContext(ctx)
	queue := make(chan *lis.Call, connections)
	group.Go(func() error {
		defer close(queue)
		for call := range calls {
			select {
			case queue <- call:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range connections {
		group.Go(func() error {
			for call := range queue {
				if err := s.one(ctx, call); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// one sends a call; what the gateway refuses is counted, and what does not
// reach it is sent again, as a SIS would.
func (s *demoSender) one(ctx context.Context, call *lis.Call) error {
	objects := int64(max(1, len(call.Records)))
	id := fmt.Sprintf("%s-%s-%s%s", s.name, call.Operation, call.ID, call.Of)
	answer, err := callPatiently(ctx, s.client, id, call)
	var status *lissoap.StatusError
	if err != nil && !errors.As(err, &status) {
		return err
	}
	s.sent.Add(objects)
	refused := int64(0)
	switch {
	case status != nil:
		refused = objects
		s.remember(err.Error())
	case answer != nil:
		for _, code := range answer.Codes {
			if c := lis.CodeMinor(code.ReplaceStatus); c != lis.FullSuccess && c != lis.CreateSuccess {
				refused++
				s.remember(string(code.ResultSourcedID) + ": " + code.ReplaceStatus)
			}
		}
	}
	s.refused.Add(refused)
	s.line.add(objects)
	return nil
}

func (s *demoSender) remember(refusal string) { s.first.CompareAndSwap(nil, &refusal) }

func (s *demoSender) refusal() string {
	if text := s.first.Load(); text != nil {
		return *text
	}
	return ""
}

// callPatiently tries again what did not get through.
func callPatiently(ctx context.Context, client *lissoap.Client, id string, call *lis.Call) (*lis.Answer, error) {
	const tries = 6
	wait := 50 * time.Millisecond
	for try := 1; ; try++ {
		answer, err := client.Call(ctx, id, call)
		var status *lissoap.StatusError
		if err == nil || try == tries || errors.As(err, &status) && status.Status.CodeMinor != lis.TargetIsBusy {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
			wait *= 2
		}
	}
}
