package csvfiles

import "encoding/json"

// A cursor holds what was taken last, oldest first.
type cursor struct {
	Taken []taken `json:"taken"`
}

type taken struct {
	File string `json:"file"` // the pattern
	Hash string `json:"hash"`
}

func readCursor(text string) (c cursor) {
	if json.Unmarshal([]byte(text), &c) != nil {
		return cursor{}
	}
	return c
}

// has reports whether a file needs not be taken: a delta that was taken
// before, or a full list that is the same as the last one. An older full list
// that comes again does say something.
func (c cursor) has(s *spooled) bool {
	for i := len(c.Taken) - 1; i >= 0; i-- {
		t := c.Taken[i]
		if t.File != s.file.Name {
			continue
		}
		if t.Hash == s.hash {
			return true
		}
		if s.mode == Full {
			return false
		}
	}
	return false
}

func (c *cursor) add(s *spooled, most int) {
	c.Taken = append(c.Taken, taken{s.file.Name, s.hash})
	if n := len(c.Taken) - most; n > 0 {
		c.Taken = c.Taken[n:]
	}
}

func (c cursor) String() string {
	text, _ := json.Marshal(c) // of texts: it cannot fail
	return string(text)
}
