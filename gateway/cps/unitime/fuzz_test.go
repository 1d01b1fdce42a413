package unitime

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lisgate/gateway/lis"
)

// FuzzTimetable reads any bytes. What is read without an error is written, and
// then read the same.
func FuzzTimetable(f *testing.F) {
	for _, name := range seeds() {
		f.Add(readFile(f, name))
	}
	f.Fuzz(func(t *testing.T, file []byte) { readWriteRead(t, file) })
}

func seeds() []string {
	files, _ := filepath.Glob("testdata/*.xml")
	refused, _ := filepath.Glob("testdata/refused/*.xml")
	return append(files, refused...)
}

type tester interface {
	Helper()
	Fatalf(string, ...any)
}

func readWriteRead(t tester, file []byte) {
	t.Helper()
	var h Header
	o := term
	o.Header = func(x Header) { h = x }
	calls, err := lis.Collect(Read(bytes.NewReader(file), o))
	write := writerOf(file)
	if err != nil || write == nil {
		return
	}
	var out bytes.Buffer
	if err := write(&out, h, setOf(calls)); err != nil {
		if cannot := (*FormatError)(nil); errors.As(err, &cannot) {
			return
		}
		t.Fatalf("%v in\n%s", err, file)
	}
	again, err := lis.Collect(Read(bytes.NewReader(out.Bytes()), o))
	if err != nil {
		t.Fatalf("%v in\n%s\nof\n%s", err, out.Bytes(), file)
	}
	a, b := sortedLines(calls), sortedLines(again)
	onlyA := slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
	onlyB := slices.DeleteFunc(slices.Clone(b), func(s string) bool { return slices.Contains(a, s) })
	if len(onlyA)+len(onlyB) > 0 || len(a) != len(b) {
		t.Fatalf("%s\nis read\n%s\nwritten as\n%s\nand read again\n%s", file, strings.Join(onlyA, "\n"), out.Bytes(), strings.Join(onlyB, "\n"))
	}
}

// sortedLines describes the calls that make something, in an order of their own.
func sortedLines(calls []*lis.Call) []string {
	var list []string
	for _, c := range calls {
		if c.Record != nil {
			data, err := lis.MarshalRecord(c.Record)
			if err != nil {
				panic(err)
			}
			list = append(list, c.Operation+" "+string(c.ID)+" "+string(data))
		}
	}
	slices.Sort(list)
	return list
}

// TestMutated changes files of testdata here and there: they are refused, or
// written and read the same.
func TestMutated(t *testing.T) {
	names := []string{"timetable", "timetable-crosslisted", "offerings", "offerings-freedates"}
	rapid.Check(t, func(rt *rapid.T) {
		file := readFile(t, "testdata/"+rapid.SampledFrom(names).Draw(rt, "file")+".xml")
		s := newScanner(bytes.NewReader(file), Limits{}.filled())
		root, err := s.root()
		if err != nil {
			rt.Fatal(err)
		}
		all := []*element{root}
		for e, _ := s.next(); e != nil; e, _ = s.next() {
			root.kids = append(root.kids, e)
		}
		for i := 0; i < len(all); i++ {
			all = append(all, all[i].kids...)
		}
		for range rapid.IntRange(1, 4).Draw(rt, "changes") {
			mutate(rt, rapid.SampledFrom(all).Draw(rt, "element"), all)
		}
		readWriteRead(rt, []byte(root.String()))
	})
}

var nasty = []string{
	"", " ", "0", "1", "-1", "inf", "true", "false", "MWF", "TTh", "Th", "0000", "2400", "0930", "930", "9:30PM", "12:00AM", "2010/10/04", "10/04", "1/14/2011",
	"a:b", "a b c d", "a\tb\nc", "\u00fc<&\"'>", "lisgate.x", "unitime:x", "100", "0.5", "1x50", "delete", "77", "5001", "HHmm", "H:mm", "hhmma", "yyyyMMdd", "d.M.yy", "dMMM''yy",
}

func mutate(t *rapid.T, e *element, all []*element) {
	switch rapid.IntRange(0, 4).Draw(t, "how") {
	case 0:
		if len(e.kids) > 0 {
			i := rapid.IntRange(0, len(e.kids)-1).Draw(t, "kid")
			e.kids = append(e.kids[:i:i], e.kids[i+1:]...)
		}
	case 1: // a child of another, which cannot hold itself
		other := rapid.SampledFrom(all).Draw(t, "other")
		e.kids = append(e.kids, &element{name: other.name, attrs: slices.Clone(other.attrs)})
	case 2:
		if len(e.attrs) > 0 {
			e.remove(rapid.SampledFrom(e.attrs).Draw(t, "attribute").name)
		}
	case 3:
		from := rapid.SampledFrom(all).Draw(t, "from")
		if len(from.attrs) > 0 {
			e.set(rapid.SampledFrom(from.attrs).Draw(t, "attribute").name, rapid.SampledFrom(nasty).Draw(t, "value"))
		}
	default:
		if len(e.attrs) > 0 {
			e.set(rapid.SampledFrom(e.attrs).Draw(t, "attribute").name, rapid.SampledFrom(nasty).Draw(t, "value"))
		}
	}
}
