package config

import (
	_ "embed"
	"encoding/json"

	"go.yaml.in/yaml/v3"
)

// Example is a configuration with everything in it and a word about each.
//
//go:embed lisgate.example.yaml
var Example string

// String writes the settings as YAML, with <secret> for each secret.
func (c *Config) String() string {
	text, err := yaml.Marshal(c)
	if err != nil { // no field can cause one
		return err.Error()
	}
	return string(text)
}

// MarshalJSON writes the settings under the keys of the YAML file, with
// <secret> for each secret.
func (c *Config) MarshalJSON() ([]byte, error) {
	var settings map[string]any
	if err := yaml.Unmarshal([]byte(c.String()), &settings); err != nil {
		return nil, err
	}
	return json.Marshal(settings)
}
