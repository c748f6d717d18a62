package main

import (
	"errors"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"miic/cmd/miic/models"
	"miic/internal/testdata"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain also lets the test binary be the command of a story.
func TestMain(m *testing.M) {
	testscript.Main(withStates{m}, map[string]func(){"miic": func() {
		testdata.OneThread()
		main()
	}})
}

// withStates runs the tests with a folder for the states that several of them use.
type withStates struct{ *testing.M }

func (m withStates) Run() int {
	testdata.OneWorker()
	var err error
	if states, err = os.MkdirTemp("", "miic-states-"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(states)
	return m.M.Run()
}

// states is the folder of the states whose first night has been run.
var states string

// TestStories runs the scripts in testdata/stories: what a user does, what he sees, and the exit code.
func TestStories(t *testing.T) {
	t.Parallel()
	packaging, err := filepath.Abs("../../packaging")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/stories",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PACKAGING", packaging)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond != "mounts" {
				return false, fmt.Errorf("unknown condition %s", cond)
			}
			return exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt").Run() == nil, nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":   exitsCommand,
			"state":   stateCommand,
			"deliver": deliverCommand,
			"lock":    lockCommand,
			"flip":    flipCommand,
			"follow":  followCommand,
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

// stateCommand: state [NIGHTS] makes a small synthetic state in the folder state. state loaded makes one of three nights
// whose first has been run, by the first story that asks.
func stateCommand(ts *testscript.TestScript, neg bool, args []string) {
	nights := "1"
	if len(args) > 0 {
		nights = args[0]
	}
	if nights != "loaded" {
		ts.Check(ts.Exec("miic", "synth", "--clients", "250", "--seed", "7", "--nights", nights, "--out", "state"))
		return
	}
	loadedLock.Lock()
	defer loadedLock.Unlock()
	kept := filepath.Join(states, "story")
	if _, err := os.Stat(kept); err != nil {
		stateCommand(ts, neg, []string{"3"})
		deliverCommand(ts, neg, []string{"2026-03-02"})
		ts.Check(ts.Exec("miic", "--config", "state/miic.yaml", "nightly", "--as-of", "2026-03-02", "-q"))
		ts.Check(exec.Command("cp", "-a", ts.MkAbs("state"), kept).Run())
		return
	}
	ts.Check(exec.Command("cp", "-a", kept, ts.MkAbs("state")).Run())
}

var loadedLock sync.Mutex // one story makes the state

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

var commandOnPage = regexp.MustCompile(`<code>(miic [^<]*)</code>`)

// followCommand: follow CODE WORDS does what the page of the newest attempt, or the night's own page behind it, lists to be
// done: the first command there that holds WORDS, with a reason. The page is all that it goes by.
func followCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: follow CODE WORDS")
	}
	page := ts.ReadFile("state/out/tonight.html")
	if m := pageLink.FindStringSubmatch(page); m != nil {
		page += ts.ReadFile("state/out/" + m[1])
	}
	for _, m := range commandOnPage.FindAllStringSubmatch(page, -1) {
		command := html.UnescapeString(m[1])
		if !strings.Contains(command, args[1]) {
			continue
		}
		words := strings.Fields(strings.ReplaceAll(command, `"…"`, "as-the-page-asks"))
		if !slices.Contains(words, "--config") { // on the machine of a site it is where the program is run
			words = append(words, "--config", "state/miic.yaml")
		}
		if slices.Contains(words, "nightly") {
			words = append(words, "--as-of", ts.Getenv("NIGHT"))
		}
		exitsCommand(ts, false, append([]string{args[0]}, words...))
		return
	}
	ts.Fatalf("the page lists no command with %q", args[1])
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
