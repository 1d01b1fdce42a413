package main

import (
	"bytes"
	"crypto/rand"
	_ "embed" // the example
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"lisgate/gateway/lis"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

// exampleMessage is something to send.
//
//go:embed example.xml
var exampleMessage string

func newSendCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "send FILE",
		Short: "Send a LIS message to a gateway: an envelope, a bare body element or a bulk file",
		Long: `Send a LIS message to a running gateway, and say how it was answered.

FILE holds a SOAP envelope, a bare body element such as replacePersonRequest
(an envelope is put around it), or a bulk file (bulkDataRecord); - is standard
input. What a read gives is told with names, addresses and grades masked,
unless --show is given. Passwords are never shown.

The exit status is 0 when the answer is a success, 1 when it is not or a part
of a bulk file failed, 2 when there is no answer or nothing could be sent.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if example, _ := cmd.Flags().GetBool("example"); example {
				return noArgs(cmd, args)
			}
			return oneArg("a FILE")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				_, err := io.WriteString(cmd.OutOrStdout(), exampleMessage)
				return err
			}
			return send(cmd, args[0])
		},
	}
	addGatewayFlags(cmd)
	cmd.Flags().Bool("example", false, "print a message to try: a person, a section and a membership")
	cmd.Flags().Bool("show", false, "show personal data in what is read; passwords stay hidden")
	cmd.Flags().Bool("raw", false, "send an envelope as it is, even one that cannot be read here")
	return cmd
}

// sent is how a message was answered.
type sent struct {
	Operation  string          `json:"operation,omitempty"`
	ID         lis.SourcedID   `json:"sourcedId,omitempty"`
	HTTP       int             `json:"http"`
	Status     *lis.Status     `json:"status,omitempty"`
	Fault      string          `json:"fault,omitempty"`
	Summary    string          `json:"summary,omitempty"` // of what was read
	Elements   []element       `json:"elements,omitempty"`
	Report     *lis.BulkReport `json:"report,omitempty"`
	Deviations []string        `json:"deviations,omitempty"` // of the message from the contract
}

func send(cmd *cobra.Command, path string) error {
	out, err := deliver(cmd, path)
	if err != nil {
		return err
	}
	if wantsJSON(cmd) {
		err = printJSON(cmd.OutOrStdout(), out)
	} else {
		err = out.print(cmd.OutOrStdout())
	}
	if err == nil && !out.ok() {
		err = &failure{}
	}
	return err
}

// ok reports whether all that was sent has been done.
func (o *sent) ok() bool {
	return o.Status != nil && o.Status.OK() && (o.Report == nil || count(o.Report.Failed) == 0)
}

// deliver posts the file and reads the answer.
func deliver(cmd *cobra.Command, path string) (*sent, error) {
	text, err := readFile(cmd, path)
	if err != nil {
		return nil, err
	}
	raw, _ := cmd.Flags().GetBool("raw")
	parsed, err := readToSend(path, text, raw)
	if err != nil {
		return nil, err
	}
	out := &sent{Operation: parsed.Operation}
	url := "/lis/" + string(parsed.Service)
	switch {
	case parsed.Kind == "bulk":
		url, out.Operation = "/lis/bdems/file", "bulk file"
	case parsed.Call != nil:
		out.ID = objectOf(parsed.Call)
	}
	if parsed.Kind == "body" {
		text = soap.Wrap(parsed.Service, text, "send-"+rand.Text()[:12])
	}
	for _, v := range parsed.Deviations {
		out.Deviations = append(out.Deviations, v.String())
	}
	return out, out.post(cmd, url, wire.SOAPVersion(or(string(parsed.SOAP), string(wire.SOAP11))), text)
}

// objectOf is the object that a call is about: the id inside the record
// counts when both are there.
func objectOf(c *lis.Call) lis.SourcedID {
	if c.Record != nil && c.Record.ID != "" {
		return c.Record.ID
	}
	return c.ID
}

func (o *sent) post(cmd *cobra.Command, path string, version wire.SOAPVersion, text []byte) error {
	response, err := ask(cmd, http.MethodPost, path, version.ContentType(), bytes.NewReader(text))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, messageMost))
	switch {
	case wantsTLS(response, answer):
		return errors.New("the gateway speaks TLS only; use https:// in --gateway")
	case err != nil:
		return fmt.Errorf("the answer broke off: %w", err)
	}
	o.HTTP = response.StatusCode
	parsed, err := soap.Parse(answer, wire.Limits{})
	if err != nil {
		return fmt.Errorf("the answer (HTTP %s) is not LIS: %w", response.Status, err)
	}
	show, _ := cmd.Flags().GetBool("show")
	o.take(parsed, show)
	return nil
}
