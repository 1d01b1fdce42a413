package moodle

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/peer"
)

// A Secret is a token. However it is printed, <secret> is seen.
type Secret = peer.Secret

// Options say which site it is and how things are done there. URL and Token
// must be given.
type Options struct {
	URL     string        // of the site; /webservice/rest/server.php is added
	Token   Secret        // of a service account, for one external service
	Timeout time.Duration // of one call, answer included; 30 s when 0
	HTTP    *http.Client  // our own when nil

	// MaxInputVars is PHP's max_input_vars at the site; 1000 when 0, which is
	// what PHP has unless somebody says otherwise.
	MaxInputVars int
	MaxAnswer    int64 // bytes of one answer; 64 MiB when 0
	Page         int   // users of one page of a roster; 1000 when 0

	// Category is the idnumber of the category for what belongs to none that
	// is known; when empty, courses go to the site's first category and
	// categories to the top.
	Category string
	// Auth is the authentication of new accounts; manual when empty. They get
	// a password that nobody knows, or with CreatePassword one by e-mail from
	// Moodle.
	Auth           string
	CreatePassword bool
	SharedEmail    bool // the site lets accounts share an e-mail address (allowaccountssameemail)

	// Roles are Moodle's shortnames by LIS role ("Instructor") or role and
	// subrole ("Instructor/GuestInstructor"), beside those of the table
	// roles; an empty shortname takes one out.
	Roles map[string]string
	// RoleIDs are the site's ids of roles, by shortname; where it has changed
	// its roles, they are others than those of the table roleIDs.
	RoleIDs map[string]int

	// Removal is what a Drop means: Suspend, which is the default, or Delete.
	Removal adapters.Removal
	// Match is the order in which an account is looked for: sourcedId, userId
	// and email, all three when nil.
	Match []string
	// Adopt says whether an account that has no idnumber and was found by
	// another key is taken over: yes, no, or ask, which is the default.
	Adopt string

	Crosswalk adapters.Crosswalk // may be nil
	// Roster says of which memberships an enrolment is made; when nil, each is
	// taken as if there were no other for the person there.
	Roster adapters.Roster
	Now    func() time.Time
}

func (o Options) orDefault() Options {
	o.URL = strings.TrimSuffix(o.URL, "/")
	or(&o.Timeout, 30*time.Second)
	or(&o.MaxInputVars, 1000)
	or(&o.MaxAnswer, 64<<20)
	or(&o.Page, 1000)
	or(&o.Auth, "manual")
	or(&o.Removal, adapters.Suspend)
	or(&o.Adopt, "ask")
	if o.Match == nil {
		o.Match = []string{"sourcedId", "userId", "email"}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	given := o.Roles
	o.Roles = maps.Clone(roles)
	maps.Copy(o.Roles, given)
	ids := o.RoleIDs
	o.RoleIDs = maps.Clone(roleIDs)
	maps.Copy(o.RoleIDs, ids)
	return o
}

func or[T comparable](field *T, otherwise T) {
	var zero T
	if *field == zero {
		*field = otherwise
	}
}

func (o Options) check() error {
	u, err := url.Parse(o.URL)
	switch {
	case o.URL == "":
		return errors.New("no address; give URL, such as https://moodle.example.edu")
	case err != nil:
		return errors.New("the address is no URL")
	case u.User != nil || u.RawQuery != "":
		return errors.New("the address holds a user or a query; the token is given as Token")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("the address %s is not of the form https://host/path", u.Redacted())
	case o.Token == "":
		return errors.New("no token; a site administrator makes one for the service account under Server, Web services, Manage tokens")
	case o.MaxInputVars < 50:
		return fmt.Errorf("max_input_vars of %d is too little for one row; PHP has 1000 unless told", o.MaxInputVars)
	case o.Removal != adapters.Suspend && o.Removal != adapters.Delete:
		return fmt.Errorf("removal %q: Moodle can suspend and delete", o.Removal)
	case o.Adopt != "ask" && o.Adopt != "yes" && o.Adopt != "no":
		return fmt.Errorf("adopt %q: it is ask, yes or no", o.Adopt)
	}
	for _, key := range o.Match {
		if !slices.Contains([]string{"sourcedId", "userId", "email"}, key) {
			return fmt.Errorf("match %q: accounts are matched by sourcedId, userId and email", key)
		}
	}
	for role, name := range o.Roles {
		if name != "" && o.RoleIDs[name] == 0 {
			return fmt.Errorf("role %s is to be %s, and settings.role_ids of the target has no id for it; it stands in the address of the role's page at the site", role, name)
		}
	}
	return nil
}
