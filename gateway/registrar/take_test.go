package registrar

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"lisgate/gateway/lis"
)

type items = iter.Seq2[*BulkItem, error]

// A taker carries a file out in one transaction when its first item says so.
type taker struct {
	*house
	asked []string // by whom, and what the first item was
}

func (k *taker) take(ctx context.Context, caller, id string, all items) (*lis.BulkReport, bool, error) {
	var requests []*Request
	var ops []string
	for item, err := range all {
		if err != nil {
			return nil, false, fmt.Errorf("look into the file: %w", err)
		}
		if len(ops) == 0 {
			k.asked = append(k.asked, caller+" "+id+" "+item.Op)
		}
		if ops = append(ops, item.Op); ops[0] != "op-p000" {
			return nil, false, nil
		}
		requests = append(requests, item.Request(caller, id))
	}
	outcomes, err := k.Together(ctx, requests, false, nil)
	if err != nil {
		return nil, false, err
	}
	var t Tally
	for i := range outcomes {
		t.count(&BulkItem{Op: ops[i]}, outcomes[i].Status)
	}
	return t.report(), true, nil
}

func TestTakenFiles(t *testing.T) {
	var told []int64
	h := newHouse(t, bulky(map[string]string{"one": lines(0, 15) + "-nobody\n", "two": lines(30, 45)}), quick,
		func(o *Options) { o.Bulk.Progress = func(_ string, t Tally) { told = append(told, t.Read) } })
	k := &taker{house: h}
	h.Bulk.Take = k.take
	h.must(announceOf("t", lis.BulkDataFile{URL: "one"}, lis.BulkDataFile{URL: "two"}, lis.BulkDataFile{URL: "one"}))
	x, p := h.run("t")
	if x.State != done || p.Read != 47 || p.Applied != 45 || p.Failed != 2 || len(p.Failures) != 2 || p.Failures[1].TransactionOpIdentifier != "op--nobody" {
		t.Errorf("%s: %+v", x.State, p)
	}
	h.expect(k.asked, []string{"sis t op-p000", "sis t op-p030", "sis t op-p000"}, "asked, once a file")
	h.expect(told, []int64{16, 26, 31, 47}, "progress")
	if e := h.entry(lis.KindPerson, "p000"); e.Version != 1 {
		t.Errorf("version %d", e.Version)
	}
	if m := h.messages("p000"); len(m) != 2 || m[0].MessageID != "t/op-p000" {
		t.Errorf("messages %+v", m)
	}
}

// A crash at any write, also after the file was carried out and before that is
// noted: it is offered again from its start.
func TestTakenFilesAfterACrash(t *testing.T) {
	files := map[string]string{"one": lines(0, 15), "two": lines(30, 45)}
	asked := map[int]bool{}
	for n := 1; ; n++ {
		h := newHouse(t, bulky(files), quick)
		k := &taker{house: h}
		h.Bulk.Take = k.take
		h.must(announceOf("t", lis.BulkDataFile{URL: "one"}, lis.BulkDataFile{URL: "two"}))
		at := n
		first := New(h.Options)
		first.Store = crashing{h.store, &at}
		k.house = &house{Registrar: first, t: t, store: h.store}
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			for ctx.Err() == nil && !h.isDone("t") {
				time.Sleep(time.Millisecond)
			}
			stop()
		}()
		err := first.RunBulk(ctx)
		stop()
		if err == nil {
			if n < 6 || !asked[2] || !asked[3] {
				t.Fatalf("%d transactions were crashed, offered so often: %v", n-1, asked)
			}
			return
		}
		if !errors.Is(err, errCrash) {
			t.Fatal(err)
		}
		k.house = h
		x, p := h.run("t")
		if x.State != done || p.Read != 30 || p.Applied != 30 || p.Failed != 0 {
			t.Errorf("crash at %d: %s %+v", n, x.State, p)
		}
		if e := h.entry(lis.KindPerson, "p000"); e.Version != 1 {
			t.Errorf("crash at %d: version %d", n, e.Version)
		}
		asked[len(k.asked)] = true
	}
}

func TestTroubleInTaking(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		err  error
		said string // "" for trouble with the journal
	}{
		"a file that cannot be read": {lines(0, 5) + "%\n", nil, "look into the file: unexpected EOF"},
		"a refusal":                  {lines(0, 5), refuse(lis.TooLarge, "too many sections"), "too many sections"},
		"the journal":                {lines(0, 5), errDisk, ""},
	} {
		h := newHouse(t, bulky(map[string]string{"one": c.file}), quick)
		k := &taker{house: h}
		h.Bulk.Take = func(ctx context.Context, caller, id string, all items) (*lis.BulkReport, bool, error) {
			if c.err != nil {
				return nil, false, c.err
			}
			return k.take(ctx, caller, id, all)
		}
		h.must(announceOf("t", lis.BulkDataFile{URL: "one"}))
		if c.said == "" {
			if err := h.RunBulk(t.Context()); !errors.Is(err, errDisk) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if x, p := h.run("t"); x.State != failed || p.Reason != c.said || p.Tries != 1 || p.Read != 0 {
			t.Errorf("%s: %s %+v", name, x.State, p)
		}
	}
}
