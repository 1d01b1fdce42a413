package config

import (
	"path"

	"lisgate/gateway/lis"
)

var (
	services       = []string{"pms", "gms", "mms", "cms", "oms", "bdems"}
	callerProfiles = []string{"strict", "tolerant", "ilp", "blackboard", "peoplesoft", "cirrus", "d2l", "turnitin"}
	targetProfiles = []string{"strict", "ilp", "blackboard", "peoplesoft"}
	removals       = []string{"suspend", "inactive", "complete", "delete"}
	matchKeys      = []string{"sourcedId", "userId", "email"}
	adoptions      = []string{"ask", "yes", "no"}
	levels         = []string{"debug", "info", "warn", "error"}
	formats        = []string{"json", "console"}
	kinds          = kindNames()
	operations     = operationNames()
)

func kindNames() []string {
	var names []string
	for _, k := range lis.Kinds {
		names = append(names, string(k.Kind))
	}
	return names
}

// operationNames lists the 156 operations.
func operationNames() []string {
	var names []string
	for _, op := range lis.Operations() {
		names = append(names, op.Name)
	}
	return names
}

// matches reports whether a pattern means any operation at all, and any of
// some services (none stands for all).
func matches(pattern string, of []string) (some, ofServices bool) {
	for _, name := range operations {
		if ok, _ := path.Match(pattern, name); !ok {
			continue
		}
		some = true
		op, _ := lis.OperationNamed(name)
		if len(of) == 0 || has(of, string(op.Service)) {
			return true, true
		}
	}
	return some, false
}
