package wire_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"lisgate/gateway/wire"
)

// walk reads a whole document, whatever it holds.
func walk(document string, limits wire.Limits) error {
	d := wire.NewDecoder(document, limits, 0)
	if d.Root() {
		d.Skip()
		d.End()
	}
	return d.Err()
}

var wellFormed = map[string]string{
	"smallest":                    `<a/>`,
	"declaration":                 `<?xml version="1.0"?><a/>`,
	"declaration, all of it":      `<?xml version='1.0' encoding="utf-8" standalone = 'yes' ?>` + "\n<a/>",
	"declared as ASCII":           `<?xml version="1.0" encoding="US-ASCII"?><a>x</a>`,
	"version 1.1, read as 1.0":    `<?xml version="1.1"?><a/>`,
	"byte order mark":             "\ufeff<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>",
	"comments everywhere":         `<!-- a --><a><!-- - - > --></a><!---->`,
	"instructions everywhere":     `<?x?><a><?y z ?></a><?xml-stylesheet href="a"?>`,
	"empty tag with space":        "<a \n/>",
	"tags with space":             "<a\t></a \r\n>",
	"CDATA":                       `<a><![CDATA[<b>&x;]]]]><![CDATA[>]]></a>`,
	"all references":              `<a b="&lt;&#10;">&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;&#x0000000000000000041;</a>`,
	"> and quotes in text":        `<a>] ]> "'></a>`,
	"> in attribute":              `<a b=">" c='"'/>`,
	"equals with space":           "<a b = '1'\nc\t=\"2\"/>",
	"same attribute, two names":   `<a xmlns:x="u" xmlns:y="v" x:b="1" y:b="2" b="3"/>`,
	"prefix declared after use":   `<a x:b="1" xmlns:x="u"/>`,
	"prefix declared anew inside": `<x:a xmlns:x="u"><x:a xmlns:x="v"/></x:a>`,
	"default undeclared":          `<a xmlns="u"><b xmlns=""/></a>`,
	"xml prefix":                  `<a xml:lang="en" xmlns:xml="http://www.w3.org/XML/1998/namespace"/>`,
	"names of all sorts":          `<Ünï_1.2-3·><日本/><_/></Ünï_1.2-3·>`,
	"the last characters":         "<a>\ud7ff\ue000\ufffd\U0010ffff\t\n\r\u007f\u0085</a>",
	"text of many pieces":         `<a>1<!-- -->2<?x?>3<![CDATA[4]]>5</a>`,
	"name that begins with xmlns": `<a xmlnsx="1"/>`,
}

