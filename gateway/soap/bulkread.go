package soap

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/wire"
)

// bulkRecordBytes is the most that one transactionRecord may have.
const bulkRecordBytes = 4 << 20

// chunk is how many transactionRecords a worker takes at a time, and
// chunkBytes is when fewer are enough.
const (
	chunk      = 32
	chunkBytes = 512 << 10
)

// ReadBulk reads a bulk data file: a stream of operations with their
// parameters, in the order of the file. Memory stays the same however long
// the file; workers decode beside the reader. Records may be in the namespace
// of the file or of their service, peers do either. An item that cannot be
// read has its Err set and does not stop the file; one that is not well-formed does.
func ReadBulk(r io.Reader, limits wire.Limits, workers int) iter.Seq2[*registrar.BulkItem, error] {
	return func(yield func(*registrar.BulkItem, error) bool) {
		b := &bulkReader{split: wire.NewSplitter(r, bulkRecordBytes), limits: limits, stop: make(chan struct{})}
		if !b.split.Open(limits) {
			yield(nil, fmt.Errorf("bulk file: %w", b.split.Err()))
			return
		}
		if b.split.Root != "bulkDataRecord" {
			yield(nil, &wire.DataError{Text: "bulk file: the root element is " + clip(b.split.Root) + ", not bulkDataRecord"})
			return
		}
		jobs := b.start(max(workers, 1))
		defer b.end(jobs)
		n := 0
		for job := range jobs {
			for _, item := range <-job {
				if n++; !give(item, n, yield) {
					return
				}
			}
		}
		if err := b.split.Err(); err != nil {
			yield(nil, fmt.Errorf("bulk file: %w", err))
		}
	}
}

// give yields an item, or ends the file where it is not well-formed.
func give(item *registrar.BulkItem, n int, yield func(*registrar.BulkItem, error) bool) bool {
	var broken *wire.SyntaxError
	if errors.As(item.Err, &broken) {
		yield(nil, fmt.Errorf("bulk file: transactionRecord %d: %w", n, broken))
		return false
	}
	return yield(item, nil)
}

type bulkReader struct {
	split  *wire.Splitter
	limits wire.Limits
	stop   chan struct{}
}

// start cuts the file and has it decoded; the channels come in the order of
// the file, each with the items of one piece.
func (b *bulkReader) start(workers int) <-chan chan []*registrar.BulkItem {
	ordered := make(chan chan []*registrar.BulkItem, 2*workers)
	go func() {
		defer close(ordered)
		for {
			texts := b.next()
			if len(texts) == 0 {
				return
			}
			job := make(chan []*registrar.BulkItem, 1)
			select {
			case ordered <- job:
				go b.decode(texts, job)
			case <-b.stop:
				return
			}
		}
	}()
	return ordered
}

// end has the cutting stopped, and waits for it: the file is the caller's.
func (b *bulkReader) end(jobs <-chan chan []*registrar.BulkItem) {
	close(b.stop)
	for range jobs { // until the last one
	}
}

func (b *bulkReader) next() []string {
	texts := make([]string, 0, chunk)
	for size := 0; len(texts) < chunk && size < chunkBytes; {
		text, ok := b.split.Next()
		if !ok {
			break
		}
		texts, size = append(texts, text), size+len(text)
	}
	return texts
}

func (b *bulkReader) decode(texts []string, job chan<- []*registrar.BulkItem) {
	items := make([]*registrar.BulkItem, len(texts))
	for i, text := range texts {
		d := wire.NewDecoder(text, b.limits, wire.Everything)
		d.Bind(b.split.Bindings)
		items[i] = readTransaction(d)
	}
	job <- items
}

// readTransaction reads one transactionRecord.
func readTransaction(d *wire.Decoder) *registrar.BulkItem {
	t := transaction{dec: d}
	if d.Root() {
		if d.Local() != "transactionRecord" {
			d.Fail(&wire.DataError{Path: clip(d.Local()), Text: "unknown element; a bulk file holds transactionRecord elements"})
		}
		t.read()
	}
	item := &registrar.BulkItem{Op: t.id, Call: &t.call, Err: d.Err()}
	for _, v := range d.Deviations() {
		item.Deviations = append(item.Deviations, v.String())
	}
	return item
}

// A transaction is a transactionRecord in the reading.
type transaction struct {
	dec  *wire.Decoder
	id   string
	call lis.Call
}

func (t *transaction) read() {
	for t.dec.Child() {
		switch t.dec.Local() {
		case "transactionOpIdentifier":
			t.id = strings.TrimSpace(t.dec.Text())
		case "operationName":
			t.call.Operation = strings.TrimSpace(t.dec.Text())
		case "parameterSet":
			for t.dec.Child() {
				t.parameter()
			}
		default:
			t.dec.Skip() // serviceName and interfaceName follow from the operation
		}
	}
	if _, ok := lis.OperationNamed(t.call.Operation); !ok {
		t.dec.Fail(&wire.DataError{Path: "operationName", Text: clip(t.call.Operation) + " is no operation of LIS"})
	}
}

// parameter reads one parameterRecord.
func (t *transaction) parameter() {
	var name, text string
	for t.dec.Child() {
		switch t.dec.Local() {
		case "parameterName":
			name = strings.TrimSpace(t.dec.Text())
		case "parameterValue":
			text = t.dec.TextOrChild(t.value)
		default:
			t.dec.Skip()
		}
	}
	t.set(name, text)
}

// value reads the record in a parameterValue.
func (t *transaction) value() {
	codec, ok := recordCodecs[t.dec.Local()]
	if !ok {
		t.dec.Unknown()
		return
	}
	t.call.Record = codec.Read(t.dec)
}

// set takes a parameter that is plain text.
func (t *transaction) set(name, text string) {
	switch name {
	case "":
	case "sourcedId", "sectionAssociationSourcedId":
		t.call.ID = lis.SourcedID(text)
	case "newSourcedId":
		t.call.NewID = lis.SourcedID(text)
	case "status":
		t.call.Status = text
	case "academicSession":
		t.call.AcademicSession = lis.NewText("", text)
	case "relationId":
		t.call.RelationID = lis.SourcedID(text)
	default:
		if strings.HasSuffix(name, "SourcedId") {
			t.call.Of = lis.SourcedID(text)
		}
	}
}
