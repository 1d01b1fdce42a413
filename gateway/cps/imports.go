package cps

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"lisgate/gateway/cps/itc2019"
	"lisgate/gateway/cps/unitime"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
)

// The formats of files.
const (
	FormatITC2019 = "itc2019"
	FormatUniTime = "unitime"
	FormatICal    = "ical"
)

// The sides whose word a file can be.
const (
	AsSIS     = "sis"
	AsPlanner = "planner"
)

// Import takes a file in as the SIS or the planner would have sent it: as one
// packet of a planner, or as a bulk file of the SIS.
func (d *Desk) Import(ctx context.Context, i Import, from io.Reader, progress func(read, applied, failed int64)) (*Imported, error) {
	p := d.named(i.Plan)
	if p == nil {
		return nil, fmt.Errorf("there is no plan %q; name one with --plan, see lisgate plan list", i.Plan)
	}
	in := &importing{desk: d, plan: p, Import: i, done: &Imported{}, id: "import-" + d.NewID(), progress: progress}
	calls, err := in.open(ctx, bufio.NewReaderSize(from, sniffed))
	if err != nil {
		return nil, err
	}
	defer in.close()
	caller := p.SIS
	if in.As == AsPlanner {
		caller = p.Planner
	}
	in.done.Report, err = d.ImportBulk(ctx, caller, in.id, in.items(ctx, calls), d.Registrar.Import)
	return in.done, err
}

// An importing is a file on its way in.
type importing struct {
	desk *Desk
	plan *plan
	Import
	id       string
	snap     journal.Snapshot
	done     *Imported
	progress func(read, applied, failed int64)
	read     int64
	left     map[string]int // what is not taken, by what it is
	rooms    map[string]lis.SourcedID
}

// sniffed is how much of a file is looked at to tell what it is.
const sniffed = 64 << 10

// open tells by the root of a file what it is, and begins to read it.
func (in *importing) open(ctx context.Context, file *bufio.Reader) (iter.Seq2[*lis.Call, error], error) {
	head, err := file.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if in.As != "" && in.As != AsSIS && in.As != AsPlanner {
		return nil, fmt.Errorf("as: %q is neither sis nor planner", in.As)
	}
	if in.Mode != "" && !known(in.Mode) {
		return nil, fmt.Errorf("mode: %q is none of %s", in.Mode, strings.Join(modes, ", "))
	}
	switch in.Format {
	case FormatITC2019:
		return in.itc2019(ctx, file, bytes.Contains(head, []byte("<solution")) && !bytes.Contains(head, []byte("<problem")))
	case FormatUniTime:
		return in.unitime(ctx, file, bytes.Contains(head, []byte("<timetable")))
	}
	return nil, fmt.Errorf("format: %q cannot be read; there are %s and %s", in.Format, FormatITC2019, FormatUniTime)
}

func (in *importing) side(otherwise string) {
	if in.As == "" {
		in.As = otherwise
	}
}

func (in *importing) itc2019(ctx context.Context, file io.Reader, solution bool) (iter.Seq2[*lis.Call, error], error) {
	o := itc2019.Options{Unknown: in.unknown}
	var err error
	if in.Begin != "" {
		if o.Begin, err = lis.ParseDate(in.Begin); err != nil {
			return nil, fmt.Errorf("begin: %w", err)
		}
	}
	if !solution {
		in.side(AsSIS)
		if o.Begin == 0 {
			return nil, errors.New("begin: an ITC 2019 problem counts weeks and knows no dates; give the Monday of its first week, such as --begin 2026-09-07")
		}
		return itc2019.ReadProblem(file, o), nil
	}
	in.side(AsPlanner)
	if in.snap, err = in.desk.Store.Snapshot(ctx); err != nil {
		return nil, err
	}
	term, err := problemOf(in.snap, "")
	if err != nil {
		return nil, err
	}
	return itc2019.ReadSolution(file, &records{in.snap, term}, o), nil
}

