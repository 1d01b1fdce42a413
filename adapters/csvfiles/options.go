package csvfiles

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"lisgate/adapters/peer"
	"lisgate/adapters/rows"
)

// When a file is taken.
const (
	ReadyRename   = "rename"   // it has its name: it was written under another one and renamed
	ReadyDone     = "done"     // NAME.done lies beside it
	ReadyManifest = "manifest" // manifest.json or manifest.csv names it, with its SHA-256
)

// What a file holds.
const (
	Full  = "full"  // everything there is: what is not in it is gone
	Delta = "delta" // what has changed
)

// Options say where the drop folder is and what its files mean.
type Options struct {
	Folder string `yaml:"folder"`
	SFTP   *SFTP  `yaml:"sftp"` // the folder is there, else it is local

	Ready  string        `yaml:"ready"`  // rename when empty
	Settle time.Duration `yaml:"settle"` // a file must be as old as this, rename only
	Files  []File        `yaml:"files"`  // read in this order
	// Together is how long the full files of one kind may come apart: so long
	// they wait for each other, then they are read without being complete.
	// 15 min when 0.
	Together time.Duration `yaml:"together"`

	Archive  string        `yaml:"archive"`  // folder in the folder; archive when empty
	Encoding string        `yaml:"encoding"` // utf-8 (default) or latin-1
	Comma    string        `yaml:"comma"`    // "," when empty
	Limits   Limits        `yaml:"limits"`
	MaxFile  int64         `yaml:"maxFile"`  // bytes of one file; 4 GiB when 0
	Remember int           `yaml:"remember"` // hashes of files in the cursor; 200 when 0
	Timeout  time.Duration `yaml:"timeout"`  // of one step at the folder; 30 s when 0
	Spool    string        `yaml:"spool"`    // local folder for the file that is being read; the system's when empty

	Now func() time.Time `yaml:"-"`
}

// A File says what the files of a name pattern hold.
type File struct {
	Name string `yaml:"name"` // pattern, such as students*.csv
	Mode string `yaml:"mode"` // full or delta; a manifest may say otherwise
	// DeltaName is a pattern: files whose names fit it are deltas, though Mode
	// is full.
	DeltaName string `yaml:"deltaName"`
	// Columns gives headings a name for expressions, by that name; a heading
	// without one goes by its own.
	Columns   map[string]string `yaml:"columns"`
	rows.Spec `yaml:",inline"`
}

// SFTP says how the folder of another machine is reached.
type SFTP struct {
	Address    string `yaml:"address"` // host:port
	User       string `yaml:"user"`
	Password   Secret `yaml:"password"`
	Key        Secret `yaml:"key"` // private key in PEM
	KeyFile    string `yaml:"keyFile"`
	Passphrase Secret `yaml:"passphrase"` // of the key

	// One of these says which machine it must be.
	Fingerprint string `yaml:"fingerprint"` // SHA256:… of its key
	KnownHosts  string `yaml:"knownHosts"`  // file
}

// A Secret is a text that must not be seen. However it is printed, <secret>
// is seen.
type Secret = peer.Secret

// ParseOptions reads the text form: YAML without unknown names. Mistakes are
// told by line.
func ParseOptions(text []byte) (o Options, _ error) {
	if err := rows.ParseOptions(text, &o); err != nil {
		return o, fmt.Errorf("read csvfiles options: %w", err)
	}
	return o, nil
}

func (o Options) orDefault() Options {
	orText(&o.Ready, ReadyRename)
	orText(&o.Archive, "archive")
	orText(&o.Encoding, "utf-8")
	orText(&o.Comma, ",")
	if o.MaxFile <= 0 {
		o.MaxFile = 4 << 30
	}
	if o.Remember <= 0 {
		o.Remember = 200
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Together <= 0 {
		o.Together = 15 * time.Minute
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Limits = o.Limits.orDefault()
	return o
}

func orText(s *string, otherwise string) {
	if *s == "" {
		*s = otherwise
	}
}

// check looks at all but the mappings.
func (o Options) check() error {
	var errs []error
	if o.Folder == "" {
		errs = append(errs, errors.New("there is no folder"))
	}
	if len(o.Files) == 0 {
		errs = append(errs, errors.New("there are no files: say which names hold what"))
	}
	if len(o.Comma) != 1 || strings.ContainsAny(o.Comma, "\"\r\n\x00") {
		errs = append(errs, fmt.Errorf("comma %q: it is one character", o.Comma))
	}
	if strings.ContainsAny(o.Archive, `/\`) || o.Archive == ".." || o.Archive == "." {
		errs = append(errs, fmt.Errorf("archive %q: it is the name of a folder in the folder", o.Archive))
	}
	errs = append(errs, oneOf("ready", o.Ready, ReadyRename, ReadyDone, ReadyManifest), oneOf("encoding", o.Encoding, "utf-8", "latin-1"))
	if s := o.SFTP; s != nil && (s.Fingerprint == "") == (s.KnownHosts == "") {
		errs = append(errs, errors.New("sftp: give fingerprint or knownHosts, one of them: the machine must be known before a password is sent"))
	}
	return errors.Join(errs...)
}

func (f *File) check() error {
	var errs []error
	for _, p := range []string{f.Name, f.DeltaName} {
		if _, err := path.Match(p, "x"); err != nil {
			errs = append(errs, fmt.Errorf("name %q is not a pattern", p))
		}
	}
	if f.Name == "" {
		errs = append(errs, errors.New("there is no name"))
	}
	return errors.Join(append(errs, oneOf("mode", f.Mode, Full, Delta))...)
}

func oneOf(what, value string, words ...string) error {
	for _, w := range words {
		if w == value {
			return nil
		}
	}
	return fmt.Errorf("%s: %q is none of %s%s", what, value, strings.Join(words, ", "), rows.Suggest(value, words))
}
