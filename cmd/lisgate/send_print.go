package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// faultCode is what SOAP has before the words of a fault; the words say more.
var faultCode = regexp.MustCompile(`^(?:[\w.-]+:)?(?:Client|Server|Sender|Receiver|VersionMismatch|MustUnderstand|DataEncodingUnknown)(?:\.\w+)*: `)

// print says it to people.
func (o *sent) print(w io.Writer) error {
	what := o.Operation
	if o.ID != "" {
		what += " " + string(o.ID)
	}
	switch {
	case o.Fault != "":
		fmt.Fprintf(w, "%s: not taken, SOAP fault (HTTP %d)\n  %s\n", what, o.HTTP, faultCode.ReplaceAllString(o.Fault, ""))
	case o.Status == nil:
		fmt.Fprintf(w, "%s: the answer says no status (HTTP %d)\n", what, o.HTTP)
	default:
		fmt.Fprintf(w, "%s: %s (%s)%s\n", what, o.Status.CodeMajor,
			join(string(o.Status.Severity), string(o.Status.CodeMinor)), lead(", ", o.Summary))
		if o.Status.Description != "" {
			fmt.Fprintf(w, "  %s\n", o.Status.Description)
		}
	}
	printElements(w, o.Elements)
	if strings.Contains(fmt.Sprint(o.Elements), masked) {
		fmt.Fprintln(w, "  (personal data is masked; --show shows it)")
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
	fmt.Fprintf(w, "  %s read, %d applied, %d failed\n", plural(int(count(o.Report.Read)), "operation"), count(o.Report.Applied), count(o.Report.Failed))
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
