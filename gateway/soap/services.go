package soap

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

// anyService stands for all six at one path, as some clients want it.
const anyService = "*"

// namespaces are those of the services on the wire.
var namespaces = map[lis.Service]string{
	lis.PMS: pms.Namespace, lis.GMS: gms.Namespace, lis.MMS: mms.Namespace,
	lis.CMS: cms.Namespace, lis.OMS: oms.Namespace, lis.BDEMS: bdems.Namespace,
}

// allNamespaces lists them.
var allNamespaces = []string{pms.Namespace, gms.Namespace, mms.Namespace, cms.Namespace, oms.Namespace, bdems.Namespace}

// serviceOf finds the service with a namespace, or "".
func serviceOf(space string) lis.Service {
	for service, its := range namespaces {
		if its == space {
			return service
		}
	}
	return ""
}

// tables are the operations of the services on the wire.
var tables = map[lis.Service][]wire.Operation{
	lis.PMS: pms.Operations, lis.GMS: gms.Operations, lis.MMS: mms.Operations,
	lis.CMS: cms.Operations, lis.OMS: oms.Operations, lis.BDEMS: bdems.Operations,
}

// recordCodecs are the codecs of single records, by the element that holds one.
var recordCodecs = func() map[string]wire.RecordCodec {
	codecs := map[string]wire.RecordCodec{}
	for _, table := range [][]wire.RecordCodec{pms.Records, gms.Records, mms.Records, cms.Records, oms.Records} {
		for _, c := range table {
			codecs[c.Element] = c
		}
	}
	return codecs
}()

// An operation is one on the wire together with its meaning.
type operation struct {
	wire.Operation
	meaning lis.Operation
	old     bool // known by the name of an earlier draft
}

// operations is the table by request element.
var operations = func() map[string]*operation {
	table := map[string]*operation{}
	for _, ops := range tables {
		for _, op := range ops {
			meaning, _ := lis.OperationNamed(op.Name)
			table[op.Request] = &operation{op, meaning, false}
			if op.Old != "" {
				table[op.Old+"Request"] = &operation{op, meaning, true}
			}
		}
	}
	return table
}()
