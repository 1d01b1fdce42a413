package unitime

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"lisgate/gateway/lis"
)

// The sourcedIds that are made of names where a file gives no id [ours]. They
// are the same at each reading. Courses and rooms outlive a term, so their ids
// have the campus only.
//
//	term        unitime:session:CAMPUS:YEAR:TERM
//	template    unitime:course:CAMPUS:SUBJECT:NBR
//	offering    unitime:offering:CAMPUS:YEAR:TERM:SUBJECT:NBR
//	section     unitime:class:CAMPUS:YEAR:TERM:SUBJECT:NBR:TYPE:SUFFIX
//	room        unitime:room:CAMPUS:BUILDING:NBR
//	location    unitime:location:CAMPUS:NAME
//	instructor  unitime:person:CAMPUS:hash of the names
//	membership  unitime:member:SECTION:PERSON:ROLE
//	association unitime:crosslist:SECTION:SECTION, unitime:meetswith:SECTION…

// made puts an id together. No two lists of parts make the same.
func made(kind string, parts ...string) lis.SourcedID {
	var b strings.Builder
	b.WriteString("unitime:" + kind)
	for _, p := range parts {
		b.WriteByte(':')
		b.WriteString(idEscapes.Replace(strings.TrimSpace(p)))
	}
	return lis.SourcedID(shortened(b.String()))
}

var idEscapes = strings.NewReplacer("%", "%25", ":", "%3A", "+", "%2B", " ", "+", "\t", "%09", "\n", "%0A", "\r", "%0D")

// shortened keeps an id within what LIS peers store: a long one ends with a
// hash of itself.
func shortened(s string) string {
	const longest, kept = 200, 160
	if len(s) <= longest {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return strings.ToValidUTF8(s[:kept], "") + "~" + hex.EncodeToString(sum[:16])
}

// nameless makes the id of an instructor who has names only. The names are
// not to be seen in it.
func nameless(campus string, e *element) lis.SourcedID {
	sum := sha256.Sum256([]byte(strings.Join([]string{e.text("fname"), e.text("mname"), e.text("lname")}, "\x00")))
	return made("person", campus, hex.EncodeToString(sum[:12]))
}
