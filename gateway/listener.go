package gateway

import (
	"context"
	"time"

	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// A listener is the registrar behind the desk of the plans, with an ear for who
// speaks to it: a caller of
// whom something is expected is late when nothing of his is taken for long.
type listener struct{ g *Gateway }

func (l listener) Do(ctx context.Context, q *registrar.Request) *lis.Answer {
	a := l.g.cps.Do(ctx, q, l.g.registrar.Do)
	if a.Status.OK() {
		l.g.heard.note(q.Caller, time.Now())
	}
	return a
}

func (l listener) Refuse(ctx context.Context, q *registrar.Request, st lis.Status) *lis.Answer {
	return l.g.registrar.Refuse(ctx, q, st)
}
