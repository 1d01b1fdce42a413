// Package test holds what needs the whole house.
package test

import (
	"bufio"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rooms says which rooms each room may look into. It is the drawing in
// ARCHITECTURE.md; a room that is not named here may look into none.
var rooms = map[string][]string{
	"cmd/lisgate":                 {"config", "gateway", "gateway/console", "gateway/deliver", "gateway/grades", "gateway/journal", "gateway/journal/sqlite", "gateway/lis", "gateway/reconcile", "gateway/registrar", "gateway/replay", "gateway/soap", "gateway/wire", "adapters", "adapters/lissoap", "adapters/ellucian/ilp", "fakes", "cmd/lisgate/term", "cmd/lisgate/planner", "cmd/lisgate/campus", "gateway/cps", "gateway/cps/clash"},
	"cmd/lisgate/planner":         {"config", "gateway", "gateway/journal", "gateway/lis", "gateway/registrar", "gateway/soap", "gateway/wire", "adapters/lissoap"},
	"cmd/lisgate/campus":          {"cmd/lisgate/term", "gateway/journal", "gateway/lis", "gateway/registrar", "gateway/soap"},
	"cmd/lisgate/term":            {"gateway/lis"},
	"config":                      {"gateway/lis"},
	"gateway":                     {"*"},
	"gateway/soap":                {"gateway/guard", "gateway/registrar", "gateway/lis", "gateway/wire", "generated", "wsdl"},
	"gateway/console":             {"gateway/cps", "gateway/guard", "gateway/registrar", "gateway/grades", "gateway/reconcile", "gateway/replay", "gateway/journal", "gateway/lis"},
	"gateway/cps":                 {"gateway/cps/clash", "gateway/cps/itc2019", "gateway/cps/unitime", "gateway/cps/timetable", "gateway/guard", "gateway/registrar", "gateway/journal", "gateway/lis"},
	"gateway/cps/clash":           {"gateway/lis"},
	"gateway/cps/itc2019":         {"gateway/lis"},
	"gateway/cps/unitime":         {"gateway/lis"},
	"gateway/cps/timetable":       {"gateway/lis"},
	"gateway/guard":               {"gateway/journal", "gateway/lis"},
	"gateway/registrar":           {"gateway/journal", "gateway/lis"},
	"gateway/journal":             {"gateway/lis"},
	"gateway/journal/sqlite":      {"gateway/journal", "gateway/lis"},
	"gateway/journal/journaltest": {"gateway/journal", "gateway/lis"},
	"gateway/route":               {"gateway/journal", "gateway/lis"},
	"gateway/deliver":             {"gateway/route", "gateway/journal", "gateway/lis", "adapters"},
	"gateway/intake":              {"gateway/registrar", "gateway/journal", "gateway/lis", "adapters"},
	"gateway/grades":              {"gateway/guard", "gateway/registrar", "gateway/journal", "gateway/lis", "adapters", "adapters/ellucian/ilp"},
	"gateway/reconcile":           {"gateway/journal", "gateway/lis", "adapters"},
	"gateway/replay":              {"gateway/journal", "gateway/lis"},
	"gateway/lis":                 {},
	"gateway/wire":                {"gateway/lis"},
	"gateway/wire/gen":            {"gateway/lis", "wsdl"},
	"generated":                   {"gateway/lis", "gateway/wire"},
	"wsdl":                        {},
	"adapters":                    {"gateway/lis"},
	"adapters/adaptertest":        {"adapters", "gateway/lis"},
	"adapters/memory":             {"adapters", "gateway/lis"},
	"adapters/lissoap":            {"adapters", "adapters/peer", "gateway/lis", "gateway/wire", "generated"},
	"adapters/moodle":             {"adapters", "adapters/peer", "gateway/lis"},
	"adapters/canvas":             {"adapters", "adapters/peer", "gateway/lis"},
	"adapters/blackboard":         {"adapters", "adapters/peer", "gateway/lis"},
	"adapters/ellucian":           {"adapters", "adapters/peer", "adapters/ellucian/ilp", "gateway/lis"},
	"adapters/ellucian/ilp":       {},
	"adapters/sqldb":              {"adapters", "adapters/peer", "adapters/rows", "gateway/lis"},
	"adapters/csvfiles":           {"adapters", "adapters/peer", "adapters/rows", "gateway/lis"},
	"adapters/rows":               {"adapters", "gateway/lis"},
	"adapters/peer":               {"adapters"},
	"adapters/httpjson":           {"adapters", "adapters/peer", "gateway/lis"},
	"fakes":                       {"adapters/ellucian/ilp", "gateway/lis"},
}

// sqlRooms are the only ones that may speak SQL.
var sqlRooms = []string{"gateway/journal/sqlite", "gateway/journal/postgres", "adapters/sqldb"}

func TestArrows(t *testing.T) {
	files(t, func(path string) {
		room := roomOf(path)
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(room, "test") {
			return
		}
		allowed, known := rooms[room]
		if !known {
			t.Errorf("%s: the room %s is not in the drawing", path, room)
			return
		}
		for _, i := range imports(t, path) {
			checkImport(t, path, room, i, allowed)
		}
	})
}

func checkImport(t *testing.T, path, room, imported string, allowed []string) {
	t.Helper()
	switch {
	case strings.HasPrefix(imported, "lisgate/"):
		to := shorten(strings.TrimPrefix(imported, "lisgate/"))
		if to != room && !slices.Contains(allowed, to) && !slices.Contains(allowed, "*") {
			t.Errorf("%s: %s may not look into %s", path, room, to)
		}
	case (imported == "database/sql" || strings.HasPrefix(imported, "modernc.org/")) && !slices.Contains(sqlRooms, room):
		t.Errorf("%s: SQL is spoken in %v only", path, sqlRooms)
	case (room == "gateway/lis" || room == "gateway/wire") && strings.Contains(imported, "."):
		t.Errorf("%s: %s uses the standard library only, not %s", path, room, imported)
	case strings.HasSuffix(imported, "spf13/viper") && room != "config":
		t.Errorf("%s: viper is read in config only", path)
	}
}

// TestSizes tells the sizes; it holds nobody to them.
func TestSizes(t *testing.T) {
	var sizes []int
	files(t, func(path string) {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "generated") {
			return
		}
		n := lines(t, path)
		if sizes = append(sizes, n); n > 250 {
			t.Logf("%4d lines  %s", n, path)
		}
	})
	slices.Sort(sizes)
	t.Logf("%d files, median %d lines, nine in ten under %d", len(sizes), sizes[len(sizes)/2], sizes[len(sizes)*9/10])
}

// files calls f with every Go file of the module, by its path in it.
func files(t *testing.T, f func(path string)) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			f(filepath.ToSlash(strings.TrimPrefix(path, "../")))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func roomOf(path string) string { return shorten(filepath.ToSlash(filepath.Dir(path))) }

// shorten takes the packages of generated for one room, and so the pretend
// systems that stand beside their adapters.
func shorten(dir string) string {
	switch {
	case strings.HasPrefix(dir, "generated/"):
		return "generated"
	case strings.HasPrefix(dir, "adapters/") && (strings.HasSuffix(dir, "fake") || strings.HasSuffix(dir, "/lmbnxt")):
		return "fakes"
	}
	return dir
}

func imports(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", path), nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, i := range file.Imports {
		paths = append(paths, strings.Trim(i.Path.Value, `"`))
	}
	return paths
}

func lines(t *testing.T, path string) int {
	t.Helper()
	file, err := os.Open(filepath.Join("..", path))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n := 0
	for s := bufio.NewScanner(file); s.Scan(); n++ {
	}
	return n
}
