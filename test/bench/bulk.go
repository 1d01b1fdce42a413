package main

import (
	"bufio"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"lisgate/gateway/journal/sqlite"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
	"lisgate/generated/pms"
)

// benchBulk reads a bulk file, only and into the journal, in a process of its
// own whose peak memory is told.
func benchBulk() error {
	dir, err := os.MkdirTemp("", "lisgate-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "bulk.xml")
	size, err := writeBulk(file, *persons)
	if err != nil {
		return err
	}
	fmt.Printf("a bulk file of %d persons, %.0f MB\n", *persons, float64(size)/1e6)
	results := map[string][]bulkResult{}
	for round := range *rounds {
		for _, how := range []string{"encoding/xml", "read", "journal"} {
			r, err := runBulk(how, file, filepath.Join(dir, fmt.Sprint("data", round)))
			if err != nil {
				return err
			}
			results[how] = append(results[how], r)
		}
	}
	base := medianOf(results["encoding/xml"], func(r bulkResult) float64 { return r.perSecond })
	for _, how := range []string{"encoding/xml", "read", "journal"} {
		rate := medianOf(results[how], func(r bulkResult) float64 { return r.perSecond })
		fmt.Printf("  %-13s %8.0f records/s (%5.1f times encoding/xml), peak %4.0f MB\n", how, rate, rate/base,
			medianOf(results[how], func(r bulkResult) float64 { return r.peak }))
	}
	return nil
}

type bulkResult struct{ perSecond, peak float64 }

func medianOf(results []bulkResult, of func(bulkResult) float64) float64 {
	var v []float64
	for _, r := range results {
		v = append(v, of(r))
	}
	return median(v)
}

// runBulk runs one reading in a child.
func runBulk(how, file, data string) (bulkResult, error) {
	out, err := exec.Command(os.Args[0], "child", "bulk", how, file, data).Output()
	if err != nil {
		return bulkResult{}, fmt.Errorf("bulk %s: %w", how, err)
	}
	var r bulkResult
	_, err = fmt.Sscan(string(out), &r.perSecond, &r.peak)
	return r, err
}

// bulkChild is one reading: it prints records per second and peak MB.
func bulkChild(how, file, data string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	from := time.Now()
	n, err := map[string]func(io.Reader, string) (int, error){
		"encoding/xml": readStandard, "read": readOurs, "journal": readIntoJournal}[how](f, data)
	if err != nil {
		return err
	}
	fmt.Println(float64(n)/time.Since(from).Seconds(), memory(os.Getpid(), "VmHWM"))
	return nil
}

// readStandard reads with encoding/xml, streaming, into the same types; a
// tenth of the file tells its speed.
func readStandard(r io.Reader, _ string) (int, error) {
	d := xml.NewDecoder(bufio.NewReaderSize(r, 256<<10))
	n := 0
	for n < *persons/10 {
		t, err := d.Token()
		if err != nil {
			return n, err
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "personRecord" {
			var v pms.PersonRecordType
			if err := d.DecodeElement(&v, &e); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

func readOurs(r io.Reader, _ string) (int, error) {
	n := 0
	for item, err := range soap.ReadBulk(r, wire.Limits{}, runtime.GOMAXPROCS(0)) {
		if err != nil {
			return n, err
		}
		if item.Err != nil {
			return n, item.Err
		}
		n++
	}
	return n, nil
}

func readIntoJournal(r io.Reader, data string) (int, error) {
	ctx := context.Background()
	store, err := sqlite.Open(ctx, data, sqlite.Options{})
	if err != nil {
		return 0, err
	}
	defer store.Close()
	reg := registrar.New(registrar.Options{Store: store})
	report, err := reg.Import(ctx, "bench", "t-1", soap.ReadBulk(r, wire.Limits{}, runtime.GOMAXPROCS(0)))
	if err != nil {
		return 0, err
	}
	return int(*report.Applied), nil
}

// writeBulk writes the file.
func writeBulk(path string, persons int) (int64, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	var items iter.Seq2[*registrar.BulkItem, error] = func(yield func(*registrar.BulkItem, error) bool) {
		for i := range persons {
			r := person(personID(i), "Bjørnsson "+strings.Repeat("x", i%7))
			call := &lis.Call{Operation: "replacePerson", ID: r.ID, Record: r}
			if !yield(&registrar.BulkItem{Op: personID(i), Call: call}, nil) {
				return
			}
		}
	}
	if err := soap.WriteBulk(w, items); err != nil {
		return 0, err
	}
	if err := w.Flush(); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	return info.Size(), err
}
