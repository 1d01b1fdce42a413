package gateway

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"lisgate/adapters"
	"lisgate/adapters/blackboard"
	"lisgate/adapters/canvas"
	"lisgate/adapters/csvfiles"
	"lisgate/adapters/ellucian"
	"lisgate/adapters/httpjson"
	"lisgate/adapters/lissoap"
	"lisgate/adapters/moodle"
	"lisgate/adapters/sqldb"
	"lisgate/gateway/lis"
)

// builders make the adapters that a config can name.
var builders = map[string]func(*builder) (adapters.Adapter, error){
	"lissoap": buildLIS, "moodle": buildMoodle, "canvas": buildCanvas, "blackboard": buildBlackboard,
	"ethos": buildEthos, "ilp": buildILP, "sqldb": buildSQL, "csvfiles": buildCSV,
	"httpjson": buildHTTPJSON,
}

func buildLIS(b *builder) (adapters.Adapter, error) {
	o := lissoap.Options{URL: b.URL, Profile: b.Profile, Timeout: b.Timeout, URLs: map[lis.Service]string{}, BulkFolder: b.Text("bulk_folder"),
		CreateByProxy: b.Bool("create_by_proxy")}
	for service, url := range b.URLs {
		o.URLs[lis.Service(service)] = url
	}
	if b.Basic != nil {
		o.Basic = &lissoap.Basic{User: b.Basic.User, Password: lissoap.Secret(b.reveal(b.Basic.Password))}
	}
	if b.WSSE != nil {
		o.WSSE = &lissoap.WSSE{User: b.WSSE.User, Digest: b.WSSE.Digest, Password: lissoap.Secret(b.reveal(b.WSSE.Password))}
	}
	if b.OAuth1 != nil {
		o.OAuth1 = &lissoap.OAuth1{Key: b.OAuth1.Key, Secret: lissoap.Secret(b.reveal(b.OAuth1.Secret))}
	}
	return lissoap.New(o)
}

func buildMoodle(b *builder) (adapters.Adapter, error) {
	ids, err := numbers(b.List("role_ids"))
	if err != nil {
		return nil, fmt.Errorf("role_ids: %w", err)
	}
	return moodle.New(moodle.Options{
		URL: b.URL, Token: moodle.Secret(b.reveal(b.Token)), Timeout: b.Timeout,
		MaxInputVars: b.Int("max_input_vars"), Category: b.Text("category"),
		Auth: b.Text("auth"), CreatePassword: b.Bool("create_password"), SharedEmail: b.Bool("shared_email"),
		RoleIDs: ids, Removal: adapters.Removal(b.Removals.Means), Match: b.Match, Adopt: b.Adopt, Crosswalk: b.crosswalk(), Roster: b.roster(),
	})
}

// numbers reads name=number pairs.
func numbers(pairs []string) (map[string]int, error) {
	found := map[string]int{}
	for _, pair := range pairs {
		name, text, ok := strings.Cut(pair, "=")
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if !ok || err != nil {
			return nil, fmt.Errorf("%q is not of the form student=5", pair)
		}
		found[strings.TrimSpace(name)] = n
	}
	return found, nil
}

// canvasRows is how many changes one import has at the most: all of them are in
// memory while Canvas works on it.
const canvasRows = 4000

func buildCanvas(b *builder) (adapters.Adapter, error) {
	o := canvas.Options{
		URL: b.URL, Token: canvas.Secret(b.reveal(b.Token)), Account: b.Text("account"), Poll: b.Duration("poll"), Rows: canvasRows,
		AccountTypes: b.List("account_types"), Term: b.Text("term"), FallbackAccount: b.Text("fallback_account"), Removal: adapters.Removal(b.Removals.Means),
		SuspendUsers: b.Bool("suspend_users"), OverrideStickiness: b.Bool("override_sis_stickiness"), ClaimLogins: b.Bool("claim_logins"),
		SectionsAsCourses: b.Bool("sections_as_courses"), LetterGrades: b.Bool("letter_grades"), Crosswalk: b.crosswalk(), Roster: b.roster(),
	}
	if name := b.Text("diffing"); name != "" {
		o.Diffing = &canvas.Diffing{Identifier: name, Remaster: true}
	}
	return canvas.New(o)
}

