package registrar

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// run lets RunBulk work until an exchange has left the states of work.
func (h *house) run(id string) (*journal.Exchange, *Progress) {
	h.t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	ended := make(chan error, 1)
	go func() { ended <- h.RunBulk(ctx) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			h.t.Errorf("RunBulk: %v", err)
		}
	}()
	for ctx.Err() == nil {
		if x, p := h.exchangeAt(id); x.State != announced && x.State != reading {
			return x, p
		}
		time.Sleep(time.Millisecond)
	}
	x, p := h.exchangeAt(id)
	h.t.Fatalf("the exchange is still %s: %+v", x.State, p)
	return x, p
}

func lines(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "p%03d name%d\n", i, i)
	}
	return b.String()
}

func quick(o *Options) {
	o.Bulk.Poll, o.Bulk.RetryAfter, o.Bulk.BatchSize = time.Millisecond, time.Millisecond, 10
}

func TestBulkExchangeIsApplied(t *testing.T) {
	one, two := lines(0, 35)+"! broken\n-p001\n-nobody\n", lines(35, 55)
	sum := sha256.Sum256([]byte(one))
	size := int64(len(one))
	h := newHouse(t, bulky(map[string]string{"one": one, "two": two}), quick)
	got := h.must(announceOf("t", lis.BulkDataFile{URL: " one ", TotalSize: &size, CheckSum: strings.ToUpper(hex.EncodeToString(sum[:]))}, lis.BulkDataFile{URL: "two"}))
	if len(got.Services) == 0 || !strings.Contains(got.Status.Description, announced) {
		t.Errorf("answered %+v", got)
	}
	x, p := h.run("t")
	if x.State != done || p.Read != 58 || p.Applied != 56 || p.Failed != 2 {
		t.Errorf("%s: %+v", x.State, p)
	}
	h.expect(p.Failures, []lis.BulkFailed{
		{TransactionOpIdentifier: "op-!", FailStatus: "invaliddata", Description: text(io.ErrNoProgress.Error())},
		{TransactionOpIdentifier: "op--nobody", FailStatus: "unknownobject", Description: text(`there is no person with sourcedId "nobody"; nothing was deleted`)},
	}, "failures")
	if n := len(h.do(call(lis.ReadAllIDs, lis.KindPerson, "", "")).ids); n != 54 {
		t.Errorf("%d persons are there", n)
	}
	if m := h.messages("p002"); len(m) != 1 || m[0].MessageID != "t/op-p002" || m[0].Caller != "sis" {
		t.Errorf("messages: %+v", m)
	}
	report, err := h.Report(t.Context(), "t")
	if err != nil || *report.Applied != 56 || len(report.Failure) != 2 {
		t.Errorf("report %+v %v", report, err)
	}
	if _, err := h.Report(t.Context(), "nothing"); err == nil {
		t.Error("a report of nothing")
	}
}

func TestOnlyTheFirstFailuresAreKept(t *testing.T) {
	h := newHouse(t)
	items := lis.Seq([]*BulkItem{})
	items = func(yield func(*BulkItem, error) bool) {
		for i := range 250 {
			if !yield(&BulkItem{Op: fmt.Sprint(i), Call: &lis.Call{Operation: "deletePerson", ID: "nobody"}}, nil) {
				return
			}
		}
	}
	report, err := h.Import(t.Context(), "sis", "t", items)
	if err != nil || *report.Failed != 250 || len(report.Failure) != keptFailures || report.Failure[99].TransactionOpIdentifier != "99" {
		t.Errorf("%d kept of %d: %v", len(report.Failure), *report.Failed, err)
	}
}

// An item that reads, or moves an exchange, has no place in a bulk file.
func TestOperationsThatCannotStandInABulkFile(t *testing.T) {
	h := newHouse(t)
	report, err := h.Import(t.Context(), "sis", "t", lis.Seq([]*BulkItem{
		{Call: &lis.Call{Operation: "readPerson", ID: "p"}}, {Call: &lis.Call{Operation: "cancelBulkDataExchange", TransactionID: "t"}}, {Call: &lis.Call{Operation: "x"}},
		{Err: &lis.Refusal{Situation: lis.UnknownWord, Text: "no such word"}},
	}))
	if err != nil || *report.Failed != 4 || report.Failure[0].FailStatus != "unsupportedLISoperation" || report.Failure[1].FailStatus != "unsupportedLISoperation" || report.Failure[3].FailStatus != "unknownvocabulary" {
		t.Errorf("%+v %v", report, err)
	}
}

func TestImportKeepsWhatCameBeforeAnError(t *testing.T) {
	var told []int64
	h := newHouse(t, quick, func(o *Options) { o.Bulk.Progress = func(_ string, t Tally) { told = append(told, t.Read) } })
	report, err := h.Import(t.Context(), "sis", "t", readLines(strings.NewReader(lines(0, 25)+"%\n")))
	if !errors.Is(err, io.ErrUnexpectedEOF) || *report.Applied != 20 {
		t.Errorf("%d applied, %v", *report.Applied, err)
	}
	h.expect(told, []int64{10, 20}, "progress")
	report, err = h.Import(t.Context(), "sis", "t", readLines(strings.NewReader(lines(0, 25))))
	if err != nil || *report.Applied != 25 || h.entry(lis.KindPerson, "p000").Version != 1 {
		t.Errorf("sent again: %+v %v", report, err)
	}
}

