package main

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	pageTitle = regexp.MustCompile(`(?s)<h1[^>]*>(.*?)</h1>`)
	pageError = regexp.MustCompile(`(?s)<p class="error">(.*?)</p>`)
	pageLink  = regexp.MustCompile(`<a href="([^"]*run\.html)">The page of this night`)
	pageTodo  = regexp.MustCompile(`(?s)<ol class="todo">(.*?)</ol>`)
	pageItem  = regexp.MustCompile(`(?s)<li>(.*?)</li>`)
	anyTag    = regexp.MustCompile(`(?s)<[^>]*>`)
	spaces    = regexp.MustCompile(`\s+`)
	batchID   = regexp.MustCompile(`\b[0-9a-f]{16}\b`)
)

func plainText(s string) string {
	s = strings.ReplaceAll(s, "<code>", " `")
	s = strings.ReplaceAll(s, "</code>", "`")
	return strings.TrimSpace(spaces.ReplaceAllString(html.UnescapeString(anyTag.ReplaceAllString(s, "")), " "))
}

// page is what a person reads in the morning: the first line of the page of the attempt, what went wrong, and what the
// night's own page lists to do.
func (f *faultCase) page() string {
	f.t.Helper()
	text, err := os.ReadFile(filepath.Join(f.work, "out", "tonight.html"))
	if os.IsNotExist(err) {
		return "no page\n"
	}
	f.check(err)
	m := pageTitle.FindSubmatch(text)
	if m == nil {
		f.t.Fatal("the page has no first line")
	}
	lines := []string{plainText(string(m[1]))}
	if m := pageError.FindSubmatch(text); m != nil {
		lines = append(lines, "wrong: "+strings.ReplaceAll(plainText(string(m[1])), f.work, "…"))
	}
	if m := pageLink.FindSubmatch(text); m != nil {
		night, err := os.ReadFile(filepath.Join(f.work, "out", string(m[1])))
		f.check(err)
		lines = append(lines, plainText(string(pageTitle.FindSubmatch(night)[1])))
		if list := pageTodo.FindSubmatch(night); list != nil {
			for _, item := range pageItem.FindAllSubmatch(list[1], -1) {
				lines = append(lines, "do: "+batchID.ReplaceAllString(plainText(string(item[1])), "BATCH"))
			}
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// A faultRow is a line of docs/faults.md.
type faultRow struct{ name, fault, others, exit, page string }

// worst orders exit codes: the night that shows a fault is the one with the gravest.
var worst = []string{"0", "3", "14", "4", "2", "11", "13", "12", "1", "130", "137"}

// readFault reads what a folder says of itself, and what its test wants of the night that shows it.
func readFault(t *testing.T, dir string) faultRow {
	t.Helper()
	about, err := os.ReadFile(filepath.Join(dir, "about.txt"))
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(about)), "\n") {
		key, value, _ := strings.Cut(line, ": ")
		values[key] = value
	}
	row := faultRow{filepath.Base(dir), values["fault"], values["others"], values["exit"], values["page"]}
	if row.fault == "" || row.others == "" {
		t.Errorf("%s/about.txt: want the lines fault: and others:", row.name)
	}
	pages, err := os.ReadFile(filepath.Join(dir, "want", "page.txt"))
	if err != nil {
		return row // other tests show it
	}
	if row.exit != "" {
		t.Errorf("%s/about.txt: the exit code is in want/", row.name)
	}
	gravest := -1
	for _, night := range strings.Split("\n"+string(pages), "\n== ")[1:] {
		lines := strings.Split(strings.TrimSpace(night), "\n")
		_, code, _ := strings.Cut(lines[0], ": exit ")
		if at := slices.Index(worst, code); at > gravest || at == gravest && code == "0" {
			gravest, row.exit, row.page = at, code, strings.Join(lines[1:], "\n")
		} else if at < 0 {
			t.Errorf("%s: exit code %s has no place among the codes", row.name, code)
		}
	}
	return row
}

// faultPage shortens what the page has for the table: its first line, the cause, and the first thing to do.
func faultPage(page string) string {
	var list []string
	for _, line := range strings.Split(page, "\n") {
		if len(list) == 0 || strings.HasPrefix(line, "wrong: ") || strings.HasPrefix(line, "do: ") && len(list) < 2 {
			line = strings.TrimPrefix(strings.TrimPrefix(line, "wrong: "), "do: ")
			list = append(list, line)
		}
	}
	return strings.ReplaceAll(strings.Join(list, " — "), "|", `\|`)
}

// TestFaultsDocument: docs/faults.md is what the folders' tests want.
func TestFaultsDocument(t *testing.T) {
	const path = "../../docs/faults.md"
	dirs, err := filepath.Glob("../../fixtures/faults/*/about.txt")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# What goes wrong, and what then\n\nMade from [the tests](../fixtures/faults/README.md) by `make docs`: each " +
		"line is a night that a test runs. The exit code is that of the\nnight that shows the fault; the page is what " +
		"`out/tonight.html`, and the night's own page behind it, show first.\n\n" +
		"| fault | what the others get | exit | the page | test |\n|---|---|---|---|---|\n")
	for _, about := range dirs {
		row := readFault(t, filepath.Dir(about))
		fmt.Fprintf(&b, "| %s | %s | %s | %s | `%s` |\n", row.fault, row.others, row.exit, faultPage(row.page), row.name)
	}
	if len(dirs) < 40 {
		t.Errorf("only %d faults have an about.txt", len(dirs))
	}
	entries, err := os.ReadDir("../../fixtures/faults")
	if err != nil {
		t.Fatal(err)
	}
	if folders := len(slices.DeleteFunc(entries, func(e os.DirEntry) bool { return !e.IsDir() })); folders != len(dirs) {
		t.Errorf("%d of %d folders have an about.txt", len(dirs), folders)
	}
	if *updateDocs {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != b.String() {
		t.Error("docs/faults.md is not what the tests want: make docs")
	}
}
