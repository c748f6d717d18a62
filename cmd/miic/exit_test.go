package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"miic/cmd/miic/shell"
)

var updateDocs = flag.Bool("docs", false, "write the documents that are made from the code")

// exitRows are the codes of exit codes as docs/operating.md has it.
func exitRows() string {
	var b strings.Builder
	for _, c := range shell.Codes {
		do := strings.ReplaceAll(c.Do, "%s", "RUN")
		do = regexp.MustCompile("'(miic [^']*)'").ReplaceAllString(do, "`$1`")
		if do == "" {
			do = "Read the run page. Refused *lines* alone are a normal night."
		}
		fmt.Fprintf(&b, "| %d | %s | %s |\n", c.Code, c.Meaning, do)
	}
	return b.String()
}

// TestExitCodesAreDocumented: the document has the program's list.
func TestExitCodesAreDocumented(t *testing.T) {
	const path = "../../docs/operating.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), "| exit | meaning | what to do |\n|---|---|---|\n")
	if !found {
		t.Fatal("there is no table of exit codes")
	}
	table, after, _ := strings.Cut(rest, "\n\n")
	want := strings.TrimRight(exitRows(), "\n")
	if *updateDocs {
		text := before + "| exit | meaning | what to do |\n|---|---|---|\n" + want + "\n\n" + after
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if table != want {
		t.Errorf("the table differs from the program's: make docs\n%s", want)
	}
}

// nightlyElsewhere are the tests that show the codes of a night that a script cannot bring about.
var nightlyElsewhere = map[int]string{
	shell.ExitNoSpace:     "TestFullDisk",        // ./internal/pipeline
	shell.ExitNeedsPerson: "TestFolderOfAnother", // ./internal/pipeline
}

// TestEveryExitCodeOfANightHasAStory: somebody ran a night that ended with it, and looked at what the table promises.
func TestEveryExitCodeOfANightHasAStory(t *testing.T) {
	text, err := os.ReadFile("testdata/stories/exit_codes.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range shell.Codes {
		if _, ok := nightlyElsewhere[c.Code]; ok {
			continue
		}
		if !strings.Contains(string(text), fmt.Sprintf("\nexits %d ", c.Code)) {
			t.Errorf("no night of the story ends with %d: %s", c.Code, c.Meaning)
		}
	}
}
