package wire

import "strconv"

// The two header blocks of LIS.
const (
	RequestHeaderElement  = "imsx_syncRequestHeaderInfo"
	ResponseHeaderElement = "imsx_syncResponseHeaderInfo"
)

// lisVersion is the only imsx_version of LIS (GWSVersionValue.Type).
const lisVersion = "V1.0"

// A RequestHeader is the header block of a request.
type RequestHeader struct {
	Version   string
	MessageID string
}

// ReadXML reads the current element. What peers put there off the schema is
// noted: another version, no message identifier, more children. No version
// stands for V1.0, the schema's default.
func (h *RequestHeader) ReadXML(d *Decoder) {
	var sc Scope
	for d.Next(&sc) {
		switch d.Local() {
		case "imsx_version":
			if d.Slot(&sc, 0, false) {
				h.Version = trimSpace(d.Text())
			}
		case "imsx_messageIdentifier":
			if d.Slot(&sc, 1, false) {
				h.MessageID = trimSpace(d.Text())
			}
		default:
			d.Unknown()
		}
	}
	d.Done(&sc, 0, nil)
	if d.err == nil && h.Version != "" && h.Version != lisVersion && !d.Note(Version, h.Version) {
		d.invalidValue("imsx_version is " + strconv.Quote(clip(h.Version)) + ", not V1.0")
	}
	if d.err == nil && (h.MessageID == "" || h.MessageID == "?") && !d.Note(NoMessageID, h.MessageID) {
		d.absent("there is no imsx_messageIdentifier")
	}
}

// WriteXML writes the block in the namespace of a service.
func (h *RequestHeader) WriteXML(w *Writer, space string) {
	w.OpenIn(RequestHeaderElement, space)
	w.Leaf("imsx_version", lisVersion)
	w.Leaf("imsx_messageIdentifier", h.MessageID)
	w.Close(RequestHeaderElement)
}
