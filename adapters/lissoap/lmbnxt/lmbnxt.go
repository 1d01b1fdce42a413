// Package lmbnxt is a pretend Moodle with the plug-in enrol_lmb NXT: the LIS
// receiver at /enrol/lmb/ws_endpoint.php, with what was observed of it
// (back-end facts, sections B1 and D):
//
//   - it takes replacePerson, replaceGroup, replaceCourseSection,
//     replaceSectionAssociation, replaceMembership and deleteMembership, and
//     asks nobody who they are;
//   - element names are compared with their prefix: to a prefixed request, to
//     what is no XML and to any other operation it says HTTP 200 and "Temp";
//   - it knows the roles student and editingteacher; another is a failure with
//     the words "Exception while loading and saving input.";
//   - a membership of a person who is not there is a success, and nothing comes
//     of it;
//   - an empty body gets an HTML page; imsx_severity is in lower case, and the
//     version is that of the request.
package lmbnxt

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/beevik/etree"
)

// Path is where the receiver stands.
const Path = "/enrol/lmb/ws_endpoint.php"

// A Site is such a Moodle. The zero Site is empty.
type Site struct {
	mu          sync.Mutex
	persons     map[string]string // by sourcedId: the login
	courses     map[string]bool
	memberships map[string]Enrolment // by the sourcedId of the membership
	said        []string
}

// An Enrolment is a membership that came to something.
type Enrolment struct{ Course, Person, Role string }

// mostBody is the most of a request that is read.
const mostBody = 4 << 20

// ServeHTTP answers as the plug-in does.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil || len(text) == 0 {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!DOCTYPE html><html><body>Error</body></html>")
		return
	}
	header, body := parts(text)
	answer := "Temp"
	if body != nil {
		answer = s.carryOut(header, body)
	}
	w.Header().Set("Content-Type", "text/xml")
	io.WriteString(w, answer)
}

// parts returns the header block and the body element of a request, nil for
// what the receiver does not understand.
func parts(text []byte) (header, body *etree.Element) {
	document := etree.NewDocument()
	if document.ReadFromBytes(text) != nil || document.Root() == nil {
		return nil, nil
	}
	for _, e := range document.Root().ChildElements() {
		for _, inner := range e.ChildElements() {
			switch e.Tag {
			case "Header":
				header = inner
			case "Body":
				body = inner
			}
		}
	}
	if body != nil && body.Space != "" {
		return header, nil
	}
	return header, body
}

func (s *Site) carryOut(header, body *etree.Element) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	operation, failure := strings.TrimSuffix(body.Tag, "Request"), ""
	switch operation {
	case "replacePerson":
		put(&s.persons, id(body, "personRecord"), text(body, ".//userIdValue/textString"))
	case "replaceGroup":
		put(&s.courses, "term:"+id(body, "groupRecord"), true)
	case "replaceCourseSection":
		put(&s.courses, id(body, "courseSectionRecord"), true)
	case "replaceSectionAssociation":
		put(&s.courses, id(body, "sectionAssociationRecord"), true)
	case "replaceMembership":
		failure = s.enrol(body)
	case "deleteMembership":
		delete(s.memberships, text(body, "sourcedId"))
	default:
		return "Temp"
	}
	s.said = append(s.said, operation)
	return response(header, body, operation, failure)
}

func put[V any](m *map[string]V, key string, value V) {
	if *m == nil {
		*m = map[string]V{}
	}
	(*m)[key] = value
}

func id(body *etree.Element, record string) string {
	return text(body, record+"/sourcedGUID/sourcedId")
}

func text(e *etree.Element, path string) string {
	if found := e.FindElement(path); found != nil {
		return strings.TrimSpace(found.Text())
	}
	return ""
}

// enrol takes a membership, and says success even when nothing comes of it.
func (s *Site) enrol(body *etree.Element) (failure string) {
	e := Enrolment{Course: text(body, ".//collectionSourcedId"), Person: text(body, ".//personSourcedId"), Role: text(body, ".//roleType")}
	if e.Role != "student" && e.Role != "editingteacher" {
		return "Exception while loading and saving input."
	}
	if _, known := s.persons[e.Person]; !known || !s.courses[e.Course] {
		return "" // logged there, and nothing else
	}
	membership := id(body, "membershipRecord")
	if strings.EqualFold(text(body, ".//status"), "Inactive") {
		delete(s.memberships, membership)
		return ""
	}
	put(&s.memberships, membership, e)
	return ""
}

func response(header, body *etree.Element, operation, failure string) string {
	major, severity, minor := "success", "status", "fullsuccess"
	if failure != "" {
		major, severity, minor = "failure", "error", "invaliddata"
	}
	version, message := "V1.0", ""
	if header != nil {
		version, message = text(header, "imsx_version"), text(header, "imsx_messageIdentifier")
	}
	space := body.NamespaceURI()
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header>`+
		`<imsx_syncResponseHeaderInfo xmlns=%q><imsx_version>%s</imsx_version><imsx_messageIdentifier>%s</imsx_messageIdentifier><imsx_statusInfo>`+
		`<imsx_codeMajor>%s</imsx_codeMajor><imsx_severity>%s</imsx_severity><imsx_messageRefIdentifier>%s</imsx_messageRefIdentifier><imsx_description>%s</imsx_description>`+
		`<imsx_codeMinor><imsx_codeMinorField><imsx_codeMinorFieldName>TargetEndSystem</imsx_codeMinorFieldName>`+
		`<imsx_codeMinorFieldValue>%s</imsx_codeMinorFieldValue></imsx_codeMinorField></imsx_codeMinor>`+
		`</imsx_statusInfo></imsx_syncResponseHeaderInfo></soapenv:Header><soapenv:Body><%sResponse xmlns=%q/></soapenv:Body></soapenv:Envelope>`,
		space, escape(version), escape(message), major, severity, escape(message), escape(failure), minor, operation, space)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func escape(s string) string { return escaper.Replace(s) }

// Enrolments returns who is in which course.
func (s *Site) Enrolments() []Enrolment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.memberships))
}

// Operations returns what was carried out, in order.
func (s *Site) Operations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.said)
}
