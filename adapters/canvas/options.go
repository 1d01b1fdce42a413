package canvas

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/peer"
)

// Options say how a root account of Canvas is reached, and what is made of
// LIS there. URL and Token must be given.
type Options struct {
	URL     string // https://example.instructure.com
	Token   Secret // access token of a user who may import SIS data
	Account string // the root account; self when empty

	Timeout    time.Duration // of one request, answer included; 60 s when 0
	Poll       time.Duration // between looks at an import, growing tenfold; 2 s when 0
	Wait       time.Duration // how long somebody else's import is waited for; 1 min when 0
	StuckAfter time.Duration // how long an import may be initializing; 10 min when 0
	Rows       int           // the most changes of one import; 10,000 when 0

	// Roles are the labels of Canvas by LIS role, as Mentor or
	// Instructor/TeachingAssistant; they come before the ones in tables.go.
	Roles map[string]string
	// AccountTypes are the group types that are accounts; those of tables.go when empty.
	AccountTypes []string

	Removal            adapters.Removal // Suspend when empty
	SuspendUsers       bool             // a Drop suspends the user; else the user is left, and the enrolments end
	OverrideStickiness bool             // overwrite what people edited in Canvas
	ClaimLogins        bool             // update_sis_id_if_login_claimed: give a user who has the login the new SIS ID
	SectionsAsCourses  bool             // each section is a course of its own, and offerings have no place
	LetterGrades       bool             // Results say the letter where there is one

	Term            string // the term of courses whose own term Canvas does not know
	FallbackAccount string // the account of courses whose own account Canvas does not know
	Diffing         *Diffing

	Crosswalk adapters.Crosswalk // may be nil
	Roster    adapters.Roster    // may be nil; then the memberships of a person in a section do not know of each other
	Transport http.RoundTripper  // our own when nil
	Now       func() time.Time
	Sleep     func(ctx context.Context, d time.Duration) error
}

// Diffing names a data set of Canvas. What we send is what has changed, and
// diffing takes everything that a file lacks for removed, so only the form
// that does not compare can be had: Remaster must be set.
type Diffing struct {
	Identifier string
	Remaster   bool
}

// maxDataSet is the longest name of a data set, in bytes.
const maxDataSet = 128

// A Secret is a token. However it is printed, <secret> is seen.
type Secret = peer.Secret

func (o Options) orDefault() Options {
	setDuration(&o.Timeout, 60*time.Second)
	setDuration(&o.Poll, 2*time.Second)
	setDuration(&o.Wait, time.Minute)
	setDuration(&o.StuckAfter, 10*time.Minute)
	if o.Account == "" {
		o.Account = "self"
	}
	if o.Rows <= 0 {
		o.Rows = 10000
	}
	if o.Removal == "" {
		o.Removal = adapters.Suspend
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = peer.Pause
	}
	return o
}

func setDuration(d *time.Duration, otherwise time.Duration) {
	if *d <= 0 {
		*d = otherwise
	}
}

// check quotes no address that could hold a password.
func (o Options) check() error {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "":
		return errors.New("the URL is not of the form https://host; mend url of the target")
	case u.User != nil:
		return errors.New("the URL holds a user; Canvas takes a token only, give it as token")
	case o.Token == "":
		return errors.New("no token; make an access token in Canvas for a user with the right to import SIS data")
	case enrollmentStatus[o.Removal] == "":
		return fmt.Errorf("no removal %q; there are suspend, inactive, complete and delete", o.Removal)
	}
	return o.checkDiffing()
}

func (o Options) checkDiffing() error {
	switch d := o.Diffing; {
	case d == nil:
		return nil
	case d.Identifier == "" || len(d.Identifier) > maxDataSet:
		return fmt.Errorf("the identifier of the diffing data set must have 1 to %d bytes", maxDataSet)
	case !d.Remaster:
		return errors.New("diffing would remove from Canvas whatever is not in the last batch, for batches hold what has changed; set remaster, or leave diffing out")
	}
	return nil
}
