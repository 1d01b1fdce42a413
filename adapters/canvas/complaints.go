package canvas

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// complaints reads the errors file, and the few messages in the job itself
// when there is none. It reports whether that is all that Canvas counts.
func (a *Adapter) complaints(ctx context.Context, job *sisImport) ([]complaint, bool) {
	if job.ErrorsFile.URL != "" {
		if body, err := a.download(ctx, job.ErrorsFile.URL); err == nil {
			if list, err := readErrors(body); err == nil {
				return list, true
			}
		}
	}
	var list []complaint
	for _, p := range append(append(pairs{}, job.Errors...), job.Warnings...) {
		if len(p) >= 2 {
			list = append(list, complaint{file: p[0], message: p[1]})
		}
	}
	counts := job.Data.Counts
	return list, len(list) >= counts.Errors+counts.Warnings && (len(list) > 0 || job.State != "imported_with_messages")
}

// readErrors reads sis_import_id,file,message,row.
func readErrors(body []byte) ([]complaint, error) {
	r := csv.NewReader(bytes.NewReader(body))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the errors file: %w", err)
	}
	if len(rows) == 0 {
		return nil, errors.New("read the errors file: it is empty")
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[strings.ToLower(strings.TrimSpace(name))] = i
	}
	if _, ok := at["message"]; !ok {
		return nil, errors.New("read the errors file: it has no column message")
	}
	var list []complaint
	for _, fields := range rows[1:] {
		field := func(name string) string {
			if i, ok := at[name]; ok && i < len(fields) {
				return fields[i]
			}
			return ""
		}
		n, _ := strconv.Atoi(strings.TrimSpace(field("row")))
		list = append(list, complaint{file: field("file"), message: field("message"), row: n})
	}
	return list, nil
}