// problemOf returns the term of a problem: the one that is named, or the only
// one that there is.
func problemOf(snap journal.Snapshot, term lis.SourcedID) (lis.SourcedID, error) {
	if term != "" {
		return term, nil
	}
	var found []lis.SourcedID
	for e, err := range snap.Scan(lis.KindGroup, journal.Filter{}) {
		if err != nil {
			return "", err
		}
		g, err := content[*lis.Group](e)
		if err != nil {
			return "", err
		}
		if g.Extension.Get(lis.FieldITCProblem) != "" {
			found = append(found, e.ID)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", errors.New("there is no ITC 2019 problem here; import the problem first")
	}
	return "", fmt.Errorf("there are %d ITC 2019 problems here; name the term of one with --term, such as %s", len(found), found[0])
}

func (in *importing) unitime(ctx context.Context, file io.Reader, timetable bool) (iter.Seq2[*lis.Call, error], error) {
	if timetable {
		in.side(AsPlanner)
	}
	in.side(AsSIS)
	o := unitime.Options{Unknown: in.unknown, Resolve: in.resolve}
	if in.Begin != "" {
		var err error
		if o.Begin, err = lis.ParseDate(in.Begin); err != nil {
			return nil, fmt.Errorf("begin: %w", err)
		}
	}
	var err error
	in.snap, err = in.desk.Store.Snapshot(ctx)
	return unitime.Read(file, o), err
}

// resolve finds what is known already by the name that a file gives it.
func (in *importing) resolve(kind lis.Kind, name string) lis.SourcedID {
	if kind == lis.KindGroup {
		return in.room(name)
	}
	for e, err := range in.snap.Scan(kind, linkedTo(lis.LinkLabel, lis.SourcedID(name))) {
		if err == nil {
			return e.ID
		}
		break
	}
	return "" // it gets an id of its own
}

// room finds a room by its building and name.
func (in *importing) room(name string) lis.SourcedID {
	if in.rooms == nil {
		in.rooms = map[string]lis.SourcedID{}
		for e, err := range in.snap.Scan(lis.KindGroup, linkedTo(lis.LinkType, lis.FacilityType)) {
			if err != nil {
				break
			}
			if g, err := content[*lis.Group](e); err == nil {
				r, _ := g.Room() // what cannot be read has no name
				in.rooms[strings.TrimSpace(r.Building+" "+r.Name)] = e.ID
			}
		}
	}
	return in.rooms[name]
}

// there reports whether a call would create what there is: a file mentions
// courses and people, and does not know what is known of them.
func (in *importing) there(call *lis.Call) bool {
	op, _ := lis.OperationNamed(call.Operation)
	if op.Verb != lis.Create || in.snap == nil {
		return false
	}
	e, err := in.snap.Get(op.Kind, about(call))
	return err == nil && e != nil && !e.Deleted
}

func (in *importing) close() {
	if in.snap != nil {
		in.snap.Close()
	}
}

// unknown notes what a file has and LIS cannot say.
func (in *importing) unknown(what string) { in.leave("not kept: " + what) }

// mostWarnings is how many different things are told of.
const mostWarnings = 200

func (in *importing) leave(what string) {
	if in.left == nil {
		in.left = map[string]int{}
	}
	if _, told := in.left[what]; told || len(in.left) < mostWarnings {
		in.left[what]++
	}
}

// items makes a bulk file of the calls.
func (in *importing) items(ctx context.Context, calls iter.Seq2[*lis.Call, error]) iter.Seq2[*registrar.BulkItem, error] {
	return func(yield func(*registrar.BulkItem, error) bool) {
		defer in.warn()
		for call, err := range calls {
			if err == nil && (!in.admit(call) || in.there(call)) {
				continue
			}
			b, fatal := in.item(call, err)
			if !yield(b, fatal) || fatal != nil {
				return
			}
			if in.read++; in.progress != nil && in.read%1000 == 0 {
				in.progress(in.read, 0, 0)
			}
		}
	}
}

// admit leaves out what a planner's file has beside the plan: the SIS has its
// own courses and people.
func (in *importing) admit(call *lis.Call) bool {
	if in.As != AsPlanner {
		return true
	}
	op, known := lis.OperationNamed(call.Operation)
	if known && !taken(op) {
		in.leave("left to the SIS: " + string(op.Kind))
		return false
	}
	return true
}

func (in *importing) item(call *lis.Call, err error) (*registrar.BulkItem, error) {
	b := &registrar.BulkItem{Op: strconv.FormatInt(in.read+1, 10), Call: call}
	var one *itc2019.ItemError
	switch {
	case errors.As(err, &one):
		b.Op, b.Call, b.Err = one.Class, nil, &lis.Refusal{Situation: lis.Invalid, Text: err.Error()}
		return b, nil
	case err != nil:
		return nil, err
	}
	if call.ID != "" {
		b.Op = string(call.ID)
	}
	if c, ok := sectionOf(call); ok && in.As == AsPlanner {
		c.SetPlan(lis.Plan{Packet: in.id, Mode: in.Mode})
	}
	return b, nil
}

func (in *importing) warn() {
	for what, times := range in.left {
		if times > 1 {
			what += " (" + strconv.Itoa(times) + " times)"
		}
		in.done.Warnings = append(in.done.Warnings, what)
	}
	slices.Sort(in.done.Warnings)
}
