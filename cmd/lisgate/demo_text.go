package main

import (
	"fmt"
	"io"
	"path/filepath"

	"lisgate/cmd/lisgate/campus"
	"lisgate/cmd/lisgate/term"
	"lisgate/gateway/lis"
)

// picture shows what is about to happen.
func (s *demoScreen) picture(h *demoHouse) {
	s.say(`
  pretend SIS               lisgate                 pretend LMS
  %-21s     %-21s   %s
       |                       |                         |
       |-- one term, SOAP ---->|-- routed on ----------->|
       |                       |<-- reads rosters -------|
       |<-- routed on ---------|<-- final grades, SOAP --|
       |-- next term's wishes >|                         |
       |<-- checked timetable -|-- published timetable ->|
                               |^
                  the wishes   v|  the timetable
                        pretend planner
                        %s

`, h.sis.Addr(), h.gateway.Addr(), h.lms.Addr(), h.planner.Addr())
}

// printBalance prints sent = applied + refused + waiting, kind by kind.
func printBalance(w io.Writer, rows []demoBalance) {
	fmt.Fprintf(w, "\n  %-20s  %-22s %8s = %8s + %7s + %7s\n", "Balance", "", "sent", "applied", "refused", "waiting")
	way := ""
	for _, b := range rows {
		if now := systemWord(b.From) + " to " + systemWord(b.To); now == way {
			fmt.Fprintf(w, "  %-20s", "")
		} else {
			way = now
			fmt.Fprintf(w, "  %-20s", way)
		}
		fmt.Fprintf(w, "  %-22s %8s   %8s   %7s   %7s", kindWord(b.Kind), grouped(int(b.Sent)), grouped(int(b.Applied)), grouped(int(b.Refused)), grouped(int(b.Waiting)))
		if !b.Balanced {
			fmt.Fprint(w, "   OUT OF BALANCE")
		}
		fmt.Fprintln(w)
		if b.Example != "" {
			fmt.Fprintf(w, "  %-22s such as %s\n", "", b.Example)
		}
	}
}

// printChecks prints what was compared with what was made up.
func printChecks(w io.Writer, checks []*demoCheck) {
	fmt.Fprintf(w, "\n  %-44s %8s   %s\n", "Compared with what was made up", "records", "different")
	for _, c := range checks {
		fmt.Fprintf(w, "  %-44s %8s   %9s\n", c.What, grouped(c.Compared), grouped(c.Differences))
		for _, example := range c.Examples {
			fmt.Fprintf(w, "    %s\n", example)
		}
	}
}

// whereNext says what can be looked at now.
func (s *demoScreen) whereNext(h *demoHouse, o demoOptions) {
	student := term.New(o.seed, o.scale).Student(0)
	data := filepath.Join(h.dir, "gateway")
	if o.exit {
		s.say("\nThe records are kept in %s\n  lisgate who %s --data %s\n", h.dir, student, data)
		return
	}
	s.say(`
Where to look next
  a student, and what became of each change   lisgate who %[1]s -g %[2]s
  the contract, for any SOAP tool kit         %[2]s/lis/pms?wsdl
  how the plan of the next term stands        lisgate plan list -g %[2]s
  a room's week, as a picture                 %[2]s/cps/week/room/%[5]s.svg
  the same, for a calendar                    %[2]s/cps/calendar/room/%[5]s.ics
  the balance, as JSON                        %[2]s/admin/v1/balance
  figures for Prometheus                      %[2]s/metrics
  the records and logs                        %[3]s

The gateway runs on; Ctrl-C ends it%[4]s.
`, student, h.address(), h.dir, andRemoves(o.keep), usedRoom(h))
}

// usedRoom is a room in which something takes place.
func usedRoom(h *demoHouse) lis.SourcedID {
	if solution := h.planner.Solution(); solution != nil {
		for _, s := range solution.Planned {
			for _, m := range s.Meetings {
				if m.Room != "" {
					return m.Room
				}
			}
		}
	}
	return campus.RoomID(0)
}

func andRemoves(keep bool) string {
	if keep {
		return " and leaves the folder"
	}
	return " and removes the folder"
}
