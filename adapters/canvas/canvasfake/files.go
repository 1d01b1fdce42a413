package canvasfake

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// kindOrder is the order in which Canvas takes the kinds of one import, as its
// published source has it.
var kindOrder = []string{"change_sis_id", "account", "term", "course", "section", "xlist", "user", "enrollment", "group"}

// headers are the columns by which Canvas knows a file; its name says nothing.
var headers = []struct {
	kind string
	all  []string
	none []string
}{
	{"change_sis_id", []string{"new_id", "type"}, nil},
	{"account", []string{"account_id", "parent_account_id"}, nil},
	{"term", []string{"term_id", "name"}, []string{"course_id"}},
	{"course", []string{"course_id", "short_name"}, nil},
	{"section", []string{"section_id", "name"}, []string{"user_id"}},
	{"xlist", []string{"xlist_course_id", "section_id"}, nil},
	{"user", []string{"user_id", "login_id"}, nil},
	{"enrollment", []string{"user_id", "status"}, []string{"login_id"}},
	{"group", []string{"group_id", "name"}, nil},
}

// zipFactor is how much larger than the zip its content may be.
const zipFactor = 100

// unpack reads a zip of files or one file.
func unpack(name string, body []byte) ([]file, string) {
	if strings.HasSuffix(name, ".csv") {
		return []file{{name, body}}, ""
	}
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return nil, "not a zip"
	}
	var files []file
	left := int64(len(body)) * zipFactor
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, "not a zip"
		}
		data, err := io.ReadAll(io.LimitReader(r, left+1))
		_ = r.Close()
		if left -= int64(len(data)); err != nil || left < 0 {
			return nil, "the content is more than 100 times the zip"
		}
		files = append(files, file{f.Name, data})
	}
	return files, ""
}

func kindOf(head []string) string {
	has := func(column string) bool { return slices.Contains(head, column) }
	for _, h := range headers {
		if !slices.ContainsFunc(h.all, func(c string) bool { return !has(c) }) && !slices.ContainsFunc(h.none, has) {
			return h.kind
		}
	}
	return ""
}

// A sheet is a file that was known, with its rows.
type sheet struct {
	file string
	kind string
	head []string
	rows [][]string
}

// sheets reads the files; what is no file of Canvas fails the import.
func (i *sisImport) sheets() (found []sheet, failed bool) {
	for _, f := range i.files {
		s, problem := read(f)
		if problem != "" {
			i.messages = append(i.messages, message{f.name, problem, 0})
			failed = true
			continue
		}
		found = append(found, s)
	}
	slices.SortStableFunc(found, func(a, b sheet) int {
		return slices.Index(kindOrder, a.kind) - slices.Index(kindOrder, b.kind)
	})
	return found, failed
}

func read(f file) (sheet, string) {
	if !utf8.Valid(f.data) {
		return sheet{}, "Invalid UTF-8"
	}
	r := csv.NewReader(bytes.NewReader(f.data))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if errors.Is(err, csv.ErrQuote) || err != nil {
		return sheet{}, "Malformed CSV"
	}
	if len(rows) == 0 {
		return sheet{}, "Couldn't find Canvas CSV import headers"
	}
	head := make([]string, len(rows[0]))
	for n, name := range rows[0] {
		head[n] = strings.ToLower(strings.TrimSpace(name))
	}
	kind := kindOf(head)
	if kind == "" {
		return sheet{}, "Couldn't find Canvas CSV import headers"
	}
	return sheet{f.name, kind, head, rows[1:]}, ""
}

// fields are a row by its columns.
func (s sheet) fields(row []string) map[string]string {
	m := make(map[string]string, len(row))
	for n, v := range row {
		if n < len(s.head) {
			m[s.head[n]] = strings.TrimSpace(v)
		}
	}
	return m
}

// process takes the rows of all files, in the order of kinds.
func (a *Account) process(i *sisImport) (failed bool) {
	found, failed := i.sheets()
	if len(found) == 0 {
		return true
	}
	found = a.diff(i, found)
	p := &processing{a: a, i: i, override: isTrue(i.params["override_sis_stickiness"])}
	for _, s := range found {
		i.supplied = append(i.supplied, s.kind)
		for n, row := range s.rows {
			fields := s.fields(row)
			if problem := p.row(s.kind, n+2, fields); problem != "" {
				i.messages = append(i.messages, message{s.file, problem, n + 2})
			}
		}
	}
	return failed
}
