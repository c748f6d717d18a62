package mailing

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/outputs.md")

const outputsFile = "../../docs/outputs.md"

const outputsHead = `# Files for people

This document is made from the code (` + "`make docs`" + `). Each night writes a folder for each region and one for the state below
` + "`out/<snapshot>/`" + `, and one for the registry alone. All files are UTF-8 with CRLF; no cell is a formula to a spreadsheet; a
program that opens them must read every column as text. Lists that people read come as workbooks (` + "`.xlsx`" + `) too, with the same
rows: each cell is text there, so that zeros and long numbers stay as they are when it is opened. Every folder has its part of this document as ` + "`dictionary.csv`" + `.

` + "`manifest.json`" + ` in the folder of a region or the state has the pieces of mail by kind, template, language and region, the range
of their numbers, the rows that are decoys (` + "`reports.mailing.decoys`" + `), and of each file its rows, bytes and SHA-256. Whoever prints
checks it first: ` + "`sha256sum mailing.csv`" + `. The state's ` + "`mailing.csv`" + ` is the mail of all regions and of those who have none: who
mails for the state mails from it, and then from no region's.

Beside each ` + "`mailing.csv`" + ` lie, once the site has said who sends its letters, ` + "`letters.pdf`, `postcards.pdf` and `labels.pdf`" + ` (Avery 5160): the
same pieces with the same numbers, ready for print, in files of at most 5,000 (` + "`letters-1.pdf`" + ` and so on where there are more). What
they say, and in which language, is in [letters.md](letters.md).

A region whose collections are noted (` + "`miic recall collected`" + `) has a folder ` + "`open/`" + ` too: the same lists, but for the summary and the breakdown, of all notices that
nobody has collected, chosen anew that night. Who comes once a week mails from the newest ` + "`open/`" + ` alone: its ` + "`mailing.csv`" + ` and ` + "`letters.pdf`" + ` hold
what is new that night as well. A folder of an older night that names somebody who has opted out since holds ` + "`WITHDRAWN.txt`" + ` and nothing else.
`

// TestOutputsDocument: the document is what the definitions say, and none of them lacks a word.
func TestOutputsDocument(t *testing.T) {
	var b strings.Builder
	b.WriteString(outputsHead)
	for _, folder := range []struct {
		name  string
		lists []*List
	}{{"regions/<region>", regionLists}, {"state", stateLists}, {"registry", registryLists}} {
		fmt.Fprintf(&b, "\n## %s/\n", folder.name)
		lists := folder.lists
		if strings.HasPrefix(folder.name, "regions/") {
			lists = append(slices.Clone(lists), &counties, &outside)
		}
		for _, l := range lists {
			if l.Doc == "" || len(l.Columns) == 0 {
				t.Errorf("%s is not described", l.Name)
			}
			if l == &counties || l == &outside {
				fmt.Fprintf(&b, "\n### %s\n\n%s Columns as in recall.csv; only where the entry has `cuts:` ([recipients.md](recipients.md)).\n", l.Name, l.Doc)
				continue
			}
			if folder.name != "regions/<region>" && l != &withheld {
				fmt.Fprintf(&b, "\n%s: as of a region.\n", l.Name)
				continue
			}
			fmt.Fprintf(&b, "\n### %s\n\n%s\n\n| column | meaning |\n|---|---|\n", l.Name, l.meaning())
			seen := map[string]bool{}
			for _, c := range l.Columns {
				if c.Doc == "" || seen[c.Name] || strings.ToLower(c.Name) != c.Name {
					t.Errorf("%s: column %q is not described, or there twice", l.Name, c.Name)
				}
				seen[c.Name] = true
				fmt.Fprintf(&b, "| `%s` | %s |\n", c.Name, c.Doc)
			}
		}
	}
	if *update {
		if err := os.WriteFile(outputsFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(outputsFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Error("docs/outputs.md is not what reports/mailing says: run make docs")
	}
}
