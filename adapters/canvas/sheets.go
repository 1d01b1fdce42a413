package canvas

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
)

// A sheet is one CSV file. Canvas knows it by its columns.
type sheet struct {
	name    string
	columns []string
}

// sheets are the files of an import, in the order in which Canvas takes them,
// with their columns in the order in which we write them.
var sheets = []sheet{
	{"change_sis_ids", []string{"old_id", "new_id", "type"}},
	{"accounts", []string{"account_id", "parent_account_id", "name", "status", "integration_id"}},
	{"terms", []string{"term_id", "name", "status", "start_date", "end_date", "integration_id"}},
	{"courses", []string{"course_id", "short_name", "long_name", "account_id", "term_id", "status", "start_date", "end_date", "integration_id"}},
	{"sections", []string{"section_id", "course_id", "name", "status", "start_date", "end_date", "integration_id"}},
	{"xlists", []string{"xlist_course_id", "section_id", "status"}},
	{"users", []string{"user_id", "login_id", "full_name", "sortable_name", "short_name", "email", "status"}},
	{"enrollments", []string{"course_id", "section_id", "user_id", "role", "status", "start_date", "end_date", "associated_user_id"}},
}

func sheetNamed(name string) *sheet {
	i := slices.IndexFunc(sheets, func(s sheet) bool { return s.name == name })
	return &sheets[i]
}

// A row is a line of a sheet, and the change that it is for.
type row struct {
	sheet  string
	fields map[string]string
	change int // index of the change; set by the batch
}

func (r row) values() []string {
	columns := sheetNamed(r.sheet).columns
	values := make([]string, len(columns))
	for i, name := range columns {
		values[i] = r.fields[name]
	}
	return values
}

// packedAtMost is how much smaller the zip may be than what is in it. Canvas
// refuses 100 and more.
const packedAtMost = 50

// bundle writes the rows as CSV files into a zip. The mark stands in the names
// of the files, by which an import can be found again.
func bundle(rows map[string][]row, mark string) ([]byte, error) {
	packed, size, err := zipped(rows, mark, zip.Deflate)
	if err == nil && size > packedAtMost*len(packed) {
		packed, _, err = zipped(rows, mark, zip.Store)
	}
	return packed, err
}

func zipped(rows map[string][]row, mark string, method uint16) ([]byte, int, error) {
	var out bytes.Buffer
	z, size := zip.NewWriter(&out), 0
	for _, s := range sheets {
		if len(rows[s.name]) == 0 {
			continue
		}
		var text bytes.Buffer
		if err := writeSheet(&text, s, rows[s.name]); err != nil {
			return nil, 0, fmt.Errorf("write %s.csv: %w", s.name, err)
		}
		size += text.Len()
		w, err := z.CreateHeader(&zip.FileHeader{Name: fileName(s.name, mark), Method: method})
		if err != nil {
			return nil, 0, fmt.Errorf("write zip: %w", err)
		}
		if _, err := w.Write(text.Bytes()); err != nil {
			return nil, 0, fmt.Errorf("write zip: %w", err)
		}
	}
	err := z.Close()
	return out.Bytes(), size, err
}

func fileName(sheet, mark string) string { return sheet + "-" + mark + ".csv" }

func writeSheet(w io.Writer, s sheet, rows []row) error {
	out := csv.NewWriter(w)
	if err := out.Write(s.columns); err != nil {
		return err
	}
	for _, r := range rows {
		if err := out.Write(r.values()); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
