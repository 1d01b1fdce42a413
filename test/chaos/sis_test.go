package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"lisgate/adapters/lissoap"
	"lisgate/gateway/lis"
)

// The load: so many connections, each with so many messages in a second at
// the most. A connection has its own objects, so that their order is its own.
const (
	connections = 8
	pace        = 15 * time.Millisecond
	callMost    = 30 * time.Second
)

// A sis is one connection of the student information system.
type sis struct {
	number  int
	client  *lissoap.Client
	up      *gate
	dice    *rand.Rand // what is sent
	mood    *rand.Rand // what is done when no answer came
	objects objects

	book         book
	count        int      // tokens given out
	acknowledged []string // tokens of records that were taken
	unanswered   int
	refused      []string // what should have been taken
}

// A deed is a call with what it means for the book.
type deed struct {
	call    *lis.Call
	token   string // of the record that goes with it
	done    func()
	perhaps func()
	absent  func() // the gateway knows no such object; nil when it must
	insist  bool   // until there is an answer
}

// A load is all connections at work.
type load struct {
	sis  []*sis
	quit chan struct{}
	done sync.WaitGroup
}

// begin starts to send.
func begin(t *testing.T, g *gateway, seed uint64) *load {
	t.Helper()
	l := &load{quit: make(chan struct{})}
	for n := range connections {
		client, err := lissoap.NewClient(lissoap.Options{URL: "http://" + g.address + "/lis/", Timeout: callMost})
		if err != nil {
			t.Fatal(err)
		}
		s := &sis{number: n, client: client, up: &g.up, dice: dice(seed, uint64(n)), mood: dice(seed, uint64(n+50)), book: book{}}
		s.objects = newObjects(s)
		l.sis = append(l.sis, s)
		l.done.Go(func() { s.run(l.quit) })
	}
	return l
}

// end lets each connection finish what it is at. The gateway must be up.
func (l *load) end() {
	close(l.quit)
	l.done.Wait()
	for _, s := range l.sis {
		s.client.Close()
	}
}

// sums returns how many messages were acknowledged and how many calls had no answer.
func (l *load) sums() (sent, unanswered int) {
	for _, s := range l.sis {
		sent += s.count
		unanswered += s.unanswered
	}
	return sent, unanswered
}

func (s *sis) run(quit <-chan struct{}) {
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	for {
		select {
		case <-quit:
			return
		case <-ticker.C:
			s.carryOut(s.objects.next())
		}
	}
}

// carryOut sends a message. When no answer comes it waits for the gateway and
// sends the same again, as some systems do, or forgets it, as others do.
func (s *sis) carryOut(d deed) {
	id := fmt.Sprintf("sis-%d-%d", s.number, s.count)
	for {
		_, err := s.client.Call(context.Background(), id, d.call)
		var status *lissoap.StatusError
		switch {
		case err == nil:
			if d.token != "" {
				s.acknowledged = append(s.acknowledged, d.token)
			}
			d.done()
			return
		case errors.As(err, &status) && status.Status.CodeMinor == lis.UnknownObject && d.absent != nil:
			d.absent()
			return
		case errors.As(err, &status):
			s.refused = append(s.refused, fmt.Sprintf("%s %s: %v", d.call.Operation, d.call.ID, err))
			return
		}
		s.unanswered++
		d.perhaps()
		<-time.After(pace)
		s.up.wait()
		if !d.insist && s.mood.IntN(3) == 0 {
			return
		}
	}
}

// token gives out a word that no other message carries.
func (s *sis) token() string {
	s.count++
	return fmt.Sprintf("t%d-%d", s.number, s.count)
}
