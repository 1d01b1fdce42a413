package lissoap

import (
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
	"lisgate/generated/bdems"
	"lisgate/generated/cms"
	"lisgate/generated/gms"
	"lisgate/generated/mms"
	"lisgate/generated/oms"
	"lisgate/generated/pms"
)

// namespaces are those of the services on the wire.
var namespaces = map[lis.Service]string{
	lis.PMS: pms.Namespace, lis.GMS: gms.Namespace, lis.MMS: mms.Namespace,
	lis.CMS: cms.Namespace, lis.OMS: oms.Namespace, lis.BDEMS: bdems.Namespace,
}

// services is the order in which records depend on each other.
var services = []lis.Service{lis.PMS, lis.GMS, lis.CMS, lis.MMS, lis.OMS, lis.BDEMS}

// An operation is one on the wire together with its meaning.
type operation struct {
	wire.Operation
	meaning lis.Operation
	space   string
}

// answeredBy reports whether an element is the response of the operation,
// by its name of today or of an earlier draft.
func (op *operation) answeredBy(element string) bool {
	return element == op.Response || op.Old != "" && element == op.Old+"Response"
}

// operations are all 156, by name; requests are the same by request element.
var operations, requests = func() (map[string]*operation, map[string]*operation) {
	byName, byRequest := map[string]*operation{}, map[string]*operation{}
	for service, table := range map[lis.Service][]wire.Operation{
		lis.PMS: pms.Operations, lis.GMS: gms.Operations, lis.MMS: mms.Operations,
		lis.CMS: cms.Operations, lis.OMS: oms.Operations, lis.BDEMS: bdems.Operations,
	} {
		for _, row := range table {
			meaning, _ := lis.OperationNamed(row.Name)
			op := &operation{row, meaning, namespaces[service]}
			byName[row.Name], byRequest[row.Request] = op, op
			if row.Old != "" {
				byRequest[row.Old+"Request"] = op
			}
		}
	}
	return byName, byRequest
}()

// serviceOf returns the service whose namespace this is, "" for none.
func serviceOf(space string) lis.Service {
	for service, of := range namespaces {
		if of == space {
			return service
		}
	}
	return ""
}
