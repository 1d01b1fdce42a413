package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"lisgate/gateway/lis"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

func newSendCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "send FILE",
		Short: "Send a LIS message to a gateway: an envelope, a bare body element or a bulk file",
		Long: `Send a LIS message to a running gateway, and say how it was answered.

FILE holds a SOAP envelope, a bare body element such as replacePersonRequest
(an envelope is put around it), or a bulk file (bulkDataRecord); - is standard
input. The exit status is 0 when the answer is a success, 1 when it is not.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return send(cmd, args[0]) },
	}
	addGatewayFlags(cmd)
	return cmd
}

// addGatewayFlags adds the flags that say which gateway is meant.
func addGatewayFlags(cmd *cobra.Command) {
	cmd.Flags().StringP("gateway", "g", "http://127.0.0.1:8080", "address of the gateway")
	cmd.Flags().StringP("user", "u", "", "user for HTTP Basic; the password is taken from LISGATE_PASSWORD")
}

// sent is how a message was answered.
type sent struct {
	Operation  string          `json:"operation,omitempty"`
	ID         lis.SourcedID   `json:"sourcedId,omitempty"`
	HTTP       int             `json:"http"`
	Status     *lis.Status     `json:"status,omitempty"`
	Fault      string          `json:"fault,omitempty"`
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
	if err == nil && (out.Status == nil || !out.Status.OK()) {
		err = &failure{}
	}
	return err
}

// deliver posts the file and reads the answer.
func deliver(cmd *cobra.Command, path string) (*sent, error) {
	text, err := readFile(path)
	if err != nil {
		return nil, err
	}
	parsed, err := soap.Parse(text, wire.Limits{})
	out := &sent{}
	url := "/lis/"
	switch {
	case parsed == nil:
		return nil, fmt.Errorf("%s: %w", path, err)
	case parsed.Kind == "bulk":
		url, out.Operation = "/lis/bdems/file", "bulk file"
	case parsed.Kind == "response" || parsed.Kind == "fault":
		return nil, fmt.Errorf("%s holds a %s; only requests can be sent", path, parsed.Kind)
	case parsed.Call == nil:
		out.Operation = parsed.Operation // not readable here: let the gateway say what is wrong
	default:
		out.Operation, out.ID, url = parsed.Operation, objectOf(parsed.Call), "/lis/"+string(parsed.Service)
		if parsed.Kind == "body" {
			text = soap.Wrap(parsed.Service, text, "send-"+rand.Text()[:12])
		}
	}
	for _, v := range parsed.Deviations {
		out.Deviations = append(out.Deviations, v.String())
	}
	version := parsed.SOAP
	if version == "" {
		version = wire.SOAP11
	}
	return out, out.post(cmd, url, version, text)
}

// objectOf is the object that a call is about: the id inside the record
// counts when both are there.
func objectOf(c *lis.Call) lis.SourcedID {
	if c.Record != nil && c.Record.ID != "" {
		return c.Record.ID
	}
	return c.ID
}

func readFile(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(path)
}

func (o *sent) post(cmd *cobra.Command, path string, version wire.SOAPVersion, text []byte) error {
	response, err := ask(cmd, http.MethodPost, path, version.ContentType(), bytes.NewReader(text))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 64<<20))
	if err != nil {
		return fmt.Errorf("the answer broke off: %w", err)
	}
	o.HTTP = response.StatusCode
	parsed, err := soap.Parse(answer, wire.Limits{})
	if err != nil {
		return fmt.Errorf("the answer (HTTP %s) is not LIS: %w", response.Status, err)
	}
	o.Status, o.Fault = parsed.Status, parsed.Fault
	if parsed.Call != nil {
		o.Report = parsed.Call.Report
	}
	return nil
}

// ask sends an HTTP request to the gateway that the flags name.
func ask(cmd *cobra.Command, method, path, contentType string, body io.Reader) (*http.Response, error) {
	base, _ := cmd.Flags().GetString("gateway")
	request, err := http.NewRequestWithContext(cmd.Context(), method, strings.TrimSuffix(base, "/")+path, body)
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if user, _ := cmd.Flags().GetString("user"); user != "" {
		request.SetBasicAuth(user, os.Getenv("LISGATE_PASSWORD"))
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("no gateway answers at %s; start one with lisgate serve, or name another with --gateway (%w)", base, err)
	}
	return response, nil
}

// print says it to people.
func (o *sent) print(w io.Writer) error {
	what := o.Operation
	if o.ID != "" {
		what += " " + string(o.ID)
	}
	switch {
	case o.Fault != "":
		fmt.Fprintf(w, "%s: not taken, SOAP fault (HTTP %d)\n  %s\n", what, o.HTTP, o.Fault)
	case o.Status == nil:
		fmt.Fprintf(w, "%s: the answer says no status (HTTP %d)\n", what, o.HTTP)
	default:
		fmt.Fprintf(w, "%s: %s (%s, %s)\n", what, o.Status.CodeMajor, o.Status.Severity, o.Status.CodeMinor)
		if o.Status.Description != "" {
			fmt.Fprintf(w, "  %s\n", o.Status.Description)
		}
	}
	o.printReport(w)
	for _, v := range o.Deviations {
		fmt.Fprintf(w, "  differs from the contract: %s\n", v)
	}
	return nil
}

func (o *sent) printReport(w io.Writer) {
	if o.Report == nil {
		return
	}
	fmt.Fprintf(w, "  %d operations read, %d applied, %d failed\n", count(o.Report.Read), count(o.Report.Applied), count(o.Report.Failed))
	for _, f := range o.Report.Failure {
		fmt.Fprintf(w, "  failed: %s: %s %s\n", f.TransactionOpIdentifier, f.FailStatus, f.Description.String())
	}
}

func count(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}
