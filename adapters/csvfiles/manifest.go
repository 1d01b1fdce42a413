package csvfiles

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
)

// maxManifest bounds the bytes of a manifest.
const maxManifest = 1 << 20

// manifestNames are looked for in this order.
var manifestNames = []string{"manifest.json", "manifest.csv"}

// An entry is what a manifest says of a file.
type entry struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // hex; needed
	Rows   *int64 `json:"rows"`   // without the heading
	Mode   string `json:"mode"`   // full or delta
}

// A manifest is a list of files, written last.
type manifest struct {
	name    string
	entries []entry
}

// readManifest returns nil when there is none.
func readManifest(ctx context.Context, f folder) (*manifest, error) {
	for _, name := range manifestNames {
		text, err := readSmall(ctx, f, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		m := &manifest{name: name}
		if strings.HasSuffix(name, ".json") {
			err = m.readJSON(text)
		} else {
			err = m.readCSV(text)
		}
		if err == nil {
			err = m.check()
		}
		if err != nil {
			return nil, &badManifest{fmt.Errorf("%s: %w", name, err)}
		}
		return m, nil
	}
	return nil, nil
}

// A badManifest can be told and mended; the folder itself is well.
type badManifest struct{ error }

func readSmall(ctx context.Context, f folder, name string) ([]byte, error) {
	in, err := f.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxManifest+1))
	if len(text) > maxManifest {
		return nil, &badManifest{fmt.Errorf("%s has more than %d bytes", name, maxManifest)}
	}
	return text, err
}

func (m *manifest) readJSON(text []byte) error {
	var list struct {
		Files []entry `json:"files"`
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return fmt.Errorf(`%w; it is {"files": [{"name", "sha256", "rows", "mode"}]}`, err)
	}
	m.entries = list.Files
	return nil
}

func (m *manifest) readCSV(text []byte) error {
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll()
	if err != nil {
		return err
	}
	if len(lines) == 0 || strings.Join(lines[0], ",") != "name,sha256,rows,mode" {
		return errors.New("the heading is name,sha256,rows,mode")
	}
	for _, l := range lines[1:] {
		e := entry{Name: l[0], SHA256: l[1], Mode: l[3]}
		if l[2] != "" {
			n, err := strconv.ParseInt(l[2], 10, 64)
			if err != nil {
				return fmt.Errorf("rows of %q: not a number", l[0])
			}
			e.Rows = &n
		}
		m.entries = append(m.entries, e)
	}
	return nil
}

func (m *manifest) check() error {
	seen := map[string]bool{}
	for i := range m.entries {
		e := &m.entries[i]
		e.SHA256 = strings.ToLower(strings.TrimSpace(e.SHA256))
		switch {
		case !plainName(e.Name):
			return fmt.Errorf("%q is not the name of a file in the folder", e.Name)
		case seen[e.Name]:
			return fmt.Errorf("%q stands there twice", e.Name)
		case len(e.SHA256) != 64 || strings.Trim(e.SHA256, "0123456789abcdef") != "":
			return fmt.Errorf("%q: the sha256 is 64 hex digits", e.Name)
		case e.Mode != "" && e.Mode != Full && e.Mode != Delta:
			return fmt.Errorf("%q: the mode is full or delta", e.Name)
		}
		seen[e.Name] = true
	}
	return nil
}

func (m *manifest) of(name string) *entry {
	if m == nil {
		return nil
	}
	for i := range m.entries {
		if m.entries[i].Name == name {
			return &m.entries[i]
		}
	}
	return nil
}
