package registrar

import (
	"strconv"
	"strings"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// announce takes note of files that are ready. It is answered at once with
// what they may hold; RunBulk does the work.
func (r *Registrar) announce(q *Request, _ lis.Operation) (planner, error) {
	if err := r.checkManifest(q.Call); err != nil {
		return nil, err
	}
	return func(tx journal.Tx) (*plan, error) {
		p, err := r.move(tx, q, lis.BulkAnnounce, func(p *Progress) { p.Inbound, p.Manifest = true, q.Call.Manifest })
		if err == nil {
			p.answer.Services = supported
		}
		return p, err
	}, nil
}

// checkManifest refuses at once what could only fail later.
func (r *Registrar) checkManifest(c *lis.Call) error {
	switch {
	case r.Bulk.Open == nil || r.Bulk.Read == nil:
		return refuse(lis.NotOffered, "bulk data exchange is not set up here; send the records one by one")
	case strings.TrimSpace(c.TransactionID) == "":
		return incomplete("transactionId")
	case c.Manifest == nil:
		return incomplete("bulkBlockManifest")
	case len(c.Manifest.DataFile) == 0:
		return incomplete("bulkBlockDataFile")
	}
	if err := r.checkExpiry(c.Manifest); err != nil {
		return err
	}
	for i := range c.Manifest.DataFile {
		if err := r.checkFile(&c.Manifest.DataFile[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *Registrar) checkExpiry(m *lis.BulkManifest) error {
	if strings.TrimSpace(m.ExpiryDate) == "" {
		return nil
	}
	expiry, err := lis.ParseTime(m.ExpiryDate)
	if err != nil {
		return refuse(lis.Invalid, "expiryDate: "+err.Error())
	}
	if !r.Now().Before(expiry) {
		return refuse(lis.Invalid, "the files expired at "+m.ExpiryDate+"; make a new extract and announce that")
	}
	return nil
}

func (r *Registrar) checkFile(f *lis.BulkDataFile) error {
	if strings.TrimSpace(f.URL) == "" {
		return incomplete("url")
	}
	if r.Bulk.Allowed != nil {
		if err := r.Bulk.Allowed(f.URL); err != nil {
			return refuse(lis.NotAllowed, "url: "+err.Error())
		}
	}
	if f.TotalSize != nil && (*f.TotalSize < 0 || *f.TotalSize > r.Bulk.MaxBytes) {
		return refuse(lis.TooLarge, "totalSize "+strconv.FormatInt(*f.TotalSize, 10)+" is outside 0 to "+
			strconv.FormatInt(r.Bulk.MaxBytes, 10)+" bytes; split the extract into several files")
	}
	_, err := checkSum(f)
	return err
}

// announceFailure notes that an extract could not be made; it ends the
// request that we sent for it.
func (r *Registrar) announceFailure(q *Request, op lis.Operation) (planner, error) {
	return r.moving(q, op, func(p *Progress) { p.Inbound, p.Failure = true, q.Call.Failure })
}

// request notes that a system asks us for an extract.
func (r *Registrar) request(q *Request, op lis.Operation) (planner, error) {
	if _, err := extractOf(q.Call.Filter); err != nil {
		return nil, err
	}
	decide, err := r.moving(q, op, func(p *Progress) { p.Filter = q.Call.Filter })
	if err != nil {
		return nil, err
	}
	return func(tx journal.Tx) (*plan, error) {
		p, err := decide(tx)
		if err == nil {
			p.answer.Services = supported
		}
		return p, err
	}, nil
}

// reportBack notes what a system made of our extract.
func (r *Registrar) reportBack(q *Request, op lis.Operation) (planner, error) {
	if q.Call.Report == nil {
		return nil, incomplete("bulkBlockReport")
	}
	return r.moving(q, op, func(p *Progress) { p.Report = q.Call.Report })
}

// moveExchange is cancel and ignore: nothing but the state changes.
func (r *Registrar) moveExchange(q *Request, op lis.Operation) (planner, error) {
	return r.moving(q, op, func(*Progress) {})
}

func (r *Registrar) moving(q *Request, op lis.Operation, set func(*Progress)) (planner, error) {
	if strings.TrimSpace(q.Call.TransactionID) == "" {
		return nil, incomplete("transactionId")
	}
	return func(tx journal.Tx) (*plan, error) { return r.move(tx, q, op.Verb, set) }, nil
}

// serviceNames are the names of the services inside a bulk file.
var serviceNames = map[lis.Service]string{
	lis.PMS: "PersonManagementService", lis.GMS: "GroupManagementService", lis.MMS: "MembershipManagementService",
	lis.CMS: "CourseManagementService", lis.OMS: "OutcomesManagementService",
}

// supported lists what a bulk file may hold.
var supported = func() []lis.SupportedService {
	var list []lis.SupportedService
	for i := range lis.Kinds {
		k := &lis.Kinds[i]
		if name := serviceNames[k.Service]; len(list) == 0 || list[len(list)-1].ServiceName != name {
			list = append(list, lis.SupportedService{ServiceName: name})
		}
		last := &list[len(list)-1]
		for _, verb := range []lis.Verb{lis.Create, lis.CreateByProxy, lis.Update, lis.Replace, lis.Delete, lis.ChangeIdentifier} {
			last.OperationName = append(last.OperationName, lis.OperationFor(k.Kind, verb))
		}
	}
	return list
}()
