package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// childDir names the store that the test binary shall write to, as the child
// of TestKill, until it is killed.
const childDir = "LISGATE_TEST_CHILD_DIR"

// child writes as fast as it can and prints what was acknowledged.
func child(dir string) {
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	var out sync.Mutex
	for w := range 16 {
		go func() {
			for i := 0; ; i++ {
				c := &lis.Change{Kind: lis.KindPerson, Key: lis.SourcedID(fmt.Sprint("p", w, "-", i%50)), Act: lis.Put}
				err := s.Write(context.Background(), func(tx journal.Tx) error {
					n, err := tx.Message(&journal.Message{ID: c.Key, Body: make([]byte, 500)})
					if err != nil {
						return err
					}
					return tx.Append(c, []byte(fmt.Sprint(i)), []lis.Link{{Name: "email", Value: fmt.Sprint(i)}}, nil, n, []string{"lms"})
				})
				if err != nil {
					fmt.Println(err)
					os.Exit(1)
				}
				out.Lock()
				fmt.Println(c.Seq)
				out.Unlock()
			}
		}()
	}
	go func() { // deliver too
		for {
			l, err := s.Lease(context.Background(), "lms", 20, time.Now(), time.Now().Add(time.Hour))
			if err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			if l, err = s.Coalesce(context.Background(), l, time.Now()); err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			_ = s.Settle(context.Background(), outcomes(l))
			_, _ = s.Decide(context.Background(), "lms", decided(l), len(l)%2 == 0, "child", time.Now())
			time.Sleep(time.Millisecond)
		}
	}()
	select {}
}

// outcomes are one of each kind, over and over.
func outcomes(l []journal.Delivery) (settled []journal.Settlement) {
	for i, d := range l {
		s := journal.Settlement{Target: "lms", Seq: d.Seq, Fence: d.Fence, At: time.Now(), Due: time.Now(), Hold: journal.HoldRemoval,
			State: []journal.State{journal.Applied, journal.Dead, journal.Parked, journal.Held, journal.Applied}[i%5]}
		if s.Parent.ID = l[(i+1)%len(l)].Key; i%2 == 0 {
			s.TargetID = string(d.Key)
		}
		settled = append(settled, s)
	}
	return settled
}

// decided are some of them.
func decided(l []journal.Delivery) (seqs []int64) {
	for i := 3; i < len(l); i += 10 {
		seqs = append(seqs, l[i].Seq)
	}
	return seqs
}

// TestKill kills a process that writes, at a random moment, again and again:
// all that it acknowledged is there, and the store is in order.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	acknowledged := map[int64]bool{}
	rounds := 5
	if n, err := strconv.Atoi(os.Getenv("LISGATE_TEST_KILLS")); err == nil {
		rounds = n
	}
	for range rounds {
		kill(t, dir, acknowledged)
		s, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		missing(t, s, acknowledged)
		check(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d acknowledged writes over %d kills", len(acknowledged), rounds)
}

func kill(t *testing.T, dir string, acknowledged map[int64]bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var timer *time.Timer
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		if timer == nil {
			timer = time.AfterFunc(time.Duration(50+rand.IntN(400))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		}
		seq, err := strconv.ParseInt(lines.Text(), 10, 64)
		if err != nil {
			t.Errorf("child: %s", lines.Text())
			continue
		}
		acknowledged[seq] = true
	}
	_ = cmd.Wait() // killed
}

func missing(t *testing.T, s *Store, acknowledged map[int64]bool) {
	t.Helper()
	snap, err := s.readers.snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	q, err := snap.c.query(`SELECT seq FROM change`)
	if err != nil {
		t.Fatal(err)
	}
	defer q.close()
	there := map[int64]bool{}
	for {
		more, err := q.next()
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			break
		}
		there[q.int(0)] = true
	}
	for seq := range acknowledged {
		if !there[seq] {
			t.Errorf("acknowledged change %d is lost", seq)
		}
	}
}
