package registrar

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lisgate/gateway/lis"
)

// OpenURL returns how files of a bulk exchange are opened: over http and https
// from the places in allow, and with file: from under the folder drop ("" for
// none). A place is a host, or the beginning of a URL. Loopback and
// link-local addresses are reached only when a place names them, and that is
// checked on the address that is really connected to, after each redirect.
// The client's own settings are kept; nil is a client with none.
func OpenURL(allow []string, drop string, client *http.Client) func(context.Context, string) (io.ReadCloser, error) {
	guarded := guardedClient(allow, client)
	return func(ctx context.Context, raw string) (io.ReadCloser, error) {
		u, err := allowedURL(allow, drop, raw)
		if err != nil {
			return nil, err
		}
		if u.Scheme == "file" {
			return openDropped(drop, u)
		}
		return get(ctx, guarded, u)
	}
}

// AllowURL returns the check that OpenURL makes before it connects, for
// BulkOptions.Allowed.
func AllowURL(allow []string, drop string) func(string) error {
	return func(raw string) error {
		_, err := allowedURL(allow, drop, raw)
		return err
	}
}

func allowedURL(allow []string, drop, raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil:
		return nil, refuse(lis.Invalid, "url "+quote(raw)+" cannot be read as a URL")
	case u.Scheme == "file" && drop == "":
		return nil, refuse(lis.NotAllowed, "there is no drop folder for file: URLs; offer the file over https")
	case u.Scheme == "file":
		return u, nil
	case u.Scheme != "http" && u.Scheme != "https", u.User != nil, u.Opaque != "":
		return nil, refuse(lis.NotAllowed, "url "+quote(u.Redacted())+" is no plain https, http or file URL; send one of those")
	case !slices.ContainsFunc(allow, func(place string) bool { return lies(u, place) }):
		return nil, refuse(lis.NotAllowed, "url "+quote(u.Redacted())+" is not on the list of places from which files are taken; ask for it to be listed")
	}
	return u, nil
}

// lies reports whether a URL lies in a place: a host, or the beginning of a
// URL that ends with a whole path element.
func lies(u *url.URL, place string) bool {
	if !strings.Contains(place, "://") {
		return strings.EqualFold(u.Host, place) || strings.EqualFold(u.Hostname(), place)
	}
	p, err := url.Parse(place)
	if err != nil || u.Scheme != p.Scheme || !strings.EqualFold(u.Host, p.Host) {
		return false
	}
	base := strings.TrimSuffix(p.Path, "/") + "/"
	return strings.HasPrefix(u.Path, base) && !slices.Contains(strings.Split(u.Path, "/"), "..")
}

// openDropped opens a file under the drop folder. os.Root keeps it there: no
// .. and no symbolic link leads out.
func openDropped(drop string, u *url.URL) (io.ReadCloser, error) {
	rel, err := relativeTo(drop, u)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(drop)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(rel)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would be waited for
		return nil, refuse(lis.NotAllowed, "url "+quote(u.String())+" is no plain file")
	}
	return root.Open(rel)
}

func relativeTo(drop string, u *url.URL) (string, error) {
	path := u.Path
	if u.Opaque != "" {
		path = u.Opaque
	}
	if filepath.IsAbs(path) {
		base, err := filepath.Abs(drop)
		if err != nil {
			return "", err
		}
		if path, err = filepath.Rel(base, path); err != nil {
			return "", err
		}
	}
	if u.Host != "" && u.Host != "localhost" || !filepath.IsLocal(path) {
		return "", refuse(lis.NotAllowed, "url "+quote(u.String())+" is not under the drop folder; put the file there")
	}
	return path, nil
}
