package main

import (
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"miic/cmd/miic/shell"
)

const systemdFolder = "../../docs/systemd"

var execStart = regexp.MustCompile(`(?m)^ExecStart=(\S+) (.*)$`)

// unitFiles returns the unit files that come with the project, by name.
func unitFiles(t *testing.T) map[string]string {
	t.Helper()
	units := map[string]string{}
	for _, pattern := range []string{"*.service", "*.timer"} {
		paths, err := filepath.Glob(filepath.Join(systemdFolder, pattern))
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
	if len(units) < 5 {
		t.Fatalf("only %d unit files", len(units))
	}
	return units
}

// TestUnitsCallCommandsThatExist: what a unit file starts is a command of ours with flags that it has, or a script that
// comes with it.
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
		if script, ok := strings.CutPrefix(m[1], "/usr/lib/miic/"); ok {
			if info, err := os.Stat(filepath.Join(systemdFolder, script)); err != nil || info.Mode()&0o111 == 0 {
				t.Errorf("%s starts %s, which cannot be run: %v", name, script, err)
			}
			continue
		}
		if m[1] != "miic" {
			t.Errorf("%s starts %s", name, m[1])
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
	// What a night may do, as systemd grades it: 10 is everything, and the services of a distribution are often 9.
	for _, name := range []string{"miic-nightly.service", "miic-prune.service"} {
		out, err := exec.Command(analyze, "security", "--offline=true", "--threshold=20", "--no-pager",
			filepath.Join(dir, name)).CombinedOutput()
		if strings.Contains(string(out), "unrecognized option") {
			t.Skip("this systemd does not grade files")
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		t.Log(lines[len(lines)-1])
		if err != nil {
			t.Errorf("%s may do more than 2.0 of 10: %v\n%s", name, err, out)
		}
	}
}

// TestUnitsAreConfined: whatever handles records leaves no core file and reports its end, and the prune is allowed
// nothing that the night is not.
func TestUnitsAreConfined(t *testing.T) {
	units := unitFiles(t)
	confinement := func(name string) []string {
		var list []string
		for line := range strings.Lines(units[name]) {
			key, _, found := strings.Cut(strings.TrimSpace(line), "=")
			if found && !strings.HasPrefix(key, "#") && !slices.Contains([]string{"Description", "After", "ExecStart", "Environment", "Nice",
				"ReadWritePaths", "SuccessExitStatus"}, key) {
				list = append(list, strings.TrimSpace(line))
			}
		}
		slices.Sort(list)
		return list
	}
	night, prune := confinement("miic-nightly.service"), confinement("miic-prune.service")
	if !slices.Equal(night, prune) {
		t.Errorf("the night:\n%s\nthe prune:\n%s", strings.Join(night, "\n"), strings.Join(prune, "\n"))
	}
	for _, want := range []string{"LimitCORE=0", "User=miic", "UMask=0077", "NoNewPrivileges=yes",
		"ProtectSystem=strict", "OnFailure=miic-failed@%n.service"} {
		if !slices.Contains(night, want) {
			t.Errorf("the night's unit lacks %s", want)
		}
	}
}

// exitTable reads the codes of the table in operating.md.
func exitTable(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "\n## Exit codes\n")
	table, _, _ = strings.Cut(table, "\n## ")
	var codes []string
	for _, m := range regexp.MustCompile(`(?m)^\| (\d+) \|`).FindAllStringSubmatch(table, -1) {
		codes = append(codes, m[1])
	}
	if len(codes) < 10 {
		t.Fatalf("only the codes %v in docs/operating.md", codes)
	}
	return codes
}

// runWith runs a shell script with programs of our own in its way and returns what it wrote.
func runWith(t *testing.T, programs map[string]string, env []string, args ...string) (string, error) {
	t.Helper()
	bin := t.TempDir()
	for name, body := range programs {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("/bin/sh", args...)
	cmd.Env = append([]string{"PATH=" + bin + ":/usr/bin:/bin"}, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestFailureIsMailed: every code that asks for a person has words of its own in the mail, with what the unit wrote; a
// mail that cannot be handed over fails, and is in the journal.
func TestFailureIsMailed(t *testing.T) {
	programs := map[string]string{
		"journalctl": `echo "journal of $*"`,
		"sendmail":   `echo "handed over $*"; cat`,
		"systemctl":  `test "$*" = "show -p ExecMainStatus --value -- miic-nightly.service" && echo 4`,
	}
	script := filepath.Join(systemdFolder, "failed")
	mailed := func(code string) string {
		env := []string{"MAILTO=night@example.org"}
		if code != "" {
			env = append(env, "MONITOR_EXIT_STATUS="+code, "MONITOR_INVOCATION_ID=abc", "MONITOR_EXIT_CODE=exited")
		}
		out, err := runWith(t, programs, env, script, "miic-nightly.service")
		if err != nil {
			t.Fatalf("code %s: %v\n%s", code, err, out)
		}
		return out
	}
	subject := regexp.MustCompile(`(?m)^Subject: miic-nightly\.service on \S+: (.*) \(exit (\w+)\)$`)
	seen := map[string]string{}
	for _, code := range exitTable(t) {
		if code == "0" {
			continue
		}
		out := mailed(code)
		m := subject.FindStringSubmatch(out)
		if m == nil || m[2] != code || seen[m[1]] != "" || strings.Contains(m[1], "ended by") {
			t.Errorf("code %s: no subject of its own:\n%s", code, out)
			continue
		}
		seen[m[1]] = code
		for _, want := range []string{"handed over -t -oi\n", "To: night@example.org\n", "What to do: ",
			"journal of -q --no-pager -o short-iso -n 40 _SYSTEMD_INVOCATION_ID=abc", "<3>miic-nightly.service on "} {
			if !strings.Contains(out, want) {
				t.Errorf("code %s: no %q in\n%s", code, want, out)
			}
		}
	}
	if out := mailed("KILL"); !strings.Contains(out, "ended by exited KILL") {
		t.Errorf("a kill is not named:\n%s", out)
	}
	// A systemd that does not say how the unit ended is asked.
	if out := mailed(""); !strings.Contains(out, "(exit 4)") || !strings.Contains(out, "-u miic-nightly.service") {
		t.Errorf("the code was not asked for:\n%s", out)
	}
	programs["sendmail"] = "exit 75"
	out, err := runWith(t, programs, []string{"MONITOR_EXIT_STATUS=1"}, script, "miic-nightly.service")
	if err == nil || !strings.Contains(out, "<3>the mail to root could not be handed over") {
		t.Errorf("a mail that is lost: %v\n%s", err, out)
	}
}

// TestCronMailsWhatAsksForAPerson runs the lines of the cron file as cron would, with a program of our own.
func TestCronMailsWhatAsksForAPerson(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(systemdFolder, "miic.cron"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	lines := map[string]string{} // by the command's first words
	for _, m := range regexp.MustCompile(`(?m)^[\d* ]+ miic (umask .*&& miic (nightly|lake prune) .*)$`).
		FindAllStringSubmatch(string(text), -1) {
		lines[m[2]] = strings.ReplaceAll(m[1], "/var/lib/miic", dir)
	}
	if got := slices.Sorted(maps.Keys(lines)); !slices.Equal(got, []string{"lake prune", "nightly"}) {
		t.Fatalf("the cron file has %v", got)
	}
	for _, c := range []struct {
		command, code string
		mail          bool
	}{
		{"nightly", "0", false}, {"nightly", "3", true}, {"nightly", "4", true}, {"nightly", "14", true},
		{"nightly", "1", true}, {"lake prune", "0", false}, {"lake prune", "11", false}, {"lake prune", "12", true},
	} {
		out, err := runWith(t, map[string]string{"miic": `echo "limit $(ulimit -c)"; exit ` + c.code}, nil, "-c",
			lines[c.command])
		want := ""
		if c.mail {
			want = "miic " + c.command + " ended with " + c.code + "\nlimit 0\n"
		}
		if out != want || err != nil {
			t.Errorf("miic %s, code %s: %v, mailed %q, want %q", c.command, c.code, err, out, want)
		}
	}
}
