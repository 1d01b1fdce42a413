package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"
)

// fileMost keeps a wrong file name, such as that of a dump, from being read whole.
const fileMost = MiB

// Load reads the file at path ("" for none), the LISGATE_* environment and
// overrides, which are settings by key such as "log.level", each stronger
// than the one before it. The error is Mistakes when the content is wrong.
// To reload, call it again.
func Load(path string, overrides map[string]any) (*Config, error) {
	var text []byte
	if path != "" {
		var err error
		if text, err = readFile(path); err != nil {
			return nil, fmt.Errorf("read config %s: %w", path, reason(err))
		}
	}
	return load(path, text, overrides)
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, int64(fileMost)+1))
	if err == nil && len(text) > int(fileMost) {
		err = fmt.Errorf("is longer than %s: hardly a configuration", fileMost)
	}
	return text, err
}

// load does the work of Load on the text of a file.
func load(file string, text []byte, overrides map[string]any) (*Config, error) {
	r := &reader{file: file, where: map[string]place{}}
	root := r.parse(text)
	if root != nil && !r.read(root, reflect.TypeFor[Config](), "") {
		root = nil // what was refused as a whole is of no use
	}
	c := &Config{where: r.where}
	lists, err := r.take(root)
	if err == nil {
		err = decodeTree(lists, c)
	}
	if err != nil {
		return nil, errors.Join(join(r.mistakes, nil), err)
	}
	v := viper.New()
	if err := merge(v, root); err != nil {
		return nil, fmt.Errorf("read config %s: %w", file, err)
	}
	r.layers(v, overrides)
	if err := decode(v, c); err != nil {
		return nil, errors.Join(join(r.mistakes, nil), err)
	}
	c.fill()
	k := c.examine(r.mistakes)
	if err := join(r.mistakes, k.mistakes); err != nil {
		return nil, err
	}
	c.Warnings = append(k.warnings, strangers()...)
	return c, nil
}

// parse returns the mapping that a file consists of, or nil.
func (r *reader) parse(text []byte) *yaml.Node {
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	err := d.Decode(&doc)
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		r.syntax(err)
		return nil
	}
	if err := d.Decode(&more); err == nil {
		r.refuse(&more, "", "a second document begins here; there must be one only")
	} else if !errors.Is(err, io.EOF) {
		r.syntax(err)
	}
	root := doc.Content[0]
	if isNull(root) {
		return nil
	}
	if root.Kind != yaml.MappingNode {
		r.refuse(root, "", "must be a mapping, such as listen: 127.0.0.1:8080")
		return nil
	}
	return root
}

var (
	yamlLine   = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
	yamlQuoted = regexp.MustCompile(`'[^']{2,}'|"[^"]{2,}"`) // a single character is the parser's own
)

// syntax reports what the YAML parser said, without the words of the file
// that it quotes: they could be part of a secret.
func (r *reader) syntax(err error) {
	what := strings.Join(strings.Fields(err.Error()), " ")
	n := &yaml.Node{}
	if m := yamlLine.FindStringSubmatch(what); m != nil {
		n.Line, _ = strconv.Atoi(m[1])
		what = what[len(m[0]):]
	}
	if strings.Contains(what, "unknown anchor") {
		what = "an anchor that is not there is referred to; text that begins with * needs quotes"
	}
	what = yamlQuoted.ReplaceAllString(what, "…")
	r.refuse(n, "", "is not YAML: %s", what)
}

// exact are the keys whose content goes around viper, which would fold the
// case of names in it, such as those of paths and roles, and split them at dots.
var exact = []string{"paths", "targets", "sources", "grades", "routes", "plans"}

// take takes those keys out of the tree.
func (r *reader) take(root *yaml.Node) (map[string]any, error) {
	taken := map[string]any{}
	if root == nil {
		return taken, nil
	}
	var rest []*yaml.Node
	for i := 0; i+1 < len(root.Content); i += 2 {
		name, content := root.Content[i], root.Content[i+1]
		if !slices.Contains(exact, name.Value) {
			rest = append(rest, name, content)
			continue
		}
		var tree any
		if err := content.Decode(&tree); err != nil {
			return nil, errDecode
		}
		taken[name.Value] = tree
	}
	root.Content = rest
	return taken, nil
}

func merge(v *viper.Viper, root *yaml.Node) error {
	if root == nil {
		return nil
	}
	var tree map[string]any
	if err := root.Decode(&tree); err != nil {
		return err
	}
	return v.MergeConfigMap(tree)
}

// errDecode quotes nothing: what the decoder says may hold a value.
var errDecode = errors.New("read config: a value was understood by the check and not by the decoder")

func decode(v *viper.Viper, c *Config) error {
	if err := v.Unmarshal(c, decoding); err != nil {
		return errDecode
	}
	return nil
}

func decodeTree(tree map[string]any, c *Config) error {
	d := &mapstructure.DecoderConfig{Result: c, WeaklyTypedInput: true}
	decoding(d)
	decoder, err := mapstructure.NewDecoder(d)
	if err != nil || decoder.Decode(tree) != nil {
		return errDecode
	}
	return nil
}

func decoding(d *mapstructure.DecoderConfig) {
	d.TagName = "yaml"
	d.DecodeHook = mapstructure.DecodeHookFuncType(fromText)
}
