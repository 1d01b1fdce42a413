package wire

import (
	"iter"

	"lisgate/gateway/lis"
)

// A Message is a message of a contract: an element with its children.
type Message interface {
	DecodeXML(*Decoder)
	EncodeXML(*Writer)
}

// An Operation is a row of the table of a service: what it is called on the
// wire, and how its messages become words and words become messages.
type Operation struct {
	Name     string // as in the WSDL
	Old      string // as an earlier draft calls it, or ""
	PortType string
	Action   string // SOAPAction
	Request  string // element of the request
	Response string // element of the response

	ReadCall    func(*Decoder, *lis.Call)
	WriteCall   func(*Writer, *lis.Call)
	ReadAnswer  func(*Decoder, *lis.Answer)
	WriteAnswer func(*Writer, *lis.Answer, Flush) error
}

// A RecordCodec reads and writes one record, such as a bulk file holds them.
type RecordCodec struct {
	Kind    lis.Kind
	Element string
	Read    func(*Decoder) *lis.Record
	Write   func(*Writer, *lis.Record)
}

// A Flush is called between the items of a set, so that what was written can
// go out before all of it is there.
type Flush func() error

// WriteIDs writes a set of ids from a stream.
func WriteIDs(w *Writer, set string, ids iter.Seq2[lis.SourcedID, error], flush Flush) error {
	if ids == nil {
		return nil
	}
	w.Open(set)
	for id, err := range ids {
		if err != nil {
			return err
		}
		w.Leaf("sourcedId", string(id))
		if err := flush(); err != nil {
			return err
		}
	}
	w.Close(set)
	return nil
}

// WriteRecords writes a set of records from a stream.
func WriteRecords(w *Writer, set, item string, records iter.Seq2[*lis.Record, error], encode func(*lis.Record), flush Flush) error {
	if records == nil {
		return nil
	}
	w.Open(set)
	for r, err := range records {
		if err != nil {
			return err
		}
		w.Open(item)
		encode(r)
		w.Close(item)
		if err := flush(); err != nil {
			return err
		}
	}
	w.Close(set)
	return nil
}