// The same create in a file that is sent again is the same message.
func TestImportedCreatesCanBeRepeated(t *testing.T) {
	h := newHouse(t)
	for range 2 {
		report, err := h.Import(t.Context(), "sis", "t", lis.Seq([]*BulkItem{
			{Op: "1", Call: call(lis.Create, lis.KindPerson, "p", "Ann")}, {Op: "2", Call: call(lis.CreateByProxy, lis.KindPerson, "", "Ben")},
		}))
		if err != nil || *report.Applied != 2 {
			t.Errorf("%+v %v", report, err)
		}
	}
	if n := len(h.do(call(lis.ReadAllIDs, lis.KindPerson, "", "")).ids); n != 2 {
		t.Errorf("%d persons", n)
	}
}

// crashing fails the nth transaction, once, as a crash would: nothing of it
// is kept, and RunBulk ends.
type crashing struct {
	journal.Store
	at *int
}

var errCrash = errors.New("crash")

func (c crashing) Write(ctx context.Context, f func(journal.Tx) error) error {
	*c.at--
	return c.Store.Write(ctx, func(tx journal.Tx) error {
		err := f(tx)
		if *c.at == 0 {
			err = errCrash
		}
		return err
	})
}

// Whatever transaction a crash hits, what is left is done afterwards, and
// nothing twice: deletes of the same person would fail the second time.
func TestBulkResumesAfterACrash(t *testing.T) {
	files := map[string]string{"one": lines(0, 25) + "-p000\n-p001\n-p024\n", "two": lines(30, 45)}
	for n := 1; ; n++ {
		h := newHouse(t, bulky(files), quick)
		h.must(announceOf("t", lis.BulkDataFile{URL: "one"}, lis.BulkDataFile{URL: "two"}))
		at := n
		first := New(h.Options)
		first.Store = crashing{h.store, &at}
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
			if n < 7 {
				t.Fatalf("only %d transactions were crashed", n)
			}
			return
		}
		if !errors.Is(err, errCrash) {
			t.Fatal(err)
		}
		x, p := h.run("t")
		if x.State != done || p.Read != 43 || p.Applied != 43 {
			t.Errorf("crash at %d: %s %+v", n, x.State, p)
		}
		if got := len(h.do(call(lis.ReadAllIDs, lis.KindPerson, "", "")).ids); got != 37 {
			t.Errorf("crash at %d: %d persons", n, got)
		}
	}
}

func (h *house) isDone(id string) bool {
	x, _ := h.exchangeAt(id)
	return x.State == done
}

func TestFilesThatAreNotWhatWasAnnounced(t *testing.T) {
	data := lines(0, 15)
	md, sha, good := md5.Sum([]byte(data)), sha1.Sum([]byte(data)), sha256.Sum256([]byte(data))
	less, more := int64(len(data)-1), int64(len(data)+1)
	cases := map[string]struct {
		file lis.BulkDataFile
		said string // "" for done
	}{
		"md5":         {lis.BulkDataFile{URL: "f", CheckSum: hex.EncodeToString(md[:])}, ""},
		"sha1":        {lis.BulkDataFile{URL: "f", CheckSum: hex.EncodeToString(sha[:])}, ""},
		"sha256":      {lis.BulkDataFile{URL: "f", CheckSum: hex.EncodeToString(good[:])}, ""},
		"wrong sum":   {lis.BulkDataFile{URL: "f", CheckSum: strings.Repeat("ab", 32)}, "nothing of it was applied"},
		"shorter":     {lis.BulkDataFile{URL: "f", TotalSize: &less}, "has more"},
		"longer":      {lis.BulkDataFile{URL: "f", TotalSize: &more}, "announce it anew"},
		"too large":   {lis.BulkDataFile{URL: "huge"}, "split"},
		"not there":   {lis.BulkDataFile{URL: "nowhere"}, "open nowhere"},
		"second part": {lis.BulkDataFile{URL: "torn"}, io.ErrUnexpectedEOF.Error()},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, bulky(map[string]string{"f": data, "huge": strings.Repeat("x", 1001), "torn": data + "%\n"}), quick,
				func(o *Options) { o.Bulk.MaxBytes, o.Bulk.MaxTries, o.Bulk.TempDir = 1000, 3, t.TempDir() })
			h.must(announceOf("t", c.file))
			x, p := h.run("t")
			if c.said == "" && (x.State != done || p.Applied != 15) || c.said != "" && (x.State != failed || !strings.Contains(p.Reason, c.said)) {
				t.Errorf("%s: %+v", x.State, p)
			}
			if e := h.entry(lis.KindPerson, "p000"); (e != nil) != (c.said == "" || name == "second part") {
				t.Errorf("first record: %+v", e)
			}
			if name == "not there" && p.Tries != 3 {
				t.Errorf("tried %d times", p.Tries)
			}
		})
	}
}

