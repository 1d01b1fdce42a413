package csvfiles

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"lisgate/gateway/lis"
)

// A dropped file is one that is whole.
type dropped struct {
	name  string
	info  fs.FileInfo
	file  *file
	mode  string
	entry *entry // of the manifest, nil without one
}

// unfinished are the endings of files that are being written, and of ours.
var unfinished = []string{".tmp", ".part", ".filepart", ".crdownload", ".errors.csv", ".done"}

// ready chooses the files of a listing that can be taken.
func (a *Adapter) ready(infos []fs.FileInfo, m *manifest, now time.Time) []dropped {
	there := map[string]bool{}
	for _, i := range infos {
		there[i.Name()] = true
	}
	var found []dropped
	for _, i := range infos {
		d := dropped{name: i.Name(), info: i, file: a.fileOf(i.Name()), entry: m.of(i.Name())}
		if d.file == nil || !i.Mode().IsRegular() || !a.whole(d, there, now) {
			continue
		}
		if d.mode = d.file.Mode; d.file.DeltaName != "" && match(d.file.DeltaName, d.name) {
			d.mode = Delta
		}
		if d.entry != nil && d.entry.Mode != "" {
			d.mode = d.entry.Mode
		}
		found = append(found, d)
	}
	slices.SortFunc(found, func(x, y dropped) int {
		return cmp.Or(x.info.ModTime().Compare(y.info.ModTime()), strings.Compare(x.name, y.name))
	})
	return found
}

func (a *Adapter) whole(d dropped, there map[string]bool, now time.Time) bool {
	switch a.options.Ready {
	case ReadyDone:
		return there[d.name+".done"]
	case ReadyManifest:
		return d.entry != nil
	}
	return now.Sub(d.info.ModTime()) >= a.options.Settle
}

// fileOf returns what the options say of a name, nil for nothing.
func (a *Adapter) fileOf(name string) *file {
	if strings.HasPrefix(name, ".") || slices.Contains(manifestNames, name) || !plainName(name) {
		return nil
	}
	for _, u := range unfinished {
		if strings.HasSuffix(strings.ToLower(name), u) {
			return nil
		}
	}
	for _, f := range a.files {
		if match(f.Name, name) || f.DeltaName != "" && match(f.DeltaName, name) {
			return f
		}
	}
	return nil
}

func match(pattern, name string) bool {
	ok, _ := path.Match(pattern, name)
	return ok
}

// A step is what is read together: a delta, or the full files of a kind.
type step struct {
	kind   lis.Kind
	full   bool
	files  []dropped
	lacks  []string  // patterns of full files that are not there
	passed []dropped // older full files, which a newer one replaces
}

// steps puts the files in order: kind by kind as the options name them, and
// within a kind by age.
func (a *Adapter) steps(found []dropped) []step {
	var steps []step
	done := map[lis.Kind]bool{}
	for _, f := range a.files {
		if kind := f.Kind; !done[kind] {
			done[kind] = true
			steps = append(steps, a.stepsOf(kind, found)...)
		}
	}
	return steps
}

func (a *Adapter) stepsOf(kind lis.Kind, found []dropped) []step {
	full, newest := step{kind: kind, full: true}, map[*file]dropped{}
	var deltas []dropped
	for _, d := range found {
		if d.file.Kind != kind {
			continue
		}
		if d.mode == Delta {
			deltas = append(deltas, d)
			continue
		}
		if older, ok := newest[d.file]; ok {
			full.passed = append(full.passed, older)
		}
		newest[d.file] = d
	}
	for _, f := range a.files {
		d, there := newest[f]
		switch {
		case there:
			full.files = append(full.files, d)
		case f.Kind == kind && f.Mode == Full:
			full.lacks = append(full.lacks, f.Name)
		}
	}
	var steps []step
	for _, d := range deltas {
		if len(full.files) > 0 && d.info.ModTime().After(full.newest()) {
			steps, full.files, full.passed = append(steps, full), nil, nil
		}
		steps = append(steps, step{kind: kind, files: []dropped{d}})
	}
	if len(full.files) > 0 {
		steps = append(steps, full)
	}
	return steps
}

// newest is when the youngest file of a step was written.
func (s *step) newest() (when time.Time) {
	for _, d := range s.files {
		if d.info.ModTime().After(when) {
			when = d.info.ModTime()
		}
	}
	return when
}
