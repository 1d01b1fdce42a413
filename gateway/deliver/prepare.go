package deliver

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"lisgate/adapters"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// admit gives back, untried, what was leased before the target was found to
// be away, or would outlast its lease, or comes after the end.
func (l *lane) admit(w way, parcels []*parcel) {
	open, _ := l.breaker.state()
	now := l.engine.now()
	for _, p := range parcels {
		if left := p.until.Sub(now); w.ctx.Err() != nil || open && !p.probe || left < l.target.Timeout+leaseLeft {
			p.settle(l.untried(p.item, now))
		}
	}
}

// open reads the content of changes. What cannot be read today cannot be read
// tomorrow, so it is a refusal.
func (l *lane) open(_ way, parcels []*parcel) {
	for _, p := range parcels {
		c, err := content(p.Delivery)
		c.ID = p.IdempotencyKey()
		p.change, p.body, p.began = c, p.Body, l.engine.now()
		if err != nil {
			p.settle(l.dead(p.item, err))
		} else if c.Record != nil {
			if m, ok := c.Record.Object.(*lis.Membership); ok {
				p.person = m.Person() // the shape may rename it
			}
		}
	}
}

func content(d journal.Delivery) (lis.Change, error) {
	c := d.Change
	if len(d.Body) == 0 {
		if c.Act == lis.Put {
			return c, &adapters.Error{Class: adapters.Refused, Err: errors.New("the journal has no content for this change")}
		}
		return c, nil
	}
	id := c.Key
	if c.Act == lis.Rekey {
		id = c.NewID
	}
	record, err := lis.UnmarshalRecord(c.Kind, id, d.Body)
	if err != nil {
		return c, &adapters.Error{Class: adapters.Refused, Err: err}
	}
	c.Record = record
	return c, nil
}

// shape gives changes the form that the target wants.
func (l *lane) shape(w way, parcels []*parcel) {
	if l.target.Shape == nil {
		return
	}
	for _, p := range parcels {
		if err := l.shapeOne(w.cut, p); err != nil {
			p.settle(l.verdict(p, err))
		}
	}
}

func (l *lane) shapeOne(ctx context.Context, p *parcel) (err error) {
	defer func() {
		if r := recover(); r != nil {
			l.panicked(p.Seq)
			err = refusal(fmt.Errorf("shaping it panicked: %v", r))
		}
	}()
	shaped, err := l.target.Shape(ctx, p.change)
	if err != nil {
		return refusal(err)
	}
	shaped.ID, shaped.Seq, shaped.Fence = p.change.ID, p.change.Seq, p.change.Fence
	p.change = shaped
	if shaped.Record == nil {
		return nil
	}
	if p.body, err = lis.MarshalRecord(shaped.Record); err != nil {
		return refusal(err)
	}
	if bytes.Equal(p.body, p.Body) {
		p.body = p.Body // one of the two is enough to hold
	}
	return nil
}

// refusal makes an error without a class a refusal.
func refusal(err error) error {
	var e *adapters.Error
	if errors.As(err, &e) {
		return err
	}
	return &adapters.Error{Class: adapters.Refused, Err: err}
}

// mapped returns the content that is sent, where it is not that of the journal.
func (p *parcel) mapped() []byte {
	if p.change.Record == nil || bytes.Equal(p.body, p.Body) {
		return nil
	}
	return p.body
}

// hash names the content that was sent. A Rekey has a name that no content
// has: not every target takes up the content with it, so that the next Put is
// not to be taken for what is there.
func (p *parcel) hash() []byte {
	if p.change.Act == lis.Drop {
		return nil
	}
	content := p.body
	if p.change.Act == lis.Rekey {
		content = []byte(p.change.ID)
	}
	sum := sha256.Sum256(content)
	return sum[:16]
}
