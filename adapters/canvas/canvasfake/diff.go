package canvasfake

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// diff leaves only what differs from the last import of the same data set, and
// adds what is not there any more as deleted. A file that grew or shrank by
// more than change_threshold is imported whole.
func (a *Account) diff(i *sisImport, now []sheet) []sheet {
	set := i.params["diffing_data_set_identifier"]
	before := a.lastOf(set, i)
	if set == "" || isTrue(i.params["diffing_remaster_data_set"]) || before == nil {
		return now
	}
	if limit, err := strconv.ParseFloat(i.params["change_threshold"], 64); err == nil {
		if math.Abs(1-float64(size(i))/float64(size(before)))*100 > limit {
			i.exceeded = true
			return now
		}
	}
	i.diffedTo = before.id
	old, _ := before.sheets()
	return differences(old, now, i.params["diffing_drop_status"])
}

func size(i *sisImport) int {
	n := 0
	for _, f := range i.files {
		n += len(f.data)
	}
	return n
}

func (a *Account) lastOf(set string, before *sisImport) *sisImport {
	var last *sisImport
	for _, i := range a.imports {
		if i == before {
			break
		}
		if i.params["diffing_data_set_identifier"] == set && strings.HasPrefix(i.state, "imported") {
			last = i
		}
	}
	return last
}

// differences compares whole rows; a row whose status column is not there any
// more comes as deleted.
func differences(old, now []sheet, drop string) []sheet {
	was := map[string]map[string][]string{}
	for _, s := range old {
		was[s.kind] = map[string][]string{}
		for _, row := range s.rows {
			was[s.kind][strings.Join(row, "\x00")] = row
		}
	}
	for n := range now {
		s := &now[n]
		kept := [][]string{}
		gone := maps.Clone(was[s.kind])
		names := map[string]bool{}
		for _, row := range s.rows {
			line := strings.Join(row, "\x00")
			if _, same := gone[line]; !same {
				kept = append(kept, row)
			}
			delete(gone, line)
			names[s.name(row)] = true
		}
		for _, line := range slices.Sorted(maps.Keys(gone)) {
			if row := gone[line]; !names[s.name(row)] {
				kept = append(kept, s.dropped(row, drop))
			}
		}
		s.rows = kept
	}
	return now
}

// name is what a row speaks of: its columns that are ids.
func (s sheet) name(row []string) string {
	var parts []string
	for n, column := range s.head {
		if n < len(row) && (strings.HasSuffix(column, "_id") && column != "login_id" || column == "role") {
			parts = append(parts, row[n])
		}
	}
	return strings.Join(parts, "\x00")
}

func (s sheet) dropped(row []string, drop string) []string {
	row = slices.Clone(row)
	status := "deleted"
	if s.kind == "enrollment" && drop != "" {
		status = drop
	}
	if n := slices.Index(s.head, "status"); n >= 0 && n < len(row) {
		row[n] = status
	}
	return row
}
