package attack

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// A script says of what parts a text is made.
type script []part

type part struct {
	text  string // a % in it counts up
	times int    // forEver for no end
}

const forEver = 1 << 40

// most is how much is made of what has no end: more than anybody may read.
const most = 17 << 20

// text makes the text.
func (s script) text() []byte {
	var b bytes.Buffer
	for _, p := range s {
		before, after, counts := strings.Cut(p.text, "%")
		switch {
		case !counts:
			b.WriteString(strings.Repeat(p.text, min(p.times, most/max(len(p.text), 1))))
		default:
			for i := range p.times {
				b.WriteString(before + strconv.Itoa(i) + strings.ReplaceAll(after, "%", strconv.Itoa(i)))
			}
		}
	}
	return b.Bytes()
}

// once is a part that is there once.
func once(text string) part { return part{text: text, times: 1} }

const (
	million = 1_000_000
	pms     = "http://www.imsglobal.org/services/lis/pms2p0/wsdl11/sync/imspms_v2p0"
	head    = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><h:imsx_syncRequestHeaderInfo xmlns:h="` + pms +
		`"><h:imsx_version>V1.0</h:imsx_version><h:imsx_messageIdentifier>m</h:imsx_messageIdentifier></h:imsx_syncRequestHeaderInfo></e:Header><e:Body>`
	open = head + `<replacePersonRequest xmlns="` + pms + `"><sourcedId>evil</sourcedId><personRecord><sourcedGUID><sourcedId>evil</sourcedId></sourcedGUID><person>`
	shut = `</person></personRecord></replacePersonRequest></e:Body></e:Envelope>`
)

// inside puts parts into a message that would be taken without them.
func inside(parts ...part) script {
	return append(append(script{once(open)}, parts...), once(shut))
}

func around(before, text string, times int, after string) script {
	return inside(once(before), part{text: text, times: times}, once(after))
}

