// Package deploy tests the files with which leakwatch is deployed. No
// container engine is needed: the compose file is loaded strictly and
// compared with what `leakwatch init` writes, and the build line of the
// Dockerfile is run as it stands.
package deploy

import (
	"context"
	"debug/elf"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/indexer"
)

// project lays compose file and what init writes into one folder and loads it.
func project(t *testing.T) (*types.Project, string) {
	t.Helper()
	dir := t.TempDir()
	if _, err := app.Init(filepath.Join(dir, "leakwatch.yaml"), true); err != nil {
		t.Fatal(err)
	}
	compose, err := os.ReadFile("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "docker-compose.yml")
	if err := os.WriteFile(file, compose, 0o600); err != nil {
		t.Fatal(err)
	}
	options, err := cli.NewProjectOptions([]string{file}, cli.WithWorkingDirectory(dir), cli.WithEnvFiles(), cli.WithDotEnv)
	if err != nil {
		t.Fatal(err)
	}
	p, err := options.LoadProject(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return p, dir
}

func TestComposeIsReachableFromThisMachineOnlyAndChecksItsHealth(t *testing.T) {
	p, _ := project(t)
	for _, name := range []string{"elasticsearch", "kibana", "leakwatch"} {
		s, ok := p.Services[name]
		if !ok {
			t.Errorf("no service %s", name)
			continue
		}
		if s.HealthCheck == nil || len(s.HealthCheck.Test) < 2 {
			t.Errorf("%s has no health check", name)
		}
		if len(s.Ports) == 0 {
			t.Errorf("%s has no port", name)
		}
		for _, port := range s.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s publishes %s on %q", name, port.Published, port.HostIP)
			}
		}
	}
	es := p.Services["elasticsearch"]
	if v := es.Environment["xpack.security.enabled"]; v == nil || *v != "true" {
		t.Error("Elasticsearch runs without security")
	}
}

func TestComposeSecretsAreTheFilesThatInitWrites(t *testing.T) {
	p, dir := project(t)
	for name, secret := range p.Secrets {
		info, err := os.Stat(secret.File)
		if err != nil {
			t.Errorf("secret %s: %v", name, err)
			continue
		}
		if info.Size() == 0 || info.Mode().Perm()&0o077 != 0 || !strings.HasPrefix(secret.File, dir) {
			t.Errorf("secret %s: %d bytes, mode %s, at %s", name, info.Size(), info.Mode(), secret.File)
		}
	}
	for name, s := range p.Services {
		for key, v := range s.Environment {
			if v != nil && regexp.MustCompile(`(?i)password$`).MatchString(key) && *v != "" {
				t.Errorf("%s has a password in its environment: %s", name, key)
			}
		}
	}
}

