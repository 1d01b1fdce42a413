package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"lisgate/gateway/lis"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

// serviceWords are the services for people.
var serviceWords = map[lis.Service]string{
	lis.PMS: "Person Management", lis.GMS: "Group Management", lis.MMS: "Membership Management",
	lis.CMS: "Course Management", lis.OMS: "Outcomes Management", lis.BDEMS: "Bulk Data Exchange",
}

// describeMessage describes an envelope or a bare body element.
func describeMessage(text []byte, show bool) (*description, error) {
	p, err := soap.Parse(text, wire.Limits{})
	if err != nil {
		return nil, withAdvice(err)
	}
	w := &words{show: show}
	d := &description{Kind: p.Kind, Service: string(p.Service), Operation: p.Operation,
		MessageID: p.Header.MessageID, SOAP: soapWord(p.SOAP), Status: p.Status, Masked: !show}
	switch {
	case p.Fault != "":
		d.Summary = "a SOAP fault: " + w.free(p.Fault)
	case p.Answer != nil:
		if p.Status != nil {
			p.Answer.Status = *p.Status
		}
		d.Summary = w.answer(p.Operation, p.Answer)
	case p.Call != nil:
		d.Summary = w.call(p.Call)
	}
	if d.Status != nil {
		masked := *d.Status
		masked.Description = w.free(masked.Description)
		d.Status = &masked
	}
	d.Elements, d.Remarks = w.list, w.remarks
	d.note(p.Deviations)
	return d, nil
}

func soapWord(v wire.SOAPVersion) string {
	switch v {
	case wire.SOAP11:
		return "1.1"
	case wire.SOAP12:
		return "1.2"
	}
	return ""
}

// withAdvice says what can be done about a message that cannot be read.
// What it quotes of a password is taken out.
func withAdvice(err error) error {
	var syntax *wire.SyntaxError
	var limit *wire.LimitError
	var data *wire.DataError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not readable as XML, %w; mend that line, or ask the sender for the message as it was sent", err)
	case errors.As(err, &limit):
		return fmt.Errorf("%w; a gateway would refuse it too", err)
	case errors.As(err, &data):
		if strings.Contains(data.Path, "userId") || strings.Contains(data.Path, "password") {
			return fmt.Errorf("%s: cannot be read as the contract has it; what stands there is not shown, as it may be a password", data.Path)
		}
		return fmt.Errorf("%w; this is against the contract in a way that no profile takes", err)
	}
	return err
}

// rootOf finds the name of the root element in the beginning of a file,
// without its prefix.
func rootOf(head []byte) string {
	for {
		at := bytes.IndexByte(head, '<')
		if at < 0 || at+1 >= len(head) {
			return ""
		}
		head = head[at+1:]
		switch {
		case bytes.HasPrefix(head, []byte("!--")):
			_, head, _ = bytes.Cut(head, []byte("-->"))
		case head[0] == '?' || head[0] == '!':
		default:
			end := bytes.IndexAny(head, " \t\r\n/>")
			if end < 0 {
				return ""
			}
			name := string(head[:end])
			return name[strings.IndexByte(name, ':')+1:]
		}
	}
}
