package soap

import (
	"net/http"
	"sync"

	"go.uber.org/zap"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

var writers = sync.Pool{New: func() any { return &wire.Writer{Buf: make([]byte, 0, 2*flushSize), Complete: true} }}

// answer writes the response of an operation. A set is streamed: it may be
// larger than memory.
func (d *Door) answer(w http.ResponseWriter, r *http.Request, m *message, a *lis.Answer) {
	if a.Close != nil {
		defer a.Close()
	}
	defer func() { d.observe(m, a) }()
	if a.Status.CodeMinor == lis.TargetIsBusy {
		d.busy(w, m, a.Status.Description)
		return
	}
	x := writers.Get().(*wire.Writer)
	defer keep(x)
	out := &outlet{door: d, w: w, x: x, zips: acceptsGzip(r)}
	w.Header().Set("Content-Type", m.version.ContentType())
	err := d.writeAnswer(out, m, a)
	if err == nil {
		err = out.end()
	}
	if err != nil {
		d.broken(out, m, a, err)
	}
}

// keep gives a writer back, unless one record made it very large.
func keep(x *wire.Writer) {
	if cap(x.Buf) <= 8*flushSize {
		x.Buf = x.Buf[:0]
		writers.Put(x)
	}
}

// writeAnswer writes the envelope of an answer.
func (d *Door) writeAnswer(out *outlet, m *message, a *lis.Answer) error {
	id := d.newID()
	head := wire.ResponseHeader{MessageID: id, RefID: m.header.MessageID, Status: a.Status}
	out.x.OpenEnvelope(m.version, func() {
		m.addressing.write(out.x, m.space+"/"+m.name+"Response", id)
		head.WriteXML(out.x, m.space)
	})
	element := m.name + "Response"
	out.x.OpenIn(element, m.space)
	if m.op != nil {
		if err := m.op.WriteAnswer(out.x, a, out.flush); err != nil {
			return err
		}
	}
	out.x.Close(element)
	out.x.CloseEnvelope()
	return nil
}

// broken ends an answer that could not be written whole. What is out cannot
// be taken back, so the connection is cut: a client must not take half a set
// for the whole.
func (d *Door) broken(out *outlet, m *message, a *lis.Answer, err error) {
	if out.gone != nil {
		d.Log.Debug("client did not take its answer", zap.String("operation", m.name), zap.Error(err))
		panic(http.ErrAbortHandler)
	}
	d.Log.Error("answer cut", zap.String("operation", m.name), zap.Error(err))
	a.Status = lis.StatusOf(lis.CannotRead, m.asked, "the records could not be read; send the request again later")
	if out.sent {
		panic(http.ErrAbortHandler)
	}
	out.x.Buf = out.x.Buf[:0]
	if d.writeAnswer(out, m, &lis.Answer{Status: a.Status}) == nil {
		_ = out.end()
	}
}

// observe tells of a message that was answered.
func (d *Door) observe(m *message, a *lis.Answer) {
	name := m.name
	if m.op == nil {
		name = "other" // a name that nobody knows is no label
	}
	d.Observer.Answered(m.asked, name, a.Status, d.Now().Sub(m.start))
	for _, v := range m.dec.Deviations() {
		d.Observer.Deviated(m.caller.Name, v.Rule.String(), v.Count)
	}
}
