package canvasfake

import (
	"bytes"
	"errors"
	"strconv"
	"time"
)

// A sisImport is a job.
type sisImport struct {
	id       int64
	params   map[string]string
	files    []file
	created  time.Time
	began    time.Time // when those before it were done
	ended    time.Time
	polls    int
	state    string // of an import that has ended or hangs; "" while it runs
	seen     string
	rows     int
	messages []message
	counts   map[string]int
	changed  map[string]int // by kind, what was altered
	supplied []string
	diffedTo int64
	exceeded bool
}

type file struct {
	name string
	data []byte
}

type message struct {
	file string
	text string
	row  int
}

const maxBody = 512 << 20

// take puts an import in the queue.
func (a *Account) take(files []file, params map[string]string) *sisImport {
	i := &sisImport{id: a.id(), params: params, files: files, created: a.opts.Now(), counts: map[string]int{}, changed: map[string]int{}}
	if isTrue(params["batch_mode"]) {
		delete(params, "diffing_data_set_identifier") // they exclude each other, and this one is dropped without a word
	}
	if a.behaviour.StuckInitializing > 0 {
		a.behaviour.StuckInitializing--
		i.state = "initializing"
	}
	for _, f := range files {
		i.rows += bytes.Count(f.data, []byte("\n"))
	}
	a.imports = append(a.imports, i)
	a.posted++
	a.most = max(a.most, a.running())
	a.advance()
	return i
}

// running counts imports that have not ended and are not stuck.
func (a *Account) running() int {
	n := 0
	for _, i := range a.imports {
		if i.state == "" {
			n++
		}
	}
	return n
}

// advance brings the imports to where they are by now, one after the other:
// Canvas runs one at a time and skips what is stuck.
func (a *Account) advance() {
	now := a.opts.Now()
	free := time.Time{}
	for _, i := range a.imports {
		if i.state == "" {
			if i.began.IsZero() {
				i.began = later(i.created, free)
			}
			if !a.done(i, now) {
				return
			}
			a.run(i)
			i.ended = i.began.Add(a.takes(i))
			if i.params["diffing_data_set_identifier"] == "" {
				for n := range i.files {
					i.files[n].data = nil // nobody will compare with it
				}
			}
		}
		free = later(free, i.ended)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// takes is how long an import lasts by the clock.
func (a *Account) takes(i *sisImport) time.Duration {
	d := 2 * a.opts.StateTime
	if a.opts.RowsPerSecond > 0 {
		d += time.Duration(i.rows) * time.Second / time.Duration(a.opts.RowsPerSecond)
	}
	return d
}

func (a *Account) done(i *sisImport, now time.Time) bool {
	return i.polls >= 2*a.opts.Polls && !now.Before(i.began.Add(a.takes(i)))
}

// workflow is the state that an import shows.
func (a *Account) workflow(i *sisImport) string {
	switch {
	case i.state != "":
		return i.state
	case i.polls < a.opts.Polls, i.began.IsZero(), a.opts.Now().Before(i.began.Add(a.opts.StateTime)):
		return "created"
	}
	return "importing"
}

// run carries an import out and gives it its last state.
func (a *Account) run(i *sisImport) {
	if a.behaviour.EndIn != "" {
		i.state = a.behaviour.EndIn
		return
	}
	failed := a.process(i)
	switch {
	case failed:
		i.state = "failed_with_messages"
	case len(i.messages) > 0:
		i.state = "imported_with_messages"
	default:
		i.state = "imported"
	}
}

var errUnknownImport = errors.New("no such import")

func (a *Account) importNamed(id string) (*sisImport, error) {
	for _, i := range a.imports {
		if strconv.FormatInt(i.id, 10) == id {
			return i, nil
		}
	}
	return nil, errUnknownImport
}
