package config

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
)

var (
	typeDuration = reflect.TypeFor[time.Duration]()
	typeSize     = reflect.TypeFor[Size]()
	typeSecret   = reflect.TypeFor[Secret]()
	typeList     = reflect.TypeFor[[]string]()
	typeLines    = reflect.TypeFor[Lines]()
	typeSettings = reflect.TypeFor[Settings]()
)

// Lines is text that may go over several lines, such as an expression.
type Lines string

// isScalar reports whether a field of the type is written as one word.
func isScalar(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64, reflect.String:
		return true
	}
	return false
}

// parseScalar reads what was written for a field of a type. File,
// environment and command line all go through here. Numbers are read as they
// stand: YAML would take 010 for eight.
func parseScalar(text string, t reflect.Type) (any, error) {
	var value any
	var err error
	switch {
	case t == typeDuration:
		value, err = parseDuration(text)
	case t == typeSize:
		value, err = parseAboveZero(text)
	case t == typeSecret:
		return Secret(text), nil // never quoted in an error
	case t == typeLines:
		value, err = parseLines(text)
	case t.Kind() == reflect.Bool:
		value, err = parseBool(text)
	case t.Kind() == reflect.Int:
		value, err = parseCount(text)
	case t.Kind() == reflect.Float64:
		value, err = parseRate(text)
	default:
		value, err = parseLine(text)
	}
	if err != nil {
		return nil, fmt.Errorf("%w, not %s", err, quote(text))
	}
	return value, nil
}

func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, errors.New("must be a duration above zero such as 500ms, 10s, 5m or 24h")
	}
	return d, nil
}

func parseAboveZero(text string) (Size, error) {
	size, err := ParseSize(text)
	if err == nil && size == 0 {
		err = errors.New("must be above zero (leave it out for the default)")
	}
	return size, err
}

func parseBool(text string) (bool, error) {
	if text != "true" && text != "false" {
		return false, errors.New("must be true or false")
	}
	return text == "true", nil
}

func parseCount(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n <= 0 {
		return 0, errors.New("must be a whole number above zero (leave it out for the default)")
	}
	return n, nil
}

func parseRate(text string) (float64, error) {
	rate, err := strconv.ParseFloat(text, 64)
	if err != nil || rate < 0 || math.IsNaN(rate) || math.IsInf(rate, 0) {
		return 0, errors.New("must be a number of requests per second, 0 for no limit")
	}
	return rate, nil
}

func parseLine(text string) (string, error) {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return "", errors.New("must be one line of text")
	}
	return text, nil
}

func parseLines(text string) (Lines, error) {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return "", errors.New("must be text")
	}
	return Lines(text), nil
}

// fromText lets the decoder use parseScalar, and read lists that came as one
// word with commas.
func fromText(_, to reflect.Type, data any) (any, error) {
	text, ok := data.(string)
	switch {
	case !ok:
		return data, nil
	case isScalar(to):
		return parseScalar(text, to)
	case to == typeList:
		return splitList(text), nil
	}
	return data, nil
}

func splitList(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
