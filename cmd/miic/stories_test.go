package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"miic/cmd/miic/models"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"miic": main})
}

// TestStories runs the scripts in testdata/stories: what a user does, what he sees, and the exit code.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/stories",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":   exitsCommand,
			"state":   stateCommand,
			"deliver": deliverCommand,
			"lock":    lockCommand,
			"flip":    flipCommand,
		},
	})
}

// exitsCommand: exits CODE COMMAND ARGS... runs a command and demands the exact code.
func exitsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS...")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// stateCommand: state [NIGHTS] makes a small synthetic state in the folder state.
func stateCommand(ts *testscript.TestScript, neg bool, args []string) {
	nights := "1"
	if len(args) == 1 {
		nights = args[0]
	}
	ts.Check(ts.Exec("miic", "synth", "--clients", "250", "--seed", "7", "--nights", nights, "--out", "state"))
}

// deliverCommand: deliver DATE moves a night's files into the inbox.
func deliverCommand(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(models.Deliver(ts.MkAbs("state/nights/"+args[0]), ts.MkAbs("state/inbox")))
}

// lockCommand: lock FILE holds the file's lock until the script ends.
func lockCommand(ts *testscript.TestScript, neg bool, args []string) {
	lock := flock.New(ts.MkAbs(args[0]))
	got, err := lock.TryLock()
	ts.Check(err)
	if !got {
		ts.Fatalf("%s is locked already", args[0])
	}
	ts.Defer(func() { lock.Unlock() })
}

// flipCommand: flip GLOB inverts one byte in the middle of the first file that fits.
func flipCommand(ts *testscript.TestScript, neg bool, args []string) {
	files, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(files) == 0 {
		ts.Fatalf("no file fits %s", args[0])
	}
	data, err := os.ReadFile(files[0])
	ts.Check(err)
	data[len(data)/2] ^= 0xff
	ts.Check(os.Chmod(files[0], 0o600))
	ts.Check(os.WriteFile(files[0], data, 0o600))
}
