package soap

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// flushSize is how much of an answer is kept back before it goes out.
const flushSize = 32 << 10

var writers = sync.Pool{New: func() any { return &wire.Writer{Buf: make([]byte, 0, 2*flushSize), Complete: true} }}

// An outlet sends an answer out in pieces.
type outlet struct {
	door *Door
	w    http.ResponseWriter
	x    *wire.Writer
	sent bool
}

// answer writes the response of an operation. A set is streamed: it may be
// larger than memory.
func (d *Door) answer(w http.ResponseWriter, m *message, a *lis.Answer) {
	if a.Close != nil {
		defer a.Close()
	}
	d.observe(m, a)
	if a.Status.CodeMinor == lis.TargetIsBusy {
		w.Header().Set("Retry-After", "5")
		d.writeFault(w, m.version, "Server", http.StatusServiceUnavailable, string(lis.TargetIsBusy)+": "+a.Status.Description)
		return
	}
	x := writers.Get().(*wire.Writer)
	x.Buf = x.Buf[:0]
	defer writers.Put(x)
	out := &outlet{door: d, w: w, x: x}
	w.Header().Set("Content-Type", m.version.ContentType())
	err := d.writeAnswer(out, m, a)
	if err == nil {
		err = out.end()
	}
	if err != nil {
		d.broken(out, m, err)
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

// flush sends what there is, when it is enough.
func (o *outlet) flush() error {
	if len(o.x.Buf) < flushSize {
		return nil
	}
	return o.send()
}

func (o *outlet) send() error {
	if o.door.Stalled > 0 {
		// A writer that does not support deadlines has no slow reader to cut.
		_ = http.NewResponseController(o.w).SetWriteDeadline(o.door.Now().Add(o.door.Stalled))
	}
	o.sent = true
	_, err := o.w.Write(o.x.Buf)
	o.x.Buf = o.x.Buf[:0]
	return err
}

// end sends the rest.
func (o *outlet) end() error {
	if !o.sent {
		o.w.Header().Set("Content-Length", strconv.Itoa(len(o.x.Buf)))
	}
	return o.send()
}

// broken ends an answer that could not be written whole. What is out cannot
// be taken back, so the connection is cut: a client must not take half a set
// for the whole.
func (d *Door) broken(out *outlet, m *message, err error) {
	d.Log.Error("answer cut", zap.String("operation", m.name), zap.Error(err))
	if out.sent {
		panic(http.ErrAbortHandler)
	}
	out.x.Buf = out.x.Buf[:0]
	status := lis.StatusOf(lis.CannotRead, "", "the records could not be read: "+err.Error())
	if d.writeAnswer(out, m, &lis.Answer{Status: status}) == nil {
		_ = out.end()
	}
}

func (d *Door) observe(m *message, a *lis.Answer) {
	service := lis.Service(m.service)
	if m.op != nil {
		service = m.op.meaning.Service
	}
	name := m.name
	if m.op == nil {
		name = "other" // a name that nobody knows is no label
	}
	d.Observer.Answered(service, name, a.Status, time.Since(m.start))
	for _, v := range m.dec.Deviations() {
		d.Observer.Deviated(m.caller.Name, v.Rule.String(), v.Count)
	}
}
