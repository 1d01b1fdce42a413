package registrar

import (
	"context"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// bulky sets up bulk exchange that opens texts by their url.
func bulky(files map[string]string) func(*Options) {
	return func(o *Options) {
		o.Bulk.Open = func(_ context.Context, url string) (io.ReadCloser, error) {
			data, ok := files[url]
			if !ok {
				return nil, io.ErrUnexpectedEOF
			}
			return io.NopCloser(strings.NewReader(data)), nil
		}
		o.Bulk.Read = readLines
	}
}

// readLines is a bulk file for tests: a person's id and name on each line,
// "-id" for a delete, "!" for an item that cannot be decoded, "%" for the end
// of what can be read at all.
func readLines(r io.Reader) iter.Seq2[*BulkItem, error] {
	return func(yield func(*BulkItem, error) bool) {
		data, err := io.ReadAll(r)
		if err != nil {
			yield(nil, err)
			return
		}
		for line := range strings.Lines(string(data)) {
			item, err := itemOfLine(strings.TrimSpace(line))
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

func itemOfLine(line string) (*BulkItem, error) {
	id, name, _ := strings.Cut(line, " ")
	item := &BulkItem{Op: "op-" + id}
	switch {
	case id == "%":
		return nil, io.ErrUnexpectedEOF
	case id == "!":
		item.Err = io.ErrNoProgress
	case strings.HasPrefix(id, "-"):
		item.Call = call(lis.Delete, lis.KindPerson, lis.SourcedID(id[1:]), "")
	default:
		item.Call = call(lis.Replace, lis.KindPerson, lis.SourcedID(id), name)
	}
	return item, nil
}

func announceOf(id string, files ...lis.BulkDataFile) *lis.Call {
	return &lis.Call{Operation: "announceBulkDataExchange", TransactionID: id, Manifest: &lis.BulkManifest{DataFile: files}}
}

func bulkCall(op, id string) *lis.Call {
	return &lis.Call{Operation: op + "BulkDataExchange", TransactionID: id, Report: &lis.BulkReport{}}
}

func (h *house) exchangeAt(id string) (*journal.Exchange, *Progress) {
	h.t.Helper()
	var x *journal.Exchange
	var p *Progress
	if err := h.store.Write(context.Background(), func(tx journal.Tx) (err error) {
		x, p, err = loadExchange(tx, id)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return x, p
}

// placeIn brings an exchange into a place of the state machine.
func (h *house) placeIn(place, id string) {
	h.t.Helper()
	ctx := context.Background()
	side, state, _ := strings.Cut(place, " ")
	var err error
	switch place {
	case "new":
		return
	case "in requested":
		err = h.RequestSent(ctx, "sis", id, nil)
	case "in announced":
		h.must(announceOf(id, lis.BulkDataFile{URL: "f"}))
	case "out requested":
		h.must(&lis.Call{Operation: "requestBulkDataExchange", TransactionID: id, Filter: &lis.BulkFilter{}})
	case "out announced":
		err = h.AnnounceSent(ctx, "sis", id, &lis.BulkManifest{})
	default:
		err = h.store.Write(ctx, func(tx journal.Tx) error {
			x := &journal.Exchange{TransactionID: id, Caller: "sis"}
			if err := h.put(x, &Progress{Inbound: side == "in"}, state); err != nil {
				return err
			}
			return tx.PutExchange(x)
		})
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// Every operation in every state: the table of moves is the state machine of
// bdems.yaml, written down a second time here.
func TestExchangeStateMachine(t *testing.T) {
	legal := map[string]map[string]string{
		"announce":        {"new": "announced", "in requested": "announced"},
		"announceFailure": {"new": "failed", "in requested": "failed", "in announced": "failed"},
		"cancel":          {"in requested": "cancelled", "in announced": "cancelled", "in reading": "cancelled", "out requested": "cancelled", "out announced": "cancelled"},
		"ignore":          {"in requested": "ignored", "in announced": "ignored", "out announced": "ignored"},
		"report":          {"out announced": "reported"},
		"request":         {"new": "requested"},
	}
	places := []string{"new"}
	for _, state := range []string{announced, reading, done, failed, requested, cancelled, ignored, reported} {
		places = append(places, "in "+state, "out "+state)
	}
	h := newHouse(t, bulky(nil))
	for op, moves := range legal {
		for _, place := range places {
			id := op + " " + place
			h.placeIn(place, id)
			c := bulkCall(op, id)
			if op == "announce" {
				c = announceOf(id, lis.BulkDataFile{URL: "g"})
			}
			got := h.do(c)
			x, _ := h.exchangeAt(id)
			want, ok := moves[place]
			switch {
			case ok && (!got.Status.OK() || x.State != want):
				t.Errorf("%s: %+v, %+v, want %s", id, got.Status, x, want)
			case !ok && place == "new" && got.Status.CodeMinor != lis.UnknownObject:
				t.Errorf("%s: %+v", id, got.Status)
			case !ok && place != "new" && (got.Status.CodeMinor != lis.InvalidData || !strings.Contains(got.Status.Description, place)):
				t.Errorf("%s: %+v", id, got.Status)
			}
			if ok && !h.do(c).Status.OK() {
				t.Errorf("%s: the repeat was refused", id)
			}
			if ok && (op == "announce" || op == "request") && len(got.Services) != 5 {
				t.Errorf("%s: services %v", id, got.Services)
			}
		}
	}
}

func TestNotedExchanges(t *testing.T) {
	h := newHouse(t, bulky(nil))
	ctx := t.Context()
	h.placeIn("out requested", "a")
	if err := h.AnnounceSent(ctx, "sis", "a", &lis.BulkManifest{ExpiryDate: "2030-01-01"}); err != nil {
		t.Error(err)
	}
	if x, p := h.exchangeAt("a"); x.State != announced || p.Inbound || p.Manifest.ExpiryDate == "" {
		t.Errorf("%+v %+v", x, p)
	}
	h.placeIn("in done", "b")
	if err := h.ReportSent(ctx, "sis", "b"); err != nil {
		t.Error(err)
	}
	if err := h.ReportSent(ctx, "sis", "b"); err == nil {
		t.Error("a report was sent twice")
	}
	if err := h.RequestSent(ctx, "sis", "b", nil); err == nil {
		t.Error("a transactionId was used twice")
	}
}

func TestAnotherCallersExchange(t *testing.T) {
	h := newHouse(t, bulky(nil))
	h.placeIn("in announced", "t")
	q := requestOf(bulkCall("cancel", "t"))
	q.Caller = "stranger"
	if got := h.send(q); got.Status.CodeMinor != lis.UnauthorizedRequest {
		t.Errorf("%+v", got.Status)
	}
	if x, _ := h.exchangeAt("t"); x.State != announced {
		t.Errorf("it is %s", x.State)
	}
}

func TestAnnouncementsRefusedAtOnce(t *testing.T) {
	h := newHouse(t, bulky(nil), func(o *Options) {
		o.Bulk.MaxBytes = 1000
		o.Bulk.Allowed = AllowURL([]string{"sis.example.edu"}, "")
	})
	huge, negative := int64(1001), int64(-1)
	good := "https://sis.example.edu/f.xml"
	cases := []struct {
		call *lis.Call
		want lis.CodeMinor
		said string
	}{
		{announceOf(" ", lis.BulkDataFile{URL: good}), lis.IncompleteData, "transactionId"},
		{&lis.Call{Operation: "announceBulkDataExchange", TransactionID: "t"}, lis.IncompleteData, "bulkBlockManifest"},
		{announceOf("t"), lis.IncompleteData, "bulkBlockDataFile"},
		{announceOf("t", lis.BulkDataFile{}), lis.IncompleteData, "url"},
		{announceOf("t", lis.BulkDataFile{URL: "https://evil.example/f"}), lis.UnauthorizedRequest, "not on the list"},
		{announceOf("t", lis.BulkDataFile{URL: "gopher://sis.example.edu/"}), lis.UnauthorizedRequest, "no plain"},
		{announceOf("t", lis.BulkDataFile{URL: good, TotalSize: &huge}), lis.OverflowFail, "1000 bytes"},
		{announceOf("t", lis.BulkDataFile{URL: good, TotalSize: &negative}), lis.OverflowFail, "-1"},
		{announceOf("t", lis.BulkDataFile{URL: good, CheckSum: "xyz"}), lis.InvalidData, "hexadecimal"},
		{announceOf("t", lis.BulkDataFile{URL: good, CheckSum: "abcd"}), lis.InvalidData, "length"},
		{bulkCall("cancel", ""), lis.IncompleteData, "transactionId"},
		{&lis.Call{Operation: "reportBulkDataExchange", TransactionID: "t"}, lis.IncompleteData, "bulkBlockReport"},
		{&lis.Call{Operation: "requestBulkDataExchange", TransactionID: "t", Filter: &lis.BulkFilter{SavePoint: "soon"}}, lis.SavePointError, "soon"},
	}
	for expiry, want := range map[string]lis.CodeMinor{"soon": lis.InvalidData, "2001-01-01": lis.InvalidData} {
		c := announceOf("t", lis.BulkDataFile{URL: good})
		c.Manifest.ExpiryDate = expiry
		cases = append(cases, struct {
			call *lis.Call
			want lis.CodeMinor
			said string
		}{c, want, "expir"})
	}
	for _, c := range cases {
		got := h.do(c.call)
		if got.Status.CodeMinor != c.want || !strings.Contains(got.Status.Description, c.said) {
			t.Errorf("%s: %+v, want %s with %q", c.call.Operation, got.Status, c.want, c.said)
		}
	}
	if x, _ := h.exchangeAt("t"); x != nil {
		t.Errorf("a refused announcement left %+v", x)
	}
	bare := newHouse(t)
	if got := bare.do(announceOf("t", lis.BulkDataFile{URL: good})); got.Status.CodeMinor != lis.UnsupportedLISOperation {
		t.Errorf("without bulk options: %+v", got.Status)
	}
}

func TestSupportedServicesNameOperations(t *testing.T) {
	for _, s := range supported {
		for _, name := range s.OperationName {
			if op, ok := lis.OperationNamed(name); !ok || serviceNames[op.Service] != s.ServiceName {
				t.Errorf("%s offers %s", s.ServiceName, name)
			}
		}
	}
	if !slices.Contains(supported[0].OperationName, "replacePerson") {
		t.Errorf("%v", supported[0])
	}
}