var illFormed = map[string][2]string{
	"nothing":                         {``, "no XML element"},
	"only space":                      {" \n", "no XML element"},
	"only a comment":                  {`<!-- a -->`, "no XML element"},
	"text alone":                      {`hello`, "text before the root"},
	"text before":                     {`x<a/>`, "text before the root"},
	"text after":                      {`<a/>x`, "content after the root"},
	"CDATA after":                     {`<a/><![CDATA[x]]>`, "not XML"},
	"second root":                     {`<a/><b/>`, "content after the root"},
	"end tag after":                   {`<a/></a>`, "content after the root"},
	"DOCTYPE":                         {`<!DOCTYPE a><a/>`, "document type declaration"},
	"DOCTYPE with entities":           {`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, "document type declaration"},
	"DOCTYPE inside":                  {`<a><!DOCTYPE a></a>`, "document type declaration"},
	"declaration after space":         {` <?xml version="1.0"?><a/>`, "processing instruction"},
	"second declaration":              {`<?xml version="1.0"?><?xml version="1.0"?><a/>`, "processing instruction"},
	"declaration inside":              {`<a><?xml version="1.0"?></a>`, "processing instruction"},
	"instruction named XmL":           {`<?XmL a?><a/>`, "processing instruction"},
	"instruction without name":        {`<? a?><a/>`, "processing instruction"},
	"instruction with a colon":        {`<?a:b c?><a/>`, "processing instruction"},
	"instruction without end":         {`<a><?b></a>`, "processing instruction without end"},
	"declaration without version":     {`<?xml encoding="utf-8"?><a/>`, "version"},
	"version 2.0":                     {`<?xml version="2.0"?><a/>`, "version"},
	"version 1.a":                     {`<?xml version="1.a"?><a/>`, "version"},
	"Latin-1":                         {`<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, "encoding ISO-8859-1; send the message in UTF-8"},
	"UTF-16":                          {`<?xml version="1.0" encoding="UTF-16"?><a/>`, "encoding UTF-16"},
	"ASCII that is not":               {`<?xml version="1.0" encoding="us-ascii"?><a>é</a>`, "beyond it"},
	"standalone maybe":                {`<?xml version="1.0" standalone="maybe"?><a/>`, "declaration"},
	"declaration out of order":        {`<?xml version="1.0" standalone="no" encoding="utf-8"?><a/>`, "declaration"},
	"declaration without space":       {`<?xml version="1.0"encoding="utf-8"?><a/>`, "declaration"},
	"declaration without quotes":      {`<?xml version=1.0?><a/>`, "version"},
	"declaration without end":         {`<?xml version="1.0"`, "without end"},
	"comment with --":                 {`<a><!-- a -- b --></a>`, "comment with --"},
	"comment that ends in --->":       {`<a><!-- a ---></a>`, "comment with --"},
	"comment without end":             {`<a><!-- a</a>`, "comment without end"},
	"half a comment":                  {`<a><!- a -></a>`, "not XML"},
	"CDATA without end":               {`<a><![CDATA[ ]] ></a>`, "CDATA section without end"},
	"]]> in text":                     {`<a>x]]>y</a>`, "]]> in text"},
	"]]> among elements":              {`<a><b/>]]><b/></a>`, "]]> in text"},
	"unknown entity":                  {`<a>&nbsp;</a>`, "&nbsp;"},
	"entity of upper case":            {`<a>&AMP;</a>`, "&AMP;"},
	"bare &":                          {`<a>R & D</a>`, "begins no reference"},
	"empty reference":                 {`<a>&;</a>`, "&;"},
	"empty character reference":       {`<a>&#;</a>`, "&#;"},
	"signed character reference":      {`<a>&#+65;</a>`, "&#+65;"},
	"hexadecimal with X":              {`<a>&#X41;</a>`, "&#X41;"},
	"hexadecimal without x":           {`<a>&#4A;</a>`, "&#4A;"},
	"reference to NUL":                {`<a>&#0;</a>`, "&#0;"},
	"reference to a surrogate":        {`<a>&#xD800;</a>`, "&#xD800;"},
	"reference to U+FFFE":             {`<a>&#xFFFE;</a>`, "&#xFFFE;"},
	"reference beyond Unicode":        {`<a>&#x110000;</a>`, "&#x110000;"},
	"reference beyond 32 bits":        {`<a>&#x100000041;</a>`, "&#x100000041;"},
	"reference in the attribute":      {`<a b="&x;"/>`, "&x;"},
	"control character":               {"<a>\x01</a>", "control character"},
	"NUL":                             {"<a b='\x00'/>", "control character"},
	"control character far on":        {"<a>" + strings.Repeat(" \n", 40) + "\x1f</a>", "control character"},
	"U+FFFE":                          {"<a>\ufffe</a>", "U+FFFE"},
	"U+FFFF":                          {"<a>\uffff</a>", "U+FFFE or U+FFFF"},
	"not UTF-8":                       {"<a>caf\xe9</a>", "not UTF-8"},
	"surrogate in UTF-8":              {"<a>\xed\xa0\x80</a>", "not UTF-8"},
	"overlong":                        {"<a>\xc0\xaf</a>", "not UTF-8"},
	"UTF-16 itself":                   {"\xff\xfe<\x00a\x00/\x00>\x00", "not UTF-8"},
	"two byte order marks":            {"\ufeff\ufeff<a/>", "text before the root"},
	"attribute twice":                 {`<a b="1" b="2"/>`, "twice"},
	"attribute twice by namespace":    {`<a xmlns:x="u" xmlns:y="u" x:b="1" y:b="2"/>`, "twice in one namespace"},
	"namespace twice":                 {`<a xmlns="u" xmlns="v"/>`, "declared twice"},
	"prefix twice":                    {`<a xmlns:x="u" xmlns:x="u"/>`, "declared twice"},
	"unbound prefix":                  {`<x:a/>`, "prefix x is bound to no namespace"},
	"unbound prefix of an attribute":  {`<a x:b="1"/>`, "prefix x is bound to no namespace"},
	"prefix out of scope":             {`<a><b xmlns:x="u"/><x:c/></a>`, "prefix x is bound to no namespace"},
	"prefix out of scope, with text":  {`<a><b xmlns:x="u">t</b><x:c/></a>`, "prefix x is bound to no namespace"},
	"undeclared prefix":               {`<a xmlns:x="u"><b xmlns:x=""/></a>`, "XML 1.0 does not allow"},
	"prefix xmlns declared":           {`<a xmlns:xmlns="u"/>`, "reserves"},
	"prefix xml for another":          {`<a xmlns:xml="u"/>`, "reserves"},
	"another prefix for xml":          {`<a xmlns:x="http://www.w3.org/XML/1998/namespace"/>`, "reserves"},
	"xmlns's namespace":               {`<a xmlns:x="http://www.w3.org/2000/xmlns/"/>`, "reserves"},
	"xml's namespace as default":      {`<a xmlns="http://www.w3.org/XML/1998/namespace"/>`, "reserves"},
	"element named xmlns:a":           {`<xmlns:a/>`, "bound to no namespace"},
	"a:b:c":                           {`<a:b:c xmlns:a="u"/>`, "not a qualified name"},
	":a":                              {`<:a/>`, "not a qualified name"},
	"a:":                              {`<a: xmlns:a="u"/>`, "not a qualified name"},
	"a:1":                             {`<a:1 xmlns:a="u"/>`, "not a qualified name"},
	"attribute a:b:c":                 {`<a xmlns:a="u" a:b:c="1"/>`, "not a qualified name"},
	"xmlns:":                          {`<a xmlns:="u"/>`, "not a qualified name"},
	"name that begins with a digit":   {`<1a/>`, "begins no tag"},
	"name that begins with a dot":     {`<.a/>`, "begins no tag"},
	"space before a name":             {`< a/>`, "begins no tag"},
	"lone <":                          {`<a><`, "begins no tag"},
	"< at the end":                    {`<`, "begins no tag"},
	"end tag first":                   {`</a>`, "begins no tag"},
	"wrong end tag":                   {`<a></b>`, "does not fit <a>"},
	"longer end tag":                  {`<a></ab>`, "does not fit <a>"},
	"end tag of another prefix":       {`<x:a xmlns:x="u" xmlns:y="u"></y:a>`, "does not fit <x:a>"},
	"end tag with attribute":          {`<a></a b="1">`, "does not fit <a>"},
	"end tag without end":             {`<a></a`, "does not fit <a>"},
	"crossed tags":                    {`<a><b></a></b>`, "does not fit <b>"},
	"no end tag":                      {`<a>`, "ends inside <a>"},
	"no end tag, text":                {`<a>x`, "ends inside <a>"},
	"tag without end":                 {`<a b="1"`, "tag without end"},
	"attribute without value":         {`<a b/>`, "has no value"},
	"attribute without quotes":        {`<a b=1/>`, "without quotes"},
	"attribute without end":           {`<a b="1/>`, "value without end"},
	"attribute without name":          {`<a ="1"/>`, "without name"},
	"attributes without space":        {`<a b="1"c="2"/>`, "no space before"},
	"< in an attribute":               {`<a b="<"/>`, "< in an attribute"},
	"/ without >":                     {`<a / >`, "a / in a tag"},
	"space in the end of a tag":       {`<a b="1"/ >`, "a / in a tag"},
	"declaration of an entity inside": {`<a><!ENTITY x "y"></a>`, "not XML"},
}

