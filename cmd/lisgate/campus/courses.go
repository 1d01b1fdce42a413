package campus

import (
	"fmt"

	"lisgate/gateway/lis"
)

// A form is how a course is taught.
type form int

const (
	laboratory   form = iota // a lecture, and four laboratories that belong to it
	great                    // two lectures in a great hall
	twin                     // two lectures
	seminar                  // one seminar
	crossListed              // one seminar, taught together with the next
	crossListing             // that next
	arranged                 // a thesis: neither room nor time
)

// sectionsOf says how many sections a form has.
var sectionsOf = [...]int{laboratory: 5, great: 2, twin: 2, seminar: 1, crossListed: 1, crossListing: 1, arranged: 1}

// forms are taken in turn; they have 22 sections. Of four great ones one is
// none, for the great halls would be full.
var forms = [...]form{laboratory, twin, seminar, twin, laboratory, great, crossListed, crossListing, seminar, seminar, arranged}

// A course is what a template, its offering and its sections have in common.
type course struct {
	number int
	form   form
	first  int // section
	limit  int // of a section that is not a laboratory
	before int // seats in the courses before it
}

// labSeats is the limit of a laboratory.
const labSeats = 40

func (c *course) sections() int { return sectionsOf[c.form] }

// seats is how many students can take the course.
func (c *course) seats() int {
	if c.form == laboratory {
		return c.limit
	}
	return c.limit * c.sections()
}

// layOut makes the list of courses.
func (c *Campus) layOut() {
	for i := 0; len(c.of) < c.size.Sections; i++ {
		f := forms[i%len(forms)]
		if f == great && i/len(forms)%4 == 3 {
			f = twin
		}
		left := c.size.Sections - len(c.of)
		if left < sectionsOf[f] || f == crossListed && left < 2 {
			f = seminar
		}
		k := course{number: i, form: f, first: len(c.of), limit: c.limitOf(f, i), before: c.seats}
		for range k.sections() {
			c.of = append(c.of, i)
		}
		c.courses, c.seats = append(c.courses, k), c.seats+k.seats()
	}
	c.wishes = c.wishesOf()
}

func (c *Campus) limitOf(f form, i int) int {
	r := c.dice(forCourse, i)
	switch f {
	case laboratory:
		return 4 * labSeats
	case great:
		return 230 + 10*r.IntN(6)
	case twin:
		return 76 + 4*r.IntN(7)
	case seminar:
		return 40 + 2*r.IntN(9)
	case arranged:
		return 12
	}
	return 40 + 2*r.IntN(5)
}

// subjects are what is taught.
var subjects = []struct{ code, name string }{
	{"ASTR", "Astronomy"}, {"BOTN", "Botany"}, {"CHEM", "Chemistry"}, {"DRAM", "Drama"}, {"ECON", "Economics"}, {"FILM", "Film"},
	{"GEOL", "Geology"}, {"HIST", "History"}, {"INFO", "Informatics"}, {"JURI", "Law"}, {"KINE", "Kinesiology"}, {"LING", "Linguistics"},
	{"MATH", "Mathematics"}, {"NURS", "Nursing"}, {"OPTI", "Optics"}, {"PHYS", "Physics"},
}

var levels = []string{"Introduction to %s", "Methods of %s", "History of %s", "Topics in %s", "Theory of %s", "%s in Practice"}

func (c *course) code() string {
	return fmt.Sprintf("%s-%d", subjects[c.number%len(subjects)].code, 101+c.number/len(subjects))
}

func (c *course) title() *lis.Text {
	n := c.number / len(subjects)
	title := fmt.Sprintf(levels[n%len(levels)], subjects[c.number%len(subjects)].name)
	if part := n/len(levels) + 1; part > 1 {
		title += fmt.Sprintf(" %d", part)
	}
	return en(title)
}

func (c *course) org() *lis.Org {
	s := subjects[c.number%len(subjects)]
	return &lis.Org{OrgName: en("Example University"), OrgUnit: en(s.name), Type: en("department"), ID: en("dept-" + s.code)}
}

func (c *Campus) template(i int) *lis.Record {
	k := &c.courses[i]
	return record(TemplateID(i), &lis.CourseTemplate{
		Label: en(k.code()), Title: k.title(), CourseNumber: en(k.code()), Status: lis.StatusActive,
		DefaultCredits: en("3"), Org: k.org(), DataSource: agent,
	})
}

// offering returns a course in the term, with how many are expected in it.
func (c *Campus) offering(i int) *lis.Record {
	k := &c.courses[i]
	o := &lis.CourseOffering{
		Label: en(k.code() + "-27S"), Title: k.title(), ParentTemplateID: TemplateID(i), Status: lis.StatusActive,
		DefaultCredits: en("3"), AcademicSession: en(string(Session)), Org: k.org(),
		TimeFrame: []lis.TimeFrame{*timeFrame()}, DataSource: agent,
	}
	o.SetDemand(lis.Demand{Expected: c.demand(k), LastLike: k.seats() * (80 + c.dice(forCourse, i).IntN(20)) / 100})
	return record(OfferingID(i), o)
}
