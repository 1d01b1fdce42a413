package registrar

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// A query is a queryObject that was understood: all conditions hold.
type query struct {
	id     lis.SourcedID // exactly this object
	prefix string        // objects whose id starts so
	since  int64
	links  []lis.Link
	text   string // bare text, to be met by any of textNames
}

// linkNames is the table of what each kind can be asked for. The order is
// that in which bare text is looked for and names are told to people.
var linkNames = map[lis.Kind][]string{
	lis.KindPerson:             {lis.LinkEmail, lis.LinkUserID, lis.LinkName},
	lis.KindGroup:              {lis.LinkType, lis.LinkParent, lis.LinkOrg},
	lis.KindMembership:         {lis.LinkCollection, lis.LinkPerson},
	lis.KindCourseTemplate:     {lis.LinkNumber, lis.LinkLabel, lis.LinkTitle, lis.LinkStatus, lis.LinkOrg},
	lis.KindCourseOffering:     {lis.LinkTemplate, lis.LinkSession, lis.LinkLabel, lis.LinkTitle, lis.LinkStatus, lis.LinkOrg},
	lis.KindCourseSection:      {lis.LinkOffering, lis.LinkSession, lis.LinkLabel, lis.LinkTitle, lis.LinkStatus, lis.LinkOrg},
	lis.KindSectionAssociation: {lis.LinkSection, lis.LinkLabel, lis.LinkTitle, lis.LinkStatus},
	lis.KindLineItem:           {lis.LinkContext, lis.LinkType, lis.LinkLabel, lis.LinkResultValue},
	lis.KindResult:             {lis.LinkLineItem, lis.LinkPerson, lis.LinkStatus, lis.LinkResultValue},
	lis.KindResultValue:        {lis.LinkLabel},
}

// textNames are the links in which bare text is looked for.
var textNames = []string{lis.LinkName, lis.LinkLabel, lis.LinkTitle, lis.LinkNumber, lis.LinkUserID}

const (
	askID    = "sourcedid"
	askSince = "datefrom"
)

// aliases are other spellings met, after case, - and _ are taken away.
var aliases = map[string]string{
	"id": askID, "since": askSince, "changedsince": askSince, "fromsavepoint": askSince, "savepoint": askSince,
	"mail": lis.LinkEmail, "emailaddress": lis.LinkEmail,
	"username": lis.LinkUserID, "login": lis.LinkUserID, "logonid": lis.LinkUserID, "useridvalue": lis.LinkUserID,
	"formname": lis.LinkName, "formattedname": lis.LinkName,
	"coursenumber": lis.LinkNumber, "academicsession": lis.LinkSession, "term": lis.LinkSession,
	"parenttemplateid": lis.LinkTemplate, "coursetemplate": lis.LinkTemplate,
	"parentofferingid": lis.LinkOffering, "courseoffering": lis.LinkOffering,
	"coursesection": lis.LinkSection, "coursesectionid": lis.LinkSection, "group": lis.LinkCollection,
	"contextidentifier": lis.LinkContext, "lineitemtype": lis.LinkType, "statusofresult": lis.LinkStatus, "orgid": lis.LinkOrg,
}

// longestQuery is the most bytes of a queryObject.
const longestQuery = 4096

// parseQuery reads a queryObject for a kind.
func parseQuery(k lis.Kind, text string) (*query, error) {
	text = strings.TrimSpace(text)
	switch {
	case len(text) > longestQuery:
		return nil, refuse(lis.QueryNotUnderstood, fmt.Sprintf("the queryObject has more than %d bytes; ask for less at a time", longestQuery))
	case text == "":
		return nil, notUnderstood(k, "the queryObject is empty")
	case strings.HasPrefix(text, "{"):
		return parseObject(k, text)
	case strings.Contains(text, "="):
		return parsePairs(k, text)
	case k == lis.KindPerson && strings.Contains(text, "@") && !strings.ContainsAny(text, " \t\n"):
		return &query{links: []lis.Link{{Name: lis.LinkEmail, Value: strings.ToLower(text)}}}, nil
	case !slices.ContainsFunc(linkNames[k], func(n string) bool { return slices.Contains(textNames, n) }):
		return nil, notUnderstood(k, "a "+string(k)+" has no name to look for "+quote(text)+" in")
	}
	return &query{text: text}, nil
}

// notUnderstood refuses a query and says what would be understood.
func notUnderstood(k lis.Kind, what string) error {
	return refuse(lis.QueryNotUnderstood, what+`; send {"name":"value"} or name=value, where the names for a `+string(k)+
		" are sourcedId, date_from, "+strings.Join(linkNames[k], ", "))
}

func parseObject(k lis.Kind, text string) (*query, error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var object map[string]any
	if err := dec.Decode(&object); err != nil {
		return nil, notUnderstood(k, "the queryObject is no JSON object ("+err.Error()+")")
	}
	if dec.More() {
		return nil, notUnderstood(k, "something follows the JSON object")
	}
	q := &query{}
	for name, value := range object {
		switch value.(type) {
		case string, json.Number, bool:
		default:
			return nil, notUnderstood(k, "the value of "+quote(name)+" is no plain text")
		}
		if err := q.add(k, name, fmt.Sprint(value)); err != nil {
			return nil, err
		}
	}
	return q, nil
}

func parsePairs(k lis.Kind, text string) (*query, error) {
	q := &query{}
	for _, pair := range strings.FieldsFunc(text, func(c rune) bool { return c == '&' || c == ';' }) {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, notUnderstood(k, "there is no = in "+quote(strings.TrimSpace(pair)))
		}
		if err := q.add(k, name, value); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// add takes in one condition.
func (q *query) add(k lis.Kind, name, value string) error {
	value = strings.TrimSpace(value)
	asked := askedName(k, name)
	switch {
	case asked == "":
		return notUnderstood(k, "unknown name "+quote(strings.TrimSpace(name)))
	case value == "":
		return notUnderstood(k, "the value of "+quote(strings.TrimSpace(name))+" is empty")
	case asked == askSince:
		seq, err := lis.SequenceOf(value)
		if err != nil {
			return notUnderstood(k, "the value of "+quote(strings.TrimSpace(name))+": "+err.Error())
		}
		q.since = max(seq, 1)
	case asked == askID && strings.HasSuffix(value, "*"):
		q.prefix = strings.TrimSuffix(value, "*")
	case asked == askID:
		q.id = lis.SourcedID(value)
	case asked == lis.LinkEmail:
		q.links = append(q.links, lis.Link{Name: asked, Value: strings.ToLower(value)})
	default:
		q.links = append(q.links, lis.Link{Name: asked, Value: value})
	}
	return nil
}

// askedName finds the name that a peer means: as it stands, by its alias, or
// without the SourcedId at its end. It is "" when the kind has no such name.
func askedName(k lis.Kind, name string) string {
	plain := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(strings.TrimSpace(name)))
	for _, n := range []string{plain, aliases[plain], strings.TrimSuffix(plain, askID), aliases[strings.TrimSuffix(plain, askID)]} {
		if n == askID || n == askSince || slices.Contains(linkNames[k], n) {
			return n
		}
	}
	if k == lis.KindMembership && slices.Contains([]string{"section", "offering", "template"}, strings.TrimPrefix(strings.TrimSuffix(plain, askID), "course")) {
		return lis.LinkCollection
	}
	return ""
}
