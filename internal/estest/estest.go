// Package estest runs a real Elasticsearch for tests: the core server as its
// vendor publishes it for integration tests, from Maven, on loopback, with
// security on. It is fetched once into the user's cache, started once per test
// process, shared, and ends with it.
//
// LEAKWATCH_TEST_ELASTICSEARCH names one that already runs (its URL), or is
// "require" to make a missing Java or Maven a failure instead of a skip.
package estest

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/leak"
)

const (
	version  = "8.19.7"
	password = "leakwatch-test"
)

// shared is the one server of this process.
type shared struct {
	once    sync.Once
	address string
	err     error
}

var server shared // of the whole test process: starting takes half a minute

// errMissing says what a bare machine lacks.
var errMissing = errors.New("needs Java 17 and Maven (Debian: openjdk-17-jre-headless maven)")

// Config returns how to reach the server, with an index prefix of its own for
// the test. Without Java and Maven it skips the test.
func Config(t testing.TB) config.Elasticsearch {
	t.Helper()
	c := config.Elasticsearch{Prefix: "lw-" + leak.Fingerprint(t.Name(), strconv.FormatInt(time.Now().UnixNano(), 10))[:10] + "-"}
	mode := os.Getenv("LEAKWATCH_TEST_ELASTICSEARCH")
	if strings.HasPrefix(mode, "http") {
		u, err := url.Parse(mode)
		if err != nil {
			t.Fatalf("LEAKWATCH_TEST_ELASTICSEARCH: %v", err)
		}
		if u.User != nil {
			c.Username = u.User.Username()
			p, _ := u.User.Password()
			c.Password = config.NewSecret(p)
			u.User = nil
		}
		c.Addresses = []string{u.String()}
		return c
	}
	server.once.Do(func() { server.address, server.err = start() })
	switch {
	case errors.Is(server.err, errMissing) && mode != "require":
		t.Skipf("Elasticsearch %v", server.err)
	case server.err != nil:
		t.Fatalf("start Elasticsearch: %v", server.err)
	}
	c.Addresses, c.Username, c.Password = []string{server.address}, "elastic", config.NewSecret(password)
	return c
}

func start() (string, error) {
	if _, err := exec.LookPath("java"); err != nil {
		return "", errMissing
	}
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	home, err := install(cache)
	if err != nil {
		return "", err
	}
	removeLeft(cache)
	// A folder of its own: processes of several test packages run at once.
	run := filepath.Join(cache, runPrefix+strconv.Itoa(os.Getpid()))
	if err := os.RemoveAll(run); err != nil {
		return "", err
	}
	if err := os.CopyFS(filepath.Join(run, "config"), os.DirFS(filepath.Join(home, "config"))); err != nil {
		return "", err
	}
	return launch(home, run)
}

// runPrefix and a process id name the folder of one run.
const runPrefix = "run-"

// removeLeft removes the folders of processes that are no more.
func removeLeft(cache string) {
	left, _ := filepath.Glob(filepath.Join(cache, runPrefix+"*"))
	for _, dir := range left {
		pid, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(dir), runPrefix))
		if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir) // another process may be at it too
		}
	}
}

// cacheDir is where the server is kept between runs. The server runs as
// nobody where this process is root, so it cannot be below root's home.
func cacheDir() (string, error) {
	dir := os.Getenv("LEAKWATCH_TEST_CACHE")
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil || os.Getuid() == 0 {
			base = os.TempDir()
		}
		dir = filepath.Join(base, "leakwatch-test")
	}
	return dir, os.MkdirAll(dir, 0o755)
}

// install fetches and unpacks the server unless that was done before.
func install(cache string) (string, error) {
	home := filepath.Join(cache, "elasticsearch-"+version)
	if _, err := os.Stat(home); err == nil {
		return home, nil
	}
	if _, err := exec.LookPath("mvn"); err != nil {
		return "", errMissing
	}
	tmp, err := os.MkdirTemp(cache, "download-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp)
	cmd := exec.Command("mvn", "-q", "dependency:copy", "-Dartifact=org.elasticsearch.distribution.integ-test-zip:elasticsearch:"+version+":zip", "-DoutputDirectory="+tmp)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("fetch Elasticsearch: %w: %s", err, out)
	}
	if err := unzip(filepath.Join(tmp, "elasticsearch-"+version+".zip"), tmp); err != nil {
		return "", fmt.Errorf("unpack Elasticsearch: %w", err)
	}
	if err := os.Chmod(tmp, 0o755); err != nil {
		return "", err
	}
	err = os.Rename(filepath.Join(tmp, "elasticsearch-"+version), home)
	if _, serr := os.Stat(home); serr == nil {
		return home, nil // this process or another was first
	}
	return "", err
}

