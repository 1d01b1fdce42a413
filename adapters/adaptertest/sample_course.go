package adaptertest

import (
	"fmt"

	"lisgate/gateway/lis"
)

func department() *lis.Org {
	return &lis.Org{OrgName: lis.NewText("en", "Faculty of Arts & Sciences"), ID: lis.NewText("", "DEPT:000")}
}

func template(n int) (string, lis.Object) {
	c := courses[n%len(courses)]
	return templateID(n), &lis.CourseTemplate{
		Label:              lis.NewText(c.language, c.number),
		Title:              lis.NewText(c.language, c.title),
		CatalogDescription: &lis.Description{ShortDescription: lis.NewText(c.language, c.topic)},
		CourseNumber:       lis.NewText("", c.number),
		Status:             "Active",
		DefaultCredits:     lis.NewText("", "3.0"),
		Org:                department(),
		DataSource:         "SIS",
	}
}

func offering(n int) (string, lis.Object) {
	c := courses[n%len(courses)]
	return offeringID(n), &lis.CourseOffering{
		Label:            lis.NewText(c.language, c.number+" 2026"),
		Title:            lis.NewText(c.language, c.title),
		ParentTemplateID: lis.SourcedID(templateID(n)),
		Status:           "Active",
		AcademicSession:  lis.NewText("", "2026-FALL"),
		Org:              department(),
		TimeFrame:        fall(),
		DataSource:       "SIS",
	}
}

func section(n int) (string, lis.Object) {
	c := courses[n%len(courses)]
	most, accept := int64(30+n%5), true
	return sectionID(n), &lis.CourseSection{
		Label:               lis.NewText(c.language, fmt.Sprintf("%s (%d)", c.number, n%3+1)),
		Title:               lis.NewText(c.language, c.title),
		ParentOfferingID:    lis.SourcedID(offeringID(n)),
		Status:              "Active",
		Category:            lis.NewText("en", "Lecture"),
		MaxNumberOfStudents: &most,
		Org:                 department(),
		TimeFrame:           fall(),
		EnrollControl:       &lis.EnrollControl{EnrollAccept: &accept, EnrollAllowed: &accept},
		Location:            lis.NewText("de", "Hörsaal 3, Königstraße 12"),
		Meeting:             lis.NewText("en", "Mon Wed 10:00–11:30"),
		DataSource:          "SIS",
	}
}

func fall() []lis.TimeFrame {
	restrict := false
	return []lis.TimeFrame{{
		Begin: "2026-09-01T00:00:00Z", End: "2026-12-18T23:59:59Z",
		Restrict: &restrict, AdminPeriod: lis.NewText("en", "Fall 2026"),
	}}
}

func association(n int) (string, lis.Object) {
	return fmt.Sprintf("XLIST %d", n), &lis.SectionAssociation{
		Label:  lis.NewText("en", fmt.Sprintf("Cross-listed %d", n)),
		Title:  lis.NewText("fr", "Cours jumelés à l’automne"),
		Status: "Active",
		CourseSectionIDList: &lis.ListOfCourseSectionIDs{
			CourseSectionID: []lis.SourcedID{lis.SourcedID(sectionID(n)), lis.SourcedID(sectionID(n + 1))},
		},
		DataSource: "SIS",
	}
}

func lineItem(n int) (string, lis.Object) {
	scale, _ := resultValue(n)
	kind := "Interim"
	if n%4 == 0 {
		kind = "Final"
	}
	return lineItemID(n), &lis.LineItem{
		Context: &lis.Context{ContextIdentifier: lis.SourcedID(sectionID(n)), ContextType: "CourseSection"},
		LineItemType: &lis.LineItemType{
			LineItemTypeVocabulary: "http://www.imsglobal.org/vdex/lis/omsv1p0/lineitemtypevocabularyv1p0.xml",
			LineItemTypeValue:      lis.NewText("en", kind),
		},
		Label:                lis.NewText("es", fmt.Sprintf("Evaluación %d", n)),
		ResultValueSourcedID: lis.SourcedID(scale),
		DataSource:           "LMS",
	}
}

func lineItemID(n int) string { return sectionID(n) + "#" + fmt.Sprint(n) }

func result(n int) (string, lis.Object) {
	scale, _ := resultValue(n)
	return lineItemID(n) + "=" + personID(n), &lis.Result{
		StatusOfResult: &lis.ResultStatus{
			ResultStatusVocabulary: "http://www.imsglobal.org/vdex/lis/omsv1p0/resultstatusvocabularyv1p0.xml",
			ResultStatusValue:      lis.NewText("en", "Complete"),
		},
		LineItemSourcedID:    lis.SourcedID(lineItemID(n)),
		PersonSourcedID:      lis.SourcedID(personID(n)),
		Date:                 "2026-12-20T16:30:00Z",
		ResultValueSourcedID: lis.SourcedID(scale),
		ResultScore:          lis.NewText("", fmt.Sprintf("%d.5", 40+n%59)),
		DataSource:           "LMS",
	}
}

func resultValue(n int) (string, lis.Object) {
	return fmt.Sprintf("scale-0-100-v%d", n), &lis.ResultValue{
		Label:      lis.NewText("pl", fmt.Sprintf("Skala od 0 do 100 (wersja %d)", n)),
		ValueRange: &lis.ValueRange{Min: "0.0", Max: "100.0"},
		DataSource: "SIS",
	}
}
