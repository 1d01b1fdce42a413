package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"

	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
)

// firstShown is how many operations of a bulk file are told one by one.
const firstShown = 5

// describeBulk counts the operations of a bulk file as it streams by.
func describeBulk(r io.Reader, show bool) (*description, error) {
	d := &description{Kind: "bulk", Service: string(lis.BDEMS), Operations: map[string]int{}, Masked: !show}
	total, unreadable := 0, 0
	deviations := map[string]int{}
	for item, err := range soap.ReadBulk(r, wire.Limits{}, runtime.GOMAXPROCS(0)) {
		if err != nil {
			if total == 0 {
				return nil, withAdvice(err)
			}
			d.broken = true
			d.Remarks = append(d.Remarks, fmt.Sprintf("the file breaks off after %s: %v.", plural(total, "operation"), withAdvice(err)))
			break
		}
		total++
		for _, v := range item.Deviations {
			deviations[v]++
		}
		if item.Err != nil {
			unreadable++
			d.unreadable(total, item)
			continue
		}
		d.Operations[item.Call.Operation]++
		if len(d.First) < firstShown {
			w := &words{show: show}
			d.First = append(d.First, fmt.Sprintf("%s: %s", or(item.Op, "without identifier"), w.call(item.Call)))
		}
	}
	d.Summary = plural(total, "operation")
	if unreadable > 0 {
		d.Summary += fmt.Sprintf(", %s of them not readable", grouped(unreadable))
	}
	d.noteCounted(deviations)
	return d, nil
}

func (d *description) unreadable(number int, item *registrar.BulkItem) {
	if len(d.Unreadable) < firstShown {
		err := item.Err
		var data *wire.DataError
		if errors.As(err, &data) {
			err = withAdvice(err)
		}
		d.Unreadable = append(d.Unreadable, fmt.Sprintf("number %s (%s): %v", grouped(number), or(item.Op, "without identifier"), err))
	}
}

func (d *description) noteCounted(deviations map[string]int) {
	for _, text := range slices.Sorted(maps.Keys(deviations)) {
		rule, element, _ := strings.Cut(text, ": ")
		d.Deviations = append(d.Deviations, deviation{rule, element, deviations[text]})
	}
}

// printBulk prints what only a bulk file has.
func (d *description) printBulk(w io.Writer) {
	for _, name := range slices.SortedFunc(maps.Keys(d.Operations), func(a, b string) int {
		if d.Operations[a] != d.Operations[b] {
			return d.Operations[b] - d.Operations[a]
		}
		return strings.Compare(a, b)
	}) {
		fmt.Fprintf(w, "  %8s  %s\n", grouped(d.Operations[name]), name)
	}
	printLines(w, "The first", d.First)
	printLines(w, "Not readable", d.Unreadable)
}

func printLines(w io.Writer, title string, lines []string) {
	if len(lines) > 0 {
		fmt.Fprintf(w, "\n%s:\n", title)
	}
	for _, line := range lines {
		fmt.Fprintf(w, "  %s\n", line)
	}
}

// bulk adds the parameters of the bulk operations.
func (w *words) bulk(c *lis.Call) {
	w.add("transaction", c.TransactionID)
	if m := c.Manifest; m != nil {
		for i := range m.DataFile {
			f := &m.DataFile[i]
			size := ""
			if f.TotalSize != nil {
				size = grouped(int(*f.TotalSize)) + " bytes"
			}
			w.add("file", with(f.URL, join(size, prefixed("checksum ", lis.NewText("", f.CheckSum)))))
		}
		w.add("files expire", m.ExpiryDate)
		w.filter(m.Filter)
	}
	w.filter(c.Filter)
	if f := c.Failure; f != nil {
		w.add("reason", join(f.Reason, w.free(f.Description.String())))
	}
	if c.Report != nil {
		w.report(c.Report)
	}
}

func (w *words) filter(f *lis.BulkFilter) {
	if f == nil {
		return
	}
	for _, r := range f.Rule {
		w.add("only", strings.Join(strings.Fields(r.FilterType+" "+r.ValueObject+" "+w.query(r.Value)), " "))
	}
	w.add("changed after", f.SavePoint)
}

func (w *words) report(r *lis.BulkReport) {
	w.number("read", r.Read)
	w.number("applied", r.Applied)
	w.number("failed", r.Failed)
	for _, f := range r.Failure {
		w.add("failed: "+f.TransactionOpIdentifier, join(f.FailStatus, w.free(f.Description.String())))
	}
}
