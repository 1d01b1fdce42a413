package deliver

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"lisgate/adapters"
	"lisgate/gateway/journal"
)

// mostSettled is how many settlements are written in one transaction at most.
const mostSettled = 512

// A settled is a settlement on its way to the journal.
type settled struct {
	lane *lane
	item item
	journal.Settlement
}

// settle writes settlements until there will be no more. Those that come
// while a group is being written are the next group, so that a busy engine
// writes large groups and a quiet one waits for nothing.
func (e *Engine) settle(ctx context.Context, results <-chan settled) {
	for first := range results {
		group := gather(first, results)
		e.write(ctx, group)
		for _, s := range group {
			s.lane.tally.count(s.item, s.Settlement)
			s.lane.meter.count(s.Settlement)
			s.lane.outstanding.Add(-1)
			s.lane.nudge() // the next change of the same object can go now
		}
	}
}

func gather(first settled, results <-chan settled) []settled {
	group := []settled{first}
	for len(group) < mostSettled {
		select {
		case s, ok := <-results:
			if !ok {
				return group
			}
			group = append(group, s)
		default:
			return group
		}
	}
	return group
}

// write does not give up while the engine runs: a full disk is emptied some
// day. What cannot be written at all is tried again when its lease has run
// out, and the target knows it by its ID. The settlements are then what became
// of them.
func (e *Engine) write(ctx context.Context, group []settled) {
	settlements := make([]journal.Settlement, len(group))
	for i, s := range group {
		settlements[i] = s.Settlement
	}
	for failures := 0; ; failures++ {
		err := e.store.Settle(ctx, settlements)
		if err == nil {
			became(group, settlements)
			return
		}
		if errors.Is(err, journal.ErrClosed) {
			unwritten(group)
			return
		}
		e.log.Error("cannot record deliveries; trying again", zap.Int("deliveries", len(group)), zap.Error(err))
		if !sleep(ctx, backoff(100*time.Millisecond, 5*time.Second, failures, uint64(group[0].Seq))) {
			unwritten(group)
			return
		}
	}
}

// became takes over what the journal made of settlements, and tells of the
// dead letters that it made.
func became(group []settled, now []journal.Settlement) {
	for i := range group {
		s := &group[i]
		if now[i].State == journal.Dead && s.State != journal.Dead {
			s.lane.tellDead(s.item, adapters.Refused)
		}
		s.Settlement = now[i]
	}
}

// unwritten notes of settlements that nothing became of them.
func unwritten(group []settled) {
	for i := range group {
		group[i].State = ""
	}
}

// sleep reports whether it could sleep to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
