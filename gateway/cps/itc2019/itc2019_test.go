package itc2019

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lisgate/gateway/lis"
)

var update = flag.Bool("update", false, "write the golden files again")

// monday begins the terms of the tests.
var monday = func() lis.Date {
	d, err := lis.ParseDate("2026-09-07")
	if err != nil {
		panic(err)
	}
	return d
}()

// load takes all calls, and returns the item errors.
func (s *shelf) load(calls iter.Seq2[*lis.Call, error]) ([]*ItemError, error) {
	var items []*ItemError
	for c, err := range calls {
		if item, ok := err.(*ItemError); ok {
			items = append(items, item)
			continue
		}
		if err == nil {
			err = s.take(c)
		}
		if err != nil {
			return items, err
		}
	}
	return items, nil
}

// loaded returns a shelf with a problem, read without an error.
func loaded(t testing.TB, problem io.Reader) *shelf {
	t.Helper()
	s := newShelf()
	if _, err := s.load(ReadProblem(problem, Options{Begin: monday})); err != nil {
		t.Fatal(err)
	}
	return s
}

func written(t testing.TB, write func(io.Writer, Source) error, s *shelf) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestGolden reads each problem of testdata and its solution, compares the
// calls with the golden ones, and writes both files back.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.problem.xml")
	if err != nil || len(files) == 0 {
		t.Fatal("no problems in testdata", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			problem := readFile(t, file)
			s := loaded(t, bytes.NewReader(problem))
			same(t, problem, written(t, WriteProblem, s))
			solution := readFile(t, strings.Replace(file, ".problem.", ".solution.", 1))
			items, err := s.load(ReadSolution(bytes.NewReader(solution), s, Options{}))
			if err != nil || len(items) > 0 {
				t.Fatal(err, items)
			}
			same(t, solution, written(t, WriteSolution, s))
			same(t, problem, written(t, WriteProblem, s))
			golden(t, strings.Replace(file, ".problem.xml", ".records", 1), s)
		})
	}
}

// golden compares all records with those of a file.
func golden(t *testing.T, file string, s *shelf) {
	t.Helper()
	var lines []string
	for ref, body := range s.kept {
		lines = append(lines, fmt.Sprintf("%s %s %s\n", ref.Kind, ref.ID, body))
	}
	slices.Sort(lines)
	got := strings.Join(lines, "")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := string(readFile(t, file)); want != got {
		t.Fatalf("the records are others than in %s:\n%s", file, difference(want, got))
	}
}

func readFile(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