func unzip(archive, dir string) error {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer z.Close()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			if err := root.MkdirAll(strings.TrimSuffix(f.Name, "/"), 0o755); err != nil {
				return err
			}
			continue
		}
		if err := root.MkdirAll(filepath.Dir(f.Name), 0o755); err != nil {
			return err
		}
		if err := extract(root, f); err != nil {
			return err
		}
	}
	return nil
}

func extract(root *os.Root, f *zip.File) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := root.OpenFile(f.Name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, f.Mode().Perm()|0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// launch starts the server and waits until it answers.
func launch(home, run string) (string, error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	settings := fmt.Sprintf("discovery.type: single-node\nnetwork.host: 127.0.0.1\nhttp.port: %d\ntransport.port: 0\nxpack.security.enabled: true\ncluster.routing.allocation.disk.threshold_enabled: false\npath.data: %s\npath.logs: %s\n", port, filepath.Join(run, "data"), filepath.Join(run, "logs"))
	if err := os.WriteFile(filepath.Join(run, "config", "elasticsearch.yml"), []byte(settings), 0o644); err != nil {
		return "", err
	}
	attr, err := unprivileged(run)
	if err != nil {
		return "", err
	}
	keystore := exec.Command(filepath.Join(home, "bin", "elasticsearch-keystore"), "create")
	if out, err := prepared(keystore, attr, run).CombinedOutput(); err != nil {
		return "", fmt.Errorf("make keystore: %w: %s", err, out)
	}
	add := exec.Command(filepath.Join(home, "bin", "elasticsearch-keystore"), "add", "-x", "bootstrap.password")
	add.Stdin = strings.NewReader(password)
	if out, err := prepared(add, attr, run).CombinedOutput(); err != nil {
		return "", fmt.Errorf("set password: %w: %s", err, out)
	}
	cmd := prepared(exec.Command(filepath.Join(home, "bin", "elasticsearch")), attr, run)
	log, err := os.Create(filepath.Join(run, "log"))
	if err != nil {
		return "", err
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	address := fmt.Sprintf("http://127.0.0.1:%d", port)
	if err := awaitReady(address, ended); err != nil {
		text, _ := os.ReadFile(log.Name())
		return "", fmt.Errorf("%w; its log ends: %s", err, text[max(0, len(text)-2000):])
	}
	return address, nil
}

// prepared makes the process end with this one, also if this one is killed.
func prepared(cmd *exec.Cmd, attr *syscall.SysProcAttr, run string) *exec.Cmd {
	cmd.SysProcAttr = attr
	cmd.Dir = run
	cmd.Env = append(os.Environ(), "HOME="+run, "ES_PATH_CONF="+filepath.Join(run, "config"), "ES_JAVA_OPTS=-Xms512m -Xmx512m")
	if os.Getenv("ES_JAVA_HOME") == "" {
		if java, err := exec.LookPath("java"); err == nil {
			if real, err := filepath.EvalSymlinks(java); err == nil {
				cmd.Env = append(cmd.Env, "ES_JAVA_HOME="+filepath.Dir(filepath.Dir(real)))
			}
		}
	}
	return cmd
}

// unprivileged lets the server run as nobody where this process is root: it
// refuses to run as root.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, gid)
	})
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// awaitReady asks until the cluster answers.
func awaitReady(address string, ended <-chan error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/_cluster/health", nil)
		if err != nil {
			return err
		}
		req.SetBasicAuth("elastic", password)
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-tick.C:
		case err := <-ended:
			return fmt.Errorf("the server ended: %w", err)
		case <-ctx.Done():
			return errors.New("the server did not answer in 3 minutes")
		}
	}
}
