package ilp

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// What status says, of a row and of the whole.
const (
	Success = "success"
	Failure = "failure"
)

// An Answer is what ILP says to a submission. Status is failure as soon as
// one row failed; IsConnectivityFailure means that the SIS behind ILP could
// not be reached, so that nothing is known of any row.
type Answer struct {
	Status                string    `json:"status"`
	IsConnectivityFailure bool      `json:"isConnectivityFailure"`
	Messages              []Message `json:"messages"`
}

// A Message is what is said of one row.
type Message struct {
	Message string      `json:"message"`
	Data    MessageData `json:"data"`
}

// MessageData says which row a message is about. Property is the element that
// is to blame.
type MessageData struct {
	TargetSIS string  `json:"targetSis"`
	StudentID string  `json:"studentId"`
	Status    string  `json:"status"`
	Property  *string `json:"property"`
}

// A RowAnswer is what one row of a submission is answered with.
type RowAnswer struct {
	StudentID string
	TargetSIS string
	OK        bool
	Property  string // the element to blame, "" when none is
	Text      string // for the person who submitted
}

// EncodeAnswer writes the answer to a submission.
func EncodeAnswer(w io.Writer, rows []RowAnswer) error {
	a := Answer{Status: Success, Messages: []Message{}}
	for _, r := range rows {
		m := Message{Message: r.Text, Data: MessageData{TargetSIS: r.TargetSIS, StudentID: r.StudentID, Status: Success}}
		if r.Property != "" {
			m.Data.Property = &r.Property
		}
		if !r.OK {
			m.Data.Status, a.Status = Failure, Failure
		}
		a.Messages = append(a.Messages, m)
	}
	return write(w, a)
}

// EncodeConnectivityFailure writes the answer of an ILP that cannot reach
// its SIS: the sender keeps its grades and tries again.
func EncodeConnectivityFailure(w io.Writer, text string) error {
	return write(w, Answer{Status: Failure, IsConnectivityFailure: true, Messages: []Message{{Message: text, Data: MessageData{Status: Failure}}}})
}

func write(w io.Writer, a Answer) error {
	if err := json.NewEncoder(w).Encode(a); err != nil {
		return fmt.Errorf("write the answer to grades: %w", err)
	}
	return nil
}

// DecodeAnswer reads an answer of at most limit bytes. What has no status is
// no answer, however well its HTTP status sounds.
func DecodeAnswer(r io.Reader, limit int64) (*Answer, error) {
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer to grades: %w", err)
	}
	if int64(len(body)) > limit {
		return nil, fmt.Errorf("read the answer to grades: it is longer than %d bytes", limit)
	}
	a := new(Answer)
	if err := json.Unmarshal(body, a); err != nil {
		return nil, fmt.Errorf("read the answer to grades: it is not the JSON of ILP (%s)", kindOf(err))
	}
	if a.Status == "" && !a.IsConnectivityFailure {
		return nil, fmt.Errorf("read the answer to grades: it has no status")
	}
	return a, nil
}

// Of returns what is said of a student: whether all of it is success, and
// each text with the element that is to blame. found is false when nothing is
// said.
func (a *Answer) Of(student string) (ok, found bool, text string) {
	ok = true
	var failures, others []string
	for _, m := range a.Messages {
		if m.Data.StudentID != student {
			continue
		}
		found = true
		said := m.Message
		if m.Data.Property != nil && *m.Data.Property != "" {
			said += " (" + *m.Data.Property + ")"
		}
		if strings.EqualFold(m.Data.Status, Success) {
			others = append(others, said)
		} else {
			ok, failures = false, append(failures, said)
		}
	}
	if !ok {
		return false, found, strings.Join(failures, " ")
	}
	return found, found, strings.Join(others, " ")
}
