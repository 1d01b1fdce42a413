package canvas

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"lisgate/adapters"
	"lisgate/adapters/peer"
)

// Check asks for the account and for its imports, which needs the right that
// an import needs.
func (a *Adapter) Check(ctx context.Context) error {
	var root struct {
		ID   int64  `json:"id"`
		Root *int64 `json:"root_account_id"`
	}
	if err := a.get(ctx, a.account(), nil, &root); err != nil {
		return a.whole(err)
	}
	if root.Root != nil && *root.Root != root.ID {
		return classed(adapters.Unavailable, "SIS imports go to the root account; mend account of the target", "the account is not a root account")
	}
	_, err := a.recent(ctx, a.opts.Now().Add(-recently))
	return asClassed(err)
}

// Found says in one line what Check saw, for people who set a target up.
func (a *Adapter) Found(ctx context.Context) (string, error) {
	if err := a.Check(ctx); err != nil {
		return "", err
	}
	var root account
	if err := a.get(ctx, a.account(), nil, &root); err != nil {
		return "", a.whole(err)
	}
	var running struct {
		Imports []sisImport `json:"sis_imports"`
	}
	if _, err := a.call(ctx, http.MethodGet, a.address(a.imports()+"/importing", nil), "", nil, &running); err != nil {
		return "", a.whole(err)
	}
	var labels []string
	for name, label := range roleLabels {
		labels = append(labels, name+"="+label)
	}
	slices.Sort(labels)
	return fmt.Sprintf("account %d %q, SIS imports enabled, %d running; roles %v and %d of the options", root.ID, peer.Clip(root.Name), len(running.Imports), labels, len(a.opts.Roles)), nil
}
