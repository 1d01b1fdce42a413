package soap

import (
	"io"
	"iter"

	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/wire"
)

// fileNamespace is that of the bulk data file (BDEMS 1.0).
const fileNamespace = "http://www.imsglobal.org/services/lis/bdemsv1p0/imsbdemsFileData_v1p0"

// serviceNames are the services as bulk files name them [peer].
var serviceNames = map[lis.Service]string{
	lis.PMS: "PersonManagementService", lis.GMS: "GroupManagementService", lis.MMS: "MembershipManagementService",
	lis.CMS: "CourseManagementService", lis.OMS: "OutcomesManagementService",
}

// WriteBulk writes a bulk data file from a stream of operations. Everything
// in it is in the namespace of the file, as Blackboard's file has it.
func WriteBulk(w io.Writer, items iter.Seq2[*registrar.BulkItem, error]) error {
	x := &wire.Writer{Complete: true}
	x.Raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.OpenIn("bulkDataRecord", fileNamespace)
	for item, err := range items {
		if err != nil {
			return err
		}
		writeTransaction(x, item)
		if len(x.Buf) >= flushSize {
			if _, err := w.Write(x.Buf); err != nil {
				return err
			}
			x.Buf = x.Buf[:0]
		}
	}
	x.Raw("</bulkDataRecord>\n")
	_, err := w.Write(x.Buf)
	return err
}

func writeTransaction(x *wire.Writer, item *registrar.BulkItem) {
	op, _ := lis.OperationNamed(item.Call.Operation)
	x.Raw("<transactionRecord>")
	x.Leaf("transactionOpIdentifier", item.Op)
	x.Leaf("serviceName", serviceNames[op.Service])
	x.Leaf("interfaceName", lis.InfoOf(op.Kind).Name+"Manager")
	x.Leaf("operationName", op.Name)
	x.Raw("<parameterSet>")
	writeParameter(x, "sourcedId", "GUID", func() { x.Text(string(item.Call.ID)) })
	if r := item.Call.Record; r != nil {
		info := lis.InfoOf(op.Kind)
		element := string(op.Kind) + "Record"
		writeParameter(x, element, info.Name+"Record", func() {
			x.Open(element)
			recordCodecs[element].Write(x, r)
			x.Close(element)
		})
	}
	x.Raw("</parameterSet></transactionRecord>\n")
}

func writeParameter(x *wire.Writer, name, kind string, value func()) {
	x.Raw("<parameterRecord><parameterInvoc>In</parameterInvoc>")
	x.Leaf("parameterName", name)
	x.Leaf("parameterType", kind)
	x.Raw("<parameterValue>")
	value()
	x.Raw("</parameterValue></parameterRecord>")
}
