package sqlite

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/journal/journaltest"
	"lisgate/gateway/lis"

	sqlite3 "modernc.org/sqlite/lib"
)

// envelope is a message of 4.5 KB that compresses as SOAP does: names that
// repeat, values that do not.
func envelope(r *rand.Rand) []byte {
	var b strings.Builder
	b.WriteString(`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><replacePersonRequest>`)
	for b.Len() < 4500 {
		fmt.Fprintf(&b, `<name><partName><instanceName><language>en</language><textString>First</textString></instanceName><instanceValue><textString>%x</textString></instanceValue></partName></name>`, r.Uint64())
	}
	return []byte(b.String())
}

// record is a body of 2 KB, as lis.MarshalRecord makes it.
func record(r *rand.Rand) []byte {
	var b strings.Builder
	for b.Len() < 2000 {
		fmt.Fprintf(&b, `{"partName":{"instanceName":{"textString":"First"},"instanceValue":{"textString":"%x"}}},`, r.Uint64())
	}
	return []byte(b.String())
}

// BenchmarkWrite measures one message, one person with three links, and one
// target, synced. new are persons that were not there, again are replaces.
func BenchmarkWrite(b *testing.B) {
	for _, kind := range []string{"new", "again"} {
		for _, callers := range []int{1, 16, 64} {
			b.Run(fmt.Sprintf("%s/callers=%d", kind, callers), func(b *testing.B) {
				benchWrite(b, open(b, b.TempDir(), Options{}), kind == "again", callers)
			})
		}
	}
	b.Run("memory/callers=64", func(b *testing.B) { benchWrite(b, journaltest.NewMemory(nil), false, 64) })
}

func benchWrite(b *testing.B, s journal.Store, again bool, callers int) {
	r := rand.New(rand.NewPCG(1, 2))
	bodies, records := make([][]byte, 64), make([][]byte, 64)
	for i := range bodies {
		bodies[i], records[i] = envelope(r), record(r)
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ReportAllocs()
	before := workOf(s)
	b.ResetTimer()
	for range callers {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(next.Load()), 2))
			for next.Add(1) <= int64(b.N) {
				n := r.Uint64()
				if again {
					n %= 5000
				}
				if err := benchPut(b, s, n, bodies[n%64], records[n%64]); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
	report(b, before, workOf(s))
}

// work is what writing costs, whatever else the machine does meanwhile.
type work struct {
	cpu          time.Duration
	pages, syncs int64
}

func workOf(store journal.Store) (w work) {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	w.cpu = time.Duration(u.Utime.Nano() + u.Stime.Nano())
	if s, ok := store.(*Store); ok {
		cell, high := newCell(s.conn.tls), newCell(s.conn.tls)
		defer cell.free()
		defer high.free()
		sqlite3.Xsqlite3_db_status(s.conn.tls, s.conn.db, sqlite3.SQLITE_DBSTATUS_CACHE_WRITE, cell.p, high.p, 0)
		w.pages, w.syncs = int64(cell.value()&0xffffffff), s.commits
	}
	return w
}

func report(b *testing.B, before, after work) {
	n := float64(b.N)
	b.ReportMetric(float64((after.cpu-before.cpu).Microseconds())/n, "cpu-us/write")
	if after.syncs > 0 {
		b.ReportMetric(float64(after.pages-before.pages)/n, "pages/write")
		b.ReportMetric(n/float64(after.syncs-before.syncs), "writes/sync")
	}
}

func benchPut(b *testing.B, s journal.Store, n uint64, body, rec []byte) error {
	id := lis.SourcedID(fmt.Sprintf("person-%016x", n))
	links := []lis.Link{{Name: "email", Value: string(id) + "@example.edu"}, {Name: "userid", Value: fmt.Sprint("u", n)}, {Name: "name", Value: fmt.Sprint("Ada ", n)}}
	hash := make([]byte, 32)
	for i := range hash {
		hash[i] = byte(n >> (i % 8 * 8))
	}
	m := &journal.Message{Time: time.Now(), Caller: "sis", Operation: "replacePerson", ID: id, MessageID: string(id), Hash: hash,
		Status: lis.StatusOf(lis.Done, lis.PMS, ""), Body: body}
	c := &lis.Change{Kind: lis.KindPerson, Key: id, Act: lis.Put, Operation: "replacePerson", Source: "sis"}
	return s.Write(b.Context(), func(tx journal.Tx) error {
		seq, err := tx.Message(m)
		if err != nil {
			return err
		}
		return tx.Append(c, rec, links, hash, seq, []string{"lms"})
	})
}

// BenchmarkDeliver measures lease and settle, in batches of 50.
func BenchmarkDeliver(b *testing.B) {
	s := open(b, b.TempDir(), Options{})
	rec := record(rand.New(rand.NewPCG(1, 2)))
	for i := 0; i < b.N; i += 500 {
		err := s.Write(b.Context(), func(tx journal.Tx) error {
			for j := i; j < min(i+500, b.N); j++ {
				c := &lis.Change{Kind: lis.KindPerson, Key: lis.SourcedID(fmt.Sprint("p", j)), Act: lis.Put}
				if err := tx.Append(c, rec, nil, nil, 0, []string{"lms"}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for n := 0; n < b.N; {
		l, err := s.Lease(b.Context(), "lms", 50, time.Now(), time.Now().Add(time.Minute))
		if err != nil || len(l) == 0 {
			b.Fatal(len(l), err)
		}
		settled := make([]journal.Settlement, len(l))
		for i, d := range l {
			settled[i] = journal.Settlement{Target: "lms", Seq: d.Seq, Fence: d.Fence, State: journal.Applied, At: time.Now()}
		}
		if err := s.Settle(b.Context(), settled); err != nil {
			b.Fatal(err)
		}
		n += len(l)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
}

// BenchmarkScan measures streaming entries with their bodies.
func BenchmarkScan(b *testing.B) {
	s := open(b, b.TempDir(), Options{})
	rec := record(rand.New(rand.NewPCG(1, 2)))
	const entries = 10000
	err := s.Write(b.Context(), func(tx journal.Tx) error {
		for i := range entries {
			c := &lis.Change{Kind: lis.KindPerson, Key: lis.SourcedID(fmt.Sprintf("p%05d", i)), Act: lis.Put}
			if err := tx.Append(c, rec, []lis.Link{{Name: "org", Value: "math"}, {Name: "name", Value: fmt.Sprint(i)}}, nil, 0, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, f := range map[string]journal.Filter{"all": {}, "link": {Links: []lis.Link{{Name: "org", Value: "math"}}}, "ids": {IDsOnly: true}, "since": {Since: 1}} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				snap, err := s.Snapshot(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for _, err := range snap.Scan(lis.KindPerson, f) {
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
				if snap.Close(); n != entries {
					b.Fatal(n)
				}
			}
			b.ReportMetric(entries*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}