// large are the cases that are too large for a file.
var large = map[string]script{
	"depth 65":             inside(part{text: "<a>", times: 60}, part{text: "</a>", times: 60}),
	"depth 10000":          inside(part{text: "<a>", times: 10_000}, part{text: "</a>", times: 10_000}),
	"depth 30000 unclosed": {once(open), {text: "<a>", times: 30_000}},
	"depth million":        inside(part{text: "<a>", times: million}, part{text: "</a>", times: million}),
	"depth million bare":   {{text: "<a>", times: million}},
	"depth by namespaces":  inside(part{text: `<a xmlns="u%">`, times: 100_000}),
	"depth by prefixes":    inside(part{text: `<p%:a xmlns:p%="u">`, times: 100_000}),
	"depth with text":      inside(part{text: "<abcdefgh> text ", times: 200_000}),

	"siblings million":          around("", "<a/>", million, ""),
	"siblings million closed":   around("", "<a></a>", million, ""),
	"siblings million text":     around("", "<a>x</a>", million, ""),
	"siblings million names":    inside(part{text: "<a%/>", times: million}),
	"siblings million in head":  {once(strings.Replace(head, "<e:Header>", "<e:Header><x>", 1)[:60]), {text: "<a/>", times: million}},
	"siblings million of ids":   {once(head + `<readPersonsRequest xmlns="` + pms + `"><sourcedIdSet>`), {text: "<sourcedId>1</sourcedId>", times: million}, once(`</sourcedIdSet></readPersonsRequest></e:Body></e:Envelope>`)},
	"siblings million comments": around("", "<!-- -->", million, ""),
	"siblings million PIs":      around("", "<?a b?>", million, ""),
	"siblings million CDATA":    around("<a>", "<![CDATA[x]]>", million, "</a>"),
	"header blocks":             {once(strings.TrimSuffix(head, "</e:Header><e:Body>")), {text: `<x/>`, times: million}, once("</e:Header>")},

	"attributes 100000":          inside(once("<a"), part{text: ` a%=""`, times: 100_000}, once("/>")),
	"attributes 100000 prefixed": inside(once("<a"), part{text: ` e:a%=""`, times: 100_000}, once("/>")),
	"attributes 100000 same":     inside(once("<a"), part{text: ` a=""`, times: 100_000}, once("/>")),
	"attributes 65":              inside(once("<a"), part{text: ` a%=""`, times: 65}, once("/>")),
	"namespaces 100000":          inside(once("<a"), part{text: ` xmlns:a%="u"`, times: 100_000}, once("/>")),
	"namespaces 100000 on root":  {once("<e:Envelope"), {text: ` xmlns:a%="u"`, times: 100_000}, once(">")},
	"namespaces nested":          inside(part{text: `<a xmlns:p%="u" xmlns:q%="u">`, times: 40}, part{text: "</a>", times: 40}),

	"name 1 MB element":   inside(once("<"), part{text: "a", times: million}, once("/>")),
	"name 1 MB end":       inside(once("<a></"), part{text: "a", times: million}, once(">")),
	"name 1 MB attribute": inside(once("<a "), part{text: "b", times: million}, once(`="x"/>`)),
	"name 1 MB prefix":    inside(once("<"), part{text: "a", times: million}, once(":b/>")),
	"name 1 MB of xmlns":  inside(once("<a xmlns:"), part{text: "a", times: million}, once(`="u"/>`)),
	"name 1 MB PI":        inside(once("<?"), part{text: "a", times: million}, once(" ?>")),
	"name 1 MB reference": inside(once("<a>&"), part{text: "a", times: million}, once(";</a>")),
	"name 1 MB operation": {once(head + "<"), {text: "a", times: million}, once(`Request xmlns="` + pms + `"/></e:Body></e:Envelope>`)},
	"name 257":            inside(once("<"), part{text: "a", times: 257}, once("/>")),
	"name foreign 1 MB":   inside(once("<"), part{text: "é", times: million / 2}, once("/>")),

	"text 16 MB":           around("<a>", "a", 16*million, "</a>"),
	"text 16 MB spaces":    around("", " ", 16*million, ""),
	"text 16 MB newlines":  around("", "\n", 16*million, ""),
	"text 16 MB returns":   around("<a>", "\r", 16*million, "</a>"),
	"text 16 MB foreign":   around("<a>", "é", 8*million, "</a>"),
	"text 16 MB attribute": around(`<a b="`, "a", 16*million, `"/>`),
	"text 16 MB comment":   around("<!--", "a", 16*million, "-->"),
	"text 16 MB CDATA":     around("<a><![CDATA[", "a", 16*million, "]]></a>"),
	"text 16 MB PI":        around("<?a ", "a", 16*million, "?>"),
	"text 16 MB in a tag":  around("<a ", " ", 16*million, "/>"),
	"text 16 MB first":     {{text: " ", times: 16 * million}, once(open + shut)},
	"text 16 MB after":     {once(open + shut), {text: " ", times: 16 * million}},
	"text 16 MB header id": {once(strings.TrimSuffix(head[:strings.Index(head, "m</h:imsx_mess")], "")), {text: "m", times: 16 * million}},
	"text 2 MB":            around("<a>", "a", 2*million, "</a>"),
	"text of CDATA":        around("<a>", "<![CDATA["+strings.Repeat("x", 5000)+"]]>", 300, "</a>"),
	"text of references":   around("<a>", "&amp;", 700_000, "</a>"),
	"text of charrefs":     around("<a>", "&#65;", 700_000, "</a>"),
	"text of ampersands":   around("<a>", "&", million, "</a>"),
	"text of ]]>":          around("<a>", "]]>", 300_000, "</a>"),
	"text of ]":            around("<a><![CDATA[", "]", million, "</a>"),
	"text of - in comment": around("<!--", "- ", 400_000, "</a>"),
	"text of ?":            around("<?a ", "?", million, "</a>"),
	"text of quotes":       around("<a b='", `"`, million, "/>"),
	"text of <":            around("", "<", million, ""),
	"text of <!":           around("", "<!", million, ""),
	"text of <!-":          around("", "<!--", million, ""),
	"text of </":           around("", "</a>", million, ""),
	"text of NUL":          around("<a>", "\x00", million, "</a>"),
	"text of bad UTF-8":    around("<a>", "\xff", million, "</a>"),

	"id 2 MB":           {once(head + `<deletePersonRequest xmlns="` + pms + `"><sourcedId>`), {text: "a", times: 2 * million}, once("</sourcedId></deletePersonRequest></e:Body></e:Envelope>")},
	"id 500 KB":         {once(head + `<deletePersonRequest xmlns="` + pms + `"><sourcedId>`), {text: "a", times: million / 2}, once("</sourcedId></deletePersonRequest></e:Body></e:Envelope>")},
	"query 500 KB JSON": {once(head + `<discoverPersonIdsRequest xmlns="` + pms + `"><queryObject>`), {text: `{"a":`, times: 100_000}, once("</queryObject></discoverPersonIdsRequest></e:Body></e:Envelope>")},
	"query 500 KB list": {once(head + `<discoverPersonIdsRequest xmlns="` + pms + `"><queryObject>{"a":`), {text: "[", times: 500_000}, once("</queryObject></discoverPersonIdsRequest></e:Body></e:Envelope>")},
	"query of pairs":    {once(head + `<discoverPersonIdsRequest xmlns="` + pms + `"><queryObject>`), {text: "a%=b&amp;", times: 10_000}, once("</queryObject></discoverPersonIdsRequest></e:Body></e:Envelope>")},
	"nonce 500 KB":      {once(strings.Replace(head, "<e:Header>", `<e:Header><s:Security xmlns:s="urn:x" e:mustUnderstand="1"><s:Nonce>`, 1)[:200]), {text: "A", times: 500_000}},
	"entity bomb large": {once("<!DOCTYPE a ["), {text: `<!ENTITY e% "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">`, times: 60_000}, once("]>" + open + shut)},

	"oversize of honest density": {once(open), {text: "<name>a name of some length</name>\n", times: 200_000}, once(shut)},
	"for ever text":              {once(open + "<a>"), {text: "a", times: forEver}},
	"for ever tags":              {once(open), {text: "<a>", times: forEver}},
	"for ever siblings":          {once(open), {text: "<a/>", times: forEver}},
	"for ever density":           {once(open), {text: "<name>a name of some length</name>\n", times: forEver}},
	"for ever nothing":           {{text: "\x00", times: forEver}},
	"for ever spaces":            {{text: " ", times: forEver}},
	"for ever end tags":          {{text: "</a>", times: forEver}},
}

