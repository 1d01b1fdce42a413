package sqldb

import (
	_ "embed" // the worked example
	"fmt"
	"slices"
	"time"

	"lisgate/adapters/peer"
	"lisgate/adapters/rows"
	"lisgate/gateway/lis"
)

// RosarioSIS is a worked example of the options' text form: the schema of
// RosarioSIS 12 (adapter facts, B10). It lacks the dsn.
//
//go:embed rosariosis.yaml
var RosarioSIS []byte

// Options say how a database is reached and what its rows mean.
type Options struct {
	Driver string `yaml:"driver"` // postgres, mysql (MariaDB too) or sqlite
	DSN    Secret `yaml:"dsn"`    // as the driver wants it; for sqlite the file

	Queries []Query `yaml:"queries"` // read in this order
	Write   []Write `yaml:"write"`

	PageRows  int           `yaml:"pageRows"`  // rows of one page; 1,000 when 0
	PageBytes int           `yaml:"pageBytes"` // about as many bytes end a page early; 8 MiB when 0
	Timeout   time.Duration `yaml:"timeout"`   // of one statement; 30 s when 0
	Conns     int           `yaml:"conns"`     // connections at once; 4 when 0

	// FullEvery is how often everything is read; in between, only what has
	// changed by its since column is. 0 reads everything each time, which is
	// the only way to see what was deleted.
	FullEvery time.Duration `yaml:"fullEvery"`
	// Overlap is how far before the newest change an increment begins, for
	// transactions that took long; 5 min when 0. Times only.
	Overlap time.Duration `yaml:"overlap"`

	Now func() time.Time `yaml:"-"`
}

// A Query is a view, as a SELECT without ORDER BY, whose rows are objects of
// one kind.
type Query struct {
	Name      string   `yaml:"name"`
	SQL       string   `yaml:"sql"`
	Key       []string `yaml:"key"`   // columns that tell the rows apart; pages go along them
	Since     string   `yaml:"since"` // column that grows when a row changes; optional
	rows.Spec `yaml:",inline"`
	// Find says how a sourcedId is taken apart: an expression over id for
	// key columns. With it a single object can be read back.
	Find map[string]rows.Expr `yaml:"find"`
}

// A Write says how changes of a kind are written. Its statements have named
// parameters (:name); each runs in a transaction of its own.
type Write struct {
	Kind   lis.Kind             `yaml:"kind"`
	Put    string               `yaml:"put"`
	Drop   string               `yaml:"drop"`
	Rekey  string               `yaml:"rekey"`
	Params map[string]rows.Expr `yaml:"params"`
	// Guards are asked before, in the same transaction.
	Guards []Guard `yaml:"guards"`
	// Staging names the table and column that keep the change's id (parameter
	// changeId), so that the same change has no second effect.
	Staging *Staging `yaml:"staging"`
	// NoRow says what it means when a statement touches no row: refused
	// (default), missing or unchanged.
	NoRow string `yaml:"noRow"`
	// ForeignKey says what a violated foreign key means: refused (default) or
	// missing, when parents are fed to the same database.
	ForeignKey string `yaml:"foreignKey"`
}

// A Guard is a question to the database whose answer lets a change through.
type Guard struct {
	Name  string     `yaml:"name"`
	SQL   string     `yaml:"sql"`   // one row
	Allow *rows.Expr `yaml:"allow"` // over the row, the parameters and today
	Text  *rows.Expr `yaml:"text"`  // what is said when it does not allow
	// NoRow says what it means when there is no row: refused (default) or missing.
	NoRow string `yaml:"noRow"`
}

// Staging is where the ids of changes are kept.
type Staging struct {
	Table  string `yaml:"table"`
	Column string `yaml:"column"`
}

// A Secret is a text that must not be seen. However it is printed, <secret>
// is seen.
type Secret = peer.Secret

// ParseOptions reads the text form: YAML without unknown names. Mistakes are
// told by line.
func ParseOptions(text []byte) (o Options, _ error) {
	if err := rows.ParseOptions(text, &o); err != nil {
		return o, fmt.Errorf("read sqldb options: %w", err)
	}
	return o, nil
}

func (o Options) orDefault() Options {
	orInt(&o.PageRows, 1000)
	orInt(&o.PageBytes, 8<<20)
	orInt(&o.Conns, 4)
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Overlap <= 0 {
		o.Overlap = 5 * time.Minute
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Queries = slices.Clone(o.Queries)
	for i := range o.Queries {
		if o.Queries[i].Name == "" {
			o.Queries[i].Name = fmt.Sprintf("query %d", i+1)
		}
	}
	return o
}

func orInt(n *int, otherwise int) {
	if *n <= 0 {
		*n = otherwise
	}
}
