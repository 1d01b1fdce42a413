package lis

import (
	"encoding/json"
	"fmt"
)

// stored is the form in which a record is kept: JSON under the element
// names of the standard.
type stored struct {
	Agent  string          `json:"refAgentInstanceID,omitempty"`
	Object json.RawMessage `json:"object"`
}

// MarshalRecord writes the content of a record for keeping. Its identifier
// is kept beside it.
func MarshalRecord(r *Record) ([]byte, error) {
	return json.Marshal(struct {
		Agent  string `json:"refAgentInstanceID,omitempty"`
		Object Object `json:"object"`
	}{r.Agent, r.Object})
}

// UnmarshalRecord reads what MarshalRecord wrote.
func UnmarshalRecord(k Kind, id SourcedID, data []byte) (*Record, error) {
	info := InfoOf(k)
	if info == nil {
		return nil, fmt.Errorf("read record %s: unknown kind %q", id, k)
	}
	var s stored
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("read %s record %s: %w", k, id, err)
	}
	r := &Record{ID: id, Agent: s.Agent, Object: info.New()}
	if err := json.Unmarshal(s.Object, r.Object); err != nil {
		return nil, fmt.Errorf("read %s record %s: %w", k, id, err)
	}
	return r, nil
}