// TestContainersRunAsTheOwnerOfTheirSecrets: a secret file reaches a container
// with the owner and the mode that it has outside.
func TestContainersRunAsTheOwnerOfTheirSecrets(t *testing.T) {
	p, dir := project(t)
	readable := func(service types.ServiceConfig, file string) {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		owner := info.Sys().(*syscall.Stat_t).Uid
		if want := fmt.Sprintf("%d:0", owner); service.User != want || owner == 0 {
			t.Errorf("%s runs as %q, %s belongs to %d", service.Name, service.User, filepath.Base(file), owner)
		}
	}
	for _, s := range p.Services {
		if len(s.Secrets) == 0 {
			t.Errorf("%s has no secret", s.Name)
		}
		for _, secret := range s.Secrets {
			readable(s, p.Secrets[secret.Source].File)
		}
	}
	readable(p.Services["leakwatch"], filepath.Join(dir, "leakwatch.yaml"))
	text, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^COPY --from=build --chown=65532:0 --chmod=0770 /data /data$`).Match(text) {
		t.Error("users of group 0 cannot write to the volume")
	}
}

// TestRolesReachWhatIsTheirsOnly reads the roles of the set-up script: the
// archive and the state have a user each, and people who read the archive in
// Kibana do not reach the state.
func TestRolesReachWhatIsTheirsOnly(t *testing.T) {
	script, err := os.ReadFile("setup-elasticsearch.sh")
	if err != nil {
		t.Fatal(err)
	}
	reach := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?s)/_security/role/(\w+) '(\{.*?\})'`).FindAllSubmatch(script, -1) {
		var role struct {
			Indices []struct{ Names, Privileges []string }
		}
		if err := json.Unmarshal(m[2], &role); err != nil {
			t.Fatalf("role %s: %v", m[1], err)
		}
		indices := []string{"leakwatch-state-entries"}
		for _, c := range indexer.Collections() {
			indices = append(indices, "leakwatch-"+string(c))
		}
		for _, index := range indices {
			for _, name := range role.Indices[0].Names {
				if ok, err := path.Match(name, index); err == nil && ok {
					reach[string(m[1])] = append(reach[string(m[1])], strings.TrimPrefix(index, "leakwatch-"))
				}
			}
		}
	}
	archive := []string{"listings", "revisions", "alerts", "cases"}
	want := map[string][]string{"leakwatch_archive": archive, "leakwatch_reader": archive, "leakwatch_state": {"state-entries"}}
	if !reflect.DeepEqual(reach, want) {
		t.Errorf("the roles reach %v, want %v", reach, want)
	}
}

// TestComposeSettingsPassOurConfig maps the paths of the container back to
// the files and loads the config strictly.
func TestComposeSettingsPassOurConfig(t *testing.T) {
	p, dir := project(t)
	s := p.Services["leakwatch"]
	i := slices.IndexFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool { return v.Target == "/etc/leakwatch/leakwatch.yaml" })
	if i < 0 || s.Volumes[i].Source != filepath.Join(dir, "leakwatch.yaml") || !s.Volumes[i].ReadOnly {
		t.Fatalf("the config is not mounted: %+v", s.Volumes)
	}
	cfg, err := app.LoadConfig(s.Volumes[i].Source)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Index.Engine != "elasticsearch" || cfg.Index.Elasticsearch.Addresses[0] != "http://elasticsearch:9200" {
		t.Errorf("index: %+v", cfg.Index)
	}
	if cfg.Index.Elasticsearch.Password.Reveal() == "" || cfg.Index.Elasticsearch.Password == cfg.Index.Elasticsearch.StatePassword {
		t.Error("archive and state share a password, or have none")
	}
	// Every secret file that the config names is mounted where it looks.
	for _, secret := range s.Secrets {
		if file := p.Secrets[secret.Source].File; strings.TrimPrefix(secret.Target, "/etc/leakwatch") != strings.TrimPrefix(file, dir) {
			t.Errorf("secret %s is mounted at %s, the config looks for %s", secret.Source, secret.Target, strings.TrimPrefix(file, dir))
		}
	}
}

func TestDockerfileBuildsAStaticBinaryForANumericUser(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the binary")
	}
	text, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^RUN (CGO_ENABLED=0 go build .*)$`).FindStringSubmatch(string(text))
	if line == nil {
		t.Fatal("no build line")
	}
	out := filepath.Join(t.TempDir(), "leakwatch")
	build := exec.Command("sh", "-c", strings.Replace(line[1], "-o /leakwatch", "-o "+out, 1))
	build.Dir = ".."
	if msg, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line[1], err, msg)
	}
	binary, err := elf.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer binary.Close()
	if libraries, err := binary.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("the binary needs %v (%v)", libraries, err)
	}
	for _, p := range binary.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the binary needs a dynamic loader")
		}
	}
	if !regexp.MustCompile(`(?m)^USER [0-9]+:[0-9]+$`).Match(text) {
		t.Error("the image does not run as a numeric user")
	}
	if version, err := exec.Command(out, "version").Output(); err != nil || !strings.HasPrefix(string(version), "leakwatch ") {
		t.Errorf("version: %q, %v", version, err)
	}
}
