package main

import (
	"encoding/xml"
	"fmt"
	"time"

	"lisgate/gateway/wire"
	"lisgate/generated/pms"
)

// benchCodec holds the generated codec against encoding/xml, on the same
// types made by gowsdl.
func benchCodec() error {
	fmt.Println("generated codec against encoding/xml (times as fast)")
	for _, c := range []struct {
		name    string
		persons int
	}{{"person, 4 KB", 1}, {"roster, 600 KB", 170}} {
		if err := codecCase(c.name, c.persons); err != nil {
			return err
		}
	}
	return nil
}

func codecCase(name string, persons int) error {
	v := pms.ReadPersonsResponse{PersonRecordSet: &pms.PersonRecordSetType{}}
	for i := range persons {
		one := decodePerson(replacePerson(personID(i), "Bjørnsson"))
		v.PersonRecordSet.PersonRecord = append(v.PersonRecordSet.PersonRecord, one)
	}
	text := encode(&v)
	decodeOurs := func() { decode(text) }
	decodeTheirs := func() {
		var out pms.ReadPersonsResponse
		if err := xml.Unmarshal(text, &out); err != nil {
			panic(err)
		}
	}
	w := &wire.Writer{}
	encodeOurs := func() { w.Buf = w.Buf[:0]; v.EncodeXML(w) }
	encodeTheirs := func() {
		if _, err := xml.Marshal(&v); err != nil {
			panic(err)
		}
	}
	d, dOurs := ratio(decodeTheirs, decodeOurs)
	e, eOurs := ratio(encodeTheirs, encodeOurs)
	mb := float64(len(text)) / 1e6
	fmt.Printf("  %-15s (%d bytes)  decode %5.1f times (%4.0f MB/s)   encode %5.1f times (%4.0f MB/s)\n",
		name, len(text), d, mb/dOurs, e, mb/eOurs)
	return nil
}

func encode(v *pms.ReadPersonsResponse) []byte {
	w := &wire.Writer{}
	w.OpenIn("readPersonsResponse", pms.Namespace)
	v.EncodeXML(w)
	w.Close("readPersonsResponse")
	return w.Buf
}

func decode(text []byte) *pms.ReadPersonsResponse {
	d := wire.NewDecoder(string(text), wire.Limits{}, 0)
	d.Expect(pms.Namespace, nil)
	d.Root()
	v := new(pms.ReadPersonsResponse)
	v.DecodeXML(d)
	if !d.End() {
		panic(d.Err())
	}
	return v
}

// decodePerson takes the record out of a replacePerson message.
func decodePerson(envelope []byte) *pms.PersonRecordType {
	d := wire.NewDecoder(string(envelope), wire.Limits{}, wire.Everything)
	d.OpenEnvelope(func() bool { return false })
	var v pms.ReplacePersonRequest
	v.DecodeXML(d)
	if d.Err() != nil {
		panic(d.Err())
	}
	return v.PersonRecord
}

// ratio says how many times faster ours is, and the seconds of one of ours,
// as medians of interleaved rounds.
func ratio(theirs, ours func()) (times, each float64) {
	var ratios, eachs []float64
	for range *rounds {
		t, o := timeOf(theirs), timeOf(ours)
		ratios, eachs = append(ratios, t/o), append(eachs, o)
	}
	return median(ratios), median(eachs)
}

// timeOf runs f for a while and returns the seconds of one run.
func timeOf(f func()) float64 {
	f()
	n, start := 0, time.Now()
	for time.Since(start) < *seconds/4 {
		f()
		n++
	}
	return time.Since(start).Seconds() / float64(n)
}
