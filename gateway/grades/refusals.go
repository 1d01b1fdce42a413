package grades

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// refusalsKind is the kind of the jobs that hold, one a section, what the
// gateway itself did not take and nothing has come for since. They are kept
// beside the receipts because a receipt counts what was unchanged and does not
// list it, and because reading all receipts of a term takes long.
const refusalsKind = "grades refused"

// asked is what a grade was for, in the words of whoever sent it: the next one
// in the same words takes its place.
type asked struct {
	section lis.SourcedID
	key     string
}

func askedFor(g *Grade) asked {
	key, _ := json.Marshal([]string{string(g.Person), string(g.LineItem), g.Type, g.Label}) // of strings: no error
	return asked{g.Section, string(key)}
}

// A refused row is one that waits for somebody to put it right.
type refusedRow struct {
	Row
	Time time.Time `json:"time"`
}

// settleRefusals brings what is refused up to date with a receipt.
func settleRefusals(tx journal.Tx, r *Receipt) error {
	sections := map[lis.SourcedID][]Row{}
	for _, row := range r.Rows {
		sections[row.asked.section] = append(sections[row.asked.section], row)
	}
	for _, section := range slices.Sorted(maps.Keys(sections)) {
		if err := settleSection(tx, section, sections[section], r.Time); err != nil {
			return fmt.Errorf("keep the refusals of section %s: %w", section, err)
		}
	}
	return nil
}

func settleSection(tx journal.Tx, section lis.SourcedID, rows []Row, at time.Time) error {
	j, err := tx.Job(refusalsKind + "/" + string(section))
	if err != nil {
		return err
	}
	if j == nil {
		j = &journal.Job{ID: refusalsKind + "/" + string(section), Kind: refusalsKind}
	}
	open, err := refusalsIn(j)
	if err != nil {
		return err
	}
	changed := false
	for _, row := range rows {
		_, was := open[row.asked.key]
		if delete(open, row.asked.key); row.State == RefusedBy {
			open[row.asked.key] = refusedRow{row, at}
		}
		changed = changed || was || row.State == RefusedBy
	}
	if !changed {
		return nil
	}
	if j.State, j.Updated = "open", at; len(open) == 0 {
		j.State = "done"
	}
	if j.Data, err = json.Marshal(open); err != nil {
		return err
	}
	return tx.PutJob(j)
}

func refusalsIn(j *journal.Job) (map[string]refusedRow, error) {
	open := map[string]refusedRow{}
	if len(j.Data) == 0 {
		return open, nil
	}
	return open, json.Unmarshal(j.Data, &open)
}

// WriteRefused writes, as CSV, the results that the SIS refused and those that
// the gateway did and that nothing has come for since, for somebody who enters
// them by hand.
func (d *Desk) WriteRefused(ctx context.Context, w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"courseSectionSourcedId", "personSourcedId", "lineItemSourcedId", "resultScore", "refusedBy", "reason", "answer", "time"}); err != nil {
		return err
	}
	for s, err := range d.States(ctx, "") {
		if err != nil {
			return err
		}
		if s.State != "refused" {
			continue
		}
		if err := out.Write(line(s.Section, s.Person, s.LineItem, s.Score, s.Target, s.Reason, s.Answer, s.At)); err != nil {
			return err
		}
	}
	if err := d.writeOwn(ctx, out); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// writeOwn writes the gateway's own refusals, a section at a time.
func (d *Desk) writeOwn(ctx context.Context, out *csv.Writer) error {
	snap, err := d.store.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	for j, err := range snap.Jobs(refusalsKind) {
		if err != nil {
			return err
		}
		open, err := refusalsIn(j)
		if err != nil {
			return fmt.Errorf("read %s: %w", j.ID, err)
		}
		for _, key := range slices.Sorted(maps.Keys(open)) {
			row := open[key]
			if err := out.Write(line(row.Section, row.Person, row.LineItem, row.Score, "lisgate", row.Reason, "", row.Time)); err != nil {
				return err
			}
		}
	}
	return nil
}

// line makes a row of the CSV. A cell that a spreadsheet would take for a
// formula gets an apostrophe before it.
func line(section, person, item lis.SourcedID, score, by, reason, answer string, at time.Time) []string {
	cells := []string{string(section), string(person), string(item), score, by, reason, answer, at.UTC().Format(time.RFC3339)}
	for i, cell := range cells {
		if cell != "" && (cell[0] == '=' || cell[0] == '+' || cell[0] == '@' || cell[0] == '-' && len(cell) > 1 && (cell[1] < '0' || cell[1] > '9')) {
			cells[i] = "'" + cell
		}
	}
	return cells
}
