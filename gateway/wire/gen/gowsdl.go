package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/hooklift/gowsdl"

	"lisgate/wsdl"
)

// goTypes lets gowsdl make the Go types of a contract.
func goTypes(s wsdl.Service, contract []byte) ([]byte, error) {
	flat, err := flatten(contract)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", s.Name+"*.wsdl")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name())
	if _, err := file.Write(flat); err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	code, err := runGowsdl(file.Name(), s.Name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	header(&b, s, fmt.Sprintf(packageDoc, s.Name, s.Title), "encoding/xml")
	for line := range strings.Lines(string(code["types"])) {
		if strings.TrimSpace(line) != "" {
			b.WriteString(strings.TrimSpace(line) + "\n")
		}
	}
	return b.Bytes(), nil
}

// runGowsdl runs gowsdl, which tells the log what it reads.
func runGowsdl(file, name string) (map[string][]byte, error) {
	defer log.SetOutput(log.Writer())
	log.SetOutput(io.Discard)
	g, err := gowsdl.NewGoWSDL(file, name, false, true)
	if err != nil {
		return nil, err
	}
	return g.Start()
}

const packageDoc = `// Package %[1]s holds the %[2]s
// on the wire: its types, made by gowsdl from the contract in wsdl/%[1]s, their
// codec, their translation to and from lis words, and its operations.
`
