package main

import (
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"strings"

	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/soap"
	"lisgate/gateway/wire"
	"lisgate/generated/mms"
)

// benchReads reads rosters of growing size from a gateway in a process of its
// own, and tells by how much its peak memory grows.
func benchReads() error {
	dir, err := os.MkdirTemp("", "lisgate-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := start("sqlite", dir)
	if err != nil {
		return err
	}
	defer s.stop()
	for _, n := range []int{1_000, 10_000, 100_000} {
		if err := loadRoster(s.addr, n); err != nil {
			return err
		}
		if err := readRoster(s, n); err != nil {
			return err
		}
	}
	return nil
}

// loadRoster sends a bulk file with a collection of n memberships.
func loadRoster(addr string, n int) error {
	items := iter.Seq2[*registrar.BulkItem, error](func(yield func(*registrar.BulkItem, error) bool) {
		for i := range n {
			id := lis.SourcedID(fmt.Sprintf("M-%d-%d", n, i))
			call := &lis.Call{Operation: "replaceMembership", ID: id, Record: &lis.Record{ID: id, Object: &lis.Membership{
				CollectionSourcedID: collection(n), MembershipIDType: "courseSection",
				Member: &lis.Member{PersonSourcedID: lis.SourcedID(personID(i)), Role: []lis.Role{{RoleType: "Learner", Status: "Active"}}}}}}
			if !yield(&registrar.BulkItem{Op: string(id), Call: call}, nil) {
				return
			}
		}
	})
	r, w := io.Pipe()
	go func() { w.CloseWithError(soap.WriteBulk(w, items)) }()
	answer, err := http.Post("http://"+addr+"/lis/bdems/file", "text/xml", r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && !strings.Contains(string(text), "<imsx_codeMajor>success") {
		err = fmt.Errorf("the bulk file was not taken: %s", text)
	}
	return err
}

func collection(n int) lis.SourcedID { return lis.SourcedID(fmt.Sprintf("C-%d", n)) }

// readRoster reads the ids of a collection, then up to 10,000 of its records.
func readRoster(s *server, n int) error {
	// 5 resets the peak of the resident set (Linux, proc(5)).
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.pid), []byte("5"), 0); err != nil {
		return err
	}
	before := memory(s.pid, "VmRSS")
	ids, err := ask(s.addr, "readMembershipIdsForCollection", &lis.Call{Of: collection(n), Collection: "courseSection"})
	if err != nil {
		return err
	}
	middle := memory(s.pid, "VmHWM")
	call := &lis.Call{}
	for i := range min(n, 10_000) {
		call.IDs = append(call.IDs, lis.SourcedID(fmt.Sprintf("M-%d-%d", n, i)))
	}
	records, err := ask(s.addr, "readMemberships", call)
	if err != nil {
		return err
	}
	fmt.Printf("  %6d ids in an answer of %5.1f MB: resident %.0f MB before, peak %.0f MB;  %5d records in %4.1f MB: peak %.0f MB\n",
		n, float64(ids)/1e6, before, middle, len(call.IDs), float64(records)/1e6, memory(s.pid, "VmHWM"))
	return nil
}

// ask calls an operation of MMS and returns the size of the answer.
func ask(addr, operation string, call *lis.Call) (int64, error) {
	for _, op := range mms.Operations {
		if op.Name != operation {
			continue
		}
		var w wire.Writer
		w.OpenIn(op.Request, mms.Namespace)
		op.WriteCall(&w, call)
		w.Close(op.Request)
		answer, err := http.Post("http://"+addr+"/lis/mms", "text/xml", strings.NewReader(string(soap.Wrap(lis.MMS, w.Buf, "m-1"))))
		if err != nil {
			return 0, err
		}
		defer answer.Body.Close()
		size, err := io.Copy(io.Discard, answer.Body)
		if answer.StatusCode != http.StatusOK {
			return size, fmt.Errorf("%s answered %s", operation, answer.Status)
		}
		return size, err
	}
	return 0, fmt.Errorf("no operation %s", operation)
}
