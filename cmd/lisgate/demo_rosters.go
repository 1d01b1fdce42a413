package main

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"lisgate/adapters/lissoap"
	"lisgate/cmd/lisgate/term"
	"lisgate/gateway/lis"
)

// demoReaders is how many rosters the LMS reads at a time.
const demoReaders = 4

// readRosters has the LMS read the roster of every section from the gateway,
// over LIS, and holds it against the term.
func (p *demoPlay) readRosters(ctx context.Context) error {
	client, err := p.house.client("lms")
	if err != nil {
		return err
	}
	defer client.Close()
	seats := make([][]term.Seat, p.term.Sections())
	for seat := range p.term.Seats() {
		seats[seat.Section] = append(seats[seat.Section], seat)
	}
	check := p.check("rosters read by the LMS", "the memberships and people of every section, as the term has them")
	return p.phase("LMS reads rosters", int64(len(seats)), func(line *demoLine) error {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(demoReaders)
		for section := range seats {
			group.Go(func() error {
				defer line.add(1)
				r := &demoRoster{client: client, term: p.term, section: section, seats: seats[section], check: check}
				return r.read(ctx)
			})
		}
		return group.Wait()
	})
}

// A demoRoster is that of one section.
type demoRoster struct {
	client  *lissoap.Client
	term    *term.Term
	section int
	seats   []term.Seat
	check   *demoCheck
}

func (r *demoRoster) read(ctx context.Context) error {
	id := term.SectionID(r.section)
	ids, err := r.ids(ctx, id)
	if err != nil {
		return err
	}
	members, err := r.records(ctx, "readMemberships", id, ids)
	if err != nil {
		return err
	}
	persons := make([]lis.SourcedID, 0, len(members))
	for _, m := range members {
		if o, ok := m.Object.(*lis.Membership); ok {
			persons = append(persons, o.Person())
		}
	}
	people, err := r.records(ctx, "readPersons", id, persons)
	if err != nil {
		return err
	}
	r.compare(members, people)
	return nil
}

func (r *demoRoster) ids(ctx context.Context, section lis.SourcedID) ([]lis.SourcedID, error) {
	call := &lis.Call{Operation: "readMembershipIdsForCollection", Of: section, Collection: string(lis.KindCourseSection)}
	answer, err := callPatiently(ctx, r.client, "lms-roster-"+string(section), call)
	if err != nil {
		return nil, err
	}
	return lis.Collect(answer.IDs)
}

func (r *demoRoster) records(ctx context.Context, operation string, section lis.SourcedID, ids []lis.SourcedID) ([]*lis.Record, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	answer, err := callPatiently(ctx, r.client, fmt.Sprintf("lms-%s-%s", operation, section), &lis.Call{Operation: operation, IDs: ids})
	if err != nil {
		return nil, err
	}
	return lis.Collect(answer.Records)
}

// compare holds what was read against what the term has.
func (r *demoRoster) compare(members, people []*lis.Record) {
	r.check.count(string(term.SectionID(r.section)), "memberships", len(r.seats), len(members))
	r.check.count(string(term.SectionID(r.section)), "people", len(r.seats), len(people))
	foundMembers, foundPeople := byID(members), byID(people)
	for _, seat := range r.seats {
		r.check.record(seat.Record(), foundMembers[seat.ID()])
		r.check.record(r.term.Person(seat.Person), foundPeople[term.PersonID(seat.Person)])
	}
}

func byID(records []*lis.Record) map[lis.SourcedID]*lis.Record {
	found := make(map[lis.SourcedID]*lis.Record, len(records))
	for _, r := range records {
		found[r.ID] = r
	}
	return found
}
