package cps

import (
	"context"
	"fmt"
	"io"
	"strings"

	"lisgate/gateway/cps/itc2019"
	"lisgate/gateway/cps/unitime"
	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// Export writes a file of what the records say.
func (d *Desk) Export(ctx context.Context, e Export, w io.Writer) error {
	if e.Format == FormatICal {
		return d.Calendar(ctx, Picture{Room: lis.SourcedID(e.Room), Person: lis.SourcedID(e.Person), Section: lis.SourcedID(e.Section)}, w)
	}
	snap, err := d.Store.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	term := lis.SourcedID(e.Term)
	switch e.Format {
	case FormatITC2019:
		if term, err = problemOf(snap, term); err != nil {
			return err
		}
		switch e.What {
		case "", "problem":
			return itc2019.WriteProblem(w, &records{snap, term})
		case "solution":
			return itc2019.WriteSolution(w, &records{snap, term})
		}
		return fmt.Errorf("what: of ITC 2019 there are problem and solution, not %q", e.What)
	case FormatUniTime:
		h, err := headerOf(snap, term)
		if err != nil {
			return err
		}
		switch e.What {
		case "", "timetable":
			return unitime.WriteTimetable(w, h, &records{snap, term})
		case "offerings":
			return unitime.WriteOfferings(w, h, &records{snap, term})
		}
		return fmt.Errorf("what: of UniTime there are timetable and offerings, not %q", e.What)
	}
	return fmt.Errorf("format: %q cannot be written; there are %s, %s and %s", e.Format, FormatITC2019, FormatUniTime, FormatICal)
}

// headerOf makes the three names by which UniTime knows a session: those of the
// sourcedId that reading one has made, or else the institution, the year in
// which the term begins, and what the term is called.
func headerOf(v journal.View, term lis.SourcedID) (unitime.Header, error) {
	var h unitime.Header
	err := look(v, lis.KindGroup, term, func(g *lis.Group) error {
		h.Term = string(term)
		if d := g.Description; d != nil {
			h.Term = or(d.ShortDescription.String(), h.Term)
		}
		if h.Campus = "main"; g.Org != nil {
			h.Campus = or(g.Org.ID.String(), h.Campus)
		}
		if g.TimeFrame != nil {
			s := spanOf(g.TimeFrame)
			h.Begin, h.End = s.begin, s.end
		}
		h.Year = h.Begin.Time().Format("2006")
		return nil
	})
	if err != nil {
		return h, fmt.Errorf("term: %w; name the academic session with --term and the sourcedId of its group", err)
	}
	if parts := strings.Split(strings.TrimPrefix(string(term), "unitime:session:"), ":"); len(parts) == 3 {
		h.Campus, h.Year, h.Term = unescaped.Replace(parts[0]), unescaped.Replace(parts[1]), unescaped.Replace(parts[2])
	}
	return h, nil
}

var unescaped = strings.NewReplacer("+", " ", "%3A", ":", "%2B", "+", "%25", "%")
