package attack

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

var (
	seed    = flag.Uint64("seed", 1, "of the mutations")
	mutants = flag.Int("mutants", 10_000, "how many messages are mutated")
)

// Real messages with one to four accidents each: what another parser refuses,
// the door refuses too, and at no cost.
func TestMutants(t *testing.T) {
	n := *mutants / slower
	h := newHouse(t)
	seeds := messages(t)
	r := rand.New(rand.NewPCG(*seed, 0))
	refused := 0
	for i := range n {
		text := mutate(r, seeds[r.IntN(len(seeds))], seeds)
		if !h.survive(t, text) {
			t.Fatalf("mutant %d of -seed %d", i, *seed)
		}
		if malformed(text) {
			refused++
		}
	}
	t.Logf("%d mutants of seed %d, %d of them not well-formed; %v", n, *seed, refused, &worst)
	if refused < n/4 {
		t.Error("the mutations are too tame")
	}
}

// survive sends a message that may be anything. When it is not well-formed
// it must be refused, and in any case it must be cheap.
func (h *house) survive(t *testing.T, text []byte) bool {
	t.Helper()
	if malformed(text) {
		h.try(t, "a mutant", func() *http.Request { return post(bytes.NewReader(text)) })
	} else {
		w := httptest.NewRecorder()
		h.door.ServeHTTP(w, post(bytes.NewReader(text)))
		if w.Code == http.StatusOK && bytes.Contains(w.Body.Bytes(), []byte(secret)) {
			t.Error("the answer tells a secret")
		}
	}
	if t.Failed() {
		t.Logf("%q", text)
	}
	return !t.Failed()
}

// messages are those that the door's own tests keep.
func messages(t testing.TB) (all [][]byte) {
	t.Helper()
	for _, pattern := range []string{"operations/*.request.xml", "dialect/*/*.xml"} {
		files, _ := filepath.Glob(filepath.Join("..", "..", "gateway", "soap", "testdata", pattern))
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, text)
		}
	}
	if len(all) < 200 {
		t.Fatalf("there are %d messages", len(all))
	}
	return all
}

// An accident happens to a text at a place.
type accident func(r *rand.Rand, text []byte, at int, others [][]byte) []byte

var accidents = []accident{
	func(_ *rand.Rand, b []byte, at int, _ [][]byte) []byte { return b[:at] },
	func(r *rand.Rand, b []byte, at int, _ [][]byte) []byte { b[at] = byte(r.Uint32()); return b },
	func(r *rand.Rand, b []byte, at int, _ [][]byte) []byte { b[at] ^= 1 << r.IntN(8); return b },
	func(_ *rand.Rand, b []byte, at int, _ [][]byte) []byte { return append(b[:at], b[at+1:]...) },
	func(r *rand.Rand, b []byte, at int, _ [][]byte) []byte {
		return insert(b, at, []byte(hazards[r.IntN(len(hazards))]))
	},
	func(r *rand.Rand, b []byte, at int, _ [][]byte) []byte { // a piece twice
		return insert(b, at, b[at:min(len(b), at+1+r.IntN(200))])
	},
	func(r *rand.Rand, b []byte, at int, _ [][]byte) []byte { // a piece away
		return append(b[:at], b[min(len(b), at+1+r.IntN(200)):]...)
	},
	func(r *rand.Rand, b []byte, at int, others [][]byte) []byte { // a piece of another message
		o := others[r.IntN(len(others))]
		from := r.IntN(len(o))
		return insert(b, at, o[from:min(len(o), from+r.IntN(300))])
	},
	func(r *rand.Rand, b []byte, at int, _ [][]byte) []byte { return untag(b, at, r.IntN(2) == 0) },
	func(r *rand.Rand, b []byte, _ int, _ [][]byte) []byte { // names change places
		names := []string{"sourcedId", "soapenv", "imsx_messageIdentifier", "textString", "language", "Body", "Header", "Envelope", "xmlns"}
		a, c := names[r.IntN(len(names))], names[r.IntN(len(names))]
		return bytes.Replace(b, []byte(a), []byte(c), 1+r.IntN(3))
	},
}

// hazards are what is put in.
var hazards = []string{
	"<", ">", "&", "\"", "'", "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<!DOCTYPE x>", "&lt;", "&x;", "&#0;", "&#xD800;",
	"\x00", "\x01", "\xff", "\xc0\x80", "\xed\xa0\x80", "\ufeff", "\ufffe", "\r", "<a>", "</a>", "<a/>", "<a b='", " xmlns=''", " xmlns:a=''", " a='1' a='1'",
	"<p:a/>", "<a:b:c/>", "<xml/>", "<?xml version='1.0'?>", "<!ENTITY a 'b'>", "\u2028", "<é/>", " ", "\t",
}

func insert(b []byte, at int, piece []byte) []byte {
	return append(b[:at:at], append(bytes.Clone(piece), b[at:]...)...)
}

// untag takes away the next tag, or writes it twice.
func untag(b []byte, at int, away bool) []byte {
	from := bytes.IndexByte(b[at:], '<')
	if from < 0 {
		return b
	}
	from += at
	to := bytes.IndexByte(b[from:], '>')
	if to < 0 {
		return b
	}
	to += from + 1
	if away {
		return append(b[:from:from], b[to:]...)
	}
	return insert(b, from, b[from:to])
}

func mutate(r *rand.Rand, text []byte, others [][]byte) []byte {
	b := bytes.Clone(text)
	for range 1 + r.IntN(4) {
		if len(b) == 0 {
			break
		}
		b = accidents[r.IntN(len(accidents))](r, b, r.IntN(len(b)), others)
	}
	return b
}

// FuzzDoor looks for a message that is taken though it is none.
func FuzzDoor(f *testing.F) {
	files, _ := filepath.Glob("cases/*.xml")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range messages(f)[:60] {
		f.Add(text)
	}
	h := newHouse(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		h.ledger.open()
		w := httptest.NewRecorder()
		h.door.ServeHTTP(w, post(bytes.NewReader(text)))
		if !malformed(text) || bytes.HasPrefix(text, []byte{0xFF, 0xFE}) || bytes.HasPrefix(text, []byte{0xFE, 0xFF}) {
			return
		}
		if err := verdict(w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
			t.Errorf("%v\n%.2000s", err, w.Body)
		}
		if err := h.ledger.check(); err != nil {
			t.Error(err)
		}
	})
}
