package lissoap

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"lisgate/adapters"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
	"lisgate/generated/cms"
	"lisgate/generated/gms"
	"lisgate/generated/mms"
	"lisgate/generated/oms"
	"lisgate/generated/pms"
)

// fileSpace is the namespace of a bulk data file (BDEMS 1.0), in which all of
// it is [peer].
const fileSpace = "http://www.imsglobal.org/services/lis/bdemsv1p0/imsbdemsFileData_v1p0"

// fileServices are the services as bulk files name them [peer].
var fileServices = map[lis.Service]string{
	lis.PMS: "PersonManagementService", lis.GMS: "GroupManagementService", lis.MMS: "MembershipManagementService",
	lis.CMS: "CourseManagementService", lis.OMS: "OutcomesManagementService",
}

// codecs write records, by kind.
var codecs = func() map[lis.Kind]wire.RecordCodec {
	all := map[lis.Kind]wire.RecordCodec{}
	for _, codec := range slices.Concat(pms.Records, gms.Records, mms.Records, cms.Records, oms.Records) {
		all[codec.Kind] = codec
	}
	return all
}()

// A filing is an adapter that writes bulk data files into a folder in place of
// calls: for a receiver whose administrator takes files, or fetches them.
type filing struct {
	*Adapter
	folder string
}

var _ adapters.Batcher = (*filing)(nil)

// most rows and bytes of one file [ours].
const (
	fileRows  = 10_000
	fileBytes = 32 << 20
)

// Limits returns the most rows and bytes of one file.
func (*filing) Limits() (changes, bytes int) { return fileRows, fileBytes }

// Check looks whether files can be written.
func (a *filing) Check(context.Context) error {
	probe, err := os.CreateTemp(a.folder, ".lisgate-*")
	if err != nil {
		return unwritable(err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

func unwritable(err error) error {
	return &adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf("write bulk file: %w", err),
		Hint: "let the gateway write into the folder, and see that it has room"}
}

// Apply writes a file with one row.
func (a *filing) Apply(ctx context.Context, c lis.Change) (lis.Outcome, error) {
	outcomes, errs := a.ApplyAll(ctx, []lis.Change{c})
	return outcomes[0], errs[0]
}

// ApplyAll writes one file. Its name is that of its first change, so that the
// same batch, come again, takes the place of the first file and not a second
// one beside it. A file is there whole or not at all.
func (a *filing) ApplyAll(ctx context.Context, changes []lis.Change) ([]lis.Outcome, []error) {
	outcomes, errs := make([]lis.Outcome, len(changes)), make([]error, len(changes))
	x := &wire.Writer{Complete: true}
	x.Raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.OpenIn("bulkDataRecord", fileSpace)
	name, rows := "", 0
	for i, c := range changes {
		if errs[i] = a.row(x, c); errs[i] == nil {
			if rows++; name == "" {
				name = "lis-" + fileSafe(c.ID) + ".xml"
			}
			outcomes[i] = lis.Outcome{Effect: lis.Applied, TargetID: string(c.Key), Detail: "in the file " + name}
		}
	}
	x.Raw("</bulkDataRecord>\n")
	if rows == 0 {
		return outcomes, errs
	}
	if err := errors.Join(ctx.Err(), writeWhole(filepath.Join(a.folder, name), x.Buf)); err != nil {
		for i := range errs {
			if errs[i] == nil {
				outcomes[i], errs[i] = lis.Outcome{}, unwritable(err)
			}
		}
	}
	return outcomes, errs
}

// row writes one change, or nothing when the receiver has no place for it.
func (a *filing) row(x *wire.Writer, c lis.Change) error {
	verb := map[lis.Act]lis.Verb{lis.Put: lis.Replace, lis.Drop: lis.Delete}[c.Act]
	op, known := lis.OperationNamed(lis.OperationFor(c.Kind, verb))
	if !known || !a.client.dialect.offers(op) {
		return unsupported("a bulk file for this receiver has no %s of a %s", c.Act, c.Kind)
	}
	record, err := a.client.dialect.record(c.Record)
	switch {
	case err != nil:
		return err
	case c.Act == lis.Put && (record == nil || record.Object == nil):
		return refused("a %s without content", c.Kind)
	}
	x.Raw("<transactionRecord>")
	x.Leaf("transactionOpIdentifier", c.ID)
	x.Leaf("serviceName", fileServices[op.Service])
	x.Leaf("interfaceName", lis.InfoOf(op.Kind).Name+"Manager")
	x.Leaf("operationName", op.Name)
	x.Raw("<parameterSet>")
	parameter(x, "sourcedId", "GUID", func() { x.Text(string(c.Key)) })
	if c.Act == lis.Put {
		codec := codecs[c.Kind]
		parameter(x, codec.Element, lis.InfoOf(op.Kind).Name+"Record", func() {
			x.Open(codec.Element)
			codec.Write(x, &lis.Record{ID: c.Key, Agent: record.Agent, Object: record.Object})
			x.Close(codec.Element)
		})
	}
	x.Raw("</parameterSet></transactionRecord>\n")
	return nil
}

func parameter(x *wire.Writer, name, kind string, value func()) {
	x.Raw("<parameterRecord><parameterInvoc>In</parameterInvoc>")
	x.Leaf("parameterName", name)
	x.Leaf("parameterType", kind)
	x.Raw("<parameterValue>")
	value()
	x.Raw("</parameterValue></parameterRecord>")
}

// fileSafe keeps of a text what any file system takes.
func fileSafe(s string) string {
	safe := []byte(s)
	for i, b := range safe {
		if (b < '0' || b > '9') && (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') && b != '-' {
			safe[i] = '_'
		}
	}
	return string(safe)
}

// writeWhole writes a file beside its place, syncs it and moves it there.
func writeWhole(path string, text []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".lisgate-*")
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
