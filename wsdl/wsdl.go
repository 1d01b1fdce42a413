// Package wsdl holds the contracts of the six LIS services as we publish them:
// WSDL 1.1 with XML Schema, document/literal, over SOAP 1.1 and SOAP 1.2.
//
// The files of this folder are the source. Types that are the same in every
// service stand once, in common.xsd and common-data.xsd; a type that differs
// between services is defined by each of them. Tool kits cope badly with
// schemas in several files, so what is served is assembled: one schema per
// service, holding the shared types it uses, inside one WSDL.
//
// Comments in the files mark how firm a fact is: [peer] was seen in a real
// system, [infer] is deduced, [ours] is our own choice.
package wsdl

import (
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"strings"
	"sync"

	"github.com/beevik/etree"
)

//go:embed *.xsd */*.xsd */*.wsdl
var files embed.FS

// bulkFile is the name under which Schema knows the format of bulk data files.
const bulkFile = "bulkfile"

// addressMark stands for the address in an assembled contract. It is no legal
// URL and needs no escaping, so it cannot be mistaken for anything else.
const addressMark = "{address}"

// A Service is one LIS service.
type Service struct {
	Name        string // short name, as in "pms"
	Title       string // name for people
	Namespace   string // namespace of the WSDL, the messages and the headers
	WSDLService string // name of the wsdl:service
}

var services = []Service{
	{"pms", "Person Management Service",
		"http://www.imsglobal.org/services/lis/pms2p0/wsdl11/sync/imspms_v2p0",
		"PersonManagementServiceSyncService"},
	{"gms", "Group Management Service",
		"http://www.imsglobal.org/services/lis/gms2p0/wsdl11/sync/imsgms_v2p0",
		"GroupManagementServiceSyncService"},
	{"mms", "Membership Management Service",
		"http://www.imsglobal.org/services/lis/mms2p0/wsdl11/sync/imsmms_v2p0",
		"MembershipManagementServiceSyncService"},
	{"cms", "Course Management Service",
		"http://www.imsglobal.org/services/lis/cmsv1p0/wsdl11/sync/imscms_v1p0",
		"CourseManagementServiceSyncService"},
	{"oms", "Outcomes Management Service",
		"http://www.imsglobal.org/services/lis/oms1p0/wsdl11/sync/imsoms_v1p0",
		"OutcomesManagementServiceSyncService"},
	{"bdems", "Bulk Data Exchange Management Service",
		"http://www.imsglobal.org/services/lis/bdems1p0/wsdl11/sync/imsbdems_v1p0",
		"BulkDataExchangeManagementServiceSyncService"},
}

// Services lists the six services in the order in which records depend on each
// other, the bulk exchange last.
func Services() []Service {
	return append([]Service(nil), services...)
}

// Contract returns the WSDL of a service in one piece, every port at address.
func Contract(name, address string) ([]byte, error) {
	built, err := assembled()
	if err != nil {
		return nil, err
	}
	pieces, known := built.contracts[name]
	if !known {
		return nil, unknown("contract", name, serviceNames())
	}
	var escaped bytes.Buffer
	if err := xml.EscapeText(&escaped, []byte(address)); err != nil {
		return nil, err
	}
	return bytes.Join(pieces, escaped.Bytes()), nil
}

// Schema returns the XML Schema of a service in one piece, or, under the name
// "bulkfile", that of the bulk data file.
func Schema(name string) ([]byte, error) {
	built, err := assembled()
	if err != nil {
		return nil, err
	}
	schema, known := built.schemas[name]
	if !known {
		return nil, unknown("schema", name, append(serviceNames(), bulkFile))
	}
	return bytes.Clone(schema), nil
}

func unknown(kind, name string, known []string) error {
	return fmt.Errorf("wsdl: no %s named %q, there are %s", kind, name, strings.Join(known, ", "))
}

func serviceNames() []string {
	names := make([]string, 0, len(services))
	for _, service := range services {
		names = append(names, service.Name)
	}
	return names
}

// documents are the assembled texts by service name; a contract is kept in the
// pieces between its addresses.
type documents struct {
	contracts map[string][][]byte
	schemas   map[string][]byte
}

// assembled builds all documents at the first call.
var assembled = sync.OnceValues(func() (documents, error) {
	built := documents{contracts: map[string][][]byte{}, schemas: map[string][]byte{}}
	for _, service := range services {
		if err := built.add(service.Name); err != nil {
			return documents{}, fmt.Errorf("wsdl: assembling %s: %w", service.Name, err)
		}
	}
	file, err := files.ReadFile("bdems/bulkfile.xsd")
	built.schemas[bulkFile] = file
	return built, err
})

func (built documents) add(name string) error {
	schema, err := mergedSchema(name)
	if err != nil {
		return err
	}
	if built.schemas[name], err = text(etree.NewDocumentWithRoot(schema.Copy())); err != nil {
		return err
	}
	contract, err := contractWith(name, schema)
	if err != nil {
		return err
	}
	built.contracts[name] = bytes.Split(contract, []byte(addressMark))
	return nil
}
