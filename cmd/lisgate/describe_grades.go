package main

import (
	"fmt"
	"strings"

	"lisgate/gateway/lis"
)

func (w *words) lineItem(i *lis.LineItem) string {
	if i == nil {
		return ""
	}
	where := ""
	if c := i.Context; c != nil {
		where = strings.TrimSpace(c.ContextType + " " + string(c.ContextIdentifier))
		w.add("of", where)
		where = "of " + where
	}
	w.text("label", i.Label)
	w.lineItemType(i.LineItemType)
	w.add("scale", string(i.ResultValueSourcedID))
	w.scale(i.ResultValue, false)
	if i.LineItemSettings != nil {
		w.add("settings", "there, without content")
	}
	w.add("outcomes handler", i.OutcomesHandlerSourcedID)
	w.about(i.DataSource, i.RecordInfo, i.Extension)
	kind := ""
	if i.LineItemType != nil {
		kind = i.LineItemType.LineItemTypeValue.String()
	}
	return join(quoted(i.Label), kind, where)
}

func (w *words) lineItemType(t *lis.LineItemType) {
	if t != nil {
		w.add("type", join(t.LineItemTypeValue.String(), t.DefaultDisplayName, t.LocaleKey, t.ResourceHandlerID))
	}
}

func (w *words) resultStatus(s *lis.ResultStatus) {
	if s != nil {
		w.add("status", join(s.ResultStatusValue.String(), s.DefaultDisplayName, s.LocaleKey))
	}
}

// result describes a result. A grade is personal.
func (w *words) result(r *lis.Result) string {
	if r == nil {
		return ""
	}
	w.resultStatus(r.StatusOfResult)
	w.add("line item", string(r.LineItemSourcedID))
	w.add("person", string(r.PersonSourcedID))
	w.add("date", r.Date)
	w.add("score", w.hide(r.ResultScore.String()))
	w.add("scale", string(r.ResultValueSourcedID))
	w.scale(r.ResultValue, true)
	if r.ResultMessageSettings != nil {
		w.add("message settings", "there, without content")
	}
	w.add("data source", r.DataSource)
	w.metadata(r.RecordInfo)
	w.extension(r.Extension, true)
	status := ""
	if r.StatusOfResult != nil {
		status = r.StatusOfResult.ResultStatusValue.String()
	}
	score := ""
	if r.ResultScore.String() != "" {
		score = "score " + w.hide(r.ResultScore.String())
	}
	return join("person "+or(string(r.PersonSourcedID), "not given")+" in line item "+string(r.LineItemSourcedID), status, score)
}

func (w *words) resultValue(v *lis.ResultValue) string {
	if v == nil {
		return ""
	}
	w.scale(v, false)
	return join(quoted(v.Label), scaleGist(v))
}

func scaleGist(v *lis.ResultValue) string {
	switch {
	case v.ValueList != nil:
		return "a scale of " + plural(len(v.ValueList.OrderValue), "grade")
	case v.ValueRange != nil:
		return "points " + rangeWord(v.ValueRange)
	}
	return "without a scale"
}

// scale adds the scale of results. Inside a result it holds the grade itself.
func (w *words) scale(v *lis.ResultValue, personal bool) {
	if v == nil {
		return
	}
	hidden := func(s string) string {
		if personal {
			return w.hide(s)
		}
		return s
	}
	w.add("label", hidden(v.Label.String()))
	if v.ValueList != nil {
		for i := range v.ValueList.OrderValue {
			o := &v.ValueList.OrderValue[i]
			text := o.Grade.String()
			if o.ValueRange != nil {
				text = with(text, rangeWord(o.ValueRange))
			}
			if o.Ordinal != nil {
				text = fmt.Sprintf("%d. %s", *o.Ordinal, text)
			}
			w.add("grade", hidden(text))
		}
	}
	if v.ValueRange != nil {
		w.add("points", hidden(rangeWord(v.ValueRange)))
	}
	w.add("data source", v.DataSource)
	w.metadata(v.RecordInfo)
	w.extension(v.Extension, personal)
}

func rangeWord(r *lis.ValueRange) string {
	switch {
	case r.Min != "" && r.Max != "":
		return r.Min + " to " + r.Max
	case r.Min != "":
		return "from " + r.Min
	case r.Max != "":
		return "up to " + r.Max
	}
	return "of any number"
}
