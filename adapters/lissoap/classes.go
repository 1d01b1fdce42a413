package lissoap

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"lisgate/adapters"
	"lisgate/gateway/lis"
)

// busyFor is how long a busy peer is left alone that does not say itself.
const busyFor = 5 * time.Second

// codeClasses is the table from LIS code minors to what is to be done, for a
// write. The words are those of all drafts and of Oracle [wsdl, peer], the
// classes are [ours]. A failure with any other word is Refused: the peer has
// looked at this one record and said no.
var codeClasses = map[lis.CodeMinor]adapters.Class{
	lis.TargetIsBusy: adapters.Busy, // peer Oracle: resend later

	lis.LinkFailure:       adapters.Unavailable, // peer Oracle: not delivered
	lis.OverflowFail:      adapters.Unavailable,
	lis.TargetReadFailure: adapters.Unavailable,

	// It speaks of who we are, and of this operation: the others may go on.
	lis.UnauthorizedRequest: adapters.Unavailable,

	lis.UnknownObject: adapters.Missing,
	"unknownperson":   adapters.Missing,
	"unknowncontext":  adapters.Missing,

	lis.InvalidData:             adapters.Refused,
	lis.IncompleteData:          adapters.Refused,
	lis.PartialDataStorage:      adapters.Refused,
	lis.DeleteFailure:           adapters.Refused,
	lis.IDAllocFail:             adapters.Refused,
	lis.IDAllocInUseFail:        adapters.Refused,
	lis.NoSourcedIDs:            adapters.Refused,
	lis.UnknownQuery:            adapters.Refused,
	lis.UnknownExtension:        adapters.Refused,
	lis.UnknownVocabulary:       adapters.Refused,
	"unknownmdvocabulary":       adapters.Refused,
	lis.SavePointError:          adapters.Refused,
	lis.SavePointSyncError:      adapters.Refused,
	"toomuchdata":               adapters.Refused,
	"unauthorizedresultreplace": adapters.Refused,
	"gradingnotpermitted":       adapters.Refused,
	"invalidresult":             adapters.Refused,
	"resultalreadyposted":       adapters.Refused,

	lis.UnsupportedLIS:          adapters.Unsupported,
	lis.UnsupportedLISOperation: adapters.Unsupported,
	"unsupportedLISservice":     adapters.Unsupported, // peer Oracle
	"unknownservice":            adapters.Unsupported, // peer Oracle
	"unknownoperation":          adapters.Unsupported, // peer Oracle
	"unsupportedlineitemtype":   adapters.Unsupported,
}

// faultClasses is the same for SOAP fault codes. A code that says that our
// configuration is wrong is Unavailable, for it would refuse everything until
// it is mended; so is a code that nobody knows.
var faultClasses = map[string]adapters.Class{
	"Client": adapters.Refused, "Sender": adapters.Refused,
	"Server": adapters.Unavailable, "Receiver": adapters.Unavailable,
	"VersionMismatch": adapters.Unavailable, "MustUnderstand": adapters.Unavailable, "DataEncodingUnknown": adapters.Unavailable,
}

// credentialFaults are fault codes that speak of who we are (WS-Security 1.0,
// section 12; SOAP 1.1 section 4.4.1 for the first).
var credentialFaults = []string{
	"Client.Authentication", "FailedAuthentication", "InvalidSecurity", "InvalidSecurityToken", "FailedCheck",
	"UnsupportedSecurityToken", "UnsupportedAlgorithm", "SecurityTokenUnavailable", "MessageExpired", "NotAuthorized",
}

// httpClasses is the same for HTTP statuses. Others under 500 are Refused,
// the rest Unavailable. 401, 403 and 404 are not: thousands of changes would
// be dead letters because of one setting.
var httpClasses = map[int]adapters.Class{
	http.StatusUnauthorized:         adapters.Unavailable,
	http.StatusForbidden:            adapters.Unavailable,
	http.StatusNotFound:             adapters.Unavailable,
	http.StatusGone:                 adapters.Unavailable,
	http.StatusMethodNotAllowed:     adapters.Unavailable,
	http.StatusProxyAuthRequired:    adapters.Unavailable,
	http.StatusMisdirectedRequest:   adapters.Unavailable,
	http.StatusUnsupportedMediaType: adapters.Unavailable,
	http.StatusRequestTimeout:       adapters.Busy,
	http.StatusTooEarly:             adapters.Busy,
	http.StatusTooManyRequests:      adapters.Busy,
	http.StatusServiceUnavailable:   adapters.Busy,
}

// decidesAlone reports whether an HTTP status says all, whatever came with
// it. A 500 or 400 does not: SOAP faults travel under them.
func decidesAlone(status int) bool { return httpClasses[status] != "" || status/100 == 3 }

// classed gives an error of a call its class.
func classed(err error) error {
	var class *adapters.Error
	if err == nil || errors.As(err, &class) {
		return err
	}
	e := &adapters.Error{Class: adapters.Unavailable, Err: err}
	var status *StatusError
	var fault *Fault
	var http *HTTPError
	var other *NotLISError
	switch {
	case errors.As(err, &status):
		e.Class, e.Answer = statusClass(status.Status), status.said()
		if e.Narrow = status.Status.CodeMinor == lis.UnauthorizedRequest; e.Narrow {
			e.Hint = "give the gateway's account at the peer the right to this operation; it is tried again by itself"
		}
	case errors.As(err, &fault):
		e.Class, e.Answer = faultClass(fault), fault.Error()
	case errors.As(err, &http):
		e.Class, e.Answer, e.After = httpClass(http.Status), http.Text, http.RetryAfter
	case errors.As(err, &other):
		e.Answer = other.Text
	}
	switch {
	case e.Class != adapters.Busy:
		e.After = 0
	case e.After == 0:
		e.After = busyFor
	}
	return e
}

func statusClass(st lis.Status) adapters.Class {
	class, known := codeClasses[st.CodeMinor]
	switch {
	case st.CodeMajor == lis.Unsupported && class != adapters.Busy:
		return adapters.Unsupported
	case known:
		return class
	}
	return adapters.Refused
}

func (f *Fault) aboutCredentials() bool {
	return slices.Contains(credentialFaults, f.Code) || slices.Contains(credentialFaults, f.Subcode)
}

func faultClass(f *Fault) adapters.Class {
	if f.aboutCredentials() {
		return adapters.Unavailable
	}
	general, _, _ := strings.Cut(f.Code, ".") // SOAP 1.1: Client.Data is a Client
	if class, ok := faultClasses[general]; ok {
		return class
	}
	return adapters.Unavailable
}

func httpClass(status int) adapters.Class {
	switch class := httpClasses[status]; {
	case class != "":
		return class
	case status/100 == 4:
		return adapters.Refused
	}
	return adapters.Unavailable
}

// code returns the code minor of a LIS failure, "" for another error.
func code(err error) lis.CodeMinor {
	var status *StatusError
	if errors.As(err, &status) {
		return status.Status.CodeMinor
	}
	return ""
}
