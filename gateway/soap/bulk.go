package soap

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"time"

	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/wire"
)

// Bulk is what the door needs to take whole files and to give extracts out.
type Bulk struct {
	// Import has the operations of a file carried out.
	Import func(ctx context.Context, caller, transactionID string, items iter.Seq2[*registrar.BulkItem, error]) (*lis.BulkReport, error)
	// Extract gives the operations of an extract that a caller has asked for.
	Extract func(ctx context.Context, caller, transactionID string) (iter.Seq2[*registrar.BulkItem, error], func(), error)
	Bytes   int64 // of one file
	Workers int   // that decode
}

// serveImport takes a bulk file in the body, streaming, and answers with the
// report that reportBulkDataExchange would bring.
func (d *Door) serveImport(w http.ResponseWriter, r *http.Request, m *message) {
	m.op, m.space, m.name = d.operations["reportBulkDataExchangeRequest"], namespaces[lis.BDEMS], "reportBulkDataExchange"
	caller, err := d.allowed(r, "announceBulkDataExchange")
	if err != nil {
		d.fault(w, m, err)
		return
	}
	reader, err := plainBody(r)
	if err != nil {
		d.fault(w, m, err)
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(noDeadline) // a file may take longer than a message
	file := &meteredReader{r: reader, left: d.Bulk.Bytes, max: d.Bulk.Bytes}
	report, err := d.Bulk.Import(r.Context(), caller.Name, d.newID(), ReadBulk(file, d.Limits, d.Bulk.Workers))
	d.report(w, m, report, err)
}

// allowed identifies a caller who sends no SOAP message.
func (d *Door) allowed(r *http.Request, operation string) (guard.Caller, error) {
	visitor, err := d.Guard.Identify(r)
	if err != nil {
		return guard.Caller{}, err
	}
	caller, err := visitor.Admit(r.Context(), nil, nil)
	if err == nil {
		err = d.Guard.Allow(caller, lis.BDEMS, operation)
	}
	return caller, err
}

// report answers with what became of a file. What was read before an error
// has been carried out, and the report counts it.
func (d *Door) report(w http.ResponseWriter, m *message, report *lis.BulkReport, err error) {
	situation, text := lis.Done, ""
	switch {
	case err != nil:
		situation, text = lis.Invalid, err.Error()
	case report.Failed != nil && *report.Failed > 0:
		situation, text = lis.DoneInPart, fmt.Sprintf("%d of %d operations failed", *report.Failed, *report.Read)
	}
	var x wire.Writer
	id := d.newID()
	head := wire.ResponseHeader{MessageID: id, RefID: id, Status: lis.StatusOf(situation, lis.BDEMS, text)}
	x.OpenEnvelope(m.version, func() { head.WriteXML(&x, m.space) })
	x.OpenIn(m.op.Request, m.space)
	m.op.WriteCall(&x, &lis.Call{TransactionID: id, Report: report})
	x.Close(m.op.Request)
	x.CloseEnvelope()
	w.Header().Set("Content-Type", m.version.ContentType())
	w.Write(x.Buf)
}

// serveExtract gives out the file of an extract.
func (d *Door) serveExtract(w http.ResponseWriter, r *http.Request, transactionID string) {
	caller, err := d.allowed(r, "requestBulkDataExchange")
	if err != nil {
		d.fault(w, &message{version: wire.SOAP11}, err)
		return
	}
	items, done, err := d.Bulk.Extract(r.Context(), caller.Name, transactionID)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	defer done()
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	if err := WriteBulk(&progress{d, w}, items); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// progress moves the write deadline on with every piece that goes out.
type progress struct {
	d *Door
	w http.ResponseWriter
}

func (p *progress) Write(b []byte) (int, error) {
	if p.d.Stalled > 0 {
		_ = http.NewResponseController(p.w).SetWriteDeadline(p.d.Now().Add(p.d.Stalled))
	}
	return p.w.Write(b)
}

// A meteredReader refuses what goes over a limit.
type meteredReader struct {
	r         io.Reader
	left, max int64
}

func (m *meteredReader) Read(b []byte) (int, error) {
	if m.left < 0 {
		return 0, fmt.Errorf("the file has more than %d bytes; the limit is set by limits.bulk_bytes", m.max)
	}
	n, err := m.r.Read(b)
	m.left -= int64(n)
	return n, err
}

var noDeadline time.Time
