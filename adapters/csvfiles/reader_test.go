package csvfiles

import (
	"encoding/csv"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func readAll(text string, latin1 bool) (all [][]string, err error) {
	r := newReader(strings.NewReader(text), ',', latin1, Limits{})
	for {
		cells, err := r.read()
		if err != nil {
			return all, err
		}
		all = append(all, slices.Clone(cells))
	}
}

// FuzzCSV holds that every file is read to its end or refused with a line
// that it has, and that what was read is the same when it is written and read
// again, by the standard library too.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"", "a,b\n1,2\n", "\ufeffa\r\n\"x\"\"y\n\",2", "a\rb", "\"", "a,\"b\"c", "\x00", "\xff", "a,,\n\n,b\r\r\n", strings.Repeat(",", 1100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := readAll(text, false)
		var e *SyntaxError
		if errors.As(err, &e) {
			if most := strings.Count(text, "\n") + strings.Count(text, "\r") + 1; e.Line < 1 || e.Line > most || e.Column < 1 || e.Hint == "" {
				t.Fatalf("%+v of %d lines", e, most)
			}
			return
		}
		if !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		var out strings.Builder
		w := csv.NewWriter(&out)
		for _, cells := range all {
			for _, c := range cells {
				if !utf8.ValidString(c) || strings.Contains(c, "\x00") {
					t.Fatalf("cell %q", c)
				}
			}
			_ = w.Write(cells)
		}
		w.Flush()
		again, err := readAll(out.String(), false)
		if !errors.Is(err, io.EOF) || !slices.EqualFunc(all, again, slices.Equal) {
			t.Fatalf("%q\n%q %v", all, again, err)
		}
	})
}

func TestPositions(t *testing.T) {
	r := newReader(strings.NewReader("a,b\n\"x\ny\",2\n3,\"4\" 5\n"), ',', false, Limits{})
	for _, want := range []int{1, 2} {
		if _, err := r.read(); err != nil || r.began != want {
			t.Errorf("line %d %v, want %d", r.began, err, want)
		}
	}
	var e *SyntaxError
	if _, err := r.read(); !errors.As(err, &e) || e.Line != 4 || e.Column != 2 {
		t.Errorf("%v", err)
	}
}

// endless gives one row of cells without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "x,"[i%2]
	}
	return len(p), nil
}

func TestAFileWithoutEndStopsAtALimit(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := newReader(endless{}, ',', false, Limits{Columns: 1 << 30})
	_, err := r.read()
	runtime.ReadMemStats(&after)
	if err == nil || after.TotalAlloc-before.TotalAlloc > 100<<20 {
		t.Errorf("%v, %d MiB", err, (after.TotalAlloc-before.TotalAlloc)>>20)
	}
}
