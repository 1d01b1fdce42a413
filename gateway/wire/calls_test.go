package wire_test

import (
	"errors"
	"testing"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

func noFlush() error { return nil }

// eachOperation calls f with random requests and responses of each operation.
func eachOperation(t *testing.T, f func(op wire.Operation, space, request, response string)) {
	count := 0
	for i, s := range services {
		sample := newSampler(t, s.name, s.space, uint64(200+i))
		for _, op := range s.operations {
			for _, share := range []float64{0, 0.5, 1} {
				sample.share = share
				f(op, s.space, sample.message(op.Request), sample.message(op.Response))
			}
			count++
		}
	}
	if count != 156 {
		t.Errorf("%d operations, want 156", count)
	}
}

func open(t *testing.T, document string) *wire.Decoder {
	t.Helper()
	d := wire.NewDecoder(document, wire.Limits{}, 0)
	if !d.Root() {
		t.Fatal(d.Err())
	}
	d.Expect(d.Space(), nil)
	return d
}

// Each request becomes a call in words, and a call becomes that request.
func TestCalls(t *testing.T) {
	eachOperation(t, func(op wire.Operation, space, request, _ string) {
		var c lis.Call
		d := open(t, request)
		op.ReadCall(d, &c)
		if !d.End() {
			t.Fatalf("%s: %v", op.Name, d.Err())
		}
		var w wire.Writer
		w.OpenIn(op.Request, space)
		op.WriteCall(&w, &c)
		w.Close(op.Request)
		if got := string(w.Buf); got != request {
			t.Errorf("%s went in as\n%s\nand came out as\n%s", op.Name, request, got)
		}
	})
}

// Each response becomes an answer in words, and an answer becomes that
// response, flushed between the items of a set.
func TestAnswers(t *testing.T) {
	eachOperation(t, func(op wire.Operation, space, _, response string) {
		var a lis.Answer
		d := open(t, response)
		op.ReadAnswer(d, &a)
		if !d.End() {
			t.Fatalf("%s: %v", op.Name, d.Err())
		}
		var w wire.Writer
		w.OpenIn(op.Response, space)
		if err := op.WriteAnswer(&w, &a, noFlush); err != nil {
			t.Errorf("%s: %v", op.Name, err)
		}
		w.Close(op.Response)
		if got := string(w.Buf); got != response {
			t.Errorf("%s went in as\n%s\nand came out as\n%s", op.Name, response, got)
		}
	})
}

// A stream that fails, or that nobody takes any more, ends the writing.
func TestAnswersFail(t *testing.T) {
	broken := errors.New("broken")
	failing := func(yield func(lis.SourcedID, error) bool) {
		_ = yield("a", nil) && yield("", broken)
	}
	var w wire.Writer
	if err := wire.WriteIDs(&w, "set", failing, noFlush); !errors.Is(err, broken) {
		t.Errorf("a failing stream: %v", err)
	}
	if err := wire.WriteIDs(&w, "set", lis.Seq([]lis.SourcedID{"a"}), func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a failing flush: %v", err)
	}
	records := lis.Seq([]*lis.Record{{ID: "a"}})
	if err := wire.WriteRecords(&w, "set", "item", records, func(*lis.Record) {}, func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a failing flush of records: %v", err)
	}
	w.Buf = nil
	if err := wire.WriteRecords(&w, "set", "item", nil, nil, noFlush); err != nil || len(w.Buf) > 0 {
		t.Errorf("no stream: %v, %s", err, w.Buf)
	}
}

// Names and actions are those of the contract, and one draft name is known.
func TestOperationTable(t *testing.T) {
	seen, old := map[string]bool{}, 0
	for _, s := range services {
		for _, op := range s.operations {
			if seen[op.Request] || s.messages[op.Request] == nil || s.messages[op.Response] == nil {
				t.Errorf("operation %s is there twice or lacks a message", op.Name)
			}
			seen[op.Request] = true
			if op.Old != "" {
				old++
			}
			if _, known := lis.OperationNamed(op.Name); !known {
				t.Errorf("lis does not know %s", op.Name)
			}
		}
	}
	if old != 1 {
		t.Errorf("%d draft names, want 1", old)
	}
}
