package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.yaml.in/yaml/v3"
)

const planted = "planted-9f3"

func TestSecretIsNeverPrinted(t *testing.T) {
	s := Secret(planted)
	type holder struct {
		S    Secret
		P    *Secret
		List []Secret
		Map  map[string]Secret // as the key of a map JSON shows a string type as it is
	}
	h := holder{s, &s, []Secret{s}, map[string]Secret{"k": s}}
	var seen []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10v", "%!"} {
		seen = append(seen, fmt.Sprintf(verb, s), fmt.Sprintf(verb, h), fmt.Sprintf(verb, &h), fmt.Sprintf(verb, []any{s}))
	}
	j, _ := json.Marshal(h)
	y, _ := yaml.Marshal(h)
	seen = append(seen, string(j), string(y), zapped(zap.Any("a", s), zap.Any("b", h), zap.Reflect("c", s), zap.Stringer("d", s),
		zap.Error(fmt.Errorf("x: %v", s))))
	for _, text := range seen {
		if strings.Contains(text, planted) || strings.Contains(text, fmt.Sprintf("%x", planted)) || strings.Contains(text, fmt.Sprintf("%X", planted)) {
			t.Errorf("told in %s", text)
		}
	}
	if got := fmt.Sprint(s, " ", Secret("")); got != "<secret> " {
		t.Errorf("prints as %q", got)
	}
}

func zapped(fields ...zap.Field) string {
	var out bytes.Buffer
	enc := zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig())
	zap.New(zapcore.NewCore(enc, zapcore.AddSync(&out), zap.DebugLevel)).Info("x", fields...)
	return out.String()
}

func TestConfigNeverTellsSecrets(t *testing.T) {
	c := mustLoad(t, `
callers:
  - {name: a, basic: {user: a, password: planted-9f3}, wsse: {user: a, password: planted-9f3}, oauth1: {key: a, secret: planted-9f3}}
targets:
  - {name: t, adapter: lissoap, url: "http://x/", basic: {user: a, password: planted-9f3}}
`, nil)
	j, err := json.Marshal(c)
	y, _ := yaml.Marshal(c)
	all := c.String() + string(j) + string(y) + fmt.Sprintf("%v %+v %#v %v", *c, c, *c, c.Callers) +
		zapped(zap.Any("c", c), zap.Any("d", *c), zap.Stringer("s", c)) + strings.Join(c.Warnings, "\n")
	if strings.Contains(all, planted) || err != nil {
		t.Errorf("told in %s, %v", all, err)
	}
	if !strings.Contains(string(j), `"password":"\u003csecret\u003e"`) || !strings.Contains(string(y), "password: <secret>") {
		t.Errorf("got %s\n%s", j, y)
	}
	if s, err := c.Callers[0].Basic.Password.Reveal(); s != planted || err != nil {
		t.Errorf("revealed %q, %v", s, err)
	}
}

func TestReveal(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "secret")
	os.WriteFile(file, []byte(" p w \r\n"), 0o600)
	os.WriteFile(filepath.Join(dir, "empty"), []byte("\n"), 0o600)
	t.Setenv("CONFIG_TEST_SECRET", "from env")
	for s, want := range map[Secret]string{
		"plain": "plain", "env:CONFIG_TEST_SECRET": "from env", Secret("file:" + file): " p w ", "": "",
	} {
		if got, err := s.Reveal(); got != want || err != nil {
			t.Errorf("%q: got %q, %v", string(s), got, err)
		}
	}
	pipe := filepath.Join(dir, "pipe") // opening it would wait for ever
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for _, s := range []Secret{Secret("file:" + pipe), "env:CONFIG_TEST_NOT", "env:planted 9f3", "env:", "file:", "file:/nowhere", "file:/dev/zero",
		Secret("file:" + dir), Secret("file:" + filepath.Join(dir, "empty"))} {
		if got, err := s.Reveal(); got != "" || err == nil || strings.Contains(err.Error(), "planted") {
			t.Errorf("%q: got %q, %v", string(s), got, err)
		}
	}
}
