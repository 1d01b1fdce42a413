package grades

import (
	"fmt"
	"maps"
	"slices"

	"lisgate/adapters/ellucian/ilp"
	"lisgate/gateway/lis"
)

// reasonField is the extension field of a result that says why it changed
// after it was posted [ours].
const reasonField = "changeReason"

func withReason(e *lis.Extension, reason string) *lis.Extension {
	with := &lis.Extension{}
	if e != nil {
		*with = *e
	}
	with.Field = append([]lis.ExtensionField{{FieldName: reasonField, FieldType: "String", FieldValue: reason}}, with.Field...)
	return with
}

// differing says what two results of a person do not have in common. The date
// is no news: systems give the time of the question for it. Nor is who submits
// it, unless the one before was refused, when that may have been why. A system
// that tells no extension fields says nothing of them.
func differing(was, is *lis.Result, refused bool) (news []string) {
	if a, b := was.ResultScore.String(), is.ResultScore.String(); a != b {
		news = append(news, fmt.Sprintf("was %s, is %s", a, b))
	}
	if a, b := status(was), status(is); a != b {
		news = append(news, fmt.Sprintf("the status was %s, is %s", a, b))
	}
	if is.Extension == nil {
		return news
	}
	before, now := fields(was.Extension, refused), fields(is.Extension, refused)
	names := maps.Clone(before)
	maps.Copy(names, now)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if before[name] != now[name] {
			news = append(news, name+" has changed")
		}
	}
	return news
}

func status(r *lis.Result) string {
	if r.StatusOfResult == nil {
		return ""
	}
	return r.StatusOfResult.ResultStatusValue.String()
}

// fields are the extension fields that say something of a result.
func fields(e *lis.Extension, submitter bool) map[string]string {
	all := map[string]string{}
	if e == nil {
		return all
	}
	for _, f := range e.Field {
		if f.FieldName != reasonField && (submitter || f.FieldName != ilp.FieldSubmitter) {
			all[f.FieldName] = f.FieldValue
		}
	}
	return all
}