func TestWellFormed(t *testing.T) {
	for name, document := range wellFormed {
		if err := walk(document, wire.Limits{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIllFormed(t *testing.T) {
	for name, c := range illFormed {
		err := walk(c[0], wire.Limits{})
		var syntax *wire.SyntaxError
		if !errors.As(err, &syntax) || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%s: error is %v, want a SyntaxError with %q", name, err, c[1])
		}
	}
}

// An error names the line of what is wrong.
func TestLines(t *testing.T) {
	err := walk("<a>\n<b>\n\n&x;</b></a>", wire.Limits{})
	if err == nil || !strings.HasPrefix(err.Error(), "line ") {
		t.Fatal(err)
	}
	if err := walk("<a>\n\n</b>", wire.Limits{}); err == nil || !strings.HasPrefix(err.Error(), "line 3: ") {
		t.Error(err)
	}
}

// Input that makes careless readers slow takes no time to speak of.
func TestNothingIsQuadratic(t *testing.T) {
	const n = 200_000
	many := wire.Limits{Elements: 10 * n, TextBytes: 16 << 20, Attributes: 1 << 30, NameBytes: 1 << 30}
	for name, document := range map[string]string{
		"pieces of text":       "<a>" + strings.Repeat("x<!---->", n) + "</a>",
		"pieces of CDATA":      "<a>" + strings.Repeat("<![CDATA[x]]>", n) + "</a>",
		"references":           "<a>" + strings.Repeat("&lt;", n) + "</a>",
		"ampersands":           "<a>" + strings.Repeat("&", n) + "</a>",
		"ampersands and one ;": "<a>" + strings.Repeat("&", n) + ";</a>",
		"siblings":             "<a>" + strings.Repeat("<b/>", n) + "</a>",
		"open brackets":        "<a>" + strings.Repeat("<![", n),
		"half comments":        "<a>" + strings.Repeat("<!-- -", n),
		"a name":               "<" + strings.Repeat("a", 10*n) + "/>",
		"levels":               strings.Repeat("<a>", n),
		"carriage returns":     "<a>" + strings.Repeat("\r", n) + "</a>",
	} {
		start := time.Now()
		_ = walk(document, many)
		d := wire.NewDecoder(document, many, wire.Everything)
		if d.Root() {
			d.Text()
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}
