package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// A description is a message in words.
type description struct {
	Kind       string         `json:"kind"` // envelope, body, bulk, response, fault
	SOAP       string         `json:"soap,omitempty"`
	Service    string         `json:"service,omitempty"`
	Operation  string         `json:"operation,omitempty"`
	MessageID  string         `json:"messageIdentifier,omitempty"`
	Summary    string         `json:"summary"`
	Status     *lis.Status    `json:"status,omitempty"`
	Elements   []element      `json:"elements,omitempty"`
	Operations map[string]int `json:"operations,omitempty"` // of a bulk file
	First      []string       `json:"first,omitempty"`      // operations of a bulk file, in words
	Unreadable []string       `json:"unreadable,omitempty"` // operations of a bulk file
	Remarks    []string       `json:"remarks,omitempty"`
	Deviations []deviation    `json:"deviations,omitempty"`
	Masked     bool           `json:"masked"`

	broken bool // not all of it could be read
}

// An element is one element of a message in words.
type element struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A deviation is a departure from the contract, and how often it is there.
type deviation struct {
	Rule    string `json:"rule"`
	Element string `json:"element,omitempty"`
	Count   int    `json:"count"`
}

func (d *description) note(list []wire.Deviation) {
	for _, v := range list {
		d.Deviations = append(d.Deviations, deviation{v.Rule.String(), v.Element, v.Count})
	}
}

// print says it to people.
func (d *description) print(to io.Writer) error {
	w := bufio.NewWriter(to)
	fmt.Fprintf(w, "%s\n\n%s\n", d.heading(), d.Summary)
	if st := d.Status; st != nil && st.Description != "" {
		fmt.Fprintf(w, "  in the peer's words: %s\n", st.Description)
	}
	printElements(w, d.Elements)
	d.printBulk(w)
	for _, r := range d.Remarks {
		fmt.Fprintf(w, "\nNote: %s\n", r)
	}
	d.printDeviations(w)
	if d.Masked && strings.Contains(d.Summary+fmt.Sprint(d.Elements, d.First), masked) {
		fmt.Fprintln(w, "\nPersonal data is masked; --show shows it. Passwords are never shown.")
	}
	return w.Flush()
}

// heading says what kind of message it is.
func (d *description) heading() string {
	var b strings.Builder
	switch {
	case d.Kind == "bulk":
		return "Bulk file (bulkDataRecord)"
	case d.Kind == "body":
		b.WriteString("Bare body element, without envelope")
	case d.Kind == "fault":
		fmt.Fprintf(&b, "SOAP %s fault", d.SOAP)
	case d.Kind == "response":
		fmt.Fprintf(&b, "SOAP %s response", d.SOAP)
	default:
		fmt.Fprintf(&b, "SOAP %s request", d.SOAP)
	}
	if s := serviceWords[lis.Service(d.Service)]; s != "" {
		fmt.Fprintf(&b, ", %s (%s)", s, d.Operation)
	}
	if d.Kind != "body" && d.Kind != "fault" {
		if d.MessageID == "" {
			b.WriteString(", without message identifier")
		} else {
			fmt.Fprintf(&b, ", message %s", d.MessageID)
		}
	}
	return b.String()
}

// printElements sets the names of elements in a column.
func printElements(w io.Writer, list []element) {
	width := 0
	for _, e := range list {
		width = max(width, utf8.RuneCountInString(e.Name))
	}
	for _, e := range list {
		fmt.Fprintf(w, "  %-*s  %s\n", width, e.Name, e.Value)
	}
}

func (d *description) printDeviations(w io.Writer) {
	if d.Kind == "fault" {
		return
	}
	if len(d.Deviations) == 0 {
		fmt.Fprintln(w, "\nNo deviation from the contract.")
		return
	}
	total := 0
	for _, v := range d.Deviations {
		total += v.Count
	}
	fmt.Fprintf(w, "\n%s from the contract:\n", plural(total, "deviation"))
	for _, v := range d.Deviations {
		text := v.Rule
		if v.Element != "" {
			text += ": " + v.Element
		}
		fmt.Fprintf(w, "  %d × %s\n", v.Count, text)
	}
}

// plural writes a number with its noun: "1 person", "2,000 persons".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "s") {
		return grouped(n) + " " + noun
	}
	return grouped(n) + " " + noun + "s"
}

// grouped writes a number with commas.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}
