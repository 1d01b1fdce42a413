package csvfiles

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
)

// maxEntries bounds what is listed of a folder.
const maxEntries = 100_000

// A folder is where files are dropped. Names have no separators.
type folder interface {
	list(ctx context.Context) ([]fs.FileInfo, error)
	open(ctx context.Context, name string) (io.ReadCloser, error)
	stat(ctx context.Context, name string) (fs.FileInfo, error)
	create(ctx context.Context, name string) (io.WriteCloser, error)
	rename(ctx context.Context, from, to string) error
	mkdir(ctx context.Context, name string) error
	close() error
}

// local is a folder of this machine. No name, and no link in it, leads out.
type local struct{ root *os.Root }

func openLocal(name string) (*local, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &local{root}, nil
}

func (l *local) list(context.Context) ([]fs.FileInfo, error) {
	d, err := l.root.Open(".")
	if err != nil {
		return nil, err
	}
	defer d.Close()
	infos, err := d.Readdir(maxEntries)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return infos, err
}

func (l *local) open(_ context.Context, name string) (io.ReadCloser, error) { return l.root.Open(name) }

func (l *local) stat(_ context.Context, name string) (fs.FileInfo, error) { return l.root.Stat(name) }

func (l *local) create(_ context.Context, name string) (io.WriteCloser, error) {
	return l.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}

func (l *local) rename(_ context.Context, from, to string) error { return l.root.Rename(from, to) }

func (l *local) mkdir(_ context.Context, name string) error {
	err := l.root.Mkdir(name, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

func (l *local) close() error { return l.root.Close() }

// plainName reports whether a name is one of a file in the folder, as a
// manifest may say anything.
func plainName(name string) bool {
	return name != "" && name != "." && name != ".." && path.Base(name) == name && len(name) <= 255 && fs.ValidPath(name)
}
