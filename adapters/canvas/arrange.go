package canvas

import (
	"strings"

	"lisgate/gateway/lis"
)

// arrange orders the enrolments: those that begin stand before those that end,
// so that a person who changes section is never in none. Where one change ends
// what another one wants, as when a membership comes back under another
// sourcedId, what is wanted stays.
func (b *batch) arrange(results []result) {
	wanted := map[string]bool{}
	for _, r := range b.rows["enrollments"] {
		wanted[r.enrolment()] = wanted[r.enrolment()] || r.fields["status"] == "active"
	}
	var begin, end []row
	for _, r := range b.rows["enrollments"] {
		switch {
		case r.fields["status"] == "active":
			begin = append(begin, r)
		case wanted[r.enrolment()] && b.changes[r.change].Act != lis.Drop:
		case wanted[r.enrolment()]:
			results[r.change].outcome = lis.Outcome{Effect: lis.Unchanged, Detail: "another membership of the same person, role and section stays"}
		default:
			end = append(end, r)
		}
	}
	b.rows["enrollments"] = append(begin, end...)
	b.count()
}

// enrolment names what a row of enrollments.csv speaks of.
func (r row) enrolment() string {
	return strings.Join([]string{r.fields["course_id"], r.fields["section_id"], r.fields["user_id"], r.fields["role"], r.fields["associated_user_id"]}, "\x00")
}

// count notes which changes have rows.
func (b *batch) count() {
	clear(b.asked)
	for _, rows := range b.rows {
		for _, r := range rows {
			b.asked[r.change] = true
		}
	}
}

// preflight refuses in plain words what Canvas would refuse in others, or
// would take and spoil.
func preflight(rows []row) error {
	for _, r := range rows {
		for _, column := range sheetNamed(r.sheet).columns {
			if problem := badField(r.fields[column]); problem != "" {
				return refused("mend it at the source, then send the record again",
					"%s of %s.csv %s", column, r.sheet, problem)
			}
		}
	}
	return nil
}
