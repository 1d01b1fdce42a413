package csvfiles

import (
	"fmt"
	"strings"
	"testing"
)

func TestMistakesInOptions(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"unknown name":    {"folder: x\nfils: []\n", "line 2"},
		"no folder":       {plainOptions, "there is no folder"},
		"bad expression":  {"folder: x\nfiles:\n  - name: a.csv\n    kind: person\n    id: key(\n", "line 5"},
		"unknown element": {"folder: x\nfiles:\n  - name: a.csv\n    kind: person\n    id: x\n    set: {emial: x}\n", "line 6: set: path \"emial\""},
		"unknown kind":    {"folder: x\nfiles:\n  - name: a.csv\n    kind: persn\n    id: x\n", `did you mean "person"?`},
		"ready":           {"folder: x\nready: dune\n", `did you mean "done"?`},
		"archive outside": {"folder: x\narchive: ../y\n", "archive"},
		"sftp untrusted":  {"folder: x\nsftp: {address: 'h:22'}\n", "fingerprint or knownHosts"},
		"pattern":         {"folder: x\nfiles:\n  - name: '[a'\n    kind: person\n    id: x\n", "not a pattern"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := ParseOptions([]byte(c.text))
			if err == nil {
				_, err = New(o)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestSecretsAreNotSeen(t *testing.T) {
	s := SFTP{Password: "hunter2", Key: "hunter2"}
	if text := fmt.Sprintf("%v %+v %#v %s", s, s, s, s); strings.Contains(text, "hunter2") {
		t.Error(text)
	}
}
