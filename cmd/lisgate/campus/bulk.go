package campus

import (
	"fmt"
	"io"

	"lisgate/gateway/registrar"
	"lisgate/gateway/soap"
)

// WriteBulk writes the seed as one bulk data file (BDEMS 1.0).
func (c *Campus) WriteBulk(w io.Writer) error {
	n := 0
	return soap.WriteBulk(w, func(yield func(*registrar.BulkItem, error) bool) {
		for _, phase := range c.Seed() {
			for call := range phase.Calls {
				n++
				if !yield(&registrar.BulkItem{Op: fmt.Sprintf("seed-%06d", n), Call: call}, nil) {
					return
				}
			}
		}
	})
}
