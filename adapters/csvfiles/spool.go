package csvfiles

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"lisgate/adapters/rows"
)

// A spooled file is a copy of a dropped one, which nobody else alters.
type spooled struct {
	dropped
	hash    string
	copy    *os.File
	heading []string
	rows    int64
}

// A refusal says why a file is not used. One that passes is of a file that
// may still be on its way: it stays where it is.
type refusal struct {
	line, column int
	rule         string
	text, hint   string
	passes       bool
}

// Error says it all in one line.
func (r *refusal) Error() string {
	return fmt.Sprintf("%s: %s; %s; nothing of the file is used, and nobody is taken for absent", r.rule, r.text, r.hint)
}

// spool copies a file, and holds it against what was announced.
func (a *Adapter) spool(ctx context.Context, f folder, d dropped) (*spooled, error) {
	if d.info.Size() > a.options.MaxFile {
		return nil, &refusal{rule: "size", text: fmt.Sprintf("more than %d bytes", a.options.MaxFile), hint: "split it, or raise maxFile"}
	}
	out, err := os.CreateTemp(a.options.Spool, "lisgate-csv-")
	if err != nil {
		return nil, away("spool", err)
	}
	s := &spooled{dropped: d, copy: out}
	if err := errors.Join(os.Remove(out.Name()), a.fill(ctx, f, s)); err != nil { // it lives as long as it is open
		s.close()
		return nil, err
	}
	return s, nil
}

func (a *Adapter) fill(ctx context.Context, f folder, s *spooled) error {
	in, err := f.open(ctx, s.name)
	if err != nil {
		return away("open "+s.name, err)
	}
	defer in.Close()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(s.copy, sum), io.LimitReader(&stoppable{ctx, in}, a.options.MaxFile+1))
	if err != nil {
		return away("read "+s.name, err)
	}
	s.hash = hex.EncodeToString(sum.Sum(nil))
	after, err := f.stat(ctx, s.name)
	if err != nil {
		return away("look at "+s.name, err)
	}
	if n != s.info.Size() || after.Size() != s.info.Size() || !after.ModTime().Equal(s.info.ModTime()) {
		return &refusal{rule: "unchanged", text: "the file changed while it was read", hint: "write it under another name and rename it when it is whole", passes: true}
	}
	if s.entry != nil && s.entry.SHA256 != s.hash {
		return &refusal{rule: "sha256", text: "the checksum is not the one in the manifest", hint: "the file is cut or not the one that was meant; drop it again, the manifest last", passes: true}
	}
	return nil
}

func (s *spooled) close() { _ = s.copy.Close() }

// A stoppable reader ends with its context.
type stoppable struct {
	ctx context.Context
	in  io.Reader
}

// Read reads unless the context has ended.
func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.in.Read(p)
}

// rewind returns a reader of the copy from its beginning.
func (a *Adapter) rewind(s *spooled) (*reader, error) {
	if _, err := s.copy.Seek(0, io.SeekStart); err != nil {
		return nil, away("spool", err)
	}
	return newReader(s.copy, a.options.Comma[0], a.options.Encoding == "latin-1", a.options.Limits), nil
}

// survey looks a file through to its end before anything of it is used.
func (a *Adapter) survey(ctx context.Context, s *spooled) error {
	r, err := a.rewind(s)
	if err != nil {
		return err
	}
	first, err := r.read()
	if errors.Is(err, io.EOF) {
		return &refusal{line: 1, rule: "heading", text: "the file is empty", hint: "a file begins with its heading"}
	}
	if err != nil {
		return refused(err)
	}
	for _, h := range first {
		s.heading = append(s.heading, strings.TrimSpace(h))
	}
	if err := s.file.fits(s.heading); err != nil {
		return err
	}
	for s.rows = 0; ; s.rows++ {
		if s.rows%1000 == 0 && ctx.Err() != nil {
			return away("read "+s.name, ctx.Err())
		}
		if _, err := r.read(); errors.Is(err, io.EOF) {
			return s.counted()
		} else if err != nil {
			return refused(err)
		}
	}
}

// refused makes a refusal of what the reader found.
func refused(err error) error {
	var e *SyntaxError
	if errors.As(err, &e) {
		return &refusal{line: e.Line, column: e.Column, rule: e.Rule, text: e.Text, hint: e.Hint}
	}
	return away("spool", err)
}

// counted holds the number of rows against what was announced.
func (s *spooled) counted() error {
	if s.entry != nil && s.entry.Rows != nil {
		if *s.entry.Rows != s.rows {
			return &refusal{rule: "rows", text: fmt.Sprintf("%d rows; the manifest says %d", s.rows, *s.entry.Rows),
				hint: "drop the whole file again, the manifest last", passes: true}
		}
		return nil
	}
	if s.rows == 0 && s.mode == Full {
		return &refusal{line: 1, rule: "rows", text: "a full list without rows", hint: "if truly all are gone, say so by a manifest with rows 0"}
	}
	return nil
}

// fits looks whether a heading has what the mapping reads.
func (f *file) fits(heading []string) error {
	var need []string
	for _, c := range f.mapping.Columns() {
		if h, ok := f.Columns[c]; ok {
			c = h
		}
		need = append(need, c)
	}
	for i, h := range heading {
		if slices.Contains(need, h) && slices.Contains(heading[:i], h) {
			return &refusal{line: 1, column: i + 1, rule: "heading", text: fmt.Sprintf("two columns are named %q", h), hint: "name one otherwise"}
		}
	}
	if absent := rows.Absent(need, heading); len(absent) > 0 {
		return &refusal{line: 1, rule: "heading", text: "there is no column " + strings.Join(absent, ", nor "),
			hint: "mend the heading, or the columns in the options"}
	}
	return nil
}
