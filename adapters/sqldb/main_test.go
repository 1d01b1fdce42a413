package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// servers are the database servers of this run, begun when first asked for.
var servers = map[string]*server{
	"postgres": {begin: beginPostgres},
	"mysql":    {begin: beginMariaDB},
}

// A server is a throwaway database server.
type server struct {
	once  sync.Once
	begin func(dir string) (cmd *exec.Cmd, dsn func(database string) string, err error)
	cmd   *exec.Cmd
	dir   string
	dsn   func(database string) string
	err   error
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, s := range servers {
		s.stop()
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func (s *server) start() {
	s.once.Do(func() {
		if s.dir, s.err = os.MkdirTemp("", "lisgate-db-"); s.err == nil {
			s.cmd, s.dsn, s.err = s.begin(s.dir)
		}
	})
}

func (s *server) stop() {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Signal(syscall.SIGQUIT)
		done := time.AfterFunc(5*time.Second, func() { _ = s.cmd.Process.Kill() })
		_ = s.cmd.Wait()
		done.Stop()
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

// errNotInstalled says which tests are left out.
var errNotInstalled = errors.New("not installed")

func installed(patterns ...string) (string, error) {
	for _, p := range patterns {
		if m, _ := filepath.Glob(p); len(m) > 0 {
			return m[len(m)-1], nil
		}
		if path, err := exec.LookPath(p); err == nil {
			return path, nil
		}
	}
	return "", errNotInstalled
}

// as runs a program as a user who is not root, which database servers demand.
func as(dir string, names []string, program string, args ...string) (*exec.Cmd, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LC_ALL=C.UTF-8", "TZ=Europe/Berlin"}
	if os.Getuid() != 0 {
		return cmd, nil
	}
	for _, n := range names {
		u, err := user.Lookup(n)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}} //nolint:gosec // ids are small
		return cmd, os.Chown(dir, uid, gid)
	}
	return nil, fmt.Errorf("none of the users %v is there", names)
}

func beginPostgres(dir string) (*exec.Cmd, func(string) string, error) {
	initdb, err := installed("/usr/lib/postgresql/*/bin/initdb", "initdb")
	if err != nil {
		return nil, nil, err
	}
	users := []string{"postgres", "nobody"}
	data := filepath.Join(dir, "data")
	cmd, err := as(dir, users, initdb, "-D", data, "-A", "trust", "-U", "lisgate", "-N", "-E", "UTF8", "--no-instructions")
	if err != nil {
		return nil, nil, err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	port := freePort()
	cmd, err = as(dir, users, filepath.Join(filepath.Dir(initdb), "postgres"), "-D", data, "-h", "127.0.0.1",
		"-p", port, "-k", dir, "-F", "-c", "max_connections=50")
	if err == nil {
		err = cmd.Start()
	}
	dsn := func(database string) string {
		return "postgres://lisgate@127.0.0.1:" + port + "/" + database + "?sslmode=disable"
	}
	return cmd, dsn, errors.Join(err, answers("postgres", dsn("postgres")))
}

func beginMariaDB(dir string) (*exec.Cmd, func(string) string, error) {
	install, err := installed("mariadb-install-db", "mysql_install_db")
	if err != nil {
		return nil, nil, err
	}
	daemon, err := installed("mariadbd", "/usr/sbin/mariadbd")
	if err != nil {
		return nil, nil, err
	}
	users := []string{"mysql", "nobody"}
	data, socket := filepath.Join(dir, "data"), filepath.Join(dir, "s")
	cmd, err := as(dir, users, install, "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db")
	if err != nil {
		return nil, nil, err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("install: %w: %s", err, out)
	}
	cmd, err = as(dir, users, daemon, "--no-defaults", "--datadir="+data, "--socket="+socket, "--skip-networking",
		"--pid-file="+filepath.Join(dir, "pid"), "--innodb-flush-log-at-trx-commit=0")
	if err == nil {
		err = cmd.Start()
	}
	dsn := func(database string) string { return "root@unix(" + socket + ")/" + database }
	return cmd, dsn, errors.Join(err, answers("mysql", dsn("mysql")))
}

func freePort() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "0"
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// answers waits until a server takes connections.
func answers(driver, dsn string) error {
	var err error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var db *sql.DB
		if db, err = dialects[driver].open(dsn, time.Second); err != nil {
			return err
		}
		err = db.PingContext(context.Background())
		if _ = db.Close(); err == nil {
			return nil
		}
	}
	return err
}

var databases atomic.Int64

// database makes an empty database and returns its dsn and a connection to it.
func database(t *testing.T, driver string) (string, *sql.DB) {
	t.Helper()
	dsn := filepath.Join(t.TempDir(), "sis.db")
	if s := servers[driver]; s != nil {
		if s.start(); errors.Is(s.err, errNotInstalled) {
			t.Skipf("!!! %s IS NOT INSTALLED HERE: what concerns it is NOT TESTED", driver)
		} else if s.err != nil {
			t.Fatalf("start %s: %v", driver, s.err)
		}
		name := fmt.Sprintf("t%d", databases.Add(1))
		first := map[string]string{"postgres": "postgres", "mysql": "mysql"}[driver]
		if driver == "postgres" { // a schema is made sooner than a database
			run(t, connect(t, driver, s.dsn(first)), "CREATE SCHEMA "+name)
			dsn = s.dsn(first) + "&search_path=" + name
			return dsn, connect(t, driver, dsn)
		}
		run(t, connect(t, driver, s.dsn(first)), "CREATE DATABASE "+name+map[string]string{"mysql": " CHARACTER SET utf8mb4"}[driver])
		dsn = s.dsn(name)
	}
	return dsn, connect(t, driver, dsn)
}

func connect(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := dialects[driver].open(dsn, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}