// Each comes twice: without a length, as chunked requests do, and is read no
// further than 64 KiB past the limit; and with its length, when what is too
// long is not read at all.
func TestLarge(t *testing.T) {
	h := newHouse(t)
	for name, s := range large {
		text := s.text()
		for _, length := range []int{-1, len(text)} {
			t.Run(fmt.Sprint(name, " ", length > 0), func(t *testing.T) {
				var last *counted
				h.try(t, fmt.Sprint(name, ", announced ", length > 0), func() *http.Request {
					last = &counted{r: bytes.NewReader(text)}
					r := post(last)
					r.ContentLength = int64(length)
					return r
				})
				if last.read > 4<<20+64<<10 || length > 4<<20 && last.read > 0 {
					t.Errorf("%d bytes were read", last.read)
				}
			})
		}
	}
	t.Log(2*len(large), "generated;", &worst)
}

type counted struct {
	r    io.Reader
	read int
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.read += n
	return n, err
}

// One byte over the limit, both ways.
func TestOneByteOver(t *testing.T) {
	h := newHouse(t)
	filler := part{text: "<name>a name of some length</name>\n", times: 4 << 20 / 35}
	text := (script{once(open), filler, once(shut)}).text()
	text = append(text[:4<<20-len(shut)], shut...)
	text = append(text, ' ')
	for _, length := range []int64{-1, int64(len(text))} {
		name := fmt.Sprint("one byte over, length ", length)
		h.try(t, name, func() *http.Request {
			r := post(bytes.NewReader(text))
			r.ContentLength = length
			return r
		})
		r := post(bytes.NewReader(text))
		r.ContentLength = length
		w := httptest.NewRecorder()
		if h.door.ServeHTTP(w, r); w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: HTTP %d", name, w.Code)
		}
	}
}

// Gzip that unpacks to a thousand times its size.
func TestGzipBombs(t *testing.T) {
	h := newHouse(t)
	for name, s := range map[string]script{
		"spaces":   {{text: " ", times: 8 << 20}},
		"NULs":     {{text: "\x00", times: 8 << 20}},
		"text":     {once(open + "<a>"), {text: "a", times: 8 << 20}},
		"tags":     {once(open), {text: "<a>", times: 2 << 20}},
		"siblings": {once(open), {text: "<a/>", times: 2 << 20}},
		"density":  {once(open), {text: "<name>a name of some length</name>\n", times: 1 << 18}},
		"entities": {once(`<!DOCTYPE a [<!ENTITY e "`), {text: "e", times: 8 << 20}},
		"in gzip":  {{text: string(zip(script{{text: " ", times: 8 << 20}})), times: 3000}},
	} {
		t.Run(name, func(t *testing.T) {
			packed := zip(s)
			h.try(t, "gzip bomb of "+name, func() *http.Request {
				r := post(bytes.NewReader(packed))
				r.Header.Set("Content-Encoding", "gzip")
				return r
			})
		})
	}
	t.Log(&worst)
}