func TestAFileThatCannotBeFetchedYet(t *testing.T) {
	files := map[string]string{}
	tries := 0
	h := newHouse(t, bulky(files), quick, func(o *Options) {
		open := o.Bulk.Open
		o.Bulk.Open = func(ctx context.Context, url string) (io.ReadCloser, error) {
			if tries++; tries == 3 {
				files["f"] = lines(0, 3)
			}
			return open(ctx, url)
		}
	})
	h.must(announceOf("t", lis.BulkDataFile{URL: "f"}))
	if x, p := h.run("t"); x.State != done || tries != 3 {
		t.Errorf("%s after %d tries: %+v", x.State, tries, p)
	}
}

func TestExpiryIsHonouredWhenTheWorkBegins(t *testing.T) {
	now := start
	h := newHouse(t, bulky(map[string]string{"f": lines(0, 3)}), quick, func(o *Options) { o.Now = func() time.Time { return now } })
	c := announceOf("t", lis.BulkDataFile{URL: "f"})
	c.Manifest.ExpiryDate = "2026-09-01T09:00:00Z"
	h.must(c)
	now = now.Add(2 * time.Hour)
	if x, p := h.run("t"); x.State != failed || !strings.Contains(p.Reason, "expired") || h.entry(lis.KindPerson, "p000") != nil {
		t.Errorf("%s %+v", x.State, p)
	}
}

// A cancel takes effect between two transactions.
func TestCancelOfARunningExchange(t *testing.T) {
	var h *house
	cancelledAt := int64(0)
	h = newHouse(t, bulky(map[string]string{"f": lines(0, 100)}), quick, func(o *Options) {
		o.Bulk.Progress = func(_ string, tally Tally) {
			if tally.Read == 30 {
				h.must(bulkCall("cancel", "t"))
				cancelledAt = tally.Read
			}
		}
	})
	h.must(announceOf("t", lis.BulkDataFile{URL: "f"}))
	x, p := h.run("t")
	if x.State != cancelled || p.Read != 30 || cancelledAt != 30 {
		t.Errorf("%s %+v", x.State, p)
	}
	if n := len(h.do(call(lis.ReadAllIDs, lis.KindPerson, "", "")).ids); n != 30 {
		t.Errorf("%d persons", n)
	}
}

// A file that changes between two parts of the work is not gone on with.
func TestAFileThatChangesHalfWay(t *testing.T) {
	files := map[string]string{"f": lines(0, 30)}
	h := newHouse(t, bulky(files), quick)
	h.must(announceOf("t", lis.BulkDataFile{URL: "f"}))
	at := 3
	first := New(h.Options)
	first.Store = crashing{h.store, &at}
	if err := first.RunBulk(t.Context()); !errors.Is(err, errCrash) {
		t.Fatal(err)
	}
	files["f"] = lines(1, 40)
	if x, p := h.run("t"); x.State != failed || !strings.Contains(p.Reason, "changed") || p.Applied != 10 {
		t.Errorf("%s %+v", x.State, p)
	}
}

// Two that run the same exchange do its work once.
func TestTwoRunners(t *testing.T) {
	h := newHouse(t, bulky(map[string]string{"f": lines(0, 200) + "-p000\n-p001\n"}), quick)
	second := New(h.Options)
	h.must(announceOf("t", lis.BulkDataFile{URL: "f"}))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- second.RunBulk(ctx) }()
	x, p := h.run("t")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if x.State != done || p.Read != 202 || p.Failed != 0 {
		t.Errorf("%s %+v", x.State, p)
	}
}

// One that holds an older place than the store's has been overtaken.
func TestAnOvertakenRunnerStops(t *testing.T) {
	h := newHouse(t, bulky(nil))
	h.placeIn("in announced", "t")
	_, p := h.exchangeAt("t")
	steps := []bulkStep{h.ready("sis", "t", &BulkItem{Call: call(lis.Replace, lis.KindPerson, "p", "Ann")})}
	if _, err := h.batch(t.Context(), "t", p, steps, "sum", false); err != nil {
		t.Fatal(err)
	}
	if _, err := h.batch(t.Context(), "t", p, steps, "sum", false); !errors.Is(err, errStopped) {
		t.Errorf("the same batch again: %v", err)
	}
	if _, p = h.exchangeAt("t"); p.Offset != 1 || p.Read != 1 {
		t.Errorf("%+v", p)
	}
}

// An announcement does not wait for the poll.
func TestAnAnnouncementWakesTheRunner(t *testing.T) {
	h := newHouse(t, bulky(map[string]string{"f": lines(0, 3)}), func(o *Options) { o.Bulk.Poll = time.Hour })
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	ended := make(chan error)
	go func() { ended <- h.RunBulk(ctx) }()
	time.Sleep(20 * time.Millisecond) // it has looked, and rests
	h.must(announceOf("t", lis.BulkDataFile{URL: "f"}))
	for ctx.Err() == nil && !h.isDone("t") {
		time.Sleep(time.Millisecond)
	}
	if !h.isDone("t") {
		t.Error("nobody was woken")
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
