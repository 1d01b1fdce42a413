package csvfiles

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"lisgate/adapters"
)

// A machine is an SFTP server on loopback.
type machine struct {
	address string
	key     ssh.Signer
	client  ssh.PublicKey // that may log in
	wait    sync.WaitGroup
	listen  net.Listener
	mu      sync.Mutex
	conns   []net.Conn
}

func signer(t *testing.T) (ssh.Signer, string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	return s, string(pem.EncodeToMemory(block))
}

func startMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{}
	m.key, _ = signer(t)
	var err error
	if m.listen, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	m.address = m.listen.Addr().String()
	config := &ssh.ServerConfig{
		PasswordCallback: func(c ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			if c.User() == "sis" && string(password) == "right" {
				return nil, nil
			}
			return nil, errors.New("no")
		},
		PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			if m.client != nil && string(key.Marshal()) == string(m.client.Marshal()) {
				return nil, nil
			}
			return nil, errors.New("no")
		},
	}
	config.AddHostKey(m.key)
	m.wait.Go(func() { m.accept(config) })
	t.Cleanup(func() { _ = m.listen.Close(); m.cut(); m.wait.Wait() })
	return m
}

func (m *machine) accept(config *ssh.ServerConfig) {
	for {
		conn, err := m.listen.Accept()
		if err != nil {
			return
		}
		m.mu.Lock()
		m.conns = append(m.conns, conn)
		m.mu.Unlock()
		m.wait.Go(func() { m.serve(conn, config) })
	}
}

// cut breaks all connections.
func (m *machine) cut() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.conns {
		_ = c.Close()
	}
	m.conns = nil
}

func (m *machine) serve(conn net.Conn, config *ssh.ServerConfig) {
	defer conn.Close()
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	m.wait.Go(func() { ssh.DiscardRequests(requests) })
	for c := range channels {
		channel, requests, err := c.Accept()
		if err != nil {
			return
		}
		m.wait.Go(func() {
			for r := range requests {
				_ = r.Reply(r.Type == "subsystem", nil)
			}
		})
		server, err := sftp.NewServer(channel)
		if err != nil {
			return
		}
		m.wait.Go(func() {
			if err := server.Serve(); errors.Is(err, io.EOF) {
				_ = server.Close()
			}
		})
	}
}

func remoteBench(t *testing.T, m *machine, alter func(*SFTP)) *bench {
	return newBench(t, plainOptions, func(o *Options) {
		o.SFTP = &SFTP{Address: m.address, User: "sis", Password: "right", Fingerprint: ssh.FingerprintSHA256(m.key.PublicKey())}
		if alter != nil {
			alter(o.SFTP)
		}
	})
}

func TestSFTP(t *testing.T) {
	m := startMachine(t)
	b := remoteBench(t, m, nil)
	if err := b.a.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.drop("students.csv", heading+"1,A,,\n,B,,\n")
	p := b.pull("")
	b.story(p, "+person stu-1 !students.csv:3 !person")
	b.acknowledge(p.cursor)
	if got := b.names("."); !slices.Equal(got, []string{"archive", "students.csv.errors.csv"}) {
		t.Errorf("folder %v", got)
	}
	m.cut() // and it connects again
	b.drop("students.csv", heading+"2,A,,\n")
	for range 2 { // the first may find the connection broken
		if p = b.pull(p.cursor); p.err == nil {
			break
		}
	}
	b.story(p, "+person stu-2 -person")
	b.acknowledge(p.cursor)
}

func TestSFTPByKeyAndKnownHosts(t *testing.T) {
	m := startMachine(t)
	s, text := signer(t)
	m.client = s.PublicKey()
	hosts := filepath.Join(t.TempDir(), "known_hosts")
	if err := os.WriteFile(hosts, []byte(knownhosts.Line([]string{m.address}, m.key.PublicKey())+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := remoteBench(t, m, func(o *SFTP) { o.Password, o.Key, o.Fingerprint, o.KnownHosts = "", Secret(text), "", hosts })
	if err := b.a.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSFTPOfAnotherMachineGetsNoPassword(t *testing.T) {
	m := startMachine(t)
	other, _ := signer(t)
	b := remoteBench(t, m, func(o *SFTP) { o.Fingerprint = ssh.FingerprintSHA256(other.PublicKey()) })
	err := b.a.Check(t.Context())
	if adapters.ClassOf(err) != adapters.Unavailable || !strings.Contains(err.Error(), "another machine") {
		t.Errorf("%v", err)
	}
}

func TestSFTPWrongPassword(t *testing.T) {
	b := remoteBench(t, startMachine(t), func(o *SFTP) { o.Password = "wrong-hunter2" })
	if err := b.a.Check(t.Context()); adapters.ClassOf(err) != adapters.Unavailable || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
}
