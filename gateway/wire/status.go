package wire

import "lisgate/gateway/lis"

// A ResponseHeader is the header block of a response.
type ResponseHeader struct {
	MessageID string // the responder's own
	RefID     string // of the request
	Status    lis.Status
}

// WriteXML writes the block in the namespace of a service. A code minor is
// always there: real clients take a failure without one for a success.
func (h *ResponseHeader) WriteXML(w *Writer, space string) {
	w.OpenIn(ResponseHeaderElement, space)
	w.Leaf("imsx_version", lisVersion)
	w.Leaf("imsx_messageIdentifier", h.MessageID)
	w.Raw("<imsx_statusInfo>")
	w.Leaf("imsx_codeMajor", string(h.Status.CodeMajor))
	w.Leaf("imsx_severity", string(h.Status.Severity))
	w.Leaf("imsx_messageRefIdentifier", h.RefID)
	for _, ref := range h.Status.OperationRefs {
		w.Leaf("imsx_operationRefIdentifier", ref)
	}
	if h.Status.Description != "" {
		w.Leaf("imsx_description", h.Status.Description)
	}
	w.Raw("<imsx_codeMinor><imsx_codeMinorField><imsx_codeMinorFieldName>TargetEndSystem</imsx_codeMinorFieldName>")
	w.Leaf("imsx_codeMinorFieldValue", string(h.Status.CodeMinor))
	w.Raw("</imsx_codeMinorField></imsx_codeMinor></imsx_statusInfo>")
	w.Close(ResponseHeaderElement)
}

// ReadXML reads the current element, whatever its namespace, as leniently as
// peers write it: some leave the identifiers out.
func (h *ResponseHeader) ReadXML(d *Decoder) {
	for d.Child() {
		switch d.Local() {
		case "imsx_messageIdentifier":
			h.MessageID = d.Text()
		case "imsx_statusInfo":
			h.readStatus(d)
		default:
			d.Skip()
		}
	}
}

func (h *ResponseHeader) readStatus(d *Decoder) {
	for d.Child() {
		switch d.Local() {
		case "imsx_codeMajor":
			h.Status.CodeMajor = lis.CodeMajor(trimSpace(d.Text()))
		case "imsx_severity":
			h.Status.Severity = lis.Severity(trimSpace(d.Text()))
		case "imsx_messageRefIdentifier":
			h.RefID = d.Text()
		case "imsx_operationRefIdentifier":
			h.Status.OperationRefs = append(h.Status.OperationRefs, d.Text())
		case "imsx_description":
			h.Status.Description = d.Text()
		case "imsx_codeMinor":
			h.readCodeMinor(d)
		default:
			d.Skip()
		}
	}
}

// readCodeMinor takes the first value; drafts spell three of them otherwise.
func (h *ResponseHeader) readCodeMinor(d *Decoder) {
	for d.Child() {
		for d.Child() {
			if d.Local() != "imsx_codeMinorFieldValue" || h.Status.CodeMinor != "" {
				d.Skip()
				continue
			}
			code := lis.CodeMinor(trimSpace(d.Text()))
			if final, ok := draftCodes[code]; ok {
				code = final
			}
			h.Status.CodeMinor = code
		}
	}
}

// draftCodes maps the spellings of the drafts of 2010 to those of LIS 2.0.
var draftCodes = map[lis.CodeMinor]lis.CodeMinor{
	"idalloc":                  lis.IDAllocFail,
	"unknownvocab":             lis.UnknownVocabulary,
	"unsupportedLISIOperation": lis.UnsupportedLISOperation,
}
