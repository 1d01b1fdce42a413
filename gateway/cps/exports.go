package cps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"lisgate/gateway/cps/itc2019"
	"lisgate/gateway/cps/unitime"
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
		h, err := headerOf(term)
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

// headerOf makes the three names by which UniTime knows a session of the
// sourcedId that reading one has made, or of campus/year/term.
func headerOf(term lis.SourcedID) (unitime.Header, error) {
	parts := strings.Split(strings.TrimPrefix(string(term), "unitime:session:"), ":")
	if !strings.HasPrefix(string(term), "unitime:session:") {
		parts = strings.Split(string(term), "/")
	}
	if len(parts) != 3 {
		return unitime.Header{}, errors.New("term: UniTime knows a session by campus, year and term; give --term with its sourcedId (unitime:session:…) or campus/year/term")
	}
	for i := range parts {
		parts[i] = unescaped.Replace(parts[i])
	}
	return unitime.Header{Campus: parts[0], Year: parts[1], Term: parts[2]}, nil
}

var unescaped = strings.NewReplacer("+", " ", "%3A", ":", "%2B", "+", "%25", "%")
