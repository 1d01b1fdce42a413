package csvfiles

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// remote is a folder reached by SFTP. It connects when it is needed, and anew
// after the connection broke.
type remote struct {
	options SFTP
	path    string
	timeout time.Duration
	config  *ssh.ClientConfig

	mu     sync.Mutex
	ssh    *ssh.Client
	client *sftp.Client
}

func newRemote(o SFTP, folder string, timeout time.Duration) (*remote, error) {
	check, err := o.hostKey()
	if err != nil {
		return nil, err
	}
	auth, err := o.auth()
	if err != nil {
		return nil, err
	}
	return &remote{options: o, path: folder, timeout: timeout,
		config: &ssh.ClientConfig{User: o.User, Auth: auth, HostKeyCallback: check, Timeout: timeout}}, nil
}

// hostKey says which machine it must be.
func (o *SFTP) hostKey() (ssh.HostKeyCallback, error) {
	if o.KnownHosts != "" {
		check, err := knownhosts.New(o.KnownHosts)
		if err != nil {
			return nil, fmt.Errorf("sftp: read knownHosts: %w", err)
		}
		return check, nil
	}
	if !strings.HasPrefix(o.Fingerprint, "SHA256:") {
		return nil, errors.New("sftp: the fingerprint begins with SHA256:, as ssh-keygen -l shows it")
	}
	return func(host string, _ net.Addr, key ssh.PublicKey) error {
		if got := ssh.FingerprintSHA256(key); got != o.Fingerprint {
			return fmt.Errorf("%s shows the key %s, which is not the one of the options: it is another machine, or has a new key", host, got)
		}
		return nil
	}, nil
}

func (o *SFTP) auth() ([]ssh.AuthMethod, error) {
	pem := []byte(o.Key)
	if o.KeyFile != "" {
		var err error
		if pem, err = os.ReadFile(o.KeyFile); err != nil {
			return nil, fmt.Errorf("sftp: read keyFile: %w", err)
		}
	}
	if len(pem) == 0 {
		return []ssh.AuthMethod{ssh.Password(string(o.Password))}, nil
	}
	signer, err := ssh.ParsePrivateKey(pem)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		signer, err = ssh.ParsePrivateKeyWithPassphrase(pem, []byte(o.Passphrase))
	}
	if err != nil {
		return nil, errors.New("sftp: the private key cannot be read; it is PEM, and a locked one needs its passphrase")
	}
	return []ssh.AuthMethod{ssh.PublicKeys(signer)}, nil
}

// do runs f over a connection. A step that takes too long, or whose context
// ends, breaks the connection, which is the only way to stop it.
func (r *remote) do(ctx context.Context, f func(*sftp.Client) error) error {
	client, err := r.connect(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	stop := context.AfterFunc(ctx, r.drop)
	defer stop()
	err = f(client)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, sftp.ErrSSHFxConnectionLost) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
		r.drop()
	}
	return err
}

func (r *remote) connect(ctx context.Context) (*sftp.Client, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.client != nil {
		return r.client, nil
	}
	dialer := net.Dialer{Timeout: r.timeout}
	conn, err := dialer.DialContext(ctx, "tcp", r.options.Address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	_ = conn.SetDeadline(time.Now().Add(r.timeout)) // of the handshake
	c, channels, requests, err := ssh.NewClientConn(conn, r.options.Address, r.config)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	_ = conn.SetDeadline(time.Time{})
	r.ssh = ssh.NewClient(c, channels, requests)
	if r.client, err = sftp.NewClient(r.ssh); err != nil {
		_ = r.ssh.Close()
		r.client, r.ssh = nil, nil
		return nil, err
	}
	return r.client, nil
}

// drop lets go of the connection.
func (r *remote) drop() {
	r.mu.Lock()
	client, conn := r.client, r.ssh
	r.client, r.ssh = nil, nil
	r.mu.Unlock()
	if conn != nil {
		_ = conn.Close() // first: it ends what the client waits for
		_ = client.Close()
	}
}

func (r *remote) list(ctx context.Context) (infos []fs.FileInfo, err error) {
	err = r.do(ctx, func(c *sftp.Client) error {
		infos, err = c.ReadDirContext(ctx, r.path)
		return err
	})
	if len(infos) > maxEntries {
		infos = infos[:maxEntries]
	}
	return infos, err
}

func (r *remote) open(ctx context.Context, name string) (io.ReadCloser, error) {
	var f *sftp.File
	err := r.do(ctx, func(c *sftp.Client) (err error) {
		f, err = c.Open(path.Join(r.path, name))
		return err
	})
	if err != nil {
		return nil, err
	}
	return &remoteFile{File: f, r: r, ctx: ctx}, nil
}

func (r *remote) stat(ctx context.Context, name string) (info fs.FileInfo, err error) {
	err = r.do(ctx, func(c *sftp.Client) error {
		info, err = c.Stat(path.Join(r.path, name))
		return err
	})
	return info, err
}

func (r *remote) create(ctx context.Context, name string) (io.WriteCloser, error) {
	var f *sftp.File
	err := r.do(ctx, func(c *sftp.Client) (err error) {
		f, err = c.Create(path.Join(r.path, name))
		return err
	})
	if err != nil {
		return nil, err
	}
	return &remoteFile{File: f, r: r, ctx: ctx}, nil
}

func (r *remote) rename(ctx context.Context, from, to string) error {
	return r.do(ctx, func(c *sftp.Client) error {
		from, to := path.Join(r.path, from), path.Join(r.path, to)
		if _, replaces := c.HasExtension("posix-rename@openssh.com"); replaces {
			return c.PosixRename(from, to)
		}
		return c.Rename(from, to)
	})
}

func (r *remote) mkdir(ctx context.Context, name string) error {
	return r.do(ctx, func(c *sftp.Client) error { return c.MkdirAll(path.Join(r.path, name)) })
}

func (r *remote) close() error {
	r.drop()
	return nil
}

// A remoteFile gives each read and write the time of a step.
type remoteFile struct {
	*sftp.File
	r   *remote
	ctx context.Context
}

// Read reads within the time of a step.
func (f *remoteFile) Read(p []byte) (n int, err error) {
	stop := f.watch()
	defer stop()
	return f.File.Read(p)
}

// Write writes within the time of a step.
func (f *remoteFile) Write(p []byte) (n int, err error) {
	stop := f.watch()
	defer stop()
	return f.File.Write(p)
}

func (f *remoteFile) watch() (stop func()) {
	ctx, cancel := context.WithTimeout(f.ctx, f.r.timeout)
	end := context.AfterFunc(ctx, f.r.drop)
	return func() { end(); cancel() }
}
