package blackboard

import (
	"errors"
	"fmt"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/peer"
)

// Options say how Learn is reached. URL must be given; the flat file needs
// Integration and User besides, REST needs Key and KeySecret.
type Options struct {
	URL string // such as https://learn.example.edu

	Integration string // the id in bb-data-integration-flatfile-{id}
	User        string // of the integration, HTTP Basic
	Password    Secret
	// DataSource is the data_source_key of every row; it must exist in Learn.
	// Without it Learn takes the integration's own, and Refresh is refused.
	DataSource string
	Poll       time.Duration // between two looks at a data set; 3 s when 0
	MaxRows    int           // of one batch; 1000 when 0
	MaxBytes   int           // of one file; 8 MiB when 0
	// LooseCounts is for a Learn whose counts are not of rows: a data set is
	// at its end when nothing is queued and the counts stand still.
	LooseCounts bool
	// RefreshLimit is how many percent of the last refresh may be missing in
	// the next; 5 when 0.
	RefreshLimit int

	Key       string // of the REST application
	KeySecret Secret
	// Budget is how many REST calls there are in 24 h, and Reserve how many of
	// them are for grades alone; 10,000 and 2,000 when 0.
	Budget, Reserve int
	Page            int           // objects of one REST page; 100 when 0
	NewPassword     func() Secret // of a user that REST creates; random when nil, so that nobody has it

	// Removal is what a Drop means; suspend when "".
	Removal adapters.Removal
	// Crosswalk finds memberships by their identifier, which Learn does not
	// keep. Without it they cannot be read one by one, and are listed nameless.
	Crosswalk adapters.Crosswalk
	Connection
}

func (o Options) orDefault() Options {
	o.Connection = o.Connection.Or(time.Minute, 16<<20)
	for _, n := range []struct {
		value *int
		usual int
	}{{&o.MaxRows, 1000}, {&o.MaxBytes, 8 << 20}, {&o.RefreshLimit, 5}, {&o.Budget, 10_000}, {&o.Reserve, 2000}, {&o.Page, 100}} {
		if *n.value <= 0 {
			*n.value = n.usual
		}
	}
	o.Reserve = min(o.Reserve, o.Budget/2)
	if o.Poll <= 0 {
		o.Poll = 3 * time.Second
	}
	if o.Removal == "" {
		o.Removal = adapters.Suspend
	}
	if o.NewPassword == nil {
		o.NewPassword = randomPassword
	}
	return o
}

func (o Options) check() error {
	if err := peer.CheckAddress(o.URL); err != nil {
		return fmt.Errorf("Blackboard: %w", err)
	}
	switch o.Removal {
	case "", adapters.Suspend, adapters.Inactive, adapters.Delete:
		return nil
	}
	return fmt.Errorf("Blackboard: removal %q cannot be done; there are suspend, inactive and delete", o.Removal)
}

func (o Options) checkFile() error {
	if o.Integration == "" || o.User == "" {
		return errors.New("Blackboard: the flat file needs integration (the id in bb-data-integration-flatfile-{id}) and user")
	}
	return nil
}

func (o Options) checkREST() error {
	if o.Key == "" || o.KeySecret == "" {
		return errors.New("Blackboard: REST needs key and keySecret of an application that is registered and added to Learn")
	}
	return nil
}

// removed returns the row_status of what is removed.
func (o Options) removed() string {
	if o.Removal == adapters.Delete {
		return deleted
	}
	return disabled
}
