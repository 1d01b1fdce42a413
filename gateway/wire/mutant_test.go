package wire_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"lisgate/gateway/wire"
)

// tears are what a mutant may get into its middle.
var tears = []string{
	"<", ">", "/", "</", "/>", "<a>", "</a>", "<a/>", "&", "&amp;", "&#10;", "&#xD;", ";", "\"", "'", "=", ":", " ", "\n", "\r", "\r\n", "\t",
	"<!-- -->", "<!--", "-->", "<![CDATA[", "]]>", "<![CDATA[x]]>", "<?x?>", "<?xml version='1.0'?>", "<!DOCTYPE a>", "\ufeff", "\ufffe", "\x00", "\xff",
	" xmlns=''", " xmlns:x='u'", " x:a='1'", " a='1'", "x:", "x", "é", "-1", "true", "2026-09-01T08:00:00Z", "<language>en</language>",
}

// mutant changes a document in one or a few places.
func mutant(r *rand.Rand, document string) string {
	for range 1 + r.IntN(3) {
		i := r.IntN(len(document) + 1)
		j := min(len(document), i+r.IntN(20))
		switch r.IntN(5) {
		case 0: // lose a piece
			document = document[:i] + document[j:]
		case 1: // double one
			document = document[:j] + document[i:]
		case 2: // lose a whole tag, or move it
			if a, b, ok := strings.Cut(document[i:], "<"); ok {
				tag, rest, _ := strings.Cut(b, ">")
				document = document[:i] + a + rest + []string{"", "<" + tag + ">"}[r.IntN(2)]
			}
		default:
			document = document[:i] + tears[r.IntN(len(tears))] + document[i:]
		}
	}
	return document
}

// Thousands of messages, whole and torn, are read alike by all readers, and
// what is taken comes back. A seed is printed with what fails.
func TestMutants(t *testing.T) {
	runs := 12
	if testing.Short() {
		runs = 2
	}
	taken := 0
	for i, s := range services {
		sample := newSampler(t, s.name, s.space, uint64(300+i))
		sample.share, sample.many = 0.3, 2
		for _, element := range sortedKeys(s.messages) {
			document := sample.message(element)
			for range runs {
				checkDecode(t, document)
				checkAgree(t, document)
				checkSplit(t, document)
				if _, err := decode(document, s.space, s.messages[element](), wire.Everything); err == nil {
					taken++
				}
				if t.Failed() {
					t.FailNow()
				}
				document = mutant(sample.Rand, sample.message(element))
			}
		}
	}
	t.Logf("%d of %d taken", taken, 312*runs)
}

// What is well-formed is so for libxml2 too, and what is not is not, but for
// encodings and a DOCTYPE.
func TestLibxml2Agrees(t *testing.T) {
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("SKIPPED: no xmllint here; nobody else judges what is well-formed (Debian: libxml2-utils)")
	}
	dir, verdicts := t.TempDir(), map[string]error{}
	add := func(document string) {
		name := strconv.Itoa(len(verdicts)) + ".xml"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(document), 0o600); err != nil {
			t.Fatal(err)
		}
		verdicts[name] = walk(document, wire.Limits{})
	}
	for i, s := range services {
		sample := newSampler(t, s.name, s.space, uint64(400+i))
		sample.share, sample.many = 0.3, 2
		for _, element := range sortedKeys(s.messages) {
			for range 3 {
				add(mutant(sample.Rand, sample.message(element)))
			}
		}
	}
	for _, c := range illFormed {
		add(c[0])
	}
	for _, document := range wellFormed {
		add(document)
	}
	lint := exec.Command("xmllint", append([]string{"--nonet", "--noout"}, sortedKeys(verdicts)...)...)
	lint.Dir = dir
	out, _ := lint.CombinedOutput()
	refused := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		name, rest, _ := strings.Cut(line, ":")
		if _, ok := verdicts[name]; ok && strings.Contains(rest, " error : ") && !strings.Contains(rest, "error : xmlns: '") {
			refused[name] = true // but not for a namespace that is no URI, which nobody else minds
		}
	}
	for name, err := range verdicts {
		if err != nil && strings.Contains(err.Error(), "document type") || err != nil && strings.Contains(err.Error(), "UTF-8") {
			continue
		}
		if refused[name] != (err != nil) {
			document, _ := os.ReadFile(filepath.Join(dir, name))
			t.Errorf("%q: refused by libxml2: %v, by us: %v", document, refused[name], err)
		}
	}
}
