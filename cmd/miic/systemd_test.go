package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"miic/cmd/miic/shell"
)

var execStart = regexp.MustCompile(`(?m)^ExecStart=(\S+) (.*)$`)

// unitFiles returns the unit files that come with the project, by name.
func unitFiles(t *testing.T) map[string]string {
	t.Helper()
	units := map[string]string{}
	for _, pattern := range []string{"*.service", "*.timer"} {
		paths, err := filepath.Glob(filepath.Join("../../docs/systemd", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			units[filepath.Base(path)] = string(text)
		}
	}
	if len(units) < 4 {
		t.Fatalf("only %d unit files", len(units))
	}
	return units
}

// TestUnitsCallCommandsThatExist: what a unit file starts is a command of ours with flags that it has.
func TestUnitsCallCommandsThatExist(t *testing.T) {
	for name, text := range unitFiles(t) {
		m := execStart.FindStringSubmatch(text)
		if timer, ok := strings.CutSuffix(name, ".timer"); ok {
			if _, ok := unitFiles(t)[timer+".service"]; !ok || m != nil {
				t.Errorf("%s has no service of its name", name)
			}
			continue
		}
		if m == nil {
			t.Errorf("%s starts nothing", name)
			continue
		}
		cmd, args, err := newRoot(&shell.App{Stdout: io.Discard, Stderr: io.Discard}).Find(strings.Fields(m[2]))
		if err == nil {
			err = cmd.ParseFlags(args)
		}
		if err == nil {
			err = cmd.ValidateArgs(cmd.Flags().Args())
		}
		if err != nil || cmd.HasSubCommands() {
			t.Errorf("%s starts miic %s: %v", name, m[2], err)
		}
	}
}

// TestUnitsAreSound asks systemd itself.
func TestUnitsAreSound(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not here")
	}
	dir := t.TempDir()
	args := []string{"verify", "--man=no"}
	for name, text := range unitFiles(t) {
		path := filepath.Join(dir, name)
		text = execStart.ReplaceAllString(text, "ExecStart=/bin/true $2") // the program need not be installed
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	// An unknown key is only a warning there, and would be ignored in operation.
	if out, err := exec.Command(analyze, args...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
