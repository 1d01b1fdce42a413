package blackboardfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const restBase = "/learn/api/public/"

func (l *Learn) rest(w http.ResponseWriter, r *http.Request) {
	if !l.budgeted(w) {
		return
	}
	for _, set := range l.sets { // Learn works on, looked at or not
		l.work(set, set.step)
	}
	var path []string
	for _, part := range strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), restBase), "/") {
		plain, err := url.PathUnescape(part)
		if err != nil {
			complain(w, http.StatusBadRequest, "the address cannot be read")
			return
		}
		path = append(path, plain)
	}
	if slices.Equal(path, []string{"v1", "oauth2", "token"}) {
		l.giveToken(w, r)
		return
	}
	if l.token == "" || r.Header.Get("Authorization") != "Bearer "+l.token || !l.now().Before(l.tokenEnd) {
		complain(w, http.StatusUnauthorized, "Bearer token is invalid")
		return
	}
	l.route(w, r, path)
}

// budgeted counts a call and says what is left.
func (l *Learn) budgeted(w http.ResponseWriter) bool {
	most := l.Budget
	if most == 0 {
		most = 10_000
	}
	if l.day.IsZero() || l.now().Sub(l.day) >= 24*time.Hour {
		l.day, l.calls = l.now(), 0
	}
	w.Header().Set("X-Rate-Limit-Limit", strconv.Itoa(most))
	if l.calls >= most {
		w.Header().Set("X-Rate-Limit-Remaining", "0")
		w.Header().Set("Retry-After", strconv.Itoa(int(l.day.Add(24*time.Hour).Sub(l.now()).Seconds())))
		complain(w, http.StatusTooManyRequests, "The rate limit is exceeded")
		return false
	}
	l.calls++
	w.Header().Set("X-Rate-Limit-Remaining", strconv.Itoa(most-l.calls))
	return true
}

// giveToken gives the token that there is, with the time that it has left.
func (l *Learn) giveToken(w http.ResponseWriter, r *http.Request) {
	key, secret, _ := r.BasicAuth()
	if r.Method != http.MethodPost || key != l.Key || secret != l.Secret || r.PostFormValue("grant_type") != "client_credentials" {
		complain(w, http.StatusUnauthorized, "Invalid client credentials")
		return
	}
	if l.token == "" || !l.now().Before(l.tokenEnd) {
		life := l.TokenLife
		if life == 0 {
			life = time.Hour
		}
		l.tokens++
		l.token, l.tokenEnd = fmt.Sprintf("token-%d", l.tokens), l.now().Add(life)
	}
	reply(w, http.StatusOK, map[string]any{"access_token": l.token, "token_type": "bearer", "expires_in": int(l.tokenEnd.Sub(l.now()).Seconds())})
}

func complain(w http.ResponseWriter, status int, text string) {
	reply(w, status, map[string]any{"status": status, "message": text})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

// route finds what an address means.
func (l *Learn) route(w http.ResponseWriter, r *http.Request, path []string) {
	switch n := len(path); {
	case slices.Equal(path, []string{"v1", "system", "version"}):
		reply(w, http.StatusOK, map[string]any{"learn": map[string]int{"major": 3900, "minor": 123}})
	case path[1] == "users" && n == 2:
		l.usersAt(w, r)
	case path[1] == "users" && n == 3:
		l.userAt(w, r, l.findUser(path[2]))
	case path[0] == "v3" && path[1] == "courses" && n == 2:
		l.listCourses(w, r)
	case path[1] == "courses" && n >= 3:
		c := l.findCourse(path[2])
		if c == nil {
			complain(w, http.StatusNotFound, "The course does not exist")
			return
		}
		l.inCourse(w, r, c, path[3:])
	default:
		complain(w, http.StatusNotFound, "No such resource")
	}
}

func (l *Learn) inCourse(w http.ResponseWriter, r *http.Request, c *course, path []string) {
	switch n := len(path); {
	case n == 0:
		reply(w, http.StatusOK, c.json())
	case n == 1 && path[0] == "users":
		l.listMembers(w, r, c)
	case n == 2 && path[0] == "users":
		u := l.findUser(path[1])
		if u == nil {
			complain(w, http.StatusNotFound, "The user does not exist")
			return
		}
		l.memberAt(w, r, c, u)
	case n >= 2 && path[0] == "gradebook" && path[1] == "columns":
		l.grades(w, r, c, path[2:])
	default:
		complain(w, http.StatusNotFound, "No such resource")
	}
}

// page writes one page of a list, with the address of the next.
func (l *Learn) page(w http.ResponseWriter, r *http.Request, items []any) {
	query := r.URL.Query()
	offset, _ := strconv.Atoi(query.Get("offset"))
	limit, err := strconv.Atoi(query.Get("limit"))
	most := l.MaxPage
	if most == 0 {
		most = 100
	}
	if err != nil || limit < 1 || limit > most {
		limit = most
	}
	from := min(max(offset, 0), len(items))
	to := min(from+limit, len(items))
	answer := map[string]any{"results": append([]any{}, items[from:to]...)}
	if to < len(items) {
		query.Set("offset", strconv.Itoa(to))
		answer["paging"] = map[string]string{"nextPage": r.URL.EscapedPath() + "?" + query.Encode()}
	}
	reply(w, http.StatusOK, answer)
}

func (l *Learn) findUser(id string) *user {
	for _, k := range l.users.keys {
		u := l.users.get(k)
		if id == "externalId:"+u.ExternalID || id == "userName:"+u.UserName || id == u.ID {
			return u
		}
	}
	return nil
}

func (l *Learn) findCourse(id string) *course {
	for _, k := range l.courses.keys {
		c := l.courses.get(k)
		if id == "externalId:"+c.ExternalID || id == "courseId:"+c.CourseID || id == c.ID {
			return c
		}
	}
	return nil
}
