package itc2019

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

// A campus writes a problem and a solution of it as it goes: nothing is held
// of them but what a solution needs.
type campus struct {
	rooms, courses, students int
	chosen                   []string // classes of the solution, without students
	of                       [][]int  // classes by course
}

func (c *campus) problem(w io.Writer) {
	r := rand.New(rand.NewPCG(20190601, 7))
	fmt.Fprintf(w, "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<problem name=\"campus\" nrDays=\"7\" slotsPerDay=\"288\" nrWeeks=\"16\">\n"+
		"<optimization time=\"2\" room=\"1\" distribution=\"10\" student=\"5\"/>\n<rooms>")
	for i := range c.rooms {
		fmt.Fprintf(w, "<room id=\"%d\" capacity=\"%d\">", i+1, 10+r.IntN(200))
		for j := range i {
			if r.IntN(4) == 0 {
				fmt.Fprintf(w, "<travel room=\"%d\" value=\"%d\"/>", j+1, 1+r.IntN(6))
			}
		}
		if r.IntN(3) == 0 {
			fmt.Fprintf(w, "<unavailable days=\"%s\" start=\"%d\" length=\"%d\" weeks=\"%s\"/>", mask(r, 7), r.IntN(200), 1+r.IntN(88), mask(r, 16))
		}
		fmt.Fprint(w, "</room>\n")
	}
	fmt.Fprint(w, "</rooms>\n<courses>")
	for i := range c.courses {
		c.course(w, r, i)
	}
	fmt.Fprint(w, "</courses>\n<distributions>")
	types := []string{"SameRoom", "SameAttendees", "Precedence", "MinGap(6)", "MaxBlock(12,3)"}
	for range c.courses {
		strict := "required=\"true\""
		if r.IntN(2) == 0 {
			strict = fmt.Sprintf("penalty=\"%d\"", r.IntN(5))
		}
		fmt.Fprintf(w, "<distribution type=\"%s\" %s>", types[r.IntN(len(types))], strict)
		for range 2 + r.IntN(4) {
			fmt.Fprintf(w, "<class id=\"%d\"/>", 1+r.IntN(len(c.chosen)))
		}
		fmt.Fprint(w, "</distribution>\n")
	}
	fmt.Fprint(w, "</distributions>\n<students>")
	for i := range c.students {
		fmt.Fprintf(w, "<student id=\"%d\">", c.students-i)
		for _, course := range r.Perm(c.courses)[:min(c.courses, 1+r.IntN(7))] {
			fmt.Fprintf(w, "<course id=\"%d\"/>", course+1)
		}
		fmt.Fprint(w, "</student>\n")
	}
	fmt.Fprint(w, "</students>\n</problem>\n")
}

func (c *campus) course(w io.Writer, r *rand.Rand, i int) {
	fmt.Fprintf(w, "<course id=\"%d\"><config id=\"%d\">", i+1, i+1)
	var classes []int
	for part := range 1 + r.IntN(2) {
		fmt.Fprintf(w, "<subpart id=\"%d\">", 2*i+part+1)
		for range 1 + r.IntN(2) {
			id := len(c.chosen) + 1
			parent := ""
			if part > 0 {
				parent = fmt.Sprintf(" parent=\"%d\"", classes[0])
			}
			classes = append(classes, id)
			fmt.Fprintf(w, "<class id=\"%d\" limit=\"%d\"%s>", id, 5+r.IntN(90), parent)
			room := 1 + r.IntN(c.rooms)
			for k, at := range r.Perm(c.rooms)[:min(c.rooms, 1+r.IntN(10))] {
				if k == 0 {
					room = at + 1
				}
				fmt.Fprintf(w, "<room id=\"%d\" penalty=\"%d\"/>", at+1, r.IntN(9))
			}
			chosen := ""
			for k := range 1 + r.IntN(20) {
				at := fmt.Sprintf("days=\"%s\" start=\"%d\" weeks=\"%s\"", mask(r, 7), 90+k, mask(r, 16))
				chosen = fmt.Sprintf("<class id=\"%d\" %s room=\"%d\">", id, at, room)
				fmt.Fprintf(w, "<time %s length=\"%d\" penalty=\"%d\"/>", at, 6+r.IntN(30), r.IntN(9))
			}
			fmt.Fprint(w, "</class>\n")
			c.chosen = append(c.chosen, chosen)
		}
		fmt.Fprint(w, "</subpart>")
	}
	fmt.Fprint(w, "</config></course>\n")
}

func mask(r *rand.Rand, n int) string {
	b := []byte(strings.Repeat("0", n))
	for i := range b {
		b[i] += byte(r.IntN(2))
	}
	b[r.IntN(n)] = '1'
	return string(b)
}

func (c *campus) solution(w io.Writer) {
	r := rand.New(rand.NewPCG(1, 2))
	fmt.Fprint(w, "<solution name=\"campus\" runtime=\"3\" cores=\"2\" technique=\"none\">\n")
	for _, class := range c.chosen {
		fmt.Fprint(w, class)
		seen := map[int]bool{}
		for range min(c.students, r.IntN(40)) {
			if id := 1 + r.IntN(c.students); !seen[id] {
				seen[id] = true
				fmt.Fprintf(w, "<student id=\"%d\"/>", id)
			}
		}
		fmt.Fprint(w, "</class>\n")
	}
	fmt.Fprint(w, "</solution>\n")
}

// TestCampus takes a large problem and its solution there and back.
func TestCampus(t *testing.T) {
	c := &campus{rooms: 60, courses: 220, students: 5000}
	if testing.Short() {
		c.students = 500
	}
	var problem, solution bytes.Buffer
	c.problem(&problem)
	c.solution(&solution)
	s := loaded(t, bytes.NewReader(problem.Bytes()))
	t.Logf("%d classes, %d calls, %d bytes", len(c.chosen), s.calls, problem.Len())
	same(t, problem.Bytes(), written(t, WriteProblem, s))
	for range 2 {
		before := s.moved
		items, err := s.load(ReadSolution(bytes.NewReader(solution.Bytes()), s, Options{}))
		if err != nil || len(items) > 0 {
			t.Fatal(err, items)
		}
		t.Logf("%d calls moved something", s.moved-before)
	}
	same(t, solution.Bytes(), written(t, WriteSolution, s))
	same(t, problem.Bytes(), written(t, WriteProblem, s))
}

// TestFlat shows that reading holds nothing of students: what is held at the
// end of a file with ten times as many is the same.
func TestFlat(t *testing.T) {
	held := func(students int) uint64 {
		c := &campus{rooms: 5, courses: 20, students: students}
		in, out := io.Pipe()
		go func() { c.problem(out); _ = out.Close() }()
		defer func() { _, _ = io.Copy(io.Discard, in) }()
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		last := fmt.Sprintf("campus-student-%d", 1)
		for call, err := range ReadProblem(in, Options{Begin: monday}) {
			if err != nil && !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			if call.ID == lis.SourcedID(last) { // the reader is still alive
				runtime.GC()
				runtime.ReadMemStats(&after)
			}
		}
		return after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc)
	}
	few, many := held(1_000), held(10_000)
	t.Logf("held at the last of 1,000 students: %d bytes; of 10,000: %d", few, many)
	if many > few+32<<10 {
		t.Fatalf("%d bytes are held for 9,000 students more", many-few)
	}
}