func buildBlackboard(b *builder) (adapters.Adapter, error) {
	o := blackboard.Options{
		URL: b.URL, Integration: b.Text("integration"), DataSource: b.Text("data_source"), Poll: b.Duration("poll"),
		LooseCounts: b.Bool("loose_counts"), Key: b.Text("key"), KeySecret: blackboard.Secret(b.reveal(b.Secret("secret"))),
		Budget: b.Int("budget"), Reserve: b.Int("reserve"), Removal: adapters.Removal(b.Removals.Means), Crosswalk: b.crosswalk(),
	}
	user, password := b.basic()
	o.User, o.Password = user, blackboard.Secret(password)
	return blackboard.New(o)
}

func buildEthos(b *builder) (adapters.Adapter, error) {
	versions := map[string]string{}
	for _, pair := range b.List("versions") {
		resource, version, _ := strings.Cut(pair, "=")
		versions[resource] = version
	}
	return ellucian.NewEthos(ellucian.EthosOptions{
		URL: b.URL, Key: ellucian.Secret(b.reveal(b.Token)), Versions: versions, Resources: b.List("resources"), UserID: b.Text("user_id"),
		FinalType: b.Text("final_type"), MidtermType: b.Text("midterm_type"), ReportErrors: b.Bool("report_errors"),
		Section: b.section(), GUIDs: b.crosswalk(),
	})
}

func buildILP(b *builder) (adapters.Adapter, error) {
	user, password := b.basic()
	return ellucian.NewILP(ellucian.ILPOptions{
		URL: b.URL, User: user, Password: ellucian.Secret(password), Submitter: b.Text("submitter"), Section: b.section(),
		Failing: b.List("failing"), Incomplete: b.List("incomplete"), Resubmit: b.Duration("resubmit"),
	})
}

func buildSQL(b *builder) (adapters.Adapter, error) {
	text, err := b.file()
	if err != nil {
		return nil, err
	}
	o, err := sqldb.ParseOptions(text)
	if err != nil {
		return nil, err
	}
	if dsn := b.Secret("dsn"); dsn != "" {
		o.DSN = sqldb.Secret(b.reveal(dsn))
	}
	return sqldb.New(o)
}

func buildCSV(b *builder) (adapters.Adapter, error) {
	text, err := b.file()
	if err != nil {
		return nil, err
	}
	o, err := csvfiles.ParseOptions(text)
	if err != nil {
		return nil, err
	}
	if folder := b.Text("folder"); folder != "" {
		o.Folder = folder
	}
	return csvfiles.New(o)
}

func buildHTTPJSON(b *builder) (adapters.Adapter, error) {
	o := httpjson.Options{URL: b.URL, Paths: map[lis.Kind]string{}, Headers: map[string]httpjson.Secret{},
		Body: b.Text("body"), Record: b.Text("record"), TargetID: b.Text("target_id")}
	for _, pair := range b.List("paths") {
		kind, path, _ := strings.Cut(pair, "=")
		if lis.InfoOf(lis.Kind(kind)) == nil || path == "" {
			return nil, fmt.Errorf("paths: %q is not of the form person=people", pair)
		}
		o.Paths[lis.Kind(kind)] = path
	}
	if header := b.Text("header"); b.Token != "" && header == "Authorization" {
		o.Headers[header] = httpjson.Secret("Bearer " + b.reveal(b.Token))
	} else if b.Token != "" {
		o.Headers[header] = httpjson.Secret(b.reveal(b.Token))
	}
	if user, password := b.basic(); user != "" {
		o.Headers["Authorization"] = httpjson.Secret("Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
	}
	return httpjson.New(o)
}

// file reads the file that the setting file names. The worked example that the
// binary holds has the name example:rosariosis.
func (b *builder) file() ([]byte, error) {
	name := b.Text("file")
	switch {
	case name == "":
		return nil, errors.New("settings.file is missing: it names the file that says what is read, see ARCHITECTURE.md")
	case name == "example:rosariosis":
		return []byte(sqldb.RosarioSIS), nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("settings.file: %w", err)
	}
	return text, nil
}
