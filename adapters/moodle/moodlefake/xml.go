package moodlefake

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// writeXML writes a result as the REST protocol does when nobody asks for JSON.
func writeXML(w io.Writer, result any) {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n")
	if ex, ok := result.(*exception); ok {
		fmt.Fprintf(&b, "<EXCEPTION class=\"%s\">\n<ERRORCODE>%s</ERRORCODE>\n<MESSAGE>%s</MESSAGE>\n</EXCEPTION>\n",
			ex.Exception, ex.Code, escape(ex.Message))
	} else {
		text, _ := json.Marshal(result)
		var v any
		_ = json.Unmarshal(text, &v)
		b.WriteString("<RESPONSE>\n")
		xmlValue(&b, v)
		b.WriteString("</RESPONSE>\n")
	}
	_, _ = io.WriteString(w, b.String())
}

func xmlValue(b *strings.Builder, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("<VALUE null=\"null\"/>\n")
	case []any:
		b.WriteString("<MULTIPLE>\n")
		for _, item := range v {
			xmlValue(b, item)
		}
		b.WriteString("</MULTIPLE>\n")
	case map[string]any:
		b.WriteString("<SINGLE>\n")
		for _, key := range slices.Sorted(maps.Keys(v)) {
			fmt.Fprintf(b, "<KEY name=\"%s\">", escape(key))
			xmlValue(b, v[key])
			b.WriteString("</KEY>\n")
		}
		b.WriteString("</SINGLE>\n")
	default:
		fmt.Fprintf(b, "<VALUE>%s</VALUE>\n", escape(fmt.Sprint(v)))
	}
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
