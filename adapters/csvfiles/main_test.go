package csvfiles

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const plainOptions = `
files:
  - name: students*.csv
    kind: person
    id: key("stu", nr)
    deltaName: students-delta*.csv
    columns: {nr: Student No}
    set: {given: First, family: Last, email: mail}
`

// A bench is a drop folder and its adapter.
type bench struct {
	*testing.T
	dir string
	a   *Adapter
	now time.Time
}

func newBench(t *testing.T, options string, alter ...func(*Options)) *bench {
	t.Helper()
	b := &bench{T: t, dir: t.TempDir(), now: time.Now().Add(time.Hour)}
	o, err := ParseOptions([]byte(options))
	if err != nil {
		t.Fatal(err)
	}
	o.Folder, o.Now, o.Spool = b.dir, func() time.Time { return b.now }, t.TempDir()
	for _, f := range alter {
		f(&o)
	}
	if b.a, err = New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = b.a.Close()
		if left, _ := os.ReadDir(o.Spool); len(left) > 0 {
			t.Errorf("%d files left in the spool", len(left))
		}
	})
	return b
}

func (b *bench) drop(name, text string) {
	b.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
}

// names lists a folder, without the time stamps of the archive.
func (b *bench) names(sub string) (names []string) {
	entries, _ := os.ReadDir(filepath.Join(b.dir, sub))
	for _, e := range entries {
		n := e.Name()
		if _, after, ok := strings.Cut(n, "Z-"); ok {
			n = after
		}
		names = append(names, n)
	}
	return names
}

// pulled is what a Pull gave.
type pulled struct {
	items  []adapters.Item
	cursor string
	err    error
}

func (b *bench) pull(cursor string) pulled {
	b.Helper()
	p := pulled{cursor: cursor}
	for it, err := range b.a.Pull(b.Context(), cursor) {
		if err != nil {
			p.err = err
			break
		}
		if it.Cursor != "" {
			p.cursor = it.Cursor
		}
		p.items = append(p.items, it)
	}
	return p
}

// clean pulls what must have no error.
func (b *bench) clean(cursor string) pulled {
	b.Helper()
	p := b.pull(cursor)
	if p.err != nil || len(p.errs()) > 0 {
		b.Fatalf("%v %v", p.err, p.errs())
	}
	return p
}

func (b *bench) acknowledge(cursor string, no ...adapters.Rejection) {
	b.Helper()
	if err := b.a.Acknowledge(b.Context(), cursor, no); err != nil {
		b.Fatal(err)
	}
}

// story tells the items in short: marks, keys, and "!" for errors.
func (p pulled) story() string {
	var words []string
	for _, it := range p.items {
		switch {
		case it.Begins != "":
			words = append(words, "+"+string(it.Begins))
		case it.Ends != "":
			words = append(words, "-"+string(it.Ends))
		case it.Err != nil:
			words = append(words, "!"+it.Where)
		case it.Act == lis.Drop:
			words = append(words, "x"+string(it.Key))
		case it.Act != "":
			words = append(words, string(it.Key))
		}
	}
	return strings.Join(words, " ")
}

func (p pulled) errs() (errs []string) {
	for _, it := range p.items {
		if it.Err != nil {
			errs = append(errs, it.Err.Error())
		}
	}
	return errs
}

func (b *bench) story(p pulled, want string) {
	b.Helper()
	if p.err != nil {
		b.Fatal(p.err)
	}
	if got := p.story(); got != want {
		b.Errorf("got  %s\nwant %s\n%s", got, want, strings.Join(p.errs(), "\n"))
	}
}

func (b *bench) says(p pulled, what string) {
	b.Helper()
	if !slices.ContainsFunc(p.errs(), func(s string) bool { return strings.Contains(s, what) }) {
		b.Errorf("no error says %q: %s", what, strings.Join(p.errs(), "\n"))
	}
}

func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}
