package unitime

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

var update = flag.Bool("update", false, "write the golden files anew")

// term is the session of the golden files.
var term = Options{Begin: day("2010-08-23"), End: day("2010-12-10")}

func day(s string) lis.Date {
	d, err := lis.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// TestFiles reads each file of testdata and compares its calls with the golden
// ones. What can be written is written again, and says the same as the file.
func TestFiles(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.xml")
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".xml"), func(t *testing.T) {
			file := readFile(t, name)
			calls, header, unknown := read(t, file, term)
			golden(t, strings.TrimSuffix(name, ".xml")+".calls", described(t, calls, unknown))
			write := writerOf(file)
			if write == nil {
				return
			}
			out := written(t, write, header, setOf(calls))
			if want, got := canonical(t, file), canonical(t, out); want != got {
				t.Errorf("the file\n%s\nwas written as\n%s", want, got)
			}
			again, _, _ := read(t, out, term)
			if a, b := described(t, calls, nil), described(t, again, nil); a != b {
				t.Errorf("what was written is read differently:\n%s\n%s", a, b)
			}
		})
	}
}

// TestRefused reads each file of testdata/refused and compares the refusal.
func TestRefused(t *testing.T) {
	files, _ := filepath.Glob("testdata/refused/*.xml")
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".xml"), func(t *testing.T) {
			_, err := lis.Collect(Read(bytes.NewReader(readFile(t, name)), term))
			if err == nil {
				t.Fatal("the file was read")
			}
			if e, ok := err.(*Error); !ok || e.Line == 0 || e.Rule == "" || e.Next == "" {
				t.Errorf("no line, rule or next step in %#v", err)
			}
			golden(t, strings.TrimSuffix(name, ".xml")+".err", err.Error()+"\n")
		})
	}
}

func read(t testing.TB, file []byte, o Options) (calls []*lis.Call, h Header, unknown []string) {
	t.Helper()
	o.Header = func(x Header) { h = x }
	o.Unknown = func(path string) { unknown = append(unknown, path) }
	calls, err := lis.Collect(Read(bytes.NewReader(file), o))
	if err != nil {
		t.Fatalf("%v in\n%s", err, file)
	}
	return calls, h, unknown
}

type writer func(*bytes.Buffer, Header, Source) error

func writerOf(file []byte) writer {
	switch root, _ := newScanner(bytes.NewReader(file), Limits{}.filled()).root(); {
	case root == nil:
	case root.name == "timetable":
		return func(b *bytes.Buffer, h Header, s Source) error { return WriteTimetable(b, h, s) }
	case root.name == "offerings":
		return func(b *bytes.Buffer, h Header, s Source) error { return WriteOfferings(b, h, s) }
	}
	return nil
}

func written(t testing.TB, write writer, h Header, s Source) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, h, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// described writes calls for people, one a line.
func described(t testing.TB, calls []*lis.Call, unknown []string) string {
	t.Helper()
	var b strings.Builder
	for _, c := range calls {
		fmt.Fprintf(&b, "%s %s", c.Operation, c.ID)
		if c.Record != nil {
			data, err := lis.MarshalRecord(c.Record)
			if err != nil {
				t.Fatal(err)
			}
			var indented bytes.Buffer
			if err := json.Indent(&indented, data, "  ", "  "); err != nil {
				t.Fatal(err)
			}
			b.WriteString("\n  " + indented.String())
		}
		b.WriteByte('\n')
	}
	for _, path := range unknown {
		b.WriteString("unknown " + path + "\n")
	}
	return b.String()
}

// canonical writes a file without what means nothing: the order of attributes,
// the order of unlike children, defaults of the DTD, and how a day, date, time
// or true is spelled.
func canonical(t testing.TB, file []byte) string {
	t.Helper()
	s := newScanner(bytes.NewReader(file), Limits{}.filled())
	root, err := s.root()
	if err != nil {
		t.Fatal(err)
	}
	f, err := newFormats(root.name, root.text("dateFormat"), root.text("timeFormat"), root.text("year"), term.Begin)
	if err != nil {
		t.Fatal(err)
	}
	for e, err := s.next(); e != nil; e, err = s.next() {
		if err != nil {
			t.Fatal(err)
		}
		root.kids = append(root.kids, e)
	}
	r := &reading{Options: Options{Limits: DefaultLimits, Unknown: func(string) {}}}
	if err := r.prune(root); err != nil {
		t.Fatal(err)
	}
	if root.text("incremental") == "false" {
		root.remove("incremental")
	}
	var walk func(*element)
	walk = func(e *element) {
		if e.name == "class" {
			if err := f.normalise(e); err != nil {
				t.Fatal(err)
			}
		}
		for i := range e.attrs {
			e.attrs[i].value = strings.TrimSpace(e.attrs[i].value)
		}
		slices.SortFunc(e.attrs, func(a, b attribute) int { return strings.Compare(a.name, b.name) })
		slices.SortStableFunc(e.kids, func(a, b *element) int { return strings.Compare(a.name, b.name) })
		for _, k := range e.kids {
			walk(k)
		}
	}
	walk(root)
	return strings.ReplaceAll(root.String(), "><", ">\n<")
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := string(readFile(t, name)); want != got {
		t.Errorf("%s says\n%s\ngot\n%s", name, want, got)
	}
}
