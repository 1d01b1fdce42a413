package soap

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"

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
func (d *Door) serveImport(w http.ResponseWriter, r *http.Request) {
	m := &message{
		door: d, peer: r.RemoteAddr, start: d.Now(), media: media{version: wire.SOAP11}, asked: lis.BDEMS,
		op: operations["reportBulkDataExchangeRequest"], space: namespaces[lis.BDEMS], name: "reportBulkDataExchange",
	}
	caller, err := d.allowed(r, "announceBulkDataExchange")
	if err != nil {
		d.fault(w, m, err)
		return
	}
	c, err := contentOf(r)
	if err != nil {
		d.fault(w, m, err)
		return
	}
	defer c.close()
	file := &inlet{door: d, w: w, r: c, left: d.Bulk.Bytes}
	id := d.newID()
	report, err := d.Bulk.Import(r.Context(), caller.Name, id, ReadBulk(file, d.Limits, d.Bulk.Workers))
	switch situation, text := outcome(report, file, err); situation {
	case lis.Busy:
		d.busy(w, m, text)
	default:
		d.report(w, m, id, report, lis.StatusOf(situation, lis.BDEMS, text))
	}
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

// outcome says what became of a file. What was read before an error has been
// carried out, and the report counts it.
func outcome(report *lis.BulkReport, file *inlet, err error) (lis.Situation, string) {
	var syntax *wire.SyntaxError
	var limit *wire.LimitError
	var data *wire.DataError
	var refusal *lis.Refusal
	switch {
	case err == nil && report.Failed != nil && *report.Failed > 0:
		return lis.DoneInPart, fmt.Sprintf("%d of %d operations failed", *report.Failed, *report.Read)
	case err == nil:
		return lis.Done, ""
	case errors.As(err, &syntax), errors.As(err, &limit), errors.As(err, &data), file.cut != nil:
		return lis.Invalid, err.Error()
	case errors.As(err, &refusal): // of the file as a whole
		return refusal.Situation, refusal.Text
	}
	return lis.Busy, err.Error() // trouble of ours
}

// report answers with what became of a file.
func (d *Door) report(w http.ResponseWriter, m *message, id string, report *lis.BulkReport, st lis.Status) {
	var x wire.Writer
	head := wire.ResponseHeader{MessageID: id, RefID: id, Status: st}
	x.OpenEnvelope(m.version, func() { head.WriteXML(&x, m.space) })
	x.OpenIn(m.op.Request, m.space)
	m.op.WriteCall(&x, &lis.Call{TransactionID: id, Report: report})
	x.Close(m.op.Request)
	x.CloseEnvelope()
	d.Observer.Answered(m.asked, m.name, st, d.Now().Sub(m.start))
	d.extend(w)
	w.Header().Set("Content-Type", m.version.ContentType())
	// A report that the client does not take is no trouble of ours.
	_, _ = w.Write(x.Buf)
}

// serveExtract gives out the file of an extract.
func (d *Door) serveExtract(w http.ResponseWriter, r *http.Request, transactionID string) {
	caller, err := d.allowed(r, "requestBulkDataExchange")
	if err != nil {
		d.fault(w, &message{peer: r.RemoteAddr, media: media{version: wire.SOAP11}}, err)
		return
	}
	items, done, err := d.Bulk.Extract(r.Context(), caller.Name, transactionID)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	defer done()
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	if r.Method == http.MethodHead {
		return
	}
	out := &progress{d, w}
	if err := WriteBulk(out, items); err != nil {
		panic(http.ErrAbortHandler) // half a file must not pass for the whole
	}
}

// progress moves the write deadline on with every piece that goes out.
type progress struct {
	d *Door
	w http.ResponseWriter
}

func (p *progress) Write(b []byte) (int, error) {
	p.d.extend(p.w)
	return p.w.Write(b)
}
