package csvfiles

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"lisgate/adapters"
)

// growing is a folder whose file grows while it is read.
type growing struct {
	folder
	path string
}

func (g *growing) open(ctx context.Context, name string) (io.ReadCloser, error) {
	in, err := g.folder.open(ctx, name)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(g.path, name), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	_, err = f.WriteString("9,Late,,\n")
	return in, err
}

func TestFileThatChangesWhileItIsRead(t *testing.T) {
	b := newBench(t, plainOptions)
	b.drop("students.csv", heading+"1,A,,\n")
	l, err := openLocal(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	b.a.folder = &growing{l, b.dir}
	p := b.pull("")
	b.story(p, "!students.csv !person")
	b.says(p, "the file changed while it was read")
	b.a.folder = l // the next time it is whole
	b.story(b.clean(p.cursor), "+person stu-1 stu-9 -person")
}

// dying is a folder whose connection breaks in the middle of a file.
type dying struct{ folder }

func (d *dying) open(ctx context.Context, name string) (io.ReadCloser, error) {
	in, err := d.folder.open(ctx, name)
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(io.LimitReader(in, 30), broken{}), in}, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestConnectionThatBreaksInAFileEndsThePull(t *testing.T) {
	b := newBench(t, plainOptions)
	b.drop("students.csv", heading+"1,A,,\n")
	l, err := openLocal(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	b.a.folder = &dying{l}
	p := b.pull("")
	if p.err == nil || adapters.ClassOf(p.err) != adapters.Unavailable || p.story() != "" {
		t.Errorf("%v %s", p.err, p.story())
	}
}

func TestSFTPThatSaysNothing(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	b := newBench(t, plainOptions, func(o *Options) {
		o.SFTP = &SFTP{Address: l.Addr().String(), User: "sis", Password: "x", Fingerprint: "SHA256:x"}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if err := b.a.Check(ctx); adapters.ClassOf(err) != adapters.Unavailable || err == nil || time.Since(begun) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(begun))
	}
}

func TestManyRowsKeepMemoryFlat(t *testing.T) {
	b := newBench(t, plainOptions)
	var text strings.Builder
	text.WriteString(heading)
	for i := range 20_000 {
		text.WriteString(string(rune('a'+i%26)) + strings.Repeat("x", i%7) + "-" + time.Duration(i).String() + ",A,B,\n")
	}
	b.drop("students.csv", text.String())
	n, first := 0, uint64(0)
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for it, err := range b.a.Pull(t.Context(), "") {
		if err != nil || it.Err != nil {
			t.Fatal(err, it.Err)
		}
		switch n++; n {
		case 10:
			first = live()
		case 20_000: // what is left is eight bytes a row, to tell double ones
			if now := live(); now > first+2<<20 {
				t.Errorf("%d KiB more after 20,000 rows", (now-first)>>10)
			}
		}
	}
	if n != 20_003 {
		t.Errorf("%d items", n)
	}
}

func TestPullWhoseContextEnds(t *testing.T) {
	b := newBench(t, plainOptions)
	b.drop("students.csv", heading+"1,A,,\n2,B,,\n")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for it, err := range b.a.Pull(ctx, "") {
		if it.Ends != "" || it.Cursor != "" {
			t.Error("a mark after the end")
		}
		last = err
		cancel()
	}
	if adapters.ClassOf(last) != adapters.Unavailable || last == nil {
		t.Error(last)
	}
}

func TestAcknowledgeIsSafeToCallAgain(t *testing.T) {
	b := newBench(t, plainOptions)
	b.drop("students.csv", heading+"1,A,,\n")
	p := b.clean("")
	b.acknowledge(p.cursor)
	b.acknowledge(p.cursor)
	b.acknowledge("unknown")
	if got := b.names("archive"); len(got) != 1 {
		t.Errorf("archive %v", got)
	}
}
