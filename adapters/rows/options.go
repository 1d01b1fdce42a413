package rows

import (
	"bytes"
	"errors"

	"go.yaml.in/yaml/v3"
)

// ParseOptions reads the text form of an adapter's options: YAML without
// unknown names. Mistakes are told by line.
func ParseOptions(text []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return err
	}
	if err := d.Decode(new(yaml.Node)); err == nil {
		return errors.New("a second document after ---; one is read")
	}
	return nil
}
