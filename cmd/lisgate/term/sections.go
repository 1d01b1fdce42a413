package term

import (
	"fmt"
	"math/rand/v2"

	"lisgate/gateway/lis"
)

var (
	buildings = []string{"Main Building", "Þjóðarbókhlaða", "Bibliothek Süd", "Science Tower", "Aula Magna", "Maison d’Été"}
	days      = []string{"Mon, Wed", "Tue, Thu", "Mon, Wed, Fri", "Fri", "Sat"}
)

// SectionID returns the id of a section by its number from 0.
func SectionID(i int) lis.SourcedID { return lis.SourcedID(fmt.Sprintf("sec-26F-%05d", 10001+i)) }

// offeringOf returns the offering of a section. In each pair of offerings the
// first has two sections and the second has one.
func offeringOf(section int) int {
	return section/sectionsPerPair*offeringsPerPair + section%sectionsPerPair/2
}

// sectionOf returns the section of an offering in which somebody sits.
func sectionOf(offering int, r *rand.Rand) int {
	first := offering / offeringsPerPair * sectionsPerPair
	if offering%offeringsPerPair == 1 {
		return first + 2
	}
	return first + r.IntN(2)
}

// section returns a course section with its place and time.
func (t *Term) section(i int) *lis.Record {
	c, r := t.course(offeringOf(i)), t.dice(forSection, i)
	return record(SectionID(i), &lis.CourseSection{
		Label: en(fmt.Sprintf("%s-26F-%02d", c.code, i%sectionsPerPair%2+1)), Title: c.title,
		ParentOfferingID: c.offeringID(), CatalogDescription: c.describe(), Status: active,
		DefaultCredits: c.credits, Category: en(pick(r, []string{"Lecture", "Seminar", "Laboratory"})),
		MaxNumberOfStudents: is(int64(400)), Org: c.org(),
		TimeFrame:     []lis.TimeFrame{*timeFrame(lis.NewText("", sessionName))},
		EnrollControl: &lis.EnrollControl{EnrollAccept: is(r.IntN(10) > 0), EnrollAllowed: is(true)},
		Location:      en(fmt.Sprintf("%s, room %d.%02d", pick(r, buildings), r.IntN(5), 1+r.IntN(30))),
		Notes:         notes(r),
		Meeting:       meeting(r),
		DataSource:    agent,
		Extension: &lis.Extension{
			NameVocabulary: vocabulary("cmsv1p0", "extension"), TypeVocabulary: vocabulary("cmsv1p0", "extension"),
			Field: []lis.ExtensionField{
				{FieldName: "deliveryMode", FieldType: "String", FieldValue: pick(r, []string{"onCampus", "online", "blended"})},
				{FieldName: "CRN", FieldType: "Integer", FieldValue: fmt.Sprint(10001 + i)},
			},
		},
	})
}

func meeting(r *rand.Rand) *lis.Text {
	hour := 8 + r.IntN(10)
	return en(fmt.Sprintf("%s %02d:%02d–%02d:%02d", pick(r, days), hour, 15, hour+1, 45))
}

func notes(r *rand.Rand) *lis.Text {
	return en(pick(r, []string{"", "", "Bring a calculator.", "Field trip in week 6; boots & rain coat.", "Taught with <subtitles>."}))
}

// associations counts the offerings whose two sections are taught together:
// those of every second pair.
func (t *Term) associations() int { return (t.pairs + 1) / 2 }

// association binds the two sections of an offering.
func (t *Term) association(i int) *lis.Record {
	pair := 2 * i
	c := t.course(pair * offeringsPerPair)
	first := pair * sectionsPerPair
	return record(lis.SourcedID(fmt.Sprintf("assoc-26F-%05d", i+1)), &lis.SectionAssociation{
		Label: en(c.code + "-26F-ALL"), Title: c.title, Status: active,
		CourseSectionIDList: &lis.ListOfCourseSectionIDs{CourseSectionID: []lis.SourcedID{SectionID(first), SectionID(first + 1)}},
		DataSource:          agent,
	})
}
