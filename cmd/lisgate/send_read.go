package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

func readFile(cmd *cobra.Command, path string) ([]byte, error) {
	file, err := openToDescribe(cmd, path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// readToSend reads a request. What cannot be read is not sent: the gateway
// would tell of lines of an envelope that the sender has never seen. An
// envelope of the sender's own may go as it is, when raw.
func readToSend(path string, text []byte, raw bool) (*soap.Parsed, error) {
	if len(text) == 0 {
		return nil, fmt.Errorf("%s: the file is empty", path)
	}
	parsed, err := soap.Parse(text, wire.Limits{})
	envelope := rootOf(text) == "Envelope"
	switch {
	case err != nil && envelope && raw:
		if parsed == nil {
			parsed = &soap.Parsed{Kind: "envelope"}
		}
		parsed.Operation = or(parsed.Operation, "the envelope")
		return parsed, nil
	case err != nil && envelope:
		return nil, fmt.Errorf("%s: %w; nothing was sent; --raw sends an envelope as it is", path, withAdvice(err))
	case err != nil:
		return nil, fmt.Errorf("%s: %w; nothing was sent", path, withAdvice(err))
	case parsed.Kind == "response" || parsed.Kind == "fault":
		return nil, fmt.Errorf("%s holds a %s; only requests can be sent", path, parsed.Kind)
	}
	return parsed, nil
}

// take keeps of an answer what is to be told.
func (o *sent) take(p *soap.Parsed, show bool) {
	o.Status, o.Fault = p.Status, p.Fault
	if p.Call != nil {
		o.Report = p.Call.Report
	}
	w := &words{show: show}
	if p.Answer != nil {
		o.Summary = found(w.content(p.Answer))
	}
	if p.Status != nil {
		w.speaksOf(p.Status)
	}
	if o.Elements = w.list; len(w.list) == 0 && o.ok() && reads(o.Operation) {
		o.Summary = "nothing found"
	}
}

// reads reports whether an operation asks for something.
func reads(operation string) bool {
	return strings.HasPrefix(operation, "read") || strings.HasPrefix(operation, "discover")
}