func zip(s script) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	z.Write(s.text())
	z.Close()
	return b.Bytes()
}

// Headers that are too much, past the server: what the door itself makes of them.
func TestLargeHeaders(t *testing.T) {
	h := newHouse(t)
	long := strings.Repeat("a", million)
	for name, value := range map[string]string{
		"Soapaction": long, "Content-Type": "text/xml; charset=" + long, "Content-Encoding": long,
		"Accept-Encoding": strings.Repeat("a,", million/2),
	} {
		h.try(t, "1 MB of "+name, func() *http.Request {
			r := post(strings.NewReader("<a/>"))
			r.Header.Set(name, value)
			return r
		})
	}
	many := strings.Repeat("; a=b", 200_000)
	h.try(t, "200000 parameters", func() *http.Request {
		r := post(strings.NewReader("<a/>"))
		r.Header.Set("Content-Type", "text/xml"+many)
		return r
	})
}

// Bulk files are read as they come, and no worse than messages.
func TestBulkFiles(t *testing.T) {
	h := newHouse(t)
	bulk := func(parts ...part) script {
		return append(script{once("<bulkDataRecord>")}, parts...)
	}
	for name, s := range map[string]script{
		"depth":         bulk(part{text: "<a>", times: million}),
		"siblings":      bulk(once("<transactionRecord>"), part{text: "<a/>", times: million}),
		"one text":      bulk(once("<transactionRecord><a>"), part{text: "a", times: forEver}),
		"comments":      bulk(once("<!--"), part{text: "a", times: forEver}),
		"doctype":       {once("<!DOCTYPE a [")},
		"entities":      {once("<!DOCTYPE a ["), {text: `<!ENTITY e% "x">`, times: million}},
		"other root":    {once("<a>"), {text: "<b/>", times: million}},
		"not XML":       {{text: "\x00", times: forEver}},
		"root tag":      {once("<bulkDataRecord "), {text: " ", times: forEver}},
		"spaces":        {{text: " ", times: forEver}},
		"no end":        bulk(part{text: "<transactionRecord/>", times: 100}),
		"text between":  bulk(once("text")),
		"second root":   bulk(once("</bulkDataRecord><bulkDataRecord/>")),
		"wrong nesting": bulk(once("<transactionRecord></a></transactionRecord></bulkDataRecord>")),
		"bad UTF-8":     bulk(once("<transactionRecord>\xff</transactionRecord></bulkDataRecord>")),
	} {
		t.Run(name, func(t *testing.T) {
			h.ledger.open()
			r := post(bytes.NewReader(s.text()))
			r.URL.Path, r.ContentLength = "/lis/bdems/file", -1
			w := httptest.NewRecorder()
			h.door.ServeHTTP(w, r)
			if err := verdict(w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
				t.Errorf("%v\n%.500s", err, w.Body)
			}
			h.ledger.mu.Lock()
			defer h.ledger.mu.Unlock()
			if h.ledger.appended > 0 {
				t.Errorf("%d changes were stored", h.ledger.appended)
			}
		})
	}
}

// What a message costs that is as large as the limits allow and broken at its
// very end: told, not held to the 5 ms, for lower limits are the remedy.
func TestWithinTheLimits(t *testing.T) {
	h := newHouse(t)
	density := part{text: "<name>a name of some length</name>\n", times: 119_000}
	prefixes := `<a xmlns:b="u" ` + strings.Join(declarations(55), " ") + ">"
	for name, s := range map[string]script{
		"4 MB of text in elements": {once(open), density},
		"190000 siblings":          {once(open), {text: "<a/>", times: 190_000}},
		"190000 prefixed siblings": {once(open + prefixes), {text: "<b:a/>", times: 190_000}},
		"170000 ids":               {once(head + `<readPersonsRequest xmlns="` + pms + `"><sourcedIdSet>`), {text: "<sourcedId>1</sourcedId>", times: 170_000}},
	} {
		text := s.text()
		h.ledger.open()
		w, c := h.measure(func() *http.Request { return post(bytes.NewReader(text)) })
		if err := verdict(w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := h.ledger.check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %d KiB sent, %s, %d KiB allocated", name, len(text)>>10, c.took, c.bytes>>10)
	}
}

func declarations(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf(`xmlns:p%d="u%d"`, i, i))
	}
	return all
}
