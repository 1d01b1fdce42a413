package term

import (
	"fmt"
	"strconv"

	"lisgate/gateway/lis"
)

// A gradeScale is a list of grades with the least points for each.
type gradeScale struct {
	id     lis.SourcedID
	label  string
	grades []string
	least  []int
}

var scales = []gradeScale{
	{"scale-letters", "Letter grades", []string{"A", "B", "C", "D", "F"}, []int{90, 80, 70, 60, 0}},
	{"scale-pass", "Pass or fail", []string{"P", "NP"}, []int{60, 0}},
}

// scale returns a grade scale.
func (t *Term) scale(i int) *lis.Record {
	s := &scales[i]
	list := &lis.ValueList{}
	top := "100"
	for n, grade := range s.grades {
		least := strconv.Itoa(s.least[n])
		list.OrderValue = append(list.OrderValue, lis.OrderedValue{
			Ordinal: is(int64(n + 1)), Grade: en(grade), ValueRange: &lis.ValueRange{Min: least, Max: top},
		})
		top = strconv.Itoa(s.least[n]-1) + ".99"
	}
	return graded(s.id, &lis.ResultValue{Label: en(s.label), ValueList: list, DataSource: lmsAgent})
}

// lmsAgent is the instance of the learning system.
const lmsAgent = "lms.example.edu"

func graded(id lis.SourcedID, o lis.Object) *lis.Record {
	return &lis.Record{ID: id, Agent: lmsAgent, Object: o}
}

func lineItemID(section int) lis.SourcedID {
	return lis.SourcedID(fmt.Sprintf("final-26F-%05d", 10001+section))
}

// lineItem returns the final grade column of a section.
func (t *Term) lineItem(section int) *lis.Record {
	return graded(lineItemID(section), &lis.LineItem{
		Context: &lis.Context{ContextIdentifier: SectionID(section), ContextType: "CourseSection"},
		LineItemType: &lis.LineItemType{
			LineItemTypeVocabulary: vocabulary("omsv1p0", "lineitemtype"), LineItemTypeValue: en("Final"),
		},
		Label:                en("Final grade"),
		ResultValueSourcedID: scales[0].id,
		DataSource:           lmsAgent,
	})
}

// results sends the results of each section in one call.
func (t *Term) results(yield func(*lis.Call) bool) {
	learners := make([][]int, t.Sections())
	for m := range t.learners() {
		learners[m.Section] = append(learners[m.Section], m.Person)
	}
	for section, persons := range learners {
		if len(persons) == 0 {
			continue
		}
		call := &lis.Call{Operation: "replaceResultsForLineItem", Of: lineItemID(section)}
		for _, p := range persons {
			call.Records = append(call.Records, t.result(Seat{section, p, Learner}))
		}
		if !yield(call) {
			return
		}
	}
}

// result returns the final result of a learner: most do well.
func (t *Term) result(m Seat) *lis.Record {
	r := t.dice(forResult, m.Section<<32|m.Person)
	points := max(0, min(100, 78+11*r.NormFloat64()))
	scale := &scales[0]
	if gradingMode(m) == "passFail" {
		scale = &scales[1]
	}
	n := 0
	for points < float64(scale.least[n]) {
		n++
	}
	return graded(lis.SourcedID(fmt.Sprintf("r-%d-%d", 10001+m.Section, firstPerson+m.Person)), &lis.Result{
		StatusOfResult: &lis.ResultStatus{
			ResultStatusVocabulary: vocabulary("omsv1p0", "statusofresult"), ResultStatusValue: en("Complete"),
		},
		LineItemSourcedID: lineItemID(m.Section), PersonSourcedID: PersonID(m.Person),
		Date:                 fmt.Sprintf("2026-12-%02dT%02d:%02d:00Z", 19+r.IntN(4), 8+r.IntN(10), r.IntN(60)),
		ResultValueSourcedID: scale.id, ResultScore: en(scale.grades[n]),
		DataSource: lmsAgent,
		Extension: &lis.Extension{
			NameVocabulary: vocabulary("omsv1p0", "extension"), TypeVocabulary: vocabulary("omsv1p0", "extension"),
			Field: []lis.ExtensionField{{FieldName: "points", FieldType: "Real", FieldValue: strconv.FormatFloat(points, 'f', 1, 64)}},
		},
	})
}
