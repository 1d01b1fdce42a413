package registrar

import (
	"context"
	"fmt"
	"testing"

	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"
)

// The common write: a record that is there is replaced.
func BenchmarkReplace(b *testing.B) {
	store := journaltest.NewMemory(nil)
	defer store.Close()
	r := New(Options{Store: store})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c := put(lis.SourcedID(fmt.Sprint(i%100)), member("sec", lis.SourcedID(fmt.Sprint(i)), "Learner"))
		if a := r.Do(context.Background(), &Request{Call: c, Caller: "sis", Hash: []byte(fmt.Sprint(i))}); !a.Status.OK() {
			b.Fatal(a.Status)
		}
	}
}

// counting counts what a write asks of the store.
type counting struct {
	journal.Store
	calls map[string]int
}

type countingTx struct {
	journal.Tx
	calls map[string]int
}

func (s counting) Write(ctx context.Context, f func(journal.Tx) error) error {
	return s.Store.Write(ctx, func(tx journal.Tx) error { return f(countingTx{tx, s.calls}) })
}

func (t countingTx) Get(k lis.Kind, id lis.SourcedID) (*journal.Entry, error) {
	t.calls["get"]++
	return t.Tx.Get(k, id)
}

func (t countingTx) Append(c *lis.Change, body []byte, links []lis.Link, hash []byte, message int64, targets []string) error {
	t.calls["append"]++
	return t.Tx.Append(c, body, links, hash, message, targets)
}

func (t countingTx) Message(m *journal.Message) (int64, error) {
	t.calls["message"]++
	return t.Tx.Message(m)
}

func TestReplaceAsksForLittle(t *testing.T) {
	calls := map[string]int{}
	h := houseOver(t, counting{newStore(t), calls})
	h.must(call(lis.Replace, lis.KindPerson, "p", "Ann"), call(lis.Replace, lis.KindPerson, "p", "Ben"))
	h.expect(calls, map[string]int{"get": 2, "append": 2, "message": 2}, "for two replaces")
}
