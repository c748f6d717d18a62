package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"miic/cmd/miic/shell"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// The manual pages are made by a test, so that what makes them is not part of the program.
var manual = flag.String("man", "", "folder to write the manual pages into")

const exitHeading = "\n\nExit codes:\n"

var exitLine = regexp.MustCompile(`(?m)^ +(\d+)  (.+)$`)

// forManual gives a command's help the form that a manual page needs: its exit codes get a section of their own.
func forManual(cmd *cobra.Command) {
	text, codes, _ := strings.Cut(cmd.Long, exitHeading)
	cmd.Long = text + "\n\n# EXIT STATUS\n" + exitLine.ReplaceAllString(codes, "\n**$1** $2\n")
	cmd.DisableAutoGenTag = true
	for _, sub := range cmd.Commands() {
		forManual(sub)
	}
}

// allCommands lists a command and those below it.
func allCommands(cmd *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		list = append(list, allCommands(sub)...)
	}
	return list
}

// TestManPages: every command has a page with an example and with every exit code that its help names.
func TestManPages(t *testing.T) {
	dir := *manual
	if dir == "" {
		dir = t.TempDir()
	}
	codes := map[string][]string{} // by command
	examples := map[string]bool{}
	root := newRoot(&shell.App{Stdout: io.Discard, Stderr: io.Discard})
	for _, cmd := range allCommands(root) {
		_, list, _ := strings.Cut(cmd.Long, exitHeading)
		for _, m := range exitLine.FindAllStringSubmatch(list, -1) {
			codes[cmd.CommandPath()] = append(codes[cmd.CommandPath()], m[1])
		}
		if len(codes[cmd.CommandPath()]) < 2 {
			t.Errorf("the help of %q does not name its exit codes", cmd.CommandPath())
		}
		examples[cmd.CommandPath()] = cmd.Example != ""
		if !cmd.HasSubCommands() && cmd.Example == "" {
			t.Errorf("the help of %q has no example", cmd.CommandPath())
		}
	}
	if len(codes) < 30 {
		t.Fatalf("only %d commands", len(codes))
	}
	forManual(root)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "miic", Manual: "miic"}, dir); err != nil {
		t.Fatal(err)
	}
	for command, want := range codes {
		name := strings.ReplaceAll(command, " ", "-") + ".1"
		page, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%s has no page: %v", command, err)
			continue
		}
		_, status, found := strings.Cut(string(page), "\n.SH EXIT STATUS\n")
		for _, code := range want {
			if !found || !strings.Contains(status, fmt.Sprintf("\\fB%s\\fP ", code)) {
				t.Errorf("%s does not name exit code %s", name, code)
			}
		}
		if examples[command] && !strings.Contains(string(page), "\n.SH EXAMPLE\n") {
			t.Errorf("%s has no example", name)
		}
	}
}
