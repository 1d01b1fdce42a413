// Command gen makes generated/ from wsdl/: for each service the types by
// gowsdl, a codec for those types, their translation to and from lis words,
// and the table of operations.
//
// gowsdl reads a flattened form of the contract (see flatten.go), because it
// knows few of XML Schema's built-in types and marshals named types under
// wrong names. What the flattening drops, the codec takes from the contract.
package main

import (
	"fmt"
	"go/format"
	"log"
	"os"
	"path/filepath"

	"lisgate/wsdl"
)

func main() {
	log.SetFlags(0)
	out := "generated"
	if len(os.Args) > 1 {
		out = os.Args[1]
	}
	for _, s := range wsdl.Services() {
		if err := generate(s, filepath.Join(out, s.Name)); err != nil {
			log.Fatalf("gen %s: %v", s.Name, err)
		}
	}
}

// generate makes the package of one service.
func generate(s wsdl.Service, dir string) error {
	contract, err := wsdl.Contract(s.Name, "http://localhost/")
	if err != nil {
		return err
	}
	model, err := readContract(contract)
	if err != nil {
		return err
	}
	types, err := goTypes(s, contract)
	if err != nil {
		return err
	}
	p := &pkg{Service: s, Contract: model}
	if err := p.readTypes(types); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		text []byte
	}{
		{"types.go", types}, {"codec.go", p.codec()}, {"words.go", p.words()}, {"operations.go", p.operations()},
	} {
		if p.err != nil {
			return p.err
		}
		if err := writeGo(filepath.Join(dir, f.name), f.text); err != nil {
			return err
		}
	}
	return nil
}

func writeGo(path string, text []byte) error {
	formatted, err := format.Source(text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, formatted, 0o644)
}
