package timetable

import (
	"bufio"
	"net/url"
	"strings"
	"unicode/utf8"
)

// lines writes content lines of RFC 5545. The first error stays.
type lines struct {
	w   *bufio.Writer
	err error
}

// raw writes content lines as they are.
func (l *lines) raw(content ...string) {
	for _, s := range content {
		l.fold(s)
	}
}

// text writes a property of type TEXT, or nothing where there is no text.
func (l *lines) text(property, value string) {
	if value != "" {
		l.fold(property + ":" + escaper.Replace(plain(value)))
	}
}

// fold writes one content line in pieces of at most 75 octets, never inside a
// character. A piece after the first has a space before it.
func (l *lines) fold(s string) {
	room := 75
	for len(s) > room {
		end := room
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		l.put(s[:end], "\r\n ")
		s, room = s[end:], 74
	}
	l.put(s, "\r\n")
}

func (l *lines) put(parts ...string) {
	for _, s := range parts {
		if l.err == nil {
			_, l.err = l.w.WriteString(s)
		}
	}
}

// escaper writes TEXT (RFC 5545, 3.3.11).
var escaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)

// plain returns a text with one kind of line end. What is no UTF-8, and the
// control characters that neither iCalendar nor XML allows, become U+FFFD.
func plain(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r < ' ' && r != '\n' && r != '\t', r == 0x7f, r == 0xfffe, r == 0xffff:
			return utf8.RuneError
		}
		return r
	}, s)
}

// quoted writes the value of a parameter in quotes, with the escapes of
// RFC 6868.
func quoted(s string) string {
	return `"` + strings.NewReplacer("^", "^^", `"`, "^'", "\n", "^n").Replace(plain(s)) + `"`
}

// mailto returns an e-mail address as a URI, or "" for what is none.
func mailto(email string) string {
	name, host, found := strings.Cut(strings.TrimSpace(email), "@")
	if !found || name == "" || host == "" || strings.ContainsAny(email, "\r\n\t\x00") || strings.Contains(host, "@") {
		return ""
	}
	return "mailto:" + url.PathEscape(name) + "@" + url.PathEscape(host)
}
