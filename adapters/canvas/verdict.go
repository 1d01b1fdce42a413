package canvas

import (
	"context"
	"regexp"
	"strings"

	"lisgate/adapters"
	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
)

// A verdict is what Canvas said of a change: why it was not taken, or words
// that came with it all the same.
type verdict struct {
	err    *adapters.Error
	detail string
}

// A complaint is one line of the errors file.
type complaint struct {
	file    string
	message string
	row     int // counted from 1 with the header; 0 when it is not said
}

// settle turns verdicts into results. What no verdict speaks of was taken.
func (b *batch) settle(results []result, verdicts map[int]verdict, err error) {
	for i, asked := range b.asked {
		if !asked {
			continue
		}
		if err != nil {
			results[i] = result{err: asClassed(err)}
			continue
		}
		if results[i].outcome.Effect == "" {
			results[i].outcome = lis.Outcome{Effect: lis.Applied, TargetID: b.targetID(i)}
		}
		v := verdicts[i]
		if v.detail != "" {
			results[i].outcome.Detail = v.detail
		}
		if v.err != nil {
			results[i] = b.softened(i, v.err)
		}
	}
}

func (b *batch) targetID(i int) string {
	if target := b.targets[b.changes[i].ID]; target != "" {
		return target
	}
	if b.changes[i].Kind == lis.KindMembership {
		return ""
	}
	return string(key(b.changes[i]))
}

// softened: what is to be dropped and has no parents in Canvas is not there.
func (b *batch) softened(i int, e *adapters.Error) result {
	if b.changes[i].Act == lis.Drop && e.Class == adapters.Missing {
		return result{outcome: lis.Outcome{Effect: lis.Unchanged, Detail: e.Answer}}
	}
	return result{err: e}
}

// verdicts reads what an import that has ended says of each change.
func (a *Adapter) verdicts(ctx context.Context, b *batch, job *sisImport) (map[int]verdict, error) {
	state := jobStates[job.State]
	complaints, complete := a.complaints(ctx, job)
	if !state.byRow {
		e := classed(state.class, state.hint, "the import %d ended as %s", job.ID, job.State)
		e.Whole = state.whole
		e.Answer = words(complaints)
		return nil, e
	}
	found := map[int]verdict{}
	for _, c := range complaints {
		rows := b.blamed(c)
		if len(rows) == 0 {
			return nil, b.nobody(c)
		}
		for _, r := range rows {
			b.judge(found, r, c)
		}
	}
	if !complete {
		return nil, b.unread(job)
	}
	return found, nil
}

// unread: what is not named is not known. A smaller import has few enough
// messages to name them all.
func (b *batch) unread(job *sisImport) error {
	e := classed(adapters.Refused, "the rows are tried in smaller imports",
		"the import %d did not take more rows than Canvas names, and its errors file cannot be read", job.ID)
	if e.Whole = !b.alone(); !e.Whole {
		e.Class = adapters.Unavailable
	}
	return e
}

func words(complaints []complaint) string {
	var all []string
	for _, c := range complaints {
		all = append(all, c.message)
	}
	return peer.Clip(strings.Join(all, "; "))
}

// nobody is said of a message that no row can be found for. With one change
// there is no doubt whom it speaks of.
func (b *batch) nobody(c complaint) error {
	e := classed(adapters.Refused, unnamed, "Canvas complains about a row of %s and does not say which", peer.Clip(c.file))
	e.Whole, e.Answer = true, peer.Clip(c.message)
	return e
}

// judge keeps the gravest verdict on a change: a parent that is missing goes
// before a refusal, because it mends itself.
func (b *batch) judge(found map[int]verdict, r row, c complaint) {
	v := found[r.change]
	e := rowError(r, c)
	switch {
	case e == nil:
		v.detail = peer.Clip(c.message)
	case v.err == nil || v.err.Class != adapters.Missing:
		v.err = e
	}
	found[r.change] = v
}

// rowError says what a message means for the change, nil when the row was
// taken all the same.
func rowError(r row, c complaint) *adapters.Error {
	e := classed(adapters.Refused, unnamed, "Canvas did not take row %d of %s.csv", c.row, r.sheet)
	e.Answer = peer.Clip(c.message)
	m, id := meaning(c.message)
	if m == nil {
		return e
	}
	e.Class, e.Hint = m.class, m.hint
	switch m.class {
	case "":
		return nil
	case adapters.Missing:
		e.Parent, e.ParentKind = lis.SourcedID(id), m.kind
		if m.column == "account_id" {
			e.Parent = lis.SourcedID(r.fields["parent_account_id"])
		}
	}
	if by := claimedBy.FindStringSubmatch(c.message); by != nil {
		e.Match = by[1]
	}
	return e
}

func meaning(message string) (*rowMessage, string) {
	for i := range rowMessages {
		if m := rowMessages[i].pattern.FindStringSubmatch(message); m != nil {
			id := ""
			if len(m) > 1 {
				id = strings.TrimSpace(m[1])
			}
			return &rowMessages[i], id
		}
	}
	return nil, ""
}

// blamed finds the rows that a complaint speaks of: by the number when the
// message does not contradict it, by the id in the message otherwise.
func (b *batch) blamed(c complaint) []row {
	rows := b.rows[sheetOf(c.file)]
	m, id := meaning(c.message)
	speaksOf := func(r row) bool { return m == nil || m.column == "" || r.fields[m.column] == id }
	if n := c.row - 2; n >= 0 && n < len(rows) && speaksOf(rows[n]) {
		return rows[n : n+1]
	}
	var found []row
	if m == nil || m.column == "" {
		found = mentioned(rows, c.message)
	} else {
		for _, r := range rows {
			if speaksOf(r) {
				found = append(found, r)
			}
		}
	}
	if len(found) == 0 && b.alone() {
		for _, s := range sheets {
			found = append(found, b.rows[s.name]...)
		}
	}
	return found
}

// mentioned are the rows whose own id stands in a message as a word.
func mentioned(rows []row, message string) []row {
	var found []row
	for _, r := range rows {
		id := r.fields[sheetNamed(r.sheet).columns[0]]
		if id != "" && regexp.MustCompile(`(^|[\s'",(])`+regexp.QuoteMeta(id)+`([\s'",).]|$)`).MatchString(message) {
			found = append(found, r)
		}
	}
	return found
}

func (b *batch) alone() bool {
	n := 0
	for _, asked := range b.asked {
		if asked {
			n++
		}
	}
	return n == 1
}

// sheetOf reads the name of a sheet out of a file name.
func sheetOf(file string) string {
	name, _, _ := strings.Cut(file, "-")
	return strings.TrimSuffix(name, ".csv")
}
