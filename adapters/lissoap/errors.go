package lissoap

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
)

// A StatusError is a LIS answer that says that the operation was not done.
type StatusError struct{ Status lis.Status }

// Error says the code, the peer's description, and what can be done about it.
func (e *StatusError) Error() string {
	if e.Status.CodeMinor != lis.UnauthorizedRequest {
		return e.said()
	}
	return e.said() + ": the target does not let us do this; mend our rights there, or the credentials in its configuration, nothing is lost meanwhile"
}

// said is what the peer said.
func (e *StatusError) said() string {
	text := string(e.Status.CodeMajor) + "/" + string(e.Status.CodeMinor)
	if e.Status.Description != "" {
		text += ": " + peer.Clip(e.Status.Description)
	}
	return text
}

// A Fault is a SOAP fault.
type Fault struct {
	Code    string // without prefix: Client, Server, Sender, Receiver, FailedAuthentication …
	Subcode string // SOAP 1.2 only
	Text    string // what it says to people
}

// Error says code and text.
func (f *Fault) Error() string {
	code := f.Code
	if f.Subcode != "" {
		code += "/" + f.Subcode
	}
	return "SOAP fault " + peer.Clip(code) + ": " + peer.Clip(f.Text)
}

// An HTTPError is an HTTP status that is no success.
type HTTPError struct {
	Status     int
	RetryAfter time.Duration // 0 when the peer does not say, and at least a second when it does
	Location   string        // of a redirect
	Text       string        // the beginning of what came with it
}

// Error says the status and what can be done about it.
func (e *HTTPError) Error() string {
	text := "HTTP " + strconv.Itoa(e.Status) + " " + http.StatusText(e.Status)
	if advice := adviceFor(e.Status); advice != "" {
		text += ": " + advice
	}
	if e.Location != "" {
		text += " (it points to " + e.Location + ")"
	}
	return text
}

func adviceFor(status int) string {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return "the target does not take our credentials; mend them in its configuration, nothing is lost meanwhile"
	case status == http.StatusNotFound || status == http.StatusGone || status == http.StatusMethodNotAllowed:
		return "there is no LIS service at this address; mend url or urls of the target"
	case status == http.StatusUnsupportedMediaType:
		return "the target speaks another version of SOAP; mend its configuration"
	case status/100 == 3:
		return "redirects are not followed; configure the address that is meant"
	}
	return ""
}

// A NotLISError is an answer under HTTP 2xx that is none of LIS, so that
// nobody knows whether the operation was done.
type NotLISError struct {
	Reason      string
	ContentType string
	Text        string // the beginning of it
}

// Error says what was wrong with the answer.
func (e *NotLISError) Error() string {
	return fmt.Sprintf("the answer (%s) is not one of LIS: %s", peer.Clip(e.ContentType), e.Reason)
}
